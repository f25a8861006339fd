"""Changing models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gateway.admin.desk import Desk, changes
from gateway.admin.errors import Invalid
from gateway.admin.facts import Catalog
from gateway.admin.model_facts import filled, moved
from gateway.admin.price_shapes import price_value
from gateway.admin.schemas import ModelIn, ModelPatch
from gateway.admin.shapes import ModelRow
from gateway.catalog import Facts
from gateway.neutral.config import Model, Provider
from gateway.neutral.prices import released
from gateway.stores.entities import MODEL, PROVIDER
from gateway.stores.versioned import Versioned

_NULLABLE = frozenset({"upstream_model", "display_name", "context_window", "max_output_tokens", "price"})


class ModelEditor:
    """Creates, changes and removes models; every success publishes. The catalog fills in what a body leaves out."""

    def __init__(self, desk: Desk, catalog: Catalog) -> None:
        self._desk = desk
        self.catalog = catalog

    def on(self, desk: Desk) -> ModelEditor:
        """The same editor of other entities."""
        return ModelEditor(desk, self.catalog)

    def page(self, after: str | None, limit: int) -> tuple[Sequence[Versioned[Model]], str | None]:
        """Models by id."""
        return self._desk.entities.page(MODEL, after, limit)

    def get(self, identifier: str) -> Versioned[Model]:
        """One model."""
        return self._desk.load(MODEL, identifier)

    def create(self, body: ModelIn, actor: str) -> Versioned[Model]:
        """Add a model; what the body leaves out and the catalog knows is filled in."""
        return self._desk.create(MODEL, self.value(body), actor)

    def value(self, body: ModelIn) -> Model:
        """The model a body describes; Invalid when its provider does not exist or its price is not exact."""
        provider = self._desk.entities.get(PROVIDER, body.provider)
        if provider is None:
            raise Invalid(f"There is no provider {body.provider!r}.", field="provider")
        name = body.upstream_model or body.id
        fields: dict[str, Any] = {
            "kind": body.kind,
            "context_window": body.context_window,
            "max_output_tokens": body.max_output_tokens,
            "price": None if body.price is None else price_value(body.price),
        }
        fields |= filled(self.catalog.lookup(provider.value.kind, name), body.model_fields_set)
        display = body.display_name
        return Model(body.id, body.provider, name, display_name=display, active=body.active, **fields)

    def update(self, identifier: str, body: ModelPatch, expected: int | None, actor: str) -> Versioned[Model]:
        """Change a model. What the catalog had filled in follows it to another upstream."""
        fields = changes(body, nullable=_NULLABLE)
        if body.price is not None:
            fields["price"] = price_value(body.price)
        if "upstream_model" in fields and fields["upstream_model"] is None:
            fields["upstream_model"] = identifier

        def change(value: Model) -> Model:
            changed = replace(value, **fields)
            stays = (changed.provider, changed.upstream_model) == (value.provider, value.upstream_model)
            if "price" in fields and not (stays and changed.price == value.price):
                changed = replace(changed, price_from=None)
            return changed if stays else moved(changed, self._known(value), self._known(changed), fields)

        return self._desk.revise(MODEL, identifier, expected, change, actor)

    def _known(self, model: Model) -> Facts | None:
        provider = self._desk.entities.get(PROVIDER, model.provider)
        return None if provider is None else self.catalog.lookup(provider.value.kind, model.upstream_model)

    def quoted(self, rows: Sequence[Versioned[Model]]) -> list[ModelRow]:
        """Models with the prices that hold for them."""
        names = {row.value.provider for row in rows}
        providers = {name: self._desk.entities.get(PROVIDER, name) for name in names}
        return [_quoted(row, providers[row.value.provider]) for row in rows]

    def put(self, value: Model, actor: str) -> Versioned[Model]:
        """Make the stored model equal to `value`, creating it where it is missing."""
        if self._desk.entities.get(MODEL, value.id) is None:
            return self._desk.create(MODEL, value, actor)
        return self._desk.revise(MODEL, value.id, None, lambda _old: value, actor)

    def delete(self, identifier: str, expected: int | None, actor: str) -> None:
        """Remove a model."""
        self._desk.remove(MODEL, identifier, expected, actor)


def _quoted(row: Versioned[Model], provider: Versioned[Provider] | None) -> ModelRow:
    found = None if provider is None else released(provider.value, row.value.upstream_model, row.value)
    return ModelRow(row) if found is None else ModelRow(row, *found)
