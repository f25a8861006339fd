"""An identity provider is off unless it is configured, and half or badly configured stops the start."""

from __future__ import annotations

import pytest
from tests.admin.test_external_tokens import AUDIENCE, HS, ISSUER, RS, SHARED, URL

from gateway.admin.identity_settings import ExternalIssuer, from_environ
from gateway.settings import SettingsError


def settings(environ: dict[str, str], *, private: bool = False, secret: str = SHARED) -> ExternalIssuer | None:
    return from_environ(environ, lambda _name: secret, private, b"own key").external


def test_off_unless_configured() -> None:
    assert settings({}) is None
    assert settings(HS) == ExternalIssuer(ISSUER, AUDIENCE, secret=SHARED.encode())
    assert settings(RS) == ExternalIssuer(ISSUER, AUDIENCE, jwks_url=URL)
    assert SHARED not in repr(settings(HS))


@pytest.mark.parametrize(
    "changes",
    [
        {"OIDC_ISSUER": ""},
        {"OIDC_ISSUER": "serverless-llm-gateway"},
        {"OIDC_AUDIENCE": " "},
        {"OIDC_HS256_SECRET_ARN": ""},
        {"OIDC_JWKS_URL": URL},
    ],
    ids=repr,
)
def test_half_a_configuration_stops_the_start(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="OIDC"):
        settings({**HS, **changes})


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example/jwks",
        "http://127.0.0.1:9/jwks",
        "ftp://x/",
        "https://",
        "https://u:p@login.example/",
        "https://login.example/\r\nx",
        "https://[",
        "https://x:99999/",
        "file:///etc/passwd",
    ],
)
def test_keys_come_over_tls(url: str) -> None:
    with pytest.raises(SettingsError, match="OIDC_JWKS_URL"):
        settings({**RS, "OIDC_JWKS_URL": url})


def test_a_local_stack_may_have_its_keys_on_this_machine_only() -> None:
    assert settings({**RS, "OIDC_JWKS_URL": "http://localhost:9/jwks"}, private=True)
    for url in ("http://10.0.0.1/jwks", "http://localhost.evil.example/"):
        with pytest.raises(SettingsError):
            settings({**RS, "OIDC_JWKS_URL": url}, private=True)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        " ",
        " " * 40,
        "shrt",
        "0" * 64,
        "your-256-bit-secret-your-256-bit-secret",
        "django-insecure-x8#2kq0vX5nT7wB3yH6",
        "please-change-me-in-production-1234",
        "own key",
    ],
)
def test_an_unfit_shared_secret_stops_the_start(secret: str) -> None:
    with pytest.raises(SettingsError, match="OIDC_HS256_SECRET_ARN") as caught:
        settings(HS, secret=secret)
    assert not secret.strip() or secret not in str(caught.value)


def test_the_deployments_own_key_is_no_shared_secret() -> None:
    with pytest.raises(SettingsError, match="OIDC_HS256_SECRET_ARN"):
        from_environ(HS, lambda _name: SHARED, False, SHARED.encode())
