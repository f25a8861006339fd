"""Nothing is kept for ever by accident: every item of every table of a used stack has an end, but for what is listed here with its reason."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import Any

import httpx
import pytest
from tests.e2e.configuration import PREFIX
from tests.e2e.doors import Door
from tests.e2e.local_stack import LocalStack

KEPT = {
    "entity": "configuration: somebody wrote it, and somebody deletes it",
    "release": "configuration: log rows name the release they were served by, and one can go back to it",
    "pointer": "configuration: which release is in force",
    "publications": "configuration: which release was in force from when, for as long as there are releases to go back to",
    "settings": "configuration: how edits come into force, one item",
    "key": "virtual keys and accounts hold until an administrator ends them",
    "user": "users of the dashboard",
    "username": "users of the dashboard",
    "account": "limits of users and teams",
    "balance": "tokens that are owed, and what administrators did to them",
    "limit": "counters of a budget that never begins anew; the others have an end",
    "owner": "dialogs: somebody's own texts, until they remove them",
    "dialog": "the messages of a dialog, and what became of its questions; they go with it",
    "owners": "how much an owner has and had: one item each",
    "tenant": "since when a tenant's kept answers count: one item for each that was ever cleared",
    "everything": "since when anybody's count: one item",
    "day": "daily usage: the history of cost, which grows with days and names, not with requests",
}
ALWAYS_ENDING = frozenset(
    {
        "audit",
        "log row",
        "hour",
        "mark",
        "hold",
        "health",
        "stop",
        "login",
        "denied",
        "session",
        "refresh",
        "invitation",
        "playground",
        "replay",
        "answer",
        "questions",
    }
)
DAY_S, LONGEST_S = 86_400, 401 * 86_400
LOG_ROW = re.compile(r"\d{4}-\d\d-\d\d#\d")


def kind(item: dict[str, Any]) -> str:
    """What an item is, by its partition."""
    pk = str(item["pk"])
    return "log row" if LOG_ROW.fullmatch(pk) else pk.partition("#")[0]


def wrong(item: dict[str, Any], now: float) -> str | None:
    """What is wrong with the end of an item. An end in milliseconds would be thousands of years away."""
    what, end = kind(item), item.get("ttl")
    if what not in ALWAYS_ENDING and what not in KEPT:
        return f"{what}: nobody has said how long it lives"
    if end is None:
        usage_entry = what == "balance" and "#llm_usage#" in item["sk"]
        return f"{what}: no end" if what in ALWAYS_ENDING or usage_entry else None
    if not now - DAY_S < int(end) < now + LONGEST_S:
        return f"{what}: ends at {end}"
    return None


@pytest.fixture(scope="module")
def items(stack: LocalStack, local_door: Door) -> list[dict[str, Any]]:
    """What the session has left; and some use of our own, for a session in which nobody else was here."""
    with local_door.call().http() as client:
        for model in ("chat-text", "claude-text", "no-such-model"):
            prefix = PREFIX["openai_chat"]
            body = {"model": model, "messages": [{"role": "user", "content": prefix}]}
            client.post("/v1/chat/completions", json=body, headers={"idempotency-key": f"lives-{model}"})
        client.delete("/v1/requests/req_" + "0" * 32)
    with httpx.Client(base_url=stack.url, timeout=20.0) as client:
        client.post("/api/auth/login", json={"username": "nobody", "password": "wrong password 1"})
    with stack.admin() as client:
        client.post("/api/auth/logout")
    return list(stack.every_item())


def test_every_item_ends_or_has_a_reason_not_to(items: list[dict[str, Any]]) -> None:
    now = time.time()
    faults = Counter(fault for item in items if (fault := wrong(item, now)) is not None)
    kinds = Counter(f"{kind(item)}{'' if 'ttl' in item else ' (kept)'}" for item in items)
    print(f"\n{len(items)} items, {sum('ttl' in item for item in items)} with an end: {dict(sorted(kinds.items()))}")
    assert not faults
    assert {kind(item) for item in items} >= {"log row", "entity", "release", "pointer", "key", "user", "login"}


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ({"pk": "2026-11-21#3", "sk": "req_1"}, "no end"),
        ({"pk": "mark#req_1", "sk": "mark", "ttl": 1_790_000_000_000}, "ends at"),
        ({"pk": "stop#req_1", "sk": "*", "ttl": 60}, "ends at"),
        ({"pk": "balance#u", "sk": "entry#0#llm_usage#req_1"}, "no end"),
        ({"pk": "novelty#1", "sk": "x", "ttl": 1_790_000_100}, "nobody has said"),
    ],
)
def test_the_scan_sees_what_is_wrong(item: dict[str, Any], fault: str) -> None:
    assert fault in (wrong(item, 1_790_000_000.0) or "")


def test_the_scan_lets_be_what_is_right() -> None:
    for item in ({"pk": "balance#u", "sk": "balance"}, {"pk": "hour#all#2026-11-21", "sk": "x", "ttl": 1_790_000_100}):
        assert wrong(item, 1_790_000_000.0) is None
