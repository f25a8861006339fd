"""The request log: list with filters, one row in full."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.changing import Leaving
from gateway.admin.errors import BadRequest, Conflict, Missing
from gateway.admin.log_export import NEXT_CURSOR, export_logs
from gateway.admin.log_query import LogExportQuery, LogQuery, TimelineQuery, log_filter
from gateway.admin.log_schemas import LogDetail, LogItem, LogPart, Timeline
from gateway.admin.log_shapes import log_detail, log_item
from gateway.admin.log_timeline import timeline
from gateway.admin.overview import usage_of
from gateway.admin.paging import decode_cursor, encode_cursor
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of
from gateway.admin.user_names import user_names
from gateway.stores.logs import BadPosition, is_request_id
from gateway.stores.usage import UsageReader

router = APIRouter(prefix="/api/admin/logs", tags=["logs"], dependencies=[Depends(access("logs"))])
stops_router = APIRouter(prefix="/api/admin/logs", tags=["logs"], dependencies=[Depends(access("stops"))])
S = Annotated[Services, Depends(services_of)]


@router.get("")
def list_logs(query: Annotated[LogQuery, Query()], services: S) -> Page[LogItem]:
    """Requests, newest first. One call reads a bounded amount: a page may be short, even empty, and still have a `next_cursor`."""
    try:
        page = services.logs.page(log_filter(query), query.limit, decode_cursor(query.cursor))
    except BadPosition:
        raise BadRequest("The cursor is not valid.", field="cursor") from None
    following = None if page.position is None else encode_cursor(page.position)
    names = user_names(services.users, (row.caller.user_id for row in page.rows))
    return Page(items=[log_item(row, names) for row in page.rows], next_cursor=following)


_FILE = {
    200: {
        "model": LogPart,
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "headers": {
            NEXT_CURSOR: {"description": "Goes on with older rows; absent at the end", "schema": {"type": "string"}}
        },
    }
}


@router.get("/export", response_class=Response, responses=_FILE)  # type: ignore[arg-type]
def get_log_export(query: Annotated[LogExportQuery, Query()], services: S) -> Response:
    """Rows as a file, newest first, without headers and bodies: at most 2,000 a call and a bounded amount read, so that a part may be short;
    `x-next-cursor` goes on. In CSV, text that a spreadsheet would take for a formula has an apostrophe before it."""
    try:
        return export_logs(services.logs, services.users, query)
    except BadPosition:
        raise BadRequest("The cursor is not valid.", field="cursor") from None


@router.get("/timeline")
def get_log_timeline(
    query: Annotated[TimelineQuery, Query()], services: S, figures: Annotated[UsageReader, Depends(usage_of)]
) -> Timeline:
    """Requests by time and class of status, for the same filters as the list."""
    return timeline(services.logs, figures, log_filter(query), query.bars, services.clock.now_ms())


@router.get("/{id}")
def get_log(id: str, services: S) -> LogDetail:  # noqa: A002
    """One request with its attempts and, where recorded, bodies."""
    row = services.logs.get(id)
    if row is None:
        raise Missing("There is no such request, or its row has expired.")
    bodies = None if row.body_ref is None else services.bodies.get(row.body_ref)
    whole = row if bodies is None else replace(row, request_body=bodies.request, response_body=bodies.response)
    return log_detail(whole, user_names(services.users, [row.caller.user_id]))


@stops_router.post("/{id}/stop", status_code=202, response_class=Response)
def stop_request(id: str, services: S, trail: Leaving) -> Response:  # noqa: A002
    """Ask for the end of a running request; its row tells when it has ended. 409 when it already has.

    A request that is not durable has no row while it runs, so that an id nobody has is accepted, and stops nothing.
    """
    if not is_request_id(id):
        raise Missing("There is no such request.")
    row = services.logs.get(id)
    if row is not None and row.state == "done":
        raise Conflict("The request has ended.")
    trail.about("stop", "request", id)
    services.health.stop(id)
    trail.noted("request", id, None, {"stopping": True})
    return Response(status_code=202)
