"""Translated streams in pieces: the size of the pieces changes nothing, and a cut never looks like a good end."""

from __future__ import annotations

import functools

import orjson
import pytest
from tests.wire.matrix import pairs

from gateway.neutral.blocks import ToolCall
from gateway.neutral.losses import Loss
from gateway.neutral.response import Event, Failed, Finished
from gateway.wire.translation import Translator

CASES = ("text", "tools", "thinking")
# As each dialect calls them.
NAMES = {"thinking": ("thinking", "reasoning", "reasoning_encrypted", "thinking_signature")}
CUT = Failed("The provider's stream ended before it was complete.", code="upstream_cut")


def found(dialect: str, case: str) -> str:
    return next(name for name in NAMES.get(case, (case,)) if name in pairs.answers(dialect))


@pytest.mark.parametrize(("dialect", "client"), pairs.ANSWERING)
def test_pieces_of_any_size_give_the_same_bytes(dialect: str, client: str) -> None:
    for case in pairs.answers(dialect):
        data = pairs.stream(dialect, case)
        whole, losses = told(dialect, client, data, len(data))
        for size in (1, 7, 100):
            assert told(dialect, client, data, size) == (whole, losses), (case, size)


def told(dialect: str, client: str, data: bytes, size: int) -> tuple[bytes, list[Loss]]:
    """What the client gets when the upstream's bytes come in pieces of this size; a failure is told in the stream."""
    translation = pairs.translator(dialect, client)
    out = b"".join(translation.feed(data[at : at + size]) for at in range(0, len(data), size)) + translation.close()
    if translation.failed is not None:
        out += translation.fail(translation.failed)
    return out, translation.losses


@functools.cache
def cuts(dialect: str, case: str) -> list[tuple[tuple[Event, ...], int]]:
    """What the decoder gives for each possible cut, and at how many offsets: its events, those of `close` included.

    What follows the decoder sees events alone, so cuts of equal events need to be told once.
    """
    data = pairs.stream(dialect, case)
    told: dict[str, int] = {}
    events: dict[str, tuple[Event, ...]] = {}
    decoder, fed = pairs.known(dialect).decoder("seed"), []
    for offset in range(len(data)):
        fed += decoder.feed(data[offset - 1 : offset]) if offset else []
        other = pairs.known(dialect).decoder("seed")
        last = [*other.feed(data[:offset]), *other.close()]
        name = repr(last)
        events[name] = tuple(last)
        told[name] = told.get(name, 0) + 1
        assert last[: len(fed)] == fed  # byte by byte, a decoder says what it says at once
    return [(events[name], count) for name, count in told.items()]


class _Told:
    """A decoder that has decoded already."""

    may_end = False

    def __init__(self, events: tuple[Event, ...]) -> None:
        self._events = events

    def feed(self, chunk: bytes) -> list[Event]:
        return [one for one in self._events if not isinstance(one, Failed)]

    def close(self) -> list[Event]:
        return [one for one in self._events if isinstance(one, Failed)]


@pytest.mark.parametrize(("dialect", "client"), pairs.ANSWERING)
def test_a_cut_never_looks_like_a_good_end(dialect: str, client: str) -> None:
    encoder = pairs.known(client).encoder
    assert encoder is not None
    count = 0
    for case in CASES:
        for events, offsets in cuts(dialect, found(dialect, case)):
            translation = Translator(_Told(events), encoder(pairs.context(client)))
            told = translation.feed(b"") + translation.close()
            if translation.finished:
                assert isinstance(events[-1], Finished)
                continue
            read = pairs.collected(client, told)
            assert not read.finished, case
            read = pairs.collected(client, told + translation.fail(CUT))
            assert not read.finished, case
            assert read.failed is not None
            count += offsets
    print(f"{dialect} > {client}: {count} cuts")
    assert count > 1000


@pytest.mark.parametrize("dialect", sorted({dialect for dialect, _ in pairs.ANSWERING}))
def test_only_the_last_event_ends_a_stream_well(dialect: str) -> None:
    """A decoder is finished by nothing but the terminal event: at the earliest when its first byte has come."""
    for case in CASES:
        data = pairs.stream(dialect, found(dialect, case))
        finished = sum(
            count for events, count in cuts(dialect, found(dialect, case)) if isinstance(events[-1], Finished)
        )
        assert finished < _last_event(dialect, data), case


def _last_event(dialect: str, data: bytes) -> int:
    """How many bytes the last event has, behind whose beginning a stream may be complete."""
    if dialect == "bedrock_converse":
        return int.from_bytes(pairs.last_frame(data)[:4])
    if dialect == "openai_chat":
        return len(data) - data.rindex(b"data: [DONE]")
    return len(data.rstrip()) - max(data.rstrip().rfind(b"\n\n"), data.rstrip().rfind(b"\r\n\r\n")) + 4


def _chunk(**delta: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return b"data: " + orjson.dumps({"id": "c", "model": "m", "choices": [choice]}) + b"\n\n"


def _call(index: int, arguments: str, **first: object) -> bytes:
    return _chunk(tool_calls=[{"index": index, **first, "function": {"arguments": arguments, **first}}])


@pytest.mark.parametrize("client", [client for dialect, client in pairs.ANSWERING if dialect == "openai_chat"])
@pytest.mark.parametrize("second", ["call_2", "call_1"])
def test_calls_whose_pieces_interleave_arrive_whole(client: str, second: str) -> None:
    """Some servers mix the fragments of parallel calls, and some give both the same id."""
    data = b"".join(
        [
            _chunk(role="assistant", content="Hm."),
            _call(0, "", id="call_1", name="f"),
            _call(1, "", id=second, name="g"),
            *(_call(index, piece) for piece in ('{"a"', ": ", "1}") for index in (0, 1)),
            b'data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n',
        ]
    )
    out, _ = told("openai_chat", client, data, 40)
    read = pairs.collected(client, out)
    assert read.finished
    calls = [block for block in read.response().choices[0].blocks if isinstance(block, ToolCall)]
    assert [(call.name, orjson.loads(call.arguments)) for call in calls] == [("f", {"a": 1}), ("g", {"a": 1})]
    assert len({call.id for call in calls}) == 2


@pytest.mark.parametrize("client", sorted({client for _, client in pairs.ANSWERING}))
def test_pings_anywhere_say_nothing(client: str) -> None:
    """Before the first event, between any two, and behind a failure's: the client reads what it would have read without."""
    dialect = next(one for one, other in pairs.ANSWERING if other == client)
    data = pairs.stream(dialect, "tools")
    quiet, _ = told(dialect, client, data, len(data))
    translation = pairs.translator(dialect, client)
    out = [translation.ping(), translation.ping()]
    for at in range(0, len(data), 50):
        out += [translation.feed(data[at : at + 50]), b"" if translation.finished else translation.ping()]
    assert b"".join(out) != quiet
    assert pairs.collected(client, b"".join(out)).response() == pairs.collected(client, quiet).response()
    translation = pairs.translator(dialect, client)
    failed = pairs.collected(client, translation.ping() + translation.fail(CUT)).failed
    assert failed is not None
    assert failed.message == CUT.message
