"""What the catalog knows of a vendor's model, for prefilling."""

from __future__ import annotations

from gateway.admin.schemas import CatalogOut


def search(text: str, kind: str | None, limit: int) -> list[CatalogOut]:
    """The best `limit` matches of part of a name, within one provider kind when given."""
    raise NotImplementedError
