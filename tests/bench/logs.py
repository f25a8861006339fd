"""What a page of the request log costs in a large table.

    python -m tests.bench.logs                          1,000,000 rows, however long it takes
    python -m tests.bench.logs --rows 200000 --seconds 120

Writes synthetic rows over 30 days into ministack (a process of its own, nothing kept), as many as the seconds allow, and reads pages with the
admin API's own reader. Milliseconds are the emulator's and this machine's; what is ours, and holds on AWS too, are the queries and the rows
looked at by a call: they must not grow with depth, and be capped for a filter that matches nothing. (The emulator does not tell read
units by size; on AWS they are capped as well.) The emulator keeps rows in memory, some 10 KB each.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from boto3.dynamodb.types import TypeSerializer
from botocore.config import Config

from gateway.clock import Clock
from gateway.neutral.logrow import Attempt, Caller, Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.settings import Settings, from_environ
from gateway.stores.log_filter import LogFilter, Span
from gateway.stores.log_items import to_item
from gateway.stores.logs import LogPage, LogReader
from gateway.stores.tables import bind

MINISTACK = Path(__file__).resolve().parents[2] / ".venv-ministack" / "bin" / "ministack"
DAYS, DAY_MS = 30, 86_400_000
NOW_MS = 1_790_000_000_000
WRITERS, AT_ONCE, PAGE = 2, 25, 50
DEPTHS = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99)
FILTERS = {
    "one key of 200": LogFilter(key_id="key_7"),
    "status 5xx (2 %)": LogFilter(status=Span(500, 599)),
    "nothing matches": LogFilter(provider="nobody"),
}


@contextmanager
def emulator() -> Iterator[str]:
    """A ministack for as long as the block lasts; gives its address."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as home:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        environ = {
            "PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1",
            "SERVICES": "dynamodb", "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        process = subprocess.Popen([str(MINISTACK)], env=environ, cwd=home, stdout=subprocess.DEVNULL)
        try:
            _await(f"http://127.0.0.1:{port}/_ministack/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _await(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)  # polling another process's port; nothing here can announce readiness
    raise SystemExit("ministack did not become ready")


def client_of(url: str) -> Any:
    """DynamoDB at this address."""
    return boto3.client("dynamodb", endpoint_url=url, region_name="eu-central-1", config=Config(max_pool_connections=8))


def settings_of(url: str) -> Settings:
    """A deployment whose log table is `logs`."""
    names = "CONFIG_TABLE KEYS_TABLE STATE_TABLE LOGS_TABLE USAGE_TABLE BODIES_BUCKET KMS_KEY_ID STAGE".split()
    return from_environ(
        {name: "logs" for name in names} | {"AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL": url}  # noqa: C420
    )


def row(dice: random.Random) -> LogRow:
    """One request of the last 30 days, as large as they usually are."""
    made = NOW_MS - dice.randrange(DAYS * DAY_MS)
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


def fill(client: Any, rows: int, seconds: float) -> list[str]:
    """Write rows until there are enough or the time is over; gives their ids, newest first."""
    keys = [{"AttributeName": name, "KeyType": kind} for name, kind in (("pk", "HASH"), ("sk", "RANGE"))]
    types = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
    client.create_table(TableName="logs", KeySchema=keys, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST")
    ends = time.monotonic() + seconds

    def write(seed: int) -> list[str]:
        dice, serializer, ids = random.Random(seed), TypeSerializer(), list[str]()
        while len(ids) < rows / WRITERS and time.monotonic() < ends:
            items = [to_item(row(dice)) for _ in range(AT_ONCE)]
            puts = [{"PutRequest": {"Item": {n: serializer.serialize(v) for n, v in one.items()}}} for one in items]
            client.batch_write_item(RequestItems={"logs": puts})
            ids += [one["id"] for one in items]
        return ids

    with ThreadPoolExecutor(WRITERS) as pool:
        return sorted((one for part in pool.map(write, range(WRITERS)) for one in part), reverse=True)


def percentile(samples: Sequence[float], percent: int) -> float:
    """Nearest rank."""
    return sorted(samples)[max(0, -(-percent * len(samples) // 100) - 1)]


def measure(name: str, connection: Any, read: Callable[[], LogPage], times: int) -> None:
    """Print what a call costs."""
    spent: list[tuple[float, int, int, int]] = []
    plain = connection.query
    for _ in range(times):
        scanned: list[int] = []

        def counted(*args: Any, scanned: list[int] = scanned, **more: Any) -> Any:
            answer = plain(*args, **more)
            scanned.append(int(answer["ScannedCount"]))
            return answer

        with patch.object(connection, "query", counted):
            began = time.perf_counter()
            found = len(read().rows)
            spent.append(((time.perf_counter() - began) * 1000, len(scanned), sum(scanned), found))
    ms = [one[0] for one in spent]
    queries, reads, rows = (statistics.median(one[n] for one in spent) for n in (1, 2, 3))
    times_ = f"p50 {percentile(ms, 50):8.1f} ms  p95 {percentile(ms, 95):8.1f} ms"
    sys.stdout.write(f"{name:<24} {times_}   queries {queries:4.0f}   looked at {reads:6.0f}   rows {rows:3.0f}\n")


def main() -> None:
    """Fill, read, print."""
    parser = argparse.ArgumentParser(description="What a page of the request log costs in a large table.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=3600.0, help="for writing")
    parser.add_argument("--times", type=int, default=30, help="calls per line")
    asked = parser.parse_args()
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    with emulator() as url:
        began = time.monotonic()
        ids = fill(client_of(url), asked.rows, asked.seconds)
        sys.stdout.write(f"N = {len(ids):,} rows over {DAYS} days, written in {time.monotonic() - began:.0f} s\n")
        tables = bind(settings_of(url))
        reader = LogReader(tables, Clock(wall=lambda: NOW_MS / 1000), DAYS)
        connection = tables.log._get_connection()
        for depth in DEPTHS:
            position = None if depth == 0 else ids[int(depth * len(ids))]
            read = partial(reader.page, LogFilter(), PAGE, position)
            measure(f"page of {PAGE}, {depth:4.0%} deep", connection, read, asked.times)
        for name, wanted in FILTERS.items():
            measure(name, connection, partial(reader.page, wanted, PAGE), asked.times)


if __name__ == "__main__":
    main()
