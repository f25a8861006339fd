"""The control plane's side of limits: where they stand, what is held, and forgetting what a budget has spent.

Shards lend room to one another, so figures of different moments need not add up: what is only looked at may be off by a loan for a moment, what is
changed is read in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from time import sleep as _sleep
from typing import Any, Final

from botocore.exceptions import ClientError

from gateway.aws.attributes import decode_item, encode_item
from gateway.clock import Clock
from gateway.neutral.limits import LimitName, Period, Scope, ScopeKind, Standing
from gateway.policies.windows import window
from gateway.stores.entities import Contended
from gateway.stores.limit_items import HOLD_PARTITIONS, Hold, counters_key, lent_shards, read_hold, window_name
from gateway.stores.limit_standing import main_item, standings
from gateway.stores.tables import Tables

_TRIES: Final = 12
_PAUSE_S: Final = 0.02
_MOST_HOLDS: Final = 10_000
_PASSING: Final = frozenset(
    {
        "TransactionCanceledException",
        "TransactionInProgressException",
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
    }
)
_LOST: Final = "ConditionalCheckFailedException"


@dataclass(frozen=True, slots=True)
class Running:
    """Holds of running requests. `nano` is what they hold of the scope, or of the most burdened of theirs; `oldest_ms` is when the first began.

    `expired` of them wait for the sweep. `truncated`: there are more than were looked at.
    """

    count: int = 0
    nano: int = 0
    oldest_ms: int | None = None
    expired: int = 0
    truncated: bool = False


class LimitReader:
    """Errors: `Contended`, and botocore's when the store fails. Reads are strongly consistent."""

    def __init__(self, tables: Tables, clock: Clock, sleep: Callable[[float], None] = _sleep) -> None:
        self._item = tables.counters
        self._table = str(tables.counters.Meta.table_name)
        self._clock = clock
        self._sleep = sleep

    @property
    def _client(self) -> Any:
        return self._item._get_connection().connection.client

    def standings(self, scope: Scope) -> tuple[Standing, ...]:
        """One per limit that the scope has, in the order requests, tokens, concurrent, day, month, total."""
        found = standings(scope, self._looked_at(scope.kind, scope.id), self._clock.now_ms())
        return tuple(replace(one, used=max(0, one.used), held=max(0, one.held)) for one in found)

    def running(self, kind: ScopeKind, identifier: str) -> int:
        """Requests at once, as far as they are counted: by scopes that limit them."""
        items = self._looked_at(kind, identifier)
        return max(0, sum(int(item.get("running", 0)) - int(item.get("slots", 0)) for item in items))

    def reset(self, scope: Scope, name: LimitName) -> None:
        """What a budget has used in the present window becomes 0; what running requests hold stays. KeyError when there is no such budget.

        Contended when requests kept coming between; it may be tried again.
        """
        budgets: Mapping[str, Any] = {budget.period: budget for budget in scope.limits.budgets}
        period: Period = budgets[name].period
        for number in range(_TRIES):
            now_ms = self._clock.now_ms()
            items = self._snapshot(scope.kind, scope.id)
            used = next(one.used for one in standings(scope, items, now_ms) if one.name == name)
            attribute = window_name(period, window(budgets[name], now_ms // 1000).start)
            if used == 0 or self._take(scope, attribute, int(main_item(items).get(attribute, 0)), used):
                return
            self._sleep(_PAUSE_S * number)
        raise Contended

    def _take(self, scope: Scope, attribute: str, seen: int, used: int) -> bool:
        """Take `used` off what was seen. Room of the shards stays lent, and is still counted as taken."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=encode_item(counters_key(scope.kind, scope.id)),
                UpdateExpression="ADD #taken :less",
                ConditionExpression="#taken = :seen",
                ExpressionAttributeNames={"#taken": attribute},
                ExpressionAttributeValues={":less": {"N": str(-used)}, ":seen": {"N": str(seen)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _LOST:
                return False
            raise
        return True

    def holds(self, scope: Scope | None = None) -> Running:
        """The holds of running requests: all, or those of a scope. The first ten thousand of them are looked at."""
        found: list[Hold] = []
        truncated = False
        for partition in HOLD_PARTITIONS:
            for item in self._partition(partition):
                if len(found) >= _MOST_HOLDS:
                    truncated = True
                    break
                found.append(read_hold(item))
        return _running(found, scope, self._clock.now_ms(), truncated)

    def _looked_at(self, kind: ScopeKind, identifier: str) -> list[dict[str, Any]]:
        main = self._got([counters_key(kind, identifier)])
        lent = [counters_key(kind, identifier, shard) for shard in lent_shards(main_item(main))]
        return [*main, *self._got(lent)] if lent else main

    def _got(self, keys: list[dict[str, str]]) -> list[dict[str, Any]]:
        pending: Any = {self._table: {"Keys": [encode_item(key) for key in keys], "ConsistentRead": True}}
        found: list[dict[str, Any]] = []
        for number in range(_TRIES):
            answer = self._client.batch_get_item(RequestItems=pending)
            found += [decode_item(item) for item in answer["Responses"].get(self._table, ())]
            pending = answer.get("UnprocessedKeys")
            if not pending:
                return found
            self._sleep(_PAUSE_S * number)
        raise Contended

    def _snapshot(self, kind: ScopeKind, identifier: str) -> list[dict[str, Any]]:
        """The scope's item and all shards it ever lent to, as they are at one moment."""
        shards: list[int] = []
        for number in range(_TRIES):
            found = self._at_once([counters_key(kind, identifier, shard) for shard in (0, *shards)])
            if found is None:
                self._sleep(_PAUSE_S * number)
                continue
            lent = lent_shards(main_item(found))
            if lent == shards:
                return found
            shards = lent
        raise Contended

    def _at_once(self, keys: list[dict[str, str]]) -> list[dict[str, Any]] | None:
        """None when somebody was writing them."""
        gets = [{"Get": {"TableName": self._table, "Key": encode_item(key)}} for key in keys]
        try:
            answer = self._client.transact_get_items(TransactItems=gets)
        except ClientError as error:
            if error.response["Error"]["Code"] in _PASSING:
                return None
            raise
        return [decode_item(row["Item"]) for row in answer["Responses"] if row.get("Item")]

    def _partition(self, partition: str) -> Iterable[dict[str, Any]]:
        arguments: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": partition}},
            "ConsistentRead": True,
        }
        while True:
            page = self._client.query(**arguments)
            yield from (decode_item(item) for item in page["Items"])
            if not page.get("LastEvaluatedKey"):
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _running(holds: Iterable[Hold], scope: Scope | None, now_ms: int, truncated: bool) -> Running:
    mine = []
    for hold in holds:
        sums = [held.nano for held in hold.held if scope is None or (held.kind, held.id) == (scope.kind, scope.id)]
        if sums:
            mine.append((hold, max(sums)))
    return Running(
        count=len(mine),
        nano=sum(nano for _, nano in mine),
        oldest_ms=min((hold.at_ms for hold, _ in mine), default=None),
        expired=sum(hold.expires_ms <= now_ms for hold, _ in mine),
        truncated=truncated,
    )
