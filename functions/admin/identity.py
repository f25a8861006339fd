"""Composition of who is who: sessions, sign-in, registration, users, and an identity provider if one is set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.admin import identity_settings
from gateway.admin.external_tokens import ExternalTokens
from gateway.admin.external_users import ExternalUsers
from gateway.admin.identity import Identity
from gateway.admin.identity_settings import ExternalIssuer
from gateway.admin.jwks import Jwks
from gateway.admin.passwords import argon2id, passwords
from gateway.admin.refresh_cookie import RefreshCookie
from gateway.admin.registration import Registration, RegistrationStores
from gateway.admin.secrets import DeploymentSecrets
from gateway.admin.sessions import Sessions, SessionStores
from gateway.admin.sign_in import SignIn
from gateway.admin.throttle import Throttle
from gateway.admin.tokens import Tokens
from gateway.admin.user_editor import UserEditor
from gateway.clock import Clock
from gateway.settings import Settings
from gateway.stores.invitations import Invitations
from gateway.stores.login_tries import DeniedTokens, LoginTries, TryLimit
from gateway.stores.sessions import SessionStore
from gateway.stores.tables import Tables
from gateway.stores.users import Users


def _external(rules: ExternalIssuer | None, tables: Tables, clock: Clock) -> ExternalUsers | None:
    if rules is None:
        return None
    jwks = None if rules.jwks_url is None else Jwks(rules.jwks_url, clock)
    return ExternalUsers(ExternalTokens(rules, clock, jwks), Users(tables), DeniedTokens(tables), clock)


def create(
    environ: Mapping[str, str],
    settings: Settings,
    clock: Clock,
    tables: Tables,
    deployment: DeploymentSecrets,
    secret: Callable[[str], str],
) -> tuple[Identity, Sessions]:
    """The services; SettingsError when a setting does not fit. `secret(name)` reads the secret that a setting names."""
    rules = identity_settings.from_environ(environ, secret, settings.allow_private_upstreams, deployment.signing_key)
    users, throttle = Users(tables), Throttle(LoginTries(tables, clock, TryLimit()))
    words = passwords(argon2id(), clock)
    stores = SessionStores(users, SessionStore(tables), throttle)
    tokens = Tokens(deployment.signing_key, settings.stage, clock)
    sessions = Sessions(stores, tokens, clock, _external(rules.external, tables, clock))
    issuer = None if rules.external is None else rules.external.issuer
    registering = RegistrationStores(users, Invitations(tables), throttle)
    identity = Identity(
        sign_in=SignIn(users, throttle, words, deployment, clock),
        registration=Registration(registering, words, deployment, rules.registration, clock),
        editor=UserEditor(users, words, deployment, issuer, clock),
        # A local stack has no TLS, and a browser that is strict about it would keep no secure cookie.
        cookie=RefreshCookie(secure=settings.endpoint_url is None),
    )
    return identity, sessions
