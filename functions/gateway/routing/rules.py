"""Conditions on a request: which requests a target serves.

A rule is a tree of JSON objects::

    {"all": [rule, …]}     every one holds; an empty list holds for every request
    {"any": [rule, …]}     at least one holds; never empty
    {"not": rule}
    {"field": "headers.x-team", "op": "eq", "value": "blue"}      with "zone": "Europe/Berlin" where the field is time.*

The fields are those of `gateway.routing.fields`, the operators and what they make of null and of other types those of
`gateway.routing.operators`. A rule is judged in full when it is compiled: whatever compiles can be evaluated for every request and never
raises. So nothing is skipped at run time, where a skipped condition would send requests to places they must not go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Literal

from gateway.neutral import redaction
from gateway.routing.features import Features
from gateway.routing.fields import Field, field
from gateway.routing.operators import Test, comparison
from gateway.routing.rule_aliases import normalise
from gateway.routing.rule_error import RuleError

__all__ = ["Rule", "RuleError", "Verdict", "compile_rule", "normalise"]

DEPTH: Final = 8
NODES: Final = 200
SEEN_CHARACTERS: Final = 200
_SEEN_ELEMENTS: Final = 20
_LEAF_MEMBERS: Final = frozenset({"field", "op", "value", "zone"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one node of a rule comes to for one request. `path` leads to it ("" = the rule itself).

    A condition (`kind` "leaf") has `field`, `op`, `value` (its operand) and `seen`: what the request has there as a text of at most 200
    characters without credentials, None = null. The other kinds have a verdict for every child, also where the first decides.
    """

    path: str
    kind: Literal["all", "any", "not", "leaf"]
    holds: bool
    field: str | None = None
    op: str | None = None
    value: Any = None
    seen: str | None = None
    children: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. `needs_tokens`: it asks for `tokens.input`, so somebody should count before it is asked."""

    matches: Callable[[Features], bool]
    explain: Callable[[Features], Verdict]
    needs_tokens: bool


@dataclass(frozen=True, slots=True)
class _Leaf:
    path: str
    field: Field
    op: str
    operand: Any
    test: Test

    def fields(self) -> Iterator[str]:
        yield self.field.name

    def matcher(self) -> Callable[[Features], bool]:
        read, test = self.field.read, self.test
        return lambda features: test(read(features))

    def explain(self, features: Features) -> Verdict:
        value = self.field.read(features)
        seen = None if value is None else redaction.MARK if self.field.secret else _shown(value)
        return Verdict(self.path, "leaf", self.test(value), self.field.name, self.op, self.operand, seen)


@dataclass(frozen=True, slots=True)
class _Group:
    path: str
    kind: Literal["all", "any", "not"]
    children: tuple[_Leaf | _Group, ...]

    def fields(self) -> Iterator[str]:
        for child in self.children:
            yield from child.fields()

    def matcher(self) -> Callable[[Features], bool]:
        tests = tuple(child.matcher() for child in self.children)
        if self.kind == "not":
            inner = tests[0]
            return lambda features: not inner(features)
        return _every(tests) if self.kind == "all" else _some(tests)

    def explain(self, features: Features) -> Verdict:
        verdicts = tuple(child.explain(features) for child in self.children)
        held = [verdict.holds for verdict in verdicts]
        holds = not held[0] if self.kind == "not" else all(held) if self.kind == "all" else any(held)
        return Verdict(self.path, self.kind, holds, children=verdicts)


def compile_rule(data: object) -> Rule:
    """A rule that can be asked; RuleError when anything in it is wrong. The older flat shape first goes through `normalise`."""
    root = _node(data, "", 1, count(1))
    return Rule(root.matcher(), root.explain, "tokens.input" in root.fields())


def _every(tests: tuple[Callable[[Features], bool], ...]) -> Callable[[Features], bool]:
    def matches(features: Features) -> bool:
        for test in tests:  # noqa: SIM110  (`all` of a generator takes twice as long)
            if not test(features):
                return False
        return True

    return matches


def _some(tests: tuple[Callable[[Features], bool], ...]) -> Callable[[Features], bool]:
    def matches(features: Features) -> bool:
        for test in tests:  # noqa: SIM110  (as above)
            if test(features):
                return True
        return False

    return matches


def _node(data: object, path: str, depth: int, nodes: Iterator[int]) -> _Leaf | _Group:
    if depth > DEPTH:
        raise RuleError(path, f"a rule has at most {DEPTH} levels")
    if next(nodes) > NODES:
        raise RuleError(path, f"a rule has at most {NODES} parts")
    if not isinstance(data, Mapping):
        raise RuleError(path, "an object is needed")
    within = f"{path}." if path else ""
    if "all" in data:
        return _Group(path, "all", _list(data, "all", within, depth, nodes))
    if "any" in data:
        return _Group(path, "any", _list(data, "any", within, depth, nodes))
    if "not" in data:
        _only(data, {"not"}, within)
        return _Group(path, "not", (_node(data["not"], f"{within}not", depth + 1, nodes),))
    return _leaf(data, path, within)


def _list(
    data: Mapping[str, Any], name: Literal["all", "any"], within: str, depth: int, nodes: Iterator[int]
) -> tuple[_Leaf | _Group, ...]:
    _only(data, {name}, within)
    items = data[name]
    if not isinstance(items, list | tuple):
        raise RuleError(f"{within}{name}", "a list is needed")
    if name == "any" and not items:
        raise RuleError(f"{within}any", "one of nothing never holds: the list must not be empty")
    return tuple(_node(item, f"{within}{name}[{index}]", depth + 1, nodes) for index, item in enumerate(items))


def _leaf(data: Mapping[str, Any], path: str, within: str) -> _Leaf:
    _only(data, _LEAF_MEMBERS, within)
    for name in ("field", "op"):
        if name not in data:
            raise RuleError(path, f"`{name}` is missing; a rule has all, any, not, or field, op and value")
        if not isinstance(data[name], str):
            raise RuleError(f"{within}{name}", "a text is needed")
    if "value" not in data:
        raise RuleError(path, "`value` is missing")
    if "zone" in data and data["zone"] is None:
        raise RuleError(f"{within}zone", "a zone is a name such as Europe/Berlin")
    what = field(data["field"], data.get("zone"), within)
    return _Leaf(path, what, data["op"], data["value"], comparison(data["op"], data["value"], what, within))


def _only(data: Mapping[Any, Any], known: frozenset[str] | set[str], within: str) -> None:
    for name in data:
        if name not in known:
            shown = redaction.line(str(name), 64)
            raise RuleError(f"{within}{shown}", f"unknown member; here may be {', '.join(sorted(known))}")


def _shown(value: Any) -> str:
    """A value as one line. Of a list the first elements; what lies deeper is counted, so that this costs little whatever the body is."""
    if isinstance(value, list | tuple):
        parts = [_scalar(item) for item in value[:_SEEN_ELEMENTS]]
        more = [f"… {len(value)} in all"] if len(value) > _SEEN_ELEMENTS else []
        return redaction.line(f"[{', '.join([*parts, *more])}]", SEEN_CHARACTERS)
    return redaction.line(_scalar(value), SEEN_CHARACTERS)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        # Enough for the redaction to see a credential whole, before the rest is cut.
        return value[: SEEN_CHARACTERS + 4096]
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, list | tuple):
        return f"list of {len(value)}"
    if isinstance(value, Mapping):
        return f"object of {len(value)}"
    return f"{value:.17g}" if isinstance(value, float) else str(value)
