"""What a provider lists beside what is configured here, and models made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pydantic import ValidationError

from gateway.admin.editors import Editors
from gateway.admin.errors import Conflict, Invalid
from gateway.admin.price_shapes import price_io
from gateway.admin.probe_schemas import ImportedModel, ImportOut, ProbedModel, ProbeOut, SkippedModel
from gateway.admin.schemas import ModelIn
from gateway.neutral.config import Provider
from gateway.neutral.probe import Heard, Offered
from gateway.stores.entities import MODEL, PROVIDER

_NO_ID: Final = "This name cannot be an id here; give another with `as`, or add the model by hand."


def asked(editors: Editors, identifier: str) -> Provider:
    """The provider with its active keys, as a release holds it; Missing when there is none."""
    row = editors.providers.get(identifier)
    return replace(row.value, keys=tuple(key.value for key in row.keys))


def probe_out(heard: Heard, provider: Provider, editors: Editors) -> ProbeOut:
    """The reply: what was heard beside the catalog and what is configured."""
    served: dict[str, list[str]] = {}
    for row in editors.providers.desk.entities.all(MODEL):
        if row.value.provider == provider.id:
            served.setdefault(row.value.upstream_model, []).append(row.value.id)
    return ProbeOut(
        ok=heard.error is None,
        ms=heard.ms,
        status=heard.status,
        error=heard.error,
        more=heard.more,
        models=[_probed(one, provider, served.get(one.id, []), editors) for one in heard.models],
    )


def _probed(one: Offered, provider: Provider, configured: list[str], editors: Editors) -> ProbedModel:
    known = editors.models.catalog.lookup(provider.kind, one.id)
    price = None if known is None or known.price is None else price_io(known.price)
    return ProbedModel(
        id=one.id,
        title=one.title,
        known=known is not None,
        configured=configured,
        context_window=one.context_window or (None if known is None else known.context_window),
        max_output_tokens=one.max_output_tokens or (None if known is None else known.max_output_tokens),
        input_price=None if price is None else price.input,
        output_price=None if price is None else price.output,
    )


def import_models(editors: Editors, provider: str, chosen: Sequence[ImportedModel], actor: str) -> ImportOut:
    """Create a model for each that has none under its id, and publish once. Missing when there is no such provider."""
    desk = editors.providers.desk
    desk.load(PROVIDER, provider)
    # One release for all of them: a provider's whole list would else be a hundred.
    quiet = editors.models.on(replace(desk, publish=lambda _actor: None))
    created: list[str] = []
    skipped: list[SkippedModel] = []
    try:
        for one in chosen:
            name = one.as_ or one.id
            try:
                quiet.create(ModelIn(id=name, provider=provider, upstream_model=one.id), actor)
            except ValidationError:
                skipped.append(SkippedModel(id=one.id, reason=_NO_ID))
            except (Conflict, Invalid) as error:
                skipped.append(SkippedModel(id=one.id, reason=error.message))
            else:
                created.append(name)
    finally:
        if (
            created
        ):  # also when the store fails on the way: what is stored must not wait for the next edit of somebody else
            desk.publish(actor)
    return ImportOut(created=created, skipped=skipped)
