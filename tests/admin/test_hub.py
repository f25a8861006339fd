"""`/v1/auth` and `/v1/admin`: what clients of a hub of keys ask for, over the same services as the rest of the admin API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.admin.conftest import Api
from tests.admin.test_drafts import _once
from tests.admin.test_logs import Write, write
from tests.admin.test_probing import Provided, provided
from tests.admin.test_registration import mode
from tests.aws_mock import World
from tests.rollups.samples import row
from tests.rollups.test_usage import store

from gateway.neutral.config import UpstreamKey
from gateway.neutral.health import Health, KeyHealth
from gateway.neutral.logrow import Caller
from gateway.neutral.probe import Heard, Offered
from gateway.neutral.usage import Usage
from gateway.stores.entities import UPSTREAM_KEY, Entities

__all__ = ["provided", "write"]

GOOD = "a good long pass phrase"
SECRET = "sk-canary-of-the-hub-00001234"
HOUR = 3_600_000


class Hub:
    """A client of the hub, which knows its two prefixes and a bearer token."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.headers: dict[str, str] = {}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        extra = {} if body is None else {"json": body}
        answer: Any = self.world.client.request(method, f"/v1/{path}", headers={**self.headers, **headers}, **extra)
        return answer  # type: ignore[no-any-return]

    def register(self, name: str, **more: Any) -> httpx.Response:
        with mode(self.world, "open"):
            return self("POST", "auth/register", {"username": name, "password": GOOD, **more})

    def login(self, name: str, password: str = GOOD) -> Hub:
        told = self("POST", "auth/login", {"username": name, "password": password}).json()
        self.headers = {"authorization": f"Bearer {told['access_token']}"}
        return self


@pytest.fixture
def hub(world: World) -> Hub:
    return Hub(world)


@pytest.fixture
def boss(world: World, admin: dict[str, str]) -> Hub:
    hub = Hub(world)
    hub.headers = dict(admin)
    return hub


def _fault(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and parameter of an error, which has its whole shape."""
    told = answer.json()
    assert set(told) == {"error", "detail"}
    assert set(told["error"]) - {"param"} == {"message", "type", "code", "request_id"}
    assert told["detail"] == told["error"]["message"]
    assert told["error"]["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, told["error"]["code"], told["error"].get("param")


def test_whoever_registers_first_is_a_user_and_learns_when_they_were_here(hub: Hub, world: World) -> None:
    made = hub.register("kim", email="kim@example.com")
    assert made.status_code == 200
    assert made.json() == {
        "id": made.json()["id"],
        "username": "kim",
        "email": "kim@example.com",
        "role": "user",
        "is_active": True,
        "created_at": int(world.time.now),
        "last_login": None,
    }
    world.time.now += 60
    told = hub("POST", "auth/login", {"username": "kim", "password": GOOD})
    assert (told.status_code, set(told.json())) == (200, {"access_token", "token_type", "expires_in"})
    assert (told.json()["token_type"], told.json()["expires_in"]) == ("bearer", 900)
    assert "set-cookie" not in told.headers
    me = hub.login("kim")("GET", "auth/me").json()
    assert me == {**made.json(), "last_login": int(world.time.now)}
    rows = world.client.get("/api/admin/users", headers=world.login()).json()["items"]
    (row,) = (one for one in rows if one["username"] == "kim")
    assert (row["email"], row["last_login"] // 1000) == ("kim@example.com", me["last_login"])


def test_registration_obeys_the_deployments_mode_and_the_rules_of_passwords(hub: Hub, world: World) -> None:
    given = {"username": "kim", "password": GOOD}
    with mode(world, "closed"):
        assert _fault(hub("POST", "auth/register", given)) == (403, "forbidden", None)
    with mode(world, "invite"):
        assert _fault(hub("POST", "auth/register", given)) == (403, "forbidden", "invitation")
    with mode(world, "open"):
        assert _fault(hub("POST", "auth/register", {**given, "password": "short"})) == (
            422,
            "validation_error",
            "password",
        )
        assert _fault(hub("POST", "auth/register", {**given, "email": "nobody"}))[::2] == (422, "email")
        assert _fault(hub("POST", "auth/register", {**given, "role": "admin"}))[::2] == (422, "role")
    assert hub.register("kim", email=None).status_code == 200
    assert _fault(hub.register("KIM")) == (400, "invalid_request", "username")


def test_signing_in_is_held_back_and_told_in_the_same_words_for_everybody(hub: Hub, world: World) -> None:
    hub.register("kim")
    said = [_fault(hub("POST", "auth/login", {"username": name, "password": "wrong"})) for name in ("kim", "nobody")]
    assert said == [(401, "unauthorized", None)] * 2
    for _ in range(4):
        hub("POST", "auth/login", {"username": "kim", "password": "wrong"})
    held = hub("POST", "auth/login", {"username": "kim", "password": GOOD})
    assert _fault(held) == (429, "too_many_requests", None)
    assert int(held.headers["retry-after"]) > 0


def test_a_deactivated_user_is_out_at_once(hub: Hub, boss: Hub, world: World) -> None:
    made = hub.register("kim").json()
    hub.login("kim")
    assert hub("GET", "auth/me").status_code == 200
    world.client.patch(f"/api/admin/users/{made['id']}", json={"active": False}, headers=boss.headers)
    assert _fault(hub("GET", "auth/me")) == (401, "unauthorized", None)
    assert _fault(hub("POST", "auth/login", {"username": "kim", "password": GOOD}))[0] == 401


def test_a_key_makes_its_vendors_provider_and_is_never_shown(boss: Hub, api: Api, world: World) -> None:
    made = boss("POST", "admin/keys", {"provider": "openai", "key_value": f" {SECRET} ", "name": "First"})
    assert made.status_code == 200, made.text
    key = made.json()
    assert key == {
        "id": key["id"],
        "name": "First",
        "provider": "openai",
        "key_prefix": "sk-****1234",
        "is_active": True,
        "daily_quota": 0,
        "used_today": 0,
        "resets_at": None,
        "cooldown_until": None,
        "status": "active",
    }
    (provider,) = api("GET", "providers").json()["items"]
    assert (provider["id"], provider["kind"], [one["id"] for one in provider["keys"]]) == (
        "openai",
        "openai",
        [key["id"]],
    )
    assert provider["keys"][0]["name"] == "First"
    assert api("GET", "release").json()["providers"] == 1
    for name in ("smart", "fast", "cheap", "any"):
        plan = api("POST", "plan", {"model": name}).json()
        assert [one["provider"] for one in plan["candidates"]] == ["openai"], "a first key is enough for a first answer"
    changed = boss("PATCH", f"admin/keys/{key['id']}", {"is_active": False, "daily_quota": 500_000, "name": None})
    assert changed.json() == {
        **key,
        "is_active": False,
        "daily_quota": 500_000,
        "name": "sk-****1234",
        "status": "disabled",
    }
    assert boss("GET", "admin/keys").json() == [changed.json()]
    second = boss(
        "POST", "admin/keys", {"provider": "openai", "key_value": "gsk_another-secret-value", "daily_quota": None}
    )
    assert [one["id"] for one in boss("GET", "admin/keys").json()] == sorted([key["id"], second.json()["id"]])
    assert len(api("GET", "providers").json()["items"]) == 1
    gone = boss("DELETE", f"admin/keys/{key['id']}")
    assert (gone.status_code, gone.json()) == (200, {"status": "success", "message": "Key deleted"})
    assert _fault(boss("DELETE", f"admin/keys/{key['id']}")) == (404, "not_found", None)
    assert SECRET not in str([world.items(table) for table in ("config", "keys", "state")])


def test_keys_are_changed_under_the_version_that_was_seen(boss: Hub) -> None:
    made = boss("POST", "admin/keys", {"provider": "groq", "key_value": SECRET})
    key, etag = made.json()["id"], made.headers["etag"]
    assert boss("PATCH", f"admin/keys/{key}", {"daily_quota": 1}, **{"if-match": etag}).status_code == 200
    assert _fault(boss("PATCH", f"admin/keys/{key}", {"daily_quota": 2}, **{"if-match": etag}))[0] == 412
    assert _fault(boss("DELETE", f"admin/keys/{key}", None, **{"if-match": etag}))[0] == 412


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"provider": "opnai", "key_value": SECRET}, "provider"),
        ({"provider": "vllm", "key_value": SECRET}, "provider"),  # no address of its own
        ({"provider": "openai", "key_value": "two words"}, "key_value"),
        ({"provider": "openai"}, "key_value"),
        ({"provider": "openai", "key_value": SECRET, "daily_quota": -1}, "daily_quota"),
        ({"provider": "openai", "key_value": SECRET, "key": SECRET}, "key"),
    ],
)
def test_what_is_no_key_makes_nothing(boss: Hub, api: Api, body: dict[str, Any], param: str) -> None:
    answer = boss("POST", "admin/keys", body)
    assert _fault(answer) == (422, "validation_error", param)
    assert SECRET not in answer.text
    assert api("GET", "providers").json()["items"] == []


def test_the_provider_of_a_vendor(boss: Hub, api: Api) -> None:
    api("POST", "providers", {"id": "berlin", "kind": "openai"})
    assert boss("POST", "admin/keys", {"provider": "openai", "key_value": SECRET}).json()["provider"] == "berlin"
    api("POST", "providers", {"id": "paris", "kind": "openai"})
    several = boss("POST", "admin/keys", {"provider": "openai", "key_value": SECRET})
    assert _fault(several) == (409, "conflict", "provider")
    assert "berlin, paris" in several.json()["detail"]
    assert boss("POST", "admin/keys", {"provider": "paris", "key_value": SECRET}).json()["provider"] == "paris"


def test_the_state_of_a_key(boss: Hub, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = boss("POST", "admin/keys", {"provider": "openai", "key_value": SECRET, "daily_quota": 1000}).json()
    stored = world.services.editors.providers.desk.entities.get(UPSTREAM_KEY, made["id"])
    assert stored is not None
    key: UpstreamKey = stored.value.key
    now = int(world.time.now * 1000)

    def told(**known: Any) -> dict[str, Any]:
        health = Health(keys={key.id: replace(KeyHealth(key.stamp), **known)}, taken_ms=now)
        monkeypatch.setattr("gateway.stores.health.HealthControl.snapshot", lambda _self: health)
        (only,) = boss("GET", "admin/keys").json()
        return dict(only)

    later = now + 10 * HOUR
    assert told(used_tokens=799, window_ends_ms=later)["status"] == "active"
    near = told(used_tokens=800, window_ends_ms=later)
    assert (near["status"], near["used_today"], near["resets_at"]) == ("near_limit", 800, -(-later // 1000))
    assert told(used_tokens=1000, window_ends_ms=later)["status"] == "exhausted"
    assert told(used_tokens=1000, window_ends_ms=now)["used_today"] == 0
    cooling = told(cooling_until_ms=later)
    assert (cooling["status"], cooling["cooldown_until"]) == ("cooldown", -(-later // 1000))
    assert told(dead_until_ms=later)["status"] == "dead"


def test_discovering_stores_nothing_and_hands_the_key_on_sealed(boss: Hub, world: World, provided: Provided) -> None:
    before = [world.items(table) for table in ("config", "keys", "state")]
    provided.heard = Heard(12, 200, (Offered("gpt-4o"), Offered("gpt-4o-mini")))
    told = boss("POST", "admin/keys/discover", {"provider": "openai", "key_value": SECRET, "name": "x"})
    assert told.json() == {
        "provider": "openai",
        "models": ["gpt-4o", "gpt-4o-mini"],
        "more": False,
        "quota": None,
        "suggested_daily_quota": 1_000_000,
    }
    (asked,) = provided.asked
    assert (asked.kind, asked.base_url, asked.allow_private) == ("openai", None, False)
    assert asked.keys[0].sealed is not None
    assert SECRET not in repr(asked)
    provided.heard = Heard(12, 200, (Offered("llama-3.1"),))
    small = boss("POST", "admin/keys/discover", {"provider": "groq", "key_value": SECRET})
    assert small.json()["suggested_daily_quota"] == 500_000
    provided.heard = Heard(12, 401, error="The provider refuses the key (401).")
    refused = boss("POST", "admin/keys/discover", {"provider": "groq", "key_value": SECRET})
    assert _fault(refused) == (400, "invalid_request", "key_value")
    assert "401" in refused.json()["detail"]
    assert [world.items(table) for table in ("config", "keys", "state")] == before


@pytest.fixture
def kim(world: World, boss: Hub) -> tuple[str, Hub]:  # signing the boss in puts back what was stored then
    """A user's id and their client."""
    hub = Hub(world)
    return hub.register("kim").json()["id"], hub.login("kim")


def test_logs_are_of_everybody_for_operators_and_ones_own_for_users(
    boss: Hub, kim: tuple[str, Hub], write: Write
) -> None:
    identifier, hub = kim
    usage = Usage(fresh=70, cache_read=30, output=11, source="upstream")
    own = write(ago_ms=1000, caller=Caller("key_1", "k", identifier), requested_model="smart", provider="openai",
                upstream_key_id="uk_1", usage=usage, total_ms=812.0, request_body="private")  # fmt: skip
    others = write(ago_ms=2000, caller=Caller("key_2", "k", "somebody"), status=502, error="upstream_error")
    write(ago_ms=1500, mirror_of=own)
    told = boss("GET", "admin/logs").json()
    assert [one["id"] for one in told] == [own, others]
    assert told[0] == {
        "id": own,
        "api_key_id": "uk_1",
        "timestamp": told[0]["timestamp"],
        "model": "smart",
        "prompt_tokens": 100,
        "completion_tokens": 11,
        "total_tokens": 111,
        "provider": "openai",
        "status": 200,
        "latency_ms": 812.0,
        "error": None,
        "retries": 0,
    }
    assert (told[1]["status"], told[1]["error"]) == (502, "upstream_error")
    assert [one["id"] for one in boss("GET", "admin/logs?limit=1").json()] == [own]
    assert hub("GET", "admin/logs").json() == [{**told[0], "api_key_id": None}]
    assert _fault(hub("GET", "admin/logs?user_id=somebody"))[::2] == (422, "user_id")
    assert _fault(boss("GET", "admin/logs?limit=0"))[::2] == (422, "limit")


@pytest.fixture
def used(world: World, kim: tuple[str, Hub]) -> tuple[str, Hub]:
    """Requests of two users within the last day, and older ones."""
    now, identifier = int(world.time.now * 1000), kim[0]
    rows = [
        row(number, user_id=identifier, time_ms=now - number * HOUR, model="gpt-4o", total_ms=100.0)
        for number in range(3)
    ]
    rows += [
        row(10 + number, user_id="else", time_ms=now - 21 * HOUR, model="claude", total_ms=300.0) for number in range(1)
    ]
    rows += [row(20 + number, user_id=identifier, time_ms=now - 90 * 24 * HOUR, model="old") for number in range(2)]
    store(world.dynamodb, "usage", rows)
    return kim


def test_figures_of_everybody_and_ones_own(boss: Hub, used: tuple[str, Hub]) -> None:
    told = boss("GET", "admin/stats").json()
    assert (told["total_requests"], told["total_tokens"]) == (6, 6 * 27)
    assert told["model_share"] == [{"name": "gpt-4o", "value": 75.0}, {"name": "claude", "value": 25.0}]
    assert told["avg_latency"] == pytest.approx(150, rel=0.05)
    blocks = told["usage_data"]
    # 14:13 UTC: the day ends at 15:00, so its blocks begin at 15:00 of the day before.
    assert [one["name"] for one in blocks] == ["15:00", "19:00", "23:00", "03:00", "07:00", "11:00"]
    assert [one["requests"] for one in blocks] == [1, 0, 0, 0, 0, 3]
    assert [one["tokens"] for one in blocks] == [27, 0, 0, 0, 0, 81]
    own = used[1]("GET", "admin/stats").json()
    assert (own["total_requests"], own["model_share"]) == (5, [{"name": "gpt-4o", "value": 100.0}])
    assert own["avg_latency"] == pytest.approx(100, rel=0.05)
    assert [one["requests"] for one in own["usage_data"]] == [0, 0, 0, 0, 0, 3]


def test_too_many_figures_leave_the_share_of_models_open(
    boss: Hub, used: tuple[str, Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.stores.usage.MOST_GRID_ITEMS", 0)
    own = used[1]("GET", "admin/stats").json()
    assert (own["total_requests"], own["model_share"]) == (5, [])
    assert boss("GET", "admin/stats").json()["total_requests"] == 6


def test_a_vendors_provider_that_somebody_made_at_the_same_moment_is_taken(boss: Hub, api: Api, world: World) -> None:
    def first() -> None:
        assert api("POST", "providers", {"id": "openai", "kind": "openai", "name": "Theirs"}).status_code == 201

    with _once(Entities, "create", first):
        made = boss("POST", "admin/keys", {"provider": "openai", "key_value": SECRET})
    assert (made.status_code, made.json()["provider"]) == (200, "openai")
    assert api("GET", "providers/openai").json()["name"] == "Theirs"


def test_an_empty_deployment_has_figures_too(boss: Hub) -> None:
    told = boss("GET", "admin/stats").json()
    assert (told["total_requests"], told["total_tokens"], told["avg_latency"], told["model_share"]) == (0, 0, None, [])
    assert [one["requests"] for one in told["usage_data"]] == [0] * 6


def test_paths_that_are_not_there_say_so_in_the_hubs_shape(boss: Hub) -> None:
    assert _fault(boss("GET", "admin/debug"))[:2] == (404, "not_found")
    assert _fault(boss("PUT", "admin/keys"))[:2] == (405, "method_not_allowed")
    assert _fault(Hub(boss.world)("GET", "admin/keys"))[:2] == (401, "unauthorized")
    broken: Any = boss.world.client.post("/v1/auth/login", content=b"{", headers={"content-type": "application/json"})
    assert _fault(broken)[:2] == (400, "invalid_request")


def test_what_a_change_says_nothing_of_stays(boss: Hub) -> None:
    """Clients write null for what they do not say, as the schema lets them."""
    made = boss(
        "POST", "admin/keys", {"provider": "openai", "key_value": SECRET, "name": "one", "daily_quota": 9}
    ).json()
    told = boss("PATCH", f"admin/keys/{made['id']}", {"name": "two", "is_active": None, "daily_quota": None})
    assert told.status_code == 200, told.text
    assert (told.json()["name"], told.json()["is_active"], told.json()["daily_quota"]) == ("two", True, 9)
