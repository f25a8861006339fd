"""What a dialect's room offers: `CODEC` in its `codec.py`, made of the functions of its `request`, `response`, `stream` and `errors`.

Translation is hub and spoke: a client's codec decodes its request, the upstream's codec encodes it, and the answer comes back the same
way. Codecs know values and bytes only. They are handed whatever is random, dated or configured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateway.neutral.dialects import Dialect
from gateway.neutral.losses import Loss
from gateway.neutral.request import Request
from gateway.neutral.response import Event, Failed, Response


@dataclass(frozen=True, slots=True)
class Upstream:
    """What an encoder must know of the upstream it writes for.

    `model` is the upstream's name of it. `max_output_tokens` is the model's limit where it is known. `capabilities` are the catalog's
    words for the model (`reasoning`, `vision`, …); None = the catalog does not know the model. `traits` are the vendor's words for its
    way of speaking the dialect; each room's `request.py` documents those it reads.
    """

    model: str
    max_output_tokens: int | None = None
    capabilities: frozenset[str] | None = None
    traits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Encoded:
    """A request for an upstream: the body (for orjson, `orjson.Fragment` included), headers that belong to it, and what was lost."""

    body: Mapping[str, Any]
    losses: tuple[Loss, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What an encoder of answers must know: the client's request, and the names and times that an answer carries.

    `id` is the gateway's request id: ids of the dialect are made of it, so that they are unique. `model` is the name the client asked
    for, `created` is in Unix seconds, `input_estimate` a guess at the input tokens, for dialects that tell them before the upstream does.
    """

    id: str
    model: str
    created: int
    request: Request
    input_estimate: int | None = None


class StreamDecoder(Protocol):
    """Turns an upstream's bytes, cut anywhere, into events. Once it gave `Finished` or `Failed` it gives nothing any more.

    It need not obey the grammar of `neutral.response` to the letter: blocks of one choice may overlap, and `Started` may be missing.
    It never raises for what an upstream sent: that is a `Failed` event. `may_end`: nothing more need come, although more may (only Gemini
    has no terminal event); `close` gives the end.
    """

    @property
    def may_end(self) -> bool:
        """Whether `close` would give `Finished` now."""

    def feed(self, chunk: bytes) -> list[Event]:
        """Events that are complete with this chunk."""

    def close(self) -> list[Event]:
        """The upstream ended: the last events, `Failed` when the stream was not finished."""


class StreamEncoder(Protocol):
    """Turns a well-ordered stream of events into a client's bytes. `losses` grows when an event could not be carried whole."""

    losses: list[Loss]

    def feed(self, event: Event) -> bytes:
        """Bytes of whole protocol events, b"" when there is nothing to say yet."""

    def ping(self) -> bytes:
        """A sign of life that every client of the dialect ignores, also before the first event."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One dialect, both ways. Upstream-only dialects have no `decode_request`, `encode_response` and `encoder`.

    - `decode_request(data, *, model, stream)`: a client's body (parsed JSON); InvalidRequest names the field that is wrong.
    - `encode_request(request, upstream)`: CannotCarry names the client's field that this dialect has no form for.
    - `decode_response(data, seed)`: an upstream's body; BadAnswer when it is none. `seed` makes ids unique where the upstream gives none.
    - `encode_response(response, context)`: the body for the client, and what was lost on the way.
    - `decoder(seed)`, `encoder(context)`: a stream's two ends.
    - `decode_error(status, data)`: an upstream's error answer (parsed JSON, or None when it is not JSON).
    - `names`: the client's names of members of `neutral.request.Request`, where they differ (`{"stop": "stop_sequences"}`).
    """

    dialect: Dialect
    encode_request: Callable[[Request, Upstream], Encoded]
    decode_response: Callable[[Mapping[str, Any], str], Response]
    decoder: Callable[[str], StreamDecoder]
    decode_error: Callable[[int, Any], Failed]
    decode_request: Callable[..., Request] | None = None
    encode_response: Callable[[Response, Context], tuple[dict[str, Any], tuple[Loss, ...]]] | None = None
    encoder: Callable[[Context], StreamEncoder] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
