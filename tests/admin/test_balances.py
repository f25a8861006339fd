"""Token balances through the admin API."""

from __future__ import annotations

from typing import Any

import pytest
from tests.admin.conftest import Api

USERS = "end-users"


@pytest.fixture
def ada(api: Api) -> str:
    assert api("POST", USERS, {"id": "org/ada", "token_balance": True}).status_code == 201
    return f"{USERS}/org/ada/balance"


def test_a_balance_is_topped_up_deducted_and_limited(api: Api, ada: str) -> None:
    assert api("GET", ada).json() == {"available": 0, "held": 0, "used": 0, "granted": 0, "limit": None}
    assert api("POST", ada, {"amount": 500}).json()["available"] == 500
    assert api("POST", ada, {"amount": -700}).json()["available"] == -200
    assert api("PATCH", ada, {"limit": 10_000}).json()["limit"] == 10_000
    assert api("PATCH", ada, {"limit": None}).json()["limit"] is None
    entries = api("GET", f"{ada}/history").json()["items"]
    assert [(one["amount"], one["reason"]) for one in entries] == [(-700, "admin_deduct"), (500, "admin_top_up")]
    assert all(one["admin"] for one in entries)


def test_a_change_with_an_id_happens_once(api: Api, ada: str) -> None:
    for _ in range(3):
        assert api("POST", ada, {"amount": 500, "id": "invoice-7"}).json()["available"] == 500
    other = api("POST", ada, {"amount": 501, "id": "invoice-7"})
    assert (other.status_code, other.json()["error"]["field"]) == (409, "id")


def test_the_history_is_paged(api: Api, ada: str) -> None:
    for amount in (1, 2, 3):
        api("POST", ada, {"amount": amount})
    first = api("GET", f"{ada}/history?limit=2").json()
    rest = api("GET", f"{ada}/history?limit=2&cursor={first['next_cursor']}").json()
    assert [one["amount"] for one in (*first["items"], *rest["items"])] == [3, 2, 1]
    assert api("GET", f"{ada}/history?cursor=MWZvbw").status_code == 400


@pytest.mark.parametrize("body", [{}, {"amount": 0}, {"amount": 10**16}, {"amount": 1.5}, {"amount": 1, "reason": "x"}])
def test_what_is_no_change_is_refused(api: Api, ada: str, body: dict[str, Any]) -> None:
    assert api("POST", ada, body).status_code == 422
    assert api("GET", ada).json()["available"] == 0


def test_nobody_has_no_balance(api: Api) -> None:
    assert api("GET", f"{USERS}/nobody/balance").status_code == 404
    assert api("POST", f"{USERS}/nobody/balance", {"amount": 1}).status_code == 404


@pytest.mark.parametrize("ending", ["/balance", "/balance/history"])
def test_an_id_cannot_be_the_address_of_a_balance(api: Api, ending: str) -> None:
    assert api("POST", USERS, {"id": f"ada{ending}"}).status_code == 422
