"""What a plan may depend on. The same features, release and health give the same plan, today and when it is explained or replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.neutral.config import Strategy, VirtualKey


@dataclass(frozen=True, slots=True)
class Hints:
    """A client's wishes for one request (`gateway.routing.hints` reads them). `prefer`, `exclude` and `first` are provider ids.

    `first` goes before everybody, `prefer` as far as the strategy lets it.

    `require` holds words of `gateway.catalog.traits`: a target whose model is not known to have them all is no candidate.
    """

    strategy: Strategy | None = None
    prefer: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Features:
    """One request as routing sees it.

    `headers`: names lower-case, credentials left out. `now_ms`: Unix milliseconds. `seed`: 64 random bits of this request, the only source of
    chance. `turn`: how many plans of this route this environment made before, for the strategies that take turns. `input_tokens`: None = not
    counted (see `Planner.needs_tokens`). `output_tokens`: the most the client wants, None = it did not say. `session`: the client's own
    name of the conversation; `prefix`: a digest of the part of the conversation that provider caches keep, None = none was made. `stream`: whether
    the client wants a stream, None = as the member `stream` of the body says.
    """

    model: str
    key: VirtualKey
    now_ms: int
    seed: int = 0
    turn: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    input_tokens: int | None = None
    output_tokens: int | None = None
    session: str | None = None
    prefix: str | None = None
    hints: Hints = Hints()
    stream: bool | None = None
