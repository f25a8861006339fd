"""Configuration values as replies, and request bodies as configuration values."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admin.errors import Invalid
from gateway.admin.fields import nano_per_request, nano_per_token, usd, usd_per_million
from gateway.admin.schemas import (
    KeyOut,
    ModelOut,
    PriceIO,
    ProviderOut,
    RouteOut,
    TargetIO,
    TimeoutsIO,
    UpstreamKeyOut,
)
from gateway.clock import id_time_ms
from gateway.neutral.config import Model, Price, Provider, Route, Timeouts, UpstreamKey, VirtualKey
from gateway.providers import kinds
from gateway.stores.versioned import Versioned

_TOKEN_PRICES = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "reasoning")


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider (its own `keys` empty) beside the revisions of its keys."""

    value: Provider
    version: int
    updated_at: int
    keys: tuple[Versioned[UpstreamKey], ...] = ()


def default_base_url(kind: str) -> str | None:
    """The base URL of a kind, None when it has none or is unknown."""
    return next((row.base_url for row in kinds() if row.kind == kind), None)


def provider_out(row: ProviderRow) -> ProviderOut:
    """A provider's reply."""
    value = row.value
    return ProviderOut(
        id=value.id,
        name=value.name,
        kind=value.kind,
        base_url=value.base_url,
        effective_base_url=value.base_url or default_base_url(value.kind),
        active=value.active,
        allow_private=value.allow_private,
        extra_headers=dict(value.extra_headers),
        timeouts=timeouts_io(value.timeouts),
        keys=[upstream_key_out(value.id, key) for key in row.keys],
        version=row.version,
        updated_at=row.updated_at,
    )


def timeouts_io(value: Timeouts) -> TimeoutsIO:
    """Timeouts as a body."""
    return TimeoutsIO(connect=value.connect, first_byte=value.first_byte, idle=value.idle, total=value.total)


def timeouts_value(body: TimeoutsIO) -> Timeouts:
    """Timeouts from a body."""
    return Timeouts(**body.model_dump())


def upstream_key_out(provider: str, row: Versioned[UpstreamKey]) -> UpstreamKeyOut:
    """A credential's reply: never the credential."""
    value = row.value
    return UpstreamKeyOut(
        id=value.id,
        provider=provider,
        hint=value.hint,
        source="reference" if value.sealed is None else "sealed",
        reference=value.reference,
        active=value.active,
        weight=value.weight,
        version=row.version,
        updated_at=row.updated_at,
    )


def price_io(value: Price) -> PriceIO:
    """A price in dollars."""
    texts = {name: getattr(value, name) for name in _TOKEN_PRICES}
    tokens = {name: None if nano is None else usd_per_million(nano) for name, nano in texts.items()}
    return PriceIO.model_validate({**tokens, "request": usd(value.request)})


def price_value(body: PriceIO) -> Price:
    """A price in nano-dollars; Invalid names the part that is not a whole number of them."""
    found: dict[str, int | None] = {}
    for name, text in body.model_dump().items():
        convert = nano_per_request if name == "request" else nano_per_token
        try:
            found[name] = None if text is None else convert(text)
        except ValueError as error:
            raise Invalid(f"price.{name} {error}.", field=f"price.{name}") from None
    return Price(**found)  # type: ignore[arg-type]


def model_out(row: Versioned[Model]) -> ModelOut:
    """A model's reply."""
    value = row.value
    return ModelOut(
        id=value.id,
        provider=value.provider,
        upstream_model=value.upstream_model,
        kind=value.kind,
        display_name=value.display_name,
        context_window=value.context_window,
        max_output_tokens=value.max_output_tokens,
        price=None if value.price is None else price_io(value.price),
        active=value.active,
        version=row.version,
        updated_at=row.updated_at,
    )


def route_out(row: Versioned[Route]) -> RouteOut:
    """A route's reply."""
    value = row.value
    targets = [
        TargetIO(provider=t.provider, model=t.model, priority=t.priority, weight=t.weight) for t in value.targets
    ]
    return RouteOut(
        id=value.id,
        targets=targets,
        strategy=value.strategy,
        active=value.active,
        version=row.version,
        updated_at=row.updated_at,
    )


def _created(identifier: str) -> int | None:
    try:
        return id_time_ms(identifier)
    except ValueError:
        return None


def key_out(row: Versioned[VirtualKey]) -> KeyOut:
    """A virtual key's reply: neither secret nor digest."""
    value = row.value
    return KeyOut(
        id=value.id,
        name=value.name,
        hint=value.hint,
        active=value.active,
        user_id=value.user_id,
        team_id=value.team_id,
        allowed_models=list(value.allowed_models),
        allowed_providers=list(value.allowed_providers),
        ip_allow=list(value.ip_allow),
        valid_until=None if value.valid_until is None else value.valid_until * 1000,
        record_bodies=value.record_bodies,
        durable=value.durable,
        log_ttl_days=value.log_ttl_days,
        created_at=_created(value.id),
        version=row.version,
        updated_at=row.updated_at,
    )
