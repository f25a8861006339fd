"""A document that is wrong anywhere writes nothing at all: what is stored and what is in force stay as they were, to the byte."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import EndpointConnectionError
from tests.admin.conftest import Api
from tests.aws_mock import ENVIRON, World

from admin.app import apply_document
from gateway.admin.applying import apply
from gateway.admin.document import DocumentError
from gateway.admin.document_text import parse
from gateway.stores.versioned import Outdated, Versioned

BEFORE = """
providers:
  - {id: p1, kind: openai, keys: [{id: main, value: sk-first-first-0001}]}
  - {id: p2, kind: groq}
models:
  - {id: m1, provider: p1, price: {input: 1, output: 2}}
routes:
  - {id: r1, targets: [{provider: p1, model: m1}]}
  - {id: late/r, targets: [{provider: p1, model: m1}]}
keys:
  - {name: k1, value: sk-gw-first-first-first}
"""
# Changes every section of the above; whatever is put in besides is at fault.
CHANGED: dict[str, list[dict[str, Any]]] = {
    "providers": [
        {"id": "p1", "kind": "openai", "active": False, "keys": [{"id": "main", "value": "sk-other-other-0002"}]},
        {"id": "p3", "kind": "mistral", "api_key": "sk-third-third-0003"},
    ],
    "models": [{"id": "m1", "provider": "p3", "price": {"input": "3", "output": "4"}}, {"id": "m2", "provider": "p1"}],
    "routes": [
        {"id": "r1", "strategy": "cost", "targets": [{"provider": "p3", "model": "m1"}]},
        {"id": "r2", "targets": [{"provider": "p1", "model": "m2"}]},
    ],
    "keys": [{"name": "k1", "value": "sk-gw-first-first-first", "active": False}, {"name": "k2"}],
}
TARGET = {"provider": "p1", "model": "m"}
URL = {"kind": "openai_compatible", "base_url": "https://93.184.216.34/v1"}
FAULTS: list[tuple[str, dict[str, Any], str]] = [
    # a value that does not fit its field
    ("providers", {"id": "x", "kind": "openai", "colour": 1}, "providers[2].colour"),
    ("models", {"id": "x", "provider": "p1", "price": {"input": "cheap", "output": "1"}}, "models[2].price.input"),
    ("routes", {"id": "x", "targets": []}, "routes[2].targets"),
    ("keys", {"name": "x", "valid_until": "soon"}, "keys[2].valid_until"),
    # providers
    ("providers", {"id": "x", "kind": "nonsense"}, "providers[2].kind"),
    ("providers", {"id": "x", "kind": "vllm"}, "providers[2].base_url"),
    ("providers", {"id": "x", "kind": "vllm", "base_url": "http://10.0.0.1/v1"}, "providers[2].base_url"),
    ("providers", {"id": "x", "kind": "vllm", "base_url": "https://inside.example/v1"}, "providers[2].base_url"),
    ("providers", {"id": "x", "allow_private": True, **URL}, "providers[2].allow_private"),
    ("providers", {"id": "p1", "kind": "openai"}, "providers[2].id"),
    ("providers", {"id": "late", "kind": "openai"}, "providers[2].id"),
    ("providers", {"id": "x", "kind": "openai", "api_key_env": "NOT_SET"}, "providers[2].api_key_env"),
    ("providers", {"id": "x", "kind": "openai", "keys": [{"env": "NOT_SET"}]}, "providers[2].keys[0]"),
    ("providers", {"id": "x", "kind": "openai", "keys": [{"value": "a b"}]}, "providers[2].keys[0].value"),
    (
        "providers",
        {"id": "x", "kind": "openai", "keys": [{"id": "a", "value": "sk-1"}, {"id": "a", "value": "sk-2"}]},
        "providers[2].keys[1].id",
    ),
    # models
    ("models", {"id": "x", "provider": "nobody"}, "models[2].provider"),
    ("models", {"id": "m2", "provider": "p1"}, "models[2].id"),
    ("models", {"id": "x", "provider": "p1", "price": {"input": "0.0000000001", "output": "1"}}, "models[2].price"),
    # routes
    ("routes", {"id": "x", "targets": [{"provider": "nobody", "model": "m"}]}, "routes[2].targets[0].provider"),
    ("routes", {"id": "x", "targets": [TARGET, TARGET]}, "routes[2].targets[1]"),
    (
        "routes",
        {"id": "x", "targets": [{**TARGET, "rules": {"field": "model", "op": "regex", "value": "(?=a)"}}]},
        "routes[2].targets[0].rules.value",
    ),
    (
        "routes",
        {"id": "x", "targets": [TARGET], "canary": {"provider": "nobody", "model": "m", "percent": 1}},
        "routes[2].canary.provider",
    ),
    (
        "routes",
        {"id": "x", "targets": [TARGET], "mirror": {"provider": "nobody", "model": "m", "percent": 1}},
        "routes[2].mirror.provider",
    ),
    ("routes", {"id": "p3/m", "targets": [TARGET]}, "routes[2].id"),
    ("routes", {"id": "r1", "targets": [TARGET]}, "routes[2].id"),
    # virtual keys
    ("keys", {"name": "x", "env": "NOT_SET"}, "keys[2]"),
    ("keys", {"name": "x", "value": "short"}, "keys[2].value"),
    ("keys", {"name": "x", "value": "sk-gw-first-first-first"}, "keys[2].value"),
    ("keys", {"name": "x", "ip_allow": ["here"]}, "keys[2].ip_allow"),
    ("keys", {"name": "k2"}, "keys[2].name"),
]


def stored(world: World) -> Any:
    return {table: world.items(table) for table in ("config", "keys")}


def with_fault(section: str, fault: dict[str, Any]) -> str:
    return json.dumps({**CHANGED, section: [*CHANGED[section], fault]}, indent=1)


def lines_of(text: str, section: str) -> range:
    """The lines of a section's third entry."""
    lines = text.splitlines()
    begin = lines.index(f' "{section}": [')
    first = [at for at, line in enumerate(lines) if at > begin and line == "  {"][2]
    last = next(at for at, line in enumerate(lines) if at > first and line == "  }")
    return range(first + 1, last + 2)


@pytest.fixture
def before(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is stored after a first document; every name is an address of a private network. Sign in after it: it puts back all tables."""
    world.once("document", lambda: apply_document(ENVIRON, BEFORE, "before.yaml"))
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.9", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: found)
    return stored(world)


@pytest.mark.parametrize(
    ("section", "fault", "path"), FAULTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_no_fault_leaves_a_trace(world: World, before: Any, section: str, fault: dict[str, Any], path: str) -> None:
    text = with_fault(section, fault)
    with pytest.raises(DocumentError) as caught:
        apply_document(ENVIRON, text, "c.yaml")
    name, line, place = str(caught.value).split(":", 2)
    assert (name, place.startswith(f" {path}")) == ("c.yaml", True), str(caught.value)
    assert int(line) in lines_of(text, section), "a line of the fault"
    assert stored(world) == before


def test_without_the_fault_every_section_changes(world: World, before: Any) -> None:
    applied = apply_document(ENVIRON, json.dumps(CHANGED), "c.json")
    assert (applied.number, list(applied.generated)) == (2, ["k2"])
    after = stored(world)
    assert all(after[table] != before[table] for table in after)
    again = apply_document(ENVIRON, json.dumps(CHANGED), "c.json")
    assert (again.number, again.generated, stored(world)) == (2, {}, after)


def test_an_unrelated_edit_publishes_nothing_of_a_refused_document(before: Any, api: Api) -> None:
    for section, fault, _path in (FAULTS[0], FAULTS[18], FAULTS[-5]):
        with pytest.raises(DocumentError):
            apply_document(ENVIRON, with_fault(section, fault), "c.yaml")
    assert api("PATCH", "providers/p2", {"name": "other"}, if_match='"1"').status_code == 200
    assert api("GET", "providers/p1").json()["active"] is True
    assert api("GET", "release").json()["providers"] == 2


def test_a_lost_key_service_leaves_no_trace(world: World, before: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are sealed before the first write, too."""
    vault = world.services.editors.upstream_keys._vault

    def lost(*_args: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://kms.example")

    monkeypatch.setattr(world.services.editors.upstream_keys, "_vault", type(vault)(lost, vault.hasher))
    with pytest.raises(EndpointConnectionError):
        apply(parse(json.dumps(CHANGED), "c.json"), world.services.editors, {})
    assert stored(world) == before


def test_a_key_is_not_made_while_its_secret_could_be_lost(
    world: World, before: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    editors = world.services.editors

    def lost(*_release: Any) -> None:
        raise Outdated

    monkeypatch.setattr(editors.rollbacks, "advance", lost)
    with pytest.raises(DocumentError, match="kept changing"):
        apply(parse("keys: [{name: fresh}]\nmodels: [{id: fresh, provider: p1}]", "c.yaml"), editors, {})
    assert stored(world) == before


def test_a_key_changed_by_others_meanwhile_is_read_again(world: World, before: Any) -> None:
    keys = world.services.editors.keys
    row = keys.named("k1")[0]
    stale = Versioned(row.value, row.version + 7, 0)
    reads = iter([stale])
    read = keys.store.by_digest
    with patch.object(keys.store, "by_digest", lambda digest: next(reads, None) or read(digest)):
        keys.keep(replace(row.value, name="renamed"), new=False)
    assert [found.value.digest for found in keys.named("renamed")] == [row.value.digest]
