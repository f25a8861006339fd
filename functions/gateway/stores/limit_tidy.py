"""Removing what counters no longer need: the windows before the one before the present. Pure.

A new window has a name of its own, so nothing is ever reset, and old ones would gather. Of each period those stay that began at most one
length before the latest on the item. The present window did so before any that began up to now, also where the zone or the reset of a budget was
moved to and fro, which gives windows that overlap. A window in which something is still held stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gateway.aws.writes import Update
from gateway.stores.limit_items import lent
from gateway.stores.limit_terms import Terms

_WINDOW: Final = re.compile(r"(day|month)_(\d+)(?:_held|_room(?:_[0-9a-f]+)?)?")
# More than the longest window, in seconds: clocks are changed by an hour, once by a day.
_KEPT_S: Final = {"day": 30 * 3600, "month": 33 * 86_400}


def outdated(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The windows of a counters item that may go, by their attribute's name."""
    starts: dict[str, set[int]] = {}
    for name in item:
        found = _WINDOW.fullmatch(name)
        if found is not None:
            starts.setdefault(found[1], set()).add(int(found[2]))
    old = [
        f"{period}_{start}"
        for period, some in starts.items()
        for start in sorted(some)
        if start < max(some) - _KEPT_S[period]
    ]
    return tuple(name for name in old if not item.get(f"{name}_held"))


def tidy(table: str, item: Mapping[str, Any]) -> Update | None:
    """The update that removes them, None when there are none. Refused (ConditionalCheckFailed) when a settlement came between."""
    terms = Terms()
    for name in outdated(item):
        for attribute in (name, f"{name}_held", *lent(item, f"{name}_room")):
            if attribute in item:
                terms.remove(attribute)
                terms.equals(attribute, item[attribute])
    return terms.update(table, {"pk": item["pk"], "sk": item["sk"]})
