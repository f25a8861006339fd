"""What vendors' models can do and cost: `data/models.json`, made by infra/scripts/build_catalog.py, read on first use.

Names are matched as `names` says, never by likeness. A price that is not known for certain is worse than none: the request then runs as
unpriced, or is refused where a money budget applies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gateway.catalog.names import resolve
from gateway.neutral.config import Kind, Price
from gateway.neutral.config_reading import price_from_json
from gateway.neutral.dialects import Dialect

FORMAT = 2


class CatalogMissing(RuntimeError):
    """There is no catalog file, or one of another format: `make setup` makes it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One model of one provider kind. `upstream_model` is the catalog's name of it, which differs from the one asked for when an alias matched.

    `unit_prices`: pico-dollars by something else than text tokens (`audio_input_token`, `image_output`, `second_input`, …).
    `deprecated_on` is the vendor's announced last day, `YYYY-MM-DD`. `provenance` names the list the facts are from. The words of
    `capabilities` and the order of `dialects` are those of `traits`.
    """

    provider_kind: str
    upstream_model: str
    mode: Kind
    context_window: int | None
    max_output_tokens: int | None
    price: Price | None
    unit_prices: Mapping[str, int]
    capabilities: tuple[str, ...]
    deprecated_on: str | None
    provenance: str
    dialects: tuple[Dialect, ...] = ()


class Models:
    """The catalog in memory, as parsed JSON; values are made when asked for."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        if document.get("format") != FORMAT:
            raise CatalogMissing("the catalog file has another format: run `make setup`")
        self._rows: Mapping[str, Mapping[str, Any]] = document["models"]
        self.provenance: Mapping[str, Any] = document["provenance"]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Provider kinds that have rows."""
        return tuple(self._rows)

    def lookup(self, kind: str, upstream_model: str) -> Facts | None:
        """Facts of a model as `kind` names it, or None."""
        rows = self._rows.get(kind)
        if rows is None:
            return None
        name = resolve(rows, kind, upstream_model)
        return self._facts(kind, name) if name else None

    def search(self, text: str, limit: int, kind: str | None = None) -> list[Facts]:
        """The best matches of part of a name, any case: exact, then beginnings, then the rest; shorter names first."""
        needle = text.strip().lower()
        found: list[tuple[int, int, str, str]] = []
        for each, rows in self._rows.items():
            if kind in {None, each}:
                found += [(_rank(name, needle), len(name), name, each) for name in rows if needle in name.lower()]
        found.sort()
        return [self._facts(each, name) for _, _, name, each in found[:limit]]

    def _facts(self, kind: str, name: str) -> Facts:
        row = self._rows[kind][name]
        price = row.get("price")
        return Facts(
            provider_kind=kind,
            upstream_model=name,
            mode=row["mode"],
            context_window=row.get("context_window"),
            max_output_tokens=row.get("max_output_tokens"),
            price=None if price is None else price_from_json(price),
            unit_prices=row.get("unit_prices", {}),
            capabilities=tuple(row.get("capabilities", ())),
            deprecated_on=row.get("deprecated_on"),
            provenance=f"{self.provenance['package']} {self.provenance['version']}",
            dialects=tuple(row.get("dialects", ())),
        )


def _rank(name: str, needle: str) -> int:
    lower = name.lower()
    if lower == needle:
        return 0
    if lower.startswith(needle):
        return 1
    return 2 if f"/{needle}" in lower or f"-{needle}" in lower or f".{needle}" in lower else 3


def load(path: Path, read: Callable[[Path], bytes] = Path.read_bytes) -> Models:
    """The catalog of a file; CatalogMissing when there is none or it cannot be read."""
    try:
        return Models(orjson.loads(read(path)))
    except FileNotFoundError:
        raise CatalogMissing("there is no catalog of models and prices: run `make setup`") from None
    except (OSError, KeyError, TypeError, AttributeError, orjson.JSONDecodeError):
        raise CatalogMissing("the catalog of models and prices cannot be read: run `make setup`") from None
