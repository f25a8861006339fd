"""Entry of the identity function: whose is this token?

The data plane serves users' dialogs, and users come with the control plane's access tokens (HS256) or those of an identity provider. Whoever can
check an HS256 token can also write one, so the proxy, which meets everybody, does not hold the key: it asks here. The event is `{"token": …}`, the
answer `{"user": {"id", "username", "role", "active"}}`, or `{"user": null}` for a token that is not good, whatever is wrong with it. A store that
cannot say is an error of the function. It is the control plane's own code that decides: a session that has ended, a user who was deactivated and a
token that was signed out count here as soon as there. Nothing is written: users of a provider are made where they first ask for a dialog. One line
is logged per question, without the token.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import orjson
from botocore.config import Config

from gateway.admin import identity_settings, secrets
from gateway.admin.errors import NotSignedIn
from gateway.admin.external_tokens import ExternalTokens
from gateway.admin.external_users import ExternalUsers
from gateway.admin.identity_settings import ExternalIssuer
from gateway.admin.jwks import Jwks
from gateway.admin.sessions import Sessions, SessionStores
from gateway.admin.throttle import Throttle
from gateway.admin.tokens import MAX_TOKEN_CHARS, Tokens
from gateway.clock import Clock
from gateway.settings import Settings, from_environ
from gateway.stores.login_tries import DeniedTokens, LoginTries, TryLimit
from gateway.stores.sessions import SessionStore
from gateway.stores.tables import Tables, bind
from gateway.stores.users import Users

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]

_QUICK = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "max_attempts": 2})


class Unreadable(ValueError):
    """The event is none of the data plane's. Nothing of it is repeated."""


def create(environ: Mapping[str, str], clock: Clock | None = None) -> Answer:
    """The function's answer to an event; SettingsError when the environment or a secret does not fit."""
    settings = from_environ(environ)
    sessions = _sessions(environ, settings, clock or Clock())

    def answer(event: Mapping[str, Any]) -> dict[str, Any]:
        token = event.get("token") if isinstance(event, Mapping) else None
        if not isinstance(token, str) or len(token) > MAX_TOKEN_CHARS:
            raise Unreadable("the event holds no token")
        try:
            user = sessions.user(token)
        except NotSignedIn:
            _log(None)
            return {"user": None}
        _log(user.id)
        return {"user": {"id": user.id, "username": user.username, "role": user.role, "active": user.active}}

    return answer


def _sessions(environ: Mapping[str, str], settings: Settings, clock: Clock) -> Sessions:
    client = _secrets(settings)

    def secret(name: str) -> str:
        return secrets.read(client, environ, name)

    key = secrets.signing_key("JWT_SECRET_ARN", secret("JWT_SECRET_ARN"))
    tables = bind(settings)
    rules = identity_settings.from_environ(environ, secret, settings.allow_private_upstreams, key)
    stores = SessionStores(Users(tables), SessionStore(tables), Throttle(LoginTries(tables, clock, TryLimit())))
    return Sessions(stores, Tokens(key, settings.stage, clock), clock, _external(rules.external, tables, clock))


def _external(rules: ExternalIssuer | None, tables: Tables, clock: Clock) -> ExternalUsers | None:
    if rules is None:
        return None
    jwks = None if rules.jwks_url is None else Jwks(rules.jwks_url, clock)
    return ExternalUsers(ExternalTokens(rules, clock, jwks), Users(tables), DeniedTokens(tables), clock, writes=False)


def _secrets(settings: Settings) -> SecretsManagerClient:
    return boto3.client(
        "secretsmanager", region_name=settings.region, endpoint_url=settings.endpoint_url, config=_QUICK
    )


def _log(user: str | None) -> None:
    line = {"level": "INFO", "service": "identity", "message": "asked", "user": user, "known": user is not None}
    sys.stdout.write(orjson.dumps(line).decode() + "\n")
    sys.stdout.flush()


@cache
def _answer() -> Answer:
    """Made once per environment, at its first question."""
    return create(os.environ)


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """The Lambda entry."""
    return _answer()(event)
