"""Every client's questions at every upstream of another dialect: what is lost is what was reviewed, and nothing is lost silently."""

from __future__ import annotations

import pytest
from tests.wire.matrix import ledger, pairs

KEPT = ledger.kept()


@pytest.mark.parametrize(("client", "upstream"), pairs.ASKING)
def test_losses_are_those_of_the_ledger(client: str, upstream: str) -> None:
    """On a difference: is it right? Then `python -m tests.wire.matrix.ledger`, and review the diff."""
    assert ledger.requests(client, upstream) == KEPT["requests"].get(ledger.name(client, upstream))


@pytest.mark.parametrize(("client", "upstream"), pairs.ASKING)
def test_nothing_is_lost_silently(client: str, upstream: str) -> None:
    silent = {case: pairs.ask(client, upstream, case).silent for case in pairs.QUESTIONS[client]}
    assert {case: found for case, found in silent.items() if found} == {}


@pytest.mark.parametrize("client", [client for client in pairs.QUESTIONS if client in pairs.BUILT])
def test_a_request_survives_its_own_codec(client: str) -> None:
    """Decoded and encoded in one dialect: the same statements, for an upstream that takes everything, but for what a loss tells."""
    for case in pairs.QUESTIONS[client]:
        assert pairs.ask_own(client, case).silent == (), case


def test_the_ledger_speaks_of_these_pairs_alone() -> None:
    assert set(KEPT["requests"]) == {ledger.name(*pair) for pair in pairs.ASKING}
    assert set(KEPT["answers"]) == set(KEPT["streams"]) == {ledger.name(*pair) for pair in pairs.ANSWERING}


def test_every_dialect_asks_enough() -> None:
    assert all(len(cases) >= 25 for cases in pairs.QUESTIONS.values())
