"""Google's Schema (a part of OpenAPI 3.0) and JSON Schema: https://ai.google.dev/api/caching#Schema

Only one way is needed: Gemini takes JSON Schema itself (`parametersJsonSchema`, `responseJsonSchema`) and passes over the keywords that it
does not know, so that nothing is lost on the way to it. A client's Google Schema becomes JSON Schema for the others: types in small letters,
`nullable` as a type or a branch, `example` as `examples`, numbers that protobuf writes as strings (`"minItems": "1"`) as numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.wire.gemini.fields import members, path, wrong

_TYPES: Final = frozenset(["string", "number", "integer", "boolean", "array", "object", "null"])
_DEPTH: Final = 64
_COUNTS: Final = frozenset(["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"])


def to_json_schema(value: Any, at: str, depth: int = 0) -> dict[str, Any]:
    """JSON Schema of a Google Schema; InvalidRequest names the member that is wrong."""
    if depth > _DEPTH:
        raise wrong(at, f"nested at most {_DEPTH} levels deep")
    source = members(value, at)
    found: dict[str, Any] = {}
    for name, one in source.items():
        reader = _READERS.get(name)
        if reader is not None:
            found.update(reader(one, path(at, name), depth))
        elif name in _COUNTS:
            found[name] = _count(one, path(at, name))
        elif name != "nullable":
            found[name] = one
    return _nullable(found) if source.get("nullable") is True else found


def _type(value: Any, at: str, depth: int) -> dict[str, Any]:
    del depth
    if not isinstance(value, str):
        raise wrong(at, "the name of a type")
    word = value.lower()
    if word == "type_unspecified":
        return {}
    if word not in _TYPES:
        raise wrong(at, "the name of a type (STRING, NUMBER, INTEGER, BOOLEAN, ARRAY, OBJECT, NULL)")
    return {"type": word}


def _properties(value: Any, at: str, depth: int) -> dict[str, Any]:
    return {"properties": _named(value, at, depth)}


def _definitions(value: Any, at: str, depth: int) -> dict[str, Any]:
    return {"$defs": _named(value, at, depth)}


def _named(value: Any, at: str, depth: int) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise wrong(at, "an object")
    return {name: to_json_schema(one, path(at, name), depth + 1) for name, one in value.items()}


def _items(value: Any, at: str, depth: int) -> dict[str, Any]:
    return {"items": to_json_schema(value, at, depth + 1)}


def _branches(value: Any, at: str, depth: int) -> dict[str, Any]:
    if not isinstance(value, list):
        raise wrong(at, "an array")
    return {"anyOf": [to_json_schema(one, f"{at}[{index}]", depth + 1) for index, one in enumerate(value)]}


def _additional(value: Any, at: str, depth: int) -> dict[str, Any]:
    known = value if isinstance(value, bool) else to_json_schema(value, at, depth + 1)
    return {"additionalProperties": known}


def _example(value: Any, at: str, depth: int) -> dict[str, Any]:
    del at, depth
    return {"examples": [value]}


def _reference(value: Any, at: str, depth: int) -> dict[str, Any]:
    del depth
    if not isinstance(value, str):
        raise wrong(at, "a string")
    return {"$ref": value.replace("#/defs/", "#/$defs/", 1)}


def _format(value: Any, at: str, depth: int) -> dict[str, Any]:
    """`enum` as a format only says that `enum` is there."""
    del at, depth
    return {} if value == "enum" else {"format": value}


def _count(value: Any, at: str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise wrong(at, "a whole number")
    return value


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "type" not in schema:
        return schema
    found = {**schema, "type": [schema["type"], "null"]}
    if isinstance(found.get("enum"), list):
        found["enum"] = [*found["enum"], None]
    return found


_READERS: Final[Mapping[str, Callable[[Any, str, int], dict[str, Any]]]] = {
    "type": _type,
    "properties": _properties,
    "items": _items,
    "anyOf": _branches,
    "additionalProperties": _additional,
    "defs": _definitions,
    "$defs": _definitions,
    "ref": _reference,
    "$ref": _reference,
    "example": _example,
    "format": _format,
}
