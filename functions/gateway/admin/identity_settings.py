"""Settings of who may sign in: how one registers here, and an identity provider whose tokens count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit

from gateway.admin.secrets import signing_key
from gateway.admin.tokens import ISSUER
from gateway.settings import SettingsError

Mode = Literal["closed", "invite", "open"]
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PARTS: Final = ("OIDC_AUDIENCE", "OIDC_JWKS_URL", "OIDC_HS256_SECRET_ARN")


@dataclass(frozen=True, slots=True)
class ExternalIssuer:
    """Whose tokens count, for which audience, and either where the public keys are (RS256) or the shared secret (HS256)."""

    issuer: str
    audience: str
    jwks_url: str | None = None
    secret: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """`registration`: nobody, whoever is invited, or everybody. `external` None: only users of this deployment."""

    registration: Mode = "closed"
    external: ExternalIssuer | None = None


def from_environ(
    environ: Mapping[str, str], secret: Callable[[str], str], allow_private: bool, own_key: bytes
) -> IdentitySettings:
    """The settings; SettingsError when one does not fit. `secret(name)` gives the text of the secret that a setting names.

    `own_key` signs the tokens of this deployment; an identity provider that had it could write them.
    """
    mode = environ.get("REGISTRATION", "").strip().lower() or "closed"
    if mode not in get_args(Mode):
        raise SettingsError("REGISTRATION must be closed, invite or open")
    external = _external(environ, secret, allow_private)
    if external is not None and external.secret and external.secret.strip() == own_key.strip():
        raise SettingsError("OIDC_HS256_SECRET_ARN: the secret is the one that signs this deployment's own tokens")
    return IdentitySettings(cast("Mode", mode), external)


def _external(environ: Mapping[str, str], secret: Callable[[str], str], allow_private: bool) -> ExternalIssuer | None:
    issuer = environ.get("OIDC_ISSUER", "").strip()
    audience, url, arn = (environ.get(name, "").strip() for name in _PARTS)
    if not issuer:
        given = next((name for name in _PARTS if environ.get(name, "").strip()), None)
        if given is not None:
            raise SettingsError(f"OIDC_ISSUER is not set, but {given} is")
        return None
    if issuer == ISSUER:
        raise SettingsError("OIDC_ISSUER must not be the name that this gateway itself issues tokens under")
    if not audience:
        raise SettingsError("OIDC_AUDIENCE is not set, but OIDC_ISSUER is")
    if bool(url) == bool(arn):
        raise SettingsError("Set either OIDC_JWKS_URL or OIDC_HS256_SECRET_ARN with OIDC_ISSUER")
    if url:
        return ExternalIssuer(issuer, audience, jwks_url=_checked(url, allow_private))
    return ExternalIssuer(
        issuer, audience, secret=signing_key("OIDC_HS256_SECRET_ARN", secret("OIDC_HS256_SECRET_ARN"))
    )


def _checked(url: str, allow_private: bool) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SettingsError("OIDC_JWKS_URL is not a URL") from None
    plain = parts.scheme == "http" and host in _LOOPBACK and allow_private
    if not host or parts.username is not None or not (parts.scheme == "https" or plain):
        raise SettingsError("OIDC_JWKS_URL must be an https URL without credentials")
    if any(char <= " " or char > "~" for char in url):
        raise SettingsError("OIDC_JWKS_URL has characters that no URL has")
    return url
