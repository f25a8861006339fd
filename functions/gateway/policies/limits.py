"""What a client is told of limits: a refusal in words, and where its rates stand in headers. Pure.

A client must know which limit it met, of whom, how much is used and held, and when there is room again; and its SDK must do the right thing by
itself. OpenAI's and Anthropic's SDKs repeat a 429 unless `x-should-retry` says otherwise, wait as `retry-after` says up to 60 or 120 seconds, and
look no further; Codex reads "try again in 1.3s" out of the message. Sources: openai-python `_base_client.py`, anthropic-python `_base_client.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from gateway.errors import BudgetSpent, GatewayError, LimitReached
from gateway.neutral.limits import Admission, LimitName, Rate, Refusal

_RATES: Final[dict[LimitName, str]] = {"requests": "requests per minute", "tokens": "tokens per minute"}
_PERIODS: Final[dict[LimitName, str]] = {"day": "daily budget", "month": "monthly budget", "total": "budget"}
_NANO: Final = 1_000_000_000
_ANTHROPIC: Final = "anthropic"


def refused(refusal: Refusal, dialect: str, now_ms: int) -> GatewayError:
    """The error of a refusal. `dialect` is the family of the client's: Anthropic says 402 of money, the others 429."""
    headers = {"x-gateway-limit": _told(refusal)}
    if refusal.name in _PERIODS or refusal.name == "balance":
        headers["x-should-retry"] = "false"
        if refusal.reset_ms is not None and refusal.retry_after_s is not None and refusal.needed <= refusal.limit:
            headers["retry-after"] = _seconds(refusal.retry_after_s)
        status = 402 if dialect == _ANTHROPIC or refusal.name == "balance" else 429
        return BudgetSpent(_spent(refusal), status, headers=headers)
    if refusal.name in _RATES:
        left = Rate(
            refusal.limit, refusal.limit - refusal.used, max(0.0, ((refusal.reset_ms or now_ms) - now_ms) / 1000)
        )
        headers |= {name.decode(): value.decode() for name, value in _rates({refusal.name: left}, dialect, now_ms)}
    wait = refusal.retry_after_s
    headers["x-should-retry"] = "true"
    headers["retry-after"] = _seconds(wait if wait is not None else 1.0)
    if wait is not None:
        headers["retry-after-ms"] = str(math.ceil(wait * 1000))
    return LimitReached(_busy(refusal), headers=headers)


def _whose(refusal: Refusal) -> str:
    """The scope as the client may know it: its key needs no name, users and teams are named by their id."""
    return "API key" if refusal.scope == "key" else f"{refusal.scope} '{refusal.scope_id[:128]}'"


def _busy(refusal: Refusal) -> str:
    if refusal.name == "concurrent":
        return f"The {_whose(refusal)} may have {refusal.limit} requests at once, and as many are running. Please try again when one has ended."
    wait = max(refusal.retry_after_s or 0.0, 0.001)
    return (
        f"Rate limit reached for the {_whose(refusal)} on {_RATES[refusal.name]}: limit {refusal.limit}, used {refusal.used}, "
        f"requested {refusal.needed}. Please try again in {wait:.3g}s."
    )


def _spent(refusal: Refusal) -> str:
    if refusal.name == "balance":
        return (
            f"The token balance of the {_whose(refusal)} is not enough: {max(0, refusal.limit - refusal.used - refusal.held)} tokens are left"
            f"{f' beside {refusal.held} held by running requests' if refusal.held else ''}, and this request may take {refusal.needed}."
        )
    resets = "" if refusal.reset_ms is None else f" It resets at {_moment(refusal.reset_ms)}."
    text = (
        f"The {_PERIODS[refusal.name]} of the {_whose(refusal)} has no room for this request: limit {usd(refusal.limit)}, used {usd(refusal.used)}, "
        f"held by running requests {usd(refusal.held)}, and this request may cost up to {usd(refusal.needed)}."
    )
    if refusal.needed > refusal.limit - refusal.used > 0:
        text += " A smaller limit of output tokens lowers what it may cost."
    return text + resets


def _told(refusal: Refusal) -> str:
    """The same for programs: `scope=key; id=…; name=day; limit=…; used=…; held=…; needed=…; reset=<Unix seconds>`; money in nano-dollars."""
    pairs = {"scope": refusal.scope, "id": _token(refusal.scope_id), "name": refusal.name, "limit": refusal.limit}
    pairs |= {"used": refusal.used, "held": refusal.held, "needed": refusal.needed}
    if refusal.reset_ms is not None:
        pairs["reset"] = -(-refusal.reset_ms // 1000)
    return "; ".join(f"{name}={value}" for name, value in pairs.items())


def rates(admission: Admission, dialect: str, now_ms: int) -> list[tuple[bytes, bytes]]:
    """Headers of an answer: the tightest rates, under the names the family's SDKs document; none without a rate."""
    return _rates({"requests": admission.requests, "tokens": admission.tokens}, dialect, now_ms)


def _rates(known: Mapping[str, Rate | None], dialect: str, now_ms: int) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    for name, rate in known.items():
        if rate is None:
            continue
        found += [
            (b"x-ratelimit-limit-%s" % name.encode(), b"%d" % rate.limit),
            (b"x-ratelimit-remaining-%s" % name.encode(), b"%d" % max(0, rate.remaining)),
            (b"x-ratelimit-reset-%s" % name.encode(), _duration(rate.reset_s).encode()),
        ]
        if dialect == _ANTHROPIC:
            found += _anthropic(name, rate, now_ms)
    return found


def _anthropic(name: str, rate: Rate, now_ms: int) -> list[tuple[bytes, bytes]]:
    """https://platform.claude.com/docs/en/api/rate-limits#response-headers"""
    prefix = f"anthropic-ratelimit-{name}-"
    reset = _moment(now_ms + math.ceil(rate.reset_s * 1000))
    values = {"limit": str(rate.limit), "remaining": str(max(0, rate.remaining)), "reset": reset}
    return [((prefix + part).encode(), value.encode()) for part, value in values.items()]


def is_rate(name: bytes) -> bool:
    """Whether a header tells the rates of an account at the provider, which are not the client's where it has rates of its own."""
    return name.startswith((b"x-ratelimit-", b"anthropic-ratelimit-", b"anthropic-priority-"))


def usd(nano: int) -> str:
    """Nano-dollars as dollars, exactly, with at least two decimals."""
    sign, nano = ("-" if nano < 0 else ""), abs(nano)
    fraction = f"{nano % _NANO:09d}".rstrip("0").ljust(2, "0")
    return f"{sign}${nano // _NANO:,}.{fraction}"


def _seconds(wait: float) -> str:
    return str(max(1, math.ceil(wait)))


def _duration(seconds: float) -> str:
    """As OpenAI writes it: `6m0s`, `1.2s`, `20ms`."""
    if seconds < 1:
        return f"{max(0, math.ceil(seconds * 1000))}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}m{math.ceil(rest)}s" if minutes else f"{rest:.4g}s"


def _moment(milliseconds: int) -> str:
    try:
        return datetime.fromtimestamp(-(-milliseconds // 1000), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return "a time beyond the calendar"


def _token(text: str) -> str:
    return "".join(char if (char.isascii() and char.isalnum()) or char in "._-:@/+" else "?" for char in text[:128])
