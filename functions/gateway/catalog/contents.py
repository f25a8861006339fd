"""What of a request's body a model reads: its texts, and how many messages, names, pictures and tools. Pure, for any JSON whatever.

Pictures and files are counted, not read: their base64 is no text. What is not understood is passed over; an estimate must not fail.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.catalog.attached import SOUNDS, Attached, Attachments

_MAX_DEPTH = 50
# Members of content blocks that are addresses, keys or data, not something a model reads.
_UNREAD = frozenset(
    {"type", "id", "call_id", "tool_call_id", "tool_use_id", "cache_control", "status", "signature", "thoughtSignature"}
    | {"thought_signature", "encrypted_content", "media_type", "toolUseId", "redactedContent"}
)
_IMAGES = frozenset(
    {"image_url", "image", "input_image", "inlineData", "inline_data", "fileData", "file_data"}
    | {"computer_screenshot", "image_generation_call"}
)
_FILES = frozenset({"file", "input_file", "document"}) | SOUNDS
# Members that hold a file whatever the block's type says.
_GOOGLE = frozenset({"inlineData", "inline_data", "fileData", "file_data"})
_ATTACHED = _IMAGES | _FILES
# Blocks and items that hold nothing but ciphers and references.
_SILENT = frozenset({"redacted_thinking", "item_reference", "compaction"})
_WHOLE = _IMAGES | _FILES | _SILENT


@dataclass(frozen=True, slots=True)
class Contents:
    """`texts` in the order they appear; `tokens` are those already counted (token arrays); `tools` are `{name, description, parameters}`."""

    texts: tuple[str, ...]
    tools: tuple[Mapping[str, Any], ...]
    messages: int
    names: int
    images: int
    images_low: int
    files: int
    tokens: int
    attached: Attached = Attached()


class _Reader:
    """Collects what will be a `Contents`."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.tools: list[Mapping[str, Any]] = []
        self.messages = self.names = self.images = self.images_low = self.files = self.tokens = 0
        self.attachments = Attachments()

    def done(self) -> Contents:
        """The collection, unchangeable."""
        return Contents(
            texts=tuple(self.texts),
            tools=tuple(self.tools),
            messages=self.messages,
            names=self.names,
            images=self.images,
            images_low=self.images_low,
            files=self.files,
            tokens=self.tokens,
            attached=self.attachments.done(),
        )

    def read(self, value: Any, depth: int = 0) -> None:
        """Collect every text under a value, whatever its shape; pictures and files by number."""
        if isinstance(value, str):
            self.texts.append(value)
        elif depth < _MAX_DEPTH and isinstance(value, list):
            for item in value:
                self.read(item, depth + 1)
        elif depth < _MAX_DEPTH and isinstance(value, Mapping):
            self._block(value, depth)

    def _block(self, block: Mapping[str, Any], depth: int) -> None:
        kinds = {block["type"]} if isinstance(block.get("type"), str) else set(block)
        if not _GOOGLE.isdisjoint(block):
            kinds |= {name for name in _GOOGLE if isinstance(block.get(name), Mapping)}
        if not _ATTACHED.isdisjoint(kinds) and not _is_text_document(block):
            self._file(block, kinds)
        elif _SILENT.isdisjoint(kinds):
            self._members(block, depth)

    def _file(self, block: Mapping[str, Any], kinds: set[str]) -> None:
        self.attachments.add(block, kinds)
        if _IMAGES.isdisjoint(kinds):
            self.files += 1
            return
        low = "low" in {block.get("detail"), _member(block, "image_url", "detail")}
        self.images_low += low
        self.images += not low

    def _members(self, block: Mapping[str, Any], depth: int) -> None:
        for name, value in block.items():
            if name in {"input", "args", "response", "arguments"} and not isinstance(value, str):
                self.texts.append(_compact(value))
            elif name not in _UNREAD:
                self.read(value, depth + 1)


def _member(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _is_text_document(block: Mapping[str, Any]) -> bool:
    """Anthropic's documents may be plain text or content blocks."""
    return block.get("type") == "document" and _member(block, "source", "type") in {"text", "content"}


def _compact(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return ""


def _items(value: Any) -> Iterable[Mapping[str, Any]]:
    return (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()


def _messages(found: _Reader, messages: Any) -> None:
    """Chat's and Anthropic's messages, and the items of Responses, which may be calls, results, thoughts and pictures by themselves."""
    for message in _items(messages):
        found.messages += 1
        found.names += isinstance(message.get("name"), str)
        kind = message.get("type")
        if isinstance(kind, str) and kind in _WHOLE:
            found.read(message)
            continue
        for name, value in message.items():
            if name == "audio" and isinstance(value, Mapping):
                found.attachments.add(value, {name})  # an earlier answer, by its id
            elif name not in _UNREAD:
                found.read(value)


def _openai_tools(found: _Reader, tools: Any, depth: int = 0) -> None:
    """Functions and custom tools in the form of Chat and of Responses, whose namespaces hold tools again."""
    for tool in _items(tools):
        function = tool.get("function", tool.get("custom", tool))
        if isinstance(function, Mapping):
            found.tools.append(function)
            if isinstance(function.get("format"), Mapping):
                found.texts.append(_compact(function["format"]))
        if "tools" in tool and depth < _MAX_DEPTH:
            _openai_tools(found, tool["tools"], depth + 1)


def _openai_chat(found: _Reader, body: Mapping[str, Any]) -> None:
    _messages(found, body.get("messages"))
    _openai_tools(found, body.get("tools"))
    _openai_tools(found, body.get("functions"))
    schema = _member(body, "response_format", "json_schema")
    if schema is not None:
        found.texts.append(_compact(schema))


def _openai_responses(found: _Reader, body: Mapping[str, Any]) -> None:
    found.read(body.get("instructions"))
    given = body.get("input")
    if isinstance(given, str):
        found.messages += 1
        found.read(given)
    _messages(found, given)
    _openai_tools(found, body.get("tools"))
    schema = _member(body, "text", "format", "schema")
    if schema is not None:
        found.texts.append(_compact(schema))


def _openai_embeddings(found: _Reader, body: Mapping[str, Any]) -> None:
    """Text, a list of texts, a list of tokens, or a list of those lists."""
    given = body.get("input")
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, int):
            found.tokens += 1
        elif isinstance(item, list):
            found.tokens += sum(isinstance(token, int) for token in item)
        else:
            found.read(item)


def _openai_completions(found: _Reader, body: Mapping[str, Any]) -> None:
    """A prompt has the forms that the input of Embeddings has."""
    _openai_embeddings(found, {"input": body.get("prompt")})
    found.read(body.get("suffix"))


def _openai_moderations(found: _Reader, body: Mapping[str, Any]) -> None:
    """Text, texts, or parts with text and pictures."""
    given = body.get("input")
    for item in given if isinstance(given, list) else [given]:
        found.read(item)


def _openai_images(found: _Reader, body: Mapping[str, Any]) -> None:
    found.read(body.get("prompt"))


def _openai_speech(found: _Reader, body: Mapping[str, Any]) -> None:
    found.read(body.get("input"))
    found.read(body.get("instructions"))


def _rerank(found: _Reader, body: Mapping[str, Any]) -> None:
    """The query is read once with each document."""
    documents = body.get("documents")
    for document in documents if isinstance(documents, list) else ():
        found.read(body.get("query"))
        found.read(document)


def _anthropic_messages(found: _Reader, body: Mapping[str, Any]) -> None:
    found.read(body.get("system"))
    _messages(found, body.get("messages"))
    for tool in _items(body.get("tools")):
        found.tools.append(_tool(tool, tool.get("input_schema")))
    schema = _member(body, "output_config", "format", "schema") or _member(body, "output_format", "schema")
    if schema is not None:
        found.texts.append(_compact(schema))


def _tool(tool: Mapping[str, Any], parameters: Any) -> Mapping[str, Any]:
    return {"name": tool.get("name", ""), "description": tool.get("description"), "parameters": parameters}


def _either(value: Any, *names: str) -> Any:
    """The first member that is there: Google's API takes its field names in camelCase and in snake_case."""
    return (
        next((value[name] for name in names if value.get(name) is not None), None)
        if isinstance(value, Mapping)
        else None
    )


def _gemini(found: _Reader, body: Mapping[str, Any]) -> None:
    """A request, or one inside a request to count its tokens, or what is to be embedded: an operation's dialect is that of its path."""
    if "contents" not in body:
        _gemini_embeddings(found, body)
    inner = _either(body, "generateContentRequest", "generate_content_request")
    body = inner if isinstance(inner, Mapping) else body
    found.read(_member(_either(body, "systemInstruction", "system_instruction"), "parts"))
    contents = body.get("contents")
    for content in _items(contents if isinstance(contents, list) else [contents]):
        found.messages += 1
        found.read(content.get("parts"))
    for tool in _items(body.get("tools")):
        for declared in _items(_either(tool, "functionDeclarations", "function_declarations")):
            schema = _either(declared, "parameters", "parametersJsonSchema", "parameters_json_schema")
            found.tools.append(_tool(declared, schema))
    config = _either(body, "generationConfig", "generation_config")
    names = ("responseSchema", "response_schema", "responseJsonSchema", "response_json_schema")
    schema = _either(config, *names)
    if schema is not None:
        found.texts.append(_compact(schema))


def _bedrock_converse(found: _Reader, body: Mapping[str, Any]) -> None:
    found.read(body.get("system"))
    _messages(found, body.get("messages"))
    for tool in _items(_member(body, "toolConfig", "tools")):
        specified = tool.get("toolSpec")
        if isinstance(specified, Mapping):
            found.tools.append(_tool(specified, _member(specified, "inputSchema", "json")))


def _gemini_embeddings(found: _Reader, body: Mapping[str, Any]) -> None:
    for request in [body, *_items(body.get("requests"))]:
        found.read(_member(request, "content", "parts"))


_READERS: Mapping[str, Callable[[_Reader, Mapping[str, Any]], None]] = {
    "openai_chat": _openai_chat,
    "openai_responses": _openai_responses,
    "openai_completions": _openai_completions,
    "openai_embeddings": _openai_embeddings,
    "openai_images": _openai_images,
    "openai_moderations": _openai_moderations,
    "openai_speech": _openai_speech,
    "openai_transcriptions": _openai_images,
    "rerank": _rerank,
    "anthropic_messages": _anthropic_messages,
    "gemini": _gemini,
    "gemini_embeddings": _gemini_embeddings,
    "bedrock_converse": _bedrock_converse,
}


def contents(dialect: str, body: Any) -> Contents:
    """What a model reads of a request in `dialect`; KeyError for a dialect without a reader."""
    found = _Reader()
    reader = _READERS[dialect]
    if isinstance(body, Mapping):
        reader(found, body)
    return found.done()
