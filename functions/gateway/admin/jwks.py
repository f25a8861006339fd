"""The public keys of an identity provider (RFC 7517), fetched when they are needed.

Theory of operation: keys are kept for an hour. A token that names a key which is not among them has them fetched again, so that a rotated key works
at once; but at most once a minute, whatever tokens come, since anybody can write a key's name into a token. A failed fetch counts as one. While the
provider is out of reach the last keys go on for a day, not longer: a key that was withdrawn must stop some time.
"""

from __future__ import annotations

import http.client
import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from gateway.admin.errors import Unavailable
from gateway.clock import Clock, Moment

FRESH_SECONDS: Final = 3600
PAUSE_SECONDS: Final = 60
LAST_SECONDS: Final = 24 * 3600
MAX_BYTES: Final = 256 * 1024
MAX_KEYS: Final = 100
MIN_BITS: Final = 2048
_TIMEOUT: Final = 3


class Unreadable(Exception):
    """The key set cannot be had."""


def fetch(url: str) -> bytes:
    """What is at an address; Unreadable otherwise. Redirects are not followed: they could lead away from https."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"accept": "application/json"})
        answer = connection.getresponse()
        body = answer.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unreadable(type(error).__name__) from None
    finally:
        connection.close()
    if answer.status != 200 or len(body) > MAX_BYTES:
        raise Unreadable(f"status {answer.status}, {len(body)} bytes")
    return body


def rsa_keys(body: bytes) -> dict[str, RSAKey]:
    """The keys for RS256 by their names; Unreadable when it is no key set. Others (encryption, other kinds, short or unnamed ones) are left out."""
    try:
        found = json.loads(body)["keys"]
        rows = [row for row in found[:MAX_KEYS] if _fits(row)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable("not a key set") from None
    keys: dict[str, RSAKey] = {}
    for row in rows:
        try:
            # Only the public half, whatever else somebody has published.
            if int.from_bytes(urlsafe_b64decode(row["n"] + "==")).bit_length() >= MIN_BITS:
                keys[row["kid"]] = RSAKey.import_key({"kty": "RSA", "n": row["n"], "e": row["e"]})
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    return keys


def _fits(row: Mapping[str, Any]) -> bool:
    if not isinstance(row, Mapping) or row.get("kty") != "RSA" or not isinstance(row.get("kid"), str):
        return False
    return bool(row.get("use", "sig") == "sig" and row.get("alg", "RS256") == "RS256")


@dataclass(frozen=True, slots=True)
class _Kept:
    """The keys of the last fetch that succeeded (`at`), and when one was last tried."""

    keys: Mapping[str, RSAKey] = field(default_factory=dict)
    at: Moment | None = None
    tried: Moment | None = None


class Jwks:
    """Keys by name. `fetch` is given the address."""

    def __init__(self, url: str, clock: Clock, fetch: Callable[[str], bytes] = fetch) -> None:
        self._url = url
        self._clock = clock
        self._fetch = fetch
        self._kept = _Kept()
        self._lock = threading.Lock()

    def key(self, kid: str) -> RSAKey | None:
        """The key of that name, None when the provider has none; Unavailable when nobody knows."""
        with self._lock:
            if (kid not in self._kept.keys or self._older(self._kept.at, FRESH_SECONDS)) and self._older(
                self._kept.tried, PAUSE_SECONDS
            ):
                self._kept = self._renewed()
            if self._older(self._kept.at, LAST_SECONDS):
                raise Unavailable("The identity provider's keys cannot be read; try again.")
            return self._kept.keys.get(kid)

    def _older(self, moment: Moment | None, seconds: float) -> bool:
        return moment is None or self._clock.age(moment) >= seconds

    def _renewed(self) -> _Kept:
        now = self._clock.moment()
        try:
            return _Kept(rsa_keys(self._fetch(self._url)), now, now)
        except Unreadable:
            return _Kept(self._kept.keys, self._kept.at, now)
