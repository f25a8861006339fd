"""What a fixture's `.expected.json` demands of a log row."""

from __future__ import annotations

import json
from typing import Any

from tests.upstream.fixtures import FOLDER, Fixture

COLUMNS = {
    "fresh": "fresh_tokens",
    "cache_read": "cache_read_tokens",
    "cache_write_5m": "cache_write_5m_tokens",
    "cache_write_1h": "cache_write_1h_tokens",
    "output": "output_tokens",
    "reasoning": "reasoning_tokens",
}
PRICE_NANO = {"fresh": 3000, "cache_read": 300, "cache_write_5m": 3750, "cache_write_1h": 6000, "output": 15000}


def expected(fixture: Fixture) -> dict[str, Any]:
    """The fixture's expectations."""
    data: dict[str, Any] = json.loads((FOLDER / fixture.dialect / f"{fixture.case}.expected.json").read_bytes())
    return data


def check_usage(row: dict[str, Any], usage: dict[str, int] | None) -> None:
    """The row's tokens and cost are the fixture's; when the upstream reports none they are an estimate and say so."""
    if usage is None:
        assert row["usage_source"] == "estimated"
        assert row.get("output_tokens", 0) > 0
        return
    assert row["usage_source"] == "upstream"
    assert {name: row.get(COLUMNS[name], 0) for name in usage} == usage
    assert row["cost_nano"] == sum(PRICE_NANO.get(name, 0) * count for name, count in usage.items())
