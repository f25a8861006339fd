"""Guardrails on the control plane: from birth to death, what is refused, who refers to them, what they would say of a text."""

from __future__ import annotations

from typing import Any

import pytest
from tests.admin.conftest import Api
from tests.admin.test_configuration import in_force
from tests.aws_mock import World

from gateway.neutral.guardrails import Guardrail
from gateway.stores.entities import GUARDRAIL, ROUTE, Entities
from gateway.stores.tables import bind
from gateway.stores.versioned import Outdated

CARDS = {"id": "no-cards", "kind": "pii", "pii": ["credit_card", "iban"], "stages": ["input", "output"]}
TARGETS = [{"provider": "acme", "model": "m"}]


@pytest.fixture
def acme(api: Api, world: World) -> None:
    world.once("acme", lambda: api("POST", "providers", {"id": "acme", "kind": "openai"}))
    if api("GET", "providers/acme").status_code == 404:
        api("POST", "providers", {"id": "acme", "kind": "openai"})


def test_a_guardrail_from_birth_to_death(api: Api, world: World) -> None:
    made = api("POST", "guardrails", CARDS | {"action": "mask", "name": "Cards", "notes": "PCI"})
    body = made.json()
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert body == {
        "keywords": [],
        "patterns": [],
        "roles": ["system", "user", "assistant"],
        "categories": [],
        "max_characters": None,
        "max_tokens": None,
        "model": None,
        "threshold": None,
        "everywhere": False,
        "active": True,
        "message": None,
        "action": "mask",
        **CARDS,
        "name": "Cards",
        "notes": "PCI",
        "version": 1,
        "updated_at": body["updated_at"],
    }
    assert api("GET", "guardrails").json() == {"items": [body], "next_cursor": None, "total": 1}
    assert api("GET", "guardrails?q=card&kind=pii&active=true").json()["items"] == [body]
    assert api("GET", "guardrails?kind=deny").json()["items"] == []
    assert api("GET", "guardrails/no-cards").json() == body
    changed = api("PATCH", "guardrails/no-cards", {"action": "block", "everywhere": True, "name": None}, if_match='"1"')
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert api("PATCH", "guardrails/no-cards", {"action": "mask"}, if_match='"1"').status_code == 412
    wanted = Guardrail(
        "no-cards", "pii", ("input", "output"), "block", pii=("credit_card", "iban"), everywhere=True, notes="PCI"
    )
    assert in_force(world).guardrails == (wanted,)
    assert api("DELETE", "guardrails/no-cards", if_match='"2"').status_code == 204
    assert api("GET", "guardrails/no-cards").status_code == 404
    assert in_force(world).guardrails == ()


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"kind": "deny"}, "keywords"),
    ({"kind": "deny", "keywords": ["  "]}, "keywords[0]"),
    ({"kind": "deny", "patterns": ["ok", "(?=x)"]}, "patterns[1]"),
    ({"kind": "deny", "patterns": ["("]}, "patterns[0]"),
    ({"kind": "deny", "patterns": ["(a{900}){900}"]}, "patterns[0]"),
    ({"kind": "deny", "keywords": ["a"], "pii": ["email"]}, "pii"),
    ({"kind": "pii"}, "pii"),
    ({"kind": "pii", "pii": ["shoe_size"]}, "pii[0]"),
    ({"kind": "pii", "pii": ["email"], "stages": []}, "stages"),
    ({"kind": "pii", "pii": ["email"], "model": "m"}, "model"),
    ({"kind": "max_input"}, "max_characters"),
    ({"kind": "max_input", "max_tokens": 5, "action": "mask"}, "action"),
    ({"kind": "max_input", "max_tokens": 5, "stages": ["output"]}, "stages"),
    ({"kind": "moderation"}, "model"),
    ({"kind": "moderation", "model": "nobody"}, "model"),
    ({"kind": "moderation", "model": "chat"}, "model"),
    ({"kind": "moderation", "model": "acme/omni", "action": "mask"}, "action"),
    ({"kind": "moderation", "model": "acme/omni", "threshold": 2.0}, "threshold"),
    ({"kind": "magic"}, "kind"),
    ({"kind": "pii", "pii": ["email"], "enabled": True}, "enabled"),
)


@pytest.mark.usefixtures("acme")
def test_what_is_wrong_is_named(api: Api) -> None:
    api("POST", "models", {"id": "chat", "provider": "acme"})
    for body, field in WRONG:
        answer = api("POST", "guardrails", {"id": "g", **body})
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), body


@pytest.mark.usefixtures("acme")
def test_a_moderation_names_a_model_that_can_judge(api: Api) -> None:
    api("POST", "models", {"id": "omni", "provider": "acme", "kind": "moderation"})
    for number, model in enumerate(("omni", "acme/whatever")):
        body = {"id": f"g{number}", "kind": "moderation", "model": model, "threshold": 0.5, "categories": ["hate"]}
        assert api("POST", "guardrails", body).status_code == 201
    assert api("PATCH", "guardrails/g0", {"model": "gone"}).json()["error"]["field"] == "model"


@pytest.mark.usefixtures("acme")
def test_a_route_names_guardrails_that_are_there_and_keeps_them_there(api: Api, world: World) -> None:
    api("POST", "guardrails", CARDS)
    api("POST", "guardrails", {"id": "short", "kind": "max_input", "max_characters": 100})
    route = {"id": "safe", "targets": TARGETS, "guardrails": ["short", "no-cards"]}
    for bad, field in ((["nope"], "guardrails[0]"), (["short", "short"], "guardrails[1]")):
        answer = api("POST", "routes", route | {"guardrails": bad})
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert api("POST", "routes", route).json()["guardrails"] == ["short", "no-cards"]
    assert in_force(world).routes[0].guardrails == ("short", "no-cards")
    refused = api("DELETE", "guardrails/no-cards")
    assert (refused.status_code, refused.json()["error"]["message"]) == (
        409,
        "The guardrail is in use by 1 route (safe).",
    )
    bulk = api("POST", "bulk", {"noun": "guardrail", "ids": ["no-cards", "short"], "action": "delete"}).json()
    assert (bulk["changed"], [one["ok"] for one in bulk["results"]]) == (0, [False, False])
    assert api("PATCH", "routes/safe", {"guardrails": ["short"]}).json()["guardrails"] == ["short"]
    assert api("DELETE", "guardrails/no-cards").status_code == 204
    assert api("PATCH", "routes/safe", {"guardrails": []}).json()["guardrails"] == []


@pytest.mark.usefixtures("acme")
def test_nobody_begins_to_name_one_that_is_being_deleted(api: Api, world: World) -> None:
    """The one who deletes looked at the routes just before another route was made: its condition is lost."""
    api("POST", "guardrails", CARDS)
    entities = Entities(bind(world.services.settings), world.clock)
    row = entities.get(GUARDRAIL, "no-cards")
    assert row is not None
    uses = entities.uses("no-cards", GUARDRAIL)
    api("POST", "routes", {"id": "safe", "targets": TARGETS, "guardrails": ["no-cards"]})
    with pytest.raises(Outdated):
        entities.delete_unused(GUARDRAIL, row, uses)
    assert [one.value.guardrails for one in entities.all(ROUTE)] == [("no-cards",)]


def test_a_draft_waits_and_a_rollback_brings_it_back(api: Api, world: World) -> None:
    api("POST", "guardrails", CARDS)
    first = api("GET", "release").json()["release"]
    api("PATCH", "settings", {"publishing": "draft"})
    api("DELETE", "guardrails/no-cards")
    assert len(in_force(world).guardrails) == 1
    changes = api("GET", "releases/draft").json()["changes"]
    assert [(one["noun"], one["id"], one["after"]) for one in changes] == [("guardrail", "no-cards", None)]
    assert api("POST", "releases/draft/publish").json()["changed"] is True
    assert in_force(world).guardrails == ()
    assert api("POST", f"releases/{first}/rollback").json()["changed"] is True
    assert api("GET", "guardrails/no-cards").status_code == 200
    assert api("GET", f"releases/{first}").json()["items"][0]["noun"] == "guardrail"


DOCUMENT = """\
providers: [{id: acme, kind: openai}]
guardrails:
  - {id: no-cards, kind: pii, pii: [credit_card], action: mask}
routes:
  - {id: safe, targets: [{provider: acme, model: m}], guardrails: [no-cards]}
"""


def test_as_code(api: Api) -> None:
    applied = api("POST", "configuration/apply", {"document": DOCUMENT})
    assert applied.status_code == 200, applied.text
    exported = api("GET", "configuration?format=json").json()
    assert exported["guardrails"] == [{"id": "no-cards", "kind": "pii", "action": "mask", "pii": ["credit_card"]}]
    assert exported["routes"][0]["guardrails"] == ["no-cards"]
    wrong = DOCUMENT.replace("guardrails: [no-cards]", "guardrails: [other]")
    refused = api("POST", "configuration/plan", {"document": wrong})
    assert "routes[0].guardrails[0]: There is no guardrail 'other'." in refused.text
    pruned = api(
        "POST",
        "configuration/apply",
        {
            "document": DOCUMENT.replace(", guardrails: [no-cards]", "")
            .replace("  - {id: no-cards, kind: pii, pii: [credit_card], action: mask}\n", "")
            .replace("guardrails:\n", ""),
            "prune": True,
        },
    )
    assert pruned.status_code == 200, pruned.text
    assert api("GET", "guardrails").json()["total"] == 0


TRIED: tuple[tuple[dict[str, Any], str, dict[str, Any]], ...] = (
    (
        {"kind": "pii", "pii": ["email"], "action": "mask"},
        "😀 a@b.de",
        {"matches": [{"start": 2, "end": 8, "sort": "email"}], "action": "mask", "text": "😀 [email]"},
    ),
    (
        {"kind": "deny", "keywords": ["bad"]},
        "so bad",
        {"matches": [{"start": 3, "end": 6, "sort": "keyword"}], "action": "block", "text": None},
    ),
    (
        {"kind": "deny", "patterns": ["b.d"], "action": "annotate", "active": False},
        "so bad",
        {"matches": [{"start": 3, "end": 6, "sort": "pattern"}], "action": "annotate", "text": "so bad"},
    ),
    (
        {"kind": "deny", "keywords": ["bad"], "stages": ["output"]},
        "so bad",
        {"matches": [], "action": None, "text": "so bad"},
    ),
    (
        {"kind": "max_input", "max_characters": 3},
        "so bad",
        {"matches": [{"start": 0, "end": 6, "sort": "characters"}], "action": "block", "text": None},
    ),
    ({"kind": "max_input", "max_tokens": 300}, "so bad", {"matches": [], "action": None, "text": "so bad"}),
)


def test_whose_words_it_looks_at(api: Api, world: World) -> None:
    made = api("POST", "guardrails", {"id": "words", "kind": "deny", "keywords": ["x"], "roles": ["user", "user"]})
    assert (made.status_code, made.json()["roles"]) == (201, ["user"])
    assert in_force(world).guardrails[0].roles == ("user",)
    changed = api("PATCH", "guardrails/words", {"roles": ["assistant", "user"]})
    assert changed.json()["roles"] == ["assistant", "user"]
    assert api("PATCH", "guardrails/words", {"name": "Words"}).json()["roles"] == ["assistant", "user"]
    [entry] = api("GET", "audit?noun=guardrail&limit=3").json()["items"][1:2]
    [change] = entry["changes"]
    assert (change["before"], change["after"]) == ({"roles": ["user"]}, {"roles": ["assistant", "user"]})
    for roles, field in (([], "roles"), (["tool"], "roles[0]"), (["user", "developer"], "roles[1]"), (None, "roles")):
        for answer in (
            api("PATCH", "guardrails/words", {"roles": roles}),
            api("POST", "guardrails", {"id": "other", "kind": "deny", "keywords": ["x"], "roles": roles}),
        ):
            assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), answer.text
    refused = api("POST", "guardrails", {"id": "long", "kind": "max_input", "max_tokens": 9, "roles": ["user"]})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "roles")


def test_a_text_is_tried_as_somebodys(api: Api) -> None:
    words = {"id": "g", "kind": "deny", "keywords": ["bad"], "roles": ["user"], "stages": ["input", "output"]}
    for more, action in (
        ({}, "block"),
        ({"role": "user"}, "block"),
        ({"role": "system"}, None),
        ({"role": "assistant"}, None),
        ({"role": "system", "stage": "output"}, "block"),
    ):
        assert api("POST", "guardrails/try", {"guardrail": words, "text": "bad", **more}).json()["action"] == action
    answer = api("POST", "guardrails/try", {"guardrail": words, "text": "bad", "role": "tool"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "role")


def test_a_text_can_be_tried_on_one_that_is_not_stored(api: Api) -> None:
    for guardrail, text, wanted in TRIED:
        answer = api("POST", "guardrails/try", {"guardrail": {"id": "g", **guardrail}, "stage": "input", "text": text})
        assert answer.json() == wanted
    assert api("GET", "guardrails").json()["total"] == 0


def test_what_cannot_be_tried_is_said(api: Api) -> None:
    api("POST", "guardrails", CARDS)
    assert (
        api("POST", "guardrails/try", {"guardrail": "no-cards", "text": "4111111111111111"}).json()["action"] == "block"
    )
    for body, field in (
        ({"guardrail": "nobody", "text": ""}, "guardrail"),
        ({"guardrail": {"id": "g", "kind": "deny", "patterns": ["("]}, "text": ""}, "guardrail.patterns[0]"),
        ({"guardrail": {"id": "g", "kind": "deny", "surprise": 1}, "text": ""}, "guardrail.surprise"),
        ({"guardrail": {"id": "g", "kind": "moderation", "model": "m"}, "text": ""}, "guardrail"),
        ({"guardrail": "no-cards", "text": "", "stage": "between"}, "stage"),
    ):
        answer = api("POST", "guardrails/try", body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field), answer.text
