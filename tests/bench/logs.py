"""What a page of the request log costs in a table of a million rows.

    python -m tests.bench.logs                 1,000,000 rows over 30 days
    python -m tests.bench.logs --walk          … and reads the oldest tenth of them, page by page: each once, in order

Reads pages with the admin API's own reader, over HTTP, from the stand-in of `log_table.py` (a process of its own, an index on disk). It is
not AWS: the milliseconds are this machine's; `cpu` is the reader's own processor time, which does not depend on who else uses the machine. What
holds on AWS are the queries, the rows looked at and the read units of a call: they must not grow with depth, and be capped for a filter
that matches nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.bench.log_table import Item, Record, create, ids_of, record

from gateway.aws.attributes import encode_item
from gateway.clock import Clock
from gateway.neutral.logrow import Attempt, Caller, Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.settings import Settings, from_environ
from gateway.stores.log_filter import LogFilter, Span
from gateway.stores.log_items import to_item
from gateway.stores.logs import LogPage, LogReader, ReadBudget
from gateway.stores.tables import bind

DAYS, DAY_MS, HOUR_MS = 30, 86_400_000, 3_600_000
NOW_MS = 1_790_000_000_000
WRITERS, PAGE = 2, 50
ENOUGH = 500_000
FLAT = 1.25
"""How much more read units a page may cost at one depth than at another (what a filter finds differs from place to place)."""
DEPTHS = (0.0, 0.25, 0.5, 0.75, 0.99)
FILTERS = {
    "no filter": LogFilter(),
    "model and provider (all)": LogFilter(requested_model="sma", provider="openai"),
    "status 5xx (2 %)": LogFilter(status=Span(500, 599)),
    "one key of 200": LogFilter(key_id="key_7"),
    "nothing matches": LogFilter(provider="nobody"),
}


@contextmanager
def served(file: Path) -> Iterator[str]:
    """The table in a process of its own; its address."""
    command = [sys.executable, "-m", "tests.bench.log_table", str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


def settings_of(url: str) -> Settings:
    """A deployment whose log table is `logs`."""
    names = "CONFIG_TABLE KEYS_TABLE STATE_TABLE LOGS_TABLE USAGE_TABLE CACHE_TABLE DIALOGS_TABLE BODIES_BUCKET KMS_KEY_ID STAGE".split()
    return from_environ(
        {name: "logs" for name in names} | {"AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL": url}  # noqa: C420
    )


def row(dice: random.Random, made: int) -> LogRow:
    """One request of the millisecond `made`, as large as they usually are."""
    identifier = f"req_{made:012x}7{dice.getrandbits(76):019x}"
    key = dice.randrange(200)
    failed = dice.random() < 0.02
    attempt = Attempt(
        "openai", "gpt-4o", "uk_1", 502 if failed else 200, "server_error" if failed else None, 210.0, 900.0
    )
    plain = LogRow(
        identifier, made, "POST", "/v1/chat/completions", "openai_chat", 502 if failed else 200, 1_900_000_000
    )
    return replace(
        plain,
        caller=Caller(f"key_{key}", f"Key {key}", f"user_{key % 50}", "team", "10.0.0.1", "OpenAI/Python 2.8.1"),
        requested_model="smart",
        model="gpt-4o",
        provider="openai",
        error="server_error" if failed else None,
        attempts=(attempt,),
        usage=Usage(fresh=dice.randrange(5000), output=dice.randrange(900), source="upstream"),
        cost=Cost(dice.randrange(10**8), "priced"),
        request_headers={"content-type": "application/json", "x-stainless-lang": "python"},
        total_ms=900.0,
    )


def typed(one: LogRow) -> Item:
    """A row as it lies in DynamoDB."""
    return encode_item(to_item(one))


def day(rows: int, number: int) -> list[Record]:
    """The rows of a day, in the order of the table's keys."""
    dice = random.Random(number)
    begins = (NOW_MS // DAY_MS - number) * DAY_MS
    ends = min(begins + DAY_MS, NOW_MS)
    return sorted(record(typed(row(dice, dice.randrange(begins, ends)))) for _ in range(rows))


def fill(file: Path, rows: int) -> list[str]:
    """Write rows, as many every day; gives their ids, newest first."""
    ids: list[str] = []

    def parts(pool: ProcessPoolExecutor) -> Iterator[list[Record]]:
        waiting: deque[Future[list[Record]]] = deque()
        for number in range(DAYS + WRITERS):
            if number < DAYS:
                waiting.append(pool.submit(day, rows * (number + 1) // DAYS - rows * number // DAYS, number))
            if number >= WRITERS:  # a few days at a time: each is some fifty megabytes
                part = waiting.popleft().result()
                ids.extend(sk for _, sk, _, _ in part)
                yield part

    with ProcessPoolExecutor(WRITERS) as pool:
        create(file, parts(pool))
    return sorted(ids, reverse=True)


@dataclass(frozen=True, slots=True)
class Call:
    """What one page cost."""

    ms: float
    cpu: float
    queries: int
    looked_at: int
    units: float
    found: int
    position: str | None


def call(connection: Any, read: Callable[[], LogPage]) -> Call:
    """Read a page and see what it cost."""
    answers: list[dict[str, Any]] = []
    plain = connection.query

    def counted(*args: Any, **more: Any) -> Any:
        answers.append(plain(*args, **more))
        return answers[-1]

    with patch.object(connection, "query", counted):
        began, worked = time.perf_counter(), time.process_time()
        page = read()
        ms, cpu = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
    units = sum(float(answer["ConsumedCapacity"]["CapacityUnits"]) for answer in answers)
    looked_at = sum(int(answer["ScannedCount"]) for answer in answers)
    return Call(ms, cpu, len(answers), looked_at, units, len(page.rows), page.position)


def percentile(samples: Sequence[float], percent: int) -> float:
    """Nearest rank."""
    return sorted(samples)[max(0, -(-percent * len(samples) // 100) - 1)]


def told(name: str, calls: Sequence[Call]) -> tuple[float, float, float]:
    """Print what the calls cost; the medians of milliseconds, processor time and units."""
    middle = partial(percentile, [one.ms for one in calls])
    cpu = percentile([one.cpu for one in calls], 50)
    queries, looked_at, units, found = (
        statistics.median(getattr(one, part) for one in calls) for part in ("queries", "looked_at", "units", "found")
    )
    times = f"p50 {middle(50):7.1f} ms  p95 {middle(95):7.1f} ms  cpu {cpu:5.1f} ms"
    reads = f"queries {queries:4.0f}  looked at {looked_at:5.0f}  units {units:6.1f}  rows {found:3.0f}"
    sys.stdout.write(f"{name:<34} {times}   {reads}\n")
    sys.stdout.flush()
    return middle(50), cpu, units


def measure(reader: LogReader, connection: Any, ids: Sequence[str], times: int) -> float:
    """Every filter at every depth, from `times` places next to each other; the worst ratio of read units between two depths.

    Depths take turns, so that a machine that is busy for a while is so for all of them.
    """
    worst = 1.0
    for name, wanted in FILTERS.items():
        calls: dict[float, list[Call]] = {depth: [] for depth in DEPTHS}
        for number in range(times):
            for depth, sofar in calls.items():
                place = int(depth * len(ids)) + number * 7
                sofar.append(call(connection, partial(reader.page, wanted, PAGE, ids[place] if place else None)))
        medians = [told(f"{name}, {depth:3.0%} deep", sofar) for depth, sofar in calls.items()]
        ms, cpu, units = (max(values) / min(values) for values in zip(*medians, strict=True))
        flat = f"{ms:.2f} in ms, {cpu:.2f} in processor time, {units:.2f} in read units"
        sys.stdout.write(f"{'':<34} largest / smallest p50 of all depths: {flat}\n")
        worst = max(worst, units)
    return worst


def walk(reader: LogReader, ids: Sequence[str]) -> None:
    """Read the oldest tenth as an export does; fails unless every row comes once, newest first."""
    wanted = ids[-(len(ids) // 10) :]
    budget, began, pages, seen = ReadBudget(units=1024.0), time.monotonic(), 0, [wanted[0]]
    after: str | None = wanted[0]
    while after is not None:
        page = reader.page(LogFilter(), 1000, after, budget)
        after, pages = page.position, pages + 1
        seen += [one.id for one in page.rows]
    if seen != list(wanted):
        raise SystemExit(f"the walk gave {len(seen):,} rows, not each of {len(wanted):,} once and in order")
    took = time.monotonic() - began
    sys.stdout.write(f"walk: {len(seen):,} rows, each once, newest first, in {pages:,} pages and {took:.0f} s\n")


def main() -> None:
    """Fill, read, print."""
    parser = argparse.ArgumentParser(description="What a page of the request log costs in a large table.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=30, help="calls per line")
    parser.add_argument("--file", type=Path, help="keep the table here, or use the one that was kept")
    parser.add_argument("--walk", action="store_true", help="read the oldest tenth, too")
    asked = parser.parse_args()
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    with tempfile.TemporaryDirectory() as home:
        file, began = asked.file or Path(home) / "logs.sqlite", time.monotonic()
        made = "made before" if file.exists() else "made"
        ids = ids_of(file) if file.exists() else fill(file, asked.rows)
        took, size = time.monotonic() - began, file.stat().st_size / 2**30
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        sys.stdout.write(
            f"N = {len(ids):,} rows over {DAYS} days, {made}: {size:.2f} GB on disk, {took:.0f} s, {most:.2f} GB of memory\n"
        )
        with served(file) as url:
            tables = bind(settings_of(url))
            reader = LogReader(tables, Clock(wall=lambda: NOW_MS / 1000), DAYS + 1)
            worst = measure(reader, tables.log._get_connection(), ids, asked.times)
            if asked.walk:
                walk(reader, ids)
    # In a small table less is left at 99 % than a page would look at.
    if worst > FLAT and len(ids) >= ENOUGH:
        raise SystemExit(f"a page costs {worst:.2f} times as much at one depth as at another")


if __name__ == "__main__":
    main()
