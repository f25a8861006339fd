"""Refresh tokens: rotation, reuse, ends; the cookie that carries them; what forged requests cannot do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import httpx
import pytest
from fastapi import Request, Response
from tests.aws_mock import PASSWORD, USERNAME, World

from gateway.admin.errors import NotSignedIn
from gateway.admin.refresh_cookie import RefreshCookie
from gateway.admin.sessions import IDLE_SECONDS, LONGEST_SECONDS

NAME = "__Secure-gateway-refresh"
CREDENTIALS = {"username": USERNAME, "password": PASSWORD}


def sign_in(world: World, username: str = USERNAME, password: str = PASSWORD) -> httpx.Response:
    answer = world.client.post("/api/auth/login", json={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    return answer


def cookie(answer: httpx.Response) -> str:
    return SimpleCookie(answer.headers["set-cookie"])[NAME].value


def refresh(world: World, secret: str, **headers: str) -> httpx.Response:
    given = {"cookie": f"{NAME}={secret}", "x-refresh": "1", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return world.client.post("/api/auth/refresh", headers=given)


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


def me(world: World, headers: dict[str, str]) -> int:
    return int(world.client.get("/api/auth/me", headers=headers).status_code)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    answer = sign_in(world)
    morsel = SimpleCookie(answer.headers["set-cookie"])[NAME]
    assert (morsel["path"], morsel["samesite"].lower()) == ("/api/auth", "strict")
    assert morsel["httponly"]
    assert morsel["secure"]
    assert not morsel["domain"], "a cookie of this host alone"
    assert int(morsel["max-age"]) == answer.json()["session_expires_in"] == IDLE_SECONDS
    assert morsel.value not in answer.text
    assert len(morsel.value) == 43, "256 bits"


def test_a_local_stack_without_tls_has_a_plain_cookie() -> None:
    response = Response()
    RefreshCookie(secure=False).give(Request({"type": "http", "headers": []}), response, "x", 5)
    morsel = SimpleCookie(response.headers["set-cookie"])["gateway-refresh"]
    assert not morsel["secure"]
    assert morsel["httponly"]


def test_a_refresh_gives_new_tokens_and_the_old_access_token_goes_on(world: World) -> None:
    first = sign_in(world)
    second = refresh(world, cookie(first))
    assert second.status_code == 200
    assert second.json()["user"] == first.json()["user"]
    assert second.json()["expires_in"] == 900
    assert cookie(second) != cookie(first)
    assert (me(world, bearer(first)), me(world, bearer(second))) == (200, 200)
    assert refresh(world, cookie(second)).status_code == 200


def test_only_hashes_are_kept(world: World) -> None:
    secret = cookie(sign_in(world))
    assert secret not in repr(world.items("state"))
    assert secret not in repr(world.items("keys"))
    assert secret not in repr(world.services.sessions.refresh(secret, "10.0.0.1"))


def test_a_used_token_that_comes_again_ends_the_session(world: World) -> None:
    first, other = sign_in(world), sign_in(world)
    second = refresh(world, cookie(first))
    assert refresh(world, cookie(first)).status_code == 401
    assert refresh(world, cookie(second)).status_code == 401, "the newest token of the family is gone as well"
    assert (me(world, bearer(first)), me(world, bearer(second))) == (401, 401)
    assert me(world, bearer(other)) == 200, "another session of the same user goes on"


def test_a_reuse_is_in_the_audit_log_once_and_looks_like_any_other_refusal(world: World) -> None:
    first = sign_in(world)
    refresh(world, cookie(first))
    answers = [refresh(world, cookie(first), user_agent="thief/1") for _ in range(3)] + [refresh(world, "A" * 43)]
    said = [{**answer.json()["error"], "request_id": ""} for answer in answers]
    assert said == [said[0]] * 4
    entries = [json.loads(item["data"]["S"]) for item in world.items("config") if item["pk"]["S"].startswith("audit#")]
    (entry,) = [entry for entry in entries if entry["action"] == "refresh_reuse"]
    assert (entry["outcome"], entry["status"], entry["noun"]) == ("refused", 401, "user")
    assert (entry["author"]["name"], entry["noun_id"]) == (USERNAME, first.json()["user"]["id"])
    assert entry["origin"]["user_agent"] == "thief/1"
    assert cookie(first) not in repr(entries)


def test_of_two_uses_at_once_one_wins_and_the_session_ends(world: World) -> None:
    secret = cookie(sign_in(world))
    barrier = threading.Barrier(6)

    def use(_: int) -> str | None:
        barrier.wait()
        try:
            return world.services.sessions.refresh(secret, "10.0.0.1").access_token
        except NotSignedIn:
            return None

    with ThreadPoolExecutor(6) as pool:
        won = [token for token in pool.map(use, range(6)) if token]
    assert len(won) == 1
    assert me(world, {"authorization": f"Bearer {won[0]}"}) == 401
    assert not [item for item in world.items("state") if item["pk"]["S"].startswith("session#")]


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "A" * 5000, "ses_x"])
def test_tokens_that_nobody_gave_are_refused(world: World, secret: str) -> None:
    answer = refresh(world, secret)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "unauthorized")


def test_a_session_ends_when_it_is_not_used_and_after_a_week_anyway(world: World) -> None:
    idle = cookie(sign_in(world))
    world.time.now += IDLE_SECONDS + 1
    assert refresh(world, idle).status_code == 401
    answer = sign_in(world)
    for _ in range(LONGEST_SECONDS // IDLE_SECONDS):
        world.time.now += IDLE_SECONDS - 60
        answer = refresh(world, cookie(answer))
        assert answer.status_code == 200
    assert answer.json()["session_expires_in"] < IDLE_SECONDS
    world.time.now += answer.json()["session_expires_in"] + 1
    assert refresh(world, cookie(answer)).status_code == 401


def test_logout_ends_the_session_and_takes_the_cookie_back(world: World) -> None:
    answer = sign_in(world)
    given = {"cookie": f"{NAME}={cookie(answer)}", "x-refresh": "1"}
    world.time.now += 901  # the access token is over: the cookie alone does it
    left = world.client.post("/api/auth/logout", headers=given)
    assert left.status_code == 204
    morsel = SimpleCookie(left.headers["set-cookie"])[NAME]
    assert (morsel.value, morsel["max-age"], morsel["path"]) == ("", "0", "/api/auth")
    assert refresh(world, cookie(answer)).status_code == 401


def test_logout_by_the_access_token_ends_the_refresh_token_too(world: World) -> None:
    answer = sign_in(world)
    assert world.client.post("/api/auth/logout", headers=bearer(answer)).status_code == 204
    assert refresh(world, cookie(answer)).status_code == 401
    assert world.client.post("/api/auth/logout").status_code == 401


def test_logout_everywhere_ends_every_session_of_this_user_only(
    world: World, user: Callable[[str], dict[str, str]]
) -> None:
    stranger = user("operator")
    one, two = sign_in(world), sign_in(world)
    assert world.client.post("/api/auth/logout-everywhere", headers=bearer(one)).status_code == 204
    for answer in (one, two):
        assert me(world, bearer(answer)) == 401
        assert refresh(world, cookie(answer)).status_code == 401
    assert me(world, stranger) == 200
    assert me(world, bearer(sign_in(world))) == 200


def test_a_new_password_ends_all_sessions_and_begins_one(world: World, user: Callable[[str], dict[str, str]]) -> None:
    headers = user("operator")
    other = sign_in(world, "operator-person", "some password 1")
    wrong = world.client.post("/api/auth/password", json={"current": "no", "new": "some password 2"}, headers=headers)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "current")
    short = world.client.post("/api/auth/password", json={"current": "some password 1", "new": "x1"}, headers=headers)
    assert (short.status_code, short.json()["error"]["field"]) == (422, "new")
    assert me(world, headers) == 200
    body = {"current": "some password 1", "new": "some password 2"}
    changed = world.client.post("/api/auth/password", json=body, headers=headers)
    assert changed.status_code == 200
    assert (me(world, headers), me(world, bearer(other)), me(world, bearer(changed))) == (401, 401, 200)
    assert refresh(world, cookie(other)).status_code == 401
    assert refresh(world, cookie(changed)).status_code == 200
    assert sign_in(world, "operator-person", "some password 2")
    old = {"username": "operator-person", "password": "some password 1"}
    assert world.client.post("/api/auth/login", json=old).status_code == 401


def test_the_deployments_password_is_changed_in_its_secret(world: World, admin: dict[str, str]) -> None:
    body = {"current": PASSWORD, "new": "another good one 5"}
    assert world.client.post("/api/auth/password", json=body, headers=admin).status_code == 409
    assert me(world, admin) == 200


def test_guessing_the_present_password_is_held_back(world: World, user: Callable[[str], dict[str, str]]) -> None:
    headers = user("user")
    body = {"current": "wrong", "new": "some password 2"}
    statuses = [world.client.post("/api/auth/password", json=body, headers=headers).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_refreshes_are_held_back_and_good_ones_do_not_count(world: World) -> None:
    answer = sign_in(world)
    for _ in range(31):
        answer = refresh(world, cookie(answer))
        assert answer.status_code == 200
    assert [refresh(world, "A" * 43).status_code for _ in range(31)] == [401] * 30 + [429]
    assert world.client.post("/api/auth/login", json=CREDENTIALS).status_code == 200, "signing in is counted apart"


def test_a_forged_refresh_is_refused(world: World) -> None:
    secret = cookie(sign_in(world))
    assert world.client.post("/api/auth/refresh", headers={"cookie": f"{NAME}={secret}"}).status_code == 422
    for site in ("cross-site", "same-site", "odd"):
        assert refresh(world, secret, sec_fetch_site=site).status_code == 403
        forged = world.client.post(
            "/api/auth/logout", headers={"cookie": f"{NAME}={secret}", "x-refresh": "1", "sec-fetch-site": site}
        )
        assert forged.status_code == 403
    assert world.client.post("/api/auth/logout", headers={"cookie": f"{NAME}={secret}"}).status_code == 401
    assert refresh(world, secret, sec_fetch_site="same-origin").status_code == 200, "none of them used it up"


def test_the_cookie_alone_opens_nothing(world: World) -> None:
    given = {"cookie": f"{NAME}={cookie(sign_in(world))}", "x-refresh": "1"}
    for method, path in (("GET", "/api/auth/me"), ("GET", "/api/admin/keys"), ("POST", "/api/auth/logout-everywhere")):
        assert world.client.request(method, path, headers=given).status_code == 401


def test_a_deactivated_user_is_out_at_once_and_stays_out(world: World, api: Callable[..., httpx.Response]) -> None:
    made = api("POST", "users", {"username": "kim", "password": "some password 1"}).json()
    answer = sign_in(world, "kim", "some password 1")
    assert api("PATCH", f"users/{made['id']}", {"active": False}).status_code == 200
    assert me(world, bearer(answer)) == 401
    assert refresh(world, cookie(answer)).status_code == 401
    assert api("PATCH", f"users/{made['id']}", {"active": True}).status_code == 200
    assert me(world, bearer(answer)) == 401, "what was ended does not come back"
    assert me(world, bearer(sign_in(world, "kim", "some password 1"))) == 200


def test_a_session_begun_with_a_password_that_changed_meanwhile_is_none(world: World) -> None:
    sign_in(world)
    account = world.services.identity.sign_in.login(USERNAME, PASSWORD, "10.0.0.1")
    world.services.users.end_sessions(account.user.id)
    late = world.services.sessions.begin(account)
    assert me(world, {"authorization": f"Bearer {late.access_token}"}) == 401
