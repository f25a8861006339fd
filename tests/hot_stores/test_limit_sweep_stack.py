"""The sweep on the local AWS: environments are killed at any point of a request, and three sweeps at once put right what they left."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from infra.local.sweeping import sweeping
from tests.aws.stack import PROGRAM, ministack
from tests.hot_stores import dying
from tests.hot_stores.conftest import REGION, create

from gateway.aws.attributes import decode_item, encode_item
from gateway.clock import Clock
from gateway.stores.limit_items import HOLD_LIFE_MS, Tables, row_key
from gateway.stores.limit_sweep import LimitSweep, Swept
from rollup.sweep import handler

pytestmark = [pytest.mark.stack, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip("NOT RUN: the local AWS is not installed (.venv-ministack)")
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


class Room:
    """Two tables, and environments that are killed."""

    def __init__(self, url: str) -> None:
        self.url = url
        name = uuid.uuid4().hex[:8]
        self.tables = Tables(f"state-{name}", f"logs-{name}")
        self.client = boto3.client(
            "dynamodb", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )
        create(self.client, self.tables.state)
        create(self.client, self.tables.logs)

    def killed_after(self, lines: int) -> dict[str, str]:
        """Run an environment, kill it (SIGKILL) when it has said so many lines; the last thing said of each request."""
        command = [sys.executable, "-m", "tests.hot_stores.dying", self.url, self.tables.state, self.tables.logs]
        paths = os.pathsep.join((str(ROOT), str(ROOT / "functions")))
        environ = {**os.environ, "PYTHONPATH": paths}
        said: dict[str, str] = {}
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for number, line in enumerate(process.stdout, 1):
                step, identifier = line.split()
                said[identifier] = step
                if number == lines:
                    process.kill()
            assert process.wait(10) == -9
        return said

    def items(self, table: str, prefix: str = "") -> list[dict[str, Any]]:
        pages = self.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        found = [decode_item(item) for page in pages for item in page["Items"]]
        return [item for item in found if item["pk"].startswith(prefix)]

    def sweeps(self, number: int, later_s: float) -> list[Swept]:
        """What so many sweeps that begin at the same moment, `later_s` from now, give."""
        barrier = threading.Barrier(number)
        clock = Clock(lambda: time.time() + later_s)

        async def sweep() -> Swept:
            database = dying.database(self.url, clock)
            barrier.wait(30)
            found = await LimitSweep(database, self.tables, clock).run(60)
            await database._session.close()
            return found

        with ThreadPoolExecutor(number) as pool:
            return list(pool.map(lambda _: asyncio.run(sweep()), range(number)))

    def swept_by_three(self) -> list[Swept]:
        """Three at once after all holds expired, again while they left something because they stood in each other's way."""
        done: list[Swept] = []
        for _ in range(10):
            done += self.sweeps(3, later_s=HOLD_LIFE_MS / 1000 + 1)
            if all(one.good for one in done[-3:]):
                return done
        raise AssertionError(done)

    def delete(self, table: str, key: dict[str, str]) -> None:
        self.client.delete_item(TableName=table, Key=encode_item(key))

    def sums(self, prefix: str) -> dict[str, int]:
        """The attributes of a scope's counters, over its shards."""
        found: dict[str, int] = {}
        for item in self.items(self.tables.state, prefix):
            for name, value in item.items():
                if isinstance(value, int):
                    found[name] = found.get(name, 0) + value
        return found


@pytest.fixture
def room(url: str) -> Room:
    return Room(url)


@dataclass(frozen=True)
class Context:
    milliseconds: int = 50_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def test_environments_killed_at_any_point_leave_nothing_held_and_every_row_final_once(room: Room) -> None:
    said: dict[str, str] = {}
    for lines in (1, 2, 3, 4, 5, 6, 7, 8, 11, 17, 30):
        said |= room.killed_after(lines)
    held = {item["sk"] for item in room.items(room.tables.state, "hold#")}
    unsettled = {identifier for identifier, step in said.items() if step != "settled"}
    # Whatever was being written when the signal came may be written or not, but whole.
    assert held - set(said) <= {item["id"] for item in room.items(room.tables.logs) if item["state"] == "running"}
    assert len(held) >= 8
    lost = min(unsettled & held)
    room.delete(room.tables.logs, row_key(lost))

    early = room.sweeps(1, later_s=HOLD_LIFE_MS / 1000 - 60)
    assert (early[0].seen, early[0].swept) == (len(held), 0)

    done = room.swept_by_three()
    assert sum(one.swept for one in done) == len(held)
    assert room.items(room.tables.state, "hold#") == []

    rows = room.items(room.tables.logs)
    swept = {row["id"] for row in rows if row.get("swept")}
    assert swept == held
    assert lost in swept
    assert {row["state"] for row in rows} == {"done"}
    assert len(rows) == len({row["id"] for row in rows}) >= len(said)
    assert {row["cost_nano"] for row in rows if row["id"] not in swept} == {dying.EXACT}
    assert {row["cost_nano"] for row in rows if row["id"] in swept} <= {dying.KNOWN, dying.RENEWED}
    renewed = {identifier for identifier, step in said.items() if step == "renewed"} & swept
    assert {row["cost_nano"] for row in rows if row["id"] in renewed} <= {dying.RENEWED}

    cost = sum(row["cost_nano"] for row in rows)
    for prefix in ("limit#key#", "limit#team#"):
        sums = room.sums(prefix)
        assert sums["total_0"] - sum(value for name, value in sums.items() if name.startswith("total_0_room")) == cost
        assert sums["total_0_held"] == 0
        assert sums.get("running", 0) == sum(value for name, value in sums.items() if name.startswith("slots"))
    print(f"\nsweep: {len(rows)} requests of 11 killed environments, {len(swept)} swept by three at once, none held")


def test_three_sweeps_at_once_count_each_hold_once(room: Room) -> None:
    for _ in range(4):
        room.killed_after(3)
    held = len(room.items(room.tables.state, "hold#"))
    done = room.swept_by_three()
    assert sum(one.swept for one in done) == held
    assert room.items(room.tables.state, "hold#") == []


def _expire(room: Room) -> int:
    """Make all holds expired ones; how many."""
    held = room.items(room.tables.state, "hold#")
    for item in held:
        past = {**item, "expires_ms": int(time.time() * 1000) - 1}
        room.client.put_item(TableName=room.tables.state, Item=encode_item(past))
    return len(held)


def _environ(room: Room) -> dict[str, str]:
    names = ("CONFIG_TABLE", "KEYS_TABLE", "USAGE_TABLE", "CACHE_TABLE", "DIALOGS_TABLE", "BODIES_BUCKET", "KMS_KEY_ID")
    environ = dict.fromkeys(names, "unused") | {"STATE_TABLE": room.tables.state, "LOGS_TABLE": room.tables.logs}
    environ |= {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": room.url}
    return environ | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "made-up"}


async def test_the_local_stack_sweeps_again_and_again(room: Room) -> None:
    async with asyncio.timeout(30), sweeping(_environ(room), every=0.05):
        for _ in range(2):
            await asyncio.to_thread(room.killed_after, 1)
            assert _expire(room) >= 1
            while room.items(room.tables.state, "hold#"):
                await asyncio.sleep(0)


def test_the_function_sweeps_this_deployment(
    room: Room, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = room.killed_after(1)
    held = _expire(room)
    for name, value in _environ(room).items():
        monkeypatch.setenv(name, value)
    counts = handler({}, Context())
    assert counts["swept"] == counts["seen"] == held >= 1
    assert '"level":"INFO","service":"sweep","message":"swept"' in capsys.readouterr().out
    assert handler({}, Context())["seen"] == 0
    assert room.items(room.tables.state, "hold#") == []
    assert {row["state"] for row in room.items(room.tables.logs) if row["id"] in said} == {"done"}
