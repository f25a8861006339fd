"""A stored value and the number of its revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class Taken(Exception):
    """Something with this id (or name) exists already."""


class Outdated(Exception):
    """The stored version is not the one the change was based on, or the thing is gone."""


@dataclass(frozen=True, slots=True)
class Versioned(Generic[T]):
    """`version` counts 1, 2, … with every write; `updated_at` is Unix milliseconds."""

    value: T
    version: int
    updated_at: int
