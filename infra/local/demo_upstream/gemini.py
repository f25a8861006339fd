"""Google's Gemini API, as https://ai.google.dev/api/generate-content describes it.

Without `alt=sse` a stream is one JSON array that grows; with it, every event is a whole GenerateContentResponse and nothing says DONE.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.speech import Answer, Question, Tool, answer, embedding, tokens, words
from infra.local.demo_upstream.web import Reply, Request, new_id, to_bytes

MODELS = ("demo-gemini", "demo-gemini-embedding")
FINISH = {"stop": "STOP", "stop_sequence": "STOP", "length": "MAX_TOKENS", "tool_call": "STOP"}
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
SIZE = 256


def error(fault: UpstreamError) -> Reply:
    """google.rpc.Status as JSON."""
    body: dict[str, Any] = {
        "code": fault.status,
        "message": fault.message,
        "status": STATUSES.get(fault.status, "UNKNOWN"),
    }
    if fault.status == 429:
        body["details"] = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}]
    return Reply({"error": body}, fault.status)


def _model(name: str) -> dict[str, Any]:
    embeds = name.endswith("embedding")
    methods = ["embedContent"] if embeds else ["generateContent", "countTokens"]
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name.replace("-", " ").title(),
        "description": "Answers from this machine.",
        "inputTokenLimit": 128_000,
        "outputTokenLimit": 8192,
        "supportedGenerationMethods": methods,
    }


def models() -> Reply:
    """GET /v1beta/models."""
    return Reply({"models": [_model(name) for name in MODELS]})


def _parts(content: Any) -> list[Mapping[str, Any]]:
    parts = content.get("parts") if isinstance(content, Mapping) else None
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def _text(content: Any) -> str:
    return "\n".join(str(part["text"]) for part in _parts(content) if "text" in part)


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    declared = [item for tool in body.get("tools") or () for item in tool.get("functionDeclarations", ())]
    return tuple(Tool(str(item.get("name", "")), _lower(item.get("parameters") or {})) for item in declared)


def _lower(schema: Any) -> Any:
    """Gemini writes schema types in capitals."""
    if isinstance(schema, list):
        return [_lower(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        name: value.lower() if name == "type" and isinstance(value, str) else _lower(value)
        for name, value in schema.items()
    }


def _tool_result(content: Any) -> str | None:
    results = [part["functionResponse"] for part in _parts(content) if "functionResponse" in part]
    return json.dumps(results[0].get("response", {}), ensure_ascii=False) if results else None


def question(model: str, body: Mapping[str, Any]) -> Question:
    """The question in a GenerateContent request; UpstreamError 400 when it is not one."""
    contents = body.get("contents")
    contents = [contents] if isinstance(contents, Mapping) else contents
    if not isinstance(contents, list) or not contents:
        raise UpstreamError(400, "* GenerateContentRequest.contents: contents is not specified\n")
    users = [_text(item) for item in contents if item.get("role", "user") == "user"]
    config = body.get("generationConfig") or {}
    calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    wants_json = config.get("responseMimeType") == "application/json"
    spent = sum(3 + tokens(_text(item)) for item in contents) + tokens(_text(body.get("systemInstruction")))
    return Question(
        model=model,
        last=users[-1] if users else "",
        input_tokens=spent + tokens(json.dumps(body.get("tools") or "")),
        tools=() if calling.get("mode") == "NONE" else _tools(body),
        force="any" if calling.get("mode") == "ANY" else None,
        tool_result=_tool_result(contents[-1]),
        schema=_lower(config.get("responseSchema") or {}) if wants_json else None,
        max_tokens=config.get("maxOutputTokens"),
        stops=tuple(config.get("stopSequences") or ()),
        images=sum("inlineData" in part or "fileData" in part for item in contents for part in _parts(item)),
    )


def _response(asked: Question, parts: list[dict[str, Any]], said: Answer | None, identifier: str) -> dict[str, Any]:
    """One response object; `said` only in the last one, which carries the reason to stop and the full usage."""
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
    counted: dict[str, Any] = {"promptTokenCount": asked.input_tokens, "totalTokenCount": asked.input_tokens}
    if said is not None:
        candidate["finishReason"] = FINISH[said.ended]
        counted["candidatesTokenCount"] = said.output_tokens
        counted["totalTokenCount"] += said.output_tokens
    counted["promptTokensDetails"] = [{"modality": "TEXT", "tokenCount": asked.input_tokens}]
    return {"candidates": [candidate], "usageMetadata": counted, "modelVersion": asked.model, "responseId": identifier}


def _all_parts(said: Answer) -> list[dict[str, Any]]:
    if said.call is None:
        return [{"text": said.text}]
    return [{"functionCall": {"name": said.call.name, "args": said.call.arguments}}]


async def generate(model: str, request: Request, pace: Pace) -> Reply:
    """POST …:generateContent."""
    asked = question(model, request.body)
    said = answer(asked)
    await pace.begin()
    return Reply(_response(asked, _all_parts(said), said, new_id("")))


async def stream(model: str, request: Request, pace: Pace) -> Reply:
    """POST …:streamGenerateContent."""
    asked = question(model, request.body)
    said = answer(asked)
    await pace.begin()
    if request.query.get("alt") == "sse":
        return Reply(stream=_events(asked, said, pace), media_type="text/event-stream")
    return Reply(stream=_array(asked, said, pace), media_type="application/json; charset=UTF-8")


async def _responses(asked: Question, said: Answer, pace: Pace) -> AsyncIterator[dict[str, Any]]:
    identifier = new_id("")
    if said.call is not None:
        yield _response(asked, _all_parts(said), said, identifier)
        return
    pieces = list(words(said.text))
    async for word in pace.spaced(pieces[:-1]):
        yield _response(asked, [{"text": word}], None, identifier)
    yield _response(asked, [{"text": pieces[-1] if pieces else ""}], said, identifier)


async def _events(asked: Question, said: Answer, pace: Pace) -> AsyncIterator[bytes]:
    async for response in _responses(asked, said, pace):
        yield b"data: " + to_bytes(response) + b"\r\n\r\n"


async def _array(asked: Question, said: Answer, pace: Pace) -> AsyncIterator[bytes]:
    before = b"["
    async for response in _responses(asked, said, pace):
        yield before + to_bytes(response) + b"\n"
        before = b",\r\n"
    yield b"]\n"


def count(model: str, request: Request) -> Reply:
    """POST …:countTokens, with the contents or with a whole request inside."""
    spent = question(model, request.body.get("generateContentRequest") or request.body).input_tokens
    return Reply({"totalTokens": spent, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": spent}]})


def embed(request: Request) -> Reply:
    """POST …:embedContent."""
    return Reply({"embedding": _embedding(request.body)})


def embed_many(request: Request) -> Reply:
    """POST …:batchEmbedContents."""
    return Reply({"embeddings": [_embedding(item) for item in request.body.get("requests", ())]})


def _embedding(body: Mapping[str, Any]) -> dict[str, Any]:
    if not _parts(body.get("content")):
        raise UpstreamError(400, "* EmbedContentRequest.content: contents is not specified\n")
    return {"values": embedding(_text(body["content"]), body.get("outputDimensionality") or SIZE)}
