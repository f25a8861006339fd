"""Access tokens: JWT, HS256 only, with issuer, audience and an expiry of at most an hour (RFC 8725)."""

from __future__ import annotations

from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from gateway.admin.errors import NotSignedIn
from gateway.clock import Clock

ALGORITHM = "HS256"
ISSUER = "serverless-llm-gateway"
LIFETIME_SECONDS = 3600
MAX_TOKEN_CHARS = 4096


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says. `expires` is Unix seconds."""

    user_id: str
    token_id: str
    expires: int


class Tokens:
    """Issues and checks tokens of one stage; a token of another stage has another audience and is refused."""

    def __init__(self, signing_key: bytes, stage: str, clock: Clock) -> None:
        self._key = OctKey.import_key(signing_key)
        self._audience = f"admin:{stage}"
        self._clock = clock

    def issue(self, user_id: str) -> str:
        """A fresh token for a user."""
        now = int(self._clock.wall())
        claims = {
            "iss": ISSUER,
            "aud": self._audience,
            "sub": user_id,
            "jti": self._clock.entropy(16).hex(),
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
        }
        return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, self._key, algorithms=[ALGORITHM])

    def read(self, token: str) -> Claims:
        """The claims of a token; NotSignedIn, always the same, when anything about it is not right."""
        if len(token) > MAX_TOKEN_CHARS:
            raise NotSignedIn("The token is not valid or has expired.")
        now = int(self._clock.wall())
        rules = jwt.JWTClaimsRegistry(
            now=now,
            leeway=0,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            jti={"essential": True},
            iat={"essential": True},
            exp={"essential": True},
        )
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            rules.validate(claims)
            found = Claims(str(claims["sub"]), str(claims["jti"]), int(claims["exp"]))
        except (JoseError, ValueError, TypeError, KeyError, OverflowError):
            raise NotSignedIn("The token is not valid or has expired.") from None
        if found.expires > now + LIFETIME_SECONDS:
            raise NotSignedIn("The token is not valid or has expired.")
        return found
