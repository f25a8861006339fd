"""Parts of a client's contents, as blocks. https://ai.google.dev/api/caching#Part

Calls and results may lack ids: those of calls are made of their place in the conversation, results find theirs by name, oldest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import Block, Media, MediaKind, Opaque, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.wire.gemini.fields import DIALECT, extras, flag, members, name_of, path, words, wrong
from gateway.wire.signatures import opened

_DATA: Final = ("text", "inlineData", "fileData", "functionCall", "functionResponse")
_ABOUT: Final = frozenset(["thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata", *_DATA])
_STANDARD: Final = str.maketrans("-_", "+/")
_OWN_FILES: Final = ("gs://", "files/", "https://generativelanguage.googleapis.com/")
REDACTED: Final = "redacted."
"""Stands before the data of a sealed signature whose thought was withheld: a part has no other place for that."""


class PartsReader:
    """Reads the parts of one conversation, in order: what a call was named decides whose result a result is."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}
        self._seen: set[str] = set()
        self._count = 0

    def read(self, value: Any, at: str) -> Block:
        """The block of one part; InvalidRequest names the field that is wrong."""
        part = members(value, at)
        kinds = [name for name in part if name not in _ABOUT or name in _DATA]
        if len(kinds) > 1:
            raise wrong(at, f"one kind of part, not {' and '.join(kinds)[:100]}")
        if not kinds and "thoughtSignature" not in part:
            raise wrong(at, "a part with data in it (text, inlineData, functionCall, …)")
        kind = kinds[0] if kinds else "text"
        if kind == "text":
            return _text(part, at)
        if kind == "functionCall":
            return self._call(part, at)
        if kind == "functionResponse":
            return self._result(part, at)
        if kind in ("inlineData", "fileData"):
            return media(part, kind, at)
        return Opaque(DIALECT, kind, value, at)

    def _call(self, part: Mapping[str, Any], at: str) -> ToolCall:
        where = path(at, "functionCall")
        call = members(part["functionCall"], where)
        name = name_of(call, "name", where)
        given = words(call, "id", where)
        self._count += 1
        made = given or f"call_{self._count}_{name}"
        if made in self._seen:
            raise InvalidRequest(f"The id of '{where}' is that of another call.", param=path(where, "id"))
        self._seen.add(made)
        self._open[made] = name
        args = call.get("args", {})
        if not isinstance(args, dict):
            raise wrong(path(where, "args"), "an object")
        rest = {key: call[key] for key in call if key not in ("name", "id", "args")}
        text = orjson.dumps(args).decode()
        return ToolCall(made, name, text, signature=signature(part, at), extras=extras(rest), at=where)

    def _result(self, part: Mapping[str, Any], at: str) -> ToolResult:
        where = path(at, "functionResponse")
        result = members(part["functionResponse"], where)
        name = name_of(result, "name", where)
        found = self._asked(words(result, "id", where), name)
        if found is None:
            raise InvalidRequest(f"'{where}' answers no call of '{name[:128]}' in the conversation.", param=where)
        self._open.pop(found, None)
        response = result.get("response", {})
        if not isinstance(response, dict):
            raise wrong(path(where, "response"), "an object")
        blocks, is_error = _outcome(response)
        more = _more(result.get("parts", []), path(where, "parts"))
        rest = {key: result[key] for key in result if key not in ("name", "id", "response", "parts")}
        return ToolResult(found, (*blocks, *more), is_error, name, extras=extras(rest), at=where)

    def _asked(self, given: str | None, name: str) -> str | None:
        if given in self._seen:
            return given
        return next((one for one, called in self._open.items() if called == name), None)


def signature(part: Mapping[str, Any], at: str) -> Signature | None:
    """The part's signature, out of its envelope; clients hand base64 back in either alphabet."""
    value = words(part, "thoughtSignature", at)
    if not value:
        return None
    found = opened(value.translate(_STANDARD), DIALECT)
    return Signature(DIALECT, value) if found.dialect == DIALECT else found


def _text(part: Mapping[str, Any], at: str) -> Text | Thinking:
    value = words(part, "text", at) or ""
    proof = signature(part, at)
    about = extras({name: part[name] for name in ("partMetadata",) if name in part})
    if flag(part, "thought", at):
        return _thought(value, proof, at)
    if proof is not None and not value:
        return Thinking("", proof, at=at)
    return Text(value, extras=about, at=at)


def _thought(value: str, proof: Signature | None, at: str) -> Thinking:
    if proof is not None and proof.dialect != DIALECT and proof.data.startswith(REDACTED):
        bare = Signature(proof.dialect, proof.data.removeprefix(REDACTED))
        return Thinking(value, bare, redacted=True, at=at)
    return Thinking(value, proof, at=at)


def media(part: Mapping[str, Any], kind: str, at: str) -> Media:
    """An `inlineData` or `fileData` part."""
    where = path(at, kind)
    data = members(part[kind], where)
    name = words(data, "displayName", where)
    about = extras({key: part[key] for key in ("videoMetadata", "mediaResolution", "partMetadata") if key in part})
    if kind == "inlineData":
        mime = name_of(data, "mimeType", where)
        return Media(media_kind(mime), mime, standard(name_of(data, "data", where)), name=name, extras=about, at=where)
    uri = name_of(data, "fileUri", where)
    given = words(data, "mimeType", where)
    found = media_kind(given or ("video/" if "youtu" in uri else ""))
    if uri.startswith(_OWN_FILES) or not uri.startswith(("https://", "http://")):
        return Media(found, given, file_id=uri, file_dialect=DIALECT, name=name, extras=about, at=where)
    return Media(found, given, url=uri, name=name, extras=about, at=where)


def media_kind(mime: str) -> MediaKind:
    """What a media type is, coarsely."""
    head = mime.partition("/")[0].lower()
    if head == "image":
        return "image"
    if head == "audio":
        return "audio"
    return "video" if head == "video" else "document"


def standard(data: str) -> str:
    """Base64 in the standard alphabet, padded: protobuf's JSON form takes either."""
    if "-" in data or "_" in data:
        data = data.translate(_STANDARD)
    return data + "=" * (-len(data) % 4)


def _outcome(response: Mapping[str, Any]) -> tuple[tuple[Text, ...], bool | None]:
    """What a tool gave. Google's words for it are `output` and `error`; any other object is the output itself."""
    if len(response) == 1:
        (key, value) = next(iter(response.items()))
        if key in ("output", "result", "error"):
            return _texts(value), True if key == "error" else None
    return (Text(orjson.dumps(response).decode()),) if response else (), None


def _texts(value: Any) -> tuple[Text, ...]:
    if isinstance(value, str):
        return (Text(value),)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(Text(one) for one in value)
    return (Text(orjson.dumps(value).decode()),)


def _more(value: Any, at: str) -> tuple[Media | Opaque, ...]:
    """Media of a result."""
    if not isinstance(value, list):
        raise wrong(at, "an array")
    found: list[Media | Opaque] = []
    for index, one in enumerate(value):
        where = f"{at}[{index}]"
        part = members(one, where)
        kind = next((name for name in ("inlineData", "fileData") if name in part), None)
        found.append(media(part, kind, where) if kind else Opaque(DIALECT, next(iter(part), "empty"), one, where))
    return tuple(found)
