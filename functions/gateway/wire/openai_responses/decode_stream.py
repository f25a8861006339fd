"""An upstream's stream in the neutral form: https://platform.openai.com/docs/api-reference/responses-streaming

Theory of operation: each item of the output is known by its `output_index`, each part of it by an index within; a block opens with the first
that is heard of it, grows by deltas, and closes with the item. Every `done` event repeats what was said: what it says beyond the deltas is
told as one more (`stream_items`). `response.completed` and `response.incomplete` hold the whole answer once more, which fills in items that
were never streamed. They are the only good ends; `response.failed`, `error`, bad JSON, a delta for an item that is over, an endless event
or an end without them is one `Failed`. Events nobody here knows are passed over, and the `event:` lines are not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from gateway.errors import BadAnswer
from gateway.neutral.response import ChoiceEnd, Event, Failed, Finished, Started
from gateway.wire import sse
from gateway.wire.openai_responses import decode_response as whole
from gateway.wire.openai_responses import errors, response
from gateway.wire.openai_responses.stream_items import Output

_BAD: Final = "upstream_bad_answer"
_CUT: Final = "upstream_cut"


class ResponsesDecoder:
    """Reads one stream. `seed` makes ids of calls where the upstream gave none."""

    may_end = False

    def __init__(self, seed: str) -> None:
        self._held = bytearray()
        self._over = False
        self._started = False
        self._out: list[Event] = []
        self._output = Output(seed)
        self._readers: Final[Mapping[str, Callable[[dict[str, Any]], None]]] = {
            "response.created": self._begin,
            "response.in_progress": self._begin,
            "response.completed": self._end,
            "response.incomplete": self._end,
            "response.failed": self._fail_response,
            "response.cancelled": self._fail_response,
            "error": self._fail_flat,
        }

    def feed(self, chunk: bytes) -> list[Event]:
        """Events that are whole with these bytes."""
        self._out = []
        if self._over:
            return self._out
        for event in sse.split(sse.gather(self._held, chunk)):
            if self._event(event):
                return self._out
        if len(self._held) > sse.LONGEST:
            self._fail("The provider sends an event that does not end.", _BAD)
        return self._out

    def close(self) -> list[Event]:
        """The end of the bytes: a last event without its blank line counts when it is whole and ends the stream."""
        self._out = []
        if self._over:
            return self._out
        rest, self._held = bytes(self._held), bytearray()
        data = sse.fields(rest)[1]
        try:
            last = orjson.loads(data) if data else None
        except orjson.JSONDecodeError:
            last = None
        held: dict[str, Any] = last if isinstance(last, dict) else {}
        if (held.get("type") in self._readers or held.get("error")) and self._read(held):
            return self._out
        self._out = []
        self._fail("The provider's stream broke off before its end.", _CUT)
        return self._out

    def _event(self, event: bytes) -> bool:
        """Read one event; whether the stream is over with it."""
        # Nearly every event is one `event:` line and one `data:` line.
        cut = event.find(b"\ndata: ")
        plain = cut > 0 and event.startswith(b"event: ") and event.find(b"\n", cut + 1) == len(event) - 2
        data = event[cut + 7 : -2] if plain and event.find(b"\n") == cut else sse.fields(event)[1]
        if not data or data.startswith(b"[DONE]"):
            return False
        try:
            found = orjson.loads(data)
        except orjson.JSONDecodeError:
            self._fail("The provider's stream holds an event that is not JSON.", _BAD)
            return True
        if isinstance(found, dict):
            return self._read(found)
        self._fail("The provider's stream holds an event that is no object.", _BAD)
        return True

    def _read(self, event: dict[str, Any]) -> bool:
        """Read one event's data; whether the stream is over with it."""
        kind = event.get("type")
        if kind == "response.output_text.delta" and self._output.quick(event, self._out):
            return False
        reader = self._readers.get(kind) if isinstance(kind, str) else None
        try:
            if reader is not None:
                reader(event)
            elif isinstance(kind, str):
                self._output.read(kind, event, self._out)
            elif event.get("error"):
                self._fail_flat(event)
        except BadAnswer as error:
            self._fail(error.message, error.code)
        return self._over

    def _begin(self, event: dict[str, Any]) -> None:
        if self._started:
            return
        self._started = True
        held = _object(event.get("response"))
        told = whole.text_of(held.get("id")), whole.text_of(held.get("model")), whole.created_of(held)
        self._out.append(Started(*told, service_tier=whole.text_of(held.get("service_tier"))))

    def _end(self, event: dict[str, Any]) -> None:
        held = _object(event.get("response"))
        self._begin(event)
        self._output.finish(held.get("output"), self._out)
        status = "incomplete" if event["type"] == "response.incomplete" else "completed"
        self._out.append(ChoiceEnd(whole.stop_of({**held, "status": status}, self._output.kinds())))
        self._out.append(Finished(response.usage(held), whole.text_of(held.get("service_tier"))))
        self._over = True

    def _fail_response(self, event: dict[str, Any]) -> None:
        held = _object(event.get("response"))
        failed = errors.in_stream(_object(held.get("error")))
        self._stop(Failed(failed.message, failed.status, failed.code, failed.param, response.usage(held)))

    def _fail_flat(self, event: dict[str, Any]) -> None:
        inner = event.get("error")
        if isinstance(inner, str):
            inner = {"message": inner}
        self._stop(errors.in_stream(inner if isinstance(inner, Mapping) and inner else event))

    def _fail(self, message: str, code: str) -> None:
        self._stop(Failed(message, code=code))

    def _stop(self, failed: Failed) -> None:
        self._over = True
        self._held.clear()
        self._out.append(failed)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
