"""Every operator with every type of value, as one table; operands that are refused."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gateway.routing.fields import field
from gateway.routing.operators import OPERATORS, comparison
from gateway.routing.rule_error import RuleError

ANY = field("body.a", None, "")

# What a request may hold, in the order of the table's columns.
VALUES: tuple[Any, ...] = (
    None, "", "blue", "a blue one", "5", 0, 1, 5, 5.0, 5.5, True, False,
    [], ["blue", 5], [True, None], [["blue"]], {"blue": 5},
)  # fmt: skip
HEAD = "null  ''  blue  a-blue-one  '5'  0  1  5  5.0  5.5  true  false  []  [blue,5]  [true,null]  [[blue]]  {}"

# Operator, operand, and for each value: x = holds, . = does not.
TABLE = [
    #                          null ""  blue a-b "5"  0   1   5  5.0 5.5  T   F   []  bl5 Tnl [[b {}
    ("eq", "blue",            " .   .   x    .   .    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("eq", "",                " .   x   .    .   .    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("eq", "5",               " .   .   .    .   x    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("eq", 5,                 " .   .   .    .   .    .   .   x   x   .   .   .   .   .   .   .   ."),
    ("eq", 5.0,               " .   .   .    .   .    .   .   x   x   .   .   .   .   .   .   .   ."),
    ("eq", 1,                 " .   .   .    .   .    .   x   .   .   .   .   .   .   .   .   .   ."),
    ("eq", 0,                 " .   .   .    .   .    x   .   .   .   .   .   .   .   .   .   .   ."),
    ("eq", True,              " .   .   .    .   .    .   .   .   .   .   x   .   .   .   .   .   ."),
    ("eq", False,             " .   .   .    .   .    .   .   .   .   .   .   x   .   .   .   .   ."),
    ("eq", None,              " x   .   .    .   .    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("ne", "blue",            " x   x   .    x   x    x   x   x   x   x   x   x   x   x   x   x   x"),
    ("ne", 1,                 " x   x   x    x   x    x   .   x   x   x   x   x   x   x   x   x   x"),
    ("ne", True,              " x   x   x    x   x    x   x   x   x   x   .   x   x   x   x   x   x"),
    ("ne", None,              " .   x   x    x   x    x   x   x   x   x   x   x   x   x   x   x   x"),
    ("gt", 1,                 " .   .   .    .   .    .   .   x   x   x   .   .   .   .   .   .   ."),
    ("gte", 1,                " .   .   .    .   .    .   x   x   x   x   .   .   .   .   .   .   ."),
    ("lt", 5,                 " .   .   .    .   .    x   x   .   .   .   .   .   .   .   .   .   ."),
    ("lte", 5,                " .   .   .    .   .    x   x   x   x   .   .   .   .   .   .   .   ."),
    ("gt", "a",               " .   .   x    x   .    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("gte", "blue",           " .   .   x    .   .    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("lt", "b",               " .   x   .    x   x    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("lte", "5",              " .   x   .    .   x    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("contains", "blue",      " .   .   x    x   .    .   .   .   .   .   .   .   .   x   .   .   ."),
    ("contains", "",          " .   x   x    x   x    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("contains", 5,           " .   .   .    .   .    .   .   .   .   .   .   .   .   x   .   .   ."),
    ("contains", 1,           " .   .   .    .   .    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("contains", True,        " .   .   .    .   .    .   .   .   .   .   .   .   .   .   x   .   ."),
    ("not_contains", "blue",  " x   x   .    .   x    x   x   x   x   x   x   x   x   .   x   x   x"),
    ("not_contains", 5,       " x   x   x    x   x    x   x   x   x   x   x   x   x   .   x   x   x"),
    ("regex", "^b|5$",        " .   .   x    .   x    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("regex", "",             " .   x   x    x   x    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("in", ["blue", 5],       " .   .   x    .   .    .   .   x   x   .   .   .   .   .   .   .   ."),
    ("in", [1, False],        " .   .   .    .   .    .   x   .   .   .   .   x   .   .   .   .   ."),
    ("in", [0, True, None],   " x   .   .    .   .    x   .   .   .   .   x   .   .   .   .   .   ."),
    ("in", [],                " .   .   .    .   .    .   .   .   .   .   .   .   .   .   .   .   ."),
    ("not_in", ["blue", 5],   " x   x   .    x   x    x   x   .   .   x   x   x   x   x   x   x   x"),
    ("not_in", [None],        " .   x   x    x   x    x   x   x   x   x   x   x   x   x   x   x   x"),
    ("exists", True,          " .   x   x    x   x    x   x   x   x   x   x   x   x   x   x   x   x"),
    ("exists", False,         " x   .   .    .   .    .   .   .   .   .   .   .   .   .   .   .   ."),
]  # fmt: skip


def test_the_table_has_every_operator_and_every_value() -> None:
    assert {row[0] for row in TABLE} == set(OPERATORS)
    assert {len(row[2].split()) for row in TABLE} == {len(VALUES)} == {len(HEAD.split())}


@pytest.mark.parametrize(("op", "operand", "marks"), TABLE, ids=lambda part: None if len(str(part)) > 40 else str(part))
def test_an_operator_with_every_type(op: str, operand: Any, marks: str) -> None:
    holds = comparison(op, operand, ANY, "")
    found = ["x" if holds(value) else "." for value in VALUES]
    assert found == marks.split(), HEAD


TEXT, NUMBER, FLAG = (field(name, None, "") for name in ("headers.x-a", "tokens.input", "stream"))
HOUR, WEEKDAY, DATE = (field(name, None, "") for name in ("time.hour", "time.weekday", "time.date"))

REFUSED = [
    ("like", "a", ANY, "op", "eq, ne, gt"),
    ("eq", ["a"], ANY, "value", "a text, a number"),
    ("eq", {"a": 1}, ANY, "value", "a text, a number"),
    ("eq", math.nan, ANY, "value", "JSON"),
    ("gt", math.inf, ANY, "value", "JSON"),
    ("eq", 2**63, ANY, "value", "64 bits"),
    ("eq", "x" * 4097, ANY, "value", "4,096"),
    ("eq", "\ud800", ANY, "value", "surrogate"),
    ("contains", "x" * 4097, TEXT, "value", "4,096"),
    ("gt", None, ANY, "value", "order"),
    ("lte", True, ANY, "value", "order"),
    ("gt", 1, FLAG, "value", "order"),
    ("gt", [1], ANY, "value", "a text, a number"),
    ("contains", None, ANY, "value", "a text is needed"),
    ("contains", ["a"], ANY, "value", "a text, a number"),
    ("contains", 5, TEXT, "value", "a text is needed"),
    ("contains", "5", NUMBER, "value", "no text"),
    ("not_contains", None, ANY, "value", "a text is needed"),
    ("regex", 5, ANY, "value", "a text is needed"),
    ("regex", "5", NUMBER, "value", "no text"),
    ("regex", "[", ANY, "value", "regular expression"),
    ("regex", "x" * 513, ANY, "value", "512"),
    ("in", "abc", ANY, "value", "a list"),
    ("in", None, ANY, "value", "a list"),
    ("in", list(range(1001)), ANY, "value", "1,000"),
    ("in", ["a", ["b"]], ANY, "value[1]", "a text, a number"),
    ("not_in", ["a", 5], TEXT, "value[1]", "compared with a text"),
    ("exists", None, ANY, "value", "true or false"),
    ("exists", 1, ANY, "value", "true or false"),
    ("eq", 5, TEXT, "value", "compared with a text"),
    ("eq", "5", NUMBER, "value", "compared with a number"),
    ("gt", True, NUMBER, "value", "order"),
    ("eq", True, NUMBER, "value", "compared with a number"),
    ("eq", 1, FLAG, "value", "true or false"),
    ("eq", 24, HOUR, "value", "from 0 to 23"),
    ("in", [6, 0], WEEKDAY, "value[1]", "from 1 to 7"),
    ("gte", "2026-1-1", DATE, "value", "2026-11-21"),
    ("eq", "20261121", DATE, "value", "2026-11-21"),
    ("eq", "2026-02-30", DATE, "value", "2026-11-21"),
]


@pytest.mark.parametrize(("op", "operand", "what", "path", "says"), REFUSED, ids=lambda part: str(part)[:24])
def test_an_operand_that_can_never_be_right_is_refused(op: str, operand: Any, what: Any, path: str, says: str) -> None:
    with pytest.raises(RuleError) as caught:
        comparison(op, operand, what, "not.")
    assert caught.value.path == f"not.{path}"
    assert says in caught.value.message


ALLOWED = [
    ("lt", 24, HOUR),
    ("gte", "2026-11-21", DATE),
    ("regex", "-12-2[456]$", DATE),
    ("eq", None, NUMBER),
    ("in", [None, 5], NUMBER),
    ("eq", -(2**63), ANY),
    ("in", list(range(1000)), ANY),
    ("eq", "x" * 4096, ANY),
    ("regex", "x" * 512, ANY),
]


@pytest.mark.parametrize(("op", "operand", "what"), ALLOWED, ids=lambda part: str(part)[:24])
def test_an_operand_at_the_limit_is_taken(op: str, operand: Any, what: Any) -> None:
    assert callable(comparison(op, operand, what, ""))
