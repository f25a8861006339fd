"""Answers for clients, whole and streamed, judged by openai-python's own types and by what Codex demands."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from openai.types.responses import Response as SdkResponse
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter
from tests.wire.openai_responses.kit import (
    GOOD,
    asked,
    context,
    decoded,
    fixture,
    foreign,
    load,
    parsed,
    read,
    told,
    written,
)

from gateway.neutral.blocks import (
    Block,
    Media,
    Opaque,
    Refusal,
    Signature,
    Text,
    Thinking,
    TokenLogprob,
    ToolCall,
)
from gateway.neutral.request import Request, Tool
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    Choice,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Response,
    Started,
    Stop,
)
from gateway.neutral.usage import Usage
from gateway.wire.openai_responses.codec import CODEC

EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
USAGE = Usage(1, 2, 3, 4, 10, 6, "upstream")


def strict(value: dict[str, Any]) -> dict[str, Any]:
    """The response object as the SDK reads it, nothing coerced and nothing unknown lost."""
    found = SdkResponse.model_validate(value, strict=True)
    back = found.model_dump(exclude_unset=True, by_alias=True, mode="json")
    assert back == value
    return back


def events_of(stream: bytes) -> list[dict[str, Any]]:
    """The stream's events, each valid, numbered without gaps, under its own name."""
    found = parsed(stream)
    for number, (name, data) in enumerate(found):
        assert name == data["type"]
        assert data["sequence_number"] == number
        event = EVENT.validate_python(data)
        assert event.type == name
        assert event.model_dump(exclude_unset=True, by_alias=True, mode="json") == data
    return [data for _, data in found]


def whole(blocks: tuple[Block, ...], request: Request | None = None, stop: str = "end") -> dict[str, Any]:
    assert CODEC.encode_response is not None
    answer = Response((Choice(blocks, Stop(stop)),), "up", "up", 5, USAGE)  # type: ignore[arg-type]
    body, _ = CODEC.encode_response(answer, context(request))
    return strict(orjson.loads(orjson.dumps(body)))


def streamed(blocks: tuple[Block, ...], request: Request | None = None, stop: str = "end") -> list[dict[str, Any]]:
    events: list[Event] = [Started()]
    for index, block in enumerate(blocks):
        events += [BlockStart(index, block), BlockEnd(index)]
    events += [ChoiceEnd(Stop(stop)), Finished(USAGE)]  # type: ignore[arg-type]
    return events_of(written(events, request))


BLOCKS: tuple[Block, ...] = (
    Thinking("Hm.", Signature("anthropic_messages", "c2ln")),
    Text("Hel", logprobs=(TokenLogprob("Hel", -0.1, None, (TokenLogprob("Hal", -2.0, (72, 97, 108)),)),)),
    Text("lo"),
    Refusal("No."),
    ToolCall("call_1", "look", '{"a":1}'),
    Thinking("", Signature("anthropic_messages", "cmVk"), redacted=True),
    ToolCall("call_2", "look", ""),
)


@pytest.mark.parametrize("stop", ["end", "length", "content_filter", "tool_call", "refusal", "stop_sequence"])
def test_stream_and_whole_answer_agree(stop: str) -> None:
    last = streamed(BLOCKS, stop=stop)[-1]["response"]
    body = whole(BLOCKS, stop=stop)
    for answer in (last, body):
        for item in answer["output"]:
            if item["type"] == "reasoning":
                item.pop("status", None)
    assert last == body


@pytest.mark.parametrize(
    ("stop", "ending", "reason"),
    [
        ("end", "completed", None),
        ("length", "incomplete", {"reason": "max_output_tokens"}),
        ("context", "incomplete", {"reason": "max_output_tokens"}),
        ("content_filter", "incomplete", {"reason": "content_filter"}),
        ("pause", "completed", None),
    ],
)
def test_ends(stop: str, ending: str, reason: Any) -> None:
    last = streamed((Text("x"),), stop=stop)[-1]
    assert last["type"] == f"response.{ending}"
    assert last["response"]["status"] == last["response"]["output"][0]["status"] == ending
    assert last["response"]["incomplete_details"] == reason


def test_usage_has_all_its_details() -> None:
    assert whole((Text("x"),))["usage"] == {
        "input_tokens": 10,
        "input_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 7},
        "output_tokens": 10,
        "output_tokens_details": {"reasoning_tokens": 6},
        "total_tokens": 20,
    }


def test_the_full_set_of_events_in_order() -> None:
    kinds = [event["type"].removeprefix("response.") for event in streamed(BLOCKS[:5])]
    text = ["content_part.added", "output_text.delta", "output_text.done", "content_part.done"]
    assert kinds == [
        *("created", "in_progress", "output_item.added", "reasoning_summary_part.added"),
        *("reasoning_summary_text.delta", "reasoning_summary_text.done", "reasoning_summary_part.done"),
        *("output_item.done", "output_item.added", *text, *text),
        *("content_part.added", "refusal.delta", "refusal.done", "content_part.done", "output_item.done"),
        *("output_item.added", "function_call_arguments.delta", "function_call_arguments.done", "output_item.done"),
        "completed",
    ]


def test_places_are_stable() -> None:
    items: dict[int, str] = {}
    for event in streamed(BLOCKS):
        if event["type"] == "response.output_item.added":
            items[event["output_index"]] = event["item"]["id"]
        elif "item_id" in event:
            assert items[event["output_index"]] == event["item_id"]
    assert list(items) == list(range(len(items)))
    assert len(set(items.values())) == len(items)


@pytest.mark.parametrize("case", GOOD)
def test_what_an_upstream_streamed_reaches_a_client(case: str) -> None:
    request = decoded(load(case, "request"))
    out = written(read([fixture(case, "stream.sse")]), request)
    events_of(out)
    assert told(read([out])) == load(case, "expected")


@pytest.mark.parametrize("case", GOOD)
def test_fixtures_are_what_the_sdk_takes(case: str) -> None:
    strict(load(case, "response"))
    for _, data in parsed(fixture(case, "stream.sse")):
        if not data["type"].startswith("response.x_"):
            assert EVENT.validate_python(data).model_dump(exclude_unset=True, by_alias=True, mode="json") == data


PATCH = '*** Begin Patch\n+"x"\n*** End Patch\n'


def test_a_function_call_becomes_the_custom_call_that_was_declared() -> None:
    request = asked(tools=[{"type": "custom", "name": "apply_patch"}])
    said = orjson.dumps({"input": PATCH}).decode()
    blocks = (ToolCall("call_1", "apply_patch", said),)
    item = whole(blocks, request)["output"][0]
    assert (item["type"], item["name"], item["input"], item["call_id"]) == (
        "custom_tool_call",
        "apply_patch",
        PATCH,
        "call_1",
    )
    parts = [Started(), BlockStart(0, ToolCall("call_1", "apply_patch", ""))]
    parts += [BlockDelta(0, letter) for letter in said]
    found = events_of(written([*parts, BlockEnd(0), ChoiceEnd(Stop("tool_call")), Finished()], request))
    deltas = [event["delta"] for event in found if event["type"] == "response.custom_tool_call_input.delta"]
    assert "".join(deltas) == PATCH
    assert found[-1]["response"]["output"][0]["input"] == PATCH


def test_free_text_of_a_model_that_knows_custom_tools_streams() -> None:
    request = asked(tools=[{"type": "custom", "name": "apply_patch"}])
    call = ToolCall("call_1", "apply_patch", "", custom=True)
    events = [Started(), BlockStart(0, call), BlockDelta(0, "*** "), BlockDelta(0, "x"), BlockEnd(0), Finished()]
    found = events_of(written(events, request))
    assert [e["delta"] for e in found if e["type"].endswith("input.delta")] == ["*** ", "x"]


def test_what_a_model_wrote_instead_of_the_input_is_not_lost() -> None:
    request = asked(tools=[{"type": "custom", "name": "apply_patch"}])
    assert whole((ToolCall("c", "apply_patch", '{"patch":1}'),), request)["output"][0]["input"] == '{"patch":1}'


def test_namespaces_come_back() -> None:
    request = decoded(load("codex_request", "request"))
    names = [tool.name for tool in request.tools or () if isinstance(tool, Tool)]
    calls = tuple(ToolCall(f"call_{n}", name, "{}") for n, name in enumerate(names))
    found = [(item["name"], item.get("namespace")) for item in whole(calls, request)["output"]]
    assert found == [
        ("exec_command", None),
        ("update_plan", None),
        ("apply_patch", None),
        ("send", "mcp__mail"),
        ("search", "mcp__mail"),
        ("search", "multi_agent"),
    ]
    added = [event["item"] for event in streamed(calls, request) if event["type"] == "response.output_item.done"]
    assert [(item["name"], item.get("namespace")) for item in added] == found


def test_signatures_come_back_as_they_were() -> None:
    blocks = (
        Thinking("Hm.", Signature("anthropic_messages", "c2ln")),
        Thinking("", Signature("anthropic_messages", "cmVk"), redacted=True),
        ToolCall("call_1", "look", "{}", signature=Signature("gemini", "Z2Vt")),
        Thinking("Own.", Signature("openai_responses", "gAAAA")),
    )
    for output in (whole(blocks)["output"], streamed(blocks)[-1]["response"]["output"]):
        assert [item["type"] for item in output] == [
            "reasoning",
            "reasoning",
            "reasoning",
            "function_call",
            "reasoning",
        ]
        assert output[4]["encrypted_content"] == "gAAAA"
        for item in output:
            item.pop("id")  # Codex does not send it back
        back = asked(input=[{"role": "user", "content": "hi"}, *output]).messages[1].blocks
        assert back == (
            blocks[0],
            blocks[1],
            Thinking("", Signature("gemini", "Z2Vt")),
            ToolCall("call_1", "look", "{}"),
            blocks[3],
        )


def test_late_signatures_and_logprobs_and_citations() -> None:
    token = TokenLogprob("Hi", -0.5, (72, 105))
    note = {"type": "url_citation", "url_citation": {"url": "https://example.com", "title": "T"}}
    events = [
        Started(),
        BlockStart(0, Thinking("")),
        BlockDelta(0, "Hm"),
        BlockSignature(0, Signature("gemini", "Z2Vt")),
        BlockEnd(0),
        BlockStart(1, Text("")),
        BlockLogprobs(1, (token,)),
        BlockDelta(1, "Hi"),
        BlockExtra(1, "openai_chat", {"annotations": [note]}),
        BlockEnd(1),
        ChoiceEnd(Stop("end")),
        Finished(),
    ]
    found = events_of(written(events))
    output = found[-1]["response"]["output"]
    assert output[0]["encrypted_content"]
    part = output[1]["content"][0]
    assert part["logprobs"] == [{"token": "Hi", "bytes": [72, 105], "logprob": -0.5, "top_logprobs": []}]
    assert [one["url"] for one in part["annotations"]] == ["https://example.com"]
    delta = next(event for event in found if event["type"] == "response.output_text.delta")
    assert [one["token"] for one in delta["logprobs"]] == ["Hi"]


def test_a_picture_is_an_item_and_what_has_no_form_is_noted() -> None:
    assert CODEC.encode_response is not None
    blocks = (Media("image", "image/png", "aGk="), Opaque("gemini", "executableCode", {}), Text("x"))
    body, lost = CODEC.encode_response(Response((Choice(blocks), Choice(()))), context())
    assert [item["type"] for item in strict(orjson.loads(orjson.dumps(body)))["output"]] == [
        "image_generation_call",
        "message",
    ]
    assert {loss.field for loss in lost} == {"choices", "executableCode"}


def test_the_request_is_echoed() -> None:
    request = decoded(load("codex_request", "request"))
    body = whole((Text("x"),), request)
    sent = load("codex_request", "request")
    for name in ("instructions", "tools", "tool_choice", "prompt_cache_key", "parallel_tool_calls", "reasoning"):
        assert body[name] == sent[name], name
    assert body["text"]["verbosity"] == "low"
    assert body["model"] == "asked"


@pytest.mark.parametrize(
    ("failed", "code"),
    [
        (Failed("Slow down, try again in 1.3s.", 429, "rate_limit_error"), "rate_limit_exceeded"),
        (Failed("Too long.", 400, "context_length_exceeded"), "context_length_exceeded"),
        (Failed("Broke.", 402, "insufficient_quota"), "insufficient_quota"),
        (Failed("Off.", 502, "upstream_cut"), "server_error"),
        (Failed("No.", 400, "invalid_request"), "invalid_prompt"),
        (Failed("Not yours.", 403, "permission_denied"), "invalid_prompt"),
        (Failed("Pay.", 402, "billing_error"), "insufficient_quota"),
    ],
)
def test_a_failure_is_told_to_every_client(failed: Failed, code: str) -> None:
    found = parsed(written([Started(), BlockStart(0, Text("")), BlockDelta(0, "Hi"), failed]))
    assert [name for name, _ in found[-2:]] == ["error", "response.failed"]
    assert [data["sequence_number"] for _, data in found] == list(range(len(found)))
    error, last = found[-2][1], found[-1][1]
    assert error["error"]["message"] == error["message"] == failed.message  # SDKs raise for `error`
    EVENT.validate_python(error)
    assert last["response"]["error"] == {"code": code, "message": failed.message}  # Codex reads this
    assert not any(name in ("response.completed", "response.incomplete") for name, _ in found)
    assert isinstance(read([written([Started(), failed])])[-1], Failed)


def test_a_ping_is_a_comment() -> None:
    assert CODEC.encoder is not None
    ping = CODEC.encoder(context()).ping()
    assert ping.startswith(b":")
    assert ping.endswith(b"\n\n")


def test_nothing_asked_and_nothing_said() -> None:
    body = whole((), foreign())
    assert (body["output"], body["tools"], body["tool_choice"], body["store"]) == ([], [], "auto", False)
