"""Amazon Bedrock's Converse and ConverseStream, as https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html describes them.

What the service refuses beyond the shapes is refused here, too: roles that do not alternate, blank texts, tool blocks without declared tools.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.speech import Answer, Question, Tool, answer, sign, tokens, words
from infra.local.demo_upstream.web import Reply, Request, new_id, to_bytes

from gateway.wire import eventstream

DIALECT = "bedrock_converse"
# Claude's thoughts are signed alike wherever it runs.
SIGNED_BY = (DIALECT, "anthropic_messages")
STOP = {"stop": "end_turn", "length": "max_tokens", "stop_sequence": "stop_sequence", "tool_call": "tool_use"}
KINDS = {
    400: "ValidationException",
    401: "UnrecognizedClientException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}


def error(fault: UpstreamError) -> Reply:
    """`{"message"}` and the error's name in a header. AWS answers 403 for credentials it does not know."""
    kind = KINDS.get(fault.status, "ValidationException" if fault.status < 500 else "InternalServerException")
    status = 403 if fault.status == 401 else fault.status
    return Reply({"message": fault.message}, status, {"x-amzn-errortype": kind, "x-amzn-requestid": new_id("")})


def authorised(request: Request, key: str) -> bool:
    """A bearer key, or any signature: nobody here could check one."""
    given = request.headers.get("authorization", "")
    return given == f"Bearer {key}" or (given.startswith("AWS4-HMAC-SHA256 ") and "x-amz-date" in request.headers)


def _invalid(message: str) -> UpstreamError:
    return UpstreamError(400, message)


def _parts(message: Any) -> list[Mapping[str, Any]]:
    content = message.get("content") if isinstance(message, Mapping) else None
    return [part for part in content if isinstance(part, Mapping)] if isinstance(content, list) else []


def _text(parts: Sequence[Any]) -> str:
    pieces = []
    for part in parts:
        inner = part.get("toolResult") if isinstance(part, Mapping) else None
        if isinstance(inner, Mapping):
            pieces.append(_text(_parts(inner)))
        elif isinstance(part, Mapping) and "json" in part:
            pieces.append(json.dumps(part["json"], ensure_ascii=False))
        elif isinstance(part, Mapping):
            pieces.append(str(part.get("text", "")))
    return "\n".join(piece for piece in pieces if piece)


def _check(messages: Sequence[Mapping[str, Any]]) -> None:
    """Roles and the blocks that stand in messages themselves."""
    wanted = "user"
    for number, message in enumerate(messages):
        if message.get("role") != wanted:
            raise _invalid(
                "A conversation must start with a user message and alternate between user and assistant roles."
            )
        wanted = "assistant" if wanted == "user" else "user"
        if not _parts(message):
            raise _invalid(f"The content field in the Message object at messages.{number} is empty.")
        for place, part in enumerate(_parts(message)):
            _check_part(part, f"messages.{number}.content.{place}")


def _check_part(part: Mapping[str, Any], at: str) -> None:
    if len(part) != 1:
        raise _invalid(f"The ContentBlock object at {at} must set one of the following keys.")
    kind, value = next(iter(part.items()))
    if kind == "text" and not str(value).strip():
        raise _invalid(f"The text field in the ContentBlock object at {at} is blank.")
    if kind == "toolUse" and not re.fullmatch(r"[a-zA-Z0-9_.:-]{1,64}", str(value.get("toolUseId"))):
        raise _invalid(f"Value at {at}.toolUse.toolUseId failed to satisfy constraint.")
    if kind == "toolUse" and not isinstance(value.get("input"), Mapping):
        raise _invalid(
            f"The format of the value at {at}.toolUse.input is invalid. Provide a json object for the field."
        )
    if kind == "toolResult" and value.get("status") == "error" and not value.get("content"):
        raise _invalid(f"The content field at {at}.toolResult cannot be empty when status value is error.")
    if kind in {"image", "document", "video"}:
        _check_bytes(value.get("source"), f"{at}.{kind}")
    thought = value.get("reasoningText") if kind == "reasoningContent" else None
    if thought is not None and thought.get("signature") not in {
        sign(who, thought.get("text", "")) for who in SIGNED_BY
    }:
        raise _invalid(f"{at}: Invalid `signature` in `thinking` block")


def _check_bytes(source: Any, at: str) -> None:
    given = source.get("bytes") if isinstance(source, Mapping) else None
    try:
        if isinstance(given, str) and base64.b64decode(given, validate=True):
            return
    except binascii.Error:
        pass
    raise _invalid(f"The source at {at} holds no bytes.")


def _results(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """The tools' answers in the newest message; UpstreamError 400 where calls and answers are not those of neighbouring messages."""
    open_calls: set[str] = set()
    results: list[Mapping[str, Any]] = []
    for number, message in enumerate(messages):
        parts = _parts(message)
        results = [part for part in parts if "toolResult" in part]
        answered = {str(part["toolResult"].get("toolUseId")) for part in results}
        if answered != open_calls:
            raise _invalid(
                f"Expected toolResult blocks at messages.{number}.content for the Ids of the previous turn's toolUse blocks."
            )
        open_calls = {str(part["toolUse"].get("toolUseId")) for part in parts if "toolUse" in part}
    return _text(results) if results else None


def _tools(body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> tuple[Tool, ...]:
    config = body.get("toolConfig")
    spoken = any("toolUse" in part or "toolResult" in part for message in messages for part in _parts(message))
    if config is None:
        if spoken:
            raise _invalid("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
        return ()
    specs = [tool["toolSpec"] for tool in config.get("tools") or () if "toolSpec" in tool]
    if not specs:
        raise _invalid("The toolConfig field must hold at least one tool.")
    if _fields(body).get("tool_choice", {}).get("type") == "none":
        return ()
    return tuple(Tool(str(spec.get("name", "")), (spec.get("inputSchema") or {}).get("json") or {}) for spec in specs)


def _fields(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return body.get("additionalModelRequestFields") or {}


def _force(body: Mapping[str, Any]) -> str | None:
    choice = (body.get("toolConfig") or {}).get("toolChoice") or {}
    if "tool" in choice:
        return str(choice["tool"].get("name"))
    return "any" if "any" in choice else None


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    form = (body.get("outputConfig") or {}).get("textFormat") or {}
    written = (form.get("structure") or {}).get("jsonSchema", {}).get("schema")
    if written is None:
        return None
    try:
        found: Mapping[str, Any] = json.loads(written)
    except (ValueError, TypeError):
        raise _invalid("outputConfig.textFormat: the schema is no JSON.") from None
    return found


def _thinks(body: Mapping[str, Any]) -> bool | None:
    fields = _fields(body)
    kind = (fields.get("thinking") or fields.get("reasoningConfig") or {}).get("type")
    return None if kind is None else kind in {"enabled", "adaptive"}


def _held(messages: Sequence[Mapping[str, Any]], kind: str) -> int:
    """Blocks of a kind, also those inside the answers of tools."""
    parts = [part for message in messages for part in _parts(message)]
    inner = [part for outer in parts if "toolResult" in outer for part in _parts(outer["toolResult"])]
    return sum(kind in part for part in [*parts, *inner])


def question(model: str, body: Mapping[str, Any]) -> Question:
    """The question in a Converse request; UpstreamError 400 when it is not one."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(item, Mapping) for item in messages):
        raise _invalid("The messages field is required.")
    _check(messages)
    config = body.get("inferenceConfig") or {}
    own = [_text([part for part in _parts(item) if "text" in part]) for item in messages if item["role"] == "user"]
    spent = sum(3 + tokens(_text(_parts(item))) for item in messages) + tokens(_text(body.get("system") or ()))
    return Question(
        model=model,
        last=next((text for text in reversed(own) if text), ""),
        input_tokens=spent + tokens(json.dumps(body.get("toolConfig") or "")),
        tools=_tools(body, messages),
        force=_force(body),
        tool_result=_results(messages),
        schema=_schema(body),
        max_tokens=config.get("maxTokens"),
        stops=tuple(config.get("stopSequences") or ()),
        images=_held(messages, "image"),
        files=_held(messages, "document"),
        think=_thinks(body),
    )


def _content(said: Answer) -> list[dict[str, Any]]:
    thought: dict[str, Any] = {"reasoningText": {"text": said.thought, "signature": sign(DIALECT, said.thought)}}
    calls: list[dict[str, Any]] = [
        {"toolUse": {"toolUseId": new_id("tooluse_", 22), "name": call.name, "input": call.arguments}}
        for call in said.calls
    ]
    blocks: list[dict[str, Any]] = [{"reasoningContent": thought}] if said.thought else []
    return [*blocks, *(calls or [{"text": said.text}])]


def _usage(asked: Question, said: Answer) -> dict[str, Any]:
    output = said.output_tokens + said.thought_tokens
    counted = {
        "inputTokens": asked.input_tokens - asked.cached_tokens,
        "outputTokens": output,
        "totalTokens": asked.input_tokens + output,
    }
    return counted | {"cacheReadInputTokens": asked.cached_tokens, "cacheWriteInputTokens": 0}


def _ending(said: Answer, body: Mapping[str, Any]) -> dict[str, Any]:
    """The reason to stop, and the sequence where it was asked for."""
    ending: dict[str, Any] = {"stopReason": STOP[said.ended]}
    if "/stop_sequence" in (body.get("additionalModelResponseFieldPaths") or ()):
        ending["additionalModelResponseFields"] = {"stop_sequence": said.stop}
    return ending


async def converse(model: str, request: Request, pace: Pace) -> Reply:
    """POST /model/{model}/converse."""
    asked = question(model, request.body)
    said = answer(asked)
    await pace.begin()
    message = {"role": "assistant", "content": [block for block in _content(said) if block.get("text") != ""]}
    body = {"output": {"message": message}, **_ending(said, request.body), "usage": _usage(asked, said)}
    return Reply(body | {"metrics": {"latencyMs": 7}})


async def converse_stream(model: str, request: Request, pace: Pace) -> Reply:
    """POST /model/{model}/converse-stream."""
    asked = question(model, request.body)
    said = answer(asked)
    await pace.begin()
    return Reply(stream=_events(asked, said, request.body, pace), media_type=eventstream.MEDIA_TYPE)


def _event(name: str, **fields: Any) -> bytes:
    return eventstream.event(name, to_bytes(fields))


async def _events(asked: Question, said: Answer, body: Mapping[str, Any], pace: Pace) -> AsyncIterator[bytes]:
    yield _event("messageStart", role="assistant")
    try:
        for index, block in enumerate(_content(said)):
            if call := block.get("toolUse"):
                start = {"toolUse": {"toolUseId": call["toolUseId"], "name": call["name"]}}
                yield _event("contentBlockStart", contentBlockIndex=index, start=start)
            async for delta in _deltas(block, pace):
                yield _event("contentBlockDelta", contentBlockIndex=index, delta=delta)
            yield _event("contentBlockStop", contentBlockIndex=index)
    except UpstreamError as fault:
        yield eventstream.event("internalServerException", to_bytes({"message": fault.message}), "exception")
        return
    yield _event("messageStop", **_ending(said, body))
    yield _event("metadata", usage=_usage(asked, said), metrics={"latencyMs": 7})


async def _deltas(block: Mapping[str, Any], pace: Pace) -> AsyncIterator[dict[str, Any]]:
    if thought := block.get("reasoningContent"):
        async for word in pace.spaced(words(thought["reasoningText"]["text"])):
            yield {"reasoningContent": {"text": word}}
        yield {"reasoningContent": {"signature": thought["reasoningText"]["signature"]}}
    elif call := block.get("toolUse"):
        async for piece in pace.spaced(words(json.dumps(call["input"], ensure_ascii=False))):
            yield {"toolUse": {"input": piece}}
    else:
        async for word in pace.spaced(words(block["text"])):
            yield {"text": word}
