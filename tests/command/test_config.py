"""`gateway config export | plan | apply`: what it sends, shows, asks, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from infra.scripts.bundle import BUNDLES, reachable
from tests.command.conftest import APPLIED, NAMED, PLAN, Fake, Run

from gateway.command.__main__ import run
from gateway.command.screen import Screen

PLAN_PATH, APPLY_PATH = "/api/admin/configuration/plan", "/api/admin/configuration/apply"
CHANGES: list[dict[str, Any]] = [
    {
        "noun": "upstream_key",
        "id": "p:main",
        "path": "providers[0].keys[0]",
        "before": None,
        "after": {"id": "p:main", "weight": 2, "reference": None},
    },
    {
        "noun": "model",
        "id": "m\x1b[2J",
        "path": "models[0]",
        "before": {"price": {"input": "1"}},
        "after": {"price": {"input": "2"}},
    },
    {"noun": "virtual_key", "id": "old", "path": None, "before": {"name": "old"}, "after": None},
]
SECRET = "sk-canary-of-the-caller"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "gateway.yaml"
    path.write_text(
        "providers:\n  - {id: p, kind: openai, keys: [{env: UP_KEY}, {env: SECOND_KEY}], header_env: {x-a: HEADER}}\n"
        "  - {id: q, kind: openai, api_key_env: Q_KEY}\nkeys: [{name: k, env: K_KEY}]\n"
    )
    return str(path)


def test_a_plan_sends_the_document_and_the_variables_it_names(command: Run, gateway: Fake, file: str) -> None:
    environ = {
        "UP_KEY": SECRET,
        "HEADER": "h",
        "Q_KEY": f" {SECRET}\n",
        "K_KEY": "k" * 20,
        "AWS_SECRET_ACCESS_KEY": "canary",
    }
    ended = command("plan", file, environ=environ)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "No changes: the gateway is as the document says.\n"
    (body,) = gateway.bodies(PLAN_PATH)
    assert body["document"] == Path(file).read_text()
    assert body["variables"] == NAMED | {"UP_KEY": SECRET, "Q_KEY": SECRET}
    assert (body["prune"], body["format"]) == (False, None)
    paths = [(path, token) for path, _, token in gateway.asked]
    assert paths == [("/api/auth/login", ""), (PLAN_PATH, "Bearer the-token"), ("/api/auth/logout", "Bearer the-token")]


def test_a_variable_that_is_not_set_is_named_with_its_place_before_anything_is_sent(
    command: Run, gateway: Fake, file: str
) -> None:
    ended = command("plan", file, environ={"SECOND_KEY": " ", "HEADER": ""})
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == (
        "gateway: the environment variable SECOND_KEY is not set here (providers[0].keys[1].env); "
        "the environment variable HEADER is not set here (providers[0].header_env.x-a)\n"
    )
    assert gateway.asked == []
    for name, place in (("Q_KEY", "providers[1].api_key_env"), ("K_KEY", "keys[0].env")):
        ended = command("apply", file, "--yes", environ={name: ""})
        assert ended.err == f"gateway: the environment variable {name} is not set here ({place})\n"
    assert gateway.asked == []


def test_a_plan_is_shown_and_cannot_steer_the_terminal(command: Run, gateway: Fake, file: str) -> None:
    gateway.answer(PLAN_PATH, {**PLAN, "changes": CHANGES, "warnings": ["1 key goes"], "missing": []})
    ended = command("plan", file, "--prune", "--exit-code")
    assert ended.status == 2
    assert ended.out.splitlines() == [
        "+ upstream key p:main  (providers[0].keys[0])",
        "    weight: 2",
        "~ model m\\x1b[2J  (models[0])",
        '    price.input: "1" → "2"',
        "- virtual key old  (not in the document)",
        "! 1 key goes",
        "Plan: 1 to add, 1 to change, 1 to remove.",
    ]
    assert gateway.bodies(PLAN_PATH)[0]["prune"] is True
    assert command("plan", file).status == 0
    coloured = command("plan", file, colour=True).out
    assert "\x1b[32m+ upstream key p:main  (providers[0].keys[0])\x1b[0m" in coloured
    assert "\x1b[2J" not in coloured
    assert json.loads(command("plan", file, "--json").out)["changes"] == CHANGES


def test_what_is_missing_is_said_and_fails(command: Run, gateway: Fake, file: str) -> None:
    gateway.answer(
        PLAN_PATH, {**PLAN, "missing": [{"path": "providers[0].keys[0]", "provider": "p", "message": "none is stored"}]}
    )
    ended = command("plan", file, "--exit-code")
    assert (ended.status, ended.out.splitlines()[0]) == (1, "! providers[0].keys[0]: none is stored")
    ended = command("apply", file, "--yes")
    assert (ended.status, ended.err) == (1, "gateway: nothing was applied: providers[0].keys[0]: none is stored\n")
    assert gateway.bodies(APPLY_PATH) == []


def test_apply_asks_and_shows_new_keys_once(command: Run, gateway: Fake, file: str) -> None:
    gateway.answer(PLAN_PATH, {**PLAN, "changes": CHANGES})
    gateway.answer(APPLY_PATH, {**APPLIED, "keys": [{"name": "k", "key": "sk-gw-made"}]})
    for typed, said in (("no\n", "nothing was applied"), ("", "nothing was applied"), (None, "say --yes")):
        ended = command("apply", file, typed=typed)
        assert (ended.status, said in ended.err) == (1, True)
    assert gateway.bodies(APPLY_PATH) == []
    ended = command("apply", file, typed="yes\n", environ={"UP_KEY": SECRET})
    assert ended.status == 0
    assert ended.out.endswith(
        "Applied: release number 4 is in force.\nThe key of k (it is never shown again): sk-gw-made\n"
    )
    assert SECRET not in ended.out + ended.err
    (body,) = gateway.bodies(APPLY_PATH)
    assert (body["fingerprint"], body["variables"]) == ("f" * 64, NAMED | {"UP_KEY": SECRET})
    assert json.loads(command("apply", file, "--yes", "--json").out)["keys"][0]["key"] == "sk-gw-made"


def test_an_export_goes_where_it_is_asked_to(command: Run, gateway: Fake, tmp_path: Path) -> None:
    gateway.answer("/api/admin/configuration?format=yaml", "version: 1\n")
    gateway.answer("/api/admin/configuration?format=json", "{}\n")
    assert command("export").out == "version: 1\n"
    assert command("export", "--format", "json").out == "{}\n"
    target = tmp_path / "out.json"
    assert command("export", "-o", str(target)).out == ""
    assert target.read_text() == "{}\n"
    assert command("export", "-o", str(tmp_path / "no" / "x")).err.startswith("gateway: cannot write ")


def test_faults_are_one_line(command: Run, gateway: Fake, file: str) -> None:
    def told(**more: Any) -> str:
        ended = command("plan", file, **more)
        assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
        return ended.err.removeprefix("gateway: ")

    gateway.answer(PLAN_PATH, {"error": {"message": "document:3: keys[0].name: is needed", "type": "x"}}, 422)
    assert told() == f"{file}:3: keys[0].name: is needed\n"
    gateway.answer(PLAN_PATH, "<html>", 502)
    assert "502" in told()
    gateway.answer(PLAN_PATH, "", 302, location=f"{gateway.url}/elsewhere")
    assert "302" in told()
    assert not gateway.bodies("/elsewhere"), "a redirection would carry the token away"
    gateway.answer("/api/auth/login", {"error": {"message": "The name or the password is wrong.", "type": "x"}}, 401)
    assert told() == "The name or the password is wrong.\n"
    for environ, part in (
        ({"GATEWAY_URL": ""}, "--url or GATEWAY_URL"),
        ({"GATEWAY_URL": "http://gateway.example.com"}, "use https"),
        ({"GATEWAY_URL": "ftp://x"}, "must be like"),
        ({"GATEWAY_URL": "http://127.0.0.1:1"}, "cannot reach http://127.0.0.1:1"),
        ({"GATEWAY_PASSWORD": ""}, "set GATEWAY_USER"),
    ):
        assert part in told(environ=environ)
    assert "cannot read" in command("plan", f"{file}.none").err


def test_a_token_needs_no_sign_in(command: Run, gateway: Fake, file: str) -> None:
    assert command("plan", file, environ={"GATEWAY_TOKEN": "mine", "GATEWAY_PASSWORD": ""}).status == 0
    assert [(path, token) for path, _, token in gateway.asked] == [(PLAN_PATH, "Bearer mine")]


def test_a_wrong_option_is_no_change(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2 would mean that there are changes."""
    with pytest.raises(SystemExit) as ended:
        run(["config", "plan"], {}, Screen(None, None, None))  # type: ignore[arg-type]
    assert ended.value.code == 1
    assert "FILE" in capsys.readouterr().err


def test_the_command_is_in_no_bundle() -> None:
    for name, bundle in BUNDLES.items():
        assert not [path for path in reachable(bundle.entries) if path.parent.name == "command"], name


@pytest.mark.parametrize("token", ["canary\nx", "canary\r\nx-a: b", "canary\u20ac", "canary x"])
def test_a_token_that_is_none_is_not_shown(command: Run, file: str, token: str) -> None:
    ended = command("plan", file, environ={"GATEWAY_TOKEN": token})
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "gateway: GATEWAY_TOKEN is no access token\n"


@pytest.mark.parametrize(
    "url", ["https://:canary@gateway.example.com", "https://@gateway.example.com", "https://[::1", "https://x:port"]
)
def test_an_address_with_more_than_a_host_is_refused_unseen(command: Run, file: str, url: str) -> None:
    ended = command("plan", file, environ={"GATEWAY_URL": url})
    assert (ended.status, ended.out) == (1, "")
    assert "the gateway's address must be like" in ended.err
    assert "canary" not in ended.err


@pytest.mark.parametrize("answer", [{}, {"changes": 1}, {"changes": [{}], "missing": [], "warnings": []}])
def test_an_answer_that_is_no_plan(command: Run, gateway: Fake, file: str, answer: dict[str, Any]) -> None:
    gateway.answer(PLAN_PATH, answer)
    for action in ("plan", "apply"):
        ended = command(action, file)
        assert (ended.status, ended.err) == (1, f"gateway: {gateway.url} is no gateway: its answer is not a plan\n")


def test_a_document_that_yaml_cannot_read_is_the_gateways_to_judge(command: Run, gateway: Fake, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("keys: [{name: k, env: !!bool maybe}]")
    assert command("plan", str(path)).status == 0
    assert gateway.bodies(PLAN_PATH)[0]["variables"] == {}
