"""Shapes of requests and answers that are turned into Chat Completions at the door and back: everything behind the door is the same for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import orjson

from gateway.ingress.http import Headers
from gateway.wire import sse
from gateway.wire.hub_chat import errors as hub_errors
from gateway.wire.hub_chat import request as hub_request
from gateway.wire.hub_chat.response import renamed
from gateway.wire.reading import load_object
from gateway.wire.told import Told
from gateway.wire.unified_completions import errors as unified_errors
from gateway.wire.unified_completions import request as unified_request
from gateway.wire.unified_completions import response as unified_response
from gateway.wire.unified_completions.stream import Reshaped


@dataclass(frozen=True, slots=True)
class Shape:
    """`request` makes a Chat Completions body of the client's; it asks which names of models are known. `whole` and `chunk` make the client's of
    an answer and of a chunk of a stream (None = it stays as it is), `refusal` of a provider's error answer with its status."""

    request: Callable[[bytes, Callable[[str], bool]], bytes]
    whole: Callable[[Mapping[str, Any], Told], Mapping[str, Any] | None]
    chunk: Callable[[Mapping[str, Any], Told], Mapping[str, Any] | None]
    refusal: Callable[[Mapping[str, Any], int, Told], Mapping[str, Any] | None]
    skips_cache: Callable[[bytes], bool]


def _unified(chat: Mapping[str, Any], told: Told) -> Mapping[str, Any] | None:
    return unified_response.answer(chat, told) if "choices" in chat else None


def _unified_chunk(chat: Mapping[str, Any], told: Told) -> Mapping[str, Any] | None:
    if "choices" in chat:
        return unified_response.chunk(chat, told)
    error = chat.get("error")
    message = error.get("message") if isinstance(error, Mapping) else None
    return None if not isinstance(message, str) else {"error": message}


def _unified_refusal(data: Mapping[str, Any], status: int, told: Told) -> Mapping[str, Any] | None:
    return unified_errors.of_chat(data, status, told.provider) or unified_errors.whose(data, told.provider)


def _never(body: bytes) -> bool:
    del body
    return False


def _hub_request(body: bytes, known: Callable[[str], bool]) -> bytes:
    del known
    return hub_request.to_chat(body)


def _hub_chunk(chat: Mapping[str, Any], told: Told) -> Mapping[str, Any] | None:
    return renamed(chat, told) or hub_errors.detailed(chat)


def _hub_refusal(data: Mapping[str, Any], status: int, told: Told) -> Mapping[str, Any] | None:
    del status, told
    return hub_errors.detailed(data)


UNIFIED: Final = Shape(
    partial(unified_request.to_chat, stream=False),
    _unified,
    _unified_chunk,
    _unified_refusal,
    unified_request.skips_cache,
)
UNIFIED_STREAM: Final = replace(UNIFIED, request=partial(unified_request.to_chat, stream=True))
HUB: Final = Shape(_hub_request, renamed, _hub_chunk, _hub_refusal, _never)


class Shaping:
    """Gives the client its shape of a Chat Completions answer. What is in that shape already (an answer that was kept, an error of ours) passes as
    it is. `told` says what is known of the answer by then, `priced` also what it costs, which is worked out. See `ingress.http.Shaper`."""

    def __init__(self, shape: Shape, told: Callable[[], Told], priced: Callable[[], Told]) -> None:
        self._shape = shape
        self._told = told
        self._priced = priced
        self._events: Reshaped | None = None
        self._status = 200
        self._done = False

    def began(self, status: int, headers: Headers) -> None:
        """A stream of events is told by its type."""
        self._status = status
        if sse.told(headers):
            self._events = Reshaped(self._chunk)

    def whole(self, status: int, body: bytes) -> bytes:
        """A complete answer."""
        self._done = True
        return self._answer(status, body)

    def status(self, status: int) -> int:
        """The same."""
        return status

    def part(self, body: bytes, *, last: bool) -> bytes:
        """Some of a stream, or the whole answer behind signs of life."""
        if self._events is not None:
            return self._events.feed(body) + (self._events.close() if last else b"")
        return body if self._done or not last else self._answer(self._status, body)

    def _chunk(self, chat: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return self._shape.chunk(chat, self._told())

    def _answer(self, status: int, body: bytes) -> bytes:
        data = load_object(body)
        if data is None:
            return body
        told = self._priced()
        shaped = self._shape.whole(data, told) if status < 400 else self._shape.refusal(data, status, told)
        return body if shaped is None else orjson.dumps(shaped)
