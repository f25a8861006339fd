"""OpenAI's Chat Completions, as https://platform.openai.com/docs/api-reference/chat describes them."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from infra.local.demo_upstream.behaviour import ONLY_RESPONSES, Pace, UpstreamError
from infra.local.demo_upstream.speech import Answer, Question, Tool, ToolCall, answer, tokens, words
from infra.local.demo_upstream.web import Reply, Request, new_id, sse

FINISH = {"stop": "stop", "stop_sequence": "stop", "length": "length", "tool_call": "tool_calls"}


def text_of(content: Any) -> str:
    """The text of a content field, which is a string or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, Mapping) and "text" in part)


def _parts(messages: Sequence[Mapping[str, Any]], kind: str) -> int:
    contents = [message.get("content") for message in messages]
    return sum(part.get("type") == kind for content in contents if isinstance(content, list) for part in content)


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    found = []
    for tool in body.get("tools") or ():
        kind = tool.get("type")
        item = tool.get(kind) if kind in {"function", "custom"} else None
        if not isinstance(item, Mapping) or not item.get("name"):
            raise UpstreamError(400, "Missing required parameter: 'tools[0].function.name'.", "tools[0].function")
        found.append(Tool(item["name"], item.get("parameters") or {}, kind == "custom"))
    return tuple(found)


def _force(choice: Any) -> str | None:
    if isinstance(choice, Mapping):
        named = choice.get("function") or choice.get("custom") or {}
        return str(named.get("name", "any"))
    return "any" if choice == "required" else None


def _schema(form: Any) -> Mapping[str, Any] | None:
    if not isinstance(form, Mapping) or form.get("type") not in {"json_object", "json_schema"}:
        return None
    schema: Mapping[str, Any] = form.get("json_schema", {}).get("schema", {})
    return schema


def _results(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """The tools' answers the conversation ends with; UpstreamError 400 for one that no call before it asked for."""
    asked: set[str] = set()
    for message in messages:
        asked |= {str(call.get("id")) for call in message.get("tool_calls") or ()}
        if message.get("role") == "tool" and message.get("tool_call_id") not in asked:
            words = "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
            raise UpstreamError(400, f"Invalid parameter: {words}", "messages")
    for missing in sorted(asked - {str(message.get("tool_call_id")) for message in messages}):
        words = "an assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
        raise UpstreamError(400, f"Invalid parameter: {words} Missing: {missing}", "messages")
    last = list(takewhile(lambda message: message.get("role") == "tool", reversed(messages)))
    return "\n".join(text_of(message.get("content")) for message in reversed(last)) if last else None


def question(body: Mapping[str, Any]) -> Question:
    """The question in a chat request; UpstreamError 400 when it is not one."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(item, Mapping) for item in messages):
        raise UpstreamError(400, "Invalid 'messages': expected a non-empty array of objects.", "messages")
    if body.get("model") == ONLY_RESPONSES:
        raise UpstreamError(
            404, "This model is only supported in v1/responses and not in v1/chat/completions.", "model"
        )
    users = [text_of(item.get("content")) for item in messages if item.get("role") == "user"]
    stop = body.get("stop") or ()
    spent = sum(3 + tokens(text_of(item.get("content"))) for item in messages) + tokens(
        json.dumps(body.get("tools") or "")
    )
    return Question(
        model=str(body.get("model", "")),
        last=users[-1] if users else "",
        input_tokens=spent,
        tools=() if body.get("tool_choice") == "none" else _tools(body),
        force=_force(body.get("tool_choice")),
        tool_result=_results(messages),
        schema=_schema(body.get("response_format")),
        max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
        stops=(stop,) if isinstance(stop, str) else tuple(stop),
        images=_parts(messages, "image_url"),
        files=_parts(messages, "file") + _parts(messages, "input_audio"),
        think=None if body.get("reasoning_effort") is None else body["reasoning_effort"] != "none",
    )


def usage(asked: Question, said: Answer, copies: int = 1) -> dict[str, Any]:
    """The usage object; every choice counts."""
    spent = (said.output_tokens + said.thought_tokens) * copies
    return {
        "prompt_tokens": asked.input_tokens,
        "completion_tokens": spent,
        "total_tokens": asked.input_tokens + spent,
        "prompt_tokens_details": {"cached_tokens": asked.cached_tokens, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": said.thought_tokens * copies,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _call(call: ToolCall) -> dict[str, Any]:
    if call.custom:
        return {"id": new_id("call_"), "type": "custom", "custom": {"name": call.name, "input": call.written}}
    return {"id": new_id("call_"), "type": "function", "function": {"name": call.name, "arguments": call.written}}


def _head(kind: str, asked: Question) -> dict[str, Any]:
    return {
        "id": new_id("chatcmpl-", 29),
        "object": kind,
        "created": int(time.time()),
        "model": asked.model,
        "service_tier": "default",
        "system_fingerprint": "fp_demo000000",
    }


async def complete(request: Request, pace: Pace) -> Reply:
    """POST /v1/chat/completions."""
    asked = question(request.body)
    said = answer(asked)
    await pace.begin()
    if request.body.get("stream"):
        return Reply(stream=_chunks(request.body, asked, said, pace), media_type="text/event-stream; charset=utf-8")
    choices = [_choice(index, said) for index in range(_copies(request.body))]
    return Reply({**_head("chat.completion", asked), "choices": choices, "usage": usage(asked, said, len(choices))})


def _copies(body: Mapping[str, Any]) -> int:
    number = body.get("n") or 1
    if not isinstance(number, int) or not 1 <= number <= 128:
        raise UpstreamError(400, "Invalid 'n': expected an integer between 1 and 128.", "n")
    return number


def _choice(index: int, said: Answer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": said.text or None, "refusal": None, "annotations": []}
    if said.thought:
        message["reasoning_content"] = said.thought
    if said.calls:
        message["tool_calls"] = [_call(call) for call in said.calls]
    return {"index": index, "message": message, "logprobs": None, "finish_reason": FINISH[said.ended]}


async def _chunks(body: Mapping[str, Any], asked: Question, said: Answer, pace: Pace) -> AsyncIterator[bytes]:
    with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
    head = _head("chat.completion.chunk", asked) | ({"usage": None} if with_usage else {})

    def chunk(index: int, delta: Mapping[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
        return sse({**head, "choices": [choice]})

    copies = _copies(body)
    try:
        for index in range(copies):
            async for delta in _deltas(said, pace):
                yield chunk(index, delta)
            yield chunk(index, {}, FINISH[said.ended])
    except UpstreamError as fault:
        yield sse({"error": {"message": fault.message, "type": "server_error", "param": None, "code": None}})
        return
    if with_usage:
        yield sse({**head, "choices": [], "usage": usage(asked, said, copies)})
    yield b"data: [DONE]\n\n"


async def _deltas(said: Answer, pace: Pace) -> AsyncIterator[dict[str, Any]]:
    """Thoughts as the servers of open models name them: OpenAI's own endpoint keeps them to itself."""
    yield {"role": "assistant", "content": None if said.calls else "", "refusal": None}
    async for word in pace.spaced(words(said.thought)):
        yield {"reasoning_content": word}
    async for word in pace.spaced(words(said.text)):
        yield {"content": word}
    for index, made in enumerate(said.calls):
        call = _call(made)
        kind, member = call["type"], "input" if made.custom else "arguments"
        yield {"tool_calls": [{"index": index, **call, kind: {"name": made.name, member: ""}}]}
        async for piece in pace.spaced(words(made.written)):
            yield {"tool_calls": [{"index": index, kind: {member: piece}}]}
