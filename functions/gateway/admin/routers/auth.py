"""Sign in, who am I, sign out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials

from gateway.admin.access import bearer, signed_in
from gateway.admin.schemas import LoginIn, TokenOut, UserOut
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/auth", tags=["auth"])
S = Annotated[Services, Depends(services_of)]


def _user(user: User) -> UserOut:
    return UserOut(id=user.id, username=user.username, role=user.role)


@router.post("/login")
def login(body: LoginIn, request: Request, services: S) -> TokenOut:
    """Exchange a user name and password for a bearer token. The sixth bad try in a window is refused with 429."""
    address = request.client.host if request.client else "unknown"
    token, user = services.sessions.login(body.username, body.password, address)
    return TokenOut(access_token=token, expires_in=services.sessions.lifetime, user=_user(user))


@router.get("/me")
def me(user: Annotated[User, Depends(signed_in)]) -> UserOut:
    """The signed-in user."""
    return _user(user)


@router.post("/logout", status_code=204)
def logout(
    services: S,
    _user: Annotated[User, Depends(signed_in)],
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> Response:
    """End this token, for good."""
    services.sessions.logout(credentials.credentials)
    return Response(status_code=204)
