"""An Update of DynamoDB, gathered term by term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.aws.writes import Expr, Update


class Terms:
    """Attributes are given by name, values as plain Python; placeholders are made here. A name may be changed once."""

    def __init__(self) -> None:
        self._sets: list[str] = []
        self._adds: list[str] = []
        self._removes: list[str] = []
        self._when: list[str] = []
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        """A placeholder for an attribute."""
        return self._names.setdefault(attribute, f"#n{len(self._names)}")

    def value(self, value: Any) -> str:
        """A placeholder for a value."""
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = value
        return placeholder

    def add(self, attribute: str, by: int) -> None:
        """Add to a number; one that is not there is 0. Adding 0 writes nothing."""
        if by:
            self._adds.append(f"{self.name(attribute)} {self.value(by)}")

    def set(self, attribute: str, value: Any) -> None:
        """Write an attribute."""
        self._sets.append(f"{self.name(attribute)} = {self.value(value)}")

    def remove(self, attribute: str) -> None:
        """Remove an attribute, if it is there."""
        self._removes.append(self.name(attribute))

    def at_most(self, attribute: str, most: int) -> None:
        """Demand a number that is at most `most`, or not there."""
        name = self.name(attribute)
        self._when.append(f"(attribute_not_exists({name}) OR {name} <= {self.value(most)})")

    def below_or_absent(self, attribute: str, limit: int) -> None:
        """Demand a number that is less than `limit`, or not there."""
        name = self.name(attribute)
        self._when.append(f"(attribute_not_exists({name}) OR {name} < {self.value(limit)})")

    def between(self, attribute: str, least: int, most: int | None = None) -> None:
        """Demand a number that is there, at least `least` and at most `most`."""
        name = self.name(attribute)
        self._when.append(f"{name} >= {self.value(least)}")
        if most is not None:
            self._when.append(f"{name} <= {self.value(most)}")

    def equals(self, attribute: str, value: Any) -> None:
        """Demand an attribute with this very value."""
        self._when.append(f"{self.name(attribute)} = {self.value(value)}")

    def absent(self, attribute: str) -> None:
        """Demand that there is no such attribute."""
        self._when.append(f"attribute_not_exists({self.name(attribute)})")

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._sets or self._adds or self._removes)

    def update(self, table: str, key: Mapping[str, Any]) -> Update | None:
        """The update, None when nothing changes."""
        return self.sure(table, key) if self.changes else None

    def sure(self, table: str, key: Mapping[str, Any]) -> Update:
        """The update, which must change something."""
        parts = (("SET", self._sets), ("ADD", self._adds), ("REMOVE", self._removes))
        text = " ".join(f"{word} {', '.join(terms)}" for word, terms in parts if terms)
        change = Expr(text, {placeholder: name for name, placeholder in self._names.items()}, self._values)
        return Update(table, key, change, Expr(" AND ".join(self._when)) if self._when else None)
