"""The audit log: who changed what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.audit_schemas import AuditExportQuery, AuditOut, AuditPart, AuditQuery
from gateway.admin.audit_shapes import audit_page, export_audit
from gateway.admin.log_export import NEXT_CURSOR
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of

router = APIRouter(prefix="/api/admin/audit", tags=["audit"], dependencies=[Depends(access("audit"))])
S = Annotated[Services, Depends(services_of)]
_FILE = {
    200: {
        "model": AuditPart,
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "headers": {
            NEXT_CURSOR: {"description": "Goes on with older entries; absent at the end", "schema": {"type": "string"}}
        },
    }
}


@router.get("")
def list_audit(query: Annotated[AuditQuery, Query()], services: S) -> Page[AuditOut]:
    """Changes and sign-ins, newest first. One call reads a bounded amount: a page may be short, even empty, and still have a `next_cursor`."""
    items, following = audit_page(services.audit, query, query.limit, query.cursor)
    return Page(items=items, next_cursor=following)


@router.get("/export", response_class=Response, responses=_FILE)  # type: ignore[arg-type]
def get_audit_export(query: Annotated[AuditExportQuery, Query()], services: S) -> Response:
    """Entries as a file, newest first: at most 2,000 a call; `x-next-cursor` goes on. In CSV, text that a spreadsheet would take for a formula has
    an apostrophe before it."""
    return export_audit(services.audit, query)
