"""A local AWS, an upstream, keys with limits, and environments on one set of tables: what proofs about limits need.

The configuration is there once; every proof has a state and a log table of its own, so that its counters must equal the sum of all its rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from infra.local import emulator, resources, template
from infra.local.statedir import StateDir
from tests.aws.stack import ministack
from tests.e2e.limits_books import Books, database
from tests.e2e.limits_client import Told, ask
from tests.e2e.processes import ROOT, environment, free_port
from tests.e2e.store_proxy import StoreProxy, store_proxy
from tests.upstream import background
from tests.upstream.background import BackgroundUpstream
from tests.upstream.journal import Recorded
from tests.upstream.steps import JSON, Steps, events, reply

from gateway.aws.attributes import decode_item

T = TypeVar("T")
DOLLAR = 10**9
MODEL = "limits-model"
PROMPT = 9
NANO_IN, NANO_OUT = 100, 10_000
"""A token: $0.10 and $10 per million."""
LONGEST = 990
"""`max_tokens` of most requests: about a cent at worst."""
_names = itertools.count(1)


def budget(usd: str, period: str = "total") -> dict[str, Any]:
    """Limits of a configuration document."""
    return {"budgets": [{"period": period, "usd": usd}]}


KEYS: dict[str, dict[str, Any]] = {
    "dollar": {"limits": budget("1")},
    "three": {"limits": budget("5"), "user_id": "ada", "team_id": "blue"},
    "many": {"limits": {**budget("12.5"), "concurrent": 500, "tokens_per_minute": 100_000_000}, "team_id": "green"},
    "much": {"limits": {**budget("85"), "concurrent": 500}},
    "plain": {},
    "durable": {"durable": True},
    "rated": {"limits": {"requests_per_minute": 30, "tokens_per_minute": 90_000}},
    "daily": {"limits": {**budget("1", "day"), "concurrent": 40}},
}
TEAMS = [{"id": "blue", "limits": budget("1")}, {"id": "green", "limits": {**budget("20"), "concurrent": 400}}]
USERS = [{"id": "ada", "limits": budget("3")}]


def cost(output: int) -> int:
    """Nano-dollars of an answer."""
    return PROMPT * NANO_IN + output * NANO_OUT


def chat(output: int = LONGEST, how: str = "well", *, stream: bool = False, **more: Any) -> dict[str, Any]:
    """A request that is answered with so many tokens, in a way that the upstream of a proof knows. It asks for `LONGEST` at most."""
    said = [{"role": "user", "content": f"say {output} {how}"}]
    return {"model": MODEL, "stream": stream, "messages": said, "max_tokens": LONGEST, **more}


def said(output: int) -> bytes:
    """A whole answer."""
    usage = {"prompt_tokens": PROMPT, "completion_tokens": output, "total_tokens": PROMPT + output}
    message = {"role": "assistant", "content": "Hello."}
    choices = [{"index": 0, "finish_reason": "stop", "message": message}]
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": MODEL, "choices": choices, "usage": usage}
    return json.dumps(whole).encode()


def streamed(output: int, words: int = 3) -> list[bytes]:
    """A stream's events: the words, the end, the usage, the last one."""
    start = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
    deltas: list[tuple[dict[str, str], str | None]] = [({"content": f"word{n} "}, None) for n in range(words)]
    chunks: list[dict[str, Any]] = [
        {**start, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}
        for delta, reason in [*deltas, ({}, "stop")]
    ]
    usage = {"prompt_tokens": PROMPT, "completion_tokens": output, "total_tokens": PROMPT + output}
    chunks.append({**start, "choices": [], "usage": usage})
    return [*(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks), b"data: [DONE]\n\n"]


def wanted(request: Recorded) -> tuple[int, str]:
    """The number of tokens that a request of `chat` wants, and how."""
    _, output, how = request.json()["messages"][0]["content"].split()
    return int(output), how


def serves(request: Recorded) -> Steps:
    """The upstream, when all is well."""
    output, _ = wanted(request)
    return events(b"".join(streamed(output))) if request.json().get("stream") else reply(200, said(output))


def fails(status: int) -> Steps:
    """An error of the upstream."""
    return reply(status, b'{"error":{"message":"no","type":"server_error"}}', JSON)


@dataclass
class Environment:
    """A process of the data plane; `log` is what it says."""

    name: str
    port: int
    pid: int
    log: Path
    keys: Mapping[str, str] = field(repr=False)

    async def ask(self, key: str, body: Mapping[str, Any] | None = None, **options: Any) -> Told:
        """One request under a key's name."""
        return await ask(self.port, self.keys[key], chat() if body is None else body, **options)

    def kill(self) -> None:
        """End it (SIGKILL)."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Room:
    """What all proofs share."""

    def __init__(self, endpoint: str, upstream: BackgroundUpstream, folder: Path, forks: subprocess.Popen[str]) -> None:
        self.endpoint = endpoint
        self.upstream = upstream
        self.folder = folder
        self._forks = forks
        made = resources.make(
            template.tables(template.load(ROOT / "template.yaml")), StateDir(folder / "state"), endpoint, "unused"
        )
        self.environ = {**emulator.credentials(endpoint), **made.environ}
        self.secrets = {name: "sk-gw-" + secrets.token_urlsafe(32) for name in KEYS}
        self.names = self._configure()

    def _configure(self) -> dict[str, str]:
        """Apply the document; the names of keys by their ids."""
        place = {"base_url": self.upstream.url, "allow_private": True, "kind": "openai_compatible"}
        times = {"connect": 5, "first_byte": 50, "idle": 50, "total": 60}
        price = {"input": str(NANO_IN / 1000), "output": str(NANO_OUT / 1000)}
        document = {
            "providers": [{"id": "limits-up", "keys": [{"value": "canary"}], "timeouts": times, **place}],
            "models": [{"id": MODEL, "provider": "limits-up", "upstream_model": MODEL, "price": price}],
            "keys": [{"name": name, "value": self.secrets[name], **facts} for name, facts in KEYS.items()],
            "teams": TEAMS,
            "end_users": USERS,
        }
        program = "import os, sys; from admin.app import apply_document as a; a(os.environ, sys.stdin.read(), 'limits')"
        environ = environment(**self.environ, PYTHONPATH=f"{ROOT}:{ROOT / 'functions'}")
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, input=json.dumps(document), env=environ, text=True, capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        items = database(self.endpoint).scan(TableName=self.environ["KEYS_TABLE"])["Items"]
        found = [json.loads(decode_item(item)["data"]) for item in items if item["pk"]["S"].startswith("key#")]
        return {one["id"]: one["name"] for one in found}

    def key_id(self, name: str) -> str:
        """The id of a key."""
        return next(identifier for identifier, one in self.names.items() if one == name)

    def start(self, name: str, books: Books, endpoint: str, **more: Any) -> Environment:
        """An environment; it listens when this returns. `more`: settings (in capitals), and `skew_s`."""
        port, log = free_port(), self.folder / f"limits-{name}.log"
        given = {"UPSTREAM_HEALTH": "false", "RETRY_ATTEMPTS": "1", "CONFIG_POLL_SECONDS": "20", **self.environ}
        given |= {"STATE_TABLE": books.tables.state, "LOGS_TABLE": books.tables.logs, "AWS_ENDPOINT_URL": endpoint}
        given |= {setting: value for setting, value in more.items() if setting.isupper()}
        order = {"port": port, "environ": given, "log": str(log), "slots": 24, "skew_s": more.get("skew_s", 0)}
        assert self._forks.stdin is not None
        assert self._forks.stdout is not None
        self._forks.stdin.write(json.dumps(order) + "\n")
        self._forks.stdin.flush()
        pid = int(self._forks.stdout.readline())
        _listening(port, log)
        return Environment(name, port, pid, log, self.secrets)


def _listening(port: int, log: Path, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline, log.read_text("utf-8", "replace") if log.exists() else "nothing was said"
        time.sleep(0.01)


class Fleet:
    """Environments on books of their own, each behind the store proxy."""

    def __init__(self, room: Room, proxy: StoreProxy) -> None:
        self.room = room
        self.proxy = proxy
        self.upstream = room.upstream
        self.books = Books(room.endpoint, room.names)
        self.environments: list[Environment] = []
        self._started: list[Environment] = []
        self._urls: dict[str, str] = {}

    def start(self, **more: Any) -> Environment:
        """One environment more."""
        name = f"e{next(_names)}"
        self._urls[name] = self.proxy.listen(name)
        found = self.room.start(name, self.books, self._urls[name], **more)
        self._started.append(found)
        self.environments.append(found)
        return found

    def begin(self) -> None:
        """The upstream is well again: what was told it is still done, gates stay as they are."""
        self.upstream.add(serves)

    def killed(self, victim: Environment) -> Environment:
        """Kill one; another takes its place."""
        victim.kill()
        self.environments.remove(victim)
        return self.start()

    def warm(self, *keys: str) -> None:
        """Let every environment know the configuration and the keys, by dry runs, which leave nothing behind."""

        async def run() -> None:
            dry = {"x-gateway-dry-run": "true"}
            for key in keys:
                for told in await asyncio.gather(*(one.ask(key, headers=dry) for one in self.environments)):
                    assert told.status == 200, told

        asyncio.run(run())
        self.proxy.seen = []

    def end(self) -> None:
        """End all environments."""
        for one in self._started:
            one.kill()


@contextmanager
def limits_room(folder: Path) -> Iterator[Room]:
    """The room for the length of the block."""
    with ExitStack() as ending:
        endpoint = ending.enter_context(ministack(folder))
        upstream = ending.enter_context(background.serving())
        environ = environment(PYTHONPATH=f"{ROOT}:{ROOT / 'functions'}")
        command = [sys.executable, "-m", "tests.e2e.limits_proxy"]
        forks = ending.enter_context(
            subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        yield Room(endpoint, upstream, folder, forks)


@contextmanager
def fleet_in(room: Room, count: int = 3, warm: Sequence[str] = (), **more: Any) -> Iterator[Fleet]:
    """Environments for the length of the block; the upstream is well."""
    room.upstream.reset()
    room.upstream.add(serves)
    with store_proxy(urlsplit(room.endpoint).port or 0) as proxy:
        fleet = Fleet(room, proxy)
        try:
            for _ in range(count):
                fleet.start(**more)
            fleet.warm(*warm)
            yield fleet
        finally:
            fleet.end()


async def patiently(request: Callable[[], Awaitable[Told]], tries: int = 40) -> tuple[Told, int]:
    """A request as SDKs make it: repeated after 503, which says that the store could not say; how often it was."""
    for repeated in range(tries):
        told = await request()
        if told.status != 503:
            return told, repeated
        await asyncio.sleep(0.1)
    raise AssertionError("the store could not say for too long")
