"""`{PROVIDER}_API_KEY` of the environment: serves a provider that has no key in the store, and is treated like any key then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from tests.exchange import dialects
from tests.exchange.fleet import ROUTE, credentials, fleet, keys, provider, release
from tests.exchange.kit import Door, Heard
from tests.upstream.server import Upstream
from tests.upstream.steps import reply

from gateway.aws.keyring import KeyRing
from gateway.clock import Clock
from gateway.neutral.config import Provider, UpstreamKey
from gateway.neutral.health import Health, KeyHealth
from gateway.routing.environment_keys import variable, with_environment_keys
from gateway.settings import Settings, from_environ

NAME, VALUE = "A_API_KEY", "credential-of-the-environment-0123"
WHOLE = dialects.whole("openai_chat")
ENVIRON = {
    **dict.fromkeys(
        ("CONFIG_TABLE", "KEYS_TABLE", "STATE_TABLE", "LOGS_TABLE", "USAGE_TABLE", "CACHE_TABLE", "DIALOGS_TABLE"), "t"
    ),
    "AWS_REGION": "us-east-1",
    "BODIES_BUCKET": "b",
    "KMS_KEY_ID": "k",
    NAME: f" {VALUE}\n",
    "B_API_KEY": " ",
    "C_KEY": "x",
}


class Ring(KeyRing):
    """The real key ring, with stored credentials that need no AWS."""

    def __init__(self, settings: Settings) -> None:
        nowhere = cast("Any", None)
        super().__init__(nowhere, nowhere, Clock(), settings.provider_keys)

    async def secret(self, key: UpstreamKey) -> str:
        return await super().secret(key) if (key.reference or "").startswith("env:") else f"stored-{key.id}"


def door_of(*providers: Provider) -> Door:
    settings = from_environ(ENVIRON)
    found = fleet(with_environment_keys(release(*providers), settings.provider_keys))
    return Door(found.release, settings=found.settings, secrets=cast("Any", Ring(settings)))


async def ask(door: Door) -> Heard:
    target, body = dialects.asked("openai_chat", ROUTE, stream=False)
    return await door.ask("POST", target, body)


def test_settings_take_every_key_that_is_set_and_do_not_show_it() -> None:
    settings = from_environ(ENVIRON)
    assert settings.provider_keys == {NAME: VALUE}
    assert VALUE not in repr(settings)


@pytest.mark.parametrize(
    ("identifier", "name"),
    [("openai", "OPENAI_API_KEY"), ("my-openai.eu", "MY_OPENAI_EU_API_KEY"), ("azure_2", "AZURE_2_API_KEY")],
)
def test_the_variable_of_a_provider(identifier: str, name: str) -> None:
    assert variable(identifier) == name


async def test_it_serves_a_provider_without_a_key_and_is_named_in_the_row(upstream: Upstream) -> None:
    door = door_of(provider("a", upstream.url, keys=()))
    upstream.add(reply(200, WHOLE))
    assert (await ask(door)).status == 200
    assert credentials(upstream) == [VALUE]
    assert door.row.upstream_key_id == f"env:{NAME}"
    assert door.row.usage.fresh == 9
    assert VALUE not in repr(door.row)


@pytest.mark.parametrize("why", ["cooling", "dead", "inactive", "spent", "well"])
async def test_a_provider_with_keys_in_the_store_never_uses_it(upstream: Upstream, why: str) -> None:
    """Whoever cooled, retired or switched off the stored keys meant it: the environment is no way around that."""
    (key,) = keys("a")
    key = replace(key, active=why != "inactive", daily_quota=10)
    door = door_of(provider("a", upstream.url, kind="openai", keys=(key,)))
    soon = door.clock.now_ms() + 60_000
    known = {
        "cooling": KeyHealth(cooling_until_ms=soon),
        "dead": KeyHealth(dead_until_ms=soon),
        "spent": KeyHealth(used_tokens=10, window_ends_ms=soon),
    }
    door.health.health = Health(keys={key.id: known[why]} if why in known else {})
    upstream.add(reply(200, WHOLE))
    heard = await ask(door)
    assert credentials(upstream) == (["stored-a-k1"] if why == "well" else [])
    assert heard.status == (200 if why == "well" else 429 if why in {"cooling", "spent"} else 503)


async def test_it_cools_and_dies_like_any_key(upstream: Upstream) -> None:
    door = door_of(provider("a", upstream.url, kind="openai", keys=()))
    upstream.add(reply(401, b'{"error":{"message":"no"}}'))
    await ask(door)
    (seen,) = door.health.keys
    assert (seen.key.id, seen.reason) == (f"env:{NAME}", "401")
    door.health.health = Health(keys={seen.key.id: KeyHealth(seen.key.stamp, dead_until_ms=seen.dead_until_ms)})
    assert (await ask(door)).status == 503
    assert len(upstream.journal) == 1


def test_a_release_that_needs_none_stays_the_same_value(upstream: Upstream) -> None:
    found = release(provider("a", upstream.url))
    assert with_environment_keys(found, {NAME: VALUE}) is found
    assert with_environment_keys(found, {}) is found
