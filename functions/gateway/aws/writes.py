"""What may be written to DynamoDB, as values: for those who make writes and do not send them (no network is imported)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Expr:
    """An expression with what its placeholders stand for: `#n` names and `:v` values (plain Python)."""

    text: str
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole item, if `when` holds."""

    table: str
    item: Mapping[str, Any]
    when: Expr | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Change attributes of the item under `key`, if `when` holds."""

    table: str
    key: Mapping[str, Any]
    change: Expr
    when: Expr | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove the item under `key`, if `when` holds."""

    table: str
    key: Mapping[str, Any]
    when: Expr | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing; the transaction fails unless `when` holds for the item under `key`."""

    table: str
    key: Mapping[str, Any]
    when: Expr


Write = Put | Update | Delete | Check
