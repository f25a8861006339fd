"""What of a usage and a cost a row keeps."""

from __future__ import annotations

from dataclasses import fields

from gateway.neutral.logrow import Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.stores.log_items import SELDOM, to_item
from gateway.stores.log_rows import log_row
from gateway.stores.tables import LogItem

ID = "req_01937b1e4b5c7000800000000000000a"
USUAL = {"fresh", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning", "source"}


def _row(usage: Usage, cost: Cost) -> LogRow:
    return LogRow(ID, 1, "POST", "/v1/x", "openai_chat", 200, 9, usage=usage, cost=cost)


def _back(row: LogRow) -> LogRow:
    item = to_item(row)
    names = {"pk", "sk", "retries"}
    return log_row(
        LogItem(item["pk"], item["sk"], **{name: value for name, value in item.items() if name not in names})
    )


def test_every_count_comes_back() -> None:
    numbers = {name: at for at, name in enumerate(SELDOM, 1) if name != "service"}
    usage = Usage(1, 2, 3, 4, 50, 6, "upstream", **numbers, service="flex")
    row = _row(usage, Cost(77, "priced", "provider"))
    assert _back(row).usage == usage
    assert _back(row).cost == row.cost
    assert to_item(row)["price_source"] == "provider"


def test_nothing_is_kept_of_what_was_not_there() -> None:
    item = to_item(_row(Usage(fresh=1, source="upstream"), Cost(1, "priced")))
    assert not item.keys() & {*SELDOM.values(), "price_source"}
    assert _back(_row(Usage(fresh=1, source="upstream"), Cost(1, "priced"))).usage == Usage(fresh=1, source="upstream")


def test_no_count_is_forgotten() -> None:
    assert {field.name for field in fields(Usage)} == USUAL | SELDOM.keys()
