"""The table of the log benchmark answers as another emulator of DynamoDB does, page by page; so its figures are about log pages."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws
from tests.bench.log_table import create, filtered, record, server, size_of
from tests.bench.logs import NOW_MS, row, settings_of, typed
from tests.hot_stores.conftest import create as empty_table

from gateway.clock import Clock
from gateway.stores.log_filter import LogFilter, Span
from gateway.stores.logs import LogReader
from gateway.stores.tables import bind

ROWS, DAYS, PAGE = 60, 1, 20
WANTED = {
    "all": LogFilter(),
    "key": LogFilter(key_id="key_7"),
    "status and error": LogFilter(status=Span(500, 599), error="any"),
    "no error": LogFilter(error="none", mirror=False),
    "prefix": LogFilter(requested_model="sm", model="gpt-4", provider="openai"),
    "ranges": LogFilter(cost_nano=Span(10**6, 10**8), duration_ms=Span(1, None), tokens=Span(None, 2000)),
    "time": LogFilter(from_ms=NOW_MS - 50_000_000, to_ms=NOW_MS - 20_000_000),
    "nothing": LogFilter(provider="nobody"),
}
Seen = list[tuple[list[str], str | None, list[int]]]


def _items() -> list[Any]:
    dice = random.Random(3)
    return sorted(
        (typed(row(dice, NOW_MS - dice.randrange(DAYS * 86_400_000))) for _ in range(ROWS)),
        key=lambda item: item["sk"]["S"],
    )


def _walk(url: str | None, wanted: LogFilter) -> Seen:
    """Every page: ids, position, rows looked at by each query."""
    tables = bind(replace(settings_of(url or ""), endpoint_url=url))
    reader, connection = LogReader(tables, Clock(wall=lambda: NOW_MS / 1000), DAYS), tables.log._get_connection()
    seen: Seen = []
    position = None
    plain = connection.query
    while not seen or position is not None:
        looked: list[int] = []

        def counted(*args: Any, looked: list[int] = looked, **more: Any) -> Any:
            answer = plain(*args, **more)
            looked.append(int(answer["ScannedCount"]))
            return answer

        with patch.object(connection, "query", counted):
            page = reader.page(wanted, PAGE, position)
        position = page.position
        seen.append(([one.id for one in page.rows], position, looked))
    return seen


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Seen]]:
    file = tmp_path_factory.mktemp("table") / "logs.sqlite"
    create(file, [[record(item) for item in _items()]])
    with pytest.MonkeyPatch.context() as patching, server(file) as serving:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patching.setenv(name, "test")
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{serving.server_address[1]}"
        yield {name: _walk(url, wanted) for name, wanted in WANTED.items()}
        serving.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def there() -> Iterator[dict[str, Seen]]:
    with mock_aws(), pytest.MonkeyPatch.context() as patching:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patching.setenv(name, "test")
        client: Any = boto3.client("dynamodb", region_name="eu-central-1")
        empty_table(client, "logs")
        items = _items()
        for first in range(0, ROWS, 25):
            puts = [{"PutRequest": {"Item": item}} for item in items[first : first + 25]]
            client.batch_write_item(RequestItems={"logs": puts})
        yield {name: _walk(None, wanted) for name, wanted in WANTED.items()}


@pytest.mark.parametrize("name", WANTED)
def test_pages_are_those_of_another_emulator(here: dict[str, Seen], there: dict[str, Seen], name: str) -> None:
    assert [page[:2] for page in here[name]] == [page[:2] for page in there[name]]
    found = [identifier for page in here[name] for identifier in page[0]]
    assert (found == []) is (name == "nothing")
    assert (len(found) == ROWS) is (name in {"all", "prefix"})
    if name == "all":
        assert [page[2] for page in here[name]] == [page[2] for page in there[name]]


def test_an_item_is_as_large_as_dynamodb_says() -> None:
    """Names and texts in UTF-8; two digits a byte, without zeros at the ends, and one; a truth is one byte."""
    assert size_of({"abc": {"S": "hello"}, "n": {"N": "-120"}, "b": {"BOOL": True}, "s": {"S": "ü"}}) == (3 + 5) + (
        1 + 2
    ) + (1 + 1) + (1 + 2)


@pytest.mark.parametrize("text", ["", "#a < :b", "size(#a) > :b", "#a = :b OR #a = :c", "NOT #a = :b"])
def test_what_it_does_not_understand_it_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="not a filter"):
        filtered(text, {"#a": "a"}, {":b": {"N": "1"}, ":c": {"N": "2"}})
