"""Tokens of an identity provider: which count, which never do, and how its keys are read."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from tests.aws_mock import START

from gateway.admin.errors import NotSignedIn, Unavailable
from gateway.admin.external_tokens import ExternalTokens
from gateway.admin.identity_settings import ExternalIssuer
from gateway.admin.jwks import MAX_BYTES, Jwks, Unreadable, fetch, rsa_keys
from gateway.clock import Clock

ISSUER, AUDIENCE = "https://login.example", "gateway"
SHARED = "q8Zr2Lk0vX5nT7wB3yH6mD9cF1gJ4pS8"
URL = "https://login.example/jwks"
HS = {"OIDC_ISSUER": ISSUER, "OIDC_AUDIENCE": AUDIENCE, "OIDC_HS256_SECRET_ARN": "oidc"}
RS = {"OIDC_ISSUER": ISSUER, "OIDC_AUDIENCE": AUDIENCE, "OIDC_JWKS_URL": URL}


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})


class Seconds:
    def __init__(self) -> None:
        self.now = START

    def clock(self) -> Clock:
        return Clock(wall=lambda: self.now, monotonic=lambda: 0.0)


class Provider:
    """Key sets as they are fetched: None = out of reach."""

    def __init__(self, *keys: RSAKey) -> None:
        self.keys: tuple[RSAKey, ...] | None = keys
        self.fetches = 0

    def fetch(self, url: str) -> bytes:
        assert url == URL
        self.fetches += 1
        if self.keys is None:
            raise Unreadable("down")
        return key_set(*self.keys)


def key_set(*keys: RSAKey, **changes: object) -> bytes:
    rows = [{**one.as_dict(private=False), **changes} for one in keys]
    return json.dumps({"keys": [{k: v for k, v in row.items() if v is not None} for row in rows]}).encode()


def claims(**changes: object) -> dict[str, Any]:
    now = int(START)
    given = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u-1", "iat": now, "exp": now + 600, **changes}
    return {name: value for name, value in given.items() if value is not None}


def hs256(given: dict[str, Any], secret: str = SHARED, **header: object) -> str:
    return jwt.encode({"alg": "HS256", **header}, given, OctKey.import_key(secret))


def rs256(given: dict[str, Any], key: RSAKey, **header: object) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1", **header}, given, key, algorithms=["RS256"])


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def with_secret(given: dict[str, Any], secret: bytes) -> str:
    """HS256 by hand: the library itself would not take a public key, or nothing, as a shared secret."""
    signed = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(given)}"
    mac = hmac.new(secret, signed.encode(), "sha256").digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def shared(seconds: Seconds | None = None) -> ExternalTokens:
    return ExternalTokens(
        ExternalIssuer(ISSUER, AUDIENCE, secret=SHARED.encode()), (seconds or Seconds()).clock(), None
    )


def published(provider: Provider, seconds: Seconds | None = None) -> ExternalTokens:
    clock = (seconds or Seconds()).clock()
    return ExternalTokens(ExternalIssuer(ISSUER, AUDIENCE, jwks_url=URL), clock, Jwks(URL, clock, provider.fetch))


def accepted(tokens: ExternalTokens, token: str) -> bool:
    try:
        tokens.read(token)
    except NotSignedIn:
        return False
    return True


@pytest.mark.parametrize(
    ("changes", "subject", "admin"),
    [
        ({}, "sub:u-1", False),
        ({"user_id": "u-2"}, "user_id:u-2", False),
        ({"user_id": 7, "sub": None}, "user_id:7", False),
        ({"is_admin": True}, "sub:u-1", True),
        ({"is_staff": True}, "sub:u-1", True),
        ({"is_admin": "true", "is_staff": 1}, "sub:u-1", False),
        ({"is_admin": False, "is_staff": None, "role": "admin"}, "sub:u-1", False),
        ({"aud": ["other", AUDIENCE]}, "sub:u-1", False),
        ({"exp": int(START) - 59}, "sub:u-1", False),
        ({"nbf": int(START) + 59, "iat": int(START) + 59}, "sub:u-1", False),
    ],
)
def test_what_a_good_token_says(key: RSAKey, changes: dict[str, object], subject: str, admin: bool) -> None:
    for tokens, token in (
        (shared(), hs256(claims(**changes))),
        (published(Provider(key)), rs256(claims(**changes), key)),
    ):
        found = tokens.read(token)
        assert (found.issuer, found.subject, found.admin) == (ISSUER, subject, admin)


BAD: list[dict[str, object]] = [
    {"exp": None},
    {"exp": int(START) - 61},
    {"exp": "never"},
    {"exp": True},
    {"exp": float("nan")},
    {"exp": 10**400},
    {"exp": 9_999_999_999},
    {"nbf": int(START) + 61},
    {"iat": int(START) + 61},
    {"iss": None},
    {"iss": "https://login.example/"},
    {"iss": [ISSUER]},
    {"iss": "serverless-llm-gateway"},
    {"aud": None},
    {"aud": "other"},
    {"aud": ["other"]},
    {"aud": {"gateway": 1}},
    {"sub": None},
    {"sub": ""},
    {"sub": 5},
    {"sub": "x" * 257},
    {"sub": "a\nb"},
    {"user_id": True},
    {"user_id": ""},
    {"user_id": {"$gt": ""}},
    {"user_id": 1.5},
]


@pytest.mark.parametrize("changes", BAD, ids=repr)
def test_claims_that_never_count(key: RSAKey, changes: dict[str, object]) -> None:
    assert not accepted(shared(), hs256(claims(**changes)))
    assert not accepted(published(Provider(key)), rs256(claims(**changes), key))


def test_forged_tokens_never_count(key: RSAKey) -> None:
    """alg none in every spelling, a public key as a shared secret, other keys and algorithms, critical headers, keys a token brings along."""
    given = claims()
    stranger = RSAKey.generate_key(2048, {"kid": "k1"})
    public = key.as_pem(private=False)
    forged = [f"{part({'alg': alg})}.{part(given)}." for alg in ("none", "None", "NONE", "nOnE", "", None, ["none"])]
    forged += [f"{part({})}.{part(given)}.", part(given), "..", "a.b.c", "", "." * 9000, "é.é.é"]
    forged += [with_secret(given, secret) for secret in (public, public.strip(), key.as_der(private=False), b"")]
    forged += [hs256(given, "w" * 20 + "x1y2z3" * 3), rs256(given, stranger)]
    forged += [rs256(given, key, crit=["b64"], b64=True), rs256(given, stranger, jku="https://evil.example/jwks")]
    forged += [rs256(given, stranger, jwk=stranger.as_dict(private=False)), rs256(given, key, kid="k2")]
    forged += [jwt.encode({"alg": "HS512"}, given, OctKey.import_key(SHARED * 2), algorithms=["HS512"])]
    forged += [
        jwt.encode(
            {"alg": "PS256", "kid": "k1"}, given, RSAKey.import_key(key.as_pem(private=True)), algorithms=["PS256"]
        )
    ]
    deep = base64.urlsafe_b64encode(b"[" * 6000).decode()
    forged += [f"{deep}.{part(given)}.x", f"{part({'alg': 'RS256', 'kid': 'k1'})}.{deep[:7000]}.x"]
    for good, token in ((shared(), hs256(given)), (published(Provider(key)), rs256(given, key))):
        assert accepted(good, token)
        tampered = [token[:-4], token + "x", token.replace(".", "..", 1), token.rpartition(".")[0] + "."]
        assert [bad for bad in [*forged, *tampered] if accepted(good, bad)] == []
    assert accepted(shared(), with_secret(given, SHARED.encode())), "what was made by hand was made well"
    assert not accepted(published(Provider(key)), hs256(given)), "with published keys a shared secret opens nothing"
    assert not accepted(shared(), rs256(given, key)), "and the other way round"


def test_a_token_without_the_name_of_a_key_or_with_an_odd_one(key: RSAKey) -> None:
    for kid in (None, 5, "", ["k1"]):
        header = {"alg": "RS256"} if kid is None else {"alg": "RS256", "kid": kid}
        signed = rs256(claims(), key)
        assert not accepted(published(Provider(key)), f"{part(header)}.{signed.split('.', 1)[1]}")


def test_an_unknown_key_is_asked_for_once_a_minute_at_most(key: RSAKey) -> None:
    seconds, provider = Seconds(), Provider(key)
    tokens = published(provider, seconds)
    new = RSAKey.generate_key(2048, {"kid": "k2"})
    rotated = rs256(claims(exp=int(START) + 9000), new, kid="k2")
    assert accepted(tokens, rs256(claims(), key))
    for _ in range(20):
        assert not accepted(tokens, rotated)
    assert provider.fetches == 1
    provider.keys = (key, new)
    seconds.now += 61
    assert accepted(tokens, rotated)
    assert provider.fetches == 2
    provider.keys = (new,)
    seconds.now += 3601
    assert accepted(tokens, rotated)
    assert not accepted(tokens, rs256(claims(exp=int(START) + 9000), key)), "a key that was withdrawn"
    assert provider.fetches == 3


def test_a_provider_out_of_reach_is_said_and_known_keys_go_on_for_a_day(key: RSAKey) -> None:
    seconds, provider = Seconds(), Provider(key)
    provider.keys = None
    tokens = published(provider, seconds)
    token = rs256(claims(exp=int(START) + 10**6), key)
    for _ in range(5):
        with pytest.raises(Unavailable):
            tokens.read(token)
    assert provider.fetches == 1
    provider.keys = (key,)
    seconds.now += 61
    assert accepted(tokens, token)
    provider.keys = None
    seconds.now += 23 * 3600
    assert accepted(tokens, token)
    seconds.now += 2 * 3600
    with pytest.raises(Unavailable):
        tokens.read(token)


@pytest.mark.parametrize(
    "changes", [{"use": "enc"}, {"alg": "PS256"}, {"kty": "EC"}, {"kid": None}, {"kid": 5}, {"n": "x"}, {"n": None}]
)
def test_keys_that_are_not_for_this_are_left_out(key: RSAKey, changes: dict[str, object]) -> None:
    assert rsa_keys(key_set(key, **changes)) == {}
    assert list(rsa_keys(key_set(key))) == ["k1"]


def test_short_keys_are_left_out_and_private_halves_forgotten(key: RSAKey) -> None:
    with warnings.catch_warnings(action="ignore"):
        short = RSAKey.generate_key(1024, {"kid": "s"})
    assert rsa_keys(key_set(short)) == {}
    whole = json.dumps({"keys": [key.as_dict(private=True)]}).encode()
    assert not rsa_keys(whole)["k1"].is_private


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"keys": 5}', b'{"keys": {}}', b"[" * 99999, b"\xff"])
def test_what_is_no_key_set(body: bytes) -> None:
    with pytest.raises(Unreadable):
        rsa_keys(body)


@contextmanager
def web(status: int, body: bytes, **headers: str) -> Iterator[str]:
    """A server on this machine that always answers the same."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_fetching(key: RSAKey) -> None:
    with web(200, key_set(key)) as url:
        assert list(rsa_keys(fetch(url))) == ["k1"]
    with web(302, b"", location="http://127.0.0.1:1/") as url, pytest.raises(Unreadable, match="302"):
        fetch(url)
    with web(200, b"x" * (MAX_BYTES + 1)) as url, pytest.raises(Unreadable):
        fetch(url)
    with pytest.raises(Unreadable):
        fetch(url)
