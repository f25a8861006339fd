"""Entries of the audit log as replies and as files."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final

from fastapi import Response

from gateway.admin.audit_schemas import AuditExportQuery, AuditFilters, AuditOut, AuditPart, ChangeOut
from gateway.admin.csv_text import csv_text
from gateway.admin.errors import BadRequest
from gateway.admin.log_export import NEXT_CURSOR
from gateway.admin.paging import decode_cursor, encode_cursor
from gateway.clock import id_time_ms
from gateway.neutral.audit import AuditEntry, Change
from gateway.stores.audit import AuditFilter, AuditLog, BadAuditPosition

_COLUMNS: Final = tuple(name for name in AuditOut.model_fields if name != "changes")


def change_out(change: Change) -> ChangeOut:
    """A change's reply."""
    before, after = (None if fields is None else dict(fields) for fields in (change.before, change.after))
    return ChangeOut(noun=change.noun, id=change.id, before=before, after=after)


def audit_out(entry: AuditEntry) -> AuditOut:
    """An entry's reply."""
    own = {name: getattr(entry, name) for name in AuditOut.model_fields if hasattr(entry, name)}
    who, origin = entry.author, asdict(entry.origin)
    actor = {"actor_id": who.id, "actor_name": who.name, "actor_role": who.role}
    changes = [change_out(change) for change in entry.changes]
    return AuditOut(**{**own, **actor, **origin, "changes": changes, "time_ms": id_time_ms(entry.id)})


def audit_page(log: AuditLog, query: AuditFilters, limit: int, cursor: str | None) -> tuple[list[AuditOut], str | None]:
    """Entries and the cursor to go on with; BadRequest when `cursor` is none of ours."""
    wanted = AuditFilter(query.actor, query.action, query.noun, query.id, query.from_ms, query.to_ms)
    try:
        page = log.page(wanted, limit, decode_cursor(cursor))
    except BadAuditPosition:
        raise BadRequest("The cursor is not valid.", field="cursor") from None
    following = None if page.position is None else encode_cursor(page.position)
    return [audit_out(entry) for entry in page.entries], following


def export_audit(log: AuditLog, query: AuditExportQuery) -> Response:
    """The part that `query` asks for. In CSV the changes are one column of JSON."""
    items, following = audit_page(log, query, query.limit, query.cursor)
    headers = {"content-disposition": f'attachment; filename="audit.{query.format}"'}
    if following is not None:
        headers[NEXT_CURSOR] = following
    if query.format == "json":
        body = AuditPart(items=items, next_cursor=following).model_dump_json()
        return Response(body, media_type="application/json", headers=headers)
    rows = ([*(getattr(item, name) for name in _COLUMNS), _changes(item)] for item in items)
    return Response(csv_text([*_COLUMNS, "changes"], rows), media_type="text/csv; charset=utf-8", headers=headers)


def _changes(item: AuditOut) -> str:
    return json.dumps([change.model_dump() for change in item.changes], ensure_ascii=False)
