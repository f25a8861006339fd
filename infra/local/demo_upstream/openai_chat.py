"""OpenAI's Chat Completions, as https://platform.openai.com/docs/api-reference/chat describes them."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.speech import Answer, Question, Tool, ToolCall, answer, tokens, words
from infra.local.demo_upstream.web import Reply, Request, new_id, sse

FINISH = {"stop": "stop", "stop_sequence": "stop", "length": "length", "tool_call": "tool_calls"}


def text_of(content: Any) -> str:
    """The text of a content field, which is a string or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, Mapping) and "text" in part)


def _images(messages: Sequence[Mapping[str, Any]]) -> int:
    contents = [message.get("content") for message in messages]
    return sum(part.get("type") == "image_url" for content in contents if isinstance(content, list) for part in content)


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    functions = [tool.get("function", {}) for tool in body.get("tools") or () if tool.get("type") == "function"]
    return tuple(Tool(item.get("name", ""), item.get("parameters") or {}) for item in functions)


def _force(choice: Any) -> str | None:
    if isinstance(choice, Mapping):
        return str(choice.get("function", {}).get("name", "any"))
    return "any" if choice == "required" else None


def _schema(form: Any) -> Mapping[str, Any] | None:
    if not isinstance(form, Mapping) or form.get("type") not in {"json_object", "json_schema"}:
        return None
    schema: Mapping[str, Any] = form.get("json_schema", {}).get("schema", {})
    return schema


def question(body: Mapping[str, Any]) -> Question:
    """The question in a chat request; UpstreamError 400 when it is not one."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(item, Mapping) for item in messages):
        raise UpstreamError(400, "Invalid 'messages': expected a non-empty array of objects.", "messages")
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
        tool_result=text_of(messages[-1].get("content")) if messages[-1].get("role") == "tool" else None,
        schema=_schema(body.get("response_format")),
        max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
        stops=(stop,) if isinstance(stop, str) else tuple(stop),
        images=_images(messages),
    )


def usage(asked: Question, said: Answer, copies: int = 1) -> dict[str, Any]:
    """The usage object; every choice counts."""
    spent = said.output_tokens * copies
    return {
        "prompt_tokens": asked.input_tokens,
        "completion_tokens": spent,
        "total_tokens": asked.input_tokens + spent,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _call(call: ToolCall) -> dict[str, Any]:
    arguments = json.dumps(call.arguments, ensure_ascii=False, separators=(",", ":"))
    return {"id": new_id("call_"), "type": "function", "function": {"name": call.name, "arguments": arguments}}


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
    if said.call is not None:
        message["tool_calls"] = [_call(said.call)]
    return {"index": index, "message": message, "logprobs": None, "finish_reason": FINISH[said.ended]}


async def _chunks(body: Mapping[str, Any], asked: Question, said: Answer, pace: Pace) -> AsyncIterator[bytes]:
    with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
    head = _head("chat.completion.chunk", asked) | ({"usage": None} if with_usage else {})

    def chunk(index: int, delta: Mapping[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
        return sse({**head, "choices": [choice]})

    copies = _copies(body)
    for index in range(copies):
        async for delta in _deltas(said, pace):
            yield chunk(index, delta)
        yield chunk(index, {}, FINISH[said.ended])
    if with_usage:
        yield sse({**head, "choices": [], "usage": usage(asked, said, copies)})
    yield b"data: [DONE]\n\n"


async def _deltas(said: Answer, pace: Pace) -> AsyncIterator[dict[str, Any]]:
    start: dict[str, Any] = {"role": "assistant", "content": None if said.call else "", "refusal": None}
    if said.call is None:
        yield start
        async for word in pace.spaced(words(said.text)):
            yield {"content": word}
        return
    call = _call(said.call)
    arguments = call["function"]["arguments"]
    yield {**start, "tool_calls": [{"index": 0, **call, "function": {"name": said.call.name, "arguments": ""}}]}
    async for piece in pace.spaced(words(arguments.replace(",", ", "))):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
