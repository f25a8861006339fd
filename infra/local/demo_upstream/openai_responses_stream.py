"""An answer of Responses as events: each with its `type`, also on the `event:` line, and its `sequence_number`.

https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.speech import words
from infra.local.demo_upstream.web import sse

Event = tuple[str, dict[str, Any]]


async def events(shell: Mapping[str, Any], done: Mapping[str, Any], pace: Pace) -> AsyncIterator[bytes]:
    """From `response.created` to the terminal event; `shell` is the response before its answer, `done` after it."""
    number = iter(range(1_000_000))

    def written(kind: str, fields: Mapping[str, Any]) -> bytes:
        return sse({"type": kind, "sequence_number": next(number), **fields}, kind)

    yield written("response.created", {"response": shell})
    yield written("response.in_progress", {"response": shell})
    try:
        for index, item in enumerate(done["output"]):
            async for kind, fields in _item(index, item, pace):
                yield written(kind, fields)
    except UpstreamError as fault:
        error = {"code": "server_error", "message": fault.message}
        yield written("response.failed", {"response": {**shell, "status": "failed", "error": error}})
        return
    yield written(f"response.{done['status']}", {"response": done})


async def _item(index: int, item: Mapping[str, Any], pace: Pace) -> AsyncIterator[Event]:
    begin, pieces, end, empty = _PLANS[item["type"]](index, item)
    started = {**item, **empty} if item["type"] == "reasoning" else {**item, **empty, "status": "in_progress"}
    yield "response.output_item.added", {"output_index": index, "item": started}
    for event in begin:
        yield event
    name, place, text, more = pieces
    async for piece in pace.spaced(words(text)):
        yield name, {**place, "delta": piece, **more}
    for event in end:
        yield event
    yield "response.output_item.done", {"output_index": index, "item": item}


# What comes before the deltas; their name, place, text and further members; what comes after them; the item while it is empty.
Plan = tuple[list[Event], tuple[str, dict[str, Any], str, dict[str, Any]], list[Event], dict[str, Any]]


def _message(index: int, item: Mapping[str, Any]) -> Plan:
    part = item["content"][0]
    place = {"item_id": item["id"], "output_index": index, "content_index": 0}
    begin: list[Event] = [("response.content_part.added", {**place, "part": {**part, "text": ""}})]
    end: list[Event] = [
        ("response.output_text.done", {**place, "text": part["text"], "logprobs": []}),
        ("response.content_part.done", {**place, "part": part}),
    ]
    return begin, ("response.output_text.delta", place, part["text"], {"logprobs": []}), end, {"content": []}


def _reasoning(index: int, item: Mapping[str, Any]) -> Plan:
    place = {"item_id": item["id"], "output_index": index, "summary_index": 0}
    name = "response.reasoning_summary_text.delta"
    if not item["summary"]:
        return [], (name, place, "", {}), [], {}
    part = item["summary"][0]
    begin: list[Event] = [("response.reasoning_summary_part.added", {**place, "part": {**part, "text": ""}})]
    end: list[Event] = [
        ("response.reasoning_summary_text.done", {**place, "text": part["text"]}),
        ("response.reasoning_summary_part.done", {**place, "part": part}),
    ]
    return begin, (name, place, part["text"], {}), end, {"summary": []}


def _call(index: int, item: Mapping[str, Any]) -> Plan:
    member = "input" if item["type"] == "custom_tool_call" else "arguments"
    name = f"response.{item['type']}_{member}"
    place = {"item_id": item["id"], "output_index": index}
    done: dict[str, Any] = {**place, member: item[member]}
    if member == "arguments":
        done["name"] = item["name"]
    return [], (f"{name}.delta", place, item[member], {}), [(f"{name}.done", done)], {member: ""}


_PLANS: Mapping[str, Callable[[int, Mapping[str, Any]], Plan]] = {
    "message": _message,
    "reasoning": _reasoning,
    "function_call": _call,
    "custom_tool_call": _call,
}
