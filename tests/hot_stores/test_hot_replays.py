"""Idempotency keys in the store: one claim, leases that end, answers that come back byte for byte, and faults that never let anybody through."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from dataclasses import replace
from typing import Any, cast

import pytest
from tests.hot_stores.fleet import START_MS, TABLE, Fleet, Now
from tests.moto_session import MotoSession

from gateway.aws import faults
from gateway.aws.s3 import S3
from gateway.errors import Unavailable
from gateway.neutral.replays import KeptAnswer, ReplayKey, Taken
from gateway.stores.hot_replays import INLINE, HotReplays
from gateway.stores.state_items import ReplayItem

PLACE = ReplayKey("key_1", "d" * 64)
HEADERS = ((b"content-type", b"text/event-stream"), (b"x-odd", b"caf\xe9 \x80"), (b"x-odd", b"again"))
ANSWER = KeptAnswer("r1", 200, HEADERS, bytes(range(256)), stream=True)


class Objects:
    """As much of `S3` as the store uses."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], bytes] = {}
        self.fault: faults.AwsFault | None = None

    async def put_object(self, bucket: str, key: str, body: bytes) -> None:
        if self.fault is not None:
            raise self.fault
        self.held[bucket, key] = body

    async def get_object(self, bucket: str, key: str) -> bytes:
        if self.fault is not None:
            raise self.fault
        if (bucket, key) not in self.held:
            raise faults.NotFound("s3.GetObject", "NoSuchKey")
        return self.held[bucket, key]


class Stores:
    """Environments on one table and one bucket."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.objects = Objects()

    def one(self, skew: float = 0.0) -> tuple[HotReplays, MotoSession]:
        session, now = MotoSession(self.fleet.client), self.fleet.now
        if skew:
            now = Now(skew)
            now.seconds = self.fleet.now.seconds
        objects = cast("S3", self.objects)
        return HotReplays(session.database(), TABLE, objects, "bodies", now.clock()), session

    @property
    def item(self) -> dict[str, Any]:
        (item,) = self.fleet.items()
        return item


@pytest.fixture
def stores(fleet: Fleet) -> Stores:
    return Stores(fleet)


async def test_one_has_the_claim_and_the_others_learn_who(stores: Stores) -> None:
    several = [stores.one()[0] for _ in range(8)]
    found = await asyncio.gather(
        *(one.claim(PLACE, f"r{number}", f"print{number}") for number, one in enumerate(several))
    )
    winner = found.index(None)
    assert found.count(None) == 1
    assert {one for one in found if one is not None} == {Taken(f"r{winner}", f"print{winner}")}
    assert stores.item == {
        "pk": f"replay#key_1#{'d' * 64}",
        "sk": "replay",
        "state": "running",
        "owner": f"r{winner}",
        "fingerprint": f"print{winner}",
        "expires_ms": START_MS + 60_000,
        "ttl": START_MS // 1000 + 25 * 3600,
    }


async def test_keys_of_two_virtual_keys_and_two_texts_do_not_meet(stores: Stores) -> None:
    store, _ = stores.one()
    for place in (PLACE, replace(PLACE, key_id="key_2"), replace(PLACE, digest="e" * 64)):
        assert await store.claim(place, "r1", "print") is None


async def test_a_lease_that_is_not_renewed_ends_and_a_renewed_one_does_not(stores: Stores) -> None:
    store, _ = stores.one()
    other, _ = stores.one()
    await store.claim(PLACE, "r1", "print")
    stores.fleet.now.go(59)
    assert await store.renew(PLACE, "r1")
    stores.fleet.now.go(59)
    assert await other.claim(PLACE, "r2", "print") == Taken("r1", "print")
    stores.fleet.now.go(1)
    assert await other.claim(PLACE, "r2", "print") is None
    assert not await store.renew(PLACE, "r1")
    assert not await store.keep(PLACE, "print", ANSWER)
    await store.release(PLACE, "r1")
    assert (stores.item["owner"], stores.item["state"]) == ("r2", "running")


@pytest.mark.parametrize("size", [0, 1, INLINE, INLINE + 1, 3 * INLINE], ids=str)
async def test_an_answer_comes_back_as_it_was_for_a_day(stores: Stores, size: int) -> None:
    answer = replace(ANSWER, body=(bytes(range(256)) * (size // 256 + 1))[:size])
    store, _ = stores.one()
    await store.claim(PLACE, "r1", "print")
    assert await store.keep(PLACE, "print", answer)
    assert bool(stores.objects.held) == (size > INLINE)
    stores.fleet.now.go(86_399)
    assert await stores.one()[0].claim(PLACE, "r2", "print") == Taken("r1", "print", answer)
    assert not await store.renew(PLACE, "r1"), "an answer has no lease"
    await store.release(PLACE, "r1")
    assert stores.item["state"] == "done"
    stores.fleet.now.go(1)
    assert await stores.one()[0].claim(PLACE, "r2", "print") is None, "DynamoDB has not removed it yet"
    assert set(stores.item) == {"pk", "sk", "state", "owner", "fingerprint", "expires_ms", "ttl"}


async def test_large_answers_lie_under_a_prefix_of_their_own(stores: Stores) -> None:
    store, _ = stores.one()
    await store.claim(PLACE, "r1", "print")
    await store.keep(PLACE, "print", replace(ANSWER, body=b"x" * 300_000))
    assert list(stores.objects.held) == [("bodies", "replays/dd/r1")]
    assert stores.item["body_ref"] == "replays/dd/r1"


@pytest.mark.parametrize("size", [10, INLINE + 1])
async def test_the_schema_reads_what_was_written(stores: Stores, size: int) -> None:
    store, _ = stores.one()
    answer = replace(ANSWER, body=b"x" * size)
    for act in (store.claim(PLACE, "r1", "print"), store.keep(PLACE, "print", answer)):
        await act
        assert set(stores.item) <= {"pk", "sk", *ReplayItem.get_attributes()}
        raw = stores.fleet.client.scan(TableName=TABLE)["Items"][0]
        if "body" in raw:  # boto3 encodes what the session over moto hands it once more
            raw["body"] = {"B": b64decode(raw["body"]["B"])}
        assert ReplayItem.from_raw_data(raw).attribute_values == stores.item


async def test_another_request_does_not_get_to_see_the_answer(stores: Stores) -> None:
    store, _ = stores.one()
    await store.claim(PLACE, "r1", "print")
    await store.keep(PLACE, "print", ANSWER)
    assert await store.claim(PLACE, "r2", "other") == Taken("r1", "print")


async def test_a_released_key_is_free(stores: Stores) -> None:
    store, _ = stores.one()
    await store.claim(PLACE, "r1", "print")
    await store.release(PLACE, "r2")
    assert await store.claim(PLACE, "r2", "other") == Taken("r1", "print")
    await store.release(PLACE, "r1")
    await store.release(PLACE, "r1")
    assert await store.claim(PLACE, "r2", "other") is None


async def test_what_was_carried_out_twice_was_carried_out_once(stores: Stores) -> None:
    store, session = stores.one()
    session.repeating = True
    assert await store.claim(PLACE, "r1", "print") is None
    assert await store.renew(PLACE, "r1")
    assert await store.keep(PLACE, "print", ANSWER)
    assert await store.claim(PLACE, "r2", "print") == Taken("r1", "print", ANSWER)


@pytest.mark.parametrize("how", ["down", "refused"])
async def test_without_the_store_nobody_gets_through(stores: Stores, how: str) -> None:
    store, session = stores.one()
    await store.claim(PLACE, "r1", "print")
    session.down = how == "down"
    session.refused = {"PutItem", "UpdateItem", "DeleteItem"}
    calls = [
        store.claim(replace(PLACE, digest="e" * 64), "r2", "print"),
        store.renew(PLACE, "r1"),
        store.keep(PLACE, "print", ANSWER),
        store.release(PLACE, "r1"),
    ]
    for call in calls:
        with pytest.raises(Unavailable):
            await call


async def test_a_bucket_that_cannot_be_read_refuses_and_one_that_lost_the_answer_lets_one_run(stores: Stores) -> None:
    store, _ = stores.one()
    await store.claim(PLACE, "r1", "print")
    await store.keep(PLACE, "print", replace(ANSWER, body=b"x" * 100_000))
    for fault in (faults.Unreachable, faults.AccessDenied):
        stores.objects.fault = fault("s3.GetObject", "x")
        with pytest.raises(Unavailable):
            await store.claim(PLACE, "r2", "print")
    stores.objects.fault = None
    stores.objects.held.clear()
    found = await asyncio.gather(*(stores.one()[0].claim(PLACE, f"r{number}", "print") for number in range(2, 8)))
    assert found.count(None) == 1
    assert {one for one in found if one} == {Taken(f"r{found.index(None) + 2}", "print")}


async def test_a_bucket_that_cannot_be_written_keeps_nothing(stores: Stores) -> None:
    store, _ = stores.one()
    await store.claim(PLACE, "r1", "print")
    stores.objects.fault = faults.Throttled("s3.PutObject", "SlowDown")
    with pytest.raises(Unavailable):
        await store.keep(PLACE, "print", replace(ANSWER, body=b"x" * 100_000))
    assert stores.item["state"] == "running"


@pytest.mark.parametrize(
    "change", [{"headers": "["}, {"headers": "[[1]]"}, {"headers": "[[1, 2]]"}, {"status": "x"}, {"body": None}]
)
async def test_a_record_that_cannot_be_read_refuses(stores: Stores, change: dict[str, Any]) -> None:
    store, session = stores.one()
    await store.claim(PLACE, "r1", "print")
    await store.keep(PLACE, "print", ANSWER)
    await session.database().put_item(TABLE, stores.item | change)
    with pytest.raises(Unavailable):
        await store.claim(PLACE, "r2", "print")


async def test_a_clock_that_is_behind_takes_nothing_over_early(stores: Stores) -> None:
    store, _ = stores.one()
    await store.claim(PLACE, "r1", "print")
    stores.fleet.now.go(60)
    behind, _ = stores.one(skew=-5.0)
    assert await behind.claim(PLACE, "r2", "print") == Taken("r1", "print")
