"""Signing in, tokens, throttling, and secrets that are not fit for use."""

from __future__ import annotations

import base64
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from tests.aws_mock import ENVIRON, PASSWORD, REGION, USERNAME, World

from admin.app import create_app
from gateway.admin.secrets import check
from gateway.settings import SettingsError

KEY = b"0123456789abcdef0123456789abcdef"


def attempt(world: World, username: str = USERNAME, password: str = PASSWORD) -> tuple[int, dict[str, str]]:
    answer = world.client.post("/api/auth/login", json={"username": username, "password": password})
    return answer.status_code, dict(answer.headers)


def password_hashes(world: World) -> list[str]:
    return [item["password_hash"]["S"] for item in world.items("keys") if "password_hash" in item]


def test_the_first_administrator_comes_from_the_deployment(world: World) -> None:
    answer = world.client.post("/api/auth/login", json={"username": USERNAME, "password": PASSWORD})
    body = answer.json()
    assert answer.status_code == 200
    assert body["token_type"] == "bearer"
    assert 0 < body["expires_in"] <= 900
    assert body["user"]["role"] == "admin"
    me = world.client.get("/api/auth/me", headers={"authorization": f"Bearer {body['access_token']}"})
    assert me.json() == body["user"]
    assert len(password_hashes(world)) == 1


def test_a_deployment_keeps_passwords_at_the_full_cost(world: World) -> None:
    create_app(ENVIRON, world.clock).state.services.identity.sign_in.login(USERNAME, PASSWORD, "10.0.0.1")
    (stored,) = password_hashes(world)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_first_sign_ins_at_once_make_one_administrator(world: World) -> None:
    barrier = threading.Barrier(4)

    def sign_in() -> str:
        barrier.wait()
        return world.services.identity.sign_in.login(USERNAME, PASSWORD, "10.0.0.1").user.id

    with ThreadPoolExecutor(4) as pool:
        ids = {future.result() for future in [pool.submit(sign_in) for _ in range(4)]}
    assert len(ids) == 1


def test_a_rotated_deployment_secret_counts_at_once(world: World) -> None:
    first = world.login()
    boto3.client("secretsmanager", region_name=REGION).put_secret_value(
        SecretId="gateway-admin", SecretString=json.dumps({"username": USERNAME, "password": "another one 99"})
    )
    sign_in = create_app(ENVIRON, world.clock).state.services.identity.sign_in
    assert sign_in.login(USERNAME, "another one 99", "10.0.0.9").user.username == USERNAME
    with pytest.raises(Exception, match="Wrong user name or password"):
        sign_in.login(USERNAME, PASSWORD, "10.0.0.9")
    assert world.client.get("/api/auth/me", headers=first).status_code == 401, "what began under the old one has ended"


@pytest.mark.parametrize(("username", "password"), [(USERNAME, "wrong"), ("nobody", PASSWORD), ("nobody", "wrong")])
def test_wrong_credentials_all_get_the_same_answer(world: World, username: str, password: str) -> None:
    answer = world.client.post("/api/auth/login", json={"username": username, "password": password})
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert (error["type"], error["message"]) == ("unauthorized", "Wrong user name or password.")


def test_the_sixth_bad_try_of_a_user_is_refused_and_the_window_ends(world: World) -> None:
    assert [attempt(world, password="wrong")[0] for _ in range(5)] == [401] * 5
    status, headers = attempt(world, password="wrong")
    assert status == 429
    assert 0 < int(headers["retry-after"]) <= 300
    assert attempt(world)[0] == 429, "the right password does not help while the user is locked"
    world.time.now += 301
    assert attempt(world)[0] == 200


def test_an_address_has_thirty_bad_tries_whoever_it_names(world: World) -> None:
    assert [attempt(world, f"user{number}", "wrong")[0] for number in range(30)] == [401] * 30
    assert attempt(world, "user31", "wrong")[0] == 429


def test_good_sign_ins_do_not_count(world: World) -> None:
    assert [attempt(world)[0] for _ in range(8)] == [200] * 8
    assert [attempt(world, password="wrong")[0] for _ in range(4)] == [401] * 4
    assert attempt(world)[0] == 200


def test_parallel_tries_do_not_slip_past_the_limit(world: World) -> None:
    barrier = threading.Barrier(12)

    def try_one(number: int) -> str:
        barrier.wait()
        try:
            world.services.identity.sign_in.login(USERNAME, "wrong", f"10.0.0.{number}")
        except Exception as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(try_one, range(12)))
    assert sorted(outcomes) == ["NotSignedIn"] * 5 + ["TooManyTries"] * 7


def test_logout_ends_this_token_and_no_other(world: World) -> None:
    one, other = world.login(), world.login()
    assert world.client.post("/api/auth/logout", headers=one).status_code == 204
    assert world.client.get("/api/auth/me", headers=one).status_code == 401
    assert world.client.get("/api/auth/me", headers=other).status_code == 200


def test_an_access_token_ends_within_fifteen_minutes(world: World) -> None:
    headers = world.login()
    world.time.now += 901
    assert world.client.get("/api/auth/me", headers=headers).status_code == 401


def _claims(world: World, **changes: object) -> dict[str, object]:
    world.login()
    user = next(item["id"]["S"] for item in world.items("keys") if item.get("kind", {}).get("S") == "user")
    session = next(item["pk"]["S"] for item in world.items("state") if item["pk"]["S"].startswith("session#"))
    now = int(world.time.now)
    claims: dict[str, object] = {
        "iss": "serverless-llm-gateway",
        "aud": "admin:test",
        "sub": user,
        "sid": session.removeprefix("session#"),
        "jti": "x",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def _me(world: World, token: str) -> int:
    return int(world.client.get("/api/auth/me", headers={"authorization": f"Bearer {token}"}).status_code)


def test_a_well_made_token_is_accepted(world: World) -> None:
    assert _me(world, jwt.encode({"alg": "HS256"}, _claims(world), OctKey.import_key(KEY))) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": 9_999_999_999},
        {"exp": "soon"},
        {"aud": "admin:prod"},
        {"aud": None},
        {"iss": "someone"},
        {"iss": None},
        {"sub": "usr_nobody"},
        {"sub": None},
        {"sid": None},
        {"sid": "ses_nobody"},
        {"jti": None},
        {"iat": None},
        {"nbf": 9_999_999_999},
    ],
)
def test_other_claims_are_refused(world: World, changes: dict[str, object]) -> None:
    assert _me(world, jwt.encode({"alg": "HS256"}, _claims(world, **changes), OctKey.import_key(KEY))) == 401


def test_other_algorithms_and_keys_are_refused(world: World) -> None:
    claims = _claims(world)

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    unsigned = f"{part({'alg': 'none'})}.{part(claims)}."
    longer = jwt.encode({"alg": "HS512"}, claims, OctKey.import_key(KEY * 2), algorithms=["HS512"])
    foreign = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(b"x1y2" * 8))
    good = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(KEY))
    for token in (unsigned, longer, foreign, good[:-2], good + "x", "x", "a.b.c", "", "." * 5000, "é"):
        assert (
            world.client.get("/api/auth/me", headers={"authorization": f"Bearer {token}".encode()}).status_code == 401
        )
    assert world.client.get("/api/auth/me").status_code == 401
    assert world.client.get("/api/auth/me", headers={"authorization": f"Basic {good}"}).status_code == 401


@pytest.mark.parametrize(
    ("username", "password", "key"),
    [
        ("", "long enough 1", "k1y2" * 8),
        ("admin", "", "k1y2" * 8),
        ("admin", "s1h2o3t", "k1y2" * 8),
        ("admin", "password", "k1y2" * 8),
        ("admin", "aaaaaaaaaaaa", "k1y2" * 8),
        ("admin", "long enough 1", ""),
        ("admin", "long enough 1", "k1y2" * 7),
        ("admin", "long enough 1", "0" * 64),
    ],
)
def test_unfit_secrets_stop_the_start(username: str, password: str, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check(username, password, key)
    assert password in {"", "password"} or password not in str(caught.value)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("name", ["ADMIN_SECRET_ARN", "JWT_SECRET_ARN", "KMS_KEY_ID", "CONFIG_TABLE", "AWS_REGION"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_setting_stops_the_start(world: World, name: str, value: str | None) -> None:
    environ = {key: text for key, text in {**ENVIRON, name: value}.items() if text is not None}
    with pytest.raises(SettingsError, match=name):
        create_app(environ, world.clock)


@pytest.mark.parametrize("text", ["not json", "[]", '{"username": "admin"}', '{"username": "admin", "password": 5}'])
def test_a_malformed_admin_secret_stops_the_start(world: World, text: str) -> None:
    boto3.client("secretsmanager", region_name=REGION).put_secret_value(SecretId="gateway-admin", SecretString=text)
    with pytest.raises(SettingsError, match="ADMIN_SECRET_ARN"):
        create_app(ENVIRON, world.clock)


def test_an_unreadable_secret_stops_the_start(world: World) -> None:
    with pytest.raises(SettingsError, match="JWT_SECRET_ARN"):
        create_app({**ENVIRON, "JWT_SECRET_ARN": "no-such-secret"}, world.clock)
