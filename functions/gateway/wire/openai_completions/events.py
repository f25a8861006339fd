"""Streams of text completions as events and back, for whoever looks at an answer on its way: nothing else translates them.

https://platform.openai.com/docs/api-reference/completions/object. An event has `choices[].text`; the last of a choice has its `finish_reason`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Text
from gateway.neutral.losses import Loss
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockStart,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Started,
    Stop,
)
from gateway.wire import sse
from gateway.wire.openai_chat import errors
from gateway.wire.reading import load_object

_DONE: Final = b"[DONE]"
_DIALECT: Final = "openai_completions"
_FRAME: Final = ("id", "object", "created", "model", "system_fingerprint")


class TextDecoder:
    """See `wire.codec.StreamDecoder`. What frames an event and the usage as it was written go along in the `extras` of the end."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._frame: dict[str, Any] = {}
        self._usage: Any = None
        self._open: set[int] = set()
        self._over = False

    @property
    def may_end(self) -> bool:
        """See `StreamDecoder`."""
        return False

    def feed(self, chunk: bytes) -> list[Event]:
        """See `StreamDecoder.feed`."""
        events: list[Event] = []
        for event in sse.split(sse.gather(self._held, chunk)):
            data = sse.fields(event)[1]
            if data and not self._over:
                events += self._read(data)
        return events

    def close(self) -> list[Event]:
        """See `StreamDecoder.close`."""
        if self._over:
            return []
        self._over = True
        return [Failed("The provider's stream ended before it was complete.", code="upstream_cut")]

    def _read(self, data: bytes) -> list[Event]:
        if data.startswith(_DONE):
            self._over = True
            return [Finished(extras={_DIALECT: {"usage": self._usage}})]
        chunk = load_object(data)
        if chunk is None:
            return []
        if chunk.get("error") is not None:
            self._over = True
            return [errors.in_stream(chunk)]
        self._usage = chunk.get("usage") or self._usage
        begun = not self._frame
        self._frame = {name: chunk[name] for name in _FRAME if name in chunk}
        events: list[Event] = [Started(id=chunk.get("id"), model=chunk.get("model"))] if begun else []
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            events += self._choice(choice) if isinstance(choice, Mapping) else []
        return events

    def _choice(self, choice: Mapping[str, Any]) -> list[Event]:
        number, text, reason = choice.get("index", 0), choice.get("text"), choice.get("finish_reason")
        events: list[Event] = []
        if number not in self._open:
            self._open.add(number)
            events.append(BlockStart(0, Text(""), number))
        if isinstance(text, str) and text:
            events.append(BlockDelta(0, text, number))
        if isinstance(reason, str):
            stop = Stop("content_filter" if reason == "content_filter" else "other", raw=reason)
            events += [BlockEnd(0, number), ChoiceEnd(stop, number)]
        return events

    @property
    def frame(self) -> Mapping[str, Any]:
        """What stands beside the choices of an event."""
        return self._frame


class TextEncoder:
    """See `wire.codec.StreamEncoder`: events as those that `decoder` reads are framed."""

    def __init__(self, decoder: TextDecoder) -> None:
        self._decoder = decoder
        self.losses: list[Loss] = []

    def feed(self, event: Event) -> bytes:
        """See `StreamEncoder.feed`."""
        if isinstance(event, BlockDelta):
            return self._chunk(event.choice, event.text, None)
        if isinstance(event, ChoiceEnd):
            return self._chunk(event.choice, "", _reason(event.stop))
        if isinstance(event, Finished):
            usage = event.extras.get(_DIALECT, {}).get("usage")
            told = {**self._decoder.frame, "choices": [], "usage": usage}
            return (sse.encode(None, orjson.dumps(told)) if usage else b"") + sse.encode(None, _DONE)
        if isinstance(event, Failed):
            return sse.encode(None, errors.encode(event))
        return b""

    def ping(self) -> bytes:
        """See `StreamEncoder.ping`."""
        return b": keep-alive\n\n"

    def _chunk(self, number: int, text: str, reason: str | None) -> bytes:
        choice = {"index": number, "text": text, "logprobs": None, "finish_reason": reason}
        return sse.encode(None, orjson.dumps({**self._decoder.frame, "choices": [choice]}))


def _reason(stop: Stop | None) -> str:
    if stop is None:
        return "stop"
    return stop.raw or ("content_filter" if stop.reason == "content_filter" else "stop")
