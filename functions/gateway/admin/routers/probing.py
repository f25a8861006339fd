"""Asking a provider what it offers, and taking models over from its list."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.admin.access import access
from gateway.admin.changing import Changing
from gateway.admin.model_import import asked, import_models, probe_out
from gateway.admin.probe_schemas import ImportIn, ImportOut, ProbeOut
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/providers", tags=["providers"])
Actor = Annotated[User, Depends(access("providers"))]


@router.post("/{id}/probe")
def probe_provider(
    id: str,  # noqa: A002
    services: Annotated[Services, Depends(services_of)],
    _actor: Actor,
) -> ProbeOut:
    """Ask a provider for its models, with its stored key and at its address, for ten seconds at most. It changes nothing. A provider that refuses,
    is out of reach or has no list is an answer with `ok: false`; 503 means that it could not be asked at all."""
    provider = asked(services.editors, id)
    return probe_out(services.prober.ask(provider), provider, services.editors)


@router.post("/{id}/import")
def import_provider_models(
    id: str,  # noqa: A002
    body: ImportIn,
    services: Changing,
    actor: Actor,
) -> ImportOut:
    """Create models of a provider, with what the catalog knows of them, in one release. Ids that are taken or cannot be ids are skipped."""
    return import_models(services.editors, id, body.models, actor.id)
