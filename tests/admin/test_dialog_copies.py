"""Export and import of one's own dialogs: the round trip to the letter, and documents that are hostile."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

from tests.admin.test_dialog_removal import _rows
from tests.admin.test_dialogs import Person, _made, me, models, she
from tests.aws_mock import World

from gateway.admin import dialog_copies
from gateway.stores import dialogs as store

__all__ = ["me", "models", "she"]

CALL = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": '{"a": 1}'}}
MESSAGES: list[dict[str, Any]] = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "Grüße \u2028 \U0001f4a3 \x00", "created_at": "2024-05-01T10:00:00.123Z"},
    {"role": "assistant", "content": "", "tool_calls": [CALL], "created_at": "2024-05-01T10:00:00.123+00:00"},
    {"role": "tool", "content": "42", "tool_call_id": "call_1"},
    {"role": "assistant", "content": "It is 42.", "prompt_tokens": 12, "completion_tokens": 5, "model": "big"},
    {"role": "user", "content": "x" * 90_000, "error": {"code": "LLM_TIMEOUT", "message": "It took too long."}},
    {"role": "user", "content": "Later", "created_at": "2019-01-01T00:00:00+14:00"},
]
DIALOG = {
    "title": "T",
    "system_prompt": "S",
    "model_name": "one/that-is-gone",
    "agent": "gone",
    "agent_config": {"temperature": 0.25, "stop_sequences": ["END", "\n"]},
    "messages": MESSAGES,
}


def _letters(dialog: dict[str, Any]) -> dict[str, Any]:
    """What must be the same."""
    return {name: value for name, value in dialog.items() if name not in {"id", "created_at", "updated_at"}}


def _export(person: Person) -> list[dict[str, Any]]:
    answer = person("GET", "export").json()
    assert (answer["version"], answer["errors"], answer["next_cursor"]) == ("1.0", [], None)
    assert answer["dialog_count"] == len(answer["dialogs"])
    assert answer["message_count"] == sum(len(one["messages"]) for one in answer["dialogs"])
    return list(answer["dialogs"])


def test_the_round_trip_is_exact(me: Person, she: Person, world: World) -> None:
    told = me("POST", "export/import", {"version": "1.0", "dialogs": [DIALOG, {"title": "empty"}]})
    assert told.json() == {"dialogs_imported": 2, "messages_imported": 7, "errors": []}
    mine = _export(me)
    for given, kept in zip(MESSAGES, mine[0]["messages"], strict=True):
        assert {name: kept[name] for name in given if name != "created_at"} == {
            name: value for name, value in given.items() if name != "created_at"
        }
    assert [one["created_at"] for one in mine[0]["messages"]][1:3] == ["2024-05-01T10:00:00.123Z"] * 2
    assert (mine[0]["model_name"], mine[0]["agent"]) == ("one/that-is-gone", "gone")
    whole = me("GET", "export").json()
    assert she("POST", "export/import", whole).json()["errors"] == []
    hers = _export(she)
    assert [_letters(one) for one in hers] == [_letters(one) for one in mine]
    assert {one["id"] for one in hers}.isdisjoint({one["id"] for one in mine})
    me("POST", "export/import", whole)
    assert [one["title"] for one in _export(me)] == ["T", "empty", "T", "empty"], "what is there stays as it is"
    counted = world.services.dialogs.owner(she("GET", "dialogs").json()["items"][0]["user_id"])
    assert (counted.dialogs, counted.messages) == (2, 7)


HOSTILE: tuple[Any, ...] = (
    None, 1, "x", [], [DIALOG], {"messages": {}}, {"messages": [None]}, {"messages": [{"role": "root", "content": "x"}]},
    {"messages": [{"role": "user"}]}, {"messages": [{"role": "user", "content": 1}]}, {"title": "x" * 256},
    {"owner": "somebody"}, {"__proto__": {}}, {"pk": "x"}, {"message_count": 9}, {"agent_config": {"seed": 1}},
    {"agent_config": {"temperature": "hot"}}, {"agent_config": {"temperature": 10**400}}, {"model_name": "a b"},
    {"messages": [{"role": "user", "content": "x", "id": "msg_1"}]},
    {"messages": [{"role": "user", "content": "x", "prompt_tokens": -1}]},
    {"messages": [{"role": "user", "content": "x", "created_at": "yesterday"}]},
    {"messages": [{"role": "user", "content": "x", "created_at": "0001-01-01T00:00:00+14:00"}]},
    {"messages": [{"role": "user", "content": "x", "created_at": "2024-01-01T00:00:00"}]},
    {"messages": [{"role": "user", "content": "x" * 400_001}]},
    {"messages": [{"role": "user", "content": "x"}] * 10_001},
    {"messages": [{"role": "assistant", "content": "x", "tool_calls": [{"id": "a"}]}]},
    {"messages": [{"role": "user", "content": "x", "error": {"code": "", "message": "x"}}]},
)  # fmt: skip


def test_what_is_hostile_is_left_out_one_by_one(me: Person, she: Person) -> None:
    theirs = _made(she, title="hers")
    good = {"title": "good", "id": theirs["id"], "user_id": theirs["user_id"], "messages": []}
    answer = me("POST", "export/import", {"dialogs": [good, *HOSTILE, good]})
    told = answer.json()
    assert (answer.status_code, told["dialogs_imported"]) == (200, 2)
    assert [line.split(":")[0] for line in told["errors"]] == [f"Dialog {at}" for at in range(1, len(HOSTILE) + 1)]
    assert all(len(line) < 400 for line in told["errors"])
    assert [one["title"] for one in _export(me)] == ["good", "good"]
    assert [one["id"] for one in _export(she)] == [theirs["id"]], "nothing of hers was reached"


def test_a_document_that_is_none_is_refused(me: Person) -> None:
    none: tuple[Any, ...] = ({}, {"dialogs": {}}, {"dialogs": [], "version": "2.0"}, {"dialogs": [], "owner": "x"}, [])
    for body in (*none, {"dialogs": [{}] * 1001}):
        answer = me("POST", "export/import", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")


def test_text_that_is_none_is_refused(world: World, me: Person, admin: dict[str, str]) -> None:
    raw = (
        b'{"dialogs": [{"title": "\\ud800"}, {"messages": [{"role": "user", "content": "\\udfff"}]}, {"title": "ok"}]}'
    )
    headers = {**admin, "content-type": "application/json"}
    told = world.client.post("/api/v1/export/import", content=raw, headers=headers).json()
    assert (told["dialogs_imported"], len(told["errors"])) == (1, 2)


def test_there_is_no_room_for_more_than_there_may_be(me: Person) -> None:
    with patch.object(store, "MOST_DIALOGS", 2):
        one = {"messages": [{"role": "user", "content": "hello"}]}
        told = me("POST", "export/import", {"dialogs": [one] * 4}).json()
    assert (told["dialogs_imported"], len(told["errors"])) == (2, 2)
    assert all("most there may be" in line for line in told["errors"])
    assert sum(len(one["messages"]) for one in _export(me)) == 2


def test_nothing_stays_of_an_import_that_found_no_room(me: Person, world: World) -> None:
    there = _made(me)["id"]
    with patch.object(store, "MOST_DIALOGS", 1):
        assert me("POST", "export/import", {"dialogs": [DIALOG]}).json()["dialogs_imported"] == 0
    assert _rows(world) == [f"dialog#{there}"]


def test_a_large_export_comes_in_parts(me: Person) -> None:
    long = [{"role": "user", "content": "y" * 3000}]
    dialogs = [{"title": str(number), "messages": long * (9 if number == 2 else 2)} for number in range(5)]
    me("POST", "export/import", {"dialogs": dialogs})
    titles, errors, cursor, parts = [], [], "", 0
    with patch.object(dialog_copies, "MOST_BYTES", 20_000):
        while True:
            answer = me("GET", f"export{cursor}")
            part = answer.json()
            assert len(answer.content) < 22_000
            titles += [one["title"] for one in part["dialogs"]]
            errors += part["errors"]
            parts += 1
            if part["next_cursor"] is None:
                break
            cursor = f"?cursor={part['next_cursor']}"
    assert (titles, len(errors), parts) == (["0", "1", "3", "4"], 1, 2)
    assert me("GET", "export?cursor=%00").status_code == 400


def test_the_size_of_a_message_is_what_an_item_holds(me: Person) -> None:
    """Text that does not compress: told, not cut in silence."""
    noise = "".join(chr(0x4E00 + (at * 7919 * (at % 251 + 1)) % 20_000) for at in range(400_000))
    told = me("POST", "export/import", {"dialogs": [{"messages": [{"role": "user", "content": noise}]}]})
    assert told.json()["dialogs_imported"] == 0
    assert "too long to be stored whole" in json.dumps(told.json()["errors"])
    assert _export(me) == []


def test_calls_of_tools_count_for_the_size_of_a_message(me: Person, world: World) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "x" * 300_000}}
    large = {"messages": [{"role": "assistant", "content": "y", "tool_calls": [call, call]}]}
    told = me("POST", "export/import", {"dialogs": [large, {"title": "good"}]})
    assert (told.status_code, told.json()["dialogs_imported"]) == (200, 1)
    assert "too long to be stored whole" in json.dumps(told.json()["errors"])
    assert len(_rows(world)) == 1
