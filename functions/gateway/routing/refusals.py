"""The error that says why nobody can serve a request: which of the client's wishes nobody fulfils, or what is wrong with each target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Final

from gateway.errors import GatewayError, InvalidRequest, NoTarget, TargetsLimited
from gateway.routing.candidate import Reason, Skipped
from gateway.routing.chance import digest, draw
from gateway.routing.features import Features
from gateway.routing.names import may_reach, shown

_WORDS: Final[dict[Reason, str]] = {
    "rules": "its conditions do not hold",
    "paused": "paused",
    "inactive": "switched off",
    "excluded": "excluded by the request",
    "capability": "not known to do what the request requires",
    "breaker_open": "failing",
    "cooling": "rate limited",
    "quota": "daily quota used up",
    "dead": "refuses its keys",
    "no_key": "has no key",
}
_WISHES: Final = frozenset[Reason](["excluded", "capability"])
_PASSING: Final = frozenset[Reason](["paused", "breaker_open", "cooling", "quota", "dead", "no_key"])
_LIMITS: Final = frozenset[Reason](["cooling", "quota"])
_NAMED: Final = 8
_SPREAD_MS: Final = 30_000
_LONG_MS: Final = 3_600_000
_HERD: Final = digest("retry-after")


def refusal(skipped: Sequence[Skipped], missing: Sequence[str], features: Features) -> GatewayError:
    """The error for a request whose targets were all skipped. `missing`: capabilities that some target lacks.

    InvalidRequest where nothing but the request itself is in the way: its wishes, or the targets' conditions. TargetsLimited where all that
    could serve it wait for a limit to end.
    """
    known = [one for one in skipped if may_reach(features.key, one.provider)]
    reasons = {one.reason for one in known} - {"inactive"}
    model = shown(features.model)
    if "rules" in reasons and reasons <= _WISHES | {"rules"}:
        # Waiting helps nobody: clients repeat a 503.
        return InvalidRequest(f"No target of the model '{model}' takes this request: {_told(known, features.now_ms)}.")
    if reasons and reasons <= _WISHES:
        return InvalidRequest(f"No target of the model '{model}' is left: {_wishes(known, missing)}.", param="routing")
    message = f"No target of the model '{model}' can be called now: {_told(known, features.now_ms)}."
    passing = reasons & _PASSING
    kind = TargetsLimited if passing and passing <= _LIMITS else NoTarget
    return kind(message, headers=_retry_after(known, features))


def _wishes(known: Sequence[Skipped], missing: Sequence[str]) -> str:
    told: list[str] = []
    excluded = dict.fromkeys(one.provider for one in known if one.reason == "excluded")
    if excluded:
        told.append(f"the request excludes {', '.join(excluded)}")
    if missing:
        told.append(f"no target is known to support: {', '.join(missing)}")
    return " and ".join(told)


def _told(known: Sequence[Skipped], now_ms: int) -> str:
    parts = [f"{one.provider}/{shown(one.model)} ({_WORDS[one.reason]}{_until(one, now_ms)})" for one in known[:_NAMED]]
    more = len(known) - _NAMED
    return ", ".join(parts) + (f" and {more} more" if more > 0 else "")


def _until(one: Skipped, now_ms: int) -> str:
    if one.until_ms <= now_ms:
        return ""
    if one.until_ms - now_ms > _LONG_MS:
        return f" until {datetime.fromtimestamp(one.until_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    return f" for {ceil((one.until_ms - now_ms) / 1000)} s"


def _retry_after(known: Sequence[Skipped], features: Features) -> dict[str, str]:
    """When the first target is expected back within an hour, spread over as long again, at most half a minute.

    A herd must not return in one second.
    """
    ends = [one.until_ms for one in known if 0 < one.until_ms - features.now_ms <= _LONG_MS]
    if not ends:
        return {}
    wait = min(ends) - features.now_ms
    spread = draw(features.seed, _HERD) * min(wait, _SPREAD_MS)
    return {"retry-after": str(max(1, ceil((wait + spread) / 1000)))}
