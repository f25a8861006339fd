"""Reading what the gateway left behind: log rows, straight from the table, found by the user agent a test sent."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from botocore.config import Config

SHARDS = 4


def unwrapped(value: Any) -> Any:
    """Plain data of an item: DynamoDB's numbers as int or float."""
    if hasattr(value, "as_tuple"):
        return int(value) if value == int(value) else float(value)
    return value


@dataclass
class Rows:
    """The log table of a stack. `expected` counts, per user agent, the requests that tests have sent: see `test_ledger.py`."""

    endpoint: str
    table_name: str
    region: str = "us-east-1"
    expected: Counter[str] = field(default_factory=Counter)
    started_ms: int = field(default_factory=lambda: int(time.time() * 1000) - 1000)

    def __post_init__(self) -> None:
        session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=self.region)
        resource = session.resource(
            "dynamodb", endpoint_url=self.endpoint, config=Config(retries={"total_max_attempts": 2})
        )
        self._table: Any = resource.Table(self.table_name)

    def since(self, start_ms: int) -> Iterator[dict[str, Any]]:
        """Every row whose request began at or after this moment."""
        first_id = f"req_{start_ms:012x}"
        days = {
            datetime.datetime.fromtimestamp(at / 1000, datetime.UTC).date() for at in (start_ms, time.time() * 1000)
        }
        for day in sorted(days):
            for shard in range(SHARDS):
                condition = Key("pk").eq(f"{day.isoformat()}#{shard}") & Key("sk").gte(first_id)
                yield from self._pages(condition)

    def _pages(self, condition: Any) -> Iterator[dict[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            page = self._table.query(KeyConditionExpression=condition, ConsistentRead=True, **start)
            for item in page["Items"]:
                yield {name: unwrapped(value) for name, value in item.items()}
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def by_id(self, identifier: str, timeout: float = 10.0) -> dict[str, Any]:
        """The row of a request id, as soon as it is there: an id holds its own time, and so its partition."""
        digits = identifier.rpartition("_")[2]
        day = datetime.datetime.fromtimestamp(int(digits[:12], 16) / 1000, datetime.UTC).date().isoformat()
        key = {"pk": f"{day}#{int(digits[-1], 16) % SHARDS}", "sk": identifier}
        deadline = time.monotonic() + timeout
        while True:
            found = self._table.get_item(Key=key, ConsistentRead=True).get("Item")
            if found:
                return {name: unwrapped(value) for name, value in found.items()}
            assert time.monotonic() < deadline, f"no row for {identifier} after {timeout} s"
            time.sleep(0.01)

    def of(
        self, client: str, count: int = 1, since_ms: int | None = None, timeout: float = 10.0
    ) -> list[dict[str, Any]]:
        """The rows of one user agent, as soon as there are `count`, oldest first; AssertionError when they do not come.

        A row is written after the client's last byte, so this polls.
        """
        start = self.started_ms if since_ms is None else since_ms
        deadline = time.monotonic() + timeout
        while True:
            found = sorted(
                (row for row in self.since(start) if row.get("client") == client), key=lambda row: str(row["sk"])
            )
            if len(found) >= count:
                assert len(found) == count, f"{len(found)} rows for {count} requests of {client}"
                return found
            assert time.monotonic() < deadline, f"{len(found)} rows for {count} requests of {client} after {timeout} s"
            time.sleep(0.03)
