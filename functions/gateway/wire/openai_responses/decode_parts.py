"""Parts of a message or of a tool's output in a client's request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.neutral.blocks import NO_EXTRAS, CacheMark, Extras, Media, Opaque, Refusal, Text
from gateway.wire.openai_chat import fields
from gateway.wire.openai_responses.names import DIALECT

Part = Text | Media | Refusal | Opaque
_MARK: Final = "prompt_cache_breakpoint"
_TEXT: Final = frozenset(["type", "text", "annotations", "logprobs", _MARK])
_IMAGE: Final = frozenset(["type", "image_url", "file_id", "detail", _MARK])
_FILE: Final = frozenset(["type", "file_data", "file_id", "file_url", "filename", _MARK])
_AUDIO: Final = {"wav": "audio/wav", "mp3": "audio/mpeg"}


def content(value: Any, at: str) -> tuple[Part, ...]:
    """A string, or an array of parts."""
    if isinstance(value, str):
        return (Text(value, at=at),) if value else ()
    if not isinstance(value, list):
        fields.refuse(at, "must be a string or an array")
    return tuple(_part(fields.entry(one, f"{at}[{number}]"), f"{at}[{number}]") for number, one in enumerate(value))


def _part(held: Mapping[str, Any], at: str) -> Part:
    kind = fields.name_of(held, "type", at)
    reader = _READERS.get(kind)
    return Opaque(DIALECT, kind, held, at) if reader is None else reader(held, at)


def _text(held: Mapping[str, Any], at: str) -> Text:
    said = held.get("text")
    if not isinstance(said, str):
        fields.refuse(f"{at}.text", "must be a string")
    extras = _rest(held, _TEXT)
    if held.get("annotations"):
        extras = {DIALECT: {**extras.get(DIALECT, {}), "annotations": held["annotations"]}}
    return Text(said, _cache(held, at), extras=extras, at=at)


def _refusal(held: Mapping[str, Any], at: str) -> Refusal:
    return Refusal(fields.text(held, "refusal", at) or "", at=at)


def _image(held: Mapping[str, Any], at: str) -> Media:
    detail = fields.text(held, "detail", at)
    bare = Media("image", detail=detail, cache=_cache(held, at), extras=_rest(held, _IMAGE), at=at)
    url, stored = fields.text(held, "image_url", at), fields.text(held, "file_id", at)
    if not url:
        if not stored:
            fields.refuse(f"{at}.image_url", "is missing")
        return replace(bare, file_id=stored, file_dialect=DIALECT)
    media_type, data = _inline(url)
    return replace(bare, url=url) if data is None else replace(bare, media_type=media_type, data=data)


def _file(held: Mapping[str, Any], at: str) -> Media:
    name = fields.text(held, "filename", at)
    bare = Media("document", name=name, cache=_cache(held, at), extras=_rest(held, _FILE), at=at)
    data, url = fields.text(held, "file_data", at), fields.text(held, "file_url", at)
    if data:
        media_type, inner = _inline(data)
        return replace(bare, media_type=media_type, data=data if inner is None else inner)
    if url:
        return replace(bare, url=url)
    stored = fields.text(held, "file_id", at)
    if not stored:
        fields.refuse(f"{at}.file_data", "is missing")
    return replace(bare, file_id=stored, file_dialect=DIALECT)


def _audio(held: Mapping[str, Any], at: str) -> Media:
    inner = fields.mapping(held, "input_audio", at)
    if inner is None:
        fields.refuse(f"{at}.input_audio", "must be an object")
    data = fields.name_of(inner, "data", f"{at}.input_audio")
    shape = fields.name_of(inner, "format", f"{at}.input_audio")
    return Media("audio", _AUDIO.get(shape, f"audio/{shape}"), data, at=at)


def _inline(url: str) -> tuple[str | None, str | None]:
    """Media type and base64 text of a data URL; (None, None) for any other."""
    if not url.startswith("data:"):
        return None, None
    head, comma, data = url.partition(",")
    if not comma or not head.endswith(";base64"):
        return None, None
    return head[5:-7].partition(";")[0] or None, data


def _cache(held: Mapping[str, Any], at: str) -> CacheMark | None:
    """OpenAI's lifetimes (30m, 12h) are none of the neutral ones: the vendor's default stands for them."""
    return None if fields.mapping(held, _MARK, at) is None else CacheMark()


def _rest(held: Mapping[str, Any], known: frozenset[str]) -> Extras:
    more = fields.rest(held, known)
    return {DIALECT: more} if more else NO_EXTRAS


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any], str], Part]]] = {
    "input_text": _text,
    "output_text": _text,
    "text": _text,
    "refusal": _refusal,
    "input_image": _image,
    "input_file": _file,
    "input_audio": _audio,
}
