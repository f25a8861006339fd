"""JSON Schema as structured outputs and strict tools take it: a part of it, with objects closed.

https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import CannotCarry

_KEPT: Final = frozenset(
    ["type", "title", "description", "enum", "const", "default", "required", "pattern", "$ref", "additionalProperties"]
)
_NAMED: Final = ("properties", "$defs", "definitions")
_LISTS: Final = {"anyOf": "anyOf", "oneOf": "anyOf", "allOf": "allOf"}
_FORMATS: Final = frozenset(
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]
)
_DEEPEST: Final = 64


def closed(schema: Mapping[str, Any], at: str) -> tuple[dict[str, Any], bool]:
    """The schema in the form the vendor takes, and whether that changed it. What it has no keyword for moves into the description.

    Objects become closed (`additionalProperties: false`), `oneOf` becomes `anyOf`. CannotCarry when it is nested deeper than 64 levels.
    """
    adapting = _Adapting(at)
    result = adapting.adapt(schema, 0)
    return result, adapting.changed


class _Adapting:
    """One schema on its way."""

    def __init__(self, at: str) -> None:
        self.changed = False
        self._at = at

    def adapt(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """One schema and those inside it."""
        if depth > _DEEPEST:
            raise CannotCarry(f"The schema in '{self._at}' is nested deeper than {_DEEPEST} levels.", param=self._at)
        result: dict[str, Any] = {}
        unsaid: dict[str, Any] = {}
        for name, value in schema.items():
            if name in _KEPT:
                result[name] = value
            elif not self._inner(result, name, value, depth) and not _simple(result, name, value):
                unsaid[name] = value
        if _is_object(schema) and schema.get("additionalProperties") is not False:
            result["additionalProperties"] = False
            self.changed = True
        if unsaid:
            self._describe(result, unsaid)
        return result

    def _inner(self, result: dict[str, Any], name: str, value: Any, depth: int) -> bool:
        """Schemas inside this one; False when the keyword is none of theirs."""
        if name in _NAMED and isinstance(value, dict):
            result[name] = {key: self._one(inner, depth) for key, inner in value.items()}
        elif name in _LISTS and isinstance(value, list):
            self.changed |= _LISTS[name] != name
            result[_LISTS[name]] = [self._one(inner, depth) for inner in value]
        elif name == "items" and isinstance(value, dict):
            result[name] = self._one(value, depth)
        else:
            return False
        return True

    def _one(self, value: Any, depth: int) -> Any:
        return self.adapt(value, depth + 1) if isinstance(value, dict) else value

    def _describe(self, result: dict[str, Any], unsaid: Mapping[str, Any]) -> None:
        """Rules that cannot be enforced are told to the model."""
        self.changed = True
        rules = ", ".join(f"{name} = {value}" for name, value in unsaid.items())
        said = result.get("description")
        result["description"] = f"{said} ({rules})" if isinstance(said, str) and said else f"({rules})"


def _is_object(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    return (
        kind == "object" or (isinstance(kind, list) and "object" in kind) or (kind is None and "properties" in schema)
    )


def _simple(result: dict[str, Any], name: str, value: Any) -> bool:
    """Keywords of which a few values are taken."""
    if (name == "format" and value in _FORMATS) or (name == "minItems" and value in (0, 1)):
        result[name] = value
        return True
    return False
