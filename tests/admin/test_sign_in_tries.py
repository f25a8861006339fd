"""Guessing a password: five tries, however they are made, and no way to tell who exists."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
from tests.admin.conftest import Api
from tests.aws_mock import PASSWORD, USERNAME, World


def tried(world: World, username: str, password: str = "wrong") -> Any:
    return world.client.post("/api/auth/login", json={"username": username, "password": password})


def test_other_ways_to_write_a_name_get_no_new_tries(world: World) -> None:
    ways = ("admin", "ADMIN", " admin", "Admin ", "\tadMin\n")
    assert [tried(world, way).status_code for way in ways] == [401] * 5
    locked = [tried(world, way, PASSWORD) for way in ways]
    assert [answer.status_code for answer in locked] == [429] * 5
    assert all(1 <= int(answer.headers["retry-after"]) <= 300 for answer in locked)


@pytest.mark.parametrize(
    "name", ["\uff41dmin", "adm\u0131n", "\u0430dmin", "admin\u200b", "admin\x00", "admi\u0301n", "ADM\u0130N"]
)
def test_a_name_that_only_looks_like_one_is_another(world: World, name: str) -> None:
    world.login()
    assert tried(world, name, PASSWORD).status_code == 401


def test_a_letter_that_folds_into_a_name_shares_its_tries(world: World, api: Api) -> None:
    """U+212A, the sign for kelvin, is a k in lower case: it may find the user, so it must share the user's tries."""
    assert api("POST", "users", {"username": "kim", "password": "some password 1"}).status_code == 201
    assert [tried(world, name).status_code for name in ("kim", "\u212aim", "KIM", "\u212aIM", "kim")] == [401] * 5
    assert tried(world, "\u212aim", "some password 1").status_code == 429


def test_of_twenty_tries_at_once_five_are_looked_at(world: World) -> None:
    barrier, login = threading.Barrier(20), world.services.identity.sign_in.login

    def try_one(number: int) -> str:
        barrier.wait()
        try:
            login(USERNAME, "wrong", f"10.0.0.{number}")
        except Exception as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(20) as pool:
        outcomes = Counter(pool.map(try_one, range(20)))
    print("\n20 bad tries at once:", dict(outcomes))
    assert outcomes["NotSignedIn"] <= 5
    assert outcomes == {"NotSignedIn": outcomes["NotSignedIn"], "TooManyTries": 20 - outcomes["NotSignedIn"]}


def test_every_refusal_costs_one_check_of_a_password_and_says_the_same(
    world: World, api: Api, user: Callable[[str], dict[str, str]]
) -> None:
    """Unknown, known, deactivated: one argon2id check each, with the same parameters, which is what the time of a sign-in is."""
    user("operator")
    gone = api("POST", "users", {"username": "gone", "password": "some password 1"}).json()["id"]
    assert api("PATCH", f"users/{gone}", {"active": False}).status_code == 200
    verify, checked = PasswordHasher.verify, list[str]()

    def counting(self: PasswordHasher, hashed: Any, password: Any) -> Any:
        checked.append(str(hashed).rsplit("$", 2)[0])
        return verify(self, hashed, password)

    said = []
    with patch.object(PasswordHasher, "verify", counting):
        for name, password in (
            ("nobody", "wrong"),
            ("operator-person", "wrong"),
            ("gone", "wrong"),
            ("gone", "some password 1"),
            (USERNAME, "wrong"),
        ):
            answer = tried(world, name, password)
            said.append((answer.status_code, {**answer.json()["error"], "request_id": ""}))
    assert said == [said[0]] * 5
    assert said[0][0] == 401
    assert len(checked) == 5
    assert len(set(checked)) == 1, checked


def test_an_address_is_held_back_whoever_it_names_and_users_are_not(world: World) -> None:
    assert [tried(world, f"name{number}").status_code for number in range(30)] == [401] * 30
    answer = tried(world, "name31")
    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (429, True)
    account = world.services.identity.sign_in.login(USERNAME, PASSWORD, "198.51.100.1")
    assert account.user.username == USERNAME, "from elsewhere they sign in as ever"
