"""What the fleet knows of its upstreams: a snapshot, some seconds old, that a plan is made with.

Breakers and keys change by conditional writes, so that all environments agree; successes and times are folded and written now and then
(`gateway.stores.hot_health`). Times are Unix milliseconds; 0 = never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.neutral.config import UpstreamKey


@dataclass(frozen=True, slots=True)
class TargetHealth:
    """One target: a provider and its model. `ok` and `bad` count calls of the last five to ten minutes, only faults of the provider being bad.

    The percentiles are those of the time to the first content, in milliseconds, None without a sample. `open_until_ms` 0: the breaker is
    closed. In the future: open, the target is not called. In the past: half-open, one probe may be made.
    """

    ok: int = 0
    bad: int = 0
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    open_until_ms: int = 0
    last_fault: str | None = None
    last_fault_ms: int = 0


@dataclass(frozen=True, slots=True)
class KeyHealth:
    """One upstream key. Before `cooling_until_ms` the provider wants no more of it; before `dead_until_ms` it refuses it.

    `used_tokens` were consumed in the quota window that ends at `window_ends_ms`. `stamp` is `UpstreamKey.stamp` of the credential meant.
    """

    stamp: str = ""
    cooling_until_ms: int = 0
    dead_until_ms: int = 0
    reason: str | None = None
    used_tokens: int = 0
    window_ends_ms: int = 0

    def used(self, now_ms: int) -> int:
        """Tokens of the running quota window."""
        return self.used_tokens if now_ms < self.window_ends_ms else 0


_FRESH_TARGET: Final = TargetHealth()
_FRESH_KEY: Final = KeyHealth()


@dataclass(frozen=True, slots=True)
class Health:
    """Everything known at `taken_ms`. What is not in it is healthy. Targets by (provider id, upstream model), keys by id."""

    targets: Mapping[tuple[str, str], TargetHealth] = field(default_factory=dict)
    keys: Mapping[str, KeyHealth] = field(default_factory=dict)
    taken_ms: int = 0

    def target(self, provider: str, model: str) -> TargetHealth:
        """What is known of a target."""
        return self.targets.get((provider, model), _FRESH_TARGET)

    def key(self, key: UpstreamKey) -> KeyHealth:
        """What is known of a key, unless its credential is another one by now. Usage counts on: the account is the same."""
        found = self.keys.get(key.id)
        if found is None:
            return _FRESH_KEY
        if found.stamp in {"", key.stamp}:
            return found
        return KeyHealth(used_tokens=found.used_tokens, window_ends_ms=found.window_ends_ms)


@dataclass(frozen=True, slots=True)
class TargetSeen:
    """What one call told of its target. `ok` None: nothing (the client's own error, a stop). `probe` is the owner of the probe it was.

    `configured`: an administrator named the target, in a route or as a model. Of the others, which clients name, only some are remembered.
    """

    provider: str
    model: str
    ok: bool | None
    at_ms: int
    first_ms: float | None = None
    fault: str | None = None
    probe: str | None = None
    configured: bool = True


@dataclass(frozen=True, slots=True)
class KeySeen:
    """What one call told of its key: `cooling_until_ms`, `dead_until_ms` or `tokens` consumed (only keys with a quota are counted)."""

    key: UpstreamKey
    at_ms: int
    cooling_until_ms: int = 0
    dead_until_ms: int = 0
    reason: str | None = None
    tokens: int = 0
