"""Google's Gemini API, as https://ai.google.dev/api/generate-content describes it.

Without `alt=sse` a stream is one JSON array that grows; with it, every event is a whole GenerateContentResponse and nothing says DONE.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from infra.local.demo_upstream.behaviour import Pace, UpstreamError
from infra.local.demo_upstream.speech import Answer, Question, Tool, answer, embedding, sign, tokens, words
from infra.local.demo_upstream.web import Reply, Request, new_id, to_bytes

MODELS = ("demo-gemini", "demo-gemini-embedding")
DIALECT = "gemini"
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
URL_SAFE = str.maketrans("-_", "+/")
USERS_OWN = {"args", "response", "parameters", "parametersJsonSchema", "responseSchema", "responseJsonSchema"}


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


def _camel(value: Any) -> Any:
    """The same with every field in camelCase: Google takes both spellings, and its Python client mixes them. Users' own JSON stays."""
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    named = {re.sub(r"_([a-z])", lambda found: found[1].upper(), name): item for name, item in value.items()}
    return {name: item if name in USERS_OWN else _camel(item) for name, item in named.items()}


def _parts(content: Any) -> list[Mapping[str, Any]]:
    parts = content.get("parts") if isinstance(content, Mapping) else None
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def _text(content: Any) -> str:
    return "\n".join(str(part["text"]) for part in _parts(content) if "text" in part)


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    declared = [item for tool in body.get("tools") or () for item in tool.get("functionDeclarations", ())]
    return tuple(
        Tool(str(item.get("name", "")), _lower(item.get("parameters") or item.get("parametersJsonSchema") or {}))
        for item in declared
    )


def _force(calling: Mapping[str, Any]) -> str | None:
    if calling.get("mode") != "ANY":
        return None
    allowed = calling.get("allowedFunctionNames") or ["any"]
    return str(allowed[0])


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


def _results(contents: Sequence[Mapping[str, Any]]) -> str | None:
    """The functions' answers in the newest content; UpstreamError 400 where they are not as many as the calls before them."""
    called = 0
    results: list[Mapping[str, Any]] = []
    for content in contents:
        parts = _parts(content)
        results = [part["functionResponse"] for part in parts if "functionResponse" in part]
        if len(results) != called:
            words = "the number of function response parts is equal to the number of function call parts"
            raise UpstreamError(400, f"Please ensure that {words} of the function call turn.")
        called = sum("functionCall" in part for part in parts)
    return "\n".join(_told(result.get("response")) for result in results) if results else None


def _told(response: Any) -> str:
    """What a function gave: its one member where that is text, else all of it as JSON."""
    values = list(response.values()) if isinstance(response, Mapping) else []
    return values[0] if len(values) == 1 and isinstance(values[0], str) else json.dumps(response, ensure_ascii=False)


def _check_signatures(contents: Sequence[Mapping[str, Any]]) -> None:
    """A signature must come back as it was given, or be one of the words Google documents for calls that it did not make.

    https://ai.google.dev/gemini-api/docs/thought-signatures
    """
    known = {sign(DIALECT, ""), "skip_thought_signature_validator", "context_engineering_is_the_way_to_go"}
    for part in (part for content in contents for part in _parts(content)):
        signature = part.get("thoughtSignature")
        # Bytes in JSON are base64 in either alphabet: https://protobuf.dev/programming-guides/json/
        if signature not in known and str(signature or "").translate(URL_SAFE) not in {"", *known}:
            raise UpstreamError(400, "Corrupted thought signature.")


def _held(contents: Sequence[Mapping[str, Any]], image: bool) -> int:
    """Pictures, or files of other kinds, also those inside the answers of functions."""
    parts = [part for content in contents for part in _parts(content)]
    parts += [inner for part in parts for inner in _parts(part.get("functionResponse"))]
    held = [part.get("inlineData") or part.get("fileData") for part in parts]
    return sum(str(media.get("mimeType", "image/")).startswith("image/") is image for media in held if media)


def _thinks(config: Mapping[str, Any]) -> bool | None:
    """Thoughts are shown when the client wants to see them; a budget of 0 switches them off."""
    thinking = config.get("thinkingConfig") or {}
    return False if thinking.get("thinkingBudget") == 0 else thinking.get("includeThoughts")


def question(model: str, body: Mapping[str, Any]) -> Question:
    """The question in a GenerateContent request; UpstreamError 400 when it is not one."""
    body = _camel(body)
    contents = body.get("contents")
    contents = [contents] if isinstance(contents, Mapping) else contents
    if not isinstance(contents, list) or not contents:
        raise UpstreamError(400, "* GenerateContentRequest.contents: contents is not specified\n")
    _check_signatures(contents)
    users = [_text(item) for item in contents if item.get("role", "user") == "user" and _text(item)]
    config = body.get("generationConfig") or {}
    calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    wants_json = config.get("responseMimeType") == "application/json"
    spent = sum(3 + tokens(_text(item)) for item in contents) + tokens(_text(body.get("systemInstruction")))
    return Question(
        model=model,
        last=users[-1] if users else "",
        input_tokens=spent + tokens(json.dumps(body.get("tools") or "")),
        tools=() if calling.get("mode") == "NONE" else _tools(body),
        force=_force(calling),
        tool_result=_results(contents),
        schema=_lower(config.get("responseSchema") or config.get("responseJsonSchema") or {}) if wants_json else None,
        max_tokens=config.get("maxOutputTokens"),
        stops=tuple(config.get("stopSequences") or ()),
        images=_held(contents, image=True),
        files=_held(contents, image=False),
        think=_thinks(config),
    )


def _response(asked: Question, parts: list[dict[str, Any]], said: Answer | None, identifier: str) -> dict[str, Any]:
    """One response object; `said` only in the last one, which carries the reason to stop and the full usage."""
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
    counted: dict[str, Any] = {"promptTokenCount": asked.input_tokens, "totalTokenCount": asked.input_tokens}
    if said is not None:
        candidate["finishReason"] = FINISH[said.ended]
        counted["candidatesTokenCount"] = said.output_tokens
        counted["totalTokenCount"] += said.output_tokens + said.thought_tokens
        if said.thought:
            counted["thoughtsTokenCount"] = said.thought_tokens
    if asked.cached_tokens:
        counted["cachedContentTokenCount"] = asked.cached_tokens
    counted["promptTokensDetails"] = [{"modality": "TEXT", "tokenCount": asked.input_tokens}]
    return {"candidates": [candidate], "usageMetadata": counted, "modelVersion": asked.model, "responseId": identifier}


def _call_parts(said: Answer) -> list[dict[str, Any]]:
    """Calls, without ids as this API often sends them; the first carries the signature of the thought before it."""
    parts: list[dict[str, Any]] = [{"functionCall": {"name": call.name, "args": call.arguments}} for call in said.calls]
    if said.thought:
        parts[0]["thoughtSignature"] = sign(DIALECT, "")
    return parts


def _all_parts(said: Answer) -> list[dict[str, Any]]:
    thought = [{"text": said.thought, "thought": True}] if said.thought else []
    if said.calls:
        return [*thought, *_call_parts(said)]
    signed = {"thoughtSignature": sign(DIALECT, "")} if said.thought else {}
    return [*thought, {"text": said.text, **signed}]


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
    """The answer in responses; the last one has the signature, the reason to stop and the full usage."""
    identifier = new_id("")
    try:
        async for word in pace.spaced(words(said.thought)):
            yield _response(asked, [{"text": word, "thought": True}], None, identifier)
        if said.calls:
            yield _response(asked, _call_parts(said), said, identifier)
            return
        pieces = list(words(said.text))
        async for word in pace.spaced(pieces[:-1]):
            yield _response(asked, [{"text": word}], None, identifier)
    except UpstreamError as fault:
        yield error(fault).body
        return
    last: dict[str, Any] = {"text": pieces[-1] if pieces else ""}
    if said.thought:
        last["thoughtSignature"] = sign(DIALECT, "")
    yield _response(asked, [last], said, identifier)


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
