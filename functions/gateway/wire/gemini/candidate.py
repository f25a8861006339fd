"""One candidate of an answer, read part by part: whole answers and streams say the same in the same parts.

Neighbouring texts of one kind are one block. A signature ends a thought; one on a text, or on nothing, becomes a signature without text
behind it, since a stream tells it when the text is long gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Media, Opaque, Signature, Text, Thinking, ToolCall
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Stop,
)
from gateway.wire.gemini import logprobs, reasons, response
from gateway.wire.gemini.fields import DIALECT
from gateway.wire.gemini.parts_decode import media_kind, standard

_ABOUT: Final = frozenset(["thought", "thoughtSignature", "text", "partMetadata", "mediaResolution", "videoMetadata"])
_READ: Final = frozenset(["content", "finishReason", "index", "logprobsResult", "tokenCount"])


class CandidateReader:
    """Turns the parts of one candidate into events. `seed` makes ids of calls unique where Gemini gives none."""

    def __init__(self, choice: int, seed: str) -> None:
        self._choice = choice
        self._seed = seed
        self._next = 0
        self._kind = ""
        self._calls = 0
        self._word = ""
        self.extras: dict[str, Any] = {}

    @property
    def ended(self) -> bool:
        """Whether the candidate named its reason to end."""
        return bool(self._word)

    def read(self, candidate: Mapping[str, Any]) -> list[Event]:
        """The events of one candidate object."""
        events: list[Event] = []
        for part in response.parts(candidate):
            self._part(part, events)
        if "logprobsResult" in candidate and self._kind == "text":
            tokens = logprobs.decode(candidate["logprobsResult"])
            events += [BlockLogprobs(self._next - 1, tokens, self._choice)] if tokens else []
        for name, value in candidate.items():
            if name not in _READ:
                self.extras[name] = value
        if response.ended(candidate):
            self._word = str(candidate["finishReason"])[:64]
        return events

    def end(self) -> list[Event]:
        """The last events."""
        events: list[Event] = []
        self._close(events)
        events.append(ChoiceEnd(self.stop, self._choice))
        return events

    @property
    def stop(self) -> Stop | None:
        """Why the candidate ended."""
        return reasons.decode(self._word, calls=self._calls > 0) if self._word else None

    def _part(self, part: Mapping[str, Any], events: list[Event]) -> None:
        proof = part.get("thoughtSignature")
        signature = Signature(DIALECT, proof) if isinstance(proof, str) and proof else None
        words = part.get("text")
        if isinstance(words, str):
            self._text(words, "thinking" if part.get("thought") is True else "text", signature, events)
        elif isinstance(part.get("functionCall"), Mapping):
            self._call(part["functionCall"], signature, events)
        elif isinstance(part.get("inlineData"), Mapping):
            self._media(part["inlineData"], signature, events)
        else:
            kind = next((name for name in part if name not in _ABOUT), None)
            if kind is not None:
                self._whole(Opaque(DIALECT, kind, part), events)
            elif signature is not None:
                self._whole(Thinking("", signature), events)

    def _text(self, words: str, kind: str, signature: Signature | None, events: list[Event]) -> None:
        if words:
            if self._kind != kind:
                self._close(events)
                events.append(BlockStart(self._next, Text("") if kind == "text" else Thinking(""), self._choice))
                self._next += 1
                self._kind = kind
            events.append(BlockDelta(self._next - 1, words, self._choice))
        if signature is None:
            return
        if kind == "thinking" == self._kind:
            events.append(BlockSignature(self._next - 1, signature, self._choice))
            self._close(events)
        else:
            self._whole(Thinking("", signature), events)

    def _call(self, call: Mapping[str, Any], signature: Signature | None, events: list[Event]) -> None:
        self._calls += 1
        given = call.get("id")
        made = given if isinstance(given, str) and given else f"call_{self._seed}_{self._choice}_{self._calls}"
        name = call.get("name")
        arguments = orjson.dumps(call.get("args") or {}).decode()
        block = ToolCall(made, name if isinstance(name, str) else "", arguments, signature=signature)
        self._whole(block, events)

    def _media(self, data: Mapping[str, Any], signature: Signature | None, events: list[Event]) -> None:
        mime, content = data.get("mimeType"), data.get("data")
        kind = media_kind(mime if isinstance(mime, str) else "")
        text = standard(content) if isinstance(content, str) else ""
        self._whole(Media(kind, mime if isinstance(mime, str) else None, text), events)
        if signature is not None:
            self._whole(Thinking("", signature), events)

    def _whole(self, block: ToolCall | Media | Opaque | Thinking, events: list[Event]) -> None:
        self._close(events)
        events.append(BlockStart(self._next, block, self._choice))
        events.append(BlockEnd(self._next, self._choice))
        self._next += 1

    def _close(self, events: list[Event]) -> None:
        if self._kind:
            events.append(BlockEnd(self._next - 1, self._choice))
            self._kind = ""
