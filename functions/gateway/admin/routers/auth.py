"""Register, sign in, go on, who am I, change the password, sign out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials

from gateway.admin.access import bearer, rights, signed_in
from gateway.admin.changing import Leaving, Registering, caller_of
from gateway.admin.errors import Conflict, NotSignedIn
from gateway.admin.identity_schemas import PasswordIn, RegisterIn
from gateway.admin.refresh_cookie import Intent, MaybeIntent
from gateway.admin.schemas import LoginIn, TokenOut, UserOut
from gateway.admin.services import Services, services_of
from gateway.admin.sessions import Reused, SignedIn
from gateway.admin.trail import Subject, tell
from gateway.admin.viewer import group
from gateway.stores.users import Account, User

router = APIRouter(prefix="/api/auth", tags=["auth"])
S = Annotated[Services, Depends(services_of)]
Me = Annotated[User, Depends(signed_in)]


def _user(user: User) -> UserOut:
    return UserOut(id=user.id, username=user.username, role=user.role, access=rights(user.role))  # type: ignore[arg-type]


def address_of(request: Request) -> str:
    """Whose tries are counted: the address, or the network of one of IPv6."""
    return group(request.client.host) if request.client and request.client.host else "unknown"


def _tokens(signed: SignedIn, request: Request, response: Response, services: Services) -> TokenOut:
    services.identity.cookie.give(request, response, signed.refresh_token, signed.refresh_seconds)
    return TokenOut(
        access_token=signed.access_token,
        expires_in=signed.access_seconds,
        session_expires_in=signed.refresh_seconds,
        user=_user(signed.user),
    )


@router.post("/login")
def login(body: LoginIn, request: Request, response: Response, services: S) -> TokenOut:
    """Exchange a user name and password for a bearer token, and a refresh token in a cookie. The sixth bad try in a window is refused with 429."""
    try:
        account = services.identity.sign_in.login(body.username, body.password, address_of(request))
    except NotSignedIn:
        tell_sign_in(services, request, services.users.by_name(body.username), 401)
        raise
    tell_sign_in(services, request, account, 200)
    return _tokens(services.sessions.begin(account), request, response, services)


@router.post("/register", status_code=201)
def register(body: RegisterIn, request: Request, response: Response, services: Registering) -> TokenOut:
    """Become a user and sign in. Whether anybody may, or who has an invitation, or nobody, is a setting of the deployment."""
    account = services.identity.registration.register(body, address_of(request))
    return _tokens(services.sessions.begin(account), request, response, services)


@router.post("/refresh")
def refresh(request: Request, response: Response, services: S, _intent: Intent) -> TokenOut:
    """The next bearer token of this session. The cookie's refresh token is used up and replaced; one that was used before ends the session."""
    try:
        signed = services.sessions.refresh(services.identity.cookie.read(request), address_of(request))
    except Reused as reused:
        tell_sign_in(services, request, reused.user, 401, "refresh_reuse")
        raise
    return _tokens(signed, request, response, services)


def tell_sign_in(
    services: Services, request: Request, known: Account | User | None, status: int, action: str = "sign_in"
) -> None:
    """Note a sign-in, or what came of it. A name that is no user's is not kept: it may be a password in the wrong field. Tries that are refused with
    429 are in the function's log alone."""
    user = known.user if isinstance(known, Account) else known
    tell(services.audit, caller_of(request, user), Subject(action, "user", user.id if user else ""), status)


@router.get("/me")
def me(user: Me) -> UserOut:
    """The signed-in user."""
    return _user(user)


@router.post("/password")
def change_password(
    body: PasswordIn, request: Request, response: Response, services: S, user: Me, trail: Leaving
) -> TokenOut:
    """Change one's own password. All sessions end; the reply begins a new one."""
    trail.about("update", "user", user.id)
    account = services.identity.sign_in.change_password(user, body.current, body.new, address_of(request))
    trail.noted("user", user.id, None, {"credential": "replaced", "sessions": "ended"})
    return _tokens(services.sessions.begin(account), request, response, services)


@router.post("/logout", status_code=204)
def logout(
    request: Request,
    services: S,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    intent: MaybeIntent = None,
) -> Response:
    """End this session, for good: the bearer token's and, with the header, the cookie's, which outlives an expired bearer token."""
    response = Response(status_code=204)
    secret = services.identity.cookie.read(request) if intent else ""
    token, user = "" if credentials is None else credentials.credentials, None
    try:
        user = services.sessions.user(token)
        services.sessions.end(token)
    except NotSignedIn:
        if not secret:
            raise
    if secret:
        user = services.sessions.end_by_refresh(secret) or user
        services.identity.cookie.take_back(response)
    if user is not None:
        tell_sign_in(services, request, user, 204, "sign_out")
    return response


@router.post("/logout-everywhere", status_code=204)
def logout_everywhere(services: S, user: Me, trail: Leaving) -> Response:
    """End all sessions of the signed-in user, this one included."""
    if services.identity.editor.get(user.id).issuer is not None:
        raise Conflict("Your sessions are your identity provider's; end them there.")
    trail.about("sign_out", "user", user.id)
    services.sessions.end_all(user)
    trail.noted("user", user.id, None, {"sessions": "ended"})
    response = Response(status_code=204)
    services.identity.cookie.take_back(response)
    return response
