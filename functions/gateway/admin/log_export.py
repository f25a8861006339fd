"""Log rows as a file: one bounded part per call, the cursor of the next in a header."""

from __future__ import annotations

from typing import Final

from fastapi import Response

from gateway.admin.csv_text import csv_text
from gateway.admin.log_query import LogExportQuery, log_filter
from gateway.admin.log_schemas import LogItem, LogPart
from gateway.admin.log_shapes import log_item
from gateway.admin.paging import decode_cursor, encode_cursor
from gateway.admin.user_names import user_names
from gateway.stores.logs import LogReader, ReadBudget
from gateway.stores.users import Users

EXPORT_BUDGET: Final = ReadBudget(units=1024, queries=320, rows=256)
NEXT_CURSOR: Final = "x-next-cursor"

_COLUMNS: Final = tuple(name for name in LogItem.model_fields if name != "tokens")
_TOKENS: Final = ("input", "fresh", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning", "source")


def _cell(item: LogItem, name: str) -> object:
    """A column's value; verdicts as `no-cards:mask, …`."""
    if name == "guardrails":
        return ", ".join(f"{one.guardrail}:{one.action}" for one in item.guardrails)
    return getattr(item, name)


def export_logs(reader: LogReader, users: Users, query: LogExportQuery) -> Response:
    """The part that `query` asks for. Errors: those of `LogReader.page` and `decode_cursor`."""
    page = reader.page(log_filter(query), query.limit, decode_cursor(query.cursor), EXPORT_BUDGET)
    following = None if page.position is None else encode_cursor(page.position)
    names = user_names(users, (row.caller.user_id for row in page.rows))
    items = [log_item(row, names) for row in page.rows]
    headers = {"content-disposition": f'attachment; filename="logs.{query.format}"'}
    if following is not None:
        headers[NEXT_CURSOR] = following
    if query.format == "json":
        body = LogPart(items=items, next_cursor=following).model_dump_json()
        return Response(body, media_type="application/json", headers=headers)
    header = [*_COLUMNS, *(f"tokens_{name}" for name in _TOKENS)]
    rows = (
        [*(_cell(item, name) for name in _COLUMNS), *(getattr(item.tokens, name) for name in _TOKENS)] for item in items
    )
    return Response(csv_text(header, rows), media_type="text/csv; charset=utf-8", headers=headers)
