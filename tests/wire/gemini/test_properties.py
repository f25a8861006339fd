"""What holds for every answer and every request."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import Any

import orjson
import pytest
from google.genai import types
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.neutral.grammar import complaint
from tests.neutral.streams import legal_streams, responses
from tests.wire.gemini.cases import CASES, Case, choice_blocks, context, fed

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import Block, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.collect import replay
from gateway.neutral.request import Message, Request
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockSignature,
    BlockStart,
    Choice,
    ChoiceEnd,
    Event,
    Finished,
    Response,
    Stop,
)
from gateway.neutral.sequence import Sequencer
from gateway.neutral.usage import Usage
from gateway.wire.codec import Upstream
from gateway.wire.gemini.codec import CODEC
from gateway.wire.gemini.request_decode import decode
from gateway.wire.gemini.stream import GeminiRelay
from gateway.wire.gemini.stream_decode import GeminiDecoder
from gateway.wire.gemini.stream_encode import GeminiEncoder
from gateway.wire.signatures import belongs, seal

fast = settings(max_examples=60, deadline=None)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
base64s = st.binary(min_size=3, max_size=9).map(lambda data: b64encode(data).decode())
signatures = st.builds(Signature, st.sampled_from(["gemini", "anthropic_messages", "openai_responses"]), base64s)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words,
    lambda one: st.dictionaries(words, one, max_size=3),
    max_leaves=4,
)
objects = st.dictionaries(words, values, max_size=3).map(lambda value: orjson.dumps(value).decode())
calls = st.builds(ToolCall, words, st.sampled_from(["f", "g"]), objects, signature=st.none() | signatures)
thoughts = st.builds(Thinking, words, signatures)
blocks = st.lists(
    st.builds(Text, words) | thoughts | calls,
    max_size=5,
    unique_by=lambda one: one.id if isinstance(one, ToolCall) else object(),
)
usages = st.integers(0, 99).flatmap(
    lambda output: st.builds(
        Usage, *[st.integers(0, 99)] * 4, output=st.just(output), reasoning=st.integers(0, output), source=st.just("upstream")
    )
)  # fmt: skip


def comparable(found: tuple[Block, ...] | list[Block]) -> list[Block]:
    """Texts in a row are one: nothing tells where one ended. A foreign signature is compared in its envelope."""
    result: list[Block] = []
    for block in found:
        last = result[-1] if result else None
        if isinstance(block, Text) and isinstance(last, Text):
            result[-1] = Text(last.text + block.text)
        elif isinstance(block, Thinking | ToolCall) and block.signature is not None:
            result.append(_sealed(block, block.signature))
        else:
            result.append(block)
    return result


def _sealed(block: Any, signature: Signature) -> Block:
    own = belongs(signature, "gemini")
    found: Block = block if own else replace(block, signature=Signature("gemini", seal(signature, "gemini")))
    return found


def normal(found: list[Block]) -> list[Block]:
    return [
        replace(one, arguments=orjson.dumps(orjson.loads(one.arguments)).decode()) if isinstance(one, ToolCall) else one
        for one in found
    ]


def events_of(found: list[Block], cut: int) -> list[Event]:
    events: list[Event] = []
    for index, block in enumerate(found):
        if isinstance(block, ToolCall):
            events += [
                BlockStart(index, ToolCall(block.id, block.name, "")),
                BlockDelta(index, block.arguments[:cut]),
                BlockDelta(index, block.arguments[cut:]),
            ]
        elif isinstance(block, Text | Thinking):
            events += [
                BlockStart(index, type(block)("")),
                BlockDelta(index, block.text[:cut]),
                BlockDelta(index, block.text[cut:]),
            ]
        if isinstance(block, Thinking | ToolCall) and block.signature is not None:
            events.append(BlockSignature(index, block.signature))
        events.append(BlockEnd(index))
    return events


@fast
@given(blocks, usages)
def test_a_whole_answer_survives(found: list[Block], usage: Usage) -> None:
    assert CODEC.encode_response is not None
    body, losses = CODEC.encode_response(Response((Choice(tuple(found), Stop("end")),), usage=usage), context())
    assert losses == ()
    raw = orjson.dumps(body)
    types.GenerateContentResponse.model_validate_json(raw)
    again = CODEC.decode_response(orjson.loads(raw), "seed")
    assert normal(list(again.choices[0].blocks)) == normal(comparable(found))
    assert again.usage is not None
    assert again.usage.input_total == usage.input_total
    assert (again.usage.output, again.usage.reasoning, again.usage.cache_read) == (
        usage.output,
        usage.reasoning,
        usage.cache_read,
    )


@fast
@given(blocks, usages, st.integers(0, 5), st.integers(1, 40))
def test_a_stream_says_what_the_whole_answer_says(found: list[Block], usage: Usage, cut: int, step: int) -> None:
    encoder = GeminiEncoder(context())
    stop = Stop("tool_call" if any(isinstance(one, ToolCall) for one in found) else "end")
    events = [*events_of(found, cut), ChoiceEnd(stop), Finished(usage)]
    data = b"".join(encoder.feed(event) + encoder.ping() for event in events)
    again = fed(data, step)
    assert normal(list(choice_blocks(again))) == normal(comparable(found))
    last = again[-1]
    assert isinstance(last, Finished)
    assert last.usage is not None
    assert last.usage.output == usage.output
    assert next(one.stop for one in again if isinstance(one, ChoiceEnd)) == Stop(stop.reason, raw="STOP")
    relay = GeminiRelay()
    assert relay.feed(data) + relay.close() == data
    assert relay.end().finished


def judged(body: dict[str, Any]) -> None:
    """Google's types forbid members that they do not know: the made-up ones of the strategies are taken out."""

    def named(value: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
        names = {field.alias for field in model.model_fields.values()}
        return {name: one for name, one in value.items() if name in names}

    whole = named(body, types.GenerateContentResponse)
    candidates = [named(one, types.Candidate) for one in whole.get("candidates", [])]
    for candidate in candidates:
        content = candidate["content"]
        candidate["content"] = {**content, "parts": [named(part, types.Part) for part in content["parts"]]}
    types.GenerateContentResponse.model_validate({**whole, "candidates": candidates})


@fast
@given(legal_streams())
def test_every_stream_can_be_written(events: list[Event]) -> None:
    """Each event of ours is a chunk that Google's types read; the end is good exactly when the stream's was."""
    encoder = GeminiEncoder(context())
    data = b"".join(encoder.feed(event) for event in events)
    chunks = [orjson.loads(one.removeprefix(b"data: ")) for one in data.split(b"\n\n") if one]
    good = isinstance(events[-1], Finished)
    assert ("error" in chunks[-1]) != good
    for chunk in chunks if good else chunks[:-1]:
        judged(chunk)
    again = fed(data, 1_000)
    assert isinstance(again[-1], Finished) == good


@fast
@given(responses())
def test_every_answer_can_be_written_whole_and_replayed(answer: Response) -> None:
    """Both forms lose the same."""
    assert CODEC.encode_response is not None
    body, losses = CODEC.encode_response(answer, context())
    judged(orjson.loads(orjson.dumps(body)))
    encoder = GeminiEncoder(context())
    for event in replay(answer):
        encoder.feed(event)
    assert set(encoder.losses) == set(losses)


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
@pytest.mark.parametrize("step", [1, 100_000])
def test_what_the_decoder_gives_is_in_order(one: Case, step: int) -> None:
    sequencer = Sequencer()
    events = [event for given in fed(one.stream, step) for event in sequencer.feed(given)]
    assert complaint(events) is None


@fast
@given(st.binary(max_size=200), st.integers(1, 9))
def test_no_bytes_make_the_decoder_raise(data: bytes, step: int) -> None:
    decoder = GeminiDecoder("s")
    for at in range(0, len(data), step):
        decoder.feed(data[at : at + step])
    decoder.close()


json = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | words, lambda one: st.lists(one, max_size=3) | st.dictionaries(
    st.sampled_from(["candidates", "content", "parts", "text", "functionCall", "args", "name", "usageMetadata", "promptTokenCount", "error", "index",
                     "finishReason", "promptFeedback", "blockReason", "inlineData", "logprobsResult", "chosenCandidates", "thoughtSignature"]),
    one, max_size=4), max_leaves=12)  # fmt: skip


@fast
@given(
    st.dictionaries(
        st.sampled_from(["candidates", "usageMetadata", "promptFeedback", "error", "createTime", "responseId"]),
        json,
        max_size=4,
    )
)
def test_no_json_makes_the_decoder_raise(body: dict[str, Any]) -> None:
    fed(b"data: " + orjson.dumps(body) + b"\n\n", 999)
    relay = GeminiRelay()
    relay.feed(b"data: " + orjson.dumps(body) + b"\n\n")
    relay.close()
    relay.end()


turns = st.lists(st.tuples(words, st.lists(calls, min_size=1, max_size=3)), min_size=1, max_size=3)


@fast
@given(turns)
def test_a_conversation_survives_both_ways(found: list[tuple[str, list[ToolCall]]]) -> None:
    """Text, calls with own signatures and their results, through the encoder and back."""
    messages: list[Message] = []
    for number, (text, made) in enumerate(found):
        named = [ToolCall(f"{number}-{index}", call.name, call.arguments) for index, call in enumerate(made)]
        results = tuple(ToolResult(call.id, (Text(text),), name=call.name) for call in named)
        messages += [
            Message("user", (Text(text),)),
            Message("assistant", tuple(named)),
            Message("user", results),
            Message("assistant", (Text(text),)),
        ]
    body = orjson.loads(orjson.dumps(CODEC.encode_request(Request("gemini", "m", tuple(messages)), Upstream("m")).body))
    again = decode(body, model="m", stream=False)
    assert [normal(list(message.blocks)) for message in again.messages] == [
        normal(list(message.blocks)) for message in messages
    ]


@fast
@given(json)
def test_no_request_makes_anything_else_than_a_refusal(value: Any) -> None:
    for body in (
        {"contents": value},
        {"contents": [{"parts": [value]}]},
        {"contents": [{"parts": [{"text": "x"}]}], "tools": value},
    ):
        try:
            CODEC.encode_request(decode(body, model="m", stream=False), Upstream("m"))
        except InvalidRequest as refusal:
            named = refusal.param
        else:
            named = "none"
        if not named:
            pytest.fail(f"a refusal without a field: {body}")
