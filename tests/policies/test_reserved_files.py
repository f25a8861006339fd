"""What is held for files, for text that the estimate passes over, and for a tier that is the account's choice."""

from __future__ import annotations

from typing import Any

import pytest
from tests.policies.test_reservation import Way

from gateway.catalog.attached import Attached
from gateway.neutral.config import Price
from gateway.policies.reservation import UNKNOWN_WINDOW, Size, input_bound, most_input, service_asked, worst_case

M = 1_000_000
WAY: Any = Way(Price(M, 2 * M))
TEXT = input_bound(100)
NOTHING = Attached()


def most(attached: Attached = NOTHING, raw: int = 0, estimate: int = 100) -> int:
    return most_input(Size(estimate, 16, attached=attached, raw=raw), WAY)


def test_what_lies_elsewhere_holds_the_window() -> None:
    assert most(Attached(elsewhere=True)) == UNKNOWN_WINDOW
    assert most(Attached(elsewhere=True, carried=999)) == UNKNOWN_WINDOW


def test_what_a_body_carries_holds_its_bound_and_no_more_than_the_window() -> None:
    assert most(Attached(carried=5_000, data=5_000)) == TEXT + 5_000
    assert most(Attached(carried=10**7, data=10**7)) == UNKNOWN_WINDOW


def test_a_text_beyond_the_window_stays_as_it_is() -> None:
    assert most(Attached(carried=5), estimate=10**6) == input_bound(10**6)


def test_pictures_hold_their_bound_in_place_of_the_estimate_and_beyond_the_window() -> None:
    assert most(Attached(pictures=3, estimated=60)) == input_bound(40) + 3 * 2_000
    assert most(Attached(pictures=1_000)) == TEXT + 2_000_000


def test_what_the_estimate_passes_over_is_held_too() -> None:
    assert most(raw=700_000) == 200_000
    assert most(Attached(data=699_999), raw=700_000) == TEXT
    assert most(Attached(data=9), raw=3) == TEXT


def test_the_least_is_never_more_than_the_most() -> None:
    size = Size(5_000, 16, attached=Attached(pictures=1, estimated=5_000))
    worst = worst_case(size, [WAY])
    assert worst.known_tokens <= worst.tokens


TIERED: Any = Way(Price(M, 2 * M, priority=Price(3 * M, 5 * M), flex=Price(500_000, M)))


@pytest.mark.parametrize(("service", "each"), [("", 1_000), ("auto", 3_000), ("priority", 3_000), ("flex", 1_000)])
def test_an_account_may_make_auto_the_dearest_tier(service: str, each: int) -> None:
    output = {1_000: 2_000, 3_000: 5_000}[each]
    assert worst_case(Size(100, 16, service=service), [TIERED]).nano == TEXT * each + 16 * output


def test_at_least_it_costs_the_cheapest_tier() -> None:
    assert worst_case(Size(100, 16, service="auto"), [TIERED]).known_nano == 100 * 500


def test_a_price_list_without_tiers_has_one_price() -> None:
    assert worst_case(Size(100, 16, service="auto"), [WAY]) == worst_case(Size(100, 16), [WAY])


@pytest.mark.parametrize(
    ("tier", "said"),
    [("priority", "priority"), ("FLEX", "flex"), ("Auto", "auto"), ("default", ""), (None, ""), (7, ""), ("scale", "")],
)
@pytest.mark.parametrize("name", ["service_tier", "serviceTier"])
def test_service_tiers(name: str, tier: Any, said: str) -> None:
    assert service_asked({name: tier}) == said
