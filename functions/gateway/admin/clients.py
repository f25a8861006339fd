"""Who asks under `/api/v1`: a signed-in user, by an access token of this deployment or of its identity provider, or a virtual key.

A virtual key is a client like any user of role `user`, whoever it calls for: it never administers anything. It is recognised by the digest of its
secret, as on the data plane, and what keeps it out there keeps it out here. What a caller has belongs to their *owner*: the user, of a virtual
key the user it calls for, else the key itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials

from gateway.admin.access import allowed, bearer
from gateway.admin.answers import request_id_of
from gateway.admin.changing import begun, origin_of
from gateway.admin.errors import NotAllowed, NotSignedIn
from gateway.admin.services import Services, services_of
from gateway.admin.tokens import refused
from gateway.admin.trail import Caller, Trail
from gateway.errors import Forbidden
from gateway.neutral import redaction
from gateway.neutral.audit import Author
from gateway.neutral.config import VirtualKey, key_digest
from gateway.neutral.identity import Identity
from gateway.neutral.limits import Account
from gateway.policies.keys import check_address, plausible
from gateway.stores.users import Role

_LINE: Final = 300


@dataclass(frozen=True, slots=True)
class Client:
    """`owner` has what the client has; `identity` says what it may use, and what pays for it."""

    owner: str
    identity: Identity
    role: Role
    author: Author

    @property
    def admin(self) -> bool:
        """Whether it administers the deployment."""
        return self.role == "admin"


def key_owner(key: VirtualKey) -> str:
    """Whose a virtual key's dialogs are."""
    return key.user_id or f"key#{key.id}"


def recognised(
    request: Request,
    services: Annotated[Services, Depends(services_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Client:
    """The client of a request; 401 for every credential that is none (any more), 403 for one that may not be used so."""
    given = credentials.credentials if credentials is not None else request.headers.get("x-api-key", "")
    if not given:
        raise NotSignedIn("Sign in first, or send a virtual key.")
    client = _user(services, given) if given.count(".") == 2 else None
    client = client or _key(services, given, request.client.host if request.client else None)
    request.state.actor = client.author.id
    return client


def _user(services: Services, token: str) -> Client | None:
    """The client of a token; None when it is no token of anybody's."""
    try:
        user = services.sessions.user(token)
    except NotSignedIn:
        return None
    own = VirtualKey("chat", user.username, "", "", user_id=user.id)
    author = Author(user.id, redaction.line(user.username, _LINE), user.role)
    return Client(user.id, _identity(services, own), user.role, author)


def _key(services: Services, secret: str, address: str | None) -> Client:
    digest = key_digest(secret)
    row = services.editors.keys.store.by_digest(digest) if plausible(secret) else None
    if row is None or not hmac.compare_digest(row.value.digest, digest):
        raise refused()
    key = row.value
    if not key.active or (key.valid_until is not None and services.clock.wall() >= key.valid_until):
        raise refused()
    try:
        check_address(key, address)
    except Forbidden as error:
        raise NotAllowed(error.message) from None
    author = Author(key.id, redaction.line(key.name, _LINE), "key")
    return Client(key_owner(key), _identity(services, key), "user", author)


def _identity(services: Services, key: VirtualKey) -> Identity:
    """The key with its user and team; NotAllowed when one of them is switched off or has expired."""
    store = services.editors.end_users.store
    user = store.get("user", key.user_id) if key.user_id else None
    team = store.get("team", key.team_id) if key.team_id else None
    found = [row.value for row in (user, team) if row is not None]
    for account in found:
        _check(services, account)
    return Identity(key, None if user is None else user.value, None if team is None else team.value)


def _check(services: Services, account: Account) -> None:
    if not account.active:
        raise NotAllowed(f"The {account.kind} '{account.id}' is switched off.")
    if account.valid_until is not None and services.clock.wall() >= account.valid_until:
        raise NotAllowed(f"The access of the {account.kind} '{account.id}' has expired.")


def calling(noun: str) -> Callable[[Client], Client]:
    """A dependency that lets only the roles of `noun` through and gives the client."""

    def check(request: Request, client: Annotated[Client, Depends(recognised)]) -> Client:
        if not allowed(client.role, noun, request.method):
            raise NotAllowed("Your role does not allow this.")
        return client

    check.noun = noun  # type: ignore[attr-defined]
    return check  # type: ignore[return-value]


def client_trail(
    request: Request,
    services: Annotated[Services, Depends(services_of)],
    client: Annotated[Client, Depends(recognised)],
) -> Trail:
    """The trail of this request; `gateway.admin.ending` ends it."""
    return begun(request, services, Caller(client.author, origin_of(request), request_id_of(request)))


ClientTrail = Annotated[Trail, Depends(client_trail)]
