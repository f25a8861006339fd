"""The data plane's writes to the shared state of routing, as update expressions (pure; the items are those of `health_items`).

Each may be sent twice. What counts has a `mark`, and is refused where the item's last mark is its own; what is conditional on a state changes
that state. A refusal brings the stored item along, which tells the cases apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.aws.dynamodb import Expr, Update
from gateway.neutral.config import UpstreamKey
from gateway.routing.breaker import Breaker
from gateway.stores.health_items import (
    ANSWERS_TTL_S,
    BREAKER_TTL_S,
    BUCKET_MS,
    KEY_TTL_S,
    QUOTA_MS,
    SLOTS_PER_BUCKET,
    Answers,
    Target,
    answers_key,
    breaker_key,
    upstream_key_key,
)

_UNMARKED: Final = "(attribute_not_exists(#mark) OR #mark <> :mark)"


def _changing(sets: Mapping[str, Any], adds: Mapping[str, int] | None = None) -> Expr:
    """SET and ADD of attributes by their names, every one behind a placeholder. Equal amounts share one: an expression has 4 KB."""
    names = {f"#{name}": name for name in (*sets, *(adds or {}))}
    values: dict[str, Any] = {f":{name}": value for name, value in sets.items()}
    text = "SET " + ", ".join(f"#{name} = :{name}" for name in sets)
    if adds:
        text += " ADD " + ", ".join(f"#{name} :n{amount}" for name, amount in adds.items())
        values |= {f":n{amount}": amount for amount in adds.values()}
    return Expr(text, names, values)


def _subject(target: Target, ttl: int) -> dict[str, Any]:
    return {"provider": target[0], "model": target[1], "ttl": ttl}


def count(table: str, target: Target, bucket: int, answers: Answers, mark: str) -> Update:
    """Add calls to their bucket."""
    ttl = (bucket + 1) * BUCKET_MS // 1000 + ANSWERS_TTL_S
    sets = {**_subject(target, ttl), "mark": mark}
    if answers.fault is not None:
        sets |= {"last_fault": answers.fault, "last_fault_ms": answers.fault_ms}
    adds = {f"h{index}": number for index, number in answers.bins.items()}
    for slot, (ok, bad) in answers.slots.items():
        place = slot % SLOTS_PER_BUCKET
        adds |= {name: number for name, number in ((f"o{place}", ok), (f"b{place}", bad)) if number}
    when = Expr(_UNMARKED, {"#mark": "mark"}, {":mark": mark})
    return Update(table, answers_key(target, bucket), _changing(sets, adds), when)


def open_(table: str, target: Target, after: Breaker, fault: tuple[str | None, int], now_ms: int) -> Update:
    """Open a closed breaker: of all who want to, one succeeds. Not when it was closed later than the calls that speak for it."""
    sets = {**_subject(target, now_ms // 1000 + BREAKER_TTL_S), "until_ms": after.until_ms, "opens": after.opens}
    if fault[0] is not None:
        sets |= {"last_fault": fault[0], "last_fault_ms": fault[1]}
    is_closed = "(attribute_not_exists(#until_ms) OR #until_ms = :zero)"
    same = "(attribute_not_exists(#since_ms) OR #since_ms <= :since_ms)"
    names = {"#until_ms": "until_ms", "#since_ms": "since_ms"}
    when = Expr(f"{is_closed} AND {same}", names, {":zero": 0, ":since_ms": after.since_ms})
    return Update(table, breaker_key(target), _changing(sets), when)


def lease(table: str, target: Target, owner: str, now_ms: int, until_ms: int) -> Update:
    """Take the probe of a half-open breaker."""
    sets = {"probe_owner": owner, "probe_until_ms": until_ms, "ttl": now_ms // 1000 + BREAKER_TTL_S}
    half_open = "#until_ms > :zero AND #until_ms <= :now"
    free = "(attribute_not_exists(#probe_owner) OR #probe_until_ms <= :now OR #probe_owner = :probe_owner)"
    values = {":zero": 0, ":now": now_ms, ":probe_owner": owner}
    when = Expr(f"{half_open} AND {free}", {"#until_ms": "until_ms"}, values)
    return Update(table, breaker_key(target), _changing(sets), when)


def settle(table: str, target: Target, owner: str, after: Breaker, now_ms: int) -> Update:
    """What a probe's outcome makes of the breaker, if the probe is still its own. The lease ends with it."""
    sets = {"until_ms": after.until_ms, "opens": after.opens, "since_ms": after.since_ms}
    sets["ttl"] = now_ms // 1000 + BREAKER_TTL_S
    change = _changing(sets)
    text = f"{change.text} REMOVE #probe_owner, #probe_until_ms"
    names = {**change.names, "#probe_owner": "probe_owner", "#probe_until_ms": "probe_until_ms"}
    when = Expr("#probe_owner = :owner", values={":owner": owner})
    return Update(table, breaker_key(target), Expr(text, names, change.values), when)


def limit_key(table: str, key: UpstreamKey, until: Mapping[str, int], reason: str | None, now_ms: int) -> Update:
    """Say until when a key is cooling or dead, of the credential that is stored already; never sooner than stored."""
    sets = {"stamp": key.stamp, "reason": reason, "ttl": now_ms // 1000 + KEY_TTL_S, "key_id": key.id, **until}
    later = " OR ".join(f"attribute_not_exists(#{name}) OR #{name} < :{name}" for name in until)
    return Update(table, upstream_key_key(key.id), _changing(sets), Expr(f"#stamp = :stamp AND ({later})"))


def replace_key(table: str, key: UpstreamKey, until: Mapping[str, int], reason: str | None, now_ms: int) -> Update:
    """The same of another credential than the one stored, of which nothing is kept but the use of its account."""
    cleared = {"cooling_until_ms": 0, "dead_until_ms": 0, **until}
    sets = {"stamp": key.stamp, "reason": reason, "ttl": now_ms // 1000 + KEY_TTL_S, "key_id": key.id, **cleared}
    when = Expr("attribute_not_exists(#stamp) OR #stamp <> :stamp")
    return Update(table, upstream_key_key(key.id), _changing(sets), when)


def use(table: str, key: UpstreamKey, tokens: int, mark: str, now_ms: int) -> Update:
    """Add tokens to the running quota window."""
    sets = {"mark": mark, "key_id": key.id, "ttl": now_ms // 1000 + KEY_TTL_S}
    names = {"#window_ends_ms": "window_ends_ms", "#mark": "mark"}
    when = Expr(f"#window_ends_ms > :now AND {_UNMARKED}", names, {":now": now_ms, ":mark": mark})
    return Update(table, upstream_key_key(key.id), _changing(sets, {"used_tokens": tokens}), when)


def begin_use(table: str, key: UpstreamKey, tokens: int, mark: str, now_ms: int) -> Update:
    """Begin a quota window with these tokens, where none runs."""
    sets = {"mark": mark, "key_id": key.id, "ttl": now_ms // 1000 + KEY_TTL_S, "used_tokens": tokens}
    sets["window_ends_ms"] = now_ms + QUOTA_MS
    over = "(attribute_not_exists(#window_ends_ms) OR #window_ends_ms <= :now)"
    when = Expr(f"{over} AND {_UNMARKED}", {"#mark": "mark"}, {":now": now_ms, ":mark": mark})
    return Update(table, upstream_key_key(key.id), _changing(sets), when)
