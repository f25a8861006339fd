"""Speaking a text: https://platform.openai.com/docs/api-reference/audio/createSpeech. The answer is sound, or (`stream_format: sse`) events."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import InvalidRequest
from gateway.neutral.usage import IMPOSSIBLE, Usage
from gateway.wire.json_body import parse, text_field
from gateway.wire.openai_chat import response as chat_response
from gateway.wire.openai_embeddings.request import relay_body
from gateway.wire.reading import EventRelay, Peek, count, impossible, load_object

__all__ = ["SpeechRelay", "asked", "most", "peek", "relay_body", "text", "usage"]

# How fast people speak, and what a second of sound is in tokens: $0.015 a minute at $12 per million, https://platform.openai.com/docs/pricing.
_CHARACTERS_PER_SECOND: Final = 12
_TOKENS_PER_SECOND: Final = 21
_SLOWEST: Final = 0.25
# Characters of the word for a figure (`777` has 26 of them), and as long as that is a sign of Chinese.
_LONGEST_SIGN: Final = 9
_LETTERS: Final = re.compile(r"[^\d\u1100-\U0010ffff]+")


def peek(raw: bytes) -> Peek:
    """Read the model; `input` must be a text."""
    body = parse(raw)
    model = text_field(body.data, "model")
    if not isinstance(body.data.get("input"), str) or not body.data["input"]:
        raise InvalidRequest("The field 'input' must be a non-empty string.", param="input")
    form = body.data.get("stream_format")
    if form not in (None, "audio", "sse"):
        raise InvalidRequest("The field 'stream_format' must be 'audio' or 'sse'.", param="stream_format")
    return Peek(body, model, stream=True)


def asked(data: Mapping[str, Any]) -> Usage:
    """What is known before, and all there is where the answer is sound: the characters, and an estimate of the sound's length and tokens."""
    characters = len(_input(data))
    return _spoken(characters, -(-characters // _CHARACTERS_PER_SECOND))


def most(data: Mapping[str, Any]) -> Usage:
    """Nobody speaks at less than a third of the usual speed, unless that is asked for; figures and signs of whole words are spoken as words."""
    text = _input(data)
    written = len(text) + (_LONGEST_SIGN - 1) * (len(text) - sum(map(len, _LETTERS.findall(text))))
    return _spoken(len(text), math.ceil(3 * written / _CHARACTERS_PER_SECOND / _speed(data)))


def _input(data: Mapping[str, Any]) -> str:
    found = data.get("input")
    return found if isinstance(found, str) else ""


def _spoken(characters: int, seconds: int) -> Usage:
    tokens = seconds * _TOKENS_PER_SECOND
    return Usage(characters=characters, audio_ms_out=seconds * 1000, output=tokens, audio_output=tokens)


def _speed(data: Mapping[str, Any]) -> float:
    """At most 1."""
    speed = data.get("speed")
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        return 1.0
    return max(_SLOWEST, min(1.0, speed))


def usage(body: Mapping[str, Any]) -> Usage | None:
    """`usage` of the last event, `speech.audio.done`."""
    data = body.get("usage")
    if impossible(data):
        return IMPOSSIBLE
    if not isinstance(data, Mapping) or not isinstance(data.get("input_tokens"), int):
        return None
    spoken = count(data, "output_tokens")
    return Usage(fresh=count(data, "input_tokens"), output=spoken, audio_output=spoken, source="upstream")


def text(body: Mapping[str, Any]) -> str:
    """Sound is no text."""
    del body
    return ""


class SpeechRelay(EventRelay):
    """Sideways reader of spoken events: https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event"""

    markers = (b"speech.audio.done", b'"error"')

    def look(self, data: bytes) -> bool:
        """Learn the usage and the end."""
        event = load_object(data)
        if event is None:
            return True
        self.note_error(chat_response.error(event), data)
        if event.get("type") == "speech.audio.done":
            self.finished, self.usage = True, usage(event)
        return True

    def shows(self, name: bytes, data: bytes) -> bool | None:
        """See `EventRelay`: a piece of sound."""
        del name
        event = load_object(data)
        return None if event is None else bool(event.get("audio"))

    def words(self, event: Mapping[str, Any]) -> str:
        """Sound is no text."""
        del event
        return ""
