"""Which keys of a provider may be used now, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.neutral.config import Provider, UpstreamKey
from gateway.neutral.health import Health
from gateway.routing.candidate import Reason
from gateway.routing.chance import digest, race

UNLIMITED: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Usable:
    """`keys` in the order to try them, or why there is none (`reason`), and when that ends (`until_ms`, Unix milliseconds, 0 = not known)."""

    keys: tuple[UpstreamKey, ...] = ()
    reason: Reason | None = None
    until_ms: int = 0


_NONE_NEEDED: Final = Usable()
_NO_KEY: Final = Usable(reason="no_key")


@dataclass(frozen=True, slots=True)
class Pool:
    """The active keys of a provider, prepared. `salts` are their names as numbers, `all` is the answer when there is no choice."""

    keys: tuple[UpstreamKey, ...]
    salts: tuple[int, ...]
    all: Usable

    def usable(self, health: Health, now_ms: int, seed: int, session: str | None = None) -> Usable:
        """Active keys that neither cool down nor are dead and have quota left, by chance in the odds of their weights.

        The requests of one session keep to one key as long as it can be used: providers cache prompts per account.
        """
        if not self.keys or (len(self.keys) == 1 and self.keys[0].id not in health.keys):
            return self.all
        good: list[tuple[float, int, UpstreamKey]] = []
        out: list[tuple[int, Reason]] = []
        chooser = seed if session is None or len(self.keys) == 1 else digest(session)
        for position, (key, salt) in enumerate(zip(self.keys, self.salts, strict=True)):
            wrong = _wrong(key, health, now_ms)
            if wrong is None:
                finish = race(chooser, salt, key.weight) if len(self.keys) > 1 else 0.0
                good.append((finish, position, key))
            else:
                out.append(wrong)
        if not good:
            until, reason = min(out)
            return Usable(reason=reason, until_ms=until)
        if len(good) == 1:
            return self.all if len(self.keys) == 1 else Usable((good[0][2],))
        return Usable(tuple(key for _, _, key in sorted(good)))

    def remaining(self, health: Health, now_ms: int) -> float:
        """Tokens left of the quotas of the keys that can be used; infinite where one has no quota, or where no key is needed."""
        if not self.keys:
            return UNLIMITED
        usable = (key for key in self.keys if _wrong(key, health, now_ms) is None)
        return sum(key.daily_quota - health.key(key).used(now_ms) if key.daily_quota else UNLIMITED for key in usable)


def make_pool(provider: Provider, needs_key: bool) -> Pool:
    """The pool of a provider; `needs_key` says whether it can be called without a credential."""
    keys = tuple(key for key in provider.keys if key.active)
    if not keys:
        return Pool((), (), _NO_KEY if needs_key else _NONE_NEEDED)
    return Pool(keys, tuple(digest(f"key|{key.id}") for key in keys), Usable(keys))


def usable_keys(
    provider: Provider, needs_key: bool, health: Health, now_ms: int, seed: int, session: str | None = None
) -> Usable:
    """`Pool.usable` for a provider that is asked for once."""
    return make_pool(provider, needs_key).usable(health, now_ms, seed, session)


def _wrong(key: UpstreamKey, health: Health, now_ms: int) -> tuple[int, Reason] | None:
    """Until when a key cannot be used and why: of several reasons, the one that lasts longest."""
    if key.id not in health.keys:
        return None
    known = health.key(key)
    reasons: list[tuple[int, Reason]] = []
    if known.dead_until_ms > now_ms:
        reasons.append((known.dead_until_ms, "dead"))
    if known.cooling_until_ms > now_ms:
        reasons.append((known.cooling_until_ms, "cooling"))
    if key.daily_quota and known.used(now_ms) >= key.daily_quota:
        reasons.append((known.window_ends_ms, "quota"))
    return max(reasons, default=None)
