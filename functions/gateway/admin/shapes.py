"""Configuration values as replies, and request bodies as configuration values."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admin.limit_shapes import limits_io
from gateway.admin.price_shapes import override_values, overrides_io, price_io
from gateway.admin.schemas import (
    CatalogOut,
    KeyOut,
    ModelOut,
    ProviderIn,
    ProviderOut,
    TimeoutsIO,
    UpstreamKeyOut,
)
from gateway.catalog import Facts
from gateway.clock import id_time_ms
from gateway.neutral.config import Model, Price, Provider, Timeouts, UpstreamKey, VirtualKey
from gateway.neutral.prices import Source
from gateway.providers import kinds
from gateway.stores.versioned import Versioned


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider (its own `keys` empty) beside the revisions of its keys."""

    value: Provider
    version: int
    updated_at: int
    keys: tuple[Versioned[UpstreamKey], ...] = ()


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model's revision beside the price that holds for it, and whose it is."""

    row: Versioned[Model]
    price: Price | None = None
    source: Source | None = None


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
        default_parameters=dict(value.default_parameters),
        paused_until=milliseconds(value.paused_until),
        denied_betas=list(value.denied_betas),
        prices=overrides_io(value.prices),
        price_factor_ppm=value.price_factor_ppm,
        keys=[upstream_key_out(value.id, key) for key in row.keys],
        version=row.version,
        updated_at=row.updated_at,
    )


def provider_value(body: ProviderIn) -> Provider:
    """A provider from a body, without keys; Invalid when one of its prices cannot be told exactly."""
    return Provider(
        id=body.id,
        name=body.name or body.id,
        kind=body.kind,
        base_url=body.base_url,
        active=body.active,
        allow_private=body.allow_private,
        extra_headers=body.extra_headers,
        timeouts=timeouts_value(body.timeouts),
        default_parameters=body.default_parameters,
        paused_until=whole_seconds(body.paused_until),
        denied_betas=tuple(body.denied_betas),
        prices=override_values(body.prices),
        price_factor_ppm=body.price_factor_ppm,
    )


def milliseconds(seconds: int | None) -> int | None:
    """A moment of the configuration as the API tells it."""
    return None if seconds is None else seconds * 1000


def whole_seconds(milliseconds: int | None) -> int | None:
    """The reverse, rounded up: what is paused is not called a moment too early."""
    return None if milliseconds is None else -(-milliseconds // 1000)


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
        name=value.name,
        hint=value.hint,
        source="reference" if value.sealed is None else "sealed",
        reference=value.reference,
        active=value.active,
        weight=value.weight,
        daily_quota=value.daily_quota,
        version=row.version,
        updated_at=row.updated_at,
    )


def model_out(found: ModelRow) -> ModelOut:
    """A model's reply."""
    row, value = found.row, found.row.value
    return ModelOut(
        id=value.id,
        provider=value.provider,
        upstream_model=value.upstream_model,
        kind=value.kind,
        display_name=value.display_name,
        context_window=value.context_window,
        max_output_tokens=value.max_output_tokens,
        price=None if value.price is None else price_io(value.price),
        effective_price=None if found.price is None else price_io(found.price),
        price_source=found.source,
        active=value.active,
        version=row.version,
        updated_at=row.updated_at,
    )


def catalog_out(known: Facts) -> CatalogOut:
    """A catalog entry's reply."""
    return CatalogOut(
        provider_kind=known.provider_kind,
        upstream_model=known.upstream_model,
        kind=known.mode,
        context_window=known.context_window,
        max_output_tokens=known.max_output_tokens,
        price=None if known.price is None else price_io(known.price),
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
        limits=limits_io(value.limits),
        created_at=_created(value.id),
        version=row.version,
        updated_at=row.updated_at,
    )
