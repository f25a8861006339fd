"""Environments that share one table, each with a clock of its own that the test moves."""

from __future__ import annotations

from typing import Any

from tests.moto_session import MotoSession

from gateway.aws.attributes import decode_item
from gateway.aws.dynamodb import DynamoDB
from gateway.clock import Clock
from gateway.neutral.config import UpstreamKey
from gateway.neutral.health import KeySeen, TargetHealth, TargetSeen
from gateway.stores.hot_health import HotHealth

TABLE = "state"
START_MS = 1_790_000_100_000  # the beginning of five minutes
KEY = UpstreamKey("uk_1", "****", reference="arn:1", daily_quota=1000)


class Now:
    """Both clocks; `skew` seconds are added to the wall clock."""

    def __init__(self, skew: float = 0.0) -> None:
        self.seconds = 0.0
        self.skew = skew

    def go(self, seconds: float) -> None:
        self.seconds += seconds

    def clock(self) -> Clock:
        return Clock(lambda: START_MS / 1000 + self.seconds + self.skew, lambda: 50.0 + self.seconds)


class Environment:
    """A `HotHealth` and what a request does with it."""

    def __init__(
        self, database: DynamoDB, session: MotoSession, now: Now, table: str = TABLE, patience: float = 1.0
    ) -> None:
        self.session = session
        self.now = now
        self.clock = now.clock()
        self.health = HotHealth(database, table, self.clock, patience=patience)

    def call(self, ok: bool | None, provider: str = "p", model: str = "m", **more: Any) -> None:
        fault = None if ok or ok is None else "upstream_error"
        self.health.saw(TargetSeen(provider, model, ok, self.clock.now_ms(), fault=fault, **more))

    def key(self, key: UpstreamKey = KEY, **more: Any) -> None:
        self.health.saw(KeySeen(key, self.clock.now_ms(), **more))

    async def target(self, provider: str = "p", model: str = "m") -> TargetHealth:
        return (await self.health.current()).target(provider, model)

    async def fail(self, times: int = 5, **more: Any) -> None:
        for _ in range(times):
            self.call(False, **more)
        await self.health.flush()


class Fleet:
    """Makes environments. `now` is the clock of those without a skew; sessions are their own, so that one may be cut off."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.now = Now()
        self.sessions: list[MotoSession] = []

    def one(self, skew: float = 0.0, patience: float = 1.0) -> Environment:
        now = self.now
        if skew:
            now = Now(skew)
            now.seconds = self.now.seconds
        session = MotoSession(self.client)
        self.sessions.append(session)
        return Environment(session.database(), session, now, patience=patience)

    def some(self, number: int) -> list[Environment]:
        return [self.one() for _ in range(number)]

    def items(self, kind: str = "") -> list[dict[str, Any]]:
        found = [decode_item(item) for item in self.client.scan(TableName=TABLE, ConsistentRead=True)["Items"]]
        return [item for item in found if item["sk"].startswith(kind)]

    @property
    def calls(self) -> int:
        return sum(sum(session.calls.values()) for session in self.sessions)
