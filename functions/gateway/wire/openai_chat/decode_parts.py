"""Parts of a message's content: text, image_url, input_audio, file, refusal, and the compatible vendors' video_url."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.neutral.blocks import NO_EXTRAS, Block, CacheMark, Extras, Media, Opaque, Refusal, Text
from gateway.wire.openai_chat import fields
from gateway.wire.openai_chat.thoughts import DIALECT

_TTLS: Final = frozenset(["5m", "1h"])
_AUDIO: Final = {"wav": "audio/wav", "mp3": "audio/mpeg"}
_DOCUMENT: Final = "application/pdf"
_BASE64: Final = (string.ascii_letters + string.digits + "+/").encode()


def part(entry: Mapping[str, Any], at: str) -> Block:
    """One part as a block; one of an unknown type stays as it is."""
    kind = fields.name_of(entry, "type", at)
    reader = _PARTS.get(kind)
    return reader(entry, at) if reader is not None else Opaque(DIALECT, kind, entry, at)


def cache_mark(entry: Mapping[str, Any], at: str) -> CacheMark | None:
    """Anthropic's `cache_control`, which OpenRouter and LiteLLM take on parts."""
    held = fields.mapping(entry, "cache_control", at)
    if held is None:
        return None
    if held.get("type") != "ephemeral":
        fields.refuse(f"{at}.cache_control.type", "must be ephemeral")
    ttl = fields.text(held, "ttl", f"{at}.cache_control")
    if ttl is not None and ttl not in _TTLS:
        fields.refuse(f"{at}.cache_control.ttl", "must be 5m or 1h")
    return CacheMark(ttl)


def split_data_uri(url: str, at: str) -> tuple[str, str]:
    """Media type and base64 data of a data: URI (RFC 2397); InvalidRequest when it is none or not base64."""
    head, comma, data = url[5:].partition(",")
    media_type, _, coding = head.rpartition(";")
    if not comma or coding.strip().lower() != "base64":
        fields.refuse(at, "must be a data: URI in base64 (data:<media type>;base64,<data>)")
    if not data:
        fields.refuse(at, "holds no data")
    return media_type.partition(";")[0].strip().lower(), checked(data, at)


def checked(data: str, at: str) -> str:
    """Base64 that decodes; InvalidRequest otherwise."""
    bare = data.rstrip("=")
    padding = len(data) - len(bare)
    # Half the time of decoding it, which matters for pictures of megabytes.
    if not bare.isascii() or len(data) % 4 or padding > 2 or bare.encode().translate(None, _BASE64):
        fields.refuse(at, "is not valid base64")
    return data


def _extras(entry: Mapping[str, Any], *known: str) -> Extras:
    more = fields.rest(entry, ("type", "cache_control", *known))
    return {DIALECT: more} if more else NO_EXTRAS


def _text(entry: Mapping[str, Any], at: str) -> Block:
    said = entry.get("text")
    if not isinstance(said, str):
        fields.refuse(f"{at}.text", "must be a string")
    return Text(said, cache_mark(entry, at), extras=_extras(entry, "text"), at=at)


def _refusal(entry: Mapping[str, Any], at: str) -> Block:
    said = entry.get("refusal")
    if not isinstance(said, str):
        fields.refuse(f"{at}.refusal", "must be a string")
    return Refusal(said, _extras(entry, "refusal"), at)


def _located(entry: Mapping[str, Any], name: str, at: str) -> tuple[Mapping[str, Any], str, str]:
    """The object that holds a URL (a bare string is one too), the URL, and its path."""
    held = entry.get(name)
    if isinstance(held, str):
        held = {"url": held}
    if not isinstance(held, dict):
        fields.refuse(f"{at}.{name}", "must be an object with a url")
    where = f"{at}.{name}.url"
    url = fields.name_of(held, "url", f"{at}.{name}")
    if not url[:8].lower().startswith(("data:", "https://", "http://")):
        fields.refuse(where, "must be an http(s) URL or a data: URI")
    return held, url, where


def _image(entry: Mapping[str, Any], at: str) -> Block:
    held, url, where = _located(entry, "image_url", at)
    detail = fields.text(held, "detail", f"{at}.image_url")
    mark, extras = cache_mark(entry, at), _extras(entry, "image_url")
    if url[:5].lower() != "data:":
        return Media("image", url=url, detail=detail, cache=mark, extras=extras, at=at)
    media_type, data = split_data_uri(url, where)
    if not media_type.startswith("image/"):
        fields.refuse(where, "must hold an image")
    return Media("image", media_type, data, detail=detail, cache=mark, extras=extras, at=at)


def _video(entry: Mapping[str, Any], at: str) -> Block:
    _, url, where = _located(entry, "video_url", at)
    mark, extras = cache_mark(entry, at), _extras(entry, "video_url")
    if url[:5].lower() != "data:":
        return Media("video", url=url, cache=mark, extras=extras, at=at)
    media_type, data = split_data_uri(url, where)
    return Media("video", media_type, data, cache=mark, extras=extras, at=at)


def _audio(entry: Mapping[str, Any], at: str) -> Block:
    held = fields.mapping(entry, "input_audio", at)
    where = f"{at}.input_audio"
    if held is None:
        fields.refuse(where, "must be an object")
    data = checked(fields.name_of(held, "data", where), f"{where}.data")
    shape = fields.name_of(held, "format", where)
    mark = cache_mark(entry, at)
    return Media(
        "audio", _AUDIO.get(shape, f"audio/{shape}"), data, cache=mark, extras=_extras(entry, "input_audio"), at=at
    )


def _file(entry: Mapping[str, Any], at: str) -> Block:
    held = fields.mapping(entry, "file", at)
    where = f"{at}.file"
    if held is None:
        fields.refuse(where, "must be an object")
    name = fields.text(held, "filename", where)
    mark, extras = cache_mark(entry, at), _extras(entry, "file")
    file_id, content = fields.text(held, "file_id", where), fields.text(held, "file_data", where)
    if bool(file_id) == bool(content):
        fields.refuse(where, "must have either file_data or file_id")
    if file_id:
        return Media("document", file_id=file_id, file_dialect=DIALECT, name=name, cache=mark, extras=extras, at=at)
    assert content is not None
    if content[:8].lower().startswith(("https://", "http://")):
        return Media("document", url=content, name=name, cache=mark, extras=extras, at=at)
    if content[:5].lower() == "data:":
        media_type, data = split_data_uri(content, f"{where}.file_data")
    else:
        media_type, data = _DOCUMENT, checked(content, f"{where}.file_data")
    return Media("document", media_type or _DOCUMENT, data, name=name, cache=mark, extras=extras, at=at)


_PARTS: Final[Mapping[str, Callable[[Mapping[str, Any], str], Block]]] = {
    "text": _text,
    "refusal": _refusal,
    "image_url": _image,
    "video_url": _video,
    "input_audio": _audio,
    "file": _file,
}
