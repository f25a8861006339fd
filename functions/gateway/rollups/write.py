"""Deltas into the usage table, each request exactly once.

Theory of operation. Streams deliver at least once, so a batch may come again, whole or in part, and two consumers may hold the same rows. One
TransactWriteItems holds, for some rows, one *mark* each (`mark#<request id>`, put only if absent) and the sum of their deltas as ADDs: either
the rows are marked and counted, or neither. A transaction is therefore answered in one of these ways:

- done: every row of it is counted;
- cancelled, marks exist: those rows were counted earlier; they are dropped and the rest goes again at once;
- cancelled by a conflict or a throttle, or no answer at all: the same again after a random pause. Should the unanswered one have
  succeeded, the marks (and within ten minutes the token, a hash of the content) make the repetition harmless;
- refused as invalid: halved until the row at fault stands alone, so that it fails alone;
- anything else (permissions, no table), or patience or time used up: its rows are reported as failed, and the stream brings them again.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError

from gateway.clock import Clock
from gateway.rollups.buckets import Bucket
from gateway.rollups.fold import Delta, buckets_of, fold
from gateway.rollups.rows import Finished

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_ACTIONS = 100
MARK_HOURS = 48

_PASSING = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "RequestLimitExceeded",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "InternalServerError",
        "ServiceUnavailable",
    }
)
_INVALID = frozenset(
    {"ValidationError", "ValidationException", "SerializationException", "ItemCollectionSizeLimitExceeded"}
)


class Verdict(Enum):
    """What became of one transaction."""

    DONE = "done"
    AGAIN = "again"
    INVALID = "invalid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """One transaction's verdict, the positions of rows that were counted before, and the word of the fault."""

    verdict: Verdict
    counted: frozenset[int] = frozenset()
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows confirmed as counted, rows found counted earlier, ids of the rows that could not be counted, and the faults met.

    Of two equal transactions within ten minutes DynamoDB carries out one and confirms both: `applied` holds the rows of both.
    """

    applied: int = 0
    duplicates: int = 0
    failed: frozenset[str] = frozenset()
    faults: frozenset[str] = frozenset()

    def plus(self, other: Outcome) -> Outcome:
        """Both together."""
        return Outcome(
            self.applied + other.applied,
            self.duplicates + other.duplicates,
            self.failed | other.failed,
            self.faults | other.faults,
        )


def packs(rows: Iterable[Finished]) -> Iterator[tuple[Finished, ...]]:
    """The rows in groups whose marks and buckets fit into one transaction. Rows of one kind stand together: fewer buckets."""
    pack: list[Finished] = []
    buckets: set[Bucket] = set()
    for row in sorted(rows, key=lambda row: (row.dimensions, row.time_ms, row.id)):
        grown = buckets.union(buckets_of(row))
        if pack and len(pack) + 1 + len(grown) > MOST_ACTIONS:
            yield tuple(pack)
            pack, grown = [], set(buckets_of(row))
        pack.append(row)
        buckets = grown
    if pack:
        yield tuple(pack)


def _update(table: str, bucket: Bucket, delta: Delta) -> dict[str, Any]:
    """ADD every amount; SET what is not a sum. Equal amounts share a placeholder: an expression holds at most 4 KB."""
    adds = sorted(delta.adds.items())
    values: dict[str, dict[str, str]] = {_placeholder(amount): {"N": str(amount)} for _, amount in adds}
    expression = "ADD " + ", ".join(f"{name} {_placeholder(amount)}" for name, amount in adds)
    sets = {"#name": ("name", {"S": delta.name})} if delta.name else {}
    sets |= {"#ttl": ("ttl", {"N": str(bucket.ttl)})} if bucket.ttl else {}
    update: dict[str, Any] = {
        "TableName": table,
        "Key": {"pk": {"S": bucket.pk}, "sk": {"S": bucket.sk}},
        "UpdateExpression": expression,
        "ExpressionAttributeValues": values,
    }
    if sets:
        update["UpdateExpression"] += " SET " + ", ".join(f"{place} = :{place[1:]}" for place in sets)
        update["ExpressionAttributeNames"] = {place: name for place, (name, _) in sets.items()}
        values.update({f":{place[1:]}": value for place, (_, value) in sets.items()})
    return {"Update": update}


def _placeholder(amount: int) -> str:
    return f":n{amount}".replace("-", "m")


def _mark(table: str, row: Finished, ttl: int) -> dict[str, Any]:
    key = {"pk": {"S": f"mark#{row.id}"}, "sk": {"S": "mark"}}
    item = {**key, "ttl": {"N": str(ttl)}}
    return {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def transaction(table: str, rows: Sequence[Finished], ttl: int) -> dict[str, Any]:
    """The arguments of TransactWriteItems: the marks in the rows' order, then the buckets in theirs; equal rows, equal bytes."""
    marks = [_mark(table, row, ttl) for row in rows]
    updates = [_update(table, bucket, delta) for bucket, delta in sorted(fold(rows).items(), key=lambda pair: pair[0])]
    actions = marks + updates
    digest = hashlib.sha256(json.dumps(actions, sort_keys=True).encode()).hexdigest()
    return {"TransactItems": actions, "ClientRequestToken": digest[:36]}


def _judge(error: ClientError, marks: int) -> Answer:
    """What a refused transaction means; `marks` is how many of its actions, counted from the first, are marks."""
    code = error.response.get("Error", {}).get("Code", "Unknown")
    if code != "TransactionCanceledException":
        verdict = Verdict.AGAIN if code in _PASSING else Verdict.INVALID if code in _INVALID else Verdict.FAILED
        return Answer(verdict, fault=code)
    reasons = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
    counted = frozenset(i for i, reason in enumerate(reasons[:marks]) if reason == "ConditionalCheckFailed")
    others = sorted(set(reasons) - {"None", "ConditionalCheckFailed"})
    if others and not _INVALID.isdisjoint(others):
        return Answer(Verdict.INVALID, counted, others[0])
    if all(reason in _PASSING for reason in others) and (others or counted):
        return Answer(Verdict.AGAIN, counted, others[0] if others else None)
    return Answer(Verdict.FAILED, counted, others[0] if others else code)


@dataclass(frozen=True, slots=True)
class BucketWriter:
    """Counts rows. `pauses` is how often a transaction may be repeated after a pause; `jitter` gives numbers in [0, 1)."""

    client: DynamoDBClient
    table: str
    clock: Clock
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    pauses: int = 8

    def apply(self, rows: Sequence[Finished], seconds_left: Callable[[], float]) -> Outcome:
        """Count rows with distinct ids. Raises nothing of AWS's: rows that could not be counted are in the outcome."""
        outcome = Outcome()
        for pack in packs(rows):
            outcome = outcome.plus(self._commit(pack, seconds_left))
        return outcome

    def _commit(self, pack: tuple[Finished, ...], seconds_left: Callable[[], float]) -> Outcome:
        """One pack until it is counted or given up. Ends: each round drops rows or uses up one pause."""
        rows, pauses, before, fault = pack, 0, 0, "Deadline"
        while rows and seconds_left() > 0:
            answer = self._send(rows)
            if answer.verdict is Verdict.DONE:
                return Outcome(len(rows), before)
            fault = answer.fault or fault
            if answer.counted:
                before += len(answer.counted)
                rows = tuple(row for i, row in enumerate(rows) if i not in answer.counted)
                continue
            if answer.verdict is Verdict.INVALID and len(rows) > 1:
                return Outcome(0, before).plus(self._halves(rows, seconds_left))
            if answer.verdict is not Verdict.AGAIN or pauses == self.pauses:
                break
            self._pause(pauses, seconds_left())
            pauses += 1
        if not rows:
            return Outcome(0, before)
        return Outcome(0, before, frozenset(row.id for row in rows), frozenset({fault}))

    def _halves(self, rows: tuple[Finished, ...], seconds_left: Callable[[], float]) -> Outcome:
        middle = len(rows) // 2
        return self._commit(rows[:middle], seconds_left).plus(self._commit(rows[middle:], seconds_left))

    def _pause(self, pauses: int, seconds_left: float) -> None:
        """A random part of 50 ms, 100 ms, … 1.6 s (never beyond the time left)."""
        self.sleep(min(max(0.0, seconds_left), self.jitter() * 0.05 * 2 ** min(pauses, 5)))

    def _send(self, rows: Sequence[Finished]) -> Answer:
        # The mark's end is rounded up to a full hour: a repetition within that hour has the same bytes, hence the same token.
        ttl = (int(self.clock.wall()) // 3600 + 1 + MARK_HOURS) * 3600
        try:
            self.client.transact_write_items(**transaction(self.table, rows, ttl))
        except ClientError as error:
            return _judge(error, len(rows))
        except HTTPClientError as error:
            return Answer(Verdict.AGAIN, fault=type(error).__name__)
        return Answer(Verdict.DONE)
