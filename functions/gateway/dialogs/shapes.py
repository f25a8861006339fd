"""What the client of a dialog reads, out of a Chat Completions answer.

A stream has `data: {"content": "…", "done": false}` events, and one last: `{"content": "", "done": true, "message_id", "prompt_tokens",
"completion_tokens"}`, or `{"error": {"code", "message"}, "done": true}`. A whole answer is the message's JSON. Signs of life (comments, white space)
pass. What the client was told is what is stored: `Shaped.text` and its neighbours have it, also of an answer that broke off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from gateway.dialogs import errors
from gateway.neutral import redaction
from gateway.neutral.dialogs import Mark, Message, message_json
from gateway.wire import sse
from gateway.wire.reading import impossible, load_object

Pairs = list[tuple[bytes, bytes]]
_DONE: Final = b"[DONE]"
_OURS: Final = (401, 403)
"""Refusals of the gateway's own credential, which some providers repeat."""

_FILTERED: Final = Mark(errors.FILTERED, "A guardrail or the provider ended the answer; this is what came until then.")


def events(message: Message) -> bytes:
    """A stored answer as a stream."""
    told = _event({"content": message.content, "done": False}) if message.content else b""
    return told + _last(message)


def _event(data: Mapping[str, Any]) -> bytes:
    return sse.encode(None, orjson.dumps(data))


def _last(message: Message) -> bytes:
    counts = {"prompt_tokens": message.prompt_tokens, "completion_tokens": message.completion_tokens}
    return _event({"content": "", "done": True, "message_id": message.id, **counts})


class Shaped:
    """Shapes one answer (`ingress.http.Shaper`). `finished(text, usage)` makes the message of an answer that is whole; `failing()` says with which
    status the request has failed, as far as that is known."""

    def __init__(
        self, finished: Callable[[str, tuple[int, int] | None], Message], failing: Callable[[], int], request_id: str
    ) -> None:
        self._finished = finished
        self._failing = failing
        self._request_id = request_id
        self._held = bytearray()
        self._stream = False
        self._told = False
        self._filtered = False
        self._texts: list[str] = []
        self.usage: tuple[int, int] | None = None
        """Tokens of prompt and completion, as the provider told them."""
        self.error: Mark | None = None
        """How it failed, as the client was told."""
        self.message: Message | None = None
        """The answer, when it is whole."""

    @property
    def text(self) -> str:
        """What was said so far."""
        return "".join(self._texts)

    def status(self, status: int) -> int:
        """What the client is told: a message was created, or whose fault a refusal is."""
        if self.message is not None:
            return 201
        return errors.status_of(status) if self.error is not None else status

    def began(self, status: int, headers: Any) -> None:
        """A stream of events is told by its type."""
        del status
        self._stream = sse.told(headers)

    def whole(self, status: int, body: bytes) -> bytes:
        """A complete answer."""
        self._told = True
        return self._answer(status, body)

    def part(self, body: bytes, *, last: bool) -> bytes:
        """Some of a stream, or the whole answer behind signs of life."""
        if not self._stream:
            return body if self._told or not last else self._answer(200, body)
        told = b"".join(map(self._shaped, sse.split(sse.gather(self._held, body))))
        if last:
            told += self._shaped(bytes(self._held)) + self._end()
        return told

    def _end(self) -> bytes:
        if self._told:
            return b""
        self._told = True
        return _last(self._whole())

    def _whole(self) -> Message:
        message = self._finished(self.text, self.usage)
        self.message = replace(message, error=_FILTERED) if self._filtered else message
        return self.message

    def _shaped(self, event: bytes) -> bytes:
        _, data = sse.fields(event)
        if not data:
            return event if event.strip() and not self._told else b""
        if data == _DONE or self._told:
            return b""
        chunk = load_object(data)
        if chunk is None:
            return b""
        if chunk.get("error") is not None:
            return self._failed(chunk["error"])
        return self._said(chunk)

    def _said(self, chunk: Mapping[str, Any]) -> bytes:
        self._note(chunk)
        text = _text(chunk, "delta")
        if not text:
            return b""
        self._texts.append(text)
        return _event({"content": text, "done": False})

    def _failed(self, error: Any) -> bytes:
        """An error of ours or of the provider's, in the shape of Chat Completions or in this one."""
        self._told = True
        held = error if isinstance(error, Mapping) else {"message": error}
        message = held.get("message")
        code = held.get("code")
        status = self._failing()
        known = code if code in _KNOWN_CODES else errors.code_of(status if status >= 400 else 502)
        text = redaction.text(message) if isinstance(message, str) and message else "The answer broke off."
        self.error = Mark(str(known), text)
        return errors.failed(self.error.code, self.error.message)

    def _answer(self, status: int, body: bytes) -> bytes:
        data = load_object(body)
        if data is None:
            return body if status < 400 else self._refused({}, status)
        if data.get("request_id") == self._request_id or data.get("object") == "gateway.plan":
            return body  # an error of ours, or what would be done
        if status >= 400 or "choices" not in data:
            return self._refused(data, status)
        self._note(data)
        self._texts.append(_text(data, "message"))
        return orjson.dumps(message_json(self._whole()))

    def _refused(self, data: Mapping[str, Any], status: int) -> bytes:
        inner = data.get("error")
        message = inner.get("message") if isinstance(inner, Mapping) else inner
        told = isinstance(message, str) and message and status not in _OURS
        text = redaction.text(str(message)) if told else f"The provider answered {status}."
        refusal = errors.refusal(text, errors.status_of(status), self._request_id)
        self.error = Mark(refusal["code"], text)
        return orjson.dumps(refusal)

    def _note(self, data: Mapping[str, Any]) -> None:
        self._filtered = self._filtered or _first(data).get("finish_reason") == "content_filter"
        usage = data.get("usage")
        if isinstance(usage, Mapping) and not impossible(usage):
            counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
            good = [count for count in counts if isinstance(count, int) and not isinstance(count, bool) and count >= 0]
            if len(good) == len(counts):
                self.usage = (good[0], good[1])


_KNOWN_CODES: Final = frozenset([*errors.CODES.values(), "INTERNAL_ERROR"])


def _first(data: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = data.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, Mapping) else {}


def _text(data: Mapping[str, Any], name: str) -> str:
    """What the first choice says; a refusal is said, too."""
    said = _first(data).get(name)
    if not isinstance(said, Mapping):
        return ""
    content = said.get("content") or said.get("refusal")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(str(part.get("text") or "") for part in parts if isinstance(part, Mapping))
