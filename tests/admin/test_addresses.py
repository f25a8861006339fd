"""Where a provider may point: judged when it is saved; the proxy judges again at every connection."""

from __future__ import annotations

import pytest
from tests.admin.conftest import Api

from gateway.admin.errors import Invalid
from gateway.admin.provider_editor import UrlRules
from gateway.neutral.config import Provider
from gateway.providers import kinds


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "file:///etc/passwd",
        "example.com",
        "http://",
        "http://127.0.0.1:9000",
        "http://127.1/v1",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://localhost:11434/v1",
        "http://LOCALHOST./",
        "http://[::1]/v1",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.1.2.3/v1",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]/",
        "http://metadata.google.internal/",
        "https://user:pass@example.com/",
        "https://example.com@10.0.0.1/",
        "https://example.com/v1?key=1",
        "https://example.com/#x",
        "https://exa mple.com/",
        "https://example.com\\@10.0.0.1/",
        "https://example.com:0/",
        "https://example.com:99999/",
    ],
)
def test_an_address_that_must_not_be_reached_is_refused(api: Api, url: str) -> None:
    answer = api("POST", "providers", {"id": "p", "kind": "openai_compatible", "base_url": url})
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["field"] == "base_url"
    assert api("POST", "providers", {"id": "p", "kind": "openai"}).status_code == 201
    assert api("PATCH", "providers/p", {"base_url": url}).status_code == 422


def test_a_kind_that_lives_on_loopback_needs_leave(api: Api) -> None:
    assert api("POST", "providers", {"id": "ollama", "kind": "ollama"}).json()["error"]["field"] == "base_url"


@pytest.mark.parametrize(
    ("url", "allowed", "helps"),
    [
        ("http://127.0.0.1:8080/v1", True, True),
        ("http://10.1.2.3/v1", True, True),
        ("http://127.0.0.1:8080/v1", False, False),
        ("http://169.254.169.254/", True, False),
    ],
)
def test_what_would_help_a_server_of_ones_own_is_said_where_it_would(url: str, allowed: bool, helps: bool) -> None:
    with pytest.raises(Invalid) as refused:
        UrlRules(private_allowed=allowed).check(Provider("p", "p", "openai_compatible", url))
    assert ("allow_private" in refused.value.message) is helps


def test_a_name_that_resolves_to_a_private_address_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: rows)
    answer = api("POST", "providers", {"id": "p", "kind": "openai_compatible", "base_url": "https://rebind.example/v1"})
    assert answer.status_code == 422


def test_azures_address_may_carry_its_version_and_nothing_else(api: Api) -> None:
    for number, base in enumerate(("https://93.184.216.34", "https://93.184.216.34/openai?api-version=2024-10-21")):
        made = api("POST", "providers", {"id": f"az{number}", "kind": "azure_openai", "base_url": base})
        assert made.status_code == 201, made.json()
    for base in (
        "https://93.184.216.34/?api-key=secret",
        "https://93.184.216.34/?api-version=1&x=y",
        "https://10.0.0.1?api-version=1",
    ):
        answer = api("POST", "providers", {"id": "p", "kind": "azure_openai", "base_url": base})
        assert answer.json()["error"]["field"] == "base_url", base
    refused = api(
        "POST", "providers", {"id": "p", "kind": "openai", "base_url": "https://93.184.216.34/v1?api-version=1"}
    )
    assert refused.json()["error"]["field"] == "base_url"


def test_bedrock_needs_no_address_and_no_key(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.admin.provider_editor._check_addresses", lambda *_: None)  # asks no name server
    made = api("POST", "providers", {"id": "bedrock", "kind": "bedrock"})
    assert made.status_code == 201, made.json()
    for number, base in enumerate(
        ("https://bedrock-runtime.{region}.amazonaws.com", "https://bedrock-runtime.eu-west-1.amazonaws.com")
    ):
        assert api("POST", "providers", {"id": f"aws{number}", "kind": "bedrock", "base_url": base}).status_code == 201
    for base in ("https://{host}/", "https://169.254.169.254/{region}"):
        assert (
            api("POST", "providers", {"id": "p", "kind": "bedrock", "base_url": base}).json()["error"]["field"]
            == "base_url"
        )
    refused = api(
        "POST", "providers", {"id": "p", "kind": "openai_compatible", "base_url": "https://x.{region}.example"}
    )
    assert refused.json()["error"]["field"] == "base_url"


def test_every_kind_with_an_address_of_its_own_can_be_added(api: Api) -> None:
    for row in kinds():
        if row.base_url is not None and not row.base_url.startswith("http://127."):
            made = api("POST", "providers", {"id": row.kind.replace("_", "-"), "kind": row.kind})
            assert made.status_code == 201, (row.kind, made.json())
