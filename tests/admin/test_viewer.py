"""Whose address a try is counted under: the viewer's, as CloudFront saw it, and never what somebody writes into a header."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from tests.admin.test_handler import CONTEXT, event
from tests.aws_mock import ENVIRON, REGION, World

from admin import app
from gateway.admin.viewer import HEADER, group, viewer
from gateway.settings import SettingsError

SECRET = "kQ8zR2Lm0vX5nT7wB3yH6mD9cF1gJ4pS8uA2eW6i"
EDGE, VIEWER = "130.176.1.9", "203.0.113.7"


@pytest.fixture
def environ(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name="origin", SecretString=SECRET)
    for name, value in {**ENVIRON, "ORIGIN_SECRET_ARN": "origin"}.items():
        monkeypatch.setenv(name, value)
    app._mangum.cache_clear()


def counted(world: World, peer: str, **headers: str) -> set[str]:
    """The addresses under which a bad sign-in is counted."""
    body = json.dumps({"username": "nobody", "password": "wrong"})
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    asked: dict[str, Any] = event("POST", "/api/auth/login", body, **given)
    asked["requestContext"]["identity"]["sourceIp"] = peer
    assert app.handler(asked, CONTEXT)["statusCode"] == 401
    marks = [item["pk"]["S"] for item in world.items("state") if item["pk"]["S"].startswith("login#address#")]
    return {mark.removeprefix("login#address#") for mark in marks}


@pytest.mark.usefixtures("environ")
@pytest.mark.parametrize(
    "forwarded", [f"{VIEWER}, {EDGE}", VIEWER, f"198.51.100.1, {VIEWER}, {EDGE}", f"{EDGE}, x, {VIEWER}, {EDGE}"]
)
def test_through_cloudfront_the_viewer_counts_whatever_was_written_before(world: World, forwarded: str) -> None:
    assert counted(world, EDGE, x_origin_verify=SECRET, x_forwarded_for=forwarded) == {VIEWER}


@pytest.mark.usefixtures("environ")
@pytest.mark.parametrize(
    "given", [{}, {"x_origin_verify": ""}, {"x_origin_verify": SECRET[:-1]}, {"x_origin_verify": "é"}]
)
def test_straight_to_the_api_nobody_chooses_an_address(world: World, given: dict[str, str]) -> None:
    assert counted(world, VIEWER, x_forwarded_for="198.51.100.1, 198.51.100.2", **given) == {VIEWER}


@pytest.mark.usefixtures("environ")
def test_the_audit_log_names_the_viewer_and_nothing_names_the_secret(world: World) -> None:
    world.login()
    body = json.dumps({"username": "admin", "password": "wrong"})
    asked = event("POST", "/api/auth/login", body, **{HEADER: SECRET, "x-forwarded-for": f"{VIEWER}, {EDGE}"})
    asked["requestContext"]["identity"]["sourceIp"] = EDGE
    app.handler(asked, CONTEXT)
    entries = [item["data"]["S"] for item in world.items("config") if item["pk"]["S"].startswith("audit#")]
    assert any(f'"{VIEWER}"' in entry for entry in entries)
    assert SECRET not in repr(entries)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("", EDGE),
        (" ", EDGE),
        ("unknown", EDGE),
        (EDGE, EDGE),
        ("2001:db8::1", "2001:db8::1"),
        (f"1.2.3.4 ,{EDGE}", "1.2.3.4"),
    ],
)
def test_without_a_readable_hop_it_is_the_peer(forwarded: str, address: str) -> None:
    assert viewer(forwarded, EDGE) == address


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0db8:0001:0002::ffff", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_customer_is_one_whatever_the_last_half(address: str, counted_as: str) -> None:
    assert group(address) == counted_as


@pytest.mark.parametrize("value", ["", "short", "x" * 48, "change-me-change-me-change-me-change-me"])
def test_an_unfit_secret_stops_the_start(world: World, value: str) -> None:
    client = boto3.client("secretsmanager", region_name=REGION)
    client.create_secret(Name="origin", SecretString=value or " ")
    with pytest.raises(SettingsError, match="ORIGIN_SECRET_ARN"):
        app.create_app({**ENVIRON, "ORIGIN_SECRET_ARN": "origin"}, world.clock)
