"""OpenAI's Responses: what a request asks, and the answer in one piece. `openai_responses_stream` sends it in events.

https://platform.openai.com/docs/api-reference/responses
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.openai_chat import text_of
from infra.local.demo_upstream.openai_responses_stream import events
from infra.local.demo_upstream.speech import Answer, Question, Tool, ToolCall, answer, sign, tokens
from infra.local.demo_upstream.web import Reply, Request, new_id

DIALECT = "openai_responses"
CALLS = {"function_call": "function_call_output", "custom_tool_call": "custom_tool_call_output"}


def _items(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = body.get("input", "")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise UpstreamError(400, "Invalid 'input': expected a string or an array of objects.", "input")
    return items


def _tools(tools: Any) -> Iterator[Tool]:
    for tool in tools or ():
        if tool.get("type") == "namespace":
            yield from _tools(tool.get("tools"))
        elif tool.get("type") in {"function", "custom"}:
            if not tool.get("name"):
                raise UpstreamError(400, "Missing required parameter: 'tools[0].name'.", "tools[0].name")
            yield Tool(tool["name"], tool.get("parameters") or {}, tool["type"] == "custom")


def _force(choice: Any) -> str | None:
    if isinstance(choice, Mapping):
        named = choice.get("tools") if choice.get("type") == "allowed_tools" else [choice]
        optional = choice.get("mode") == "auto"
        return None if optional or not named else str(named[0].get("name", "any"))
    return "any" if choice == "required" else None


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    form = (body.get("text") or {}).get("format") or {}
    return (form.get("schema") or {}) if form.get("type") in {"json_schema", "json_object"} else None


def _results(items: Sequence[Mapping[str, Any]]) -> str | None:
    """The tools' answers the conversation ends with; UpstreamError 400 for one without its call, or a call left without one."""
    calls = {str(item.get("call_id")) for item in items if item.get("type") in CALLS}
    answers = [item for item in items if item.get("type") in CALLS.values()]
    for item in answers:
        if item.get("call_id") not in calls:
            raise UpstreamError(
                400, f"No tool call found for function call output with call_id {item.get('call_id')}.", "input"
            )
    for missing in sorted(calls - {str(item.get("call_id")) for item in answers}):
        raise UpstreamError(400, f"No tool output found for function call {missing}.", "input")
    last = list(takewhile(lambda item: item.get("type") in CALLS.values(), reversed(items)))
    return "\n".join(text_of(item.get("output")) for item in reversed(last)) if last else None


def _check_thoughts(items: Sequence[Mapping[str, Any]]) -> None:
    """An encrypted thought must come back as it was given."""
    for item in items:
        sealed = item.get("encrypted_content")
        if item.get("type") == "reasoning" and sealed not in {None, sign(DIALECT, "")}:
            raise UpstreamError(400, f"The encrypted content for item {item.get('id')} could not be verified.", "input")


def _held(items: Sequence[Mapping[str, Any]], kind: str) -> int:
    held = [value for item in items for value in (item.get("content"), item.get("output")) if isinstance(value, list)]
    return sum(part.get("type") == kind for parts in held for part in parts if isinstance(part, Mapping))


def question(body: Mapping[str, Any]) -> Question:
    """The question in a request; UpstreamError 400 when it is not one."""
    items = _items(body)
    _check_thoughts(items)
    users = [text_of(item.get("content")) for item in items if item.get("role") == "user"]
    texts = [text_of(item.get("content")) or text_of(item.get("output")) for item in items]
    spent = sum(3 + tokens(text) for text in texts) + tokens(str(body.get("instructions") or ""))
    effort = (body.get("reasoning") or {}).get("effort")
    return Question(
        model=str(body.get("model", "")),
        last=users[-1] if users else "",
        input_tokens=spent + tokens(json.dumps(body["tools"])) if body.get("tools") else spent,
        tools=() if body.get("tool_choice") == "none" else tuple(_tools(body.get("tools"))),
        force=_force(body.get("tool_choice")),
        tool_result=_results(items),
        schema=_schema(body),
        max_tokens=body.get("max_output_tokens"),
        images=_held(items, "input_image"),
        files=_held(items, "input_file"),
        think=None if effort is None else effort != "none",
    )


async def respond(request: Request, pace: Pace) -> Reply:
    """POST /v1/responses."""
    asked = question(request.body)
    said = answer(asked)
    await pace.begin()
    shell = _shell(asked, request.body)
    done = _finished(shell, asked, said, _output(request.body, said))
    if request.body.get("stream"):
        return Reply(stream=events(shell, done, pace), media_type="text/event-stream; charset=utf-8")
    return Reply(done)


def _shell(asked: Question, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id("resp_", 48),
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": None,
        "model": asked.model,
        "output": [],
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "previous_response_id": None,
        "prompt_cache_key": body.get("prompt_cache_key"),
        "reasoning": {"effort": None, "summary": None, **(body.get("reasoning") or {})},
        "safety_identifier": None,
        "service_tier": "default",
        "store": bool(body.get("store", True)),
        "temperature": body.get("temperature", 1.0),
        "text": {"format": {"type": "text"}, "verbosity": "medium", **(body.get("text") or {})},
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": body.get("tools") or [],
        "top_logprobs": 0,
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": None,
        "user": None,
        "metadata": body.get("metadata") or {},
    }


def _output(body: Mapping[str, Any], said: Answer) -> list[dict[str, Any]]:
    """The items of the answer, complete."""
    items = [_reasoning(body, said)] if said.thought else []
    items += [_call(call) for call in said.calls]
    if said.calls:
        return items
    part = {"type": "output_text", "text": said.text, "annotations": [], "logprobs": []}
    status = "incomplete" if said.ended == "length" else "completed"
    message = {"id": new_id("msg_", 48), "type": "message", "status": status, "role": "assistant", "content": [part]}
    return [*items, message]


def _reasoning(body: Mapping[str, Any], said: Answer) -> dict[str, Any]:
    """A thought, in the open only as the summary the client asked for, sealed when it asked for that."""
    shown = said.thought if (body.get("reasoning") or {}).get("summary") else ""
    summary = [{"type": "summary_text", "text": shown}] if shown else []
    item: dict[str, Any] = {"id": new_id("rs_", 48), "type": "reasoning", "summary": summary}
    if "reasoning.encrypted_content" in (body.get("include") or ()):
        item["encrypted_content"] = sign(DIALECT, "")
    return item


def _call(call: ToolCall) -> dict[str, Any]:
    kind, member, prefix = (
        ("custom_tool_call", "input", "ctc_") if call.custom else ("function_call", "arguments", "fc_")
    )
    names = {"id": new_id(prefix, 48), "type": kind, "status": "completed", "call_id": new_id("call_")}
    return {**names, "name": call.name, member: call.written}


def _finished(shell: Mapping[str, Any], asked: Question, said: Answer, output: list[dict[str, Any]]) -> dict[str, Any]:
    whole = said.ended != "length"
    spent = said.output_tokens + said.thought_tokens
    counted = {
        "input_tokens": asked.input_tokens,
        "input_tokens_details": {"cached_tokens": asked.cached_tokens, "cache_write_tokens": 0},
        "output_tokens": spent,
        "output_tokens_details": {"reasoning_tokens": said.thought_tokens},
        "total_tokens": asked.input_tokens + spent,
    }
    details = None if whole else {"reason": "max_output_tokens"}
    status = "completed" if whole else "incomplete"
    return {**shell, "status": status, "incomplete_details": details, "output": output, "usage": counted}
