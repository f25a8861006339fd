"""RELIABILITY of a stream over several providers: what a client gets is the answer of one of them, whole or a prefix, never a mixture.

Every recorded stream is broken after each of its events, in turn by a reset, an end of the connection and an orderly end. Before content the
second provider's answer must come, whole and alone; after it, a prefix of the first's bytes and the dialect's error.
"""

from __future__ import annotations

from collections import Counter

from tests.exchange import dialects
from tests.exchange.fleet import ROUTE, Door, fleet, provider, release
from tests.upstream import fixtures
from tests.upstream.fixtures import Fixture
from tests.upstream.server import Upstream
from tests.upstream.steps import Ending, cut, events, split_events

BREAKS: tuple[Ending, ...] = ("reset", "close", "clean")
CASES = [case for case in (*fixtures.load(), *fixtures.load_gemini()) if case.stream and case.case != "failed"]
SECOND = {"openai_responses": "gpt-5"}


def _door(upstream: Upstream, dialect: str, first: str) -> Door:
    names = {"a": first, "b": SECOND.get(dialect, "up-b")}
    both = (provider(name, upstream.url, dialect) for name in "ab")
    return fleet(release(*both, upstream_models=names))


async def _break_everywhere(upstream: Upstream, case: Fixture) -> Counter[str]:
    """How often the second provider served whole, and how often a prefix was all there could be."""
    seen: Counter[str] = Counter()
    assert case.stream is not None
    first = "gpt-5-codex" if case.dialect == "openai_responses" else "up-a"
    door = _door(upstream, case.dialect, first)
    target = case.target(stream=True, model=ROUTE)
    asked = case.asked(stream=True, model=ROUTE)
    if case.dialect == "openai_chat":
        asked["stream_options"] = {"include_usage": True}
    other, parts = b"".join(dialects.streamed(case.dialect)), split_events(case.stream)
    for at in range(len(parts)):
        prefix = b"".join(parts[:at])
        upstream.reset()
        upstream.add(cut(case.stream, len(prefix), BREAKS[at % 3]), events(other))
        heard = await door.ask("POST", target, asked)
        row, calls = door.logs.rows[-1], len(upstream.journal)
        seen["whole" if calls == 2 else "prefix"] += 1
        assert heard.ended, (case.name, at)
        if calls == 2:
            assert heard.body == other, (at, heard.body)
            assert (row.error, row.provider) == (None, "b")
        elif row.error is None:
            # Only what follows a terminal event was missing.
            assert dialects.ended_well(case.dialect, heard.body)
            assert heard.body == prefix
        else:
            assert heard.body.startswith(prefix), (at, heard.body)
            rest = heard.body[len(prefix) :]
            assert dialects.ended_badly(case.dialect, heard.body)
            assert len(split_events(rest)) == (2 if case.dialect == "openai_responses" else 1)
            assert row.attempts[0].next == "stop_after_content"
    return seen


async def test_a_broken_stream_is_one_providers_answer(upstream: Upstream) -> None:
    """R4."""
    seen: Counter[str] = Counter()
    for case in CASES:
        found = await _break_everywhere(upstream, case)
        assert found["whole"] >= 1, case.name
        seen += found
    whole, part = seen["whole"], seen["prefix"]
    print(
        f"\nR4: {seen.total()} breaks of {len(CASES)} streams: {whole} served whole by the next, {part} a prefix and an error"
    )
    assert part > 100
