"""A request that was swept, and whose settlement came after all: counted once as swept, then put right (pure).

A killed environment's request is closed by the sweep with what it is known to have cost, and counts like that. Should its environment live on (the
store was out of reach, and is back), it replaces the row by the true one, which keeps `swept_nano` and `swept_tokens`. That row counts as one
more, and what was counted for the swept one is taken back: from other buckets, as a row that was swept names neither model nor provider. Each of
the two has a mark of its own, so it happens once. A rebuild reads the true row only, and needs none of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.rollups.cells import cell
from gateway.rollups.rows import Finished, attributes, finished, whole

_UNKNOWN_THEN: Final = {"model": "", "provider": ""}


def read(record: Any) -> tuple[Finished, ...]:
    """What a stream record counts for: nothing, one request, or a request and what is taken back for it. BadRecord otherwise."""
    row = attributes(record)
    found = None if row is None else finished(row)
    if row is None or found is None:
        return ()
    if "swept_nano" not in row or "swept" in row:
        return (found,)
    return (replace(found, id=f"{found.id}#settled"), _taken_back(found, row))


def _taken_back(found: Finished, row: Mapping[str, Any]) -> Finished:
    """The swept row's count, negative. How long it took is not taken back: which bin it was in is not known any more."""
    nano, tokens = whole(row, "swept_nano"), whole(row, "swept_tokens")
    counted = {
        "requests": 1,
        "errors": 1,
        "status_5xx": 1,
        "cost_nano": nano,
        "fresh_tokens": tokens,
        "input_tokens": tokens,
    }
    values: dict[Any, str] = {**dict(found.dimensions), **_UNKNOWN_THEN}
    values.pop("cell")
    dimensions = (*values.items(), ("cell", cell({**values, "requested_model": ""})))
    adds = {name: -amount for name, amount in counted.items() if amount}
    return Finished(f"{found.id}#swept", found.time_ms, adds, dimensions, found.key_name)
