"""How a rule compares: an operator and its operand become a test of one value. A test never raises, whatever JSON the value is.

Types are those of JSON and are never converted: `1` and `1.0` are the same number, `"1"` is none, `true` is no number. A missing value
and an explicit null are the same, null.

| operator | operand | null | text | number | true, false | list | object |
|---|---|---|---|---|---|---|---|
| `eq` | text, number, true, false, null | the operand is null | same, case counts | same number | same | no | no |
| `gt` `gte` `lt` `lte` | text or number | no | with a text: by code points | with a number | no | no | no |
| `contains` | text, number, true, false | no | with a text: it is part of it | no | no | an element is `eq` | no |
| `regex` | a pattern, see `gateway.routing.patterns` | no | matches somewhere | no | no | no | no |
| `in` | list of what `eq` takes | the list holds null | one is `eq` | one is `eq` | one is `eq` | no | no |
| `exists` | true, false | false asks for it | true asks for it | as text | as text | as text | as text |

`ne`, `not_contains` and `not_in` are the exact opposites of `eq`, `contains` and `in` for every value, so for null, too: a request without
`headers.x-team` fulfils `ne "blue"`, `not_contains "blue"` and `not_in ["blue"]`. Where presence matters, add `exists`.

Operands are judged when the rule is compiled: one that the field's type can never equal (a number for a header, the 25th hour) is refused.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from gateway.routing.fields import Field
from gateway.routing.patterns import PatternError, searcher
from gateway.routing.rule_error import RuleError, check_text

Test = Callable[[Any], bool]

TEXT_CHARACTERS: Final = 4_096
LIST_LENGTH: Final = 1_000
_NUMBERS: Final = (int, float)
_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def comparison(op: str, operand: Any, field: Field, path: str) -> Test:
    """The test; RuleError under `path`, the path of the condition, when there is no such operator or it does not take the operand."""
    build = _BUILDERS.get(op)
    if build is None:
        raise RuleError(f"{path}op", f"there is no such operator; there are {', '.join(_BUILDERS)}")
    return build(op, operand, field, f"{path}value")


def _eq(_: str, operand: Any, field: Field, path: str) -> Test:
    _check_scalar(operand, field, path)
    return _equal(operand)


def _equal(operand: Any) -> Test:
    if operand is None or isinstance(operand, bool):
        return lambda value: value is operand
    if isinstance(operand, str):
        return lambda value: bool(value == operand)
    return lambda value: value is not True and value is not False and bool(value == operand)


def _in(_: str, operand: Any, field: Field, path: str) -> Test:
    if not isinstance(operand, list | tuple):
        raise RuleError(path, "a list is needed")
    if len(operand) > LIST_LENGTH:
        raise RuleError(path, f"a list has at most {LIST_LENGTH:,} elements")
    for index, item in enumerate(operand):
        _check_scalar(item, field, f"{path}[{index}]")
    # A set takes 1 for True, so these two are kept apart.
    flags = frozenset(item for item in operand if isinstance(item, bool))
    others = frozenset(item for item in operand if not isinstance(item, bool))

    def found(value: Any) -> bool:
        if isinstance(value, bool):
            return value in flags
        return (value is None or isinstance(value, str | int | float)) and value in others

    return found


def _ordered(op: str, operand: Any, field: Field, path: str) -> Test:
    if operand is None or isinstance(operand, bool) or field.type == "flag":
        raise RuleError(path, "only texts and numbers have an order")
    _check_scalar(operand, field, path, bounded=False)
    compare = _ORDER[op]
    if isinstance(operand, str):
        return lambda value: isinstance(value, str) and compare(value, operand)
    return lambda value: isinstance(value, _NUMBERS) and not isinstance(value, bool) and compare(value, operand)


def _contains(_: str, operand: Any, field: Field, path: str) -> Test:
    if field.type in {"number", "flag"}:
        raise RuleError(path, f"{field.name} is no text and no list")
    if field.type == "any" and operand is not None and not isinstance(operand, str):
        _check_scalar(operand, field, path)
        same = _equal(operand)
        return lambda value: isinstance(value, list | tuple) and any(map(same, value))
    _check_text(operand, path)
    return lambda value: isinstance(value, str | list | tuple) and operand in value


def _regex(_: str, operand: Any, field: Field, path: str) -> Test:
    if field.type in {"number", "flag"}:
        raise RuleError(path, f"{field.name} is no text")
    _check_text(operand, path)
    try:
        found = searcher(operand)
    except PatternError as fault:
        raise RuleError(path, str(fault)) from None
    return lambda value: isinstance(value, str) and found(value)


def _exists(_: str, operand: Any, field: Field, path: str) -> Test:  # noqa: ARG001  (all builders are called alike)
    if not isinstance(operand, bool):
        raise RuleError(path, "true or false is needed")
    return lambda value: (value is not None) is operand


def _opposite(build: Callable[[str, Any, Field, str], Test]) -> Callable[[str, Any, Field, str], Test]:
    def built(op: str, operand: Any, field: Field, path: str) -> Test:
        holds = build(op, operand, field, path)
        return lambda value: not holds(value)

    return built


_BUILDERS: Final[Mapping[str, Callable[[str, Any, Field, str], Test]]] = {
    "eq": _eq,
    "ne": _opposite(_eq),
    **dict.fromkeys(_ORDER, _ordered),
    "contains": _contains,
    "not_contains": _opposite(_contains),
    "regex": _regex,
    "in": _in,
    "not_in": _opposite(_in),
    "exists": _exists,
}
OPERATORS: Final = tuple(_BUILDERS)


def _check_text(operand: Any, path: str) -> None:
    if not isinstance(operand, str):
        raise RuleError(path, "a text is needed")
    check_text(operand, TEXT_CHARACTERS, path)


def _check_scalar(operand: Any, field: Field, path: str, *, bounded: bool = True) -> None:
    """Whether a value of the field can be this one. `bounded`: it must lie among those there are; an order may look beyond."""
    if isinstance(operand, str):
        _check_text(operand, path)
    elif isinstance(operand, float) and not math.isfinite(operand):
        raise RuleError(path, "that is no number of JSON")
    elif isinstance(operand, int) and not -(2**63) <= operand < 2**63:
        raise RuleError(path, "a whole number has at most 64 bits")
    elif operand is not None and not isinstance(operand, bool | int | float):
        raise RuleError(path, "a text, a number, true, false or null is needed")
    if operand is not None:
        _check_type(operand, field, path)
    if bounded and field.among is not None and operand is not None and not field.among[0] <= operand <= field.among[1]:
        raise RuleError(path, f"{field.name} is from {field.among[0]} to {field.among[1]}")


def _check_type(operand: Any, field: Field, path: str) -> None:
    is_flag = isinstance(operand, bool)
    fits = {
        "any": True,
        "text": isinstance(operand, str),
        "date": isinstance(operand, str) and _is_date(operand),
        "number": isinstance(operand, _NUMBERS) and not is_flag,
        "flag": is_flag,
    }
    if not fits[field.type]:
        asked = {"flag": "true or false", "date": "a date like 2026-11-21"}.get(field.type, f"a {field.type}")
        raise RuleError(path, f"{field.name} is compared with {asked}")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
