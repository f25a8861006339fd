"""A route over several providers of the test upstream, each with keys of its own, and the exchange in front of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.exchange.kit import SETTINGS, Door, MemorySecrets
from tests.upstream.server import Upstream

from gateway.neutral.config import Model, Price, Provider, Release, Retry, Route, Target, Timeouts, UpstreamKey

ROUTE = "fleet"
LIMITS = Timeouts(connect=2, first_byte=5, idle=5, total=20)
KINDS = {
    "openai_chat": "openai_compatible",
    "openai_responses": "openai",
    "anthropic_messages": "anthropic_compatible",
    "gemini": "gemini_compatible",
    "bedrock_converse": "bedrock",
}
MODELS = {dialect: f"up-{dialect}" for dialect in KINDS} | {"openai_responses": "gpt-5-codex"}


def keys(provider: str, count: int = 1) -> tuple[UpstreamKey, ...]:
    """Keys `<provider>-k1`, `-k2`, …; the weights make the first come first."""
    return tuple(
        UpstreamKey(f"{provider}-k{number}", "****", reference=f"arn:aws:ssm:x:0:parameter/{provider}{number}")
        for number in range(1, count + 1)
    )


def provider(name: str, url: str, dialect: str = "openai_chat", **changes: Any) -> Provider:
    found = Provider(name, name, KINDS[dialect], url, True, True, {}, LIMITS, keys(name))
    return replace(found, **changes)


def release(*providers: Provider, upstream_models: dict[str, str] | None = None, **route: Any) -> Release:
    """The route `fleet` over these providers in this order; provider `a` serves `up-a` unless told otherwise."""
    names = upstream_models or {}
    targets = tuple(Target(one.id, names.get(one.id, f"up-{one.id}"), at) for at, one in enumerate(providers))
    price = Price(input=1_000_000, output=2_000_000)
    models = tuple(Model(f"m-{target.provider}", target.provider, target.model, price=price) for target in targets)
    shape: dict[str, Any] = {"retry": Retry(1, 0, 0)} | route
    return Release(providers, models, (Route(ROUTE, targets, **shape),))


def fleet(found: Release, **settings: Any) -> Door:
    return Door(found, settings=replace(SETTINGS, **settings))


async def called(upstream: Upstream) -> list[str]:
    """Which upstream models were called, in order."""
    return [str(request.model) for request in upstream.journal]


def credentials(upstream: Upstream) -> list[str]:
    """The credentials upstream saw, in order."""
    return [dict(request.headers).get("authorization", "").removeprefix("Bearer ") for request in upstream.journal]


def secret_of(key_id: str) -> str:
    return f"credential-of-{key_id}-0123456789"


class SecretsByKey(MemorySecrets):
    """Every key has a credential of its own."""

    async def secret(self, key: UpstreamKey) -> str:
        return secret_of(key.id)
