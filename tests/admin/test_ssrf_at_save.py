"""No hostile address gets into the configuration: created, changed or imported, also where private upstreams are allowed (RELIABILITY S2)."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import ENVIRON, World
from tests.upstream_room.hostile import HOSTILE, NEVER, PRIVATE

from admin.app import apply_document
from gateway.admin.applying import apply
from gateway.admin.document import DocumentError
from gateway.admin.document_text import parse
from gateway.admin.editors import Editors
from gateway.admin.provider_editor import UrlRules

PUBLIC = "https://93.184.216.34/v1"
ALLOWED = {**ENVIRON, "ALLOW_PRIVATE_UPSTREAMS": "true"}
AZURE, AWS = "azure_openai", "bedrock"
KIND = "openai_compatible"


def entry(url: str, kind: str = KIND, *, private: bool = False) -> dict[str, Any]:
    return {"id": "hostile", "kind": kind, "base_url": url, "allow_private": private}


@pytest.fixture(autouse=True)
def _no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name is a public address, so that nothing but the URL itself can be the reason of a refusal."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: found)


@pytest.fixture
def willing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment that allows private upstreams."""
    monkeypatch.setattr(world.services.editors.providers, "_rules", UrlRules(private_allowed=True))


def accepted(api: Api, created: Sequence[str], changed: Sequence[str], *, private: bool) -> list[str]:
    """URLs that a new provider, or an old one, was allowed to have."""
    made = api("POST", "providers", {"id": "old", "kind": KIND, "base_url": PUBLIC, "allow_private": private})
    assert made.status_code == 201, made.text
    answers = [(url, api("POST", "providers", entry(url, private=private))) for url in created]
    answers += [(url, api("PATCH", "providers/old", {"base_url": url})) for url in changed]
    assert api("GET", "providers/old").json()["base_url"] == PUBLIC
    assert [item["id"] for item in api("GET", "providers").json()["items"]] == ["old"]
    assert {answer.json()["error"]["field"] for _, answer in answers if answer.status_code == 422} == {"base_url"}
    return [url for url, answer in answers if answer.status_code != 422]


def test_none_is_created_or_changed_to(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    changed = HOSTILE[::2]
    passed = accepted(api, HOSTILE, changed, private=False)
    with capsys.disabled():
        print(f"\nS2: {len(HOSTILE)} hostile URLs at create, {len(changed)} at update, {len(passed)} accepted")
    assert passed == []


@pytest.mark.usefixtures("willing")
def test_leave_for_private_upstreams_is_none_for_the_others(api: Api) -> None:
    assert accepted(api, NEVER[::3], NEVER[1::6], private=True) == []
    for url in PRIVATE[:3]:
        refused = api("POST", "providers", entry(url))
        assert refused.status_code == 422, "the deployment allows it, the provider does not ask"
        assert api("POST", "providers", {**entry(url, private=True), "id": f"p{PRIVATE.index(url)}"}).status_code == 201


def test_a_provider_that_asks_needs_the_deployments_leave(api: Api) -> None:
    for url in (PRIVATE[0], PUBLIC):
        refused = api("POST", "providers", entry(url, private=True))
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "allow_private")


def refused(url: str, editors: Editors) -> bool:
    """Whether a configuration document with this URL is refused, for the URL."""
    try:
        apply(parse(document(url), "config.json"), editors, {})
    except DocumentError as error:
        return "base_url" in str(error)
    return False


def test_none_is_imported(world: World, api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    passed = [url for url in HOSTILE if not refused(url, world.services.editors)]
    with capsys.disabled():
        print(f"\nS2: {len(HOSTILE)} hostile URLs in a configuration document, {len(passed)} accepted")
    assert passed == []
    assert api("GET", "providers").json()["items"] == []


def document(url: str, *, private: bool = False) -> str:
    return json.dumps({"providers": [entry(url, private=private)]})


@pytest.mark.usefixtures("world")
def test_an_import_with_leave_for_private_upstreams_keeps_metadata_shut() -> None:
    for environ, url in ((ALLOWED, NEVER[0]), (ALLOWED, "http://169.254.169.254/"), (ENVIRON, PRIVATE[0])):
        with pytest.raises(DocumentError):
            apply_document(environ, document(url, private=True), "config.json")
    apply_document(ENVIRON, document(PUBLIC), "config.json")
    apply_document(ALLOWED, document(PRIVATE[0], private=True), "config.json")


@pytest.mark.parametrize(
    ("kind", "template"),
    [(AZURE, "{}?api-version=2024-10-21"), (AWS, "{}"), (AWS, "{}/{{region}}")],
)
def test_templates_of_addresses_open_nothing(api: Api, kind: str, template: str) -> None:
    for url in HOSTILE[::5]:
        if not url:
            continue  # an empty one is the vendor's own
        base = template.format(url.rstrip("/"))
        answer = api("POST", "providers", entry(base, kind))
        assert answer.status_code == 422, base


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("127.0.0.1.nip.io", "127.0.0.1"),
        ("localtest.me", "::1"),
        ("169-254-169-254.sslip.io", "169.254.169.254"),
        ("metadata.example", "fd00:ec2::254"),
        ("mapped.example", "::ffff:10.0.0.1"),
        ("nat64.example", "64:ff9b::a9fe:a9fe"),
        ("zone.example", "fe80::1%2"),
    ],
)
def test_a_name_is_judged_by_what_it_resolves_to(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    rows = [(0, socket.SOCK_STREAM, 6, "", (found, 443)) for found in ("93.184.216.34", address)]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: rows)
    answer = api("POST", "providers", entry(f"https://{name}/v1"))
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "base_url")
    assert refused(f"https://{name}/v1", world.services.editors)
