"""R3: a stream that is cut, wherever it is, is an error for the client and in the row; never a clean end, never a success.

Twice: every recorded stream over an in-memory upstream (`cuts` says where), and three streams over real sockets, with RST, FIN and an orderly
end of the transfer coding in turn. The one allowance: when nothing is missing but line ends after a whole terminal event, either verdict may
be given, as long as the client and the row agree.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

import pytest
from tests.e2e.dialects import ends_well, ends_with_error
from tests.exchange.kit import Door, Heard, release_for
from tests.upstream import Upstream, cut, fixtures, split_events
from tests.upstream.fixtures import Fixture
from tests.upstream.steps import Ending

from gateway.upstream import faults

# `failed` is a failure as the upstream tells it; its end is no good one.
ALL = [*fixtures.load(), *fixtures.load_gemini()]
STREAMS = [fixture for fixture in ALL if fixture.stream and fixture.name != "openai_responses/failed"]
PREFIX = {"openai_chat": "chat", "openai_responses": "responses", "anthropic_messages": "claude", "gemini": "gemini"}
# Texts and tools are cut at every offset, line ends of the other kind as well. Other cases are made of the same lines: each line's two ends, the
# last bytes, and one offset in so many between.
EVERY = {"text", "tools", "two_choices_crlf"}
BETWEEN = 17
ENDINGS: tuple[Ending, ...] = ("reset", "close", "clean")
# No multiple of the endings, so that each of them comes in turn.
SOCKETS = 5


class CutAnswer:
    """`UpstreamAnswer` that gives the first bytes of a stream and then breaks, or ends in order."""

    status = 200
    headers = ((b"content-type", b"text/event-stream"),)

    def __init__(self, data: bytes, orderly: bool) -> None:
        self._data = data
        self._orderly = orderly

    async def chunk(self) -> bytes | None:
        """See `UpstreamAnswer.chunk`."""
        data, self._data = self._data, b""
        if data:
            return data
        if self._orderly:
            return None
        raise faults.Broken("The provider's connection broke off in the middle of its answer.")

    async def __aenter__(self) -> CutAnswer:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class CutUpstream:
    """`UpstreamClient` whose next answer is set by the test."""

    answer: CutAnswer

    def open(self, request: Any) -> Any:
        """See `UpstreamClient.open`."""
        return self.answer


def model(fixture: Fixture) -> str:
    return f"{PREFIX[fixture.dialect]}-model"


def asked(fixture: Fixture) -> dict[str, Any]:
    return fixture.asked(True, model(fixture))


def terminal_end(fixture: Fixture) -> int:
    """Offset behind the last byte of the terminal event's data: from there on only line ends follow (in Gemini's, perhaps usage)."""
    assert fixture.stream is not None
    if fixture.dialect == "gemini":
        whole = b""
        for event in split_events(fixture.stream):
            whole += event
            if ends_well("gemini", whole):
                break
        return len(whole.rstrip(b"\r\n"))
    return len(fixture.stream.rstrip(b"\r\n"))


def verdict(fixture: Fixture, at: int, answer: Heard, error: str | None) -> str | None:
    """What is wrong with the outcome of a cut after `at` bytes, or None."""
    prefix = PREFIX[fixture.dialect]
    failed = answer.status >= 500 or ends_with_error(prefix, answer.body)
    clean = answer.status == 200 and ends_well(prefix, answer.body + b"\n\n") and not failed
    if failed == clean or failed != bool(error):
        return f"at {at}: status {answer.status}, error {error}, end {answer.body[-120:]!r}"
    if clean and at < terminal_end(fixture):
        return f"at {at}: taken for complete"
    assert fixture.stream is not None
    if answer.status == 200 and failed and not fixture.stream.startswith(without_error(answer.body)):
        return f"at {at}: bytes that the upstream never sent"
    return None


def without_error(body: bytes) -> bytes:
    """The relayed part of a stream that ends with our error event."""
    at = body.rfind(b"event: error\n")  # in Responses an event of failure follows it
    at = at if at >= 0 else body.rfind(b'data: {"error"')
    return body[:at]


async def ask(fixture: Fixture, door: Door, at: int) -> str | None:
    answer = await door.ask("POST", fixture.target(True, model(fixture)), asked(fixture))
    assert answer.ended
    error = door.row.error
    door.logs.rows.clear()
    return verdict(fixture, at, answer, error)


async def outcome_of(fixture: Fixture, door: Door, upstream: CutUpstream, at: int, orderly: bool) -> str | None:
    assert fixture.stream is not None
    upstream.answer = CutAnswer(fixture.stream[:at], orderly)
    return await ask(fixture, door, at)


def cuts(fixture: Fixture) -> list[tuple[int, bool]]:
    """Offsets to cut at, and whether the stream then ends in order."""
    stream = fixture.stream
    assert stream is not None
    # Events of Responses repeat the whole answer, so that its streams are long.
    every = fixture.case in EVERY and fixture.dialect != "openai_responses"
    ends = {at + by for at, byte in enumerate(stream) if byte in b"\r\n" for by in (0, 1)}
    offsets = {*range(0, len(stream), 1 if every else BETWEEN), *ends, *range(len(stream) - 20, len(stream))}
    both = every and len(stream) < 1200
    return [
        (at, orderly)
        for at in sorted(offsets & {*range(len(stream))})
        for orderly in (False, True)
        if both or at % 2 == orderly
    ]


@pytest.mark.parametrize("fixture", STREAMS, ids=lambda fixture: fixture.name)
async def test_recorded_streams_cut_at_their_offsets(fixture: Fixture) -> None:
    upstream = CutUpstream()
    door = Door(release_for("http://127.0.0.1:9"), upstream=upstream)
    outcome = [await outcome_of(fixture, door, upstream, at, orderly) for at, orderly in cuts(fixture)]
    found = [item for item in outcome if item]
    print(f"\nR3 {fixture.name}: {len(outcome) - len(found)}/{len(outcome)} cuts end in an error")
    assert not found, (len(found), found[:3])


async def cut_over_sockets(fixture: Fixture, door: Door, upstream: Upstream) -> list[str | None]:
    assert fixture.stream is not None
    outcome = []
    for at in range(0, len(fixture.stream), SOCKETS):
        upstream.rules.clear()
        upstream.journal.clear()
        upstream.add(cut(fixture.stream, at, ENDINGS[at % len(ENDINGS)]), method="POST")
        outcome.append(await ask(fixture, door, at))
    return outcome


@pytest.mark.parametrize("name", ["openai_chat/text", "anthropic_messages/text", "gemini/text"])
async def test_cuts_over_real_sockets(name: str) -> None:
    fixture = fixtures.by_name(name)
    async with Upstream() as upstream:
        wrong = await cut_over_sockets(fixture, Door(release_for(upstream.url)), upstream)
    found = [item for item in wrong if item]
    print(f"\nR3 {fixture.name} over sockets: {len(wrong) - len(found)}/{len(wrong)} offsets end in an error")
    assert not found, (len(found), found[:3])


@pytest.mark.parametrize("fixture", STREAMS, ids=lambda fixture: fixture.name)
async def test_uncut_streams_are_successes(fixture: Fixture) -> None:
    """The control: the same machinery says success when nothing is missing."""
    assert fixture.stream is not None
    upstream = CutUpstream()
    door = Door(release_for("http://127.0.0.1:9"), upstream=upstream)
    upstream.answer = CutAnswer(fixture.stream, True)
    answer = await door.ask("POST", fixture.target(True, model(fixture)), asked(fixture))
    assert (answer.status, answer.body, door.row.error) == (200, fixture.stream, None)
