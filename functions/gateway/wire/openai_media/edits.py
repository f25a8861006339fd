"""Changing pictures: https://platform.openai.com/docs/api-reference/images/createEdit, …/createVariation. Forms in; the answers are those of
making pictures (`images`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.usage import Usage
from gateway.wire.json_body import JsonBody
from gateway.wire.openai_media import images, multipart
from gateway.wire.openai_media.transcriptions import relay_body
from gateway.wire.reading import Peek

__all__ = ["most", "peek_edit", "peek_variation", "relay_body", "shown"]

_READ: Final = ("model", "prompt", "n", "size", "quality", "stream", "response_format")
_PICTURES: Final = frozenset(["image", "image[]"])
_FILES: Final = _PICTURES | {"mask"}
_MOST_FILES: Final = 17  # sixteen pictures and a mask
_MOST_MADE: Final = 10
# As much as a picture is billed for at high fidelity, rounded up: https://platform.openai.com/docs/guides/image-generation#cost-and-latency
_TOKENS_OF_ONE: Final = 8_192
_GIVEN, _SIZE = "images_given", "file_bytes"


def _peek(raw: bytes, *, prompt: bool) -> Peek:
    """Read the model; there must be a picture. `data` of the body are the fields, `n` as a number, how many files there are and their size."""
    form = multipart.read(raw, _READ)
    files, fields = [part for part in form.parts if part.file], form.fields()
    if not 1 <= len(files) <= _MOST_FILES or not {part.name for part in files} <= _FILES:
        raise InvalidRequest(
            "The form must have one or more files, in the fields 'image' or 'image[]', and 'mask'.", param="image"
        )
    if all(part.name not in _PICTURES for part in files) or any(part.span.start == part.span.end for part in files):
        raise InvalidRequest("The form must have a picture that is not empty, in the field 'image'.", param="image")
    model = fields.get("model", "").strip()
    if not model or len(model) > 256:
        raise InvalidRequest("The field 'model' must be a text of 1 to 256 characters.", param="model")
    if prompt and not fields.get("prompt"):
        raise InvalidRequest("The field 'prompt' must be a non-empty string.", param="prompt")
    data: dict[str, Any] = {**fields, "n": _made(fields), _GIVEN: len(files)}
    data[_SIZE] = sum(part.span.end - part.span.start for part in files)
    return Peek(JsonBody(raw, data, {}), model, stream=fields.get("stream", "").strip().lower() in {"true", "1"})


peek_edit: Final = partial(_peek, prompt=True)
peek_variation: Final = partial(_peek, prompt=False)


def _made(fields: Mapping[str, str]) -> int:
    text = fields.get("n", "1").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= number <= _MOST_MADE:
        raise InvalidRequest(f"The field 'n' must be an integer between 1 and {_MOST_MADE}.", param="n")
    return number


def shown(peeked: Peek) -> bytes:
    """What a log may keep of the request: its fields, and of the files their number and size."""
    return orjson.dumps(dict(peeked.body.data))


def most(data: Mapping[str, Any]) -> Usage:
    """As for pictures that are made, and what those that are given may be billed for."""
    given = data.get(_GIVEN)
    number = given if isinstance(given, int) else 1
    return replace(images.most(data), fresh=number * _TOKENS_OF_ONE, images_in=number)
