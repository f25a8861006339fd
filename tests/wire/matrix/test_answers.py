"""Every upstream's answers for every client of another dialect, whole and streamed."""

from __future__ import annotations

import pytest
from tests.wire.matrix import ledger, pairs

KEPT = ledger.kept()
KINDS = tuple(f"choice 0 {kind}" for kind in ("text", "refusal", "thinking", "call"))


@pytest.mark.parametrize(("dialect", "client"), pairs.ANSWERING)
def test_whole_answers_lose_what_the_ledger_says(dialect: str, client: str) -> None:
    assert ledger.answers(dialect, client) == KEPT["answers"].get(ledger.name(dialect, client))


@pytest.mark.parametrize(("dialect", "client"), pairs.ANSWERING)
def test_streams_lose_what_the_ledger_says(dialect: str, client: str) -> None:
    assert ledger.streams(dialect, client) == KEPT["streams"].get(ledger.name(dialect, client))


@pytest.mark.parametrize(("dialect", "client"), pairs.ANSWERING)
def test_words_and_calls_arrive_whole(dialect: str, client: str) -> None:
    """Whatever the ledger says: text, thoughts and calls of the first choice are never lost or doubled."""
    for case in pairs.answers(dialect):
        for judge in (pairs.answer, pairs.answer_stream):
            changed = [change for change in judge(dialect, client, case).changes if change[2:].startswith(KINDS)]
            assert pairs.joined(changed, "-") == pairs.joined(changed, "+"), (case, judge.__name__)
