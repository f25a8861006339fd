"""A function does not start with a secret that is missing, empty, short or everybody's: each of them, each way."""

from __future__ import annotations

import json
from typing import Final

import boto3
import pytest
from tests.admin.test_external_tokens import HS
from tests.aws_mock import ENVIRON, PASSWORD, REGION, USERNAME, World

from admin.app import create_app
from gateway.admin.secrets import everybodys
from gateway.settings import SettingsError

GOOD: Final = "q8Zr2Lk0vX5nT7wB3yH6mD9cF1gJ4pS8"
KEYS: Final = {
    "blank": " ",
    "short": GOOD[:31],
    "short with blanks around": f"  {GOOD[:30]}   ",
    "one letter": "a" * 64,
    "three letters": "abc" * 20,
    "placeholder": "change-me-to-something-random-please",
    "of a tutorial": "your-256-bit-secret-your-256-bit-secret",
    "of a framework": "django-insecure-0123456789abcdefghijkl",
}
PASSWORDS: Final = {
    "empty": "",
    "short": "s1h2o3t",
    "blanks": " " * 12,
    "password": "password",
    "dressed": "Password123!",
    "admin": "Admin12345",
    "changed by nobody": "change-me-1",
    "digits": "1234567890",
    "one letter": "z" * 20,
}


def _admin(**changes: object) -> str:
    return json.dumps({"username": USERNAME, "password": PASSWORD, **changes})


def ways() -> dict[tuple[str, str], str | None]:
    """By setting and way: the secret's text, None = there is no such secret."""
    found: dict[tuple[str, str], str | None] = {
        (name, way): text
        for name in ("JWT_SECRET_ARN", "OIDC_HS256_SECRET_ARN", "ORIGIN_SECRET_ARN")
        for way, text in {**KEYS, "missing": None}.items()
    }
    found |= {("ADMIN_SECRET_ARN", f"password {way}"): _admin(password=text) for way, text in PASSWORDS.items()}
    found |= {
        ("ADMIN_SECRET_ARN", way): text
        for way, text in {
            "missing": None,
            "no JSON": "admin:correct horse 7 battery",
            "a list": "[]",
            "no password": json.dumps({"username": USERNAME}),
            "no name": json.dumps({"password": PASSWORD}),
            "empty name": _admin(username=" "),
            "a number": _admin(password=12345678901),
            "nothing": "null",
        }.items()
    }
    return found


def _starts(world: World, name: str, text: str | None) -> bool:
    client = boto3.client("secretsmanager", region_name=REGION)
    if text is not None:
        client.put_secret_value(SecretId=f"tried-{name.lower()}", SecretString=text)
    environ = {
        **ENVIRON,
        **HS,
        "OIDC_HS256_SECRET_ARN": "good",
        name: "none" if text is None else f"tried-{name.lower()}",
    }
    said = _refusal(world, environ)
    if said is None:
        return True
    assert name in said, "it says which"
    assert text is None or len(text.strip()) < 4 or text not in said, "and never what"
    return False


def _refusal(world: World, environ: dict[str, str]) -> str | None:
    try:
        create_app(environ, world.clock)
    except SettingsError as error:
        return str(error)
    return None


def test_no_unfit_secret_lets_the_function_start(world: World) -> None:
    client = boto3.client("secretsmanager", region_name=REGION)
    client.create_secret(Name="good", SecretString=GOOD)
    for name in {name for name, _ in ways()}:
        client.create_secret(Name=f"tried-{name.lower()}", SecretString=GOOD)
    started = [place for place, text in ways().items() if _starts(world, *(place[0], text))]
    assert started == []
    assert _starts(world, "JWT_SECRET_ARN", "0123456789abcdef0123456789abcdeX"), "a fit one does"
    assert _starts(world, "ORIGIN_SECRET_ARN", GOOD)
    print(f"\n{len(ways())} of {len(ways())} unfit secrets refused")


@pytest.mark.parametrize("name", ["ADMIN_SECRET_ARN", "JWT_SECRET_ARN", "OIDC_HS256_SECRET_ARN"])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_no_setting_has_a_default(world: World, name: str, value: str | None) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name="good", SecretString=GOOD)
    environ = {**ENVIRON, **HS, "OIDC_HS256_SECRET_ARN": "good"}
    environ = {key: text for key, text in environ.items() if key != name} | ({} if value is None else {name: value})
    with pytest.raises(SettingsError, match=name):
        create_app(environ, world.clock)


@pytest.mark.parametrize(
    "password", ["correct horse 7 battery", "admin 8462 9917 3345", "gateway-of-kim-77", "Zq9-1111-pw"]
)
def test_a_password_that_only_holds_such_a_word_is_fit(password: str) -> None:
    assert not everybodys(password)
