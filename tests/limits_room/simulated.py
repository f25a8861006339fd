"""A DynamoDB in memory on a loop whose time is made: it locks items for the length of a transaction, cancels who comes in between, and throttles
an item that is written too often. It knows as much of DynamoDB's expressions as limits use."""

from __future__ import annotations

import asyncio
import random
import re
import selectors
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from gateway.aws.faults import ConditionFailed, Reason, TransactionCancelled, TransactionConflict
from gateway.aws.writes import Delete, Expr, Put, Update, Write
from gateway.clock import Clock

Key = tuple[str, str, str]
START = 1_790_000_100.0


class _Skipping(selectors.DefaultSelector):
    """Nothing ever happens outside: instead of waiting, time passes."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "everybody waits for ever"
        self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Sleeping takes no time."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now


def run(coroutine: Any) -> Any:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


def clock() -> Clock:
    """The loop's time as both clocks; chance is the same in every run."""
    dice = random.Random(7)
    return Clock(
        lambda: START + asyncio.get_running_loop().time(),
        lambda: 50.0 + asyncio.get_running_loop().time(),
        dice.randbytes,
    )


class Store:
    """As much of `DynamoDB` as `HotLimits` uses. `lock_s`: how long a transaction holds its items; `most`: writes per item and second.

    `writes` counts by item and second what was tried, refused or not.
    """

    ahead = 0.0

    def __init__(self, lock_s: float = 0.002, latency_s: float = 0.008, most: int = 1000) -> None:
        self.items: dict[Key, dict[str, Any]] = {}
        self.writes: Counter[tuple[Key, int]] = Counter()
        self.outcomes: Counter[str] = Counter()
        self._locked: set[Key] = set()
        self._lock_s = lock_s
        self._latency_s = latency_s
        self._most = most

    async def get_item(self, table: str, key: Mapping[str, Any], *, consistent: bool = False) -> dict[str, Any] | None:
        await asyncio.sleep(self._latency_s / 2 if consistent else 0)
        item = self.items.get(_key(table, key))
        return dict(item) if item else None

    async def batch_get_item(self, table: str, keys: Sequence[Mapping[str, Any]], *, consistent: bool = False) -> Any:
        await asyncio.sleep(self._latency_s if consistent else 0)
        return [dict(self.items[_key(table, key)]) for key in keys if _key(table, key) in self.items]

    async def update_item(self, update: Update, *, idempotent: bool = False) -> None:
        await asyncio.sleep(self._latency_s if idempotent else 0)
        reason = self._refused(update)
        if reason.code != "None":
            raise ConditionFailed("dynamodb.UpdateItem", reason.item)
        self._apply(update)

    async def transact_write(self, writes: Sequence[Write], *, token: str, patient: bool = True) -> None:
        assert 1 <= len(token) <= 36
        assert not patient
        keys = [_of(write) for write in writes]
        assert len(set(keys)) == len(keys)
        await asyncio.sleep(self._latency_s / 2)
        second = int(asyncio.get_running_loop().time())
        throttled = {key for key in keys if self._count(key, second)}
        busy = [key in self._locked for key in keys]
        if throttled or any(busy):
            self.outcomes["throttled" if throttled else "conflict"] += 1
            crowded = {key for key, one in zip(keys, busy, strict=True) if one}
            codes = [
                "ThrottlingError" if key in throttled else "TransactionConflict" if key in crowded else "None"
                for key in keys
            ]
            raise TransactionConflict("dynamodb.TransactWriteItems", tuple(Reason(code) for code in codes))
        self._locked |= set(keys)
        await asyncio.sleep(self._lock_s)
        self._locked -= set(keys)
        reasons = tuple(self._refused(write) for write in writes)
        if any(reason.code != "None" for reason in reasons):
            self.outcomes["condition"] += 1
            raise TransactionCancelled("dynamodb.TransactWriteItems", reasons)
        for write in writes:
            self._apply(write)
        self.outcomes["applied"] += 1
        await asyncio.sleep(self._latency_s / 2)

    def _count(self, key: Key, second: int) -> bool:
        self.writes[key, second] += 1
        return self.writes[key, second] > self._most

    def _refused(self, write: Write) -> Reason:
        item = self.items.get(_of(write), {})
        if write.when is None or _Condition(_together(write), item).holds():
            return Reason("None")
        return Reason("ConditionalCheckFailed", dict(item) or None)

    def _apply(self, write: Write) -> None:
        key = _of(write)
        if isinstance(write, Put):
            self.items[key] = dict(write.item)
        elif isinstance(write, Delete):
            self.items.pop(key, None)
        elif isinstance(write, Update):
            _change(write.change, self.items.setdefault(key, dict(write.key)))


def _key(table: str, key: Mapping[str, Any]) -> Key:
    return table, key["pk"], key["sk"]


def _of(write: Write) -> Key:
    return _key(write.table, write.item if isinstance(write, Put) else write.key)


def _together(write: Write) -> Expr:
    """The condition with all placeholders of the write: they share them."""
    change = write.change if isinstance(write, Update) else Expr("")
    when = write.when or Expr("")
    return Expr(when.text, {**change.names, **when.names}, {**change.values, **when.values})


def _change(change: Expr, item: dict[str, Any]) -> None:
    for word, terms in re.findall(r"(SET|ADD|REMOVE) (.*?)(?= SET | ADD | REMOVE |$)", change.text):
        for term in terms.split(", "):
            name, *value = term.replace(" = ", " ").split()
            name = change.names.get(name, name)
            if word == "REMOVE":
                item.pop(name, None)
            else:
                item[name] = change.values[value[0]] + (item.get(name, 0) if word == "ADD" else 0)


@cache
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"attribute_\w+\([^)]*\)|<=|>=|[<>=()]|[#:\w]+", text))


class _Condition:
    """A condition on an item, by recursive descent: OR of ANDs of comparisons, functions and brackets."""

    def __init__(self, expression: Expr, item: Mapping[str, Any]) -> None:
        self._tokens = list(_words(expression.text))
        self._expression = expression
        self._item = item

    def holds(self) -> bool:
        found = self._either()
        assert not self._tokens
        return found

    def _either(self) -> bool:
        found = self._both()
        while self._tokens and self._tokens[0] == "OR":
            self._tokens.pop(0)
            found = self._both() or found
        return found

    def _both(self) -> bool:
        found = self._one()
        while self._tokens and self._tokens[0] == "AND":
            self._tokens.pop(0)
            found = self._one() and found
        return found

    def _one(self) -> bool:
        token = self._tokens.pop(0)
        if token == "(":
            found = self._either()
            assert self._tokens.pop(0) == ")"
            return found
        function = re.fullmatch(r"attribute_(not_)?exists\((.*)\)", token)
        if function:
            there = self._expression.names.get(function[2], function[2]) in self._item
            return there is not bool(function[1])
        sign, value = self._tokens.pop(0), self._expression.values[self._tokens.pop(0)]
        stored = self._item.get(self._expression.names.get(token, token))
        if stored is None:
            return False
        if sign == "=":
            return bool(stored == value)
        return bool({"<=": stored <= value, ">=": stored >= value, "<": stored < value}[sign])
