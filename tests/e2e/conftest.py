"""One local stack and one Lambda loop for the whole session, both in front of the same byte-exact upstream.

Tests take `call`, which runs them once per door. Everything here is started once; a session without e2e tests starts nothing.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.configuration import PREFIX, Addresses, Secrets, count_answer, upstream_answer
from tests.e2e.doors import Call, Door
from tests.e2e.fleet import Fleet, fleet_of
from tests.e2e.lambda_door import lambda_door
from tests.e2e.limits_room import Room
from tests.e2e.limits_room import limits_room as room_for_limits
from tests.e2e.local_stack import LocalStack, local_stack
from tests.e2e.processes import environment, running, until
from tests.upstream import ClosedPort, FullPort, fixtures
from tests.upstream.background import BackgroundUpstream, serving
from tests.upstream.fixtures import PATHS
from tests.upstream.tls import self_signed

pytest.register_assert_rewrite("tests.e2e.pairs", "tests.e2e.expectations")

NODE = Path(__file__).parent / "node"
LAST = ("test_item_lives.py", "test_sweep.py", "test_ledger.py")


# What is behind the doors is the same code, and `test_bytes.py` proves over both that it says the same. So in these files the doors take turns, as
# the colours of a chessboard do: each has every value of every parameter. The tests of `EVERY_DOOR` are run through both.
IN_TURN = {
    "test_aimock.py",
    "test_bad_input.py",
    "test_media_sdk.py",
    "test_pairs_chat.py",
    "test_pairs_errors.py",
    "test_pairs_gemini.py",
    "test_pairs_messages.py",
    "test_pairs_responses.py",
    "test_upstream_faults.py",
}
EVERY_DOOR = {"test_text", "test_text_arrives_as_it_comes", "test_health_needs_no_key_and_leaves_no_row"}
DOORS = ("local", "lambda")


def out_of_turn(items: list[pytest.Item]) -> set[pytest.Item]:
    """The tests whose door is not the one whose turn it is."""
    seen: dict[tuple[Path, str, str], list[Any]] = {}
    out: set[pytest.Item] = set()
    for item in items:
        made: Any = getattr(item, "callspec", None)
        name = getattr(item, "originalname", "")
        if made is None or item.path.parent != Path(__file__).parent or item.path.name not in IN_TURN:
            continue
        if name in EVERY_DOOR or "door" not in made.params or len(made.params) < 2:
            continue
        place = 0
        for parameter, value in made.params.items():
            values = seen.setdefault((item.path, name, parameter), [])
            if value not in values:
                values.append(value)
            place += values.index(value)
        if place % len(DOORS):
            out.add(item)
    return out


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The last ones look at what all the others left behind, so they come last; all share one worker's stacks."""
    out = out_of_turn(items)
    config.hook.pytest_deselected(items=list(out))
    items[:] = [item for item in items if item not in out]
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("e2e"))
            item.add_marker(pytest.mark.stack)
    items.sort(key=lambda item: LAST.index(item.path.name) + 1 if item.path.name in LAST else 0)


def _key() -> str:
    return "sk-gw-" + base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def _canary(prefix: str) -> str:
    return prefix + base64.urlsafe_b64encode(os.urandom(24)).decode()


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    return Secrets(
        virtual_key=_key(),
        limited_key=_key(),
        revoked_key=_key(),
        expired_key=_key(),
        demo_key=_key(),
        provider_key=_canary("upstream-canary-"),
        admin_password=_canary("Admin-canary-"),
        header_secret=_canary("header-canary-"),
    )


@pytest.fixture(scope="session")
def shared_upstream() -> Iterator[BackgroundUpstream]:
    with serving() as running:
        standing_rules(running)
        yield running


def standing_rules(running: BackgroundUpstream) -> None:
    """What the upstream answers when a test has not said otherwise."""
    for dialect in PREFIX.keys() & PATHS.keys():
        running.add(upstream_answer(dialect), path=PATHS[dialect], method="POST")
    for fixture in fixtures.load_gemini():
        for stream in (False, True):
            path = fixture.target(stream, fixture.case).partition("?")[0]
            running.add(fixture.steps(stream), path=path, method="POST")
    running.add(count_answer, path="/v1/messages/count_tokens", method="POST")


@pytest.fixture
def upstream(shared_upstream: BackgroundUpstream) -> BackgroundUpstream:
    return shared_upstream


@pytest.fixture(scope="session")
def addresses(shared_upstream: BackgroundUpstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    closed, full = ClosedPort(), FullPort()
    with (
        serving(self_signed(tmp_path_factory.mktemp("tls")).context) as untrusted,
        aimock(tmp_path_factory.mktemp("aimock")) as mock,
    ):
        yield Addresses(shared_upstream.url, closed.url, full.url, untrusted.url, mock)
    closed.close()
    full.close()


@contextmanager
def aimock(folder: Path) -> Iterator[str]:
    """npm's @copilotkit/aimock with the answers of node/aimock.mjs; its URL."""
    assert (NODE / "node_modules").is_dir(), "run `npm ci` in tests/e2e/node (make setup does)"
    log = folder / "aimock.log"
    with running(["node", str(NODE / "aimock.mjs")], environment(), log, stop_seconds=3.0) as process:
        until(lambda: b"\n" in log.read_bytes(), process, log, 20.0)
        url: str = json.loads(log.read_bytes().splitlines()[0])["url"]
        yield url


@pytest.fixture(scope="session")
def stack(addresses: Addresses, secrets: Secrets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with local_stack(addresses, secrets, tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
def local_door(stack: LocalStack) -> Door:
    return Door("local", stack.url, stack.secrets, stack.rows)


@pytest.fixture(scope="session")
def loop_door(stack: LocalStack) -> Iterator[Door]:
    with ExitStack() as ending:
        url = ending.enter_context(lambda_door(stack.function_environ, stack.folder))
        yield Door("lambda", url, stack.secrets, stack.rows)


@pytest.fixture(scope="session")
def shared_fleet(stack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet_of(stack, tmp_path_factory.mktemp("fleet")) as running:
        yield running


@pytest.fixture
def fleet(shared_fleet: Fleet) -> Fleet:
    """The fleet, its upstream well and its journal empty."""
    shared_fleet.begin()
    return shared_fleet


@pytest.fixture(scope="session")
def limits_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room_for_limits(tmp_path_factory.mktemp("limits")) as running:
        yield running


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> Door:
    found: Door = request.getfixturevalue("local_door" if request.param == "local" else "loop_door")
    return found


@pytest.fixture
def call(door: Door) -> Call:
    return door.call()
