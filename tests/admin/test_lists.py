"""Lists: pages, what they may be narrowed to, and how many there are in all."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from tests.admin.conftest import Api
from tests.admin.test_bulk import BODIES

from gateway.admin import paging


def _every(api: Api, path: str) -> tuple[list[Any], list[int | None]]:
    """The items page by page, and what each page says of the total."""
    items, totals, cursor = list[Any](), list[int | None](), ""
    for _ in range(20):
        page = api("GET", f"{path}{cursor}").json()
        items += page["items"]
        totals.append(page["total"])
        if page["next_cursor"] is None:
            return items, totals
        cursor = f"&cursor={page['next_cursor']}"
    raise AssertionError("paging does not end")


@pytest.mark.parametrize("noun", BODIES)
def test_every_list_pages_filters_and_counts(api: Api, openai: str, noun: str) -> None:
    path, body = BODIES[noun]
    for name in ("Anna", "hanna", "bert"):
        made = api("POST", path, {key: name if value == "{n}" else value for key, value in body.items()}).json()
        if name == "hanna":
            api("PATCH", f"{path}/{made['id']}", {"active": False})
    everything, totals = _every(api, f"{path}?limit=2")
    found, narrowed = _every(api, f"{path}?limit=1&q=ANNA")
    assert totals[0] == len(everything)
    assert set(totals[1:]) <= {None}
    assert (len(found), narrowed[0]) == (2, 2)
    (off,) = api("GET", f"{path}?active=false").json()["items"]
    assert off["active"] is False
    assert api("GET", f"{path}?active=true&q=anna").json()["total"] == 1


def test_a_count_that_would_cost_too_much_is_not_given(api: Api, openai: str) -> None:
    for query in ("active=perhaps", "limit=101", "limit=0"):
        assert api("GET", f"models?{query}").status_code == 422
    for name in ("a", "b", "c", "d"):
        api("POST", "models", {"id": name, "provider": "openai"})
    with patch.object(paging, "_COUNTED_ROWS", 1), patch.object(paging, "_COUNTED_ROUNDS", 2):
        assert api("GET", "models?limit=1").json()["total"] is None
        assert api("GET", "models?limit=2").json()["total"] == 4
