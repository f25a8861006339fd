"""Draft mode: edits wait until somebody publishes them in one step, also while others edit, publish, discard or change the mode."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import World

from gateway.admin.publisher import Publisher
from gateway.admin.rollback import differences
from gateway.neutral.config import Release
from gateway.stores.entities import Entities
from gateway.stores.publishing import PublishingStore
from gateway.stores.releases import Releases
from gateway.stores.restoring import Restoring

SECRET = "sk-drafted-0000000000001"


@pytest.fixture
def drafting(api: Api, openai: str) -> str:
    """Draft mode over one provider and one model; the release in force."""
    api("POST", "models", {"id": "kept", "provider": "openai"})
    assert api("PATCH", "settings", {"publishing": "draft"}).status_code == 200
    address: str = api("GET", "release").json()["release"]
    return address


def _in_force(world: World) -> Release:
    return world.services.editors.publisher.current()[1]


def _models(release: Release) -> set[str]:
    return {model.id for model in release.models}


def test_edits_wait_and_are_published_together(api: Api, world: World, drafting: str) -> None:
    before = api("GET", "release").json()
    assert (before["publishing"], before["pending"]) == ("draft", 0)
    api("POST", "providers", {"id": "groq", "kind": "groq"})
    api("POST", "providers/openai/keys", {"value": SECRET})
    api("POST", "models", {"id": "fast", "provider": "groq"})
    api("PATCH", "models/kept", {"active": False})
    waiting = api("GET", "release").json()
    assert waiting == {**before, "pending": 4}
    draft = api("GET", "releases/draft")
    told = draft.json()
    assert (told["before"], told["number"], draft.headers["etag"]) == (drafting, before["number"], '"2"')
    assert [(change["noun"], change["id"]) for change in told["changes"] if change["noun"] != "upstream_key"] == [
        ("provider", "groq"),
        ("model", "fast"),
        ("model", "kept"),
    ]
    assert SECRET not in draft.text
    assert "ciphertext" not in draft.text
    answer = api("POST", "releases/draft/publish", {"release": told["after"]}, if_match='"2"')
    assert answer.json() == {"release": told["after"], "number": 3, "changed": True}
    assert answer.headers["etag"] == '"3"'
    assert _models(_in_force(world)) == {"kept", "fast"}
    after = api("GET", "release").json()
    assert (after["release"], after["pending"]) == (told["after"], 0)
    assert api("GET", "releases").json()["items"][0]["cause"] == "publish"
    entry = api("GET", "audit?action=publish").json()["items"][0]
    assert (entry["noun_id"], entry["release_before"], entry["release_after"]) == (
        told["after"],
        drafting,
        told["after"],
    )
    assert entry["changes"] == told["changes"]
    again = api("POST", "releases/draft/publish")
    assert again.json() == {"release": told["after"], "number": 3, "changed": False}


def test_a_draft_is_discarded_in_one_step(
    api: Api, world: World, drafting: str, user: Callable[[Any], dict[str, str]]
) -> None:
    api("POST", "models", {"id": "fast", "provider": "openai"})
    api("DELETE", "models/kept")
    operator = user("operator")
    assert world.client.post("/api/admin/releases/draft/discard", headers=operator).status_code == 403
    assert api("POST", "releases/draft/discard", if_match='"1"').status_code == 412
    with patch("gateway.stores.restoring.MOST_WRITES", 1):
        many = api("POST", "releases/draft/discard")
    assert many.status_code == 409
    assert "would write 3 things; one step holds 98" in many.json()["error"]["message"]
    assert api("GET", "release").json()["pending"] == 2
    answer = api("POST", "releases/draft/discard", if_match='"2"')
    assert answer.json() == {"release": drafting, "number": 3, "changed": True}
    assert world.services.editors.publisher.compose() == _in_force(world)
    assert (api("GET", "models/kept").status_code, api("GET", "models/fast").status_code) == (200, 404)
    assert api("GET", "releases").json()["items"][0]["cause"] == "discard"
    entry = api("GET", "audit?action=discard").json()["items"][0]
    assert (entry["noun"], entry["noun_id"], len(entry["changes"])) == ("release", drafting, 2)
    assert api("POST", "releases/draft/discard").json()["changed"] is False
    api("POST", "models", {"id": "fast", "provider": "openai"})
    assert world.client.post("/api/admin/releases/draft/publish", headers=operator).json()["changed"] is True


def test_nothing_was_ever_published(api: Api) -> None:
    api("PATCH", "settings", {"publishing": "draft"})
    assert api("POST", "releases/draft/discard").status_code == 409
    api("POST", "providers", {"id": "openai", "kind": "openai"})
    draft = api("GET", "releases/draft").json()
    assert (draft["before"], draft["number"], len(draft["changes"])) == (None, 0, 1)
    assert api("POST", "releases/draft/publish", if_match='"0"').json()["number"] == 1


def test_keys_teams_and_end_users_hold_at_once(api: Api, world: World, drafting: str) -> None:
    key = api("POST", "keys", {"name": "k"}).json()["id"]
    api("PATCH", f"keys/{key}", {"active": False})
    api("POST", "teams", {"id": "red", "active": False})
    assert api("GET", "release").json()["pending"] == 0
    (item,) = [item for item in world.items("keys") if item["pk"]["S"].startswith("key#")]
    assert json.loads(item["data"]["S"])["active"] is False


def test_a_rollback_is_in_force_at_once(api: Api, world: World, drafting: str) -> None:
    api("POST", "models", {"id": "fast", "provider": "openai"})
    first = api("GET", "releases").json()["items"][-1]["release"]
    assert api("POST", f"releases/{first}/rollback").json()["release"] == first
    assert (_models(_in_force(world)), api("GET", "release").json()["pending"]) == (set(), 0)


def test_the_mode_changes_only_without_a_draft(api: Api, world: World, drafting: str) -> None:
    version = api("GET", "settings").headers["etag"]
    api("POST", "models", {"id": "fast", "provider": "openai"})
    before = world.configuration()
    refused = api("PATCH", "settings", {"publishing": "direct"}, if_match=version)
    assert (refused.status_code, refused.json()["error"]["field"]) == (409, "publishing")
    assert world.configuration() == before
    api("POST", "releases/draft/publish")
    assert api("PATCH", "settings", {"publishing": "direct"}, if_match='"9"').status_code == 412
    answer = api("PATCH", "settings", {"publishing": "direct"}, if_match=version)
    assert (answer.json()["publishing"], answer.json()["version"], answer.headers["etag"]) == ("direct", 2, '"2"')
    entry = api("GET", "audit?noun=settings").json()["items"][0]
    assert entry["changes"][0]["before"] == {"publishing": "draft"}
    api("POST", "models", {"id": "later", "provider": "openai"})
    assert "later" in _models(_in_force(world))
    assert api("GET", "release").json()["publishing"] == "direct"


def _once(owner: Any, name: str, act: Callable[[], Any], before: bool = True) -> Any:
    """A patch under which `act` happens in the midst of the first call of a method."""
    plain = getattr(owner, name)
    done: list[Any] = []

    def interrupted(self: Any, *arguments: Any) -> Any:
        first = not done
        if first:
            done.append(None)
        if first and before:
            act()
        result = plain(self, *arguments)
        if first and not before:
            act()
        return result

    return patch.object(owner, name, interrupted)


def test_an_edit_behind_the_look_is_not_published_unseen(api: Api, world: World, drafting: str) -> None:
    api("POST", "models", {"id": "seen", "provider": "openai"})
    shown = api("GET", "releases/draft").json()["after"]
    api("POST", "models", {"id": "unseen", "provider": "openai"})
    refused = api("POST", "releases/draft/publish", {"release": shown}, if_match='"2"')
    assert (refused.status_code, refused.json()["error"]["type"]) == (409, "conflict")
    assert api("GET", "release").json()["release"] == drafting
    assert api("POST", "releases/draft/publish", {"release": "short"}).status_code == 422
    assert api("POST", "releases/draft/publish", {"other": 1}).status_code == 422


@pytest.mark.parametrize("moment", ["write", "move"])
def test_an_edit_in_the_midst_of_publishing_stays_pending(api: Api, world: World, drafting: str, moment: str) -> None:
    api("POST", "models", {"id": "seen", "provider": "openai"})
    shown = api("GET", "releases/draft").json()["after"]
    with _once(Releases, moment, lambda: api("POST", "models", {"id": "late", "provider": "openai"})):
        answer = api("POST", "releases/draft/publish", {"release": shown}, if_match='"2"')
    assert answer.json()["release"] == shown
    assert _models(_in_force(world)) == {"kept", "seen"}
    assert api("GET", "release").json()["pending"] == 1


def test_a_reading_across_two_edits_is_read_again(api: Api, world: World, drafting: str) -> None:
    """Models were read, then a model and its provider went: the model without its provider was never there."""
    for name in ("first", "second"):
        api("POST", "providers", {"id": name, "kind": "groq"})
        api("POST", "models", {"id": name, "provider": name})
    waiting, editing, plain = ["first", "second"], [False], Entities.all

    def between(self: Any, noun: Any) -> Any:
        rows = plain(self, noun)
        if noun.name == "model" and waiting and not editing[0]:
            editing[0] = True  # what the edits read does not count
            name = waiting.pop(0)
            assert api("DELETE", f"models/{name}").status_code == 204
            assert api("DELETE", f"providers/{name}").status_code == 204
            editing[0] = False
        return rows

    with patch.object(Entities, "all", between):
        answer = api("POST", "releases/draft/publish")
    assert (waiting, answer.status_code) == ([], 200)
    release = _in_force(world)
    assert {model.provider for model in release.models} <= {provider.id for provider in release.providers}


@pytest.mark.parametrize("other", ["publish", "discard"])
def test_the_second_of_two_is_told(api: Api, world: World, drafting: str, other: str) -> None:
    api("POST", "models", {"id": "fast", "provider": "openai"})
    with _once(Releases, "move", lambda: api("POST", f"releases/draft/{other}", if_match='"2"')):
        answer = api("POST", "releases/draft/publish", if_match='"2"')
    assert answer.status_code == 412
    assert api("GET", "release").json()["number"] == 3
    assert ("fast" in _models(_in_force(world))) == (other == "publish")


@pytest.mark.parametrize("where", [(Releases, "write"), (Restoring, "add")])
def test_an_edit_in_the_midst_of_discarding(api: Api, world: World, drafting: str, where: tuple[Any, str]) -> None:
    api("PATCH", "models/kept", {"active": False})
    with _once(*where, lambda: api("PATCH", "models/kept", {"display_name": "Edited"})):
        answer = api("POST", "releases/draft/discard", if_match='"2"')
    assert answer.json()["changed"] is True
    assert world.services.editors.publisher.compose() == _in_force(world), (
        "it came first, and was discarded with the rest"
    )


def test_an_edit_that_began_before_draft_mode_takes_no_later_one_with_it(api: Api, world: World, openai: str) -> None:
    def interlude() -> None:
        assert api("PATCH", "settings", {"publishing": "draft"}).status_code == 200
        assert api("POST", "models", {"id": "drafted", "provider": "openai"}).status_code == 201

    with _once(Publisher, "compose", interlude):
        assert api("POST", "models", {"id": "early", "provider": "openai"}).status_code == 201
    assert _models(_in_force(world)) == set()
    assert api("GET", "release").json()["pending"] == 2


def test_an_edit_that_began_in_draft_mode_is_not_left_lying(api: Api, world: World, drafting: str) -> None:
    """The edit has been stored and has read the mode; nobody would publish it if the mode became direct behind its back."""
    answers: list[int] = []

    def edit() -> None:
        answers.append(api("POST", "models", {"id": "late", "provider": "openai"}).status_code)

    with _once(PublishingStore, "put", edit):
        refused = api("PATCH", "settings", {"publishing": "direct"})
    assert (refused.status_code, answers) == (409, [201])
    found = api("GET", "release").json()
    assert (found["publishing"], found["pending"]) == ("draft", 1)
    assert api("POST", "releases/draft/publish").json()["changed"] is True
    assert api("PATCH", "settings", {"publishing": "direct"}).status_code == 200


def test_many_at_once(api: Api, world: World, drafting: str) -> None:
    """Editors, two publishers and one who discards: every publication is one that the list names, none is a mixture, no edit is half there."""
    barrier = threading.Barrier(5)

    def run(*call: Any) -> int:
        barrier.wait()
        return api(*call).status_code

    calls = [
        ("POST", "models", {"id": "m1", "provider": "openai"}),
        ("POST", "models", {"id": "m2", "provider": "openai"}),
        ("POST", "releases/draft/publish"),
        ("POST", "releases/draft/publish"),
        ("POST", "releases/draft/discard"),
    ]
    with ThreadPoolExecutor(5) as pool:
        codes = list(pool.map(lambda call: run(*call), calls))
    assert set(codes[:2]) <= {201, 409}, codes
    assert set(codes[2:]) <= {200, 409, 412}, codes
    composed = world.services.editors.publisher.compose()
    assert len(differences(_in_force(world), composed)) == api("GET", "release").json()["pending"]
    numbers = [item["number"] for item in api("GET", "releases").json()["items"]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert api("POST", "releases/draft/publish").status_code == 200
    assert _in_force(world) == composed
