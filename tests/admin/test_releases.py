"""Releases: the list, one's content, how two differ, and going back to one, also while others edit."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from tests.admin.conftest import Api
from tests.aws_mock import USERNAME, World

from gateway.admin.provider_editor import UrlRules
from gateway.admin.rollback import differences
from gateway.stores.entities import Entities
from gateway.stores.releases import Releases
from gateway.stores.restoring import Restoring

SECRETS = ("sk-first-0000000000001", "sk-other-0000000000002")


def _in_force(api: Api) -> str:
    address: str = api("GET", "release").json()["release"]
    return address


@pytest.fixture
def two(api: Api, world: World, admin: dict[str, str]) -> tuple[str, str, str]:
    """An earlier release, the one in force, and the id of an upstream key that only the earlier one has."""
    made, signed_in = world.once("two releases", lambda: (_two(api), dict(admin)))
    admin.update(signed_in)
    return made


def _two(api: Api) -> tuple[str, str, str]:
    assert api("POST", "providers", {"id": "openai", "kind": "openai"}).status_code == 201
    key: str = api("POST", "providers/openai/keys", {"value": SECRETS[0]}).json()["id"]
    api("POST", "providers", {"id": "groq", "kind": "groq"})
    api("POST", "models", {"id": "fast", "provider": "groq"})
    api("POST", "models", {"id": "kept", "provider": "openai"})
    api("POST", "routes", {"id": "smart", "targets": [{"provider": "groq", "model": "fast"}]})
    earlier = _in_force(api)
    api("DELETE", "routes/smart")
    api("DELETE", "models/fast")
    api("DELETE", "providers/groq")
    api("DELETE", f"providers/openai/keys/{key}")
    api("PATCH", "providers/openai", {"name": "Renamed"})
    api("POST", "models", {"id": "new", "provider": "openai"})
    return earlier, _in_force(api), key


def test_publications_newest_first(api: Api, two: tuple[str, str, str]) -> None:
    body = api("GET", "releases?limit=2").json()
    newest = body["items"][0]
    assert (newest["release"], newest["in_force"], newest["by_name"], newest["cause"]) == (
        two[1],
        True,
        USERNAME,
        "edit",
    )
    counts = ("providers", "upstream_keys", "models", "routes")
    assert tuple(newest[name] for name in counts) == (1, 0, 2, 0)
    found, cursor = body["items"], body["next_cursor"]
    while cursor:
        body = api("GET", f"releases?limit=2&cursor={cursor}").json()
        found, cursor = found + body["items"], body["next_cursor"]
    assert [item["number"] for item in found] == list(range(newest["number"], 0, -1))
    assert [item["in_force"] for item in found].count(True) == 1
    (line,) = [item for item in found if item["release"] == two[0]]
    assert tuple(line[name] for name in counts) == (2, 1, 2, 1)
    assert api("GET", "releases?cursor=MXg").status_code == 400


def test_a_release_from_before_the_list_is_on_it(api: Api, world: World, openai: str) -> None:
    world.dynamodb.delete_item(TableName="config", Key={"pk": {"S": "publications"}, "sk": {"S": f"{1:012d}"}})
    (line,) = api("GET", "releases").json()["items"]
    assert (line["number"], line["in_force"], line["providers"]) == (1, True, 1)


def test_the_content_of_a_release_has_no_secret(api: Api, two: tuple[str, str, str]) -> None:
    answer = api("GET", f"releases/{two[0]}")
    items = {(item["noun"], item["id"]): item["fields"] for item in answer.json()["items"]}
    assert items["upstream_key", two[2]]["hint"] == "sk-****0001"
    assert items["route", "smart"]["targets"][0]["provider"] == "groq"
    assert answer.json()["in_force"] is False
    for secret in (*SECRETS, "ciphertext", "data_key", "nonce", 'sealed":{', "fingerprint"):
        assert secret not in answer.text
    assert api("GET", f"releases/{'0' * 64}").status_code == 404
    assert api("GET", "releases/none").status_code == 422


def test_two_releases_differ_by_noun(api: Api, two: tuple[str, str, str]) -> None:
    told = api("GET", f"releases/{two[0]}/diff").json()
    assert (told["before"], told["after"]) == (two[1], two[0])
    kinds = {
        (change["noun"], change["id"]): (change["before"] is not None, change["after"] is not None)
        for change in told["changes"]
    }
    added, removed, changed = (False, True), (True, False), (True, True)
    assert kinds == {
        ("provider", "groq"): added,
        ("provider", "openai"): changed,
        ("upstream_key", two[2]): added,
        ("model", "fast"): added,
        ("model", "new"): removed,
        ("route", "smart"): added,
    }
    (renamed,) = [change for change in told["changes"] if change["id"] == "openai"]
    assert (renamed["before"], renamed["after"]) == ({"name": "Renamed"}, {"name": "openai"})
    assert api("GET", f"releases/{two[0]}/diff?since={two[0]}").json()["changes"] == []
    assert "ciphertext" not in json.dumps(told)


def test_going_back_brings_everything_back_in_one_step(api: Api, world: World, two: tuple[str, str, str]) -> None:
    number = api("GET", "release").json()["number"]
    answer = api("POST", f"releases/{two[0]}/rollback")
    assert answer.json() == {"release": two[0], "number": number + 1, "changed": True}
    assert answer.headers["etag"] == f'"{number + 1}"'
    publisher, releases = world.services.editors.publisher, world.services.editors.rollbacks
    assert publisher.compose() == releases.read(two[0]), "the entities are the release's, sealed keys among them"
    assert api("GET", "release").json()["release"] == two[0]
    assert api("GET", "releases").json()["items"][0]["cause"] == "rollback"
    assert api("GET", "routes/smart").status_code == 200
    assert api("GET", "models/new").status_code == 404
    entry = api("GET", "audit?action=rollback").json()["items"][0]
    assert (entry["noun_id"], entry["release_before"], entry["release_after"]) == (two[0], two[1], two[0])
    assert len(entry["changes"]) == 6
    assert api("DELETE", "providers/groq").status_code == 409, "what was brought back is in use"
    assert api("PATCH", "models/kept", {"active": False}).status_code == 200
    assert api("GET", "routes/smart").status_code == 200, "an edit goes on from there"
    assert api("POST", f"releases/{two[1]}/rollback").json()["changed"] is True, "and forth"
    assert publisher.compose() == releases.read(two[1])


def test_what_is_in_force_is_left_alone(api: Api, world: World, two: tuple[str, str, str]) -> None:
    before = world.items("config")
    told = api("POST", f"releases/{two[1]}/rollback").json()
    assert (told["release"], told["changed"]) == (two[1], False)
    assert world.items("config") == before


def test_a_rollback_that_cannot_be_done_says_why_and_does_nothing(
    api: Api, world: World, two: tuple[str, str, str], user: Callable[[str], dict[str, str]]
) -> None:
    operator = user("operator")
    path = f"/api/admin/releases/{two[0]}/rollback"
    assert world.client.post(path, headers=operator).status_code == 403
    assert world.client.get(f"/api/admin/releases/{two[0]}", headers=operator).status_code == 200
    before = world.items("config")
    assert api("POST", f"releases/{'0' * 64}/rollback").status_code == 404
    assert api("POST", f"releases/{two[0]}/rollback", if_match='"1"').status_code == 412
    with patch("gateway.stores.restoring.MOST_WRITES", 3):
        many = api("POST", f"releases/{two[0]}/rollback")
    assert (many.status_code, "one step" in many.json()["error"]["message"]) == (409, True)
    with patch.object(UrlRules, "check", _refuse):
        refused = api("POST", f"releases/{two[0]}/rollback")
    assert (refused.status_code, "'groq' cannot be restored" in refused.json()["error"]["message"]) == (409, True)
    assert world.items("config") == before
    number = api("GET", "release").headers["etag"]
    assert api("POST", f"releases/{two[0]}/rollback", if_match=number).status_code == 200


def _refuse(_self: Any, provider: Any) -> None:
    from gateway.admin.errors import Invalid

    if provider.id == "groq":
        raise Invalid("Private upstreams are not allowed.", field="allow_private")


def test_a_damaged_release_is_not_restored(api: Api, world: World, two: tuple[str, str, str]) -> None:
    key = {"pk": {"S": f"release#{two[0]}"}, "sk": {"S": "chunk#0000"}}
    world.dynamodb.update_item(
        TableName="config", Key=key, UpdateExpression="SET chunks = :n", ExpressionAttributeValues={":n": {"N": "2"}}
    )
    answer = api("POST", f"releases/{two[0]}/rollback")
    assert (answer.status_code, "damaged" in answer.json()["error"]["message"]) == (409, True)


EDITS = {
    "one that is to be restored": ("PATCH", "providers/openai", {"name": "Edited"}),
    "one that is equal in both": ("PATCH", "models/kept", {"active": False}),
    "a new one": ("POST", "models", {"id": "later", "provider": "openai"}),
    "one that is to go": ("PATCH", "models/new", {"display_name": "Edited"}),
    "one that is to come back": ("POST", "models", {"id": "fast", "provider": "openai"}),
}


def _settled(world: World) -> Any:
    """What is in force, which is what the entities say."""
    editors = world.services.editors
    composed = editors.publisher.compose()
    _, release = editors.publisher.current()
    assert release == composed, "the release in force is a mixture"
    return composed


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("moment", ["before the writes", "in the midst of the reads"])
def test_an_edit_in_the_midst_of_a_rollback(
    api: Api, world: World, two: tuple[str, str, str], name: str, moment: str
) -> None:
    method, path, body = EDITS[name]
    target = world.services.editors.rollbacks.read(two[0])
    done: list[int] = []
    where: tuple[Any, str] = (Releases, "write") if moment == "before the writes" else (Restoring, "add")
    plain = getattr(*where)

    def interrupted(self: Any, *arguments: Any) -> Any:
        if not done:
            done.append(0)
            done[0] = api(method, path, body).status_code
        return plain(self, *arguments)

    with patch.object(where[0], where[1], interrupted):
        answer = api("POST", f"releases/{two[0]}/rollback")
    assert (answer.status_code, done[0] < 300) == (200, True), answer.text
    assert _settled(world) == target, "the edit came first, and was rolled back"


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("moment", ["compose", "move"])
def test_a_rollback_in_the_midst_of_an_edit(
    api: Api, world: World, two: tuple[str, str, str], name: str, moment: str
) -> None:
    method, path, body = EDITS[name]
    target = world.services.editors.rollbacks.read(two[0])
    done: list[int] = []
    where: tuple[Any, str] = (
        (type(world.services.editors.publisher), "compose") if moment == "compose" else (Releases, "move")
    )
    plain = getattr(*where)

    def interrupted(self: Any, *arguments: Any) -> Any:
        if not done:
            done.append(0)
            done[0] = api("POST", f"releases/{two[0]}/rollback").status_code
        return plain(self, *arguments)

    with patch.object(where[0], where[1], interrupted):
        answer = api(method, path, body)
    assert (answer.status_code < 300, done[0]) == (True, 200), answer.text
    assert _settled(world) == target, "the edit was stored before the rollback"


def test_many_edits_and_rollbacks_at_once(api: Api, world: World, two: tuple[str, str, str]) -> None:
    """Each edit is there or not, whatever the order; what is in force is what the entities say."""
    target = world.services.editors.rollbacks.read(two[0])
    barrier = threading.Barrier(3)

    def edit(at: int) -> int:
        barrier.wait()
        return api("POST", "models", {"id": f"m{at}", "provider": "openai"}).status_code

    def back() -> int:
        barrier.wait()
        return api("POST", f"releases/{two[0]}/rollback").status_code

    for _ in range(2):
        with ThreadPoolExecutor(3) as pool:
            futures = [pool.submit(back), pool.submit(edit, 1), pool.submit(edit, 2)]
            codes = [future.result() for future in futures]
        assert codes[0] == 200
        settled = _settled(world)
        extra = {model.id for model in settled.models} - {model.id for model in target.models}
        assert extra <= {"m1", "m2"}
        kept = tuple(model for model in settled.models if model.id not in extra)
        assert replace(settled, models=kept) == target
        assert api("POST", f"releases/{two[1]}/rollback").status_code == 200


@pytest.mark.parametrize("name", EDITS)
def test_a_rollback_just_before_an_edit_is_written(
    api: Api, world: World, two: tuple[str, str, str], name: str
) -> None:
    method, path, body = EDITS[name]
    target = world.services.editors.rollbacks.read(two[0])
    done: list[int] = []
    plain = Entities._put

    def interrupted(self: Any, *arguments: Any) -> Any:
        if not done:
            done.append(0)
            done[0] = api("POST", f"releases/{two[0]}/rollback").status_code
        return plain(self, *arguments)

    with patch.object(Entities, "_put", interrupted):
        answer = api(method, path, body)
    assert done == [200]
    touched = {change.id for change in differences(target, _settled(world))}
    subject = body.get("id") or path.partition("/")[2]
    assert touched == ({subject} if answer.status_code < 300 else set()), "the release, and the edit on top of it"
