"""What a start is asked to do and what it keeps."""

from __future__ import annotations

import stat

import pytest
from infra.local import options, server
from infra.local.emulator import child_environ, clean_environ
from infra.local.faults import StackError
from infra.local.statedir import StateDir


def test_defaults(tmp_path):
    given = options.from_environ({}, tmp_path)
    assert (given.port, given.state_dir, given.admin_password, given.demo_key, given.config) == (
        8000,
        tmp_path / ".state",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "8000 "[:4] + "x"),
        ("GATEWAY_ADMIN_PASSWORD", "short"),
        ("GATEWAY_ADMIN_PASSWORD", "with space"),
        ("GATEWAY_DEMO_KEY", "short"),
        ("GATEWAY_DEMO_KEY", "schlüssel-schlüssel"),
        ("GATEWAY_CONFIG", "/no/such/file.yaml"),
    ],
)
def test_nonsense_is_one_line_that_names_the_variable(tmp_path, name, value):
    with pytest.raises(StackError, match=name) as caught:
        options.from_environ({name: value}, tmp_path)
    assert "\n" not in str(caught.value)
    if name in {"GATEWAY_ADMIN_PASSWORD", "GATEWAY_DEMO_KEY"}:
        assert value not in str(caught.value)


def test_secrets_are_made_once_and_private(tmp_path):
    state = StateDir(tmp_path / "state")
    first = state.kept_secret("jwt", lambda: "one")
    assert (first, state.kept_secret("jwt", lambda: "two")) == ("one", "one")
    assert stat.S_IMODE((tmp_path / "state" / "secrets" / "jwt").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state" / "secrets").stat().st_mode) == 0o700


def test_notes_survive_and_a_broken_one_counts_as_absent(tmp_path):
    state = StateDir(tmp_path)
    assert state.recall("x") is None
    state.remember("x", {"port": 1})
    assert StateDir(tmp_path).recall("x") == {"port": 1}
    (tmp_path / "notes" / "x.json").write_text("{")
    assert state.recall("x") is None


def test_one_stack_at_a_time(tmp_path):
    with StateDir(tmp_path).lock(), pytest.raises(StackError, match="another local stack"):
        StateDir(tmp_path).lock()
    StateDir(tmp_path).lock().close()


def test_a_state_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match="state folder"):
        StateDir(tmp_path / "file" / "below").folder("logs")


def test_a_port_in_use(tmp_path):
    with server.bind(0) as taken:
        taken.listen()
        with pytest.raises(StackError, match="set PORT"):
            server.bind(taken.getsockname()[1])
        assert server.free_port(taken.getsockname()[1]) != taken.getsockname()[1]


def test_nothing_of_the_users_aws_reaches_the_stack(tmp_path):
    assert clean_environ({"AWS_PROFILE": "prod", "AWS_SESSION_TOKEN": "x", "PATH": "/bin"}) == {"PATH": "/bin"}
    told = {name: value for name, value in child_environ(1, StateDir(tmp_path)).items() if name.startswith("AWS_")}
    assert told == {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local-emulator-has-no-secret"}
