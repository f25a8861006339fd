"""Tokens that must never open anything: none of them is accepted. And what the check of one costs does not tell how near it was."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import random
import statistics
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from tests.admin.asgi import ask
from tests.admin.test_auth import KEY, _claims
from tests.admin.test_external_tokens import ISSUER, SHARED, Provider, accepted, claims, hs256, published, rs256, shared
from tests.aws_mock import PASSWORD, USERNAME, World

from gateway.admin.errors import NotSignedIn
from gateway.admin.tokens import Tokens
from gateway.clock import Clock


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(header: object, payload: object, key: bytes, digest: str = "sha256") -> str:
    """A token made by hand: libraries refuse to make most of these."""
    text = f"{part(header)}.{part(payload)}"
    return f"{text}.{part(hmac.new(key, text.encode(), digest).digest())}"


def misshapen(given: dict[str, Any], key: bytes, good: str) -> dict[str, str]:
    """What is no token, made of a good one."""
    head, body, signature = good.split(".")
    return {
        "kid of nothing, empty secret": signed({"alg": "HS256", "kid": "../../dev/null"}, given, b""),
        "critical": signed({"alg": "HS256", "crit": ["x"], "x": 1}, given, key),
        "unencoded payload": signed({"alg": "HS256", "crit": ["b64"], "b64": False}, given, key),
        "no signature": f"{head}.{body}.",
        "no signature at all": f"{head}.{body}",
        "another signature": f"{head}.{body}.{part(b'x' * 32)}",
        "half a signature": f"{head}.{body}.{signature[:21]}",
        "longer signature": f"{head}.{body}.{signature}AAAA",
        "another payload": f"{head}.{part({**given, 'sub': 'usr_other'})}.{signature}",
        "encoded twice": part(good.encode()),
        "parts encoded twice": ".".join(part(one.encode()) for one in good.split(".")),
        "payload encoded twice": signed({"alg": "HS256"}, part(given).encode(), key),
        "a fourth part": f"{good}.{signature}",
        "five parts": f"{good}.{signature}.{signature}",
        "quoted": f'"{good}"',
        "not an object": signed({"alg": "HS256"}, [given], key),
        "header is a list": signed([{"alg": "HS256"}], given, key),
        "deep": signed({"alg": "HS256"}, b'{"a":' * 3000 + b"1" + b"}" * 3000, key),
    }


def twisted(given: dict[str, Any], key: bytes, other: bytes) -> dict[str, str]:
    """Tokens with the claims of a good one, each wrong in one way."""
    good = signed({"alg": "HS256", "typ": "JWT"}, given, key)
    head, body, signature = good.split(".")
    own = {"kty": "oct", "k": part(other), "kid": "mine"}
    found = {
        f"alg {name!r}{' signed' if end else ''}": f"{part({'alg': name})}.{body}.{end}"
        for name in ("none", "None", "NONE", "nOnE", "", None, 0, ["HS256"], "hs256", "HS256 ")
        for end in ("", signature)
    }
    found |= {
        f"alg {alg}, signed as HS256": signed({"alg": alg}, given, key) for alg in ("RS256", "ES256", "EdDSA", "HS512")
    }
    found |= {
        "HS384": signed({"alg": "HS384"}, given, key, "sha384"),
        "HS512": signed({"alg": "HS512"}, given, key, "sha512"),
    }
    found |= {
        f"secret {one!r}": signed({"alg": "HS256"}, given, one) for one in (b"", b"secret", b"\0", other, key[:-1])
    }
    headers: dict[str, dict[str, Any]] = {
        "jwk": {"jwk": own},
        "jku": {"jku": "https://evil.example/jwks", "kid": "mine"},
        "x5u": {"x5u": "https://evil.example/cert"},
        "x5c": {"x5c": ["MIIB"]},
        "kid of a file": {"kid": "../../../../dev/null"},
        "kid of a query": {"kid": "x' UNION SELECT 'y"},
    }
    found |= {f"{name} in the header": signed({"alg": "HS256", **more}, given, other) for name, more in headers.items()}
    found |= misshapen(given, key, good)
    found |= {
        f"cut to {size}": good[:size] for size in (1, 10, len(head), len(head) + 1, len(head) + 20, len(good) - 4)
    }
    return found


def aged(now: int) -> dict[str, dict[str, object]]:
    """Claims that never count."""
    return {
        "expired": {"iat": now - 1000, "exp": now - 100},
        "expires now": {"exp": now - 61},
        "no end": {"exp": None},
        "endless": {"exp": 10**12},
        "infinite": {"exp": float("inf")},
        "end as text": {"exp": str(now + 60)},
        "end as a truth": {"exp": True},
        "not yet": {"nbf": now + 3600},
        "another audience": {"aud": "else"},
        "audience of others": {"aud": ["else", "more"]},
        "no audience": {"aud": None},
        "another issuer": {"iss": "https://evil.example"},
        "issuer and a slash": {"iss": ISSUER + "/"},
        "issuers": {"iss": [ISSUER]},
        "no issuer": {"iss": None},
    }


def test_no_twisted_token_of_this_deployment_opens_anything(world: World) -> None:
    good = _claims(world)
    login = world.client.post("/api/auth/login", json={"username": USERNAME, "password": PASSWORD})
    cookie = login.headers["set-cookie"].partition(";")[0]
    now = int(world.time.now)
    tokens = twisted(good, KEY, b"x1y2" * 8)
    tokens |= {
        name: signed({"alg": "HS256"}, {key: one for key, one in {**good, **more}.items() if one is not None}, KEY)
        for name, more in aged(now).items()
    }
    tokens["a refresh token"] = cookie.partition("=")[2]
    tokens["an identity provider's"] = hs256(claims(exp=now + 60))

    async def statuses() -> dict[str, int]:
        app = world.client.app
        return {
            name: (await ask(app, "GET", "/api/auth/me", {"authorization": f"Bearer {token}"})).status
            for name, token in tokens.items()
        }

    found = asyncio.run(statuses())
    assert {name: status for name, status in found.items() if status != 401} == {}
    print(f"\n{len(found)} twisted tokens, 0 accepted")
    assert len(found) > 70
    given = {"cookie": f"{cookie.partition('=')[0]}={login.json()['access_token']}", "x-refresh": "1"}
    assert world.client.post("/api/auth/refresh", headers=given).status_code == 401, "an access token refreshes nothing"
    accepted = signed({"alg": "HS256"}, good, KEY)
    assert world.client.get("/api/auth/me", headers={"authorization": f"Bearer {accepted}"}).status_code == 200


@pytest.mark.parametrize("asymmetric", [False, True])
def test_no_twisted_token_of_an_identity_provider_counts(asymmetric: bool) -> None:
    """With a shared secret, and with published keys: then the public key itself is tried as the secret."""
    key, stranger = (RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"}) for _ in range(2))
    provider = Provider(key)
    tokens = published(provider) if asymmetric else shared()
    good = claims(is_admin=True)
    pem = key.as_pem(private=False)
    secret = pem if asymmetric else SHARED.encode()
    tried = twisted(good, secret, b"x1y2" * 8)
    forms = (pem, pem.strip(), key.as_der(private=False), json.dumps(key.as_dict(private=False)).encode())
    for number, form in enumerate(forms):
        tried[f"public key as secret {number}"] = signed({"alg": "HS256", "kid": "k1"}, good, form)
    tried["another's key"] = rs256(good, stranger)
    tried["another's key, embedded"] = rs256(good, stranger, jwk=stranger.as_dict(private=False))
    tried["another's key, of another name"] = rs256(good, stranger, kid="k2")
    for name, more in aged(int(good["iat"])).items():
        given = {field: value for field, value in {**good, **more}.items() if value is not None}
        tried[name] = rs256(given, key) if asymmetric else signed({"alg": "HS256"}, given, secret)
    assert [name for name, token in tried.items() if accepted(tokens, token)] == []
    print(
        f"\n{len(tried)} twisted tokens of a provider with {'published keys' if asymmetric else 'a secret'}, 0 accepted"
    )
    assert accepted(tokens, rs256(good, key) if asymmetric else hs256(good))
    assert provider.fetches <= 1


def test_the_check_takes_as_long_for_a_near_miss_as_for_anything(capsys: pytest.CaptureFixture[str]) -> None:
    """S13: the same token with a signature that is right but for its end, and with one of random bytes."""
    clock = Clock()
    tokens = Tokens(KEY, "test", clock)
    good = tokens.issue("usr_1", "ses_1")
    text, _, signature = good.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=")
    chance = random.Random(7)
    times: dict[str, list[float]] = {"near": [], "random": []}
    for _ in range(2500):
        near = raw[:-1] + bytes([raw[-1] ^ chance.randrange(1, 256)])
        for kind, bytes_ in (("near", near), ("random", chance.randbytes(32))):
            token = f"{text}.{part(bytes_)}"
            began = time.perf_counter_ns()
            with pytest.raises(NotSignedIn):
                tokens.read(token)
            times[kind].append((time.perf_counter_ns() - began) / 1000)
    near_us, random_us = (statistics.median(times[kind]) for kind in ("near", "random"))
    with capsys.disabled():
        print(f"\nS13: access token near miss {near_us:.1f} µs, random {random_us:.1f} µs (medians of 2,500 each)")
    assert abs(near_us - random_us) < 50


def test_the_hand_made_tokens_are_like_real_ones() -> None:
    """Otherwise none of the above would prove anything."""
    assert jwt.decode(signed({"alg": "HS256"}, {"a": 1}, KEY), OctKey.import_key(KEY)).claims == {"a": 1}
