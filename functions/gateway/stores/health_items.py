"""The shared state of routing as items of the state table: addresses, and from items to a `Health` (pure; both planes use it).

All lie in the partition `health`. Sort keys, in the order in which DynamoDB keeps them:

- `answers#<five minutes>#<target>`: the calls of one target in five minutes. `o<n>` and `b<n>` count good and bad calls of the n-th ten
  seconds (0 to 29), `h<bin>` the times to the first content (bins of `gateway.rollups.sketch`). Writers only ADD, and the names never need
  a reset, so that nothing can be lost where one minute becomes the next. `mark` names the last writer's batch: a batch whose answer was
  lost is recognised. `last_fault`, `last_fault_ms`.
- `breaker#<target>`: see `gateway.routing.breaker`; changed by conditional updates only.
- `key#<upstream key id>`: `stamp`, `cooling_until_ms`, `dead_until_ms`, `reason`; `used_tokens`, `window_ends_ms` and `mark`.

So one range, `>= answers#<the five minutes before>`, holds everything that matters and nothing that is old. It is read backwards: keys and
breakers come first, whatever the number of targets. A target is `<provider>#<model>`, both percent-encoded (no `#`, `%` or control
character stays), so that no two targets share an item; a name too long for a sort key is replaced by its SHA-256. The names as
they are, are attributes. Every item has a `ttl`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from gateway.neutral.health import Health, KeyHealth, TargetHealth
from gateway.rollups.sketch import percentile
from gateway.routing.breaker import SLOT_MS, Breaker

PARTITION: Final = "health"
BUCKET_MS: Final = 300_000
SLOTS_PER_BUCKET: Final = BUCKET_MS // SLOT_MS
QUOTA_MS: Final = 86_400_000
ANSWERS_TTL_S: Final = 900
BREAKER_TTL_S: Final = 86_400
KEY_TTL_S: Final = 2 * 86_400
STOP_TTL_S: Final = 3600
ANYBODY: Final = "*"
_LONGEST: Final = 900

Target = tuple[str, str]


@dataclass(slots=True)
class Answers:
    """Calls of a target within one bucket: [ok, bad] by absolute slot, samples by bin, and the last fault."""

    slots: dict[int, list[int]] = field(default_factory=dict)
    bins: dict[int, int] = field(default_factory=dict)
    fault: str | None = None
    fault_ms: int = 0


@dataclass(slots=True)
class Known:
    """What the items say. `faults` are the faults that opened a breaker: (word, Unix ms)."""

    answers: dict[Target, dict[int, Answers]] = field(default_factory=dict)
    breakers: dict[Target, Breaker] = field(default_factory=dict)
    faults: dict[Target, tuple[str | None, int]] = field(default_factory=dict)
    keys: dict[str, KeyHealth] = field(default_factory=dict)


def bucket_of(at_ms: int) -> int:
    """The number of the five minutes of a time."""
    return at_ms // BUCKET_MS


def _encoded(text: str) -> str:
    return quote(text, safe="/:@+,;=", errors="surrogatepass")


def _named(name: str) -> str:
    return name if len(name) <= _LONGEST else f"~{hashlib.sha256(name.encode()).hexdigest()}"


def target_name(target: Target) -> str:
    """A target inside a sort key."""
    return _named(f"{_encoded(target[0])}#{_encoded(target[1])}")


def first_sort_key(now_ms: int) -> str:
    """Where the range of what matters begins."""
    return f"answers#{bucket_of(now_ms) - 1:010d}"


def answers_key(target: Target, bucket: int) -> dict[str, str]:
    """Primary key of the calls of a target in one bucket."""
    return {"pk": PARTITION, "sk": f"answers#{bucket:010d}#{target_name(target)}"}


def breaker_key(target: Target) -> dict[str, str]:
    """Primary key of a breaker."""
    return {"pk": PARTITION, "sk": f"breaker#{target_name(target)}"}


def upstream_key_key(key_id: str) -> dict[str, str]:
    """Primary key of what is known of an upstream key."""
    return {"pk": PARTITION, "sk": f"key#{_named(_encoded(key_id))}"}


def stop_key(request_id: str, key_id: str) -> dict[str, str]:
    """Primary key of a wish to stop a request; each asker has an item of its own, so that none replaces another's."""
    return {"pk": f"stop#{request_id}", "sk": key_id}


def read_items(items: Iterable[Mapping[str, Any]]) -> Known:
    """Everything that items (plain values) say; an item that is none of ours is left out."""
    known = Known()
    for item in items:
        try:
            take_item(known, item)
        except (KeyError, TypeError, ValueError):
            continue
    return known


def take_item(known: Known, item: Mapping[str, Any]) -> Target | str:
    """Put what one item says in the place of what was known of its subject (a target or a key's id); ValueError when it is none of ours."""
    kind, _, rest = str(item["sk"]).partition("#")
    if kind == "key":
        key_id = str(item["key_id"])
        known.keys[key_id] = read_key(item)
        return key_id
    target = str(item["provider"]), str(item["model"])
    if kind == "answers":
        bucket = int(rest.partition("#")[0])
        known.answers.setdefault(target, {})[bucket] = _answers(item, bucket)
    elif kind == "breaker":
        known.breakers[target] = read_breaker(item)
        known.faults[target] = item.get("last_fault"), int(item.get("last_fault_ms") or 0)
    else:
        raise ValueError(kind)
    return target


def read_breaker(item: Mapping[str, Any] | None) -> Breaker:
    """A breaker's item; no item is a closed breaker."""
    if item is None:
        return Breaker()
    until, opens, since = (int(item.get(name) or 0) for name in ("until_ms", "opens", "since_ms"))
    return Breaker(until, opens, since, item.get("probe_owner"), int(item.get("probe_until_ms") or 0))


def read_key(item: Mapping[str, Any]) -> KeyHealth:
    """An upstream key's item."""
    names = ("cooling_until_ms", "dead_until_ms", "used_tokens", "window_ends_ms")
    cooling, dead, used, ends = (int(item.get(name) or 0) for name in names)
    return KeyHealth(str(item.get("stamp") or ""), cooling, dead, item.get("reason"), used, ends)


def _answers(item: Mapping[str, Any], bucket: int) -> Answers:
    found = Answers(fault=item.get("last_fault"), fault_ms=int(item.get("last_fault_ms") or 0))
    for name, value in item.items():
        place = name[1:]
        if not place.isdecimal():
            continue
        if name[0] == "h":
            found.bins[int(place)] = int(value)
        elif name[0] in "ob":
            slot = found.slots.setdefault(bucket * SLOTS_PER_BUCKET + int(place), [0, 0])
            slot[name[0] == "b"] += int(value)
    return found


def target_health(parts: Iterable[Answers], breaker: Breaker, opened_by: tuple[str | None, int]) -> TargetHealth:
    """One target's line of a snapshot."""
    ok = bad = 0
    bins: dict[int, int] = {}
    fault, fault_ms = opened_by
    for part in parts:
        ok += sum(slot[0] for slot in part.slots.values())
        bad += sum(slot[1] for slot in part.slots.values())
        for index, count in part.bins.items():
            bins[index] = bins.get(index, 0) + count
        if part.fault_ms >= fault_ms and part.fault is not None:
            fault, fault_ms = part.fault, part.fault_ms
    p50, p95, p99 = (percentile(bins, quantile) for quantile in (0.5, 0.95, 0.99)) if bins else (None, None, None)
    return TargetHealth(ok, bad, p50, p95, p99, breaker.until_ms, fault, fault_ms)


def to_health(known: Known, now_ms: int) -> Health:
    """The snapshot that items alone give."""
    targets = {
        target: target_health(
            known.answers.get(target, {}).values(),
            known.breakers.get(target, Breaker()),
            known.faults.get(target, (None, 0)),
        )
        for target in {**known.answers, **known.breakers}
    }
    return Health(targets, dict(known.keys), now_ms)
