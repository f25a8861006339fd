"""Users: made, changed and removed by administrators, of whom one always stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import USERNAME, World

from gateway.admin.errors import Conflict
from gateway.admin.identity_schemas import UserPatch
from gateway.stores.users import Account, Revision, Users
from gateway.stores.versioned import Outdated

GOOD = "some password 1"
STORED = "id password_hash version generation issuer created_at updated_at from_deployment kind source data".split()


def make(api: Api, username: str, role: str = "user") -> dict[str, object]:
    answer = api("POST", "users", {"username": username, "password": GOOD, "role": role})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def first(api: Api) -> dict[str, object]:
    return dict(next(row for row in api("GET", "users").json()["items"] if row["source"] == "deployment"))


def test_a_user_is_made_read_changed_and_removed(world: World, api: Api) -> None:
    answer = api("POST", "users", {"username": "Kim", "password": GOOD, "role": "operator"})
    made = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert (made["username"], made["role"], made["active"], made["source"]) == ("Kim", "operator", True, "local")
    assert "password" not in repr(sorted(made))
    got = api("GET", f"users/{made['id']}")
    assert (got.json(), got.headers["etag"]) == (made, '"1"')
    changed = api("PATCH", f"users/{made['id']}", {"role": "user", "username": "kim.b"}, if_match='"1"')
    assert (changed.json()["role"], changed.json()["username"], changed.headers["etag"]) == ("user", "kim.b", '"2"')
    assert api("PATCH", f"users/{made['id']}", {"role": "admin"}, if_match='"1"').status_code == 412
    assert world.login("KIM.B", GOOD)
    assert world.client.post("/api/auth/login", json={"username": "kim", "password": GOOD}).status_code == 401
    assert api("DELETE", f"users/{made['id']}", if_match='"1"').status_code == 412
    assert api("DELETE", f"users/{made['id']}", if_match='"2"').status_code == 204
    assert api("GET", f"users/{made['id']}").status_code == 404
    assert make(api, "kim.b")["id"] != made["id"], "the name is free again"
    assert make(api, "kim"), "and so is the old one"


def test_paging_and_search(api: Api) -> None:
    ids = [make(api, f"person{number}", "operator" if number % 2 else "user")["id"] for number in range(5)]
    page = api("GET", "users?limit=2").json()
    assert [row["id"] for row in page["items"]] == [ids[4], ids[3]], "newest first"
    seen = [row["id"] for row in page["items"]]
    while page["next_cursor"]:
        page = api("GET", f"users?limit=2&cursor={page['next_cursor']}").json()
        seen += [row["id"] for row in page["items"]]
    assert (len(seen), len(set(seen))) == (6, 6)
    assert [row["id"] for row in api("GET", "users?q=PERSON3").json()["items"]] == [ids[3]]
    assert [row["id"] for row in api("GET", "users?role=operator").json()["items"]] == [ids[3], ids[1]]
    assert api("GET", "users?active=false").json()["items"] == []
    assert [row["id"] for row in api("GET", "users?source=local&q=n4").json()["items"]] == [ids[4]]
    assert api("GET", "users?source=deployment").json()["total"] == 1
    assert api("GET", "users?source=external").json()["items"] == []
    assert api("GET", "users?role=king").status_code == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": "", "password": GOOD}, "username"),
        ({"username": "a b", "password": GOOD}, "username"),
        ({"username": "аdmin", "password": GOOD}, "username"),  # noqa: RUF001 -- a Cyrillic letter
        ({"username": "<script>", "password": GOOD}, "username"),
        ({"username": "x" * 65, "password": GOOD}, "username"),
        ({"username": "kim"}, "password"),
        ({"username": "kim", "password": "too short"}, "password"),
        ({"username": "kim", "password": "password1234"}, "password"),
        ({"username": "kimberley.smith", "password": "Kimberley.Smith"}, "password"),
        ({"username": "kim", "password": GOOD, "role": "root"}, "role"),
        ({"username": "kim", "password": GOOD, "active": 1}, "active"),
    ],
)
def test_a_body_that_does_not_fit(api: Api, body: dict[str, object], field: str) -> None:
    answer = api("POST", "users", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert str(body.get("password", "none")) not in answer.text


def test_names_are_unique_without_regard_to_case(api: Api) -> None:
    kim = make(api, "kim")
    other = make(api, "other")
    for answer in (
        api("POST", "users", {"username": "KIM", "password": GOOD}),
        api("POST", "users", {"username": "Admin", "password": GOOD}),
        api("PATCH", f"users/{other['id']}", {"username": "Kim"}),
        api("PATCH", f"users/{other['id']}", {"username": "admin"}),
    ):
        assert (answer.status_code, answer.json()["error"]["field"]) == (409, "username")
    boss = make(api, "boss", "admin")
    stepping_down = api("PATCH", f"users/{boss['id']}", {"username": "kim", "role": "user"})
    assert (stepping_down.status_code, stepping_down.json()["error"]["field"]) == (409, "username")
    assert api("PATCH", f"users/{kim['id']}", {"username": "Kim"}).json()["username"] == "Kim"
    assert api("GET", f"users/{other['id']}").json() == other


def test_no_stored_field_can_be_set_from_outside(world: World, api: Api) -> None:
    kim = make(api, "kim")
    before = world.items("keys")
    for name in STORED:
        for value in ("x", 5, True):
            bodies = [
                ("POST", "users", {"username": "eve", "password": GOOD, name: value}),
                ("PATCH", f"users/{kim['id']}", {name: value}),
            ]
            for method, path, body in bodies:
                answer = api(method, path, body)
                assert (answer.status_code, answer.json()["error"]["field"]) == (422, name)
    assert world.items("keys") == before


@pytest.mark.parametrize(
    "body", [{"role": "user"}, {"active": False}, {"password": GOOD}, {"username": "other"}, {"role": "operator"}]
)
def test_the_deployments_administrator_is_left_alone(api: Api, body: dict[str, object]) -> None:
    me = first(api)
    for identifier in (me["id"],):
        assert api("PATCH", f"users/{identifier}", body).status_code == 409
        assert api("DELETE", f"users/{identifier}").status_code == 409
    assert first(api) == me


def test_not_even_another_administrator_may(world: World, api: Api) -> None:
    make(api, "boss", "admin")
    boss = world.login("boss", GOOD)
    me = first(api)
    assert world.client.patch(f"/api/admin/users/{me['id']}", json={"role": "user"}, headers=boss).status_code == 409
    assert world.client.delete(f"/api/admin/users/{me['id']}", headers=boss).status_code == 409


def two_administrators(world: World, api: Api) -> tuple[Account, Account]:
    """Two administrators of a deployment whose own has another name by now, so that it does not count."""
    users = world.services.users
    accounts = [users.get(str(make(api, name, "admin")["id"])) for name in ("one", "two")]
    me = users.by_name(USERNAME)
    assert me is not None
    assert accounts[0] is not None
    assert accounts[1] is not None
    users.revise(me, Revision(me.user.__class__(me.user.id, "formerly", "admin", from_deployment=True), 1))
    return accounts[0], accounts[1]


@pytest.mark.parametrize("body", [{"role": "operator"}, {"active": False}])
def test_the_last_active_administrator_stays(world: World, api: Api, body: dict[str, object]) -> None:
    one, two = two_administrators(world, api)
    editor = world.services.identity.editor
    editor.update(one.user.id, UserPatch.model_validate(body), None)
    with pytest.raises(Conflict, match="last active administrator"):
        editor.update(two.user.id, UserPatch.model_validate(body), None)
    with pytest.raises(Conflict, match="last active administrator"):
        editor.delete(two.user.id, None)
    assert editor.update(two.user.id, UserPatch(username="still"), None).user.role == "admin"


def test_two_administrators_who_remove_each_other_at_once(world: World, api: Api) -> None:
    pair = two_administrators(world, api)
    editor = world.services.identity.editor
    barrier = threading.Barrier(2)

    def remove(account: Account) -> bool:
        barrier.wait()
        try:
            editor.delete(account.user.id, None)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, pair))
    assert sorted(done) == [False, True]
    assert [world.services.users.get(account.user.id) is None for account in pair] == done


def test_a_witness_who_changed_meanwhile_stops_the_write(world: World, api: Api) -> None:
    one, two = two_administrators(world, api)
    users: Users = world.services.users
    users.end_sessions(two.user.id)
    with pytest.raises(Outdated):
        users.delete(one, witness=two)
    assert users.get(one.user.id) == one


def test_a_changed_role_counts_at_once(world: World, api: Api) -> None:
    kim = make(api, "kim", "admin")
    headers = world.login("kim", GOOD)
    assert world.client.get("/api/admin/users", headers=headers).status_code == 200
    api("PATCH", f"users/{kim['id']}", {"role": "operator"})
    assert world.client.get("/api/admin/users", headers=headers).status_code == 403
    assert world.client.get("/api/admin/models", headers=headers).status_code == 200
    assert api("DELETE", f"users/{kim['id']}").status_code == 204
    assert world.client.get("/api/auth/me", headers=headers).status_code == 401


def test_a_password_that_was_reset_ends_sessions_and_is_the_new_one(world: World, api: Api) -> None:
    kim = make(api, "kim")
    headers = world.login("kim", GOOD)
    assert api("PATCH", f"users/{kim['id']}", {"password": "another good one 5"}).status_code == 200
    assert world.client.get("/api/auth/me", headers=headers).status_code == 401
    assert world.login("kim", "another good one 5")
    assert world.client.post("/api/auth/login", json={"username": "kim", "password": GOOD}).status_code == 401


def test_an_administrator_can_sign_somebody_out(world: World, api: Api) -> None:
    kim = make(api, "kim")
    headers = world.login("kim", GOOD)
    assert api("POST", f"users/{kim['id']}/logout").status_code == 204
    assert world.client.get("/api/auth/me", headers=headers).status_code == 401
    assert world.login("kim", GOOD)


@pytest.mark.parametrize("role", ["operator", "user"])
def test_nobody_else_changes_a_role_not_even_their_own(
    world: World, api: Api, user: Callable[[str], dict[str, str]], role: str
) -> None:
    headers = user(role)
    mine = next(row for row in api("GET", "users").json()["items"] if row["username"] == f"{role}-person")
    for method, path, body in (
        ("PATCH", f"users/{mine['id']}", {"role": "admin"}),
        ("POST", "users", {"username": "eve", "password": GOOD, "role": "admin"}),
        ("POST", "invitations", {"role": "admin"}),
    ):
        assert world.client.request(method, f"/api/admin/{path}", json=body, headers=headers).status_code == 403
    assert api("GET", f"users/{mine['id']}").json() == mine
