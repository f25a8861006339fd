"""The configuration document: what it makes, that it can be applied again, and how it says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import ENVIRON, World

from admin.app import apply_document
from gateway.admin.document import DocumentError
from gateway.admin.document_text import parse

TEXT = """
providers:
  - id: openai
    kind: openai
    api_key_env: OPENAI_KEY
  - id: house
    kind: openai_compatible
    base_url: https://93.184.216.34/v1
    extra_headers: {x-team: a}
    timeouts: {idle: 30}
    keys:
      - {id: main, value: sk-house-main-0001}
      - {env: SPARE, active: false, weight: 2}
      - {secret_ref: "arn:aws:ssm:eu-central-1:123456789012:parameter/house"}
models:
  - {id: gpt-4o, provider: openai}
  - id: cheap
    provider: house
    upstream_model: qwen
    price: {input: 0.15, output: 1, cache_read: 1.0e-2}
routes:
  - {id: smart, targets: [{provider: openai, model: gpt-4o}]}
keys:
  - {name: fixed, value: sk-gw-fixed-fixed-fixed, allowed_models: [smart]}
  - {name: made}
"""
SECRETS = {**ENVIRON, "OPENAI_KEY": "sk-openai-000001", "SPARE": "sk-house-spare-0002"}


def test_it_makes_what_it_says(world: World, api: Api) -> None:
    applied = apply_document(SECRETS, TEXT, "config.yaml")
    assert (applied.number, list(applied.generated)) == (1, ["made"])
    assert applied.generated["made"] not in repr(applied)
    house = api("GET", "providers/house").json()
    assert [(key["id"], key["source"], key["active"], key["weight"]) for key in house["keys"]] == [
        ("house:2", "sealed", False, 2),
        ("house:3", "reference", True, 1),
        ("house:main", "sealed", True, 1),
    ]
    assert api("GET", "providers/openai").json()["keys"][0]["id"] == "openai:default"
    price = api("GET", "models/cheap").json()["price"]
    assert (price["input"], price["output"], price["cache_read"]) == ("0.15", "1", "0.01")
    assert api("GET", "models/gpt-4o").json()["price"] is not None, "prices come from the catalog"
    assert {item["name"] for item in api("GET", "keys").json()["items"]} == {"fixed", "made"}


def test_a_second_application_writes_nothing(world: World) -> None:
    first = apply_document(SECRETS, TEXT, "config.yaml")
    before = {table: world.items(table) for table in ("config", "keys")}
    again = apply_document(SECRETS, TEXT, "config.yaml")
    assert (again.release, again.number, again.generated) == (first.release, first.number, {})
    assert {table: world.items(table) for table in ("config", "keys")} == before


def test_a_changed_document_changes_what_it_names_and_leaves_the_rest(world: World, api: Api) -> None:
    apply_document(SECRETS, TEXT, "config.yaml")
    kept = api("GET", "models/gpt-4o").json()
    changed = "models: [{id: cheap, provider: house, upstream_model: qwen2, price: {input: 2, output: 3}}]"
    applied = apply_document(SECRETS, changed, "c.yaml")
    assert applied.number == 2
    assert api("GET", "models/cheap").json()["upstream_model"] == "qwen2"
    assert api("GET", "models/gpt-4o").json() == kept
    rotated = apply_document({**SECRETS, "OPENAI_KEY": "sk-openai-999999"}, TEXT, "config.yaml")
    assert rotated.number == 3
    assert api("GET", "providers/openai").json()["keys"][0]["hint"] == "sk-****9999"


def test_json_and_nothing_are_documents_too(world: World) -> None:
    assert parse(json.dumps({"providers": [{"id": "a", "kind": "openai"}]}), "c.json").document.providers[0].id == "a"
    assert apply_document(ENVIRON, "", "empty.yaml").number in {0, 1}
    assert apply_document(ENVIRON, "# only words\n", "empty.yaml").generated == {}


BAD = [
    ("providers: {", "c.yaml:1: not valid YAML"),
    ("a: [1\nb: 2", "c.yaml:2: not valid YAML"),
    ("- 1", "c.yaml:1: "),
    ("provider: []", "c.yaml:1: provider: "),
    ("providers: []\nproviders: []", "c.yaml:2: providers: is there twice"),
    ("models:\n  - id: a\n    provider: x", "c.yaml:3: models[0].provider: There is no provider 'x'"),
    ("models:\n  - {id: a b, provider: x}", "c.yaml:2: models[0].id: "),
    (
        "models:\n  - id: a\n    provider: o\n    price:\n      input: cheap\n      output: 1",
        "c.yaml:5: models[0].price.input: ",
    ),
    ("providers:\n  - id: a\n    kind: openai\n    colour: red", "c.yaml:4: providers[0].colour: "),
    ("providers:\n  - id: a\n    kind: nonsense", "c.yaml:3: providers[0].kind: There is no provider kind"),
    ("providers:\n  - id: a\n    kind: vllm\n    base_url: http://10.0.0.1/v1", "c.yaml:4: providers[0].base_url: "),
    (
        "providers:\n  - {id: a, kind: openai}\n  - {id: a, kind: openai}",
        "c.yaml:3: providers[1].id: 'a' is there twice",
    ),
    (
        "providers:\n  - id: a\n    kind: openai\n    api_key_env: NOT_SET",
        "c.yaml:4: providers[0].api_key_env: the environment variable NOT_SET",
    ),
    (
        "providers:\n  - id: a\n    kind: openai\n    keys: [{env: X, value: y}]",
        "c.yaml:4: providers[0].keys[0]: give exactly one",
    ),
    (
        "providers: [{id: a, kind: openai}]\n\nroutes:\n  - id: r\n    targets: [{provider: b, model: m}]",
        "c.yaml:5: routes[0].targets[0].provider: ",
    ),
    ("keys:\n  - {name: k, value: short}", "c.yaml:2: keys[0].value: "),
    ("keys:\n  - {name: k, ip_allow: [here]}", "c.yaml:2: keys[0].ip_allow: "),
    ("? [1]\n: 2", "c.yaml:1: : a name must be plain text"),
    ("when: 2020-99-99", "c.yaml:1: when"),
    ("x: !!python/object:os.system {}", "c.yaml:1: "),
    ("a: " + "[" * 60 + "]" * 60, "c.yaml:1: nested too deeply"),
    ("&a a: *a", "c.yaml"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_is_wrong_is_one_line_with_its_place(world: World, text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        apply_document(ENVIRON, text, "c.yaml")
    assert str(caught.value).startswith(message), str(caught.value)
    assert "\n" not in str(caught.value)
    assert not [item for item in world.items("config") if item["pk"]["S"] == "pointer"], "nothing is in force"


def test_growing_aliases_are_stopped() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]" for number in range(1, 9)]
    with pytest.raises(DocumentError, match="too large"):
        parse("\n".join(lines), "c.yaml")


def test_a_secret_is_never_in_a_message(world: World) -> None:
    for text in (
        "keys: [{name: k, value: [canary]}]",
        "providers: [{id: a, kind: openai, api_key: 'canary canary'}]",
        "providers: [{id: a, kind: openai, keys: [{value: canary, env: X}]}]",
    ):
        with pytest.raises(DocumentError) as caught:
            apply_document(ENVIRON, text, "c.yaml")
        assert "canary" not in str(caught.value)


def test_the_demo_document_is_one() -> None:
    demo = Path(__file__).parents[2] / "infra" / "local" / "demo.yaml"
    text = demo.read_text(encoding="utf-8").replace("${DEMO_UPSTREAM_URL}", "http://127.0.0.1:1")
    assert parse(text, demo.name).document.models
