"""Environments that share counters, each with a clock of its own, and what is asked of them."""

from __future__ import annotations

import itertools
from typing import Any

from tests.moto_session import MotoSession

from gateway.aws.attributes import decode_item
from gateway.aws.dynamodb import DynamoDB
from gateway.clock import Clock
from gateway.neutral.limits import Admission, Ask, Budget, Limits, Refusal, Scope, Spent
from gateway.neutral.logrow import Cost, LogRow
from gateway.stores.hot_limits import HotLimits
from gateway.stores.limit_items import all_counters_keys
from gateway.stores.limit_standing import standings

STATE = "state"
LOGS = "logs"
START = 1_790_000_100.0
DOLLAR = 10**9


class Now:
    """Both clocks. `skew` seconds are added to the wall clock."""

    def __init__(self, skew: float = 0.0) -> None:
        self.seconds = 0.0
        self.skew = skew

    def clock(self) -> Clock:
        return Clock(lambda: START + self.seconds + self.skew, lambda: 50.0 + self.seconds)


def budget(nano: int, period: str = "total", **more: Any) -> Limits:
    return Limits(budgets=(Budget(period, nano, **more),))


def scope(limits: Limits, kind: str = "key", identifier: str = "k1") -> Scope:
    return Scope(kind, identifier, limits)


class Environment:
    """A `HotLimits` with the requests it was asked."""

    numbers = itertools.count()

    def __init__(self, database: DynamoDB, now: Now, tables: tuple[str, str] = (STATE, LOGS), **more: Any) -> None:
        self.clock = now.clock()
        self.database = database
        self.limits = HotLimits(database, *tables, self.clock, f"environment {next(self.numbers)}", **more)

    def ask(self, *scopes: Scope, **more: Any) -> Ask:
        return Ask(self.clock.new_id("req"), scopes, **more)

    async def admit(self, *scopes: Scope, **more: Any) -> Admission | Refusal:
        ask = self.ask(*scopes, **more)
        return await self.limits.admit(ask, row(ask.request_id, self.clock, state="running", status=0))

    async def let_in(self, *scopes: Scope, **more: Any) -> Admission:
        found = await self.admit(*scopes, **more)
        assert isinstance(found, Admission), found
        return found

    async def settle(self, admission: Admission, nano: int = 0, tokens: int = 0) -> None:
        final = row(admission.request_id, self.clock, cost=Cost(nano, "priced"))
        await self.limits.settle(admission, Spent(nano, tokens), final)


def row(identifier: str, clock: Clock, **more: Any) -> LogRow:
    known = {"status": 200, "ttl": int(clock.wall()) + 86_400, **more}
    return LogRow(identifier, clock.now_ms(), "POST", "/v1/messages", "anthropic", **known)


class Table:
    """The stored items, as moto or the local AWS has them."""

    def __init__(self, client: Any, state: str = STATE, logs: str = LOGS) -> None:
        self.client = client
        self.state = state
        self.logs = logs

    def scan(self, name: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
        return [decode_item(item) for page in pages for item in page["Items"]]

    def counters(self, one: Scope) -> list[dict[str, Any]]:
        keys = {key["pk"] for key in all_counters_keys(one.kind, one.id)}
        return [item for item in self.scan(self.state) if item["pk"] in keys]

    def holds(self) -> list[dict[str, Any]]:
        return [item for item in self.scan(self.state) if item["pk"].startswith("hold#")]

    def rows(self) -> list[dict[str, Any]]:
        return self.scan(self.logs)

    def standing(self, one: Scope, name: str, now_ms: int = int(START * 1000)) -> tuple[int, int]:
        found = {item.name: item for item in standings(one, self.counters(one), now_ms)}[name]
        return found.used, found.held


class Fleet:
    """Environments over moto, each with a session that may be cut off."""

    def __init__(self, client: Any) -> None:
        self.table = Table(client)
        self.now = Now()
        self.client = client

    def one(self, skew: float = 0.0, **more: Any) -> tuple[Environment, MotoSession]:
        now = self.now
        if skew:
            now = Now(skew)
        session = MotoSession(self.client)
        return Environment(session.database(), now, **more), session
