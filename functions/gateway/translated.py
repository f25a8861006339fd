"""How a request goes to an upstream of another dialect: decoded once, encoded once, and its answer the same way back.

What could not be carried is a list of `Loss`es: the client reads it in `x-gateway-losses`, the log row keeps it, and a client that says
`x-gateway-strict: true` is refused instead, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import orjson

from gateway.catalog import ModelFacts, translation_facts
from gateway.catalog.tokens import quick_estimate
from gateway.errors import BadAnswer, CannotCarry, GatewayError, InvalidRequest
from gateway.ingress.affinity import max_output
from gateway.ingress.headers import Pairs, onward
from gateway.ingress.http import Headers
from gateway.neutral.collect import replay
from gateway.neutral.dialects import Dialect
from gateway.neutral.losses import Loss
from gateway.neutral.request import Request as Asked
from gateway.neutral.response import Failed, Response
from gateway.passage import (
    EVENT_STREAM,
    JSON,
    NO_STORE,
    Answered,
    Arrayed,
    Going,
    Outgoing,
    own_members,
    refuse_losses,
)
from gateway.providers import Vendor, operation
from gateway.upstream.faults import Refused
from gateway.wire import defaults
from gateway.wire.codec import Codec, Context, Encoded, Upstream
from gateway.wire.codecs import TRANSLATED, codec
from gateway.wire.gemini.array import ArrayStream
from gateway.wire.reading import StreamReader, load_object
from gateway.wire.tool_names import fitted, restored
from gateway.wire.translation import Translator

# Of a provider that speaks another dialect only what any client understands: how long to wait, and what is left.
_PASSED_ON: Final = (b"retry-after", b"x-should-retry", b"x-ratelimit-", b"anthropic-ratelimit-")
_ID: Final = b"x-request-id"
_ACCOUNT: Final = frozenset([401, 402, 403])
_HEADER_LIMIT: Final = 1024


def _said(going: Going) -> Mapping[str, Any]:
    """The client's body without what was said to the gateway."""
    data = going.peek.body.data
    gone = own_members(data)
    return {name: value for name, value in data.items() if name not in gone} if gone else data


def can_translate(vendor: Vendor) -> bool:
    """Whether there is a codec for something the vendor speaks."""
    return any(dialect in TRANSLATED for dialect in vendor.dialects)


def speaks(vendor: Vendor, model: str, dialect: Dialect) -> bool:
    """Whether a vendor answers this dialect for this model. One that speaks several may serve a model in some of them only."""
    if dialect not in vendor.dialects:
        return False
    if dialect not in TRANSLATED or sum(one in TRANSLATED for one in vendor.dialects) < 2:
        return True
    served = translation_facts(vendor.kind, model).dialects
    return not served or dialect in served


@dataclass(frozen=True, slots=True)
class _Written:
    """A request as one of the vendor's dialects says it."""

    codec: Codec
    encoded: Encoded
    names: Mapping[str, str]


class Translated:
    """The upstream speaks another dialect. Making one refuses what cannot be carried: CannotCarry, InvalidRequest."""

    def __init__(self, going: Going, created: int) -> None:
        self._going = going
        client = codec(going.relay.dialect)
        assert client.decode_request is not None
        assert client.encode_response is not None
        assert client.encoder is not None
        self._encode, self._encoder = client.encode_response, client.encoder
        self._asked = client.decode_request(_said(going), model=going.peek.model, stream=going.peek.stream)
        self._created = created
        self.streams = True
        written = _write(self._asked, going, client)
        self._codec, self._encoded, self._names = written.codec, written.encoded, written.names
        self._losses = [*_header_losses(going, self._codec.dialect), *_named(written.encoded.losses, client)]
        self._translator: Translator | None = None
        refuse_losses(self._losses, going.request)

    @property
    def losses(self) -> list[Loss]:
        """See `Passage.losses`."""
        return self._losses if self._translator is None else [*self._losses, *self._translator.losses]

    @property
    def _context(self) -> Context:
        going = self._going
        estimate = None
        if self._asked.stream:
            estimate = quick_estimate(going.relay.dialect, going.peek.body.data, self._codec.dialect)
        return Context(going.request_id, going.peek.model, self._created, self._asked, estimate)

    def outgoing(self, fixed: Mapping[str, str]) -> Outgoing:
        """See `Passage.outgoing`. Nothing of the client's headers goes along: they were meant for another kind of API."""
        going = self._going
        headers = {
            "content-type": "application/json",
            "accept": "*/*",
            "user-agent": "llm-gateway",
            **going.vendor.headers,
            **self._encoded.headers,
        }
        return Outgoing(
            path=operation(self._codec.dialect, going.candidate.upstream_model, stream=self._asked.stream),
            query="",
            headers=onward((), headers, fixed),
            body=_written(self._with_defaults()),
        )

    def _with_defaults(self) -> Mapping[str, Any]:
        """What was encoded, and what else the provider is to be sent; nothing in place of what the client said and could not be carried."""
        wanted = self._going.candidate.provider.default_parameters
        if not wanted:
            return self._encoded.body
        said = {one.name for one in fields(self._asked) if getattr(self._asked, one.name) is not None}
        spelled = {name for field, name in self._codec.names.items() if field in said}
        return defaults.for_data(self._encoded.body, wanted, {*self._going.peek.body.data, *said, *spelled})

    def reader(self) -> StreamReader:
        """See `Passage.reader`."""
        if not self._asked.stream:
            raise BadAnswer("The provider answered with a stream that was not asked for.")
        decoder = self._codec.decoder(self._going.request_id)
        translator = Translator(decoder, self._encoder(self._context), self._names)
        self._translator = translator
        return Arrayed(translator) if self._going.relay.array else translator

    def whole(self, status: int, data: Mapping[str, Any], body: bytes) -> Answered:
        """See `Passage.whole`. A provider that does not stream although it was asked to has its whole answer told as a stream."""
        del body
        response = restored(self._codec.decode_response(data, self._going.request_id), self._names)
        text = _text(response) if response.usage is None or not response.usage.told else ""
        if self._asked.stream:
            return Answered(status, self._streamed(response), response.usage, text)
        encoded, losses = self._encode(response, self._context)
        self._losses += losses
        try:
            return Answered(status, orjson.dumps(encoded), response.usage, text)
        except orjson.JSONEncodeError:
            raise BadAnswer("The provider's answer is nested too deeply.") from None

    def _streamed(self, response: Response) -> bytes:
        reader = self.reader()
        assert self._translator is not None
        events = self._translator.feed_events(replay(response))
        return reader.framed(events) if isinstance(reader, Arrayed) else events

    def refused(self, status: int, headers: Headers, body: bytes) -> GatewayError | None:
        """See `Passage.refused`: in the client's dialect, with the provider's words."""
        error = refusal(self._codec.decode_error(status, load_object(body)))
        error.headers = {name.decode(): value.decode("latin-1") for name, value in _passed_on(headers)}
        if status in _ACCOUNT:
            error.headers["x-should-retry"] = "false"  # SDKs repeat a 502, and this one stays
        return error

    def early(self, reader: StreamReader) -> Answered | GatewayError:
        """See `Passage.early`."""
        del reader
        failed = self._translator.failed if self._translator is not None else None
        return refusal(failed or Failed("The provider reported an error before it began its stream."))

    def headers(self, upstream: Headers, *, stream: bool) -> Pairs:
        """See `Passage.headers`."""
        del stream  # the client gets what it asked for, however the provider answered
        kept = _passed_on(upstream)
        if not self._asked.stream:
            kind = [JSON]
        elif self._going.relay.array:
            kind = [(b"content-type", ArrayStream.media_type)]
        else:
            kind = [EVENT_STREAM, NO_STORE]
        if self._going.form.id_header != _ID:  # that one everybody gets
            kind.append((self._going.form.id_header, self._going.request_id.encode()))
        return [*kind, *kept]

    def wording(self, reader: StreamReader, error: GatewayError) -> bytes:
        """See `Passage.wording`."""
        told = reader.failure(error, self._going.request_id) or b""
        return reader.framed(told) if isinstance(reader, Arrayed) else told


def _written(body: Mapping[str, Any]) -> bytes:
    """JSON of what was encoded. The parser takes more levels of nesting than the writer: such a request cannot be written anew."""
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError:
        raise CannotCarry("The request is nested too deeply to be translated for this model's provider.") from None


def _passed_on(headers: Headers) -> Pairs:
    return [pair for pair in headers if pair[0].startswith(_PASSED_ON)]


def refusal(failed: Failed) -> Refused:
    """A provider's refusal as an error of ours. Its 401, 402 and 403 are about the gateway's account, not about the client's key."""
    if failed.status in _ACCOUNT:
        return Refused(f"The provider refused the gateway's credential or account: {failed.message}", 502, failed.code)
    return Refused(failed.message, failed.status, failed.code, failed.param)


def loss_header(losses: Iterable[Loss]) -> Pairs:
    """`x-gateway-losses: temperature;approximated, seed;dropped`; none when nothing was lost."""
    shown = dict.fromkeys(f"{_token(loss.field)};{loss.action}" for loss in losses)
    if not shown:
        return []
    return [(b"x-gateway-losses", ", ".join(shown).encode()[:_HEADER_LIMIT])]


def _token(field: str) -> str:
    return "".join(char if char.isascii() and char.isprintable() and char not in ",;" else "?" for char in field[:100])


def _write(asked: Asked, going: Going, client: Codec) -> _Written:
    """The request in that dialect of the vendor's which loses least; the first of equals. The first refusal when none can carry it."""
    facts = translation_facts(going.vendor.kind, going.candidate.upstream_model)
    upstream = _upstream(going, facts)
    best: _Written | None = None
    refused: InvalidRequest | None = None
    for dialect in _dialects(going.vendor, facts):
        target = codec(dialect)
        fit = fitted(_limited(asked, going, dialect), dialect)
        try:
            encoded = target.encode_request(fit.request, upstream)
            written = _Written(target, replace(encoded, losses=(*fit.losses, *encoded.losses)), fit.names)
        except CannotCarry as fault:
            refused = refused or _renamed(fault, client)
            continue
        if best is None or _weight(written) < _weight(best):
            best = written
        if not _weight(best):
            break
    if best is None:
        raise refused or BadAnswer("The provider speaks no dialect that can be translated.")
    return best


def _limited(asked: Asked, going: Going, dialect: Dialect) -> Asked:
    """The request with the provider's default limit of output tokens: what an encoder makes up otherwise may depend on it."""
    defaulted = max_output(dialect, going.candidate.provider.default_parameters)
    if asked.max_output_tokens is not None or defaulted is None:
        return asked
    return replace(asked, max_output_tokens=defaulted)


def _weight(written: _Written) -> int:
    return sum(1 for loss in written.encoded.losses if loss.action != "defaulted")


def _dialects(vendor: Vendor, facts: ModelFacts) -> list[Dialect]:
    """What the vendor speaks for this model, best first: as the catalog says (a reasoning model keeps its thoughts between turns only where
    its API hands them out, in Responses), else in the vendor's order."""
    spoken = [dialect for dialect in vendor.dialects if dialect in TRANSLATED]
    return [dialect for dialect in facts.dialects if dialect in spoken] or spoken


def _upstream(going: Going, facts: ModelFacts) -> Upstream:
    model = going.candidate.model
    limit = model.max_output_tokens if model is not None and model.max_output_tokens else facts.max_output_tokens
    name, vendor = going.candidate.upstream_model, going.vendor
    traits = vendor.traits | vendor.model_traits(name) if vendor.model_traits is not None else vendor.traits
    return Upstream(name, limit, facts.capabilities, traits)


def _named(losses: Iterable[Loss], client: Codec) -> list[Loss]:
    """Losses under the names by which the client wrote the fields."""
    return [replace(loss, field=client.names.get(loss.field, loss.field)) for loss in losses]


def _renamed(fault: CannotCarry, client: Codec) -> CannotCarry:
    name = client.names.get(fault.param or "")
    if name is None:
        return fault
    return CannotCarry(fault.message.replace(f"'{fault.param}'", f"'{name}'", 1), param=name)


def _header_losses(going: Going, dialect: Dialect) -> list[Loss]:
    if dialect != "anthropic_messages" and going.request.header(b"anthropic-beta"):
        return [Loss("anthropic-beta", "dropped", "only Anthropic's API knows these flags")]
    return []


def _text(response: Response) -> str:
    """Everything that was generated, for an estimate."""
    pieces: list[str] = []
    for choice in response.choices:
        for block in choice.blocks:
            pieces.append(getattr(block, "text", None) or "")
            pieces.append(getattr(block, "arguments", None) or "")
    return "".join(pieces)
