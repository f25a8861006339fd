"""Every fixture, read whole and as a stream, cut anywhere, written again, and judged by Google's own types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from google.genai import types
from tests.wire.gemini.cases import CASES, Case, case, choice_blocks, context, fed

from gateway.neutral.blocks import Block, Media, Opaque, Text, Thinking, ToolCall
from gateway.neutral.response import BlockDelta, ChoiceEnd, Event, Failed, Finished, Started
from gateway.wire.codec import Upstream
from gateway.wire.gemini import response
from gateway.wire.gemini.array import ArrayStream
from gateway.wire.gemini.codec import CODEC
from gateway.wire.gemini.request_decode import decode
from gateway.wire.gemini.stream import GeminiRelay
from gateway.wire.gemini.stream_decode import GeminiDecoder
from gateway.wire.gemini.stream_encode import GeminiEncoder

each = pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
# Members that nobody but the fixture knows: Google's types forbid them.
INVENTED = ("newTop", "newCandidateField")


def told(blocks: tuple[Block, ...]) -> dict[str, Any]:
    """The blocks in the words of an expected.json."""
    found: dict[str, Any] = {}
    text = "".join(block.text for block in blocks if isinstance(block, Text))
    thinking = "".join(block.text for block in blocks if isinstance(block, Thinking))
    calls = [block for block in blocks if isinstance(block, ToolCall)]
    signatures = [block.signature.data for block in blocks if isinstance(block, Thinking) and block.signature]
    found |= {"text": text} if text else {}
    found |= {"thinking": thinking} if thinking else {}
    found |= {"signature": signatures[0]} if signatures else {}
    found |= (
        {"tools": [{"name": call.name, "arguments": orjson.loads(call.arguments)} for call in calls]} if calls else {}
    )
    signed = [call.signature.data for call in calls if call.signature]
    found |= {"call_signature": signed[0]} if signed else {}
    media = [block.media_type for block in blocks if isinstance(block, Media)]
    found |= {"media": media[0]} if media else {}
    opaque = [block.type for block in blocks if isinstance(block, Opaque)]
    found |= {"opaque": opaque} if opaque else {}
    probabilities = [token for block in blocks if isinstance(block, Text) for token in block.logprobs or ()]
    found |= {"logprobs": [[one.token, one.logprob, len(one.top)] for one in probabilities]} if probabilities else {}
    return found


def wanted(one: Case) -> dict[str, Any]:
    return {name: value for name, value in one.expected.items() if name not in ("finish", "usage")}


@each
def test_a_whole_answer(one: Case) -> None:
    answer = CODEC.decode_response(one.response, "seed")
    assert told(answer.choices[0].blocks) == wanted(one)
    stop = answer.choices[0].stop
    assert stop is not None
    assert stop.raw == one.expected["finish"]
    assert (stop.reason == "tool_call") == ("tools" in one.expected)
    usage = answer.usage
    assert usage is not None
    assert {name: getattr(usage, name) for name in one.expected["usage"]} == one.expected["usage"]
    assert answer.model == "gemini-2.5-flash"
    assert answer.id == one.response["responseId"]


@each
@pytest.mark.parametrize("step", [1, 7, 1_000_000])
def test_a_stream_says_the_same_however_it_is_cut(one: Case, step: int) -> None:
    events = fed(one.stream, step)
    whole = CODEC.decode_response(one.response, "seed")
    assert isinstance(events[0], Started)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.usage == whole.usage
    for index, choice in enumerate(whole.choices):
        assert told(choice_blocks(events, index)) == told(choice.blocks)
        assert next(end.stop for end in events if isinstance(end, ChoiceEnd) and end.choice == index) == choice.stop


@each
def test_a_stream_cut_at_any_offset_ends_well_only_when_it_is_whole(one: Case) -> None:
    """Behind the last reason to end the stream may end; before it, it was cut, and one Failed says so."""
    good = [offset for offset in range(len(one.stream)) if _ends_well(one.stream[:offset])]
    complete = len(one.stream.rstrip())
    assert good == list(range(complete, len(one.stream)))


def _ends_well(data: bytes) -> bool:
    decoder = GeminiDecoder("seed")
    events = [*decoder.feed(data), *decoder.close()]
    assert decoder.feed(b"data: {}\n\n") == decoder.close() == []
    failures = [event for event in events if isinstance(event, Failed)]
    good = isinstance(events[-1], Finished)
    assert len(failures) == (0 if good else 1)
    assert isinstance(events[-1], Failed | Finished)
    return good


@each
def test_the_relay_agrees_with_the_decoder(one: Case) -> None:
    relay = GeminiRelay()
    assert relay.feed(one.stream) + relay.close() == one.stream
    end = relay.end()
    assert end.finished
    assert end.error is None
    assert end.usage == CODEC.decode_response(one.response, "").usage == response.usage(one.response)
    assert one.expected.get("text", "") in response.text(one.response)


@each
def test_the_array_form_holds_every_chunk(one: Case) -> None:
    array = ArrayStream()
    data = array.feed(one.stream) + array.close()
    chunks = [orjson.loads(event.removeprefix(b"data: ")) for event in _events(one.stream)]
    assert orjson.loads(data) == chunks


def _events(stream: bytes) -> list[bytes]:
    return [line for line in stream.replace(b"\r\n", b"\n").split(b"\n\n") if line]


def _known(body: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in body.items() if name not in INVENTED}
    if "candidates" in found:
        found["candidates"] = [
            {name: value for name, value in candidate.items() if name not in INVENTED}
            for candidate in found["candidates"]
        ]
    return found


def _through_google(body: dict[str, Any]) -> Any:
    """What Google's own types make of an answer, written again."""
    read = types.GenerateContentResponse.model_validate(body).model_dump(by_alias=True, exclude_unset=True, mode="json")
    return _standard(read)


def _standard(value: Any) -> Any:
    """Google's types write base64 in the other alphabet."""
    if isinstance(value, list):
        return [_standard(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: one.replace("-", "+").replace("_", "/")
        if name in ("data", "thoughtSignature") and isinstance(one, str)
        else _standard(one)
        for name, one in value.items()
    }


@each
def test_fixtures_are_what_google_writes(one: Case) -> None:
    assert _through_google(_known(one.response)) == _known(one.response)


@each
def test_written_answers_are_what_google_reads(one: Case) -> None:
    """Decoded, encoded, and read by Google's types; nothing is lost but the upstream's own names."""
    assert CODEC.encode_response is not None
    body, losses = CODEC.encode_response(CODEC.decode_response(one.response, "seed"), context())
    assert losses == ()
    body = orjson.loads(orjson.dumps(body))
    assert _through_google(_known(body)) == _known(body)
    again = CODEC.decode_response(body, "seed")
    first = CODEC.decode_response(one.response, "seed")
    assert [told(choice.blocks) for choice in again.choices] == [told(choice.blocks) for choice in first.choices]
    assert again.usage == first.usage
    assert again.model == "public-model"
    assert again.created == 1_700_000_000
    for name in ("groundingMetadata", "newCandidateField"):
        for ours, theirs in zip(body.get("candidates", []), one.response.get("candidates", []), strict=False):
            assert ours.get(name) == theirs.get(name)


@each
def test_written_streams_say_what_was_read(one: Case) -> None:
    """Decoder, encoder, decoder: the same blocks, ends and usage; and every chunk is Google's."""
    events = _ordered(fed(one.stream, 50))
    encoder = GeminiEncoder(context())
    data = b"".join(encoder.feed(event) for event in events)
    assert encoder.losses == []
    again = fed(data, 10_000)
    last, first = again[-1], events[-1]
    assert isinstance(last, Finished)
    assert isinstance(first, Finished)
    assert last.usage == first.usage
    ends = [event for event in events if isinstance(event, ChoiceEnd)]
    for end in ends:
        assert told(choice_blocks(again, end.choice)) == told(choice_blocks(events, end.choice))
    for event in _events(data):
        chunk = orjson.loads(event.removeprefix(b"data: "))
        assert chunk["candidates"][0]["content"]["parts"], "a chunk without parts is an invalid turn for SDKs"
        assert _through_google(_known(chunk)) == _known(chunk)


def _ordered(events: list[Event]) -> list[Event]:
    """Blocks of different choices may overlap, so nothing has to be put in order here."""
    assert not any(isinstance(event, BlockDelta) and not event.text for event in events)
    return events


@each
def test_requests_survive_decoding_and_encoding(one: Case) -> None:
    """What was decoded, encoded and decoded again is the same request."""
    first = decode(one.request, model="m", stream=True)
    known = frozenset(["thinking_level"]) if one.name == "snake_case" else None
    encoded = CODEC.encode_request(first, Upstream("m", capabilities=known))
    assert encoded.losses == ()
    body = orjson.loads(orjson.dumps(encoded.body))
    second = decode(body, model="m", stream=True)
    assert second.extras == first.extras
    assert [message.blocks for message in second.messages] == _merged(first.messages)
    assert second == _same(first, second)


def _merged(messages: Any) -> list[tuple[Block, ...]]:
    found: list[tuple[str, tuple[Block, ...]]] = []
    for message in messages:
        if found and found[-1][0] == message.role:
            found[-1] = (message.role, (*found[-1][1], *message.blocks))
        else:
            found.append((message.role, message.blocks))
    return [blocks for _, blocks in found]


def _same(first: Any, second: Any) -> Any:
    return replace(first, messages=second.messages)


def test_snake_case_is_read_like_camel_case() -> None:
    request = decode(case("snake_case").request, model="m", stream=False)
    assert (request.top_p, request.top_k, request.max_output_tokens, request.stop) == (0.9, 40, 20, ("x",))
    assert request.tool_choice is not None
    assert request.tool_choice.names == ("draw",)
    assert request.reasoning is not None
    assert (request.reasoning.effort, request.reasoning.visible) == ("low", True)
    assert [type(tool).__name__ for tool in request.tools or ()] == ["Tool", "HostedTool"]
    assert [message.role for message in request.messages] == ["system", "user"]
