"""Registering: closed, invited or open; invitations; that nobody becomes an administrator by being first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import httpx
import pytest
from tests.admin.conftest import Api
from tests.aws_mock import ENVIRON, USERNAME, World

from admin.app import create_app
from gateway.admin.errors import ApiError, Conflict, NotAllowed
from gateway.admin.identity_schemas import InvitationIn, RegisterIn
from gateway.admin.registration import Registration
from gateway.settings import SettingsError

GOOD = "some password 1"
HOUR = 3600


@contextmanager
def mode(world: World, value: str) -> Iterator[Registration]:
    """The deployment with another setting of REGISTRATION."""
    services = world.services
    registration = replace(services.identity.registration, mode=value)  # type: ignore[arg-type]
    changed = replace(services, identity=replace(services.identity, registration=registration))
    with patch.object(world.client.app.state, "services", changed):  # type: ignore[attr-defined]
        yield registration


def register(world: World, username: str, **more: object) -> httpx.Response:
    body = {"username": username, "password": GOOD, **more}
    return world.client.post("/api/auth/register", json=body)


def test_closed_is_the_default_and_nobody_registers(world: World, api: Api) -> None:
    assert register(world, "kim").status_code == 403
    assert register(world, "kim", invitation="x").status_code == 403
    assert api("POST", "invitations", {}).status_code == 409
    assert world.services.users.by_name("kim") is None


def test_anybody_may_ask_whether_one_may_register(world: World) -> None:
    assert world.client.get("/api/auth/registration").json() == {"mode": "closed"}
    with mode(world, "invite"):
        assert world.client.get("/api/auth/registration").json() == {"mode": "invite"}


@pytest.mark.parametrize("value", ["Open!", "yes", "true", "closed,open"])
def test_an_unknown_mode_stops_the_start(world: World, value: str) -> None:
    with pytest.raises(SettingsError, match="REGISTRATION"):
        create_app({**ENVIRON, "REGISTRATION": value}, world.clock)


@pytest.mark.parametrize(("value", "expected"), [("", "closed"), (" OPEN ", "open"), ("invite", "invite")])
def test_the_mode_comes_from_the_environment(world: World, value: str, expected: str) -> None:
    services = create_app({**ENVIRON, "REGISTRATION": value}, world.clock).state.services
    assert services.identity.registration.mode == expected


def test_open_registers_users_and_never_an_administrator(world: World) -> None:
    with mode(world, "open"):
        answer = register(world, "kim")
    assert answer.status_code == 201
    body = answer.json()
    assert body["user"]["role"] == "user", "also the very first user of all"
    assert "gateway-refresh" in answer.headers["set-cookie"]
    headers = {"authorization": f"Bearer {body['access_token']}"}
    assert world.client.get("/api/auth/me", headers=headers).json() == body["user"]
    assert world.client.get("/api/admin/keys", headers=headers).status_code == 403
    assert world.login("kim", GOOD)


@pytest.mark.parametrize("name", [USERNAME, USERNAME.upper()])
def test_the_first_administrators_name_is_kept_for_them(world: World, name: str) -> None:
    with mode(world, "open"):
        assert register(world, name).status_code == 409
    assert world.login(), "and they still get in"


@pytest.mark.parametrize("field", ["role", "active", "id", "from_deployment", "password_hash", "version", "generation", "is_admin"])  # fmt: skip
def test_no_other_field_is_taken(world: World, field: str) -> None:
    with mode(world, "open"):
        for value in ("admin", True, 1):
            answer = register(world, "eve", **{field: value})
            assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert world.services.users.by_name("eve") is None


def test_an_invitation_is_shown_once_used_once_and_gives_its_role(world: World, api: Api) -> None:
    with mode(world, "invite"):
        assert register(world, "kim").status_code == 403
        made = api("POST", "invitations", {"role": "operator", "note": "for Kim"})
        assert made.status_code == 201
        token = made.json()["token"]
        assert len(token) == 43, "256 bits"
        assert token not in repr(world.items("keys")), "only its hash is kept"
        assert token not in api("GET", "invitations").text
        assert register(world, "eve", invitation=token[:-1] + "~").status_code == 403
        answer = register(world, "kim", invitation=token)
        assert (answer.status_code, answer.json()["user"]["role"]) == (201, "operator")
        assert register(world, "eve", invitation=token).status_code == 403
        (row,) = api("GET", "invitations").json()["items"]
    assert (row["state"], row["used_by"], row["note"]) == ("used", answer.json()["user"]["id"], "for Kim")
    assert world.services.users.by_name("eve") is None


def test_an_invitation_ends_and_can_be_revoked(world: World, api: Api) -> None:
    with mode(world, "invite"):
        late = api("POST", "invitations", {"expires_in_hours": 1}).json()
        gone = api("POST", "invitations", {}).json()
        assert api("DELETE", f"invitations/{gone['id']}").status_code == 204
        assert api("DELETE", f"invitations/{gone['id']}").status_code == 404
        assert register(world, "kim", invitation=gone["token"]).status_code == 403
        world.time.now += HOUR
        assert register(world, "kim", invitation=late["token"]).status_code == 403
    headers = world.login()
    (row,) = world.client.get("/api/admin/invitations", headers=headers).json()["items"]
    assert (row["id"], row["state"]) == (late["id"], "expired")


@pytest.mark.parametrize(
    "body",
    [
        {"role": "root"},
        {"expires_in_hours": 0},
        {"expires_in_hours": 721},
        {"token": "x"},
        {"used_by": "x"},
        {"expires_at": 1},
    ],
)
def test_an_invitation_that_does_not_fit(world: World, api: Api, body: dict[str, object]) -> None:
    with mode(world, "invite"):
        answer = api("POST", "invitations", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, next(iter(body)))


def test_invitations_are_paged(world: World, api: Api) -> None:
    with mode(world, "invite"):
        ids = [api("POST", "invitations", {}).json()["id"] for _ in range(3)]
    page = api("GET", "invitations?limit=2").json()
    rest = api("GET", f"invitations?limit=2&cursor={page['next_cursor']}").json()
    assert [row["id"] for row in page["items"] + rest["items"]] == ids[::-1]


def at_once(registration: Registration, bodies: list[RegisterIn]) -> list[type[ApiError] | None]:
    barrier = threading.Barrier(len(bodies))

    def one(body: RegisterIn) -> type[ApiError] | None:
        barrier.wait()
        try:
            registration.register(body, "10.0.0.1")
        except ApiError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(one, bodies))


def test_of_several_registrations_of_one_name_at_once_one_wins(world: World) -> None:
    with mode(world, "open") as registration:
        names = ["kim", "Kim", "KIM", "kIm"]
        outcomes = at_once(registration, [RegisterIn(username=name, password=GOOD) for name in names])
    assert sorted(outcomes, key=str) == [Conflict, Conflict, Conflict, None]
    assert len([item for item in world.items("keys") if item["pk"]["S"].startswith("user#")]) == 1


def test_of_several_uses_of_one_invitation_at_once_one_wins(world: World, giver: str) -> None:
    with mode(world, "invite") as registration:
        token, _ = registration.invite(InvitationIn(role="admin"), giver, "inv_1")
        bodies = [RegisterIn(username=f"kim{n}", password=GOOD, invitation=token) for n in range(4)]
        outcomes = at_once(registration, bodies)
    assert sorted(outcomes, key=str) == [NotAllowed, NotAllowed, NotAllowed, None]
    assert len([item for item in world.items("keys") if item["pk"]["S"].startswith("user#")]) == 1 + 1


@pytest.fixture
def giver(api: Api) -> str:
    """The administrator's id."""
    identifier: str = api("GET", "users").json()["items"][0]["id"]
    return identifier


def test_registrations_and_guesses_at_invitations_are_held_back(world: World, giver: str) -> None:
    with mode(world, "invite") as registration:
        for number in range(31):
            token, _ = registration.invite(InvitationIn(), giver, f"inv_{number}")
            assert register(world, f"guest{number}", invitation=token).status_code == 201, "good ones do not count"
        guesses = [register(world, "eve", invitation=f"guess{number}").status_code for number in range(31)]
        assert guesses == [403] * 30 + [429]
        assert register(world, "eve", invitation=token).status_code == 429
    world.time.now += 301
    with mode(world, "open"):
        made = [register(world, f"bot{number}").status_code for number in range(31)]
    assert made == [201] * 30 + [429], "without an invitation every one counts"
