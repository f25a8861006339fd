"""A stand-in for one DynamoDB table that holds a million rows: enough of Query to read log pages, with DynamoDB's bill.

    python -m tests.bench.log_table FILE    serves FILE on a free port, prints the port, ends with its input

It is not DynamoDB, and says nothing of AWS's milliseconds. Like DynamoDB it finds a range of sort keys in a partition by an index
(a B-tree of SQLite), reads from there on and no further than `Limit` items or 1 MB, filters what it has read, and charges half a read unit
for every 4 KB of whole items read, projected and filtered away or not.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
`tests/stores/test_log_table.py` compares its answers with another emulator's.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson

PAGE_BYTES = 1_048_576
Item = dict[str, dict[str, Any]]
Record = tuple[str, str, int, bytes]
Test = Callable[[Item], bool]

_TERM = re.compile(
    r"\(?\s*(?:(?P<function>begins_with|attribute_exists|attribute_not_exists) ?\((?P<subject>#\w+)(?:, (?P<operand>:\w+))?\)"
    r"|(?P<left>#\w+) (?P<sign>=|>=|<=) (?P<right>:\w+))\s*\)?"
)
_RANGE = re.compile(r"\(?#(?P<hash>\w+) = (?P<pk>:\w+) AND #\w+ BETWEEN (?P<low>:\w+) AND (?P<high>:\w+)\)?")


def size_of(item: Item) -> int:
    """Bytes of an item as DynamoDB counts them."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, raw),) = value.items()
    if kind == "S":
        return len(raw.encode())
    if kind == "N":
        return (len(raw.strip("-.0")) + 1) // 2 + 1
    if kind in {"BOOL", "NULL"}:
        return 1
    raise ValueError(f"a log row has no attribute of type {kind}")


def record(item: Item) -> Record:
    """What the table keeps of an item."""
    return item["pk"]["S"], item["sk"]["S"], size_of(item), orjson.dumps(item)


def create(file: Path, parts: Iterable[list[Record]]) -> None:
    """Write items; much faster when they come in the order of their keys."""
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA page_size = 32768")  # a row that does not fit four times into a page gets pages of its own
        base.execute("CREATE TABLE t (pk TEXT, sk TEXT, size INTEGER, item BLOB, PRIMARY KEY (pk, sk)) WITHOUT ROWID")
        for part in parts:
            base.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", part)
            base.commit()


def ids_of(file: Path) -> list[str]:
    """The sort keys of all items, greatest first."""
    with closing(sqlite3.connect(file)) as base:
        return sorted((sk for (sk,) in base.execute("SELECT sk FROM t")), reverse=True)


def filtered(expression: str, names: Mapping[str, str], values: Mapping[str, Any]) -> Test:
    """The test a FilterExpression makes; ValueError for one that log pages do not use."""
    terms = list(_TERM.finditer(expression))
    rest = _TERM.sub("", expression).replace("AND", "").strip(" ()")
    if rest or not terms:
        raise ValueError(f"not a filter of this table: {expression}")
    tests = [_test(term, names, values) for term in terms]
    return lambda item: all(test(item) for test in tests)


def _test(term: re.Match[str], names: Mapping[str, str], values: Mapping[str, Any]) -> Test:
    name = names[term["subject"] or term["left"]]
    if term["function"] == "attribute_exists":
        return lambda item: name in item
    if term["function"] == "attribute_not_exists":
        return lambda item: name not in item
    wanted = values[term["operand"] or term["right"]]
    ((kind, raw),) = wanted.items()
    if term["function"] == "begins_with":
        return lambda item: str(item.get(name, {}).get("S", "")).startswith(raw) and name in item
    if term["sign"] == "=":
        return lambda item: item.get(name) == wanted
    sign = 1 if term["sign"] == ">=" else -1
    if kind != "N":
        raise ValueError("log pages compare numbers")
    return lambda item: name in item and sign * float(item[name]["N"]) >= sign * float(raw)


class Table:
    """Query on one file. One per thread: SQLite's connections are not shared."""

    def __init__(self, file: Path) -> None:
        self._base = sqlite3.connect(f"file:{file}?mode=ro", uri=True)

    def query(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a Query, newest first."""
        values, names = asked["ExpressionAttributeValues"], asked.get("ExpressionAttributeNames", {})
        found = _RANGE.fullmatch(asked["KeyConditionExpression"].strip())
        if found is None or asked["ScanIndexForward"]:
            raise ValueError(f"not a query of this table: {asked['KeyConditionExpression']}")
        pk, low, high = (values[found[name]]["S"] for name in ("pk", "low", "high"))
        test = filtered(asked["FilterExpression"], names, values) if "FilterExpression" in asked else None
        chosen = [names.get(name, name) for name in asked["ProjectionExpression"].split(", ")]
        items, scanned, read, last = list[Item](), 0, 0, None
        statement = "SELECT sk, size, item FROM t WHERE pk = ? AND sk BETWEEN ? AND ? ORDER BY sk DESC"
        cursor = self._base.execute(statement, (pk, low, high))
        for sk, size, blob in cursor:
            scanned, read, last = scanned + 1, read + size, sk
            item = orjson.loads(blob)
            if test is None or test(item):
                items.append({name: item[name] for name in chosen if name in item})
            if scanned == asked.get("Limit") or read > PAGE_BYTES:
                break
        else:
            last = None
        cursor.close()
        units = 0.5 * max(1, -(-read // 4096))
        answer = {"Items": items, "Count": len(items), "ScannedCount": scanned}
        if last is not None:
            answer["LastEvaluatedKey"] = {"pk": {"S": pk}, "sk": {"S": last}}
        return {**answer, "ConsumedCapacity": {"TableName": asked["TableName"], "CapacityUnits": units}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, file: Path, local: threading.local, *args: Any) -> None:
        self._file, self._local = file, local
        super().__init__(*args)

    def do_POST(self) -> None:
        """One operation."""
        if not hasattr(self._local, "table"):
            self._local.table = Table(self._file)
        asked = orjson.loads(self.rfile.read(int(self.headers["content-length"])))
        assert self.headers["x-amz-target"] == "DynamoDB_20120810.Query"
        body = orjson.dumps(self._local.table.query(asked))
        # One write: a head that goes before its body waits for the peer's acknowledgement.
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def log_message(self, *_args: Any) -> None:
        """Nothing."""


def server(file: Path) -> ThreadingHTTPServer:
    """A server of the table on a free port of this machine; `serve_forever` is the caller's."""
    return ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, file, threading.local()))


def main() -> None:
    """Serve until standard input ends."""
    with server(Path(sys.argv[1])) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        sys.stdout.write(f"{serving.server_address[1]}\n")
        sys.stdout.flush()
        sys.stdin.read()
        serving.shutdown()


if __name__ == "__main__":
    main()
