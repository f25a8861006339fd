"""The real exchange with everything around it in memory: stores are dictionaries, the upstream is the test's, the client is a list of messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.exchange.memory_cache import MemoryCache
from tests.exchange.memory_dialogs import MemoryDialogs, MemoryPeople
from tests.exchange.memory_limits import MemoryLimits
from tests.exchange.memory_replays import MemoryReplays
from tests.exchange.memory_uploads import MemoryUploads

from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.exchange import Exchange
from gateway.neutral.config import (
    Model,
    Price,
    Provider,
    Release,
    Route,
    Target,
    Timeouts,
    UpstreamKey,
    VirtualKey,
    key_digest,
    release_bytes,
    release_hash,
)
from gateway.neutral.health import Health, KeySeen, TargetSeen
from gateway.neutral.index import Index
from gateway.neutral.limits import Account
from gateway.neutral.logrow import LogRow
from gateway.parts import Parts
from gateway.policies.keys import Keys
from gateway.settings import Settings
from gateway.transport.pool import Pool
from gateway.upstream.client import PinnedClient, UpstreamClient

KEY = "sk-gw-" + "k" * 43
SECRET = "upstream-credential-0123456789"

SETTINGS = Settings(
    stage="test",
    region="us-east-1",
    config_table="config",
    keys_table="keys",
    state_table="state",
    logs_table="logs",
    usage_table="usage",
    cache_table="cache",
    dialogs_table="dialogs",
    bodies_bucket="bodies",
    kms_key_id="kms",
    allow_private_upstreams=True,
    # Tests that want retries say so; none waits for chance.
    retry_attempts=1,
    retry_base_seconds=0,
)


class MemoryKeys:
    """`KeyReader` over a dictionary; counts look-ups, can be down."""

    def __init__(self, *keys: VirtualKey) -> None:
        self.keys = {key.digest: key for key in keys}
        self.accounts: dict[tuple[str, str], Account] = {}
        self.asked: list[str] = []
        self.asked_accounts: list[tuple[str, str]] = []
        self.down = False

    async def get(self, digest: str) -> VirtualKey | None:
        self.asked.append(digest)
        if self.down:
            raise Unavailable("The key store is out of reach; try again.")
        return self.keys.get(digest)

    async def account(self, kind: str, identifier: str) -> Account | None:
        self.asked_accounts.append((kind, identifier))
        if self.down:
            raise Unavailable("The key store is out of reach; try again.")
        return self.accounts.get((kind, identifier))


class MemoryReleases:
    """`ReleaseReader` of one release."""

    def __init__(self, release: Release) -> None:
        self.index = Index(release, release_hash(release_bytes(release)), 1_790_000_000)

    async def current(self) -> Index:
        return self.index

    async def refresh(self) -> None:
        return None


class MemorySecrets:
    """`SecretReader` that knows one credential."""

    async def secret(self, key: UpstreamKey) -> str:
        return SECRET


class MemorySigning:
    """`Signing` that shows what it signed."""

    async def sign(self, region: str, method: str, url: str, headers: Any, body: bytes) -> list[tuple[str, str]]:
        return [("authorization", f"AWS4-HMAC-SHA256 Credential=test/{region}")]


class MemoryHealth:
    """`HealthBoard` of one environment: what was seen is kept, what is known is the test's to set."""

    def __init__(self) -> None:
        self.health = Health()
        self.seen: list[TargetSeen | KeySeen] = []
        self.flushed = 0
        self.probes: list[tuple[str, str, str]] = []
        self.probe_free = True

    async def current(self) -> Health:
        return self.health

    async def refresh(self) -> None:
        return None

    def saw(self, seen: TargetSeen | KeySeen) -> None:
        self.seen.append(seen)

    async def flush(self) -> None:
        self.flushed = len(self.seen)

    async def probe(self, provider: str, model: str, owner: str) -> bool:
        self.probes.append((provider, model, owner))
        free, self.probe_free = self.probe_free, False
        return free

    @property
    def targets(self) -> list[TargetSeen]:
        return [one for one in self.seen if isinstance(one, TargetSeen)]

    @property
    def keys(self) -> list[KeySeen]:
        return [one for one in self.seen if isinstance(one, KeySeen)]


class MemoryStops:
    """`StopBoard` over a set."""

    def __init__(self) -> None:
        self.wanted: set[tuple[str, str]] = set()

    async def ask(self, request_id: str, key_id: str) -> None:
        self.wanted.add((request_id, key_id))

    async def asked(self, request_id: str, key_id: str, since_ms: int = 0) -> bool:
        return bool({(request_id, key_id), (request_id, "*")} & self.wanted)


class MemoryLogs:
    """`LogWriter` into a list."""

    def __init__(self) -> None:
        self.rows: list[LogRow] = []
        self.bodies: dict[str, bytes] = {}
        self.down = False

    async def put(self, row: LogRow) -> None:
        if self.down:
            raise Unavailable("The log store refused a row: test")
        self.rows.append(row)

    async def put_body(self, reference: str, body: bytes) -> None:
        self.bodies[reference] = body


@dataclass(frozen=True, slots=True)
class Heard:
    """What a client got."""

    status: int
    headers: list[tuple[bytes, bytes]]
    parts: list[bytes]
    ended: bool

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key == name), None)


def virtual_key(secret: str = KEY, **changes: Any) -> VirtualKey:
    return VirtualKey(
        **{"id": "key_1", "name": "test", "digest": key_digest(secret), "hint": "sk-gw-****kkkk"} | changes
    )


def release_for(url: str, timeouts: Timeouts | None = None) -> Release:
    """One OpenAI and one Anthropic provider at the same address, a model of each, and a route."""
    limits = timeouts or Timeouts(connect=2, first_byte=5, idle=5, total=20)
    key = (UpstreamKey("ukey_1", "sk-****6789", reference="arn:aws:ssm:us-east-1:000000000000:parameter/x"),)
    openai = Provider("oai", "OpenAI", "openai_compatible", url, True, True, {}, limits, key)
    anthropic = Provider("ant", "Anthropic", "anthropic_compatible", url, True, True, {}, limits, key)
    gemini = Provider("gem", "Gemini", "gemini_compatible", url, True, True, {}, limits, key)
    full = Provider("full", "OpenAI", "openai", url, True, True, {}, limits, key)
    bedrock = Provider("aws", "Bedrock", "bedrock", url, True, True, {}, limits)
    price = Price(input=150_000, output=600_000)
    return Release(
        providers=(openai, anthropic, gemini, full, bedrock),
        models=(
            Model("gemini-model", "gem", "up-gemini", price=price),
            # A model that OpenAI serves on /v1/responses alone, as the catalog knows.
            Model("responses-model", "full", "gpt-5-codex", price=price),
            Model("bedrock-model", "aws", "up.bedrock:1", price=price),
            Model("chat-model", "oai", "up-chat", price=Price(input=150_000, output=600_000, cache_read=75_000)),
            Model("claude-model", "ant", "up-claude", price=Price(input=3_000_000, output=15_000_000)),
            Model("embed-model", "oai", "up-embed", kind="embedding"),
            Model("off-model", "oai", "up-off", active=False),
        ),
        routes=(Route("fast", (Target("oai", "up-chat"),)),),
    )


@dataclass
class Door:
    """The exchange and everything a test may want to look at or break."""

    release: Release
    keys: MemoryKeys = field(default_factory=lambda: MemoryKeys(virtual_key()))
    logs: MemoryLogs = field(default_factory=MemoryLogs)
    settings: Settings = SETTINGS
    clock: Clock = field(default_factory=Clock)
    upstream: UpstreamClient | None = None
    health: MemoryHealth = field(default_factory=MemoryHealth)
    stops: MemoryStops = field(default_factory=MemoryStops)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)

    def __post_init__(self) -> None:
        self.limits = MemoryLimits(self.logs)
        self.replays = MemoryReplays(self.clock)
        self.cache = MemoryCache(self.clock)
        self.dialogs = MemoryDialogs(self.clock)
        self.people = MemoryPeople()
        self.uploads = MemoryUploads()
        self.pool = Pool(self.clock.wall)
        self.exchange = Exchange(
            Parts(
                settings=self.settings,
                clock=self.clock,
                keys=Keys(self.keys, self.clock, 15.0),
                releases=MemoryReleases(self.release),
                secrets=self.secrets,
                upstream=self.upstream or PinnedClient(self.pool, self.clock.monotonic),
                logs=self.logs,
                signing=MemorySigning(),
                health=self.health,
                stops=self.stops,
                limits=self.limits,
                replays=self.replays,
                cache=self.cache,
                dialogs=self.dialogs,
                people=self.people,
                embedder=self.cache.embedder,
                figures=self.cache,
                uploads=self.uploads,
            )
        )

    @property
    def row(self) -> LogRow:
        """The one row a request left."""
        assert len(self.logs.rows) == 1, self.logs.rows
        return self.logs.rows[0]

    async def ask(
        self,
        method: str,
        target: str,
        body: bytes | dict[str, Any] = b"",
        headers: Iterable[tuple[str, str]] = (("authorization", f"Bearer {KEY}"),),
        leave: asyncio.Event | None = None,
        on_part: Callable[[bytes], None] | None = None,
        deadline: float | None = None,
    ) -> Heard:
        """One request. `leave` set = the client goes away; `on_part` sees each body part as it is sent."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        path, _, query = target.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
            "client": ("203.0.113.9", 4242),
        }
        if deadline is not None:
            scope["gateway.deadline"] = deadline
        messages: list[dict[str, Any]] = []
        waiting = [{"type": "http.request", "body": raw, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop()
            await (leave or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            messages.append(dict(message))
            if on_part and message["type"] == "http.response.body":
                on_part(message["body"])

        await self.exchange(scope, receive, send)
        return heard(messages)

    def close(self) -> None:
        self.pool.close()


def heard(messages: list[dict[str, Any]]) -> Heard:
    """The ASGI messages of one answer, checked to be well-formed."""
    if not messages:
        return Heard(0, [], [], ended=False)
    assert messages[0]["type"] == "http.response.start"
    assert all(message["type"] == "http.response.body" for message in messages[1:])
    ended = [not message.get("more_body", False) for message in messages[1:]]
    assert True not in ended[:-1], "body after the end"
    return Heard(
        messages[0]["status"], messages[0]["headers"], [m["body"] for m in messages[1:]], bool(ended and ended[-1])
    )
