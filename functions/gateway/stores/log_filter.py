"""What a page of the log may be narrowed to (R8.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.neutral.guardrails import Action

NONE: Final = "~none"


@dataclass(frozen=True, slots=True)
class Span:
    """A closed range; None = open on that side."""

    low: int | None = None
    high: int | None = None

    def holds(self, value: float) -> bool:
        """True when the value lies in the range."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """All that is given must hold. `from_ms` inclusive and `to_ms` exclusive are Unix milliseconds; models are prefixes; the rest is exact.

    The key `playground` means all keys of the playground. `NONE` for a key, user, team or route means the rows without one: it can be the id of
    nothing. `status` is a closed range, so a class is `Span(400, 499)`. `error` "any" means every row with an error, "none" every row without.
    `tokens` is input and output together, `duration_ms` the total, `cost_nano` nano-dollars (a row without a cost is in no cost range). `mirror`
    True: only copies that nobody waited for; False: none of them. `cache` is a `neutral.caching.CacheState`, or "any": answered with what was
    kept. `guardrail`: rows in which the one of this id found something; `guarded`: in which one did this.
    """

    from_ms: int | None = None
    to_ms: int | None = None
    requested_model: str | None = None
    model: str | None = None
    provider: str | None = None
    error: str | None = None
    key_id: str | None = None
    user_id: str | None = None
    team_id: str | None = None
    route: str | None = None
    release: str | None = None
    session: str | None = None
    stream: bool | None = None
    mirror: bool | None = None
    cache: str | None = None
    guardrail: str | None = None
    guarded: Action | None = None
    status: Span = Span()
    retries: Span = Span()
    tokens: Span = Span()
    duration_ms: Span = Span()
    cost_nano: Span = Span()
