"""Messages of one user at the same moment, through the real exchange over the local AWS: what is paid, what is stored, what is called."""

from __future__ import annotations

import asyncio
import json
import random
import threading
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import boto3
import pytest
from tests.aws.stack import PROGRAM, ministack
from tests.exchange.kit import Heard
from tests.exchange.talking import DIALOG, USAGE, USER, Talking, said
from tests.hot_stores.conftest import REGION, create
from tests.upstream.background import BackgroundUpstream, serving

from gateway.aws.attributes import decode_item
from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.http import NoAnswer
from gateway.aws.retries import Policy
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.exchange import Exchange
from gateway.stores.dialog_rows import dialog_item
from gateway.stores.hot_dialogs import HotDialogs
from gateway.stores.hot_limits import HotLimits
from gateway.stores.limit_items import Tables
from gateway.stores.limit_sweep import LimitSweep

pytestmark = [pytest.mark.stack, pytest.mark.slow]

T = TypeVar("T")
THREADS = 6
PRICE = USAGE["total_tokens"]
PATIENT = Policy(attempts=6, base=0.05, total=60.0)
HASTY = Policy(attempts=2, base=0.01, total=60.0)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


@pytest.fixture(scope="module")
def provider() -> Iterator[BackgroundUpstream]:
    with serving() as running:
        running.add(lambda _: said("Hello"), path="/v1/chat/completions", method="POST")
        yield running


class Fleet:
    """Environments in threads of their own on one set of tables; one user, one dialog, a balance of `grant` tokens.

    `losing`: this share of the store's answers is lost, after what they answer was done.
    """

    def __init__(self, url: str, provider: BackgroundUpstream, grant: int, losing: float = 0.0) -> None:
        self.url, self.provider, self.grant, self.losing = url, provider, grant, losing
        self.table = f"all-{uuid.uuid4().hex[:8]}"
        self.client = boto3.client(
            "dynamodb", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )
        create(self.client, self.table)
        self.called = len(provider.journal)
        self.lost = 0

    def session(self, seed: int) -> AwsSession:
        policy = HASTY if self.losing else PATIENT
        session = AwsSession(
            REGION, self.url, StaticCredentials(Credentials("test", "made-up")), Clock(), policy=policy
        )
        if self.losing:
            chance, send = random.Random(seed), session._http.send

            async def lossy(outgoing: Any, seconds: float) -> Any:
                reply = await send(outgoing, seconds)
                if chance.random() < self.losing:
                    self.lost += 1
                    raise NoAnswer("lost", maybe_delivered=True)
                return reply

            session._http.send = lossy  # type: ignore[method-assign]
        return session

    async def environment(self, session: AwsSession) -> Talking:
        """A door whose stores are the table."""
        talk = Talking.begin(self.provider, token_grant=self.grant)  # type: ignore[arg-type]
        database, clock = DynamoDB(session), Clock()
        limits = HotLimits(database, self.table, self.table, clock, clock.new_id("env"))
        dialogs = HotDialogs(database, self.table, clock)
        parts = replace(talk.door.exchange._parts, limits=limits, dialogs=dialogs)
        talk.door.exchange = Exchange(parts)
        return talk

    def at_once(self, number: int, act: Callable[[Talking, int], Awaitable[T]]) -> list[T]:
        barrier = threading.Barrier(THREADS)

        async def share(first: int) -> list[T]:
            session = self.session(first)
            talk = await self.environment(session)
            barrier.wait(60)
            found = await asyncio.gather(*(act(talk, one) for one in range(first, number, THREADS)))
            for _ in range(20):  # settlements that wait for a better moment
                await talk.door.exchange._parts.limits.flush()
            talk.door.close()
            await session.close()
            return found

        with ThreadPoolExecutor(THREADS) as pool:
            shares = list(pool.map(lambda first: asyncio.run(share(first)), range(THREADS)))
        return [one for found in shares for one in found]

    def put(self) -> None:
        async def put() -> None:
            session = AwsSession(REGION, self.url, StaticCredentials(Credentials("test", "made-up")), Clock())
            await DynamoDB(session).put_item(self.table, dialog_item(DIALOG))
            await session.close()

        asyncio.run(put())

    def sweep(self) -> None:
        """The holds of requests whose refusal the store did not tell anybody: as the sweep finds them two minutes later."""

        async def sweep() -> None:
            session = AwsSession(REGION, self.url, StaticCredentials(Credentials("test", "made-up")), Clock())
            late = Clock(wall=lambda: Clock().wall() + 300)
            await LimitSweep(DynamoDB(session), Tables(self.table, self.table), late).run(20)
            await session.close()

        asyncio.run(sweep())

    def items(self) -> list[dict[str, Any]]:
        found = []
        for page in self.client.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True):
            found += [decode_item(item) for item in page["Items"]]
        return found

    def balance(self) -> dict[str, int]:
        (item,) = [item for item in self.items() if item["sk"] == "balance"]
        return {name: int(item[name]) for name in ("available", "held", "used", "granted")}

    def entries(self) -> dict[str, int]:
        """Tokens by message."""
        found = [item for item in self.items() if item["sk"].startswith("entry#")]
        assert len({item["message_id"] for item in found}) == len(found)
        return {item["message_id"]: -int(item["amount"]) for item in found}

    def messages(self) -> list[dict[str, Any]]:
        return sorted((item for item in self.items() if item["sk"].startswith("msg#")), key=lambda item: item["sk"])

    def dialog(self) -> dict[str, Any]:
        (item,) = [item for item in self.items() if item["sk"] == f"dialog#{DIALOG.id}"]
        return item

    @property
    def calls(self) -> list[str]:
        """What the provider was asked, by its last message."""
        return [json.loads(one.body)["messages"][-1]["content"] for one in self.provider.journal[self.called :]]

    def whole(self, served: int) -> None:
        """The books: what is used is what the entries say, nothing is held, everything granted is there or used."""
        stands = self.balance()
        assert stands["held"] == 0, stands
        assert stands["used"] == sum(self.entries().values())
        assert stands["used"] + stands["available"] == stands["granted"]
        assert stands["available"] >= 0
        assert len(self.entries()) == served
        rows = self.messages()
        assert [row["role"] for row in rows] == ["user", "assistant"] * served
        assert int(self.dialog()["message_count"]) == 2 * served
        counters = next(item for item in self.items() if item["pk"].startswith("owners#"))
        assert (int(counters["messages"]), int(counters["tokens"])) == (2 * served, PRICE * served)


async def _ask(talk: Talking, number: int) -> Heard:
    more = {"message_id": f"m-{number}", "agent_config": {"max_tokens": 8}}
    return await talk.whole(f"message {number}", **more)


def test_messages_at_once_never_pass_the_balance(url: str, provider: BackgroundUpstream) -> None:
    """42 messages at the same moment against a balance for twelve: none is overspent, and each refused one leaves nothing."""
    fleet = Fleet(url, provider, 12 * PRICE)
    fleet.put()
    heard = fleet.at_once(42, _ask)
    served = Counter(one.status for one in heard)
    assert set(served) <= {201, 402}
    assert 1 <= served[201] <= 12
    fleet.whole(served[201])
    assert len(fleet.calls) == served[201]
    again = fleet.at_once(42, _ask)
    more = Counter(one.status for one in again)
    replayed = [one for one in again if one.header(b"x-gateway-replay")]
    assert len(replayed) == served[201], "what was answered is answered again, also with nothing left to pay it"
    fleet.whole(more[201])
    assert fleet.balance()["used"] <= 12 * PRICE
    print(f"\nR11: 42 messages at once on a balance for 12: {served[201]} served, {served[402]} told 402, books exact")


def test_one_message_asked_for_by_everybody_is_paid_once(url: str, provider: BackgroundUpstream) -> None:
    fleet = Fleet(url, provider, 1_000_000)
    fleet.put()

    async def insist(talk: Talking, _number: int) -> list[int]:
        statuses = []
        for _ in range(4):
            heard = await talk.whole("the same", message_id="m-1")
            statuses.append(heard.status)
            if heard.status == 409:
                await asyncio.sleep(0.02)
        return statuses

    found = Counter(status for statuses in fleet.at_once(24, insist) for status in statuses)
    assert set(found) <= {201, 409}
    assert found[201] >= 24, "whoever insists has the answer in the end"
    assert fleet.calls == ["the same"]
    fleet.whole(1)
    print(
        f"\nR11: one message id asked for 96 times at once: 1 call, 1 entry, {found[201]} answers, {found[409]} x 409"
    )


def test_lost_answers_of_the_store_cost_nobody_twice(url: str, provider: BackgroundUpstream) -> None:
    """A third of the store's answers is lost, so that a tenth of its calls fails; every client sends again until it has its answer."""
    fleet = Fleet(url, provider, 1_000_000, losing=0.3)
    fleet.put()

    async def until_answered(talk: Talking, number: int) -> int:
        for tries in range(1, 40):
            heard = await _ask(talk, number)
            if heard.status == 201:
                return tries
            assert heard.status in {409, 503}, heard.json()
            await asyncio.sleep(0.02)
        return 0

    tries = fleet.at_once(18, until_answered)
    assert all(tries)
    assert fleet.lost > 20
    assert sum(tries) > 18
    fleet.sweep()
    stands = fleet.balance()
    entries = fleet.entries()
    assert stands["held"] == 0
    assert stands["used"] == sum(entries.values()) == 18 * PRICE
    assert len(entries) == 18
    assert sorted(Counter(fleet.calls)) == sorted(f"message {number}" for number in range(18))
    assert [row["role"] for row in fleet.messages()] == ["user", "assistant"] * 18
    assert int(fleet.dialog()["message_count"]) == 36
    assert DIALOG.owner == USER
    print(
        f"\nR11: 18 messages while {fleet.lost} answers of the store are lost: {sum(tries)} requests, 18 entries, exact"
    )
