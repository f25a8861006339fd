"""Facts and prices of vendors' models, as data.

    lookup("openai", "gpt-4o-2024-08-06")   facts or None, never an error: the proxy runs without a catalog, its models unpriced
    translation_facts("gemini", "gemini-3-flash")   limits, abilities and dialects alone, cheap enough for the proxy's way to the upstream
    logical_models()["smart"]   which model each provider kind has for a logical name, for `gateway.routing.defaults`
    search("sonnet", 20)                    for the admin pages; CatalogMissing when the build step was not run

See `models` (the facts), `traits` (those a translation needs), `pricing` (what a request costs),
`tokens` (an estimate when the upstream reports no usage).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from gateway.catalog import traits
from gateway.catalog.models import CatalogMissing, Facts, Models, load
from gateway.catalog.traits import ModelFacts

__all__ = [
    "CatalogMissing",
    "Facts",
    "ModelFacts",
    "logical_models",
    "lookup",
    "provenance",
    "search",
    "translation_facts",
]

DATA = Path(__file__).parent / "data"


@functools.cache
def _models() -> Models:
    """The file is part of the deployment and does not change while a process lives."""
    return load(DATA / "models.json")


@functools.cache
def _traits() -> traits.Traits:
    return traits.load(DATA / "traits.json")


@functools.lru_cache(1024)
def translation_facts(kind: str, upstream_model: str) -> ModelFacts:
    """What a translation must know of a model; `traits.UNKNOWN` for one that is not listed. Never an error, and it opens `traits.json` once."""
    return _traits().of(kind, upstream_model)


def lookup(kind: str, upstream_model: str) -> Facts | None:
    """Facts of a model as provider kind `kind` names it: the exact name, then the rules of `names.ALIASES`. None when unknown."""
    try:
        return _models().lookup(kind, upstream_model)
    except CatalogMissing:
        return None


def search(text: str, limit: int, kind: str | None = None) -> list[Facts]:
    """The best `limit` matches of part of a name, within one kind if given; CatalogMissing when there is no catalog."""
    return _models().search(text, limit, kind)


def logical_models() -> Mapping[str, tuple[tuple[str, str | None], ...]]:
    """`data/logical.json`: logical name → (provider kind, its model) in the order to try them; kind `*` = all others, None = no suggestion."""
    document = orjson.loads((DATA / "logical.json").read_bytes())
    return {name: tuple((kind, model) for kind, model in rows) for name, rows in document.items()}


def provenance() -> Mapping[str, Any]:
    """Where the facts are from: package, version, hashes, licence; CatalogMissing when there is no catalog."""
    return _models().provenance
