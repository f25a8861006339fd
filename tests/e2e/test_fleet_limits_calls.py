"""What limits cost: the calls of the store that a request makes, and that its client waits for none of the last one."""

from __future__ import annotations

import asyncio
import time

import pytest
from tests.e2e.fleet import eventually
from tests.e2e.limits_room import Fleet, Room, chat, cost, fleet_in
from tests.e2e.store_proxy import PASS, Fate

REQUESTS = 20


def ask(fleet: Fleet, key: str, times: int, *, stream: bool = False) -> None:
    """Requests one after the other, each settled before the next."""
    for _ in range(times):
        rows = len(fleet.books.rows())
        told = asyncio.run(fleet.environments[0].ask(key, chat(9, stream=stream)))
        assert (told.status, told.whole) == (200, True)
        eventually(lambda rows=rows: len(fleet.books.rows()) == rows + 1 and not fleet.books.holds())  # type: ignore[misc]


@pytest.mark.parametrize(
    ("key", "calls"),
    [
        ("plain", {"PutItem": 1}),
        ("durable", {"PutItem": 2}),
        ("dollar", {"admit": 1, "settle": 1}),
        ("three", {"admit": 1, "settle": 1}),
    ],
)
def test_a_warm_request_makes_so_many_calls_of_the_store(limits_room: Room, key: str, calls: dict[str, int]) -> None:
    with fleet_in(limits_room, 1, KEY_CACHE_SECONDS="30") as fleet:
        # The first ones look for old windows, too: once per scope and six hours, after the answer.
        ask(fleet, key, 5)
        eventually(lambda: all(row["state"] == "done" for row in fleet.books.rows()))
        fleet.proxy.seen = []
        began = time.monotonic()
        ask(fleet, key, REQUESTS)
        assert time.monotonic() - began < 14, "the caches are no longer warm"
        found = dict(fleet.proxy.kinds())
        assert found == {kind: count * REQUESTS for kind, count in calls.items()}
    print(f"\nstore calls of a warm request, {key}: {calls}, no reads; {REQUESTS} requests")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("key", ["three", "plain"])
def test_the_client_has_its_last_byte_before_anything_is_settled(limits_room: Room, key: str, stream: bool) -> None:
    with fleet_in(limits_room, 1) as fleet:
        last = "settle" if key == "three" else "PutItem"
        fleet.proxy.decide = lambda call: Fate(gate="later") if call.kind == last else PASS
        told = asyncio.run(fleet.environments[0].ask(key, chat(9, stream=stream)))
        assert (told.status, told.whole) == (200, True)
        assert [row for row in fleet.books.rows() if row["state"] == "done"] == []
        fleet.proxy.open("later")
        eventually(lambda: [row.get("cost_nano") for row in fleet.books.rows()] == [cost(9)])
