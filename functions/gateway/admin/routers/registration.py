"""Who may register here: what the sign-in page has to know before anybody is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from gateway.admin.identity_schemas import RegistrationOut
from gateway.admin.services import Services, services_of

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.get("/registration")
def get_registration(services: Annotated[Services, Depends(services_of)]) -> RegistrationOut:
    """Whether one may register here: a setting of the deployment. Nobody needs to be signed in to ask; anybody who tries to register is told."""
    return RegistrationOut(mode=services.identity.registration.mode)
