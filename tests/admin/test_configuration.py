"""Providers, their keys, models and routes: the happy paths, what is refused, stale edits, and what is published."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable

import boto3
import pytest
from tests.admin.conftest import Api
from tests.aws_mock import REGION, World

from gateway.admin.price_schemas import PriceIO
from gateway.aws.envelope import data_key_blob, unseal
from gateway.neutral.config import Release
from gateway.stores.releases import Releases
from gateway.stores.tables import bind

SECRET = "sk-proj-abcdefghijklmnop1234"


def in_force(world: World) -> Release:
    releases = Releases(bind(world.services.settings), world.clock)
    found = releases.read(releases.pointer().release)
    assert found is not None
    return found[0]


def test_a_provider_from_birth_to_death(api: Api, world: World) -> None:
    made = api("POST", "providers", {"id": "openai", "kind": "openai", "name": "  Open AI "})
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["base_url"], body["effective_base_url"]) == (
        "Open AI",
        None,
        "https://api.openai.com/v1",
    )
    assert (body["version"], made.headers["etag"]) == (1, '"1"')
    assert api("GET", "providers").json() == {"items": [body], "next_cursor": None, "total": 1}
    assert api("GET", "providers/openai").json() == body
    changed = api("PATCH", "providers/openai", {"active": False, "timeouts": {"idle": 30}}, if_match='"1"')
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["timeouts"] == {"connect": 5.0, "first_byte": 300.0, "idle": 30.0, "total": 890.0}
    assert in_force(world).providers[0].active is False
    assert api("DELETE", "providers/openai", if_match='"2"').status_code == 204
    assert api("GET", "providers/openai").status_code == 404
    assert in_force(world) == Release()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"id": "a/b"}, "id"),
        ({"id": ""}, "id"),
        ({"id": ".."}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "x" * 129}, "id"),
        ({"id": 5}, "id"),
        ({"kind": "nonsense"}, "kind"),
        ({"kind": "vllm"}, "base_url"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"active": "yes"}, "active"),
        ({"surprise": 1}, "surprise"),
        ({"version": 7}, "version"),
        ({"extra_headers": {"Authorization": "x"}}, "extra_headers"),
        ({"extra_headers": {"X-Api-Key": "x"}}, "extra_headers"),
        ({"extra_headers": {"x-a": "1\r\nx-b: 2"}}, "extra_headers"),
        ({"extra_headers": {"x a": "1"}}, "extra_headers"),
        ({"extra_headers": {"x-a": "1", "X-A": "2"}}, "extra_headers"),
        ({"timeouts": {"idle": 0}}, "timeouts.idle"),
        ({"timeouts": {"total": 901}}, "timeouts.total"),
        ({"timeouts": {"soon": 1}}, "timeouts.soon"),
        ({"allow_private": True}, "allow_private"),
    ],
)
def test_a_provider_that_does_not_fit_is_refused(api: Api, world: World, body: dict[str, object], field: str) -> None:
    answer = api("POST", "providers", {"id": "p", "kind": "openai", **body})
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["field"] == field
    assert world.configuration() == []


def test_a_stale_edit_is_refused_and_changes_nothing(api: Api, openai: str) -> None:
    assert api("PATCH", "providers/openai", {"name": "One"}, if_match='"1"').status_code == 200
    for tag in ('"1"', '"99"', "nonsense", 'W/"1"', '"1", "2"'):
        assert api("PATCH", "providers/openai", {"name": "Two"}, if_match=tag).status_code == 412
        assert api("DELETE", "providers/openai", if_match=tag).status_code == 412
    assert api("GET", "providers/openai").json()["name"] == "One"
    assert api("PATCH", "providers/openai", {"name": "Three"}, if_match="*").status_code == 200


def test_a_second_of_the_same_id_is_a_conflict(api: Api, openai: str) -> None:
    answer = api("POST", "providers", {"id": "openai", "kind": "groq"})
    assert (answer.status_code, answer.json()["error"]["type"]) == (409, "conflict")
    assert api("GET", "providers/openai").json()["kind"] == "openai"


def test_null_clears_only_what_may_be_empty(api: Api, openai: str) -> None:
    assert api("PATCH", "providers/openai", {"base_url": None}).status_code == 200
    answer = api("PATCH", "providers/openai", {"name": None})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "name")


def test_a_secret_is_sealed_to_its_id_and_never_comes_out(api: Api, world: World, openai: str) -> None:
    made = api("POST", "providers/openai/keys", {"value": f" {SECRET}\n"})
    assert made.status_code == 201
    key = made.json()
    assert (key["hint"], key["source"]) == ("sk-****1234", "sealed")
    assert api("GET", "providers/openai").json()["keys"] == [key]
    everything = json.dumps(world.items("config"), default=repr) + made.text + api("GET", "providers").text
    assert SECRET not in everything
    sealed = in_force(world).providers[0].keys[0].sealed
    assert sealed is not None
    context = {"purpose": "upstream-key", "key_id": key["id"]}
    kms = boto3.client("kms", region_name=REGION)
    data_key = kms.decrypt(CiphertextBlob=data_key_blob(sealed), EncryptionContext=context)["Plaintext"]
    assert unseal(sealed, data_key=data_key, context=context).decode() == SECRET
    assert len(b64decode(sealed.nonce)) == 12
    with pytest.raises(kms.exceptions.ClientError):
        kms.decrypt(CiphertextBlob=data_key_blob(sealed), EncryptionContext={**context, "key_id": "other"})


@pytest.mark.parametrize(
    ("secret", "hint"),
    [("sk-12345678", "****"), ("sk-123456789", "sk-****6789"), ("AIzaSyA-abcdefgh9876", "****9876"), ("x", "****")],
)
def test_hints(api: Api, openai: str, secret: str, hint: str) -> None:
    assert api("POST", "providers/openai/keys", {"value": secret}).json()["hint"] == hint


ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:openai-AbCdEf"


def test_a_key_can_be_a_reference_and_be_replaced(api: Api, world: World, openai: str) -> None:
    key = api("POST", "providers/openai/keys", {"reference": ARN, "weight": 3}).json()
    assert (key["source"], key["reference"]) == ("reference", ARN)
    path = f"providers/openai/keys/{key['id']}"
    changed = api("PATCH", path, {"value": SECRET, "active": False}, if_match='"1"').json()
    assert (changed["source"], changed["reference"], changed["active"], changed["weight"]) == ("sealed", None, False, 3)
    assert api("PATCH", path, {"weight": 1}, if_match='"1"').status_code == 412
    assert api("DELETE", path, if_match='"2"').status_code == 204
    assert api("DELETE", path).status_code == 404
    assert in_force(world).providers[0].keys == ()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"value": ""},
        {"value": "  "},
        {"value": "two words"},
        {"value": "sk-\u00e9\u00e9\u00e9secret"},
        {"value": "sk-a\r\nx-b: 1"},
        {"value": SECRET, "reference": ARN},
        {"reference": "arn:aws:iam::123456789012:role/x"},
        {"reference": "openai"},
        {"value": SECRET, "weight": -1},
        {"value": SECRET, "daily_quota": -1},
        {"value": SECRET, "sealed": {}},
        {"value": SECRET, "hint": "x"},
    ],
)
def test_a_key_that_does_not_fit_is_refused_without_repeating_it(
    api: Api, openai: str, body: dict[str, object]
) -> None:
    answer = api("POST", "providers/openai/keys", body)
    assert answer.status_code == 422
    assert SECRET not in answer.text
    assert "secret" not in answer.text.replace("secretsmanager", "")


def test_a_key_of_another_provider_is_not_found(api: Api, openai: str) -> None:
    api("POST", "providers", {"id": "groq", "kind": "groq"})
    key = api("POST", "providers/openai/keys", {"value": SECRET}).json()["id"]
    assert api("PATCH", f"providers/groq/keys/{key}", {"active": False}).status_code == 404
    assert api("DELETE", f"providers/groq/keys/{key}").status_code == 404
    assert api("POST", "providers/nobody/keys", {"value": SECRET}).status_code == 404
    assert api("GET", "providers/nobody/keys").status_code == 404


def test_deleting_a_provider_takes_its_keys_along(api: Api, world: World, openai: str) -> None:
    api("POST", "providers/openai/keys", {"value": SECRET})
    assert api("DELETE", "providers/openai").status_code == 204
    assert [item for item in world.items("config") if item["pk"]["S"].startswith("entity#")] == []


def test_a_provider_in_use_names_its_users(api: Api, openai: str) -> None:
    for number in range(7):
        assert api("POST", "models", {"id": f"m{number}", "provider": "openai"}).status_code == 201
    route = {"id": "smart", "targets": [{"provider": "openai", "model": "gpt-4o"}]}
    assert api("POST", "routes", route).status_code == 201
    answer = api("DELETE", "providers/openai")
    assert answer.status_code == 409
    assert "7 models (m0, m1, m2, m3, m4 and 2 more) and 1 route (smart)" in answer.json()["error"]["message"]
    assert api("DELETE", "routes/smart").status_code == 204
    for number in range(7):
        assert api("DELETE", f"models/m{number}").status_code == 204
    assert api("DELETE", "providers/openai").status_code == 204


def test_a_model_from_birth_to_death(api: Api, world: World, openai: str) -> None:
    price = {"input": "0.15", "output": "0.6", "cache_read": "0.0375", "request": "0.000001"}
    made = api("POST", "models", {"id": "team/a:b", "provider": "openai", "upstream_model": "gpt-x", "price": price})
    assert made.status_code == 201, made.text
    assert made.json()["price"] == {
        **dict.fromkeys(PriceIO.model_fields),
        **price,
        "tiers": [],
    }
    stored = in_force(world).models[0].price
    assert stored is not None
    assert (stored.input, stored.output, stored.cache_read, stored.request) == (150_000, 600_000, 37_500, 1_000_000)
    assert api("GET", "models/team/a:b").json() == made.json()
    assert api("GET", "models/team%2Fa:b").json() == made.json()
    patch = {"price": None, "upstream_model": None, "context_window": 1000}
    changed = api("PATCH", "models/team/a:b", patch, if_match='"1"').json()
    assert (changed["price"], changed["upstream_model"], changed["context_window"]) == (None, "team/a:b", 1000)
    assert api("DELETE", "models/team/a:b").status_code == 204


def test_tiers_come_back_in_order(api: Api, openai: str) -> None:
    tiers = [{"above": size, "input": "2", "output": "4"} for size in (400_000, 200_000)]
    made = api(
        "POST", "models", {"id": "m", "provider": "openai", "price": {"input": "1", "output": "2", "tiers": tiers}}
    )
    assert [tier["above"] for tier in made.json()["price"]["tiers"]] == [200_000, 400_000]
    twice = {"input": "1", "output": "2", "tiers": [tiers[0], tiers[0]]}
    assert api("PATCH", "models/m", {"price": twice}).json()["error"]["field"] == "price.tiers"


def test_what_the_catalog_knows_is_filled_in_and_what_is_given_wins(api: Api, openai: str) -> None:
    known = api("GET", "catalog?q=gpt-4o&kind=openai&limit=3").json()["items"]
    assert known[0]["upstream_model"] == "gpt-4o"
    filled = api("POST", "models", {"id": "house", "provider": "openai", "upstream_model": "gpt-4o"}).json()
    assert (filled["price"], filled["context_window"]) == (known[0]["price"], known[0]["context_window"])
    plain = api("POST", "models", {"id": "gpt-4o", "provider": "openai", "price": None, "context_window": 5}).json()
    assert (plain["price"], plain["context_window"]) == (None, 5)
    unknown = api("POST", "models", {"id": "no-such-model-xyz", "provider": "openai"}).json()
    assert (unknown["price"], unknown["context_window"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "nobody"}, "provider"),
        ({"id": "a//b"}, "id"),
        ({"id": "../x"}, "id"),
        ({"id": "x?y"}, "id"),
        ({"id": "x#y"}, "id"),
        ({"kind": "poetry"}, "kind"),
        ({"context_window": 0}, "context_window"),
        ({"context_window": 1.5}, "context_window"),
        ({"context_window": True}, "context_window"),
        ({"price": {"input": "1"}}, "price.output"),
        ({"price": {"input": "-1", "output": "1"}}, "price.input"),
        ({"price": {"input": "1e3", "output": "1"}}, "price.input"),
        ({"price": {"input": "NaN", "output": "1"}}, "price.input"),
        ({"price": {"input": 1.5, "output": "1"}}, "price.input"),
        ({"price": {"input": "0.0000001", "output": "1"}}, "price.input"),
        ({"price": {"input": "1", "output": "9999999999"}}, "price.output"),
        ({"price": {"input": "1", "output": "1", "free": "1"}}, "price.free"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(api: Api, openai: str, body: dict[str, object], field: str) -> None:
    answer = api("POST", "models", {"id": "m", "provider": "openai", **body})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), answer.text
    assert api("GET", "models/m").status_code == 404


def test_a_route_from_birth_to_death(api: Api, world: World, openai: str) -> None:
    plain = {"priority": 0, "weight": 1, "rules": None, "paused_until": None}
    targets = [{"provider": "openai", "model": "gpt-4o", **plain}]
    made = api("POST", "routes", {"id": "smart", "targets": targets})
    assert (made.status_code, made.json()["targets"], made.json()["strategy"]) == (201, targets, "priority")
    assert in_force(world).routes[0].id == "smart"
    for bad in ([], targets * 2, [{"provider": "nobody", "model": "x"}], [{"provider": "openai"}]):
        assert api("PATCH", "routes/smart", {"targets": bad}).status_code == 422, bad
    assert api("PATCH", "routes/smart", {"strategy": "astrology"}).status_code == 422
    assert api("PATCH", "routes/smart", {"active": False}, if_match='"1"').json()["version"] == 2
    assert api("DELETE", "routes/smart", if_match='"2"').status_code == 204


def test_lists_are_cut_into_pages_that_cover_everything_once(api: Api, openai: str) -> None:
    names = [f"m{number:02d}" for number in range(23)]
    for name in names:
        api("POST", "models", {"id": name, "provider": "openai", "kind": "embedding"})
    seen: list[str] = []
    cursor = ""
    while True:
        page = api("GET", f"models?limit=5{cursor}").json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == names
    assert [item["id"] for item in api("GET", "models?q=M1&limit=100").json()["items"]] == names[10:20]
    assert api("GET", "models?provider=nobody").json()["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", f"cursor={'x' * 600}", "q=" + "x" * 200])
def test_pages_have_limits(api: Api, query: str) -> None:
    assert api("GET", f"models?{query}").status_code == 422


@pytest.mark.parametrize("cursor", ["x", "%00", "bm90IG91cnM", "====", "MQ"])
def test_a_foreign_cursor_is_refused(api: Api, cursor: str) -> None:
    answer = api("GET", f"models?cursor={cursor}")
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "cursor")


def test_each_change_is_one_release_and_no_change_is_none(api: Api, openai: str) -> None:
    first = api("GET", "release").json()
    assert (first["number"], first["providers"], first["models"]) == (1, 1, 0)
    assert re.fullmatch(r"[0-9a-f]{64}", first["release"])
    assert api("PATCH", "providers/openai", {"active": True}).json()["version"] == 1
    assert api("GET", "release").json() == first
    api("PATCH", "providers/openai", {"active": False})
    second = api("GET", "release").json()
    assert (second["number"], second["release"] != first["release"]) == (2, True)
    api("PATCH", "providers/openai", {"active": True})
    third = api("GET", "release").json()
    assert (third["number"], third["release"]) == (3, first["release"]), "equal configurations have equal addresses"


def test_before_the_first_release(api: Api) -> None:
    empty = {"release": None, "number": 0, "updated_at": None, "created_by": None}
    counts = {"providers": 0, "models": 0, "routes": 0, "pending": 0}
    assert api("GET", "release").json() == {**empty, **counts, "publishing": "direct"}


def test_the_kinds_say_what_a_form_needs(api: Api) -> None:
    kinds = {row["kind"]: row for row in api("GET", "provider-kinds").json()["items"]}
    assert {"openai", "anthropic", "gemini", "openai_compatible"} <= set(kinds)
    assert kinds["openai"]["needs_key"] is True


def test_operators_cannot_decide_where_credentials_go(
    world: World, openai: str, user: Callable[[str], dict[str, str]]
) -> None:
    headers = user("operator")
    assert world.client.patch("/api/admin/providers/openai", json={"active": False}, headers=headers).status_code == 200
    for body in (
        {"base_url": "https://evil.example"},
        {"kind": "groq"},
        {"allow_private": True},
        {"extra_headers": {"x-a": "b"}},
    ):
        answer = world.client.patch("/api/admin/providers/openai", json=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]["type"]) == (403, "forbidden")
