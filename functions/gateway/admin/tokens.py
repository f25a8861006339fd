"""Access tokens: JWT, HS256 only, with issuer, audience, session and an expiry of at most 15 minutes (RFC 8725)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from gateway.admin.errors import NotSignedIn
from gateway.clock import Clock

ALGORITHM = "HS256"
ISSUER = "serverless-llm-gateway"
LIFETIME_SECONDS = 900
MAX_TOKEN_CHARS = 8192
_REFUSED = "The token is not valid or has expired."


def refused() -> NotSignedIn:
    """The one answer to every token that is not right."""
    return NotSignedIn(_REFUSED)


def unverified(token: str, part: int) -> dict[str, Any]:
    """The header (0) or the claims (1) of a token as anybody may have written them; empty when they cannot be read."""
    pieces = token.split(".", 3)
    if len(token) > MAX_TOKEN_CHARS or len(pieces) != 3:
        return {}
    try:
        raw = base64.b64decode(pieces[part] + "=" * (-len(pieces[part]) % 4), altchars=b"-_", validate=True)
        value = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says. `expires` is Unix seconds."""

    user_id: str
    session_id: str
    expires: int


class Tokens:
    """Issues and checks tokens of one stage; a token of another stage has another audience and is refused."""

    def __init__(self, signing_key: bytes, stage: str, clock: Clock) -> None:
        self._key = OctKey.import_key(signing_key)
        self._audience = f"admin:{stage}"
        self._clock = clock

    def issue(self, user_id: str, session_id: str) -> str:
        """A fresh token for a user's session."""
        now = int(self._clock.wall())
        claims = {
            "iss": ISSUER,
            "aud": self._audience,
            "sub": user_id,
            "sid": session_id,
            "jti": self._clock.entropy(16).hex(),
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
        }
        return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, self._key, algorithms=[ALGORITHM])

    def read(self, token: str) -> Claims:
        """The claims of a token; NotSignedIn, always the same, when anything about it is not right."""
        if not unverified(token, 0):
            raise refused()
        now = int(self._clock.wall())
        essential = {name: {"essential": True} for name in ("sub", "sid", "jti", "iat", "exp")}
        rules = jwt.JWTClaimsRegistry(
            now=now,
            leeway=0,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": self._audience},
            **essential,  # type: ignore[arg-type]
        )
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            rules.validate(claims)
            found = Claims(str(claims["sub"]), str(claims["sid"]), int(claims["exp"]))
        except (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            raise refused() from None
        if found.expires > now + LIFETIME_SECONDS:
            raise refused()
        return found
