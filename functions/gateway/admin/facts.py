"""What the catalog knows of a vendor's model, for prefilling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway import catalog
from gateway.admin.errors import Unavailable
from gateway.catalog import CatalogMissing, Facts


@dataclass(frozen=True, slots=True)
class Catalog:
    """`lookup(provider kind, upstream model)`, and `search(text, provider kind or None, limit)`, best match first."""

    lookup: Callable[[str, str], Facts | None]
    search: Callable[[str, str | None, int], list[Facts]]


def _search(text: str, kind: str | None, limit: int) -> list[Facts]:
    try:
        return catalog.search(text, limit, kind)
    except CatalogMissing:
        raise Unavailable("This deployment was built without the catalog of models.") from None


def built_in() -> Catalog:
    """The catalog that is part of the deployment."""
    return Catalog(catalog.lookup, _search)
