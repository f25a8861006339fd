"""Carries the log table's stream to the rollup function, as Lambda's event source mapping does on AWS.

Theory of operation. The emulator keeps stream records in memory only: after a restart the stream is empty, although the rows are there.
So the pump begins with the rows themselves: everything written since its checkpoint (less a margin for requests that were under way)
is sent as if it had just been inserted. The fold counts each request id once, so that overlap is harmless: the marks of that stretch
were saved together with it, and the emulator removes expired ones a minute after its start at the earliest. Then it reads the
stream from its beginning and, whenever a batch has been folded, moves the checkpoint to the time of that batch's newest record.
SIGTERM, or the end of standard input, means: finish the batch at hand and end; the next start catches up.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from infra.local.statedir import StateDir

BATCH = 100
IDLE_SECONDS = 0.5
MARGIN_SECONDS = 20 * 60
"""A row is written when its request ends, up to 15 minutes after the time in its id."""
MARKS_SECONDS = 47 * 3600
"""Without a checkpoint, no further back than the fold's marks surely reach (48 hours)."""
LOST_POSITION = {"ExpiredIteratorException", "TrimmedDataAccessException"}
OLDEST_SECONDS = 31 * 86400
CHECKPOINT_SECONDS = 10
PAUSES = (0.0, 0.2, 1.0, 5.0)
"""Seconds before each try of a batch."""
SHARDS = 4


class Rows(Protocol):
    """The part of a DynamoDB client that is used here."""

    def query(self, **arguments: Any) -> Mapping[str, Any]: ...
    def describe_table(self, **arguments: Any) -> Mapping[str, Any]: ...


class Streams(Protocol):
    """The part of a DynamoDB Streams client that is used here."""

    def get_shard_iterator(self, **arguments: Any) -> Mapping[str, Any]: ...
    def get_records(self, **arguments: Any) -> Mapping[str, Any]: ...
    def describe_stream(self, **arguments: Any) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Context:
    """The part of Lambda's context that handlers look at; the deadline is Unix seconds."""

    deadline: float
    function_name: str = "rollup"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:rollup"
    aws_request_id: str = "local"

    def get_remaining_time_in_millis(self) -> int:
        """As on Lambda."""
        return max(0, int((self.deadline - time.time()) * 1000))


Handler = Callable[[Mapping[str, Any], Any], Mapping[str, Any]]


@dataclass(slots=True)
class Pump:
    """One table's stream and the function that folds it."""

    handler: Handler
    rows: Rows
    streams: Streams
    table: str
    state: StateDir
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    iterator: str | None = field(default=None, init=False)
    remembered: float = field(default=0.0, init=False)

    def catch_up(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Fold every row since the checkpoint, or as far as it gets until stopped; the number of rows sent."""
        checkpoint = self.state.recall("pump")
        since = float(checkpoint["time"]) - MARGIN_SECONDS if checkpoint else self.now() - MARKS_SECONDS
        sent = 0
        for batch in _batches(self._rows_since(max(since, self.now() - OLDEST_SECONDS)), BATCH):
            self._fold([_inserted(item, f"{sent + at:021d}") for at, item in enumerate(batch)])
            sent += len(batch)
            if stopped():
                break
        return sent

    def _rows_since(self, since: float) -> Iterator[Mapping[str, Any]]:
        day, today = datetime.fromtimestamp(since, UTC).date(), datetime.fromtimestamp(self.now(), UTC).date()
        first = f"req_{int(since * 1000):012x}"
        while day <= today:
            for shard in range(SHARDS):
                yield from self._partition(f"{day.isoformat()}#{shard}", first)
            day += timedelta(days=1)

    def _partition(self, name: str, first: str) -> Iterator[Mapping[str, Any]]:
        arguments: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk AND sk >= :first",
            "ExpressionAttributeValues": {":pk": {"S": name}, ":first": {"S": first}},
            "Limit": 500,
        }
        while True:
            page = self.rows.query(**arguments)
            yield from page["Items"]
            if not page.get("LastEvaluatedKey"):
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def attach(self) -> None:
        """Position at the beginning of what the stream still holds."""
        arn = self.rows.describe_table(TableName=self.table)["Table"]["LatestStreamArn"]
        shard = self.streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
        answer = self.streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        self.iterator = answer["ShardIterator"]

    def step(self) -> int:
        """Fold the next batch; how many records it had. The position moves only when the fold has succeeded."""
        if self.iterator is None:
            self.attach()
        started = self.now()
        page = self.streams.get_records(ShardIterator=self.iterator, Limit=BATCH)
        records = page["Records"]
        if records:
            self._fold([_as_event(record) for record in records])
        self.iterator = page.get("NextShardIterator")
        # An empty page means: everything written before this moment has been folded.
        self._checkpoint(_created(records[-1]) if records else started)
        return len(records)

    def _checkpoint(self, moment: float) -> None:
        """Remember the moment, not more often than matters beside the margin."""
        if moment >= self.remembered + CHECKPOINT_SECONDS:
            self.state.remember("pump", {"time": moment})
            self.remembered = moment

    def _fold(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Call the function as Lambda would: again from the first record it reports, a few times, then let those go."""
        todo = list(records)
        for pause in PAUSES:
            self.sleep(pause)
            report = self.handler({"Records": todo}, Context(time.time() + 60))
            failed = {str(item["itemIdentifier"]) for item in report.get("batchItemFailures", ())}
            if not failed:
                return
            numbers = [str(record["dynamodb"]["SequenceNumber"]) for record in todo]
            todo = todo[min((at for at, number in enumerate(numbers) if number in failed), default=len(todo)) :]
        print(f"given up on {len(todo)} records", flush=True)


def _created(record: Mapping[str, Any]) -> float:
    at = record["dynamodb"].get("ApproximateCreationDateTime", 0)
    return at.timestamp() if isinstance(at, datetime) else float(at)


def _batches(items: Iterator[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _inserted(item: Mapping[str, Any], number: str) -> dict[str, Any]:
    """A stored row as the stream would have announced it."""
    keys = {"pk": item["pk"], "sk": item["sk"]}
    body = {"Keys": keys, "NewImage": item, "SequenceNumber": number, "StreamViewType": "NEW_IMAGE"}
    return {
        "eventID": number,
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "eventVersion": "1.1",
        "dynamodb": body,
    }


def _as_event(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of GetRecords as Lambda hands it over: the creation time is a number there."""
    return {**record, "dynamodb": {**record["dynamodb"], "ApproximateCreationDateTime": _created(record)}}


async def run(pump: Pump) -> None:
    """Pump until told to stop; the batch at hand is finished, the rest is the next start's `catch_up`."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    loop.add_reader(0, lambda: stopping.set() if not os.read(0, 1024) else None)
    work: Callable[[], int] = partial(pump.catch_up, stopping.is_set)
    while not stopping.is_set():
        try:
            moved = await asyncio.to_thread(work)
        except (BotoCoreError, ClientError) as error:
            # A busy emulator is no reason to end: nothing has moved, so the same work is done again.
            print(f"trying again: {error}", flush=True)
            moved = 0
            if isinstance(error, ClientError) and error.response["Error"]["Code"] in LOST_POSITION:
                pump.iterator = None
        else:
            work = pump.step
        if moved < BATCH:
            await _pause(stopping, IDLE_SECONDS)


async def _pause(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


def main() -> None:
    """`python -m infra.local.pump <state dir>` with the environment of the functions."""
    import boto3

    from rollup.app import handler

    state = StateDir(Path(sys.argv[1]))
    rows: Any = boto3.client("dynamodb")
    streams: Any = boto3.client("dynamodbstreams")
    asyncio.run(run(Pump(handler, rows, streams, os.environ["LOGS_TABLE"], state)))


if __name__ == "__main__":
    main()
