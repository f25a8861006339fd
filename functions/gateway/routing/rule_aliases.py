"""Other ways to write a rule, read when it is saved: what is stored has one shape, that of `gateway.routing.rules`.

- A flat list, `{"rules": [{"field", "operator", "value"}, …], "logic": "AND" | "OR"}`: `logic` in any case, AND where absent; `operator`
  "eq" where absent. Nothing, `{}` and an empty list hold for every request, with either logic.
- `operator` for `op`; `token_usage.input_tokens` and `token_usage.total_tokens` for `tokens.input` (before a call there is no output, so
  a total is the input); the first word of a field in any case, and the whole name of a header.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.routing.rule_error import RuleError

# Deeper than any rule that compiles: what lies below is left as it is, and refused then.
_DEEP: Final = 16
_LOGIC: Final = {"AND": "all", "OR": "any"}
_TOKENS: Final = {"token_usage.input_tokens": "tokens.input", "token_usage.total_tokens": "tokens.input"}


def normalise(data: object) -> Any:
    """The rule as `compile_rule` reads it; RuleError when a flat list is none. Faults within are left for `compile_rule` to name.

    Doing it twice changes nothing.
    """
    if data is None or (isinstance(data, Mapping) and not data):
        return {"all": []}
    if isinstance(data, Mapping) and ("rules" in data or "logic" in data):
        return _flat(data)
    return _node(data, 1)


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := [name for name in data if name not in {"rules", "logic"}]:
        raise RuleError(str(unknown[0])[:64], "unknown member; here may be logic, rules")
    logic = "AND" if data.get("logic") is None else data["logic"]
    kind = _LOGIC.get(logic.upper()) if isinstance(logic, str) else None
    if kind is None:
        raise RuleError("logic", "AND or OR is needed")
    items = [] if data.get("rules") is None else data["rules"]
    if not isinstance(items, list | tuple):
        raise RuleError("rules", "a list is needed")
    return {kind: [_node(_with_operator(item), 2) for item in items]} if items else {"all": []}


def _with_operator(item: object) -> object:
    if isinstance(item, Mapping) and "field" in item and not {"op", "operator"} & set(item):
        return {**item, "op": "eq"}
    return item


def _node(data: object, depth: int) -> Any:
    if not isinstance(data, Mapping) or depth > _DEEP:
        return data
    plain = dict(data)
    for name in ("all", "any"):
        if isinstance(plain.get(name), list | tuple):
            plain[name] = [_node(item, depth + 1) for item in plain[name]]
    if "not" in plain:
        plain["not"] = _node(plain["not"], depth + 1)
    if "operator" in plain and "op" not in plain:
        plain["op"] = plain.pop("operator")
    if isinstance(plain.get("field"), str):
        plain["field"] = _field(plain["field"])
    return plain


def _field(name: str) -> str:
    root, dot, rest = name.partition(".")
    root = root.lower()
    if root in {"headers", "token_usage"}:
        rest = rest.lower()
    written = f"{root}{dot}{rest}"
    return _TOKENS.get(written, written)
