"""What the health board is told of a call."""

from __future__ import annotations

import pytest
from tests.routing.courses import candidate

from gateway.neutral.config import UpstreamKey
from gateway.neutral.health import KeySeen, TargetSeen
from gateway.routing.attempts import Outcome, Try
from gateway.routing.effects import effects

NOW = 1_800_000_000_000
KEYED = candidate("a/m", ["a1"])
KEY: UpstreamKey = KEYED.keys[0]
MADE = Try(KEYED, KEY, 0.0, 1, "first")


def test_a_success_is_told_with_its_time() -> None:
    assert effects(MADE, Outcome(200, None, content=True), NOW, 123.5) == [TargetSeen("a", "m", True, NOW, 123.5)]


@pytest.mark.parametrize(
    ("outcome", "ok", "fault"),
    [
        (Outcome(503, "upstream_status"), False, "503"),
        (Outcome(529, "in_band_error"), False, "529"),
        (Outcome(200, "upstream_cut", content=True), False, "upstream_cut"),
        (Outcome(None, "upstream_dns"), False, "upstream_dns"),
        (Outcome(422, None), None, "422"),
        (Outcome(404, None), None, "404"),
        (Outcome(409, None), None, "409"),
        (Outcome(200, "client_gone", content=True), None, "client_gone"),
    ],
)
def test_only_faults_of_the_provider_count(outcome: Outcome, ok: bool | None, fault: str) -> None:
    assert effects(MADE, outcome, NOW) == [TargetSeen("a", "m", ok, NOW, None, fault)]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(None, 300), (0.0, 1), (0.25, 1), (1.5, 1.5), (60.0, 60), (3_600.0, 3_600), (86_400.0, 3_600)],
)
def test_a_throttled_key_cools_for_what_the_provider_says(asked: float | None, seconds: float) -> None:
    target, key = effects(MADE, Outcome(429, None, retry_after=asked), NOW)
    assert target == TargetSeen("a", "m", None, NOW, None, "429")
    assert key == KeySeen(KEY, NOW, cooling_until_ms=NOW + int(seconds * 1000), reason="429")


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_refused_key_is_dead_for_half_an_hour(status: int) -> None:
    """Also when a Retry-After came with it: it speaks of requests, not of credentials."""
    _, key = effects(MADE, Outcome(status, "in_band_error", retry_after=5.0), NOW)
    assert key == KeySeen(KEY, NOW, dead_until_ms=NOW + 30 * 60_000, reason=str(status))


def test_without_a_key_only_the_target_is_told_of() -> None:
    local = Try(candidate("a/m"), None, 0.0, 1, "first")
    for status in (401, 429):
        assert [type(one) for one in effects(local, Outcome(status, None), NOW)] == [TargetSeen]


@pytest.mark.parametrize(
    "fault", ["cannot_carry", "probe_taken", "key_unreadable", "provider_unavailable", "unsafe_url"]
)
def test_what_was_no_call_tells_nothing(fault: str) -> None:
    assert effects(MADE, Outcome(None, fault), NOW) == []


def test_a_probe_that_was_won_is_told_of_in_any_case() -> None:
    """Else the half-open breaker would wait for a call that was never made."""
    seen = effects(MADE, Outcome(None, "cannot_carry"), NOW, None, "req_1")
    assert seen == [TargetSeen("a", "m", None, NOW, None, "cannot_carry", "req_1")]
    assert effects(MADE, Outcome(200, None), NOW, 5.0, "req_1") == [TargetSeen("a", "m", True, NOW, 5.0, None, "req_1")]
