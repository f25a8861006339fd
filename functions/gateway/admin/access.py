"""Who may do what: one table, role by noun by method. A noun or method that is not in the table is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gateway.admin.errors import NotAllowed, NotSignedIn
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

READ: Final = frozenset({"GET"})
ACT: Final = frozenset({"POST"})
EDIT: Final = frozenset({"GET", "PATCH"})
WRITE: Final = frozenset({"GET", "POST", "PATCH", "DELETE"})
NOTHING: Final[frozenset[str]] = frozenset()

# Operators run the configuration. They neither hand out credentials nor decide where credentials are sent (ADMIN_ONLY_FIELDS).
ROLES: Final = {
    "provider-kinds": {"admin": READ, "operator": READ, "user": NOTHING},
    "providers": {"admin": WRITE, "operator": WRITE, "user": NOTHING},
    "upstream-keys": {"admin": WRITE, "operator": READ, "user": NOTHING},
    "models": {"admin": WRITE, "operator": WRITE, "user": NOTHING},
    "catalog": {"admin": READ, "operator": READ, "user": NOTHING},
    "guardrails": {"admin": WRITE, "operator": WRITE, "user": NOTHING},
    "agents": {"admin": WRITE, "operator": WRITE, "user": NOTHING},
    "dialogs": {"admin": WRITE, "operator": WRITE, "user": WRITE},  # everybody's own, under /api/v1
    "all-dialogs": {"admin": READ, "operator": NOTHING, "user": NOTHING},
    "balances": {"admin": READ | ACT | EDIT, "operator": READ, "user": NOTHING},
    "reload": {"admin": ACT, "operator": NOTHING, "user": NOTHING},
    "routes": {"admin": WRITE, "operator": WRITE, "user": NOTHING},
    "keys": {"admin": WRITE, "operator": READ, "user": NOTHING},
    "teams": {"admin": WRITE, "operator": READ, "user": NOTHING},
    "end-users": {"admin": WRITE, "operator": READ, "user": NOTHING},
    "limits": {"admin": READ, "operator": READ, "user": NOTHING},
    "logs": {"admin": READ, "operator": READ, "user": NOTHING},
    "stops": {"admin": ACT, "operator": ACT, "user": NOTHING},
    "health": {"admin": READ | ACT, "operator": READ | ACT, "user": NOTHING},
    "plan": {"admin": ACT, "operator": ACT, "user": NOTHING},
    "overview": {"admin": READ, "operator": READ, "user": NOTHING},
    "cache": {"admin": READ | frozenset({"DELETE"}), "operator": READ | frozenset({"DELETE"}), "user": NOTHING},
    "usage": {"admin": READ, "operator": READ, "user": READ},  # users: their own
    "users": {"admin": WRITE, "operator": NOTHING, "user": NOTHING},
    "invitations": {"admin": WRITE, "operator": NOTHING, "user": NOTHING},
    "release": {"admin": READ, "operator": READ, "user": NOTHING},
    "rollback": {"admin": ACT, "operator": NOTHING, "user": NOTHING},  # it brings credentials and addresses back
    "configuration": {"admin": READ | ACT, "operator": NOTHING, "user": NOTHING},  # it holds all of the above
    "publish": {"admin": ACT, "operator": ACT, "user": NOTHING},
    "discard": {"admin": ACT, "operator": NOTHING, "user": NOTHING},
    "audit": {"admin": READ, "operator": NOTHING, "user": NOTHING},
    "settings": {"admin": EDIT, "operator": READ, "user": NOTHING},
    "bulk": {"admin": ACT, "operator": ACT, "user": NOTHING},  # and what each of its nouns says
    "playground": {"admin": ACT, "operator": ACT, "user": NOTHING},
}

# A changed address would carry an existing key to a host of the operator's choice.
ADMIN_ONLY_FIELDS: Final = frozenset({"base_url", "kind", "allow_private", "extra_headers"})

bearer = HTTPBearer(auto_error=False, description="The access token of POST /api/auth/login")


def signed_in(
    services: Annotated[Services, Depends(services_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> User:
    """The user of the bearer token, read anew, so that a deactivated user or a changed role counts at once; 401 otherwise."""
    if credentials is None:
        raise NotSignedIn("Sign in first.")
    return services.sessions.user(credentials.credentials)


def allowed(role: str, noun: str, method: str) -> bool:
    """What the table says."""
    return method in ROLES.get(noun, {}).get(role, NOTHING)


def rights(role: str) -> dict[str, list[str]]:
    """What a role may do: methods by noun, in order. For a page that hides what is not allowed; the routes ask `allowed`."""
    return {noun: sorted(roles.get(role, NOTHING)) for noun, roles in ROLES.items()}


def access(noun: str) -> Callable[[Request, User], User]:
    """A dependency that lets only the roles of `noun` through and gives the user."""

    def check(request: Request, user: Annotated[User, Depends(signed_in)]) -> User:
        if not allowed(user.role, noun, request.method):
            raise NotAllowed("Your role does not allow this.")
        request.state.actor = user.id
        return user

    check.noun = noun  # type: ignore[attr-defined]
    return check


def refuse_fields(user: User, changed: set[str]) -> None:
    """Only administrators decide where a provider's credentials go."""
    held = sorted(changed & ADMIN_ONLY_FIELDS)
    if held and user.role != "admin":
        raise NotAllowed(f"Only an administrator may set {held[0]}.", field=held[0])
