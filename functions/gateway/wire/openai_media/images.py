"""Making pictures: https://platform.openai.com/docs/api-reference/images/create. Whole answers, or a stream of partial pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.errors import InvalidRequest
from gateway.neutral.usage import IMPOSSIBLE, Usage
from gateway.wire.json_body import flag_field, parse, text_field
from gateway.wire.openai_chat import response as chat_response
from gateway.wire.openai_embeddings.request import relay_body
from gateway.wire.reading import EventRelay, Peek, count, impossible, load_object

__all__ = ["ImagesRelay", "asked", "most", "peek", "relay_body", "text", "usage"]

_MOST: Final = 10
# https://platform.openai.com/docs/guides/image-generation#cost-and-latency
_TOKENS_OF_ONE: Final = 8_192
# Answers of compatible servers may hold more than was asked for; nobody is charged for more than this.
_MOST_COUNTED: Final = 100
_WORD: Final = re.compile(r"[0-9A-Za-z_-]{1,32}")


def peek(raw: bytes) -> Peek:
    """Read the model; `prompt` must be there."""
    body = parse(raw)
    model = text_field(body.data, "model")
    if not isinstance(body.data.get("prompt"), str) or not body.data["prompt"]:
        raise InvalidRequest("The field 'prompt' must be a non-empty string.", param="prompt")
    number = body.data.get("n")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= _MOST):
        raise InvalidRequest(f"The field 'n' must be an integer between 1 and {_MOST}.", param="n")
    return Peek(body, model, stream=flag_field(body.data, "stream"))


def asked(data: Mapping[str, Any]) -> Usage:
    """The pictures that are asked for, for a provider that tells no usage."""
    number = data.get("n")
    return Usage(images_out=number if isinstance(number, int) else 1, picture=_picture(data))


def _picture(data: Mapping[str, Any]) -> str:
    """Quality and size as they are said, "" where nothing is; `auto` says nothing."""
    said = (data.get(name) for name in ("quality", "size"))
    words = [word if isinstance(word, str) and word != "auto" and _WORD.fullmatch(word) else "" for word in said]
    return "/".join(words) if any(words) else ""


def most(data: Mapping[str, Any]) -> Usage:
    """The most that one of the pictures may take: the pictures, and the tokens of one (6,240 in high quality, and 100 for each partial one)."""
    return replace(asked(data), output=_TOKENS_OF_ONE)


def usage(body: Mapping[str, Any]) -> Usage | None:
    """Tokens, where the model is billed by them (`usage`), and how many pictures there are (`data`)."""
    pictures = body.get("data")
    made = min(len(pictures), _MOST_COUNTED) if isinstance(pictures, list) else 0
    if body.get("type") == "image_generation.completed":  # the last event of a stream; each picture has one
        made = 1
    data = body.get("usage")
    if impossible(data):
        return IMPOSSIBLE
    if not isinstance(data, Mapping) or not isinstance(data.get("input_tokens"), int):
        return Usage(images_out=made, picture=_picture(body), source="upstream") if made else None
    given, output = count(data, "input_tokens"), count(data, "output_tokens")
    parts = data.get("output_tokens_details")
    drawn = count(parts, "image_tokens") if isinstance(parts, Mapping) else output
    return Usage(
        fresh=given,
        output=output,
        image_input=min(given, count(data.get("input_tokens_details"), "image_tokens")),
        image_output=min(output, drawn),
        images_out=made,
        picture=_picture(body),
        source="upstream",
    )


def text(body: Mapping[str, Any]) -> str:
    """Pictures are no text."""
    del body
    return ""


class ImagesRelay(EventRelay):
    """Sideways reader of a stream of pictures: `image_generation.partial_image`, then `image_generation.completed` with the usage.

    https://platform.openai.com/docs/api-reference/images-streaming
    """

    markers = (b"image_generation.completed", b'"error"')

    def look(self, data: bytes) -> bool:
        """Learn the usage and the end; of several pictures each has both."""
        event = load_object(data)
        if event is None:
            return True
        self.note_error(chat_response.error(event), data)
        if event.get("type") == "image_generation.completed":
            self.finished = True
            self.usage = _sum(self.usage, usage(event))
        return True

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """See `EventRelay`: a picture, whole or in part."""
        del name
        event = load_object(data)
        return None if event is None else bool(event.get("b64_json"))

    def words(self, event: Mapping[str, Any]) -> str:
        """Pictures are no text."""
        del event
        return ""


def _sum(one: Usage | None, other: Usage | None) -> Usage | None:
    if one is None or other is None:
        return one or other
    return Usage(
        fresh=one.fresh + other.fresh,
        output=one.output + other.output,
        image_input=one.image_input + other.image_input,
        image_output=one.image_output + other.image_output,
        images_out=one.images_out + other.images_out,
        picture=one.picture if one.picture == other.picture else "",
        source="impossible" if "impossible" in {one.source, other.source} else "upstream",
    )
