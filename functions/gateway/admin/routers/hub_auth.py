"""Registration and sign-in as clients of a hub of keys know them, over the same services as `/api/auth`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from gateway.admin.access import signed_in
from gateway.admin.changing import Registering
from gateway.admin.errors import BadRequest, Conflict, NotSignedIn
from gateway.admin.hub_schemas import HUB_ERRORS, HubRegisterIn, HubToken, HubUser
from gateway.admin.identity_schemas import RegisterIn
from gateway.admin.routers.auth import address_of, tell_sign_in
from gateway.admin.schemas import LoginIn
from gateway.admin.services import Services, services_of
from gateway.stores.users import Account, User

router = APIRouter(prefix="/v1/auth", tags=["hub"], responses=HUB_ERRORS)
S = Annotated[Services, Depends(services_of)]
Me = Annotated[User, Depends(signed_in)]


def _user(user: User, account: Account | None) -> HubUser:
    last = None if account is None else account.last_login
    return HubUser(
        id=user.id,
        username=user.username,
        email=None if account is None else account.email,
        role=user.role,
        is_active=user.active,
        created_at=user.created_at // 1000,
        last_login=None if last is None else last // 1000,
    )


@router.post("/register")
def hub_register(body: HubRegisterIn, request: Request, services: Registering) -> HubUser:
    """Become a user. Whether anybody may, or who has an invitation, or nobody, is a setting of the deployment; the first user is no administrator.
    400 when the name is taken."""
    given = RegisterIn(username=body.username, password=body.password, invitation=body.invitation)
    try:
        account = services.identity.registration.register(given, address_of(request), body.email)
    except Conflict as error:
        raise BadRequest(error.message, field=error.field) from None
    return _user(account.user, account)


@router.post("/login")
def hub_login(body: LoginIn, request: Request, services: S) -> HubToken:
    """Exchange a user name and password for a bearer token. The sixth bad try in a window is refused with 429."""
    try:
        account = services.identity.sign_in.login(body.username, body.password, address_of(request))
    except NotSignedIn:
        tell_sign_in(services, request, services.users.by_name(body.username), 401)
        raise
    tell_sign_in(services, request, account, 200)
    signed = services.sessions.begin(account)
    return HubToken(access_token=signed.access_token, expires_in=signed.access_seconds)


@router.get("/me")
def hub_me(user: Me, services: S) -> HubUser:
    """The signed-in user."""
    return _user(user, services.users.get(user.id))
