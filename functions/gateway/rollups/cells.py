"""The finest breakdown: one value that names all dimensions of a request at once (pure).

A bucket of the dimension `cell` counts the requests that agree in every part of `PARTS`. Adding cells up answers what the buckets of one
dimension cannot: two dimensions together, and one dimension within another. A value is the parts in order, joined by `|`, with `%` and
`|` inside a part written `%25` and `%7C`; an absent part is empty. Seven parts and a start fit into a sort key (1,024 bytes), because a part
is cut as `buckets.bounded` cuts it, but to `LONGEST_PART_BYTES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from gateway.rollups.buckets import bounded

Part = Literal["key", "user", "team", "requested_model", "model", "provider", "route"]

PARTS: tuple[Part, ...] = get_args(Part)
LONGEST_PART_BYTES = 136


def part(value: str) -> str:
    """One part as a cell holds it, before it is joined; what a filter must compare with."""
    return _plain(_escaped(value))


def cell(values: Mapping[Part, str]) -> str:
    """The value of a cell bucket."""
    return "|".join(_escaped(values.get(name, "")) for name in PARTS)


def parts(value: str) -> dict[Part, str]:
    """The parts of a cell's value, empty ones included; ValueError when it is none."""
    return {name: _plain(text) for name, text in zip(PARTS, value.split("|"), strict=True)}


def _escaped(value: str) -> str:
    return bounded(value.replace("%", "%25").replace("|", "%7C"), LONGEST_PART_BYTES)


def _plain(text: str) -> str:
    return text.replace("%7C", "|").replace("%25", "%")
