"""Usage and cost: who used what, when, and what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.csv_text import csv_text
from gateway.admin.errors import NotAllowed, Unavailable
from gateway.admin.overview import usage_of
from gateway.admin.services import Services, services_of
from gateway.admin.usage_query import UsageExportQuery, UsageFilters, UsageQuery
from gateway.admin.usage_report import Desk, Names, columns
from gateway.admin.usage_schemas import UsageReport, UsageTable
from gateway.rollups.cells import Part
from gateway.stores.usage import UsageReader, UsageUnavailable
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/usage", tags=["usage"])
S = Annotated[Services, Depends(services_of)]
Reader = Annotated[UsageReader, Depends(usage_of)]
Actor = Annotated[User, Depends(access("usage"))]
_FILE = {200: {"model": UsageTable, "content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("")
def get_usage(query: Annotated[UsageQuery, Query()], services: S, reader: Reader, actor: Actor) -> UsageReport:
    """Sums of finished requests by the time they began; a request appears some seconds after it ended. Users see their own."""
    try:
        return _desk(services, reader).report(query, _own(query, actor))
    except UsageUnavailable as error:
        raise Unavailable(f"{error}; try again.") from None


@router.get("/export", response_class=Response, responses=_FILE)  # type: ignore[arg-type]
def get_usage_export(
    query: Annotated[UsageExportQuery, Query()], services: S, reader: Reader, actor: Actor
) -> Response:
    """The same as a file, with every group: at most 10,000 rows. In CSV, text that a spreadsheet would take for a formula has an apostrophe
    before it."""
    try:
        table = _desk(services, reader).table(query, _own(query, actor))
    except UsageUnavailable as error:
        raise Unavailable(f"{error}; try again.") from None
    headers = {"content-disposition": f'attachment; filename="usage.{query.format}"'}
    if query.format == "json":
        return Response(table.model_dump_json(by_alias=True), media_type="application/json", headers=headers)
    names = columns(query)
    text = csv_text(names, ([row[name] for name in names] for row in table.rows))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _desk(services: Services, reader: UsageReader) -> Desk:
    _, release = services.editors.publisher.current()
    return Desk(reader, Names(release, services.users), services.clock.now_ms())


def _own(query: UsageFilters, actor: User) -> Mapping[Part, str]:
    """The filters; for the role `user` also that of the user."""
    filters = query.filters()
    if actor.role != "user":
        return filters
    if filters.get("user", actor.id) != actor.id:
        raise NotAllowed("You may see your own usage only.", field="user")
    return {**filters, "user": actor.id}
