"""Changing the cache rule of models without a route, and what every cache rule must fulfil."""

from __future__ import annotations

from gateway.admin.cache_schemas import CacheRuleIO
from gateway.admin.desk import Desk
from gateway.admin.errors import Invalid
from gateway.admin.route_shapes import rule_value
from gateway.neutral.caching import CacheRule
from gateway.stores.entities import CACHE, MODEL, PROVIDER, ROUTE, THE_RULE


class CacheEditor:
    """Sets and removes the one rule; every success publishes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on(self, desk: Desk) -> CacheEditor:
        """The same editor of other entities."""
        return CacheEditor(desk)

    def get(self) -> CacheRule | None:
        """The rule; None: nothing is kept."""
        row = self._desk.entities.get(CACHE, THE_RULE)
        return None if row is None else row.value

    def differs(self, body: CacheRuleIO | None) -> bool:
        """Whether a body says something else than there is; Invalid names the embedding model that does not fit."""
        value = None if body is None else rule_value(body)
        check_embedding(self._desk, value)
        return value != self.get()

    def put(self, body: CacheRuleIO | None, actor: str) -> None:
        """Make the rule what a body says; Invalid as above. Nothing is written when it is so already."""
        value, present = None if body is None else rule_value(body), self.get()
        if value == present:
            return
        check_embedding(self._desk, value)
        if value is None:
            self._desk.remove(CACHE, THE_RULE, None, actor)
        elif present is None:
            self._desk.create(CACHE, value, actor)
        else:
            self._desk.revise(CACHE, THE_RULE, None, lambda _old: value, actor)


def check_embedding(desk: Desk, rule: CacheRule | None) -> None:
    """Invalid when a rule names an embedding model that nobody knows, or one of another kind. Whether a `provider/model` that is not listed, or a
    route, gives embeddings only its provider knows."""
    name = None if rule is None else rule.embedding_model
    if name is None or desk.entities.get(ROUTE, name) is not None:
        return
    provider, slash, _ = name.partition("/")
    if slash and desk.entities.get(PROVIDER, provider) is not None:
        return
    model = desk.entities.get(MODEL, name)
    if model is None:
        raise Invalid(f"There is no model {name!r}.", field="cache.embedding_model")
    if model.value.kind != "embedding":
        raise Invalid(f"{name!r} is a model of kind {model.value.kind}, not embedding.", field="cache.embedding_model")
