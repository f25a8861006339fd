"""What a client may call providers by when it wishes for some, or for none of them."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.neutral.config import VirtualKey
from gateway.neutral.index import Index
from gateway.routing.names import may_reach


def called(index: Index, key: VirtualKey, kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Name → ids: every provider that the key may reach by its id, and those of a kind by the kind. A known kind (`kinds`) of which there is no
    provider means none, so that a wish which is the same everywhere is no mistake; an id goes before a kind of the same name."""
    reached = [one for one in index.release.providers if may_reach(key, one.id)]
    found: dict[str, tuple[str, ...]] = {one.id: (one.id,) for one in reached}
    for kind in kinds:
        found.setdefault(kind, tuple(one.id for one in reached if one.kind == kind))
    return found
