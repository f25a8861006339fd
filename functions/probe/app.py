"""Entry of the probe: asks one provider for its models and answers what it said.

The control plane may lock credentials away and not open them, so asking a provider is the data plane's: this function may decrypt upstream keys, and
do nothing else on AWS but list the models of Bedrock. Its event is `{"provider": …}`, a provider as a release holds it, keys sealed or by
reference; a provider without keys is asked with its credential of this function's own environment (`OPENAI_API_KEY` for `openai`), as the proxy
does. The answer is `gateway.neutral.probe.Heard`. One line is written per run: which provider, how it ended, how many models; no address, no header.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from gateway.aws.bedrock import BedrockSigner
from gateway.aws.credentials import from_environ as credentials_from
from gateway.aws.keyring import KeyRing
from gateway.aws.kms import Kms
from gateway.aws.secrets import Secrets
from gateway.aws.session import AwsSession
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.config import Provider, Release
from gateway.neutral.config_reading import provider_from_json
from gateway.neutral.probe import Heard, heard_json
from gateway.providers import vendor
from gateway.routing.environment_keys import with_environment_keys
from gateway.settings import Settings, from_environ
from gateway.transport.pool import Pool
from gateway.upstream.client import PinnedClient
from gateway.upstream.model_lists import ModelLists, Question

_OPENING_SECONDS: Final = 3.0


class Unreadable(ValueError):
    """The event is none of the control plane's. Nothing of it is repeated."""


def read(event: Mapping[str, Any], settings: Settings) -> Provider:
    """The provider of an event, with the environment's credential where it has none; Unreadable."""
    try:
        provider = provider_from_json(event["provider"])
        vendor(provider.kind)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable("the event holds no provider") from None
    return with_environment_keys(Release(providers=(provider,)), settings.provider_keys).providers[0]


async def _secret(provider: Provider, ring: KeyRing) -> str | None:
    """The credential of the first active key, the heaviest first; None when there is none. Unavailable when it cannot be opened."""
    keys = sorted((key for key in provider.keys if key.active), key=lambda key: -key.weight)
    return (await ring.secret(keys[0]) or None) if keys else None


async def probe(environ: Mapping[str, str], event: Mapping[str, Any]) -> dict[str, Any]:
    """Ask, and say what was heard. SettingsError when the environment is incomplete, Unreadable for a strange event."""
    settings = from_environ(environ)
    provider = read(event, settings)
    clock = Clock()
    # Connections belong to the event loop of one run, so each run opens its own.
    pool = Pool(clock.wall)
    credentials = credentials_from(environ, clock)
    session = AwsSession(settings.region, settings.endpoint_url, credentials, clock, pool=pool)
    ring = KeyRing(Kms(session), Secrets(session), clock, settings.provider_keys)
    lists = ModelLists(PinnedClient(pool, clock.monotonic), BedrockSigner(credentials, clock, pool), clock.monotonic)
    private = provider.allow_private and settings.allow_private_upstreams
    question = Question(provider, vendor(provider.kind), None, private, settings.region)
    try:
        async with asyncio.timeout(_OPENING_SECONDS):
            secret = await _secret(provider, ring)
        heard = await lists.ask(replace(question, secret=secret))
    except (Unavailable, TimeoutError):
        heard = Heard(0, error="The provider's stored credential cannot be opened.")
    finally:
        pool.close()
    _log(provider, heard)
    return heard_json(heard)


def _log(provider: Provider, heard: Heard) -> None:
    told = {"provider": provider.id, "status": heard.status, "ms": heard.ms, "models": len(heard.models)}
    line = {"level": "INFO", "service": "probe", "message": "asked", **told, "error": heard.error}
    sys.stdout.write(orjson.dumps(line).decode() + "\n")
    sys.stdout.flush()


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """The Lambda entry."""
    return asyncio.run(probe(os.environ, event))
