"""Several environments of the data plane on one set of tables: processes that serve many requests at once, and one that Lambda's loop drives.

`one`, `two` and `three` look at the shared health every half second, so that tests need not wait; `three` reaches the store over a wire that
can be cut; `loop` is the deployed runtime with the deployed default of five seconds. All are in front of an upstream of their own.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import httpx
from tests.e2e.lambda_door import lambda_door
from tests.e2e.local_stack import LocalStack
from tests.e2e.processes import ROOT, answers, environment, free_port, running
from tests.e2e.rows import unwrapped
from tests.e2e.store_wire import BackgroundWire, store_wire
from tests.upstream import background
from tests.upstream.background import BackgroundUpstream
from tests.upstream.journal import Recorded
from tests.upstream.steps import Steps, reply

POLL_SECONDS = 0.5
BOUND_SECONDS = 25.0
"""What another environment may need to see a change, by the contract of the health board, with requests coming in."""
TOKENS = 12
PROVIDERS = ("fleet-a", "fleet-b")
"""Every model of the first has the second as its spare: the route `fleet-<model>`."""
MODELS = ("breaker", "together", "probe", "again", "killed", "cut", "silent")
POOLS = {"fleet-limit": 0, "fleet-wait": 0, "fleet-dead": 0, "fleet-quota": 5 * TOKENS}
"""Providers with a key `first` that is preferred by far, and a `spare`; the quota is that of `first`."""

_names = itertools.count(1)


def said(model: str, text: str = "Hello.") -> bytes:
    """A whole answer of the upstream, `TOKENS` tokens in all."""
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1790000000,
            "model": model,
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
            "usage": {"prompt_tokens": TOKENS - 3, "completion_tokens": 3, "total_tokens": TOKENS},
        }
    ).encode()


def fails(status: int, **headers: str) -> Steps:
    """An error of the upstream."""
    body = json.dumps({"error": {"message": f"told {status}", "type": "server_error", "code": None}}).encode()
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return reply(status, body, [("content-type", "application/json"), *given])


def serves(request: Recorded) -> Steps:
    """The upstream, when all is well."""
    return reply(200, said(request.model or "?"))


def chat(model: str, stream: bool = False) -> dict[str, Any]:
    """A request for a model."""
    return {"model": model, "stream": stream, "messages": [{"role": "user", "content": "hi"}]}


def eventually(holds: Callable[[], Any], seconds: float = BOUND_SECONDS, pause: float = 0.05) -> Any:
    """The first true answer; AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(pause)
    return found


@dataclass(frozen=True)
class Environment:
    """One process, and a client of it."""

    name: str
    url: str
    client: httpx.Client

    def ask(self, model: str, **options: Any) -> httpx.Response:
        """One request, whole."""
        return self.client.post("/v1/chat/completions", json=chat(model), **options)

    def plan(self, model: str) -> dict[str, Any]:
        """What this environment would do now: a dry run, which calls nobody."""
        answer = self.ask(model, headers={"x-gateway-dry-run": "true"}).raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def skips(self, route: str, provider: str) -> str | None:
        """Why it leaves a provider out."""
        reasons = [one["reason"] for one in self.plan(route)["skipped"] if one["provider"] == provider]
        return reasons[0] if reasons else None

    def half_open(self, route: str) -> bool:
        """Whether it would probe the first target."""
        return any(one["half_open"] for one in self.plan(route)["candidates"])


class StateTable:
    """The shared state, as it is stored."""

    def __init__(self, endpoint: str, name: str) -> None:
        session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name="us-east-1")
        self._table: Any = session.resource("dynamodb", endpoint_url=endpoint).Table(name)

    def breaker(self, provider: str, model: str) -> dict[str, Any]:
        """The item of a breaker; empty when there is none."""
        return self._item(_breaker(provider, model))

    def key(self, key_id: str) -> dict[str, Any]:
        """The item of an upstream key; empty when there is none."""
        return self._item({"pk": "health", "sk": f"key#{quote(key_id, safe='/:@+,;=')}"})

    def bad(self, provider: str, model: str) -> int:
        """The bad calls of a target that are written."""
        found = self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": "health", ":sk": "answers#"},
            ConsistentRead=True,
        )["Items"]
        mine = [item for item in found if (item["provider"], item["model"]) == (provider, model)]
        return sum(int(value) for item in mine for name, value in item.items() if name[0] == "b" and name[1:].isdigit())

    def put_breaker(self, provider: str, model: str, until_ms: int) -> None:
        """A breaker that opened once, as another environment would have left it."""
        subject = {"provider": provider, "model": model, "ttl": int(time.time()) + 3600}
        self._table.put_item(Item={**_breaker(provider, model), **subject, "until_ms": until_ms, "opens": 1})

    def set(self, provider: str, model: str, **values: int) -> None:
        """Change figures of a breaker: time passes."""
        self._table.update_item(
            Key=_breaker(provider, model),
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in values),
            ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
        )

    def _item(self, key: Mapping[str, str]) -> dict[str, Any]:
        found = self._table.get_item(Key=key, ConsistentRead=True).get("Item", {})
        return {name: unwrapped(value) for name, value in found.items()}


def _breaker(provider: str, model: str) -> dict[str, str]:
    return {"pk": "health", "sk": f"breaker#{provider}#{model}"}


@dataclass
class Fleet:
    """The environments, their upstream, their store."""

    stack: LocalStack
    upstream: BackgroundUpstream
    state: StateTable
    wire: BackgroundWire
    environments: list[Environment]
    key_ids: Mapping[str, str]
    victim: Callable[[], tuple[Environment, int]] = field(repr=False)

    def begin(self) -> None:
        """All is well upstream, and nothing was seen there."""
        self.upstream.reset()
        self.upstream.add(serves)

    @property
    def one(self) -> Environment:
        return self.environments[0]

    @property
    def two(self) -> Environment:
        return self.environments[1]

    @property
    def three(self) -> Environment:
        return self.environments[2]

    @property
    def loop(self) -> Environment:
        return self.environments[3]

    @property
    def fast(self) -> list[Environment]:
        return self.environments[:3]

    def calls(self, model: str, provider: str = "fleet-a") -> int:
        """Calls of a provider's model that the upstream saw."""
        return len([one for one in self.upstream.journal if one.model == model and _by(one) == provider])

    def used(self, pool: str) -> list[str]:
        """Which keys of a pool the upstream saw, in order."""
        return [key for one in self.upstream.journal if _by(one) == pool and (key := credential(one).split("/")[1])]

    def agree(self, holds: Callable[[Environment], Any], environments: Sequence[Environment] = ()) -> float:
        """Wait until all environments say so; the seconds the last of them took."""
        began = time.monotonic()
        for each in environments or self.environments:
            eventually(lambda each=each: holds(each))  # type: ignore[misc]
        return time.monotonic() - began

    def together(self, work: Callable[[Environment], Any], times: int = 1) -> list[Any]:
        """Do it at all environments at the same time, some times at each."""
        each = [one for one in self.environments for _ in range(times)]
        with ThreadPoolExecutor(len(each)) as threads:
            return list(threads.map(work, each))


def credential(request: Recorded) -> str:
    """The upstream key that a call came with, as `<provider>/<name>`."""
    words = (request.header("authorization") or "").removeprefix("Bearer ").split("=")
    return words[0].replace(".", "/")


def _by(request: Recorded) -> str:
    return credential(request).split("/")[0]


def _secret(provider: str, name: str) -> str:
    return f"{provider}.{name}=0123456789abcdef"


def configure(stack: LocalStack, upstream: BackgroundUpstream) -> dict[str, str]:
    """The fleet's providers and routes, through the admin API; the ids of the upstream keys by `<provider>/<name>`."""
    ids: dict[str, str] = {}
    with stack.admin() as admin:

        def post(path: str, body: Mapping[str, Any]) -> dict[str, Any]:
            answer = admin.post(f"/api/admin/{path}", json=body)
            assert answer.status_code == 201, answer.text
            found: dict[str, Any] = answer.json()
            return found

        def key(provider: str, name: str, **more: int) -> None:
            body = {"value": _secret(provider, name), **more}
            ids[f"{provider}/{name}"] = post(f"providers/{provider}/keys", body)["id"]

        for provider in (*PROVIDERS, *POOLS):
            times = {"connect": 2, "first_byte": 50, "idle": 50, "total": 60}
            place = {"base_url": upstream.url, "allow_private": True, "timeouts": times}
            post("providers", {"id": provider, "kind": "openai_compatible", **place})
        for provider in PROVIDERS:
            key(provider, "only")
        for provider, quota in POOLS.items():
            key(provider, "first", weight=1000, daily_quota=quota)
            key(provider, "spare", weight=1)
        for model in MODELS:
            targets = [{"provider": one, "model": model, "priority": at} for at, one in enumerate(PROVIDERS)]
            post("routes", {"id": f"fleet-{model}", "targets": targets, "retry": {"attempts": 1}})
    return ids


@contextmanager
def proxy(environ: Mapping[str, str], log: Path) -> Iterator[tuple[str, int]]:
    """A process that serves many requests at once: its URL and its process id."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.e2e.fleet_proxy", str(port)]
    with running(command, environ, log, stop_seconds=5.0) as process:
        yield url, process.pid


def ready(url: str, log: Path, seconds: float = 60.0) -> None:
    """Wait until a process serves."""
    deadline = time.monotonic() + seconds
    while not answers(f"{url}/health/ready"):
        assert time.monotonic() < deadline, log.read_bytes()[-4000:].decode(errors="replace")
        time.sleep(0.05)


def _environ(stack: LocalStack, **more: str) -> dict[str, str]:
    """A function's environment; retries do not wait long, and a key outlives a cut of the store."""
    paths = f"{ROOT}:{ROOT / 'functions'}"
    remembering = {"UPSTREAM_HEALTH": "true", "RETRY_ATTEMPTS": "2"}
    given = {**remembering, "RETRY_BASE_SECONDS": "0.02", "KEY_CACHE_SECONDS": "30", **more}
    return environment(**{**stack.function_environ, "PYTHONPATH": paths, **given})


@contextmanager
def fleet_of(stack: LocalStack, folder: Path) -> Iterator[Fleet]:
    """Start the fleet; ready when the block begins."""
    with ExitStack() as ending:
        upstream = ending.enter_context(background.serving())
        upstream.add(serves)
        ids = configure(stack, upstream)
        wire = ending.enter_context(store_wire(urlsplit(stack.endpoint).port or 0))
        quick = {"CONFIG_POLL_SECONDS": str(POLL_SECONDS)}

        def client(name: str, url: str) -> Environment:
            headers = {"authorization": f"Bearer {stack.secrets.virtual_key}", "user-agent": f"fleet-{name}"}
            limits = httpx.Limits(max_connections=100)
            found = httpx.Client(base_url=url, headers=headers, timeout=30.0, limits=limits, trust_env=False)
            return Environment(name, url, ending.enter_context(found))

        def start(name: str, **more: str) -> tuple[Environment, int]:
            log = stack.folder / f"gateway-fleet-{name}.log"
            url, pid = ending.enter_context(proxy(_environ(stack, **quick, **more), log))
            return client(name, url), pid

        def victim() -> tuple[Environment, int]:
            found, pid = start(f"victim-{next(_names)}")
            ready(found.url, stack.folder / f"gateway-fleet-{found.name}.log")
            return found, pid

        several = [start("one")[0], start("two")[0], start("three", AWS_ENDPOINT_URL=wire.url)[0]]
        loop = client("loop", ending.enter_context(lambda_door(_environ(stack), folder)))
        for each in several:
            ready(each.url, stack.folder / f"gateway-fleet-{each.name}.log")
        table = StateTable(stack.endpoint, stack.function_environ["STATE_TABLE"])
        yield Fleet(stack, upstream, table, wire, [*several, loop], ids, victim)
