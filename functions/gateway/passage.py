"""How a request goes to an upstream of its own dialect, and how its answer comes back: bytes untouched, usage read beside them.

`translation.py` is the other way. Both are a `Passage`, and `relay.py` drives either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol
from urllib.parse import quote

from gateway.errors import CannotCarry, GatewayError, InvalidRequest
from gateway.ingress.endpoints import ErrorForm
from gateway.ingress.headers import Pairs, back, onward
from gateway.ingress.http import Headers, Request
from gateway.ingress.relays import Relay
from gateway.neutral.losses import Loss
from gateway.neutral.usage import Usage
from gateway.providers import Vendor
from gateway.routing.candidate import Candidate
from gateway.routing.hints import is_ours
from gateway.wire import defaults, foreign
from gateway.wire.anthropic_messages import betas
from gateway.wire.gemini.array import ArrayStream
from gateway.wire.json_body import parse
from gateway.wire.reading import Peek, StreamEnd, StreamReader

EVENT_STREAM: Final = (b"content-type", b"text/event-stream; charset=utf-8")
NO_STORE: Final = (b"cache-control", b"no-cache")
JSON: Final = (b"content-type", b"application/json")
# Google's names for the form of an answer and for who asks, which are the gateway's to say: another credential would be refused as if it were
# the gateway's, and an answer of another form, or in part, is none. https://cloud.google.com/apis/docs/system-parameters
_FORMS: Final = tuple(
    f"{mark}{name}"
    for name in "alt key access_token oauth_token bearer_token userProject quotaUser userIp callback fields ct req".split()
    for mark in ("", "$")
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes upstream. `path` may end in a query; `query` is the client's; `headers` lack the credential."""

    path: str
    query: str
    headers: Pairs
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer for the client. `error` is the type of an error that came as a success; `text` is for an estimate without usage."""

    status: int
    body: bytes
    usage: Usage | None = None
    text: str = ""
    error: str | None = None


class Passage(Protocol):
    """One request on its way to one candidate."""

    streams: bool
    """Whether a streamed answer can be read; where not, an event stream is taken for what its text is."""

    @property
    def losses(self) -> list[Loss]:
        """What could not be carried, so far."""

    def outgoing(self, fixed: Mapping[str, str]) -> Outgoing:
        """What to send; `fixed` headers stand in place of any other of their name."""

    def reader(self) -> StreamReader:
        """The reader of a streamed answer; it is asked for once."""

    def whole(self, status: int, data: Mapping[str, Any], body: bytes) -> Answered:
        """A success in one piece."""

    def refused(self, status: int, headers: Headers, body: bytes) -> GatewayError | None:
        """The error to raise for an answer that is an error; None when its own bytes are passed on."""

    def early(self, reader: StreamReader) -> Answered | GatewayError:
        """What a stream that began with an error comes to, while the status can still be chosen."""

    def headers(self, upstream: Headers, *, stream: bool) -> Pairs:
        """Headers of the client's answer, without the gateway's own."""

    def wording(self, reader: StreamReader, error: GatewayError) -> bytes:
        """An error in the middle of the client's stream, which ends with it."""


@dataclass(frozen=True, slots=True)
class Going:
    """What both kinds of passage are made of."""

    relay: Relay
    peek: Peek
    candidate: Candidate
    vendor: Vendor
    form: ErrorForm
    request: Request
    request_id: str


def wants_strict(request: Request) -> bool:
    """Whether the client would rather be refused than lose anything; InvalidRequest when the header says neither."""
    value = (request.header(b"x-gateway-strict") or "").strip().lower()
    if value not in {"", "true", "false", "1", "0"}:
        raise InvalidRequest("The header 'x-gateway-strict' must be true or false.", param="x-gateway-strict")
    return value in {"true", "1"}


def own_members(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Members of a body that are said to the gateway and mean nothing to a provider."""
    return ("routing",) if is_ours(data.get("routing")) else ()


def refuse_losses(losses: Iterable[Loss], request: Request) -> None:
    """CannotCarry for a client that wants to lose nothing. What was only defaulted is no loss of the client's."""
    lost = [loss for loss in losses if loss.action != "defaulted"]
    if lost and wants_strict(request):
        told = "; ".join(f"'{loss.field}' would be {loss.action} ({loss.reason})" for loss in lost[:10])
        raise CannotCarry(
            f"The request cannot be carried to this model's provider without loss: {told}.", param=lost[0].field
        )


class SameDialect:
    """The upstream speaks the client's dialect."""

    def __init__(self, going: Going) -> None:
        self._going = going
        self.streams = going.relay.reader is not None
        self._cleaned, self.losses = foreign.take_out(going.peek.body, going.relay.dialect)
        self._headers: Headers = going.request.headers
        if going.relay.dialect == "anthropic_messages" and going.candidate.provider.denied_betas:
            self._headers, dropped = betas.allowed(self._headers, going.candidate.provider.denied_betas)
            if dropped:
                self.losses.append(Loss(betas.NAME, "dropped", "the provider refuses some of these flags"))
        refuse_losses(self.losses, going.request)

    def outgoing(self, fixed: Mapping[str, str]) -> Outgoing:
        """See `Passage.outgoing`."""
        relay, vendor, request = self._going.relay, self._going.vendor, self._going.request
        model = self._going.candidate.upstream_model
        path = relay.path.replace("{model}", quote(model.removeprefix("models/"), safe=""))
        body = relay.relay_body(self._peek(), model, ask_usage=vendor.stream_usage)
        if relay.media_type is not None:
            # A form must be read there by the boundary that it was read by here, whatever the client's header says.
            fixed = {**fixed, "content-type": relay.media_type(body)}
        return Outgoing(
            path=path,
            query=request.onward_query(*(_FORMS if relay.dialect == "gemini" else ())),
            headers=onward(self._headers, {"content-type": "application/json", **vendor.headers}, fixed),
            body=body,
        )

    def _peek(self) -> Peek:
        """The request, without thoughts of other vendors and what was said to the gateway, with the provider's defaults."""
        peek, values = self._going.peek, self._cleaned
        if self._going.relay.generates and self._going.candidate.provider.default_parameters:
            values = values | defaults.for_raw(peek.body, self._going.candidate.provider.default_parameters)
        gone = own_members(peek.body.data)
        return replace(peek, body=parse(peek.body.replace(values, gone))) if values or gone else peek

    def reader(self) -> StreamReader:
        """See `Passage.reader`."""
        relay = self._going.relay
        assert relay.reader is not None
        reader = relay.reader(not self._going.peek.wants_usage)
        return Arrayed(reader) if relay.array else reader

    def whole(self, status: int, data: Mapping[str, Any], body: bytes) -> Answered:
        """See `Passage.whole`. An error that came as a success gets the status it stands for."""
        relay = self._going.relay
        error = relay.error(data)
        if error is not None:
            return Answered(relay.status_of(error), body, error=error)
        usage = relay.usage(data)
        return Answered(status, body, usage, relay.text(data) if usage is None or not usage.told else "")

    def refused(self, status: int, headers: Headers, body: bytes) -> GatewayError | None:
        """See `Passage.refused`: clients recover by the provider's own wording, so it is passed on."""
        del status, headers, body
        return None

    def early(self, reader: StreamReader) -> Answered | GatewayError:
        """See `Passage.early`: the provider's own words under the status they stand for."""
        return Answered(self._going.relay.status_of(reader.error or ""), reader.error_data, error=reader.error)

    def headers(self, upstream: Headers, *, stream: bool) -> Pairs:
        """See `Passage.headers`: the provider's."""
        found = back(upstream)
        if stream and self._going.relay.array:
            return [pair for pair in found if pair[0] != b"content-type"] + [(b"content-type", ArrayStream.media_type)]
        return found

    def wording(self, reader: StreamReader, error: GatewayError) -> bytes:
        """See `Passage.wording`."""
        told = reader.failure(error, self._going.request_id)
        if told is None:
            told = self._going.form.stream_error(error, self._going.request_id)
        return reader.framed(told) if isinstance(reader, Arrayed) else told


class Metered:
    """What is learned about consumption while an answer passes."""

    __slots__ = ("candidate", "passage", "peek", "reader", "relay", "text", "usage")

    def __init__(self, relay: Relay, peek: Peek, candidate: Candidate, passage: Passage) -> None:
        self.passage = passage
        self.relay = relay
        self.peek = peek
        self.candidate = candidate
        self.reader: StreamReader | None = None
        self.usage: Usage | None = None
        self.text = ""


class Arrayed:
    """A `StreamReader` whose client wants the events as one JSON array."""

    def __init__(self, reader: StreamReader) -> None:
        self.inner = reader
        self._array = ArrayStream()
        self._closed = False

    @property
    def begun(self) -> bool:
        """See `StreamReader`."""
        return self.inner.begun

    @property
    def finished(self) -> bool:
        """See `StreamReader`."""
        return self.inner.finished

    @property
    def error(self) -> str | None:
        """See `StreamReader`."""
        return self.inner.error

    @property
    def error_data(self) -> bytes:
        """See `StreamReader`."""
        return self.inner.error_data

    def feed(self, chunk: bytes) -> bytes:
        """See `StreamReader.feed`."""
        return self._array.feed(self.inner.feed(chunk))

    def close(self) -> bytes:
        """See `StreamReader.close`. A cut array stays open: an error follows, and it closes the array."""
        rest = self._array.feed(self.inner.close())
        return rest + self._close() if self.inner.finished or self.inner.error is not None else rest

    def conclude(self) -> bytes:
        """See `StreamReader.conclude`: an array that stays open is no JSON."""
        return b"" if self._closed else self._array.feed(self.inner.conclude()) + self._close()

    def _close(self) -> bytes:
        self._closed = True
        return self._array.close()

    def failure(self, error: GatewayError, request_id: str) -> bytes | None:
        """See `StreamReader.failure`."""
        return self.inner.failure(error, request_id)

    def framed(self, events: bytes) -> bytes:
        """Last events of the client's stream, and the end of the array."""
        return self._array.feed(events) + self._close()

    def end(self) -> StreamEnd:
        """See `StreamReader.end`."""
        return self.inner.end()
