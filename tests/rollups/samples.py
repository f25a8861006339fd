"""Log rows as the stream delivers them, and oracles that count them the slow and obvious way."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, settings

# The properties are about results; how long a busy machine takes for an example says nothing.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOON = int(datetime(2026, 5, 1, 12, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000
DAY = 24 * HOUR


def typed(value: Any) -> dict[str, Any]:
    """A plain value in DynamoDB JSON."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float):
        return {"N": str(value)}
    return {"S": value}


def request_id(number: int) -> str:
    """A request id that is the same in every run."""
    return "req_" + uuid.UUID(int=number, version=4).hex


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A finished plain row; a change to None removes the attribute."""
    plain: dict[str, Any] = {
        "id": request_id(number),
        "time_ms": NOON,
        "method": "POST",
        "path": "/v1/chat/completions",
        "status": 200,
        "state": "done",
        "stream": True,
        "ttl": 1_900_000_000,
        "key_id": "key_1",
        "key_name": "Team One",
        "user_id": "user_1",
        "team_id": "team_1",
        "model": "gpt-x",
        "provider": "openai",
        "route": "fast",
        "first_byte_ms": 120.5,
        "total_ms": 900.25,
        "fresh_tokens": 10,
        "cache_read_tokens": 5,
        "cache_write_5m_tokens": 3,
        "cache_write_1h_tokens": 2,
        "input_tokens": 20,
        "output_tokens": 7,
        "reasoning_tokens": 4,
        "cost_nano": 1234,
        "cost_state": "priced",
    }
    return {name: value for name, value in {**plain, **changes}.items() if value is not None}


def image(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A plain row as NewImage."""
    return {name: typed(value) for name, value in plain.items()}


def record(plain: Mapping[str, Any], sequence: int, event: str = "INSERT") -> dict[str, Any]:
    """A stream record as Lambda hands it over."""
    change = {"SequenceNumber": str(10**20 + sequence), "NewImage": image(plain), "StreamViewType": "NEW_IMAGE"}
    return {"eventID": f"{sequence:032x}", "eventName": event, "eventSource": "aws:dynamodb", "dynamodb": change}


def traffic(
    count: int, seed: int, first: int = 0, span_ms: int = 2 * HOUR, mirrors: float = 0.0
) -> list[dict[str, Any]]:
    """Varied finished rows over two hours or more: several keys, models and providers, errors, unpriced ones, lost hedges, absent
    attributes, and a share of mirrored copies."""
    dice, kept = random.Random(seed), random.Random(-seed)
    rows = []
    for number in range(first, first + count):
        failed = dice.random() < 0.1
        unpriced = dice.random() < 0.1
        key = dice.randrange(6)
        lost = dice.randrange(10**6) if dice.random() < 0.1 else None
        cache = kept.choice(["off", "bypass", "miss", "hit", "semantic", "replay", "of a later version", None])
        fresh, cached, output = dice.randrange(5000), dice.randrange(3000), dice.randrange(2000)
        rows.append(
            row(
                number,
                time_ms=NOON + dice.randrange(span_ms),
                status=dice.choice([401, 429, 502]) if failed else 200,
                error="refused" if failed else None,
                key_id=f"key_{key}" if key else None,
                key_name=f"Key {key}" if key else None,
                user_id=f"user_{key % 3}",
                team_id=dice.choice(["red", "blue", None]),
                requested_model=dice.choice(["smart", "gpt-x", None]),
                model=dice.choice(["gpt-x", "claude-y", "gemini-z"]),
                provider=dice.choice(["openai", "anthropic"]),
                route=dice.choice(["fast", None]),
                first_byte_ms=None if failed else round(dice.lognormvariate(5.5, 1), 3),
                total_ms=round(dice.lognormvariate(7, 1), 3),
                fresh_tokens=fresh,
                cache_read_tokens=cached,
                cache_write_5m_tokens=0,
                cache_write_1h_tokens=0,
                input_tokens=fresh + cached,
                output_tokens=output,
                cost_nano=None if unpriced else dice.randrange(10**9),
                cost_state="unpriced" if unpriced else "priced",
                attempts=None if lost is None else json.dumps([{"cost_nano": lost}, {"cost_nano": None}, {}]),
                cache=cache,
                saved_nano=kept.randrange(1, 10**9) if cache in {"hit", "semantic"} else None,
                mirror_of=request_id(first) if dice.random() < mirrors else None,
            )
        )
    return rows


def lost(one: Mapping[str, Any]) -> int:
    """Nano-dollars of the row's calls that did not win."""
    return sum(attempt.get("cost_nano") or 0 for attempt in json.loads(one.get("attempts", "[]")))


def sums(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """What the buckets of these rows must add up to, counted without the code under test."""
    every = list(rows)
    rows = [one for one in every if not one.get("mirror_of")]
    copies = [one for one in every if one.get("mirror_of")]
    result = {
        "requests": len(rows),
        "errors": sum(r["status"] >= 400 or bool(r.get("error")) for r in rows),
        "unpriced": sum(r.get("cost_state") == "unpriced" for r in rows),
        "lost_cost_nano": sum(map(lost, rows)),
        "mirrors": len(copies),
        "mirror_cost_nano": sum(r.get("cost_nano", 0) + lost(r) for r in copies),
        "mirror_unpriced": sum(r.get("cost_state") == "unpriced" for r in copies),
        "cache_hits": sum(r.get("cache") in {"hit", "semantic"} for r in rows),
        "cache_semantic": sum(r.get("cache") == "semantic" for r in rows),
        "cache_misses": sum(r.get("cache") == "miss" for r in rows),
        "cache_bypassed": sum(r.get("cache") == "bypass" for r in rows),
    }
    for digit in (2, 3, 4, 5):
        result[f"status_{digit}xx"] = sum(digit * 100 <= r["status"] < digit * 100 + 100 for r in rows)
    for name in (
        "fresh_tokens",
        "cache_read_tokens",
        "input_tokens",
        "output_tokens",
        "reasoning_tokens",
        "cost_nano",
        "saved_nano",
    ):
        result[name] = sum(r.get(name, 0) for r in rows)
    return result


def nearest_rank(samples: Sequence[float], percent: int) -> float:
    """The percentile by its definition: the smallest sample that at least `percent` of all do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]
