"""What routes, providers and keys say about routing: kept as it was given, refused by name, cleared by null."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.admin.test_configuration import in_force
from tests.aws_mock import ENVIRON, World

from admin.app import apply_document
from gateway.admin.document import DocumentError
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Retry, Route, Share, Target
from gateway.neutral.config_reading import release_from_json
from gateway.neutral.parameters import RESERVED_PARAMETERS

SOON = 1_790_000_600_000
RULE = {"all": [{"field": "headers.x-team", "op": "eq", "value": "blue"}]}
TARGET = {"provider": "openai", "model": "gpt-4o"}
FULL: dict[str, Any] = {
    "id": "smart",
    "targets": [
        {**TARGET, "priority": 2, "weight": 0, "rules": RULE, "paused_until": SOON},
        {**TARGET, "priority": 0, "weight": 5, "rules": None, "paused_until": None},
    ],
    "strategy": "sticky",
    "active": True,
    "sticky_by": "user",
    "retry": {"attempts": 3, "base_seconds": 0.0, "max_seconds": 4.0, "retry_after_seconds": 0.5, "max_calls": 9},
    "on_disconnect": "drain",
    "hedge_seconds": 2.5,
    "canary": {**TARGET, "percent": 0.5, "by": "key"},
    "mirror": {**TARGET, "percent": 100.0, "by": "request"},
    "cache": {"mode": "semantic", "ttl_seconds": 60, "scope": "user", "threshold": 0.9, "embedding_model": "openai/e"},
    "guardrails": [],
}


def test_a_route_keeps_all_it_is_given(api: Api, world: World, openai: str) -> None:
    made = api("POST", "routes", FULL)
    assert made.status_code == 201, made.text
    assert made.json() == {**FULL, "built_in": False, "version": 1, "updated_at": made.json()["updated_at"]}
    assert in_force(world).routes == (
        Route(
            id="smart",
            targets=(
                Target("openai", "gpt-4o", 2, 0, RULE, SOON // 1000),
                Target("openai", "gpt-4o", 0, 5),
            ),
            strategy="sticky",
            sticky_by="user",
            retry=Retry(3, 0.0, 4.0, 0.5, 9),
            on_disconnect="drain",
            hedge_seconds=2.5,
            canary=Share("openai", "gpt-4o", 0.5, "key"),
            mirror=Share("openai", "gpt-4o", 100.0),
            cache=CacheRule("semantic", 60, "user", 0.9, "openai/e"),
        ),
    )
    same = {name: value for name, value in made.json().items() if name in FULL and name != "id"}
    again = api("PATCH", "routes/smart", same, if_match='"1"')
    assert (again.status_code, again.headers["etag"]) == (200, '"1"'), "what comes out goes in and changes nothing"


def test_null_clears_a_route_part_where_none_means_something(api: Api, openai: str) -> None:
    api("POST", "routes", FULL)
    cleared = dict.fromkeys(["retry", "hedge_seconds", "canary", "mirror", "cache"])
    answer = api("PATCH", "routes/smart", cleared, if_match='"1"').json()
    assert {name: answer[name] for name in cleared} == cleared
    assert (answer["strategy"], answer["sticky_by"], answer["targets"]) == ("sticky", "user", FULL["targets"])
    for name in ("targets", "strategy", "sticky_by", "on_disconnect", "active"):
        refused = api("PATCH", "routes/smart", {name: None})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, name)


@pytest.mark.parametrize(
    "strategy",
    ["priority", "round_robin", "weighted", "weighted_random", "cost", "latency", "usage", "sticky"],
)
def test_every_strategy_can_be_chosen(api: Api, openai: str, strategy: str) -> None:
    made = api("POST", "routes", {"id": "r", "targets": [TARGET], "strategy": strategy})
    assert (made.status_code, made.json()["strategy"]) == (201, strategy)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"strategy": "fallback"}, "strategy"),
        ({"sticky_by": "cookie"}, "sticky_by"),
        ({"on_disconnect": "wait"}, "on_disconnect"),
        ({"hedge_seconds": 0.05}, "hedge_seconds"),
        ({"hedge_seconds": 121}, "hedge_seconds"),
        ({"hedge_seconds": "2"}, "hedge_seconds"),
        ({"hedge_seconds": True}, "hedge_seconds"),
        ({"retry": {"attempts": 0}}, "retry.attempts"),
        ({"retry": {"attempts": 6}}, "retry.attempts"),
        ({"retry": {"attempts": 1.5}}, "retry.attempts"),
        ({"retry": {"max_calls": 0}}, "retry.max_calls"),
        ({"retry": {"max_calls": 21}}, "retry.max_calls"),
        ({"retry": {"base_seconds": -1}}, "retry.base_seconds"),
        ({"retry": {"base_seconds": 61}}, "retry.base_seconds"),
        ({"retry": {"max_seconds": 301}}, "retry.max_seconds"),
        ({"retry": {"retry_after_seconds": -0.1}}, "retry.retry_after_seconds"),
        ({"retry": {"jitter": 1}}, "retry.jitter"),
        ({"canary": {**TARGET, "percent": 0}}, "canary.percent"),
        ({"canary": {**TARGET, "percent": 100.1}}, "canary.percent"),
        ({"canary": {**TARGET}}, "canary.percent"),
        ({"canary": {**TARGET, "percent": 5, "by": "user"}}, "canary.by"),
        ({"canary": {**TARGET, "percent": 5, "provider": "nobody"}}, "canary.provider"),
        ({"mirror": {**TARGET, "percent": 5, "provider": "nobody"}}, "mirror.provider"),
        ({"mirror": {"provider": "openai", "percent": 5}}, "mirror.model"),
        ({"cache": {"mode": "fuzzy"}}, "cache.mode"),
        ({"cache": {"ttl_seconds": 0}}, "cache.ttl_seconds"),
        ({"cache": {"ttl_seconds": 604_801}}, "cache.ttl_seconds"),
        ({"cache": {"scope": "everybody"}}, "cache.scope"),
        ({"cache": {"threshold": 0.49}}, "cache.threshold"),
        ({"cache": {"threshold": 1.01}}, "cache.threshold"),
        ({"cache": {"shared": True}}, "cache.shared"),
        ({"cache": {"embedding_model": "nobody"}}, "cache.embedding_model"),
        ({"cache": {"embedding_model": "nobody/e"}}, "cache.embedding_model"),
        ({"cache": {"embedding_model": ""}}, "cache.embedding_model"),
        ({"targets": [TARGET, {**TARGET, "provider": "nobody"}]}, "targets[1].provider"),
        ({"targets": [TARGET, TARGET]}, "targets[1]"),
        ({"targets": [TARGET, {**TARGET, "weight": 3, "rules": {}}]}, "targets[1]"),
        ({"targets": [{**TARGET, "rules": RULE}, {**TARGET, "priority": 1, "rules": RULE}]}, "targets[1]"),
        ({"targets": [{**TARGET, "weight": -1}]}, "targets[0].weight"),
        ({"targets": [{**TARGET, "paused_until": SOON // 1000}]}, "targets[0].paused_until"),
        ({"targets": [{**TARGET, "paused_until": -1}]}, "targets[0].paused_until"),
        ({"targets": [{**TARGET, "rules": []}]}, "targets[0].rules"),
        ({"targets": [{**TARGET, "rules": {"sum": []}}]}, "targets[0].rules.sum"),
        (
            {"targets": [TARGET, {**TARGET, "rules": {"all": [RULE, {"field": "model", "op": "≈", "value": 1}]}}]},
            "targets[1].rules.all[1].op",
        ),
        ({"targets": [{**TARGET, "rules": {"field": "moon", "op": "eq", "value": 1}}]}, "targets[0].rules.field"),
        ({"targets": [{**TARGET, "rules": {"any": []}}]}, "targets[0].rules.any"),
        (
            {"targets": [{**TARGET, "rules": {"field": "model", "op": "in", "value": ["x" * 17_000]}}]},
            "targets[0].rules",
        ),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_route_that_does_not_fit_is_refused_by_name(
    api: Api, world: World, openai: str, body: dict[str, Any], field: str
) -> None:
    before = world.configuration()
    answer = api("POST", "routes", {"id": "r", "targets": [TARGET], **body})
    assert (answer.status_code, answer.json()["error"].get("field")) == (422, field), answer.text
    assert world.configuration() == before


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999", "123456789012345678901234567890", r'"\ud800"'])
def test_what_no_reader_of_a_release_could_take_is_refused(world: World, admin: dict[str, str], text: str) -> None:
    for path, body in (
        ("providers", '{"id": "p", "kind": "openai", "default_parameters": {"a": [%s]}}'),
        (
            "routes",
            '{"id": "r", "targets": [{"provider": "p", "model": "m", "rules": {"field": "model", "op": "eq", "value": %s}}]}',
        ),
    ):
        headers = {**admin, "content-type": "application/json"}
        answer = world.client.post(f"/api/admin/{path}", content=body % text, headers=headers)
        assert answer.status_code == 422, answer.text
    assert world.configuration() == []


def test_a_flat_list_of_rules_is_stored_in_the_one_shape(api: Api, world: World, openai: str) -> None:
    flat = {"logic": "or", "rules": [{"field": "Headers.X-Team", "operator": "eq", "value": "blue"}]}
    made = api("POST", "routes", {"id": "r", "targets": [{**TARGET, "rules": flat}]})
    assert made.status_code == 201, made.text
    stored = {"any": [{"field": "headers.x-team", "op": "eq", "value": "blue"}]}
    assert made.json()["targets"][0]["rules"] == stored == in_force(world).routes[0].targets[0].rules


def test_a_pause_is_kept_to_the_second_and_ends_with_null(api: Api, world: World, openai: str) -> None:
    paused = api("PATCH", "providers/openai", {"paused_until": SOON + 1}, if_match='"1"')
    assert paused.json()["paused_until"] == SOON + 1000, "rounded up: never called too early"
    assert in_force(world).providers[0].paused_until == SOON // 1000 + 1
    assert api("PATCH", "providers/openai", {"paused_until": SOON // 1000}).json()["error"]["field"] == "paused_until"
    ended = api("PATCH", "providers/openai", {"paused_until": None}, if_match='"2"').json()
    assert (ended["paused_until"], in_force(world).providers[0].paused_until) == (None, None)


def test_a_provider_keeps_defaults_and_denied_betas(api: Api, world: World) -> None:
    body = {
        "default_parameters": {
            "temperature": 0.2,
            "max_tokens": 1000,
            "prompt_cache_key": "x",
            "extra": {"a": [1, None]},
        },
        "denied_betas": ["context-1m-2025-08-07", "mcp-client-*", "*"],
    }
    made = api("POST", "providers", {"id": "p", "kind": "openai", **body}).json()
    assert {name: made[name] for name in body} == body
    stored = in_force(world).providers[0]
    assert (stored.default_parameters, list(stored.denied_betas)) == (body["default_parameters"], body["denied_betas"])
    changed = api("PATCH", "providers/p", {"default_parameters": {}, "denied_betas": []}, if_match='"1"').json()
    assert (changed["default_parameters"], changed["denied_betas"]) == ({}, [])
    for name in body:
        assert api("PATCH", "providers/p", {name: None}).json()["error"]["field"] == name


DEEP: Any = {"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}


@pytest.mark.parametrize(
    "parameters",
    [
        *({name: 1} for name in sorted(RESERVED_PARAMETERS)),
        {"MODEL": "x"},
        {"api_key": "x"},
        {"a": [{"Access-Token": "x"}]},
        {"metadata": {"password": "x"}},
        {"user": "sk-proj-abcdefghijklmnop1234"},
        {"a": "x" * 8200},
        {"a": DEEP},
        [1],
    ],
    ids=str,
)
def test_defaults_that_are_not_theirs_to_set_are_refused(api: Api, world: World, parameters: Any) -> None:
    answer = api("POST", "providers", {"id": "p", "kind": "openai", "default_parameters": parameters})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "default_parameters"), answer.text
    assert "sk-proj" not in answer.text
    assert world.configuration() == []


@pytest.mark.parametrize("flag", ["", "a b", "a*b", "a\n", "x" * 129, "\u00e4"])
def test_a_denied_beta_is_a_word(api: Api, flag: str) -> None:
    answer = api("POST", "providers", {"id": "p", "kind": "anthropic", "denied_betas": [flag]})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "denied_betas[0]")


def test_a_key_has_a_daily_quota(api: Api, world: World, openai: str) -> None:
    key = api("POST", "providers/openai/keys", {"value": "sk-0123456789", "daily_quota": 5000, "weight": 0}).json()
    assert (key["daily_quota"], key["weight"]) == (5000, 0)
    path = f"providers/openai/keys/{key['id']}"
    assert api("PATCH", path, {"daily_quota": None}).json()["error"]["field"] == "daily_quota"
    assert api("PATCH", path, {"daily_quota": 0}, if_match='"1"').json()["daily_quota"] == 0
    assert in_force(world).providers[0].keys[0].daily_quota == 0


def test_a_name_means_one_thing(api: Api, openai: str) -> None:
    hiding = api("POST", "routes", {"id": "openai/gpt-4o", "targets": [TARGET]})
    assert (hiding.status_code, hiding.json()["error"]["field"]) == (422, "id")
    assert api("POST", "routes", {"id": "team/smart", "targets": [TARGET]}).status_code == 201
    late = api("POST", "providers", {"id": "team", "kind": "groq"})
    assert (late.status_code, late.json()["error"]["field"]) == (422, "id")
    assert api("POST", "providers", {"id": "tea", "kind": "groq"}).status_code == 201


def test_a_provider_that_only_a_share_uses_is_in_use(api: Api, openai: str) -> None:
    api("POST", "providers", {"id": "groq", "kind": "groq"})
    share = {"provider": "groq", "model": "m", "percent": 1}
    for name in ("canary", "mirror"):
        assert api("POST", "routes", {"id": name, "targets": [TARGET], name: share}).status_code == 201
        refused = api("DELETE", "providers/groq")
        assert (refused.status_code, name in refused.json()["error"]["message"]) == (409, True)
        api("DELETE", f"routes/{name}")
    assert api("DELETE", "providers/groq").status_code == 204


DOCUMENT = f"""
providers:
  - id: openai
    kind: openai
    default_parameters: {{temperature: 0.2}}
    denied_betas: [mcp-*]
    paused_until: {SOON}
    keys: [{{id: main, value: sk-0123456789, daily_quota: 100, weight: 0}}]
routes:
  - {json.dumps(FULL)}
"""


def test_the_document_says_the_same_and_twice_is_once(world: World, api: Api) -> None:
    first = apply_document(ENVIRON, DOCUMENT, "c.yaml")
    assert apply_document(ENVIRON, DOCUMENT, "c.yaml").number == first.number
    route = api("GET", "routes/smart").json()
    assert {name: route[name] for name in FULL} == FULL
    provider = api("GET", "providers/openai").json()
    assert (provider["default_parameters"], provider["denied_betas"]) == ({"temperature": 0.2}, ["mcp-*"])
    assert (provider["paused_until"], provider["keys"][0]["daily_quota"]) == (SOON, 100)
    written = {name: route[name] for name in FULL}
    assert apply_document(ENVIRON, json.dumps({"routes": [written]}), "c.json").number == first.number, "round trip"
    quota = DOCUMENT.replace("daily_quota: 100", "daily_quota: 200")
    assert apply_document(ENVIRON, quota, "c.yaml").number == first.number + 1


RULES = """providers: [{id: a, kind: openai}]
routes:
 - id: r
   targets:
    - provider: a
      model: m
      rules:
        any:
        - {field: model, op: eq, value: x}
        - {field: model, op: nope, value: x}
"""
SHARE = """providers: [{id: a, kind: openai}]
routes:
 - id: r
   targets: [{provider: a, model: m}]
   canary: {provider: b, model: m, percent: 1}
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "providers:\n - {id: a, kind: openai, default_parameters: {stream: true}}",
            "c.yaml:2: providers[0].default_p",
        ),
        (
            "providers:\n - {id: a, kind: openai, default_parameters: {a: 2026-01-01}}",
            "c.yaml:2: providers[0].default_p",
        ),
        (RULES, "c.yaml:10: routes[0].targets[0].rules.any[1].op: "),
        (
            "routes:\n - {id: r, targets: [{provider: a, model: m, colour: red}]}",
            "c.yaml:2: routes[0].targets[0].colour: ",
        ),
        (SHARE, "c.yaml:5: routes[0].canary.provider: "),
        (
            "providers: [{id: a, kind: openai}]\nroutes:\n - {id: a/m, targets: [{provider: a, model: m}]}",
            "c.yaml:3: routes[0].id: ",
        ),
    ],
)
def test_the_document_names_the_line_of_a_fault(world: World, text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        apply_document(ENVIRON, text, "c.yaml")
    assert str(caught.value).startswith(message), str(caught.value)


# As they were stored before routes had rules: none of the later members is there.
OLD_ROUTE = '{"active": true, "id": "old", "strategy": "priority", "targets": [{"model": "m", "priority": 0, "provider": "openai", "weight": 1}]}'
OLD_PROVIDER = (
    '{"active": true, "allow_private": false, "extra_headers": {}, "id": "openai", "keys": [], "kind": "openai", "name": "o", '
    '"timeouts": {"connect": 5.0, "first_byte": 300.0, "idle": 120.0, "total": 890.0}}'
)


def test_what_was_stored_before_these_fields_still_loads(api: Api, world: World) -> None:
    for kind, name, data in (("provider", "openai", OLD_PROVIDER), ("route", "old", OLD_ROUTE)):
        item = {"pk": f"entity#{kind}", "sk": name, "data": data}
        values = {key: {"S": value} for key, value in item.items()} | {"version": {"N": "3"}, "updated_at": {"N": "5"}}
        world.dynamodb.put_item(TableName="config", Item=values)
    route = api("GET", "routes/old").json()
    assert (route["sticky_by"], route["retry"], route["targets"][0]["rules"], route["version"]) == (
        "auto",
        None,
        None,
        3,
    )
    provider = api("GET", "providers/openai").json()
    assert (provider["default_parameters"], provider["paused_until"], provider["denied_betas"]) == ({}, None, [])
    assert api("PATCH", "routes/old", {"hedge_seconds": 1}, if_match='"3"').json()["version"] == 4
    old = release_from_json({"format": 1, "providers": [json.loads(OLD_PROVIDER)], "routes": [json.loads(OLD_ROUTE)]})
    assert old.routes[0] == Route("old", (Target("openai", "m"),))
    assert old.providers[0].paused_until is None
