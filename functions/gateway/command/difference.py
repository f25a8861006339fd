"""A plan as people read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.command.screen import Screen

_EMPTY: Final[tuple[Any, ...]] = (None, [], {}, "")
_ENDS: Final[Mapping[str, str]] = {"+": "to add", "~": "to change", "-": "to remove"}


def show(plan: Mapping[str, Any], screen: Screen) -> None:
    """Every change, what is missing, what to know, and how many of each there are."""
    counts = dict.fromkeys(_ENDS, 0)
    for change in plan["changes"]:
        mark = _mark(change)
        counts[mark] += 1
        _show_change(mark, change, screen)
    for one in plan["missing"]:
        screen.say(f"! {one['path']}: {one['message']}", style="!")
    for warning in plan["warnings"]:
        screen.say(f"! {warning}", style="!")
    if plan["changes"]:
        told = ", ".join(f"{number} {_ENDS[mark]}" for mark, number in counts.items())
        screen.say(f"Plan: {told}.", style="bold")
    else:
        screen.say("No changes: the gateway is as the document says.", style="bold")


def _mark(change: Mapping[str, Any]) -> str:
    if change["before"] is None:
        return "+"
    return "-" if change["after"] is None else "~"


def _show_change(mark: str, change: Mapping[str, Any], screen: Screen) -> None:
    place = change["path"] or "not in the document"
    screen.say(f"{mark} {change['noun'].replace('_', ' ')} {change['id']}  ({place})", style=mark)
    before, after = dict(_flat(change["before"] or {})), dict(_flat(change["after"] or {}))
    for name in dict.fromkeys([*after, *before]) if mark != "-" else ():
        old, new = before.get(name), after.get(name)
        if mark == "+" and new not in _EMPTY and name != "id":
            screen.say(f"    {name}: {_value(new)}")
        elif mark == "~" and old != new:
            screen.say(f"    {name}: {_value(old)} → {_value(new)}")


def _flat(fields: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Objects as their parts, with dots."""
    for name, value in fields.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _value(value: Any) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=False)
