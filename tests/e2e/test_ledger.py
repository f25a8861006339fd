"""The ledger of the whole session: every request that any test sent left exactly one row, whatever became of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from tests.e2e.local_stack import LocalStack


@pytest.fixture(scope="module")
def rows(stack: LocalStack) -> list[dict[str, Any]]:
    return list(stack.rows.since(stack.rows.started_ms))


def test_every_request_of_this_session_left_exactly_one_row(stack: LocalStack, rows: list[dict[str, Any]]) -> None:
    seen = Counter(str(row.get("client")) for row in rows)
    expected = {agent: count for agent, count in stack.rows.expected.items() if count >= 0}
    wrong = {agent: (count, seen[agent]) for agent, count in expected.items() if seen[agent] != count}
    print(
        f"\nrows: {sum(expected.values())} requests of {len(expected)} tests, {len(wrong)} tests with another number of rows"
    )
    assert not wrong
    ids = Counter(str(row["sk"]) for row in rows)
    assert max(ids.values(), default=1) == 1


def test_every_row_can_be_read_and_will_expire(rows: list[dict[str, Any]]) -> None:
    assert all(row["state"] == "done" for row in rows)
    assert all(row["ttl"] > row["time_ms"] / 1000 for row in rows)
    assert all(
        bool(row.get("error")) == (row["status"] >= 400) for row in rows if not row["stream"] and row["status"] != 200
    )
