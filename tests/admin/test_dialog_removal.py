"""A dialog goes with all its messages, also where the removal is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from pynamodb.exceptions import DeleteError
from tests.admin.test_dialogs import Person, _made, _person
from tests.aws_mock import World

from gateway.neutral.dialogs import Dialog, Message
from gateway.stores import dialogs as store


@pytest.fixture
def me(world: World, admin: dict[str, str]) -> Person:
    return _person(world, admin)


def _with_messages(world: World, owner: str, count: int) -> Dialog:
    now = world.clock.now_ms()
    dialog = Dialog(world.clock.new_id("dlg"), owner, now, now)
    ids = sorted(world.clock.new_id("msg") for _ in range(count))
    return world.services.dialogs.create(dialog, [Message(one, dialog.id, "user", "hello", now, now) for one in ids])


def _rows(world: World) -> list[str]:
    return sorted(item["sk"]["S"] for item in world.items("dialogs") if not item["pk"]["S"].startswith("owners#"))


def test_hundreds_of_messages_go_with_their_dialog(me: Person, world: World) -> None:
    other = _made(me)
    dialog = _with_messages(world, other["user_id"], 260)
    assert len(_rows(world)) == 262
    assert world.services.dialogs.owner(dialog.owner) == store.Owner(
        dialog.owner, 2, 260, 0, world.services.dialogs.owner(dialog.owner).last_activity
    )
    assert me("DELETE", f"dialogs/{dialog.id}").status_code == 204
    assert _rows(world) == [f"dialog#{other['id']}"]
    counted = world.services.dialogs.owner(dialog.owner)
    assert (counted.dialogs, counted.messages) == (1, 0)


@contextmanager
def _no_batches(world: World) -> Iterator[None]:
    kind = world.services.dialogs._tables.message
    with patch.object(kind, "batch_write", side_effect=DeleteError("the store is out of reach")):
        yield


def test_a_removal_that_was_cut_off_goes_on(me: Person, world: World) -> None:
    dialog = _with_messages(world, _made(me)["user_id"], 3)
    with _no_batches(world):
        cut = me("DELETE", f"dialogs/{dialog.id}")
    assert (cut.status_code, cut.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert me("GET", f"dialogs/{dialog.id}").status_code == 404, "it is gone from the first step on"
    assert me("GET", "dialogs").json()["total"] == 1
    assert len(_rows(world)) == 1 + 1 + 3
    assert me("DELETE", f"dialogs/{dialog.id}").status_code == 204
    assert len(_rows(world)) == 1
    assert me("DELETE", f"dialogs/{dialog.id}").status_code == 404


def test_what_nobody_goes_on_with_is_swept_later(me: Person, world: World) -> None:
    dialog = _with_messages(world, _made(me)["user_id"], 3)
    with _no_batches(world):
        me("DELETE", f"dialogs/{dialog.id}")
    _made(me)
    assert len(_rows(world)) == 1 + 3 + 2, "somebody may still be at work on it"
    world.time.now += 880
    _made(me)
    assert len(_rows(world)) == 1 + 3 + 3
    world.time.now += 25
    with patch.object(world.services.sessions, "user", return_value=_user_of(world, dialog.owner)):
        _made(me)
    assert len(_rows(world)) == 4


def _user_of(world: World, identifier: str) -> Any:
    account = world.services.users.get(identifier)
    assert account is not None
    return account.user
