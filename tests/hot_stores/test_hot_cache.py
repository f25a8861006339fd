"""Kept answers in the store: they come back byte for byte, end, are cleared, belong to one tenant; a fault of the store is said."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.hot_stores.fleet import START_MS, TABLE, Fleet, Now
from tests.hot_stores.test_hot_replays import Objects
from tests.moto_session import MotoSession

from gateway.aws import faults
from gateway.aws.s3 import S3
from gateway.caching import keys
from gateway.caching.keys import Asked
from gateway.errors import Unavailable
from gateway.neutral.caching import CachedAnswer, CacheKey, CacheRule, Candidate
from gateway.neutral.config import VirtualKey
from gateway.settings import Settings
from gateway.stores.cache_clearing import CacheClearing
from gateway.stores.cache_items import ClearedItem, KeptAnswerItem, QuestionItem
from gateway.stores.hot_cache import INLINE, MOST_CANDIDATES, HotCache
from gateway.stores.tables import bind

KEY = CacheKey("team#a", "d" * 64)
HEADERS = ((b"content-type", b"text/event-stream"), (b"x-odd", b"caf\xe9 \x80"), (b"x-odd", b"again"))
ANSWER = CachedAnswer("req_1", START_MS, True, HEADERS, bytes(range(256)), 1234, 10, 20, "oai", "m", "up-m")


class Caches:
    """Environments on one table and one bucket."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.objects = Objects()

    def one(self, skew: float = 0.0) -> tuple[HotCache, MotoSession]:
        session, now = MotoSession(self.fleet.client), self.fleet.now
        if skew:
            now = Now(skew)
            now.seconds = self.fleet.now.seconds
        return HotCache(session.database(), TABLE, cast("S3", self.objects), "bodies", now.clock()), session

    def clearing(self) -> CacheClearing:
        """The control plane's side of the same table."""
        names = (
            "config_table",
            "keys_table",
            "state_table",
            "logs_table",
            "usage_table",
            "cache_table",
            "dialogs_table",
        )
        settings = SimpleNamespace(region="eu-central-1", endpoint_url=None, **dict.fromkeys(names, TABLE))
        return CacheClearing(bind(cast("Settings", settings)), self.fleet.now.clock())


@pytest.fixture
def caches(fleet: Fleet) -> Caches:
    return Caches(fleet)


@pytest.mark.parametrize("size", [0, 256, INLINE, INLINE + 1, 1024 * 1024])
async def test_an_answer_comes_back_byte_for_byte_in_one_call(caches: Caches, size: int) -> None:
    store, _ = caches.one()
    kept = replace(ANSWER, body=(bytes(range(256)) * (size // 256 + 1))[:size])
    await store.keep(KEY, kept, 60)
    other, session = caches.one()
    assert await other.find(KEY) == kept
    assert sum(session.calls.values()) == 1
    assert len(caches.objects.held) == (1 if size > INLINE else 0)
    assert all(key.startswith("cache/") for _, key in caches.objects.held)


async def test_both_sides_agree_on_every_item(caches: Caches) -> None:
    store, _ = caches.one()
    await store.keep(KEY, ANSWER, 60)
    await store.keep(KEY, replace(ANSWER, body=b"x" * (INLINE + 1)), 60)
    await store.remember(KEY, Candidate("text", b"\x01\xff", KEY, 0), "req_1", 60)
    await store.clear("team#a")
    shapes = {"answer#": KeptAnswerItem, "questions#": QuestionItem, "tenant#": ClearedItem}
    for item in caches.fleet.items():
        shape = next(shape for prefix, shape in shapes.items() if item["pk"].startswith(prefix))
        assert set(item) <= set(shape.get_attributes()), item["pk"]


async def test_an_answer_ends_when_its_time_is_over_whatever_dynamodb_removes(caches: Caches) -> None:
    store, _ = caches.one()
    await store.keep(KEY, ANSWER, 60)
    caches.fleet.now.go(59.999)
    assert await store.find(KEY) is not None
    caches.fleet.now.go(0.001)
    assert await store.find(KEY) is None
    [item] = caches.fleet.items("answer")
    assert item["ttl"] == START_MS // 1000 + 60 + 3600, "environments whose clocks are behind still find it"
    await store.keep(KEY, replace(ANSWER, made_ms=START_MS + 60_000), 60)
    assert await store.find(KEY) is not None, "kept anew in its place"


@pytest.mark.parametrize("tenant", ["team#a", None])
async def test_what_was_made_until_a_clearing_counts_no_more(caches: Caches, tenant: str | None) -> None:
    store, _ = caches.one()
    await store.keep(KEY, ANSWER, 60)
    await store.keep(replace(KEY, tenant="team#b"), ANSWER, 60)
    caches.fleet.now.go(1)
    caches.clearing().clear(tenant or "all")
    assert await store.find(KEY) is None
    assert (await store.find(replace(KEY, tenant="team#b")) is None) is (tenant is None)
    await store.keep(KEY, replace(ANSWER, made_ms=START_MS + 1000), 60)
    assert await store.find(KEY) is None, "made in the same millisecond: nobody knows which was first"
    await store.keep(KEY, replace(ANSWER, made_ms=START_MS + 1001), 60)
    assert await store.find(KEY) is not None
    caches.fleet.now.go(1)
    await store.clear("team#a")
    assert await store.find(KEY) is None, "the data plane's own clearing"


@pytest.mark.parametrize(
    "fault", [faults.NotFound("s3.GetObject", "NoSuchKey"), faults.AccessDenied("s3.GetObject", "AccessDenied")]
)
async def test_a_lost_object_is_a_miss(caches: Caches, fault: faults.AwsFault) -> None:
    store, _ = caches.one()
    await store.keep(KEY, replace(ANSWER, body=b"x" * (INLINE + 1)), 60)
    caches.objects.held.clear()
    assert await store.find(KEY) is None
    caches.objects.fault = fault
    assert await store.find(KEY) is None


async def test_an_answer_of_another_version_is_a_miss(caches: Caches) -> None:
    store, _ = caches.one()
    await store.keep(KEY, ANSWER, 60)
    key = {"pk": {"S": f"answer#team#a#{KEY.digest}"}, "sk": {"S": "answer"}}
    for attribute in ("headers", "body", "stream"):
        change = {"UpdateExpression": "REMOVE #a", "ExpressionAttributeNames": {"#a": attribute}}
        caches.fleet.client.update_item(TableName=TABLE, Key=key, **change)
        assert await store.find(KEY) is None, attribute


async def test_questions_are_the_latest_50_that_have_not_ended(caches: Caches) -> None:
    store, session = caches.one()
    for number in range(MOST_CANDIDATES + 5):
        caches.fleet.now.go(1)
        await store.remember(KEY, Candidate(f"question {number}", b"\x01", KEY, 0), f"req_{number}", 60)
    before = sum(session.calls.values())
    found = await store.candidates(KEY)
    assert [one.text for one in found] == [f"question {number}" for number in range(54, 4, -1)]
    assert sum(session.calls.values()) - before == 1
    assert (found[0].answer, found[0].vector) == (KEY, b"\x01")
    caches.fleet.now.go(30)
    assert [one.text for one in await store.candidates(KEY)][-1] == "question 25", "kept for 60 s"


def _holders() -> dict[str, VirtualKey]:
    """Two keys of one user of one team, another user of the team, another team, nobody's, and names made to look alike."""
    made = itertools.count()

    def key(user: str | None, team: str | None) -> VirtualKey:
        return VirtualKey(f"key_{next(made)}", "a key", f"{next(made):064x}", "", user_id=user, team_id=team)

    return {
        "one": key("u", "t"),
        "its twin": key("u", "t"),
        "mate": key("v", "t"),
        "other team": key("w", "s"),
        "nobody's": key(None, None),
        "odd team": key("x", "t#u"),
        "odd user": key("t#u", None),
    }


SHARED: dict[str, set[tuple[str, str]] | None] = {
    "key": set(),
    "user": {("one", "its twin")},
    "team": {("one", "its twin"), ("one", "mate"), ("its twin", "mate")},
    "deployment": None,
}


@pytest.mark.parametrize("scope", list(SHARED))
async def test_no_answer_crosses_to_another_tenant(caches: Caches, scope: Any) -> None:
    """Every pair of keys, by every scope, with and without a namespace, for the same question word by word."""
    store, _ = caches.one()
    crossings = looks = 0
    holders = _holders()
    for namespace in ("", "mine"):
        places = {}
        for name, key in holders.items():
            asked = Asked("openai_chat", "/v1/chat/completions", "m", {"messages": []}, namespace=namespace)
            owner = keys.tenant(CacheRule(scope=scope), key)
            places[name] = keys.exact(owner, asked), keys.bucket(owner, asked, {}, "e")
        for name in holders:
            answer, bucket = places[name]
            await store.keep(answer, replace(ANSWER, body=f"{name} {namespace}".encode()), 60)
            await store.remember(bucket, Candidate(name, b"\x01", answer, 0), f"req_{name}", 60)
        found = {name: await store.find(place[0]) for name, place in places.items()}
        listed = {name: {one.text for one in await store.candidates(place[1])} for name, place in places.items()}
        for asking, holder in itertools.permutations(holders, 2):
            looks += 1
            sharing = SHARED[scope]
            together = sharing is None or bool({(asking, holder), (holder, asking)} & sharing)
            same = places[asking] == places[holder]
            assert same is together, (asking, holder)
            if not together:
                heard = found[asking]
                crossings += heard is not None and heard.body.decode().startswith(f"{holder} ")
                crossings += holder in listed[asking]
        bodies = [heard.body.decode() for heard in found.values() if heard is not None]
        assert len(bodies) == len(holders)
        assert all(body.endswith(f" {namespace}") for body in bodies), "no namespace's answer in another"
    assert (looks, crossings) == (84, 0)


async def test_a_store_that_does_not_answer_is_said(caches: Caches) -> None:
    store, session = caches.one()
    session.down = True
    for act in (
        store.find(KEY),
        store.keep(KEY, ANSWER, 60),
        store.candidates(KEY),
        store.remember(KEY, Candidate("t", b"\x01", KEY, 0), "req_1", 60),
        store.clear("team#a"),
    ):
        with pytest.raises(Unavailable, match="out of reach"):
            await act
