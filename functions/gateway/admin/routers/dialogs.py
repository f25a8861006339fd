"""A client's dialogs. Their messages are the data plane's: `/api/v1/dialogs/{id}/messages`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BeforeValidator

from gateway.admin.clients import Client, ClientTrail, calling
from gateway.admin.dialog_desk import Desk, Page, Sort
from gateway.admin.dialog_schemas import DIALOG_ERRORS, DialogIn, DialogOut, DialogPage, DialogPatch
from gateway.admin.paging import IfMatch, expected, set_etag
from gateway.admin.services import Services, services_of

router = APIRouter(prefix="/api/v1/dialogs", tags=["dialogs"], responses=DIALOG_ERRORS)
S = Annotated[Services, Depends(services_of)]
Caller = Annotated[Client, Depends(calling("dialogs"))]


def _own(services: S, client: Caller) -> Desk:
    return Desk(services, client)


def _changing(services: S, client: Caller, trail: ClientTrail) -> Desk:
    return Desk(services, client, trail)


Own = Annotated[Desk, Depends(_own)]
Changing = Annotated[Desk, Depends(_changing)]
_USUAL = 20
_MOST = 100
_FARTHEST = 1_000_000


def _number(value: Any) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _page(value: Any) -> int:
    """What is no page is the first one."""
    return min(_number(value) or 1, _FARTHEST)


def _size(value: Any) -> int:
    """What is no size is the usual one; more than there may be is the most."""
    return min(_number(value) or _USUAL, _MOST)


PageNumber = Annotated[int, BeforeValidator(_page), Query(description="From 1 on; what is no page is the first")]
PageSize = Annotated[
    int, BeforeValidator(_size), Query(description="1 to 100; more counts as 100, and what is no size as 20")
]


@router.get("")
def list_dialogs(
    desk: Own,
    page: PageNumber = 1,
    page_size: PageSize = _USUAL,
    q: Annotated[str, Query(max_length=255, description="Part of the title, any case")] = "",
    sort: Annotated[Sort, Query(description="By when they were made, or last changed; newest first")] = "created",
) -> DialogPage:
    """Your dialogs, newest first."""
    return desk.page(Page(page, page_size, q, sort))


@router.post("", status_code=201)
def create_dialog(body: DialogIn, response: Response, desk: Changing) -> DialogOut:
    """Begin a dialog. A model or an agent that is not there for you is refused, with the names of those that are."""
    dialog = desk.create(body)
    set_etag(response, dialog.version)
    return desk.out(dialog)


@router.get("/{id}")
def get_dialog(id: str, response: Response, desk: Own) -> DialogOut:  # noqa: A002
    """One dialog; 404 when you have none of this id, whoever else has."""
    dialog = desk.get(id)
    set_etag(response, dialog.version)
    return desk.out(dialog)


@router.patch("/{id}")
def update_dialog(
    id: str,  # noqa: A002
    body: DialogPatch,
    response: Response,
    desk: Changing,
    if_match: IfMatch = None,
) -> DialogOut:
    """Change a dialog's title, system prompt, model or agent; its next message goes by it."""
    dialog = desk.update(id, body, expected(if_match))
    set_etag(response, dialog.version)
    return desk.out(dialog)


@router.delete("/{id}", status_code=204)
def delete_dialog(id: str, desk: Changing, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove a dialog with all its messages."""
    desk.delete(id, expected(if_match))
    return Response(status_code=204)
