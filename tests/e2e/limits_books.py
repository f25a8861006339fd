"""The state and the log table of a proof: what is stored, what it adds up to, and the sweep."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from infra.local import emulator

from gateway.aws.attributes import decode_item, encode_item
from gateway.aws.credentials import StaticCredentials
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.session import AwsSession
from gateway.aws.sigv4 import Credentials
from gateway.clock import Clock
from gateway.stores.limit_items import HOLD_LIFE_MS, Tables
from gateway.stores.limit_sweep import LimitSweep, Swept


def database(endpoint: str) -> Any:
    """botocore's client of the local AWS."""
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=emulator.REGION)
    return session.client("dynamodb", endpoint_url=endpoint)


@dataclass(frozen=True, slots=True)
class Scope:
    """The counters of one scope, over its shards."""

    sums: Mapping[str, int]

    def used(self, window: str = "total_0") -> int:
        """Nano-dollars settled."""
        return self.sums.get(window, 0) - self._lent(f"{window}_room") - self.held(window)

    def held(self, window: str = "total_0") -> int:
        """Nano-dollars held."""
        return self.sums.get(f"{window}_held", 0)

    @property
    def running(self) -> int:
        """Requests at once."""
        return self.sums.get("running", 0) - self._lent("slots")

    def _lent(self, name: str) -> int:
        """What shards have left of loans, under whatever limits they were made."""
        return sum(
            value for attribute, value in self.sums.items() if attribute == name or attribute.startswith(f"{name}_")
        )


class Books:
    """A state and a log table, as they are stored."""

    def __init__(self, endpoint: str, keys: Mapping[str, str]) -> None:
        end = uuid.uuid4().hex[:8]
        self.tables = Tables(f"state-{end}", f"logs-{end}")
        self._endpoint = endpoint
        self._keys = keys
        self.client = database(endpoint)
        for name in (self.tables.state, self.tables.logs):
            both: list[tuple[str, Any]] = [("pk", "HASH"), ("sk", "RANGE")]
            self.client.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": attribute, "KeyType": kind} for attribute, kind in both],
                AttributeDefinitions=[{"AttributeName": attribute, "AttributeType": "S"} for attribute, _ in both],
                BillingMode="PAY_PER_REQUEST",
            )

    def _scan(self, table: str, *names: str) -> list[dict[str, Any]]:
        only: dict[str, Any] = {}
        if names:
            only["ProjectionExpression"] = ", ".join(f"#{name}" for name in names)
            only["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
        pages = self.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True, **only)
        return [decode_item(item) for page in pages for item in page["Items"]]

    def rows(self) -> list[dict[str, Any]]:
        """Every log row, as far as it is of interest here."""
        names = ("sk", "state", "status", "error", "cost_nano", "key_id", "swept", "usage_source", "output_tokens")
        return self._scan(self.tables.logs, *names)

    def holds(self) -> list[dict[str, Any]]:
        """Every hold."""
        return [item for item in self._scan(self.tables.state) if item["pk"].startswith("hold#")]

    def scopes(self) -> dict[str, Scope]:
        """The counters there are by `<kind>#<id>`, where a key's id is its name."""
        found: dict[str, dict[str, int]] = {}
        for item in self._scan(self.tables.state):
            if not item["pk"].startswith("limit#"):
                continue
            kind, identifier, _ = item["pk"].removeprefix("limit#").split("#")
            sums = found.setdefault(f"{kind}#{self._keys.get(identifier, identifier)}", {})
            for name, value in item.items():
                if isinstance(value, int):
                    sums[name] = sums.get(name, 0) + value
        return {name: Scope(sums) for name, sums in found.items()}

    def taken(self, pk: str, window: str = "total_0") -> int:
        """Settled and held together, of shard 0: it may never pass the cap."""
        key = encode_item({"pk": pk, "sk": "counters"})
        item = self.client.get_item(TableName=self.tables.state, Key=key, ConsistentRead=True).get("Item", {})
        return int(item.get(window, {"N": "0"})["N"])

    def sweep(self, later_s: float = HOLD_LIFE_MS / 1000 + 1) -> Swept:
        """What the scheduled sweep does when its clock says that so many seconds have gone by."""
        clock = Clock(lambda: time.time() + later_s)

        async def run() -> Swept:
            credentials = StaticCredentials(Credentials("local", "local-emulator-has-no-secret"))
            session = AwsSession(emulator.REGION, self._endpoint, credentials, clock)
            found = await LimitSweep(DynamoDB(session), self.tables, clock).run(60)
            await session.close()
            return found

        return asyncio.run(run())

    def settled(self, but: int = 0, seconds: float = 20.0) -> None:
        """Wait until no request runs, `but` so many that were killed: settlement comes after the answer."""
        deadline = time.monotonic() + seconds
        while len(self.holds()) > but or sum(row["state"] != "done" for row in self.rows()) > but:
            assert time.monotonic() < deadline, f"{len(self.holds())} holds after {seconds} s"
            time.sleep(0.05)

    def balance(self, *names: str) -> int:
        """The nano-dollars of all rows, which every scope named must have used, to the last one, with nothing held or running."""
        rows = self.rows()
        assert all(row["state"] == "done" for row in rows)
        assert len({row["sk"] for row in rows}) == len(rows)
        assert self.holds() == []
        spent = sum(row.get("cost_nano") or 0 for row in rows)
        scopes = self.scopes()
        for name in names:
            found = scopes[name]
            assert (found.used(), found.held(), found.running) == (spent, 0, 0), (name, spent, found)
        return spent
