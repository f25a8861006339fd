"""Every route that changes something leaves exactly one entry in the audit log, and no entry holds a secret. Generated from the routes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from tests.admin.conftest import Api
from tests.admin.test_registration import mode
from tests.aws_mock import PASSWORD, USERNAME, World

from gateway.admin.api import ROUTERS
from gateway.admin.changing import registering, trail_of
from gateway.admin.clients import client_trail
from gateway.neutral.config import key_digest

# Questions that are too large for a query or cost a provider something. They are proved to write nothing.
QUESTIONS = {
    "reload_models",
    "explain_plan",
    "plan_configuration",
    "probe_provider",
    "try_guardrail",
    "hub_discover_key",
}
# Going on with a session changes nothing that anybody decides, every quarter of an hour.
GOING_ON = {"refresh"}
# A sign-in has no signed-in user yet, and a sign-out may have none any more: they are told by their router.
SIGN_INS = {"login", "logout", "hub_login"}
# They end the session that they are asked with.
ENDING = {"logout", "logout_everywhere", "change_password"}

CANARIES = {
    "upstream": "sk-canary-upstream-000000000001",
    "second": "canary2upstream2secret2",
    "header": "canary3header3value3",
    "virtual": "sk-gw-canary4virtual4key4",
    "agent": "sk-canary5agent5000000000",
    "wrong": "canary6wrong6password6",
    "typed": "canary7password7as7name7",
    "named": "sk-canary8named8000000000",
    "document": "sk-canary-document-0000000010",
    "hub": "sk-canary-hub-0000000000000011",
}


@dataclass(frozen=True)
class Recipe:
    """How a route succeeds. `{x}` in a path is what an earlier answer's id was kept as."""

    path: str
    body: dict[str, Any] | None = None
    keep: str = ""
    action: str = ""
    subject: tuple[str, str] = ("", "")
    author: str = USERNAME
    undo: str = ""  # what is deleted again, so that the others find what they expect


_GOOD = "canary9good9pass9word"
_BUDGET = {"budgets": [{"period": "day", "usd": "5"}]}
# In this order: each may use what those before it made. A new mutating route needs a line here.
RECIPES: dict[str, Recipe] = {
    "create_provider": Recipe(
        "/api/admin/providers",
        {"id": "acme", "kind": "openai", "extra_headers": {"x-tenant-token": CANARIES["header"]}},
        action="create",
        subject=("provider", "acme"),
    ),
    "update_provider": Recipe(
        "/api/admin/providers/acme", {"name": CANARIES["named"]}, action="update", subject=("provider", "acme")
    ),
    "create_upstream_key": Recipe(
        "/api/admin/providers/acme/keys",
        {"value": CANARIES["upstream"]},
        keep="key",
        action="create",
        subject=("upstream_key", "{key}"),
    ),
    "update_upstream_key": Recipe(
        "/api/admin/providers/acme/keys/{key}",
        {"value": CANARIES["second"]},
        action="update",
        subject=("upstream_key", "{key}"),
    ),
    "revive_upstream_key": Recipe(
        "/api/admin/providers/acme/keys/{key}/revive", action="revive", subject=("upstream_key", "{key}")
    ),
    "close_breaker": Recipe(
        "/api/admin/providers/acme/targets/close", {"model": "m"}, action="close", subject=("target", "acme/m")
    ),
    "create_model": Recipe(
        "/api/admin/models", {"id": "house", "provider": "acme"}, action="create", subject=("model", "house")
    ),
    "update_model": Recipe(
        "/api/admin/models/house", {"display_name": "House"}, action="update", subject=("model", "house")
    ),
    "import_provider_models": Recipe(
        "/api/admin/providers/acme/import",
        {"models": [{"id": "gpt-4o", "as": "taken"}]},
        action="create",
        subject=("model", "taken"),
        undo="models/taken",
    ),
    "create_agent": Recipe(
        "/api/admin/agents", {"id": "reviewer", "temperature": 0.1}, action="create", subject=("agent", "reviewer")
    ),
    "update_agent": Recipe(
        "/api/admin/agents/reviewer", {"name": "Reviewer"}, action="update", subject=("agent", "reviewer")
    ),
    "delete_agent": Recipe("/api/admin/agents/reviewer", action="delete", subject=("agent", "reviewer")),
    "create_dialog": Recipe(
        "/api/v1/dialogs", {"title": "terms"}, keep="dialog", action="create", subject=("dialog", "{dialog}")
    ),
    "update_dialog": Recipe(
        "/api/v1/dialogs/{dialog}", {"system_prompt": "Short."}, action="update", subject=("dialog", "{dialog}")
    ),
    "delete_dialog": Recipe("/api/v1/dialogs/{dialog}", action="delete", subject=("dialog", "{dialog}")),
    "import_dialogs": Recipe("/api/v1/export/import", {"dialogs": [{"messages": []}]}, action="import"),
    "create_guardrail": Recipe(
        "/api/admin/guardrails",
        {"id": "no-cards", "kind": "pii", "pii": ["credit_card"], "notes": CANARIES["named"]},
        action="create",
        subject=("guardrail", "no-cards"),
    ),
    "update_guardrail": Recipe(
        "/api/admin/guardrails/no-cards", {"active": False}, action="update", subject=("guardrail", "no-cards")
    ),
    "delete_guardrail": Recipe("/api/admin/guardrails/no-cards", action="delete", subject=("guardrail", "no-cards")),
    "create_route": Recipe(
        "/api/admin/routes",
        {"id": "smart", "targets": [{"provider": "acme", "model": "house"}]},
        action="create",
        subject=("route", "smart"),
    ),
    "update_settings": Recipe(
        "/api/admin/settings", {"publishing": "draft"}, action="update", subject=("settings", "publishing")
    ),
    "update_route": Recipe("/api/admin/routes/smart", {"active": False}, action="update", subject=("route", "smart")),
    "publish_draft": Recipe("/api/admin/releases/draft/publish", action="publish"),
    "create_key": Recipe(
        "/api/admin/keys",
        {"name": CANARIES["virtual"], "limits": _BUDGET},
        keep="virtual",
        action="create",
        subject=("virtual_key", "{virtual}"),
    ),
    "update_key": Recipe(
        "/api/admin/keys/{virtual}", {"active": False}, action="update", subject=("virtual_key", "{virtual}")
    ),
    "reset_key_limit": Recipe(
        "/api/admin/keys/{virtual}/limits/reset",
        {"name": "day"},
        action="reset",
        subject=("virtual_key", "{virtual}"),
    ),
    "create_team": Recipe(
        "/api/admin/teams", {"id": "red", "limits": _BUDGET}, action="create", subject=("team", "red")
    ),
    "update_team": Recipe("/api/admin/teams/red", {"name": "Red"}, action="update", subject=("team", "red")),
    "reset_team_limit": Recipe(
        "/api/admin/teams/red/limits/reset", {"name": "day"}, action="reset", subject=("team", "red")
    ),
    "create_end_user": Recipe(
        "/api/admin/end-users", {"id": "ann", "limits": _BUDGET}, action="create", subject=("end_user", "ann")
    ),
    "update_end_user": Recipe(
        "/api/admin/end-users/ann", {"name": "Ann"}, action="update", subject=("end_user", "ann")
    ),
    "reset_end_user_limit": Recipe(
        "/api/admin/end-users/ann/limits/reset", {"name": "day"}, action="reset", subject=("end_user", "ann")
    ),
    "clear_cache": Recipe("/api/admin/cache?tenant=team%23red", action="clear", subject=("cache", "team#red")),
    "change_balance": Recipe(
        "/api/admin/end-users/ann/balance", {"amount": 5}, action="top_up", subject=("end_user", "ann")
    ),
    "change_owner_tokens": Recipe(
        "/api/v1/admin/users/ann/tokens", {"amount": -5}, action="deduct", subject=("end_user", "ann")
    ),
    "limit_owner_tokens": Recipe(
        "/api/v1/admin/users/ann/limits", {"limit": 9}, action="limit", subject=("end_user", "ann")
    ),
    "limit_balance": Recipe(
        "/api/admin/end-users/ann/balance", {"limit": 7}, action="limit", subject=("end_user", "ann")
    ),
    "stop_request": Recipe(
        "/api/admin/logs/req_01990000000070008000000000000000/stop",
        action="stop",
        subject=("request", "req_01990000000070008000000000000000"),
    ),
    "apply_configuration": Recipe(
        "/api/admin/configuration/apply",
        {"document": json.dumps({"providers": [{"id": "acme", "kind": "openai", "api_key": CANARIES["document"]}]})},
        action="apply",
        subject=("configuration", "document"),
    ),
    "hub_create_key": Recipe(
        "/v1/admin/keys",
        {"provider": "acme", "key_value": CANARIES["hub"], "name": "Of the hub"},
        keep="hub",
        action="create",
        subject=("upstream_key", "{hub}"),
    ),
    "hub_update_key": Recipe(
        "/v1/admin/keys/{hub}", {"is_active": False}, action="update", subject=("upstream_key", "{hub}")
    ),
    "hub_delete_key": Recipe("/v1/admin/keys/{hub}", action="delete", subject=("upstream_key", "{hub}")),
    "delete_end_user": Recipe("/api/admin/end-users/ann", action="delete", subject=("end_user", "ann")),
    "delete_team": Recipe("/api/admin/teams/red", action="delete", subject=("team", "red")),
    "delete_key": Recipe("/api/admin/keys/{virtual}", action="delete", subject=("virtual_key", "{virtual}")),
    "delete_route": Recipe("/api/admin/routes/smart", action="delete", subject=("route", "smart")),
    "delete_model": Recipe("/api/admin/models/house", action="delete", subject=("model", "house")),
    "delete_upstream_key": Recipe(
        "/api/admin/providers/acme/keys/{key}", action="delete", subject=("upstream_key", "{key}")
    ),
    "delete_provider": Recipe("/api/admin/providers/acme", action="delete", subject=("provider", "acme")),
    "roll_back": Recipe("/api/admin/releases/{release}/rollback", action="rollback", subject=("release", "{release}")),
    "change_many": Recipe(
        "/api/admin/bulk",
        {"noun": "provider", "ids": ["acme", "nobody"], "action": "deactivate"},
        action="deactivate",
        subject=("provider", "acme, nobody"),
    ),
    "discard_draft": Recipe("/api/admin/releases/draft/discard", action="discard", subject=("release", "{release}")),
    "create_playground_key": Recipe(
        "/api/admin/playground", keep="play", action="create", subject=("virtual_key", "{play}")
    ),
    "create_user": Recipe(
        "/api/admin/users",
        {"username": "kim", "password": _GOOD},
        keep="kim",
        action="create",
        subject=("user", "{kim}"),
    ),
    "change_password": Recipe(
        "/api/auth/password",
        {"current": _GOOD, "new": f"{_GOOD}2"},
        action="update",
        subject=("user", "{kim}"),
        author="kim",
    ),
    "update_user": Recipe(
        "/api/admin/users/{kim}", {"password": f"{_GOOD}3"}, action="update", subject=("user", "{kim}")
    ),
    "logout_user": Recipe("/api/admin/users/{kim}/logout", action="sign_out", subject=("user", "{kim}")),
    "delete_user": Recipe("/api/admin/users/{kim}", action="delete", subject=("user", "{kim}")),
    "create_invitation": Recipe(
        "/api/admin/invitations", {"role": "user"}, keep="inv", action="create", subject=("invitation", "{inv}")
    ),
    "delete_invitation": Recipe("/api/admin/invitations/{inv}", action="delete", subject=("invitation", "{inv}")),
    "register": Recipe("/api/auth/register", {"username": "lee", "password": _GOOD}, action="register", author=""),
    "hub_register": Recipe(
        "/v1/auth/register",
        {"username": "mo", "password": _GOOD, "email": "mo@example.com"},
        action="register",
        author="",
    ),
    "logout_everywhere": Recipe("/api/auth/logout-everywhere", action="sign_out"),
    "login": Recipe("/api/auth/login", {"username": USERNAME, "password": PASSWORD}, action="sign_in"),
    "hub_login": Recipe("/v1/auth/login", {"username": USERNAME, "password": PASSWORD}, action="sign_in"),
    "logout": Recipe("/api/auth/logout", action="sign_out"),
}


def mutating() -> dict[str, APIRoute]:
    """Every operation that is not a plain question, by name."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return {
        route.name: route
        for route in routes
        if route.methods - {"GET", "HEAD"} and route.name not in QUESTIONS | GOING_ON
    }


def _calls(dependant: Dependant) -> set[object]:
    return {dependant.call, *(call for child in dependant.dependencies for call in _calls(child))}


def _filled(text: str, kept: dict[str, str]) -> str:
    for name, value in kept.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _entries(world: World) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for item in world.items("config"):
        if item["pk"]["S"].startswith("audit#"):
            found.setdefault(item["sk"]["S"].partition("#")[0], []).append(json.loads(item["data"]["S"]))
    return found


def test_every_mutating_route_takes_the_trail_and_has_a_recipe() -> None:
    routes = mutating()
    assert set(routes) == set(RECIPES), "a route that changes something must be tried below"
    without = [
        name for name, route in routes.items() if not {trail_of, registering, client_trail} & _calls(route.dependant)
    ]
    assert set(without) == SIGN_INS, "take `Changing` or `Leaving` of gateway.admin.changing"


def test_every_mutating_route_leaves_exactly_one_entry_and_no_secret(world: World, api: Api) -> None:
    headers = {**world.login(), "user-agent": f"curl {CANARIES['agent']}"}
    kept: dict[str, str] = {}
    secrets = {*CANARIES.values(), _GOOD}
    routes = mutating()
    for name, recipe in RECIPES.items():
        if name in ENDING:
            headers |= world.login() if recipe.author == USERNAME else world.login(recipe.author, _GOOD)
        before = set(_entries(world))
        (method,) = routes[name].methods
        extra = {} if recipe.body is None else {"json": recipe.body}
        with mode(world, "open"):
            answer = world.client.request(method, _filled(recipe.path, kept), headers=headers, **extra)
        if name in ENDING:
            headers |= world.login()
        assert answer.status_code < 300, f"{name}: {answer.text}"
        told = answer.json() if answer.content else {}
        if name == "create_provider":
            kept["release"] = api("GET", "release").json()["release"]
        if recipe.keep:
            kept[recipe.keep] = told["key_id"] if "key_id" in told else told["id"]
        secrets |= {str(told[secret]) for secret in ("secret", "token", "access_token", "key") if secret in told}
        fresh = min(set(_entries(world)) - before)
        assert len(set(_entries(world)) - before) == (2 if name in ENDING else 1), name
        entry = max(_entries(world)[fresh], key=len)
        assert (entry["action"], entry["outcome"]) == (recipe.action, "done"), name
        assert entry["author"]["name"] == recipe.author, name
        assert entry["origin"]["address"], name
        assert entry["request_id"] == answer.headers["x-request-id"], name
        if recipe.subject[0]:
            noun, identifier = recipe.subject
            assert (entry["noun"], entry["noun_id"]) == (noun, _filled(identifier, kept)), name
            assert entry["changes"], name
        if recipe.undo:
            assert api("DELETE", recipe.undo).status_code == 204
    _assert_secretless(world, secrets)


def _assert_secretless(world: World, secrets: set[str]) -> None:
    text = json.dumps(list(_entries(world).values()))
    for secret in {*secrets, *(key_digest(secret) for secret in secrets), PASSWORD}:
        assert secret not in text
    for mark in ("$argon2", "ciphertext", "data_key", "nonce", "digest", "fingerprint", "password"):
        assert mark not in text
    sealed = [
        json.loads(item["data"]["S"])["key"] for item in world.items("config") if "upstream_key" in item["pk"]["S"]
    ]
    assert not sealed, "all keys were deleted again"


def test_a_question_writes_nothing(api: Api, world: World, openai: str) -> None:
    tables = ("config", "keys", "state")
    api("GET", "providers")
    before = [world.items(table) for table in tables]
    assert api("POST", "plan", {"model": "openai/gpt-4o"}).status_code == 200
    assert [world.items(table) for table in tables] == before


@pytest.mark.parametrize("name", [USERNAME, CANARIES["typed"]])
def test_a_bad_sign_in_is_told_without_what_was_typed(world: World, name: str) -> None:
    world.login()
    before = set(_entries(world))
    answer = world.client.post("/api/auth/login", json={"username": name, "password": CANARIES["wrong"]})
    assert answer.status_code == 401
    (fresh,) = set(_entries(world)) - before
    (entry,) = _entries(world)[fresh]
    assert (entry["action"], entry["outcome"], entry["status"]) == ("sign_in", "refused", 401)
    assert entry["author"]["name"] == (USERNAME if name == USERNAME else "")
    assert not any(canary in json.dumps(entry) for canary in CANARIES.values())
