"""Agents: made, changed, drafted, removed, and what dialogs may name of them."""

from __future__ import annotations

from typing import Any

from tests.admin.conftest import Api
from tests.admin.test_dialogs import Person, _made, me, models

__all__ = ["me", "models"]


def _named(me: Person) -> list[str]:
    return [one["id"] for one in me("GET", "agents").json()]


def test_an_agent_is_made_changed_and_removed(api: Api, me: Person) -> None:
    body = {"id": "mine", "system_prompt": "Be brief.", "model": "big", "temperature": 0, "stop_sequences": ["END"]}
    made = api("POST", "agents", body)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert {name: made.json()[name] for name in body} == body
    assert (made.json()["name"], made.json()["built_in"]) == ("mine", False)
    assert api("POST", "agents", {"id": "mine"}).status_code == 409
    changed = api("PATCH", "agents/mine", {"name": "Mine", "system_prompt": None, "max_tokens": 9}, if_match='"1"')
    assert (changed.json()["system_prompt"], changed.json()["max_tokens"]) == (None, 9)
    assert api("PATCH", "agents/mine", {"name": "x"}, if_match='"1"').status_code == 412
    assert [one["id"] for one in api("GET", "agents?q=MI").json()["items"]] == ["mine"]
    assert api("DELETE", "agents/mine").status_code == 204
    assert api("GET", "agents/mine").status_code == 404


def test_what_is_no_agent_is_refused(api: Api, me: Person) -> None:
    bodies: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "id"),
        ({"id": "a/b"}, "id"),
        ({"id": "x", "temperature": 1.1}, "temperature"),
        ({"id": "x", "top_p": -1}, "top_p"),
        ({"id": "x", "frequency_penalty": 3}, "frequency_penalty"),
        ({"id": "x", "max_tokens": 0}, "max_tokens"),
        ({"id": "x", "stop_sequences": [""]}, "stop_sequences[0]"),
        ({"id": "x", "model": "nothing"}, "model"),
        ({"id": "x", "active": True}, "active"),
    )
    for body, field in bodies:
        answer = api("POST", "agents", body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert api("POST", "agents", {"id": "x", "model": "openai/anything"}).status_code == 201
    assert api("PATCH", "agents/x", {"model": "nothing"}).status_code == 422


def test_a_draft_is_named_by_nobody_until_it_is_published(api: Api, me: Person) -> None:
    api("PATCH", "settings", {"publishing": "draft"})
    assert api("POST", "agents", {"id": "later"}).status_code == 201
    assert "later" not in _named(me)
    assert me("POST", "dialogs", {"agent": "later"}).status_code == 400
    assert api("POST", "releases/draft/publish").status_code == 200
    assert "later" in _named(me)
    assert _made(me, agent="later")["agent_missing"] is False


def test_many_are_removed_at_once_and_none_is_switched_off(api: Api, me: Person) -> None:
    for name in ("a", "b"):
        api("POST", "agents", {"id": name})
    off = api("POST", "bulk", {"noun": "agent", "ids": ["a"], "action": "deactivate"}).json()
    assert (off["changed"], off["results"][0]["ok"]) == (0, False)
    gone = api("POST", "bulk", {"noun": "agent", "ids": ["a", "b"], "action": "delete"}).json()
    assert gone["changed"] == 2
    assert _named(me) == ["default", "code_assistant", "creative_writer"]


def test_a_document_says_which_agents_there_are(api: Api, me: Person) -> None:
    api("POST", "agents", {"id": "old", "temperature": 0.5})
    document = api("GET", "configuration?format=json").json()
    assert document["agents"] == [{"id": "old", "temperature": 0.5}]
    text = '{"agents": [{"id": "new", "model": "big"}]}'
    plan = api("POST", "configuration/plan", {"document": text}).json()
    assert [(one["noun"], one["id"]) for one in plan["changes"]] == [("agent", "new")]
    assert api("POST", "configuration/apply", {"document": text}).status_code == 200
    assert _named(me)[3:] == ["new", "old"]
