"""The log row: what one request leaves behind, exactly once, whatever became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.neutral.guardrails import Verdict
from gateway.neutral.usage import Usage

# Targets that were not called, and calls for the gateway's own ends.
_NO_TRY: Final = frozenset(["skip", "embedding", "moderation"])


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of an upstream. `fault` is None when it succeeded; `next` is what followed, as `gateway.routing.attempts` words it.

    `kind` is `call`, `probe` (the one call a half-open breaker lets through), `hedge` (began beside a slow one), `mirror`, or `skip`: the target's
    turn came, and it was not called for the reason in `fault`. `embedding` and `moderation` are calls for the gateway's own ends. `began_ms` counts
    from the request's arrival. `cost_nano` is what a call that did not win is known or reckoned to cost, in nano-dollars.
    """

    provider: str
    model: str
    upstream_key_id: str | None
    status: int | None
    fault: str | None
    first_byte_ms: float | None
    total_ms: float
    next: str = "stop"
    kind: str = "call"
    began_ms: float | None = None
    cost_nano: int | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked. All fields are None before the key is known; `ip` and `client` (user agent) come from the request."""

    key_id: str | None = None
    key_name: str | None = None
    user_id: str | None = None
    team_id: str | None = None
    ip: str | None = None
    client: str | None = None
    session: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """Integer nano-dollars, or None with `state` "unpriced" when the model has no price.

    `source` is where the price is from: `model` (the release's), `provider` (its overrides), `catalog`; `reserved` where the cost cannot
    be worked out and is what was held for it; None where there is none.
    """

    nano_usd: int | None = None
    state: str = "none"  # priced | unpriced | none (nothing was consumed)
    source: str | None = None


@dataclass(frozen=True, slots=True)
class LogRow:
    """One request. Times are Unix milliseconds or elapsed milliseconds; absent facts are None.

    `error` is a stable word of `gateway.errors` (or of `upstream.faults`); `error_message` is redacted text, at most 1,000 characters.
    `mirror_of` is the id of the request that this one, whose answer nobody sees, is a copy of.
    `cache` is a `neutral.caching.CacheState`; `saved_nano` is what an answer that was given again had cost to make.
    `guardrails` is what they found, in the order in which they did.
    `losses` holds "field: action: reason" strings. `request_headers` are redacted before they get here.
    """

    id: str
    time_ms: int
    method: str
    path: str
    dialect: str
    status: int
    ttl: int
    state: str = "done"  # running | done
    stream: bool = False
    caller: Caller = Caller()
    requested_model: str | None = None
    model: str | None = None
    upstream_model: str | None = None
    provider: str | None = None
    upstream_key_id: str | None = None
    route: str | None = None
    release: str | None = None
    error: str | None = None
    error_message: str | None = None
    attempts: tuple[Attempt, ...] = ()
    candidates: int = 0
    mirror_of: str | None = None
    first_byte_ms: float | None = None
    total_ms: float = 0.0
    usage: Usage = Usage()
    cost: Cost = Cost()
    cache: str = "off"
    saved_nano: int = 0
    guardrails: tuple[Verdict, ...] = ()
    losses: tuple[str, ...] = ()
    correlation_id: str | None = None
    upstream_request_id: str | None = None
    request_headers: Mapping[str, str] = field(default_factory=dict)
    request_body: str | None = None
    response_body: str | None = None
    body_ref: str | None = None

    @property
    def retries(self) -> int:
        """Calls of an upstream beyond the first."""
        return max(0, sum(attempt.kind not in _NO_TRY for attempt in self.attempts) - 1)
