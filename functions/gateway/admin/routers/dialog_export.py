"""A client's dialogs as a document, and a document's dialogs as new ones."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.admin.clients import Client, ClientTrail, calling
from gateway.admin.dialog_copies import exported, imported
from gateway.admin.dialog_desk import Desk
from gateway.admin.dialog_schemas import DIALOG_ERRORS, DialogsImportIn, DialogsImportOut, ExportOut
from gateway.admin.paging import Cursor, decode_cursor
from gateway.admin.services import Services, services_of

router = APIRouter(prefix="/api/v1/export", tags=["dialogs"], responses=DIALOG_ERRORS)
S = Annotated[Services, Depends(services_of)]
Caller = Annotated[Client, Depends(calling("dialogs"))]


@router.get("")
def export_dialogs(services: S, client: Caller, cursor: Cursor = None) -> ExportOut:
    """All your dialogs with their messages, oldest first: about 4 MB an answer; `next_cursor` goes on where there are more."""
    return exported(services, client, decode_cursor(cursor))


@router.post("/import")
def import_dialogs(body: DialogsImportIn, services: S, client: Caller, trail: ClientTrail) -> DialogsImportOut:
    """Make new dialogs of an export (5 MB at most): nothing that you have is changed. What does not fit is left out, dialog by dialog, and told."""
    return imported(Desk(services, client, trail), body)
