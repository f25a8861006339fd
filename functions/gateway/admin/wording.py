"""What does not fit a body or a document, in words of this gateway: the one place that knows the validator's types of faults.

https://docs.pydantic.dev/latest/errors/validation_errors/
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_PLAIN: Final[Mapping[str, str]] = {
    "missing": "is needed",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "list_type": "must be a list",
    "dict_type": "must be an object (names with values)",
    "model_type": "must be an object (names with values)",
    "model_attributes_type": "must be an object (names with values)",
}
_BOUNDS: Final = (("gt", "above"), ("ge", "at least"), ("lt", "below"), ("le", "at most"))
_NUMBERS: Final = frozenset({"greater_than", "greater_than_equal", "less_than", "less_than_equal"})
_SIZES: Final = frozenset({"string_too_short", "string_too_long", "too_short", "too_long"})
# Patterns of the bodies' fields → what they ask for.
_ID: Final = "has 1 to 128 letters, digits and"
_PATTERNS: Final[Mapping[str, str]] = {
    r"^[A-Za-z0-9_.:/@-]{1,128}$": f"{_ID} _ . : / @ -",
    r"^[A-Za-z0-9_.:/@*-]{1,128}$": f"{_ID} _ . : / @ -, where * stands for anything",
    r"^[A-Za-z0-9_.:-]{1,128}$": f"{_ID} _ . : -",
    r"^[A-Za-z0-9_.-]{1,64}$": "has 1 to 64 letters, digits and _ . -",
    r"^key_[0-9a-f]{32}$": "is no id of a virtual key, such as key_01990000000070008000000000000000",
    r"^[0-9]{1,9}(\.[0-9]{1,12})?$": (
        "a price is 0 or more US dollars, in digits such as 0.15, with at most 6 decimals (`request`: 12)"
    ),
    r"^[0-9]{1,9}(\.[0-9]{1,9})?$": "an amount is 0 or more US dollars, in digits such as 25.50, with at most 9 decimals",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": "a time of day is hours and minutes, 00:00 to 23:59",
    r"^[A-Za-z0-9._-]*\*?$": "a flag has letters, digits and . _ -, and may end in *",
    r"^[A-Za-z_][A-Za-z0-9_]{0,127}$": "is no name of an environment variable",
    r"^arn:aws[a-z-]*:(secretsmanager|ssm):[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9/_+=.@:-]{1,512}$": (
        "must be the ARN of an entry in Secrets Manager or of a parameter of Systems Manager"
    ),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """The type of a part of a body, and its limits."""

    type: Any
    limits: tuple[Any, ...]


def words(fault: Mapping[str, Any], body: Any) -> str:
    """A fault (of `ValidationError.errors()`) in words, without its place and without the refused value. `body`: the type that was asked
    for, which tells the names and limits there are; `fault["loc"]` begins in it."""
    kind, where = str(fault["type"]), tuple(fault["loc"])
    context = fault.get("ctx") or {}
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "extra_forbidden":
        return _unknown(_part(body, where[:-1]), str(where[-1]))
    if kind == "literal_error":
        return f"must be one of {context.get('expected', '')}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context.get("pattern", ""), "has characters that cannot be here")
    if kind in _NUMBERS:
        return f"must be {_range(_part(body, where), context)}"
    if kind in _SIZES:
        return _size(kind, context)
    return str(fault["msg"]).removeprefix("Value error, ")


def nearest(name: str, names: Sequence[str]) -> str | None:
    """The name that was probably meant."""
    longer = [known for known in names if len(name) >= 3 and (known.startswith(name) or name.startswith(known))]
    return next(iter(longer or difflib.get_close_matches(name, names, 1, 0.6)), None)


def meant(name: str, names: Sequence[str]) -> str:
    """` Did you mean …?`, or nothing."""
    found = nearest(name, names)
    return "" if found is None else f" Did you mean {found}?"


def _unknown(part: _Part | None, name: str) -> str:
    if part is None or not _is_model(part.type):
        return "there is no such field"
    names = list(part.type.model_fields)
    return f"there is no such field; there are {', '.join(names)}.{meant(name, names)}"


def _range(part: _Part | None, context: Mapping[str, Any]) -> str:
    limits = () if part is None else part.limits
    given = {name: getattr(limit, name) for limit in limits for name, _ in _BOUNDS if hasattr(limit, name)}
    return ", ".join(f"{word} {(given or context)[name]:,}" for name, word in _BOUNDS if name in (given or context))


def _size(kind: str, context: Mapping[str, Any]) -> str:
    thing = "character" if kind.startswith("string") else "element"
    bound, word = (("min_length", "at least"), ("max_length", "at most"))[kind.endswith("long")]
    number = context.get(bound, 0)
    return f"must have {word} {number:,} {thing}{'' if number == 1 else 's'}"


def _part(body: Any, where: Sequence[str | int]) -> _Part | None:
    """What a place in a body is; None when the types do not tell."""
    part = _plain(body, ())
    for step in where:
        inner = _inner(part.type, step)
        if inner is None:
            return None
        part = inner
    return part


def _inner(kind: Any, step: str | int) -> _Part | None:
    if isinstance(step, int):
        return _plain(get_args(kind)[0], ()) if get_origin(kind) is list else None
    if not _is_model(kind) or step not in kind.model_fields:
        return None
    field: FieldInfo = kind.model_fields[step]
    return _plain(field.annotation, tuple(field.metadata))


def _plain(kind: Any, limits: tuple[Any, ...]) -> _Part:
    """Without `Annotated` and `| None` around it."""
    if get_origin(kind) is Annotated:
        inner, *marks = get_args(kind)
        return _plain(inner, (*limits, *_limits(marks)))
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    if len(choices) == 1 and type(None) in get_args(kind):
        return _plain(choices[0], limits)
    return _Part(kind, limits)


def _limits(marks: Sequence[Any]) -> Iterator[Any]:
    for mark in marks:
        yield from mark.metadata if isinstance(mark, FieldInfo) else (mark,)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
