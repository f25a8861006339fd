"""Tokens of an identity provider: JWT, either RS256 with the provider's published keys or HS256 with a shared secret (RFC 8725).

Which of the two is the deployment's choice, never the token's: with published keys nothing but RS256 is looked at, so a public key can never be
taken for a shared secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

from gateway.admin.identity_settings import ExternalIssuer
from gateway.admin.jwks import Jwks
from gateway.admin.tokens import refused, unverified
from gateway.clock import Clock

LEEWAY_SECONDS: Final = 60
# An end that is further off is none.
LONGEST_SECONDS: Final = 366 * 86_400
MAX_SUBJECT_CHARS: Final = 256
_NAMES: Final = ("preferred_username", "username", "email", "name")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ExternalClaims:
    """What a valid token says. `subject` is unique under the issuer and names its claim (`sub:…`), `expires` is Unix seconds."""

    issuer: str
    subject: str
    name: str
    admin: bool
    expires: int


class ExternalTokens:
    """Checks tokens of one issuer. `jwks` where it publishes its keys."""

    def __init__(self, rules: ExternalIssuer, clock: Clock, jwks: Jwks | None) -> None:
        self._rules = rules
        self._clock = clock
        self._jwks = jwks
        self._secret = OctKey.import_key(rules.secret) if rules.secret else None
        self._algorithm = "HS256" if self._secret is not None else "RS256"

    def read(self, token: str) -> ExternalClaims:
        """The claims; NotSignedIn, always the same, when anything about the token is not right; Unavailable when the keys cannot be read."""
        header = unverified(token, 0)
        if (
            header.get("alg") != self._algorithm
            or "crit" in header
            or unverified(token, 1).get("iss") != self._rules.issuer
        ):
            raise refused()
        try:
            claims = jwt.decode(token, self._key(header), algorithms=[self._algorithm]).claims
            self._registry().validate(claims)
            expires = int(claims["exp"])
            if expires > self._clock.wall() + LONGEST_SECONDS:
                raise refused()
        except (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            raise refused() from None
        subject = _subject(claims)
        admin = claims.get("is_admin") is True or claims.get("is_staff") is True
        return ExternalClaims(self._rules.issuer, subject, _name(claims, subject), admin, expires)

    def _key(self, header: dict[str, Any]) -> OctKey | RSAKey:
        if self._secret is not None:
            return self._secret
        kid = header.get("kid")
        key = self._jwks.key(kid) if self._jwks is not None and isinstance(kid, str) else None
        if key is None:
            raise refused()
        return key

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock.wall()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._rules.issuer},
            aud={"essential": True, "value": self._rules.audience},
            exp={"essential": True},
        )


def _subject(claims: dict[str, Any]) -> str:
    """`user_id` or else `sub`, with the claim's name, so that a value of one is never taken for the same value of the other."""
    for name in ("user_id", "sub"):
        value = claims.get(name)
        text = str(value) if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)) else ""
        if text and len(text) <= MAX_SUBJECT_CHARS and not _UNPRINTABLE.search(text):
            return f"{name}:{text}"
        if value is not None:
            break
    raise refused()


def _name(claims: dict[str, Any], subject: str) -> str:
    """What to call the user in lists. It signs nobody in."""
    for name in _NAMES:
        value = claims.get(name)
        text = _UNPRINTABLE.sub("", value).strip()[:200] if isinstance(value, str) else ""
        if text:
            return text
    return subject.partition(":")[2][:200]
