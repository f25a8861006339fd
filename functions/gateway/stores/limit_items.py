"""What lies in the state table for limits: names, keys, holds, and the writes that end a hold. Pure; README.md describes the items.

A scope's counters are one item (`counters_key`), and for hot scopes up to 24 more, its shards. DynamoDB's conditions cannot add two attributes, so on
shard 0 one attribute of a window is everything taken: settled, held, and what was lent to the shards. A shard has what is left of its loans
(`_room`, `slots`), in attributes that are named by the limits they were lent under (`lent_under`). Hence, over all shards and all limits:
used = taken - rooms - held; requests at once = `running` - `slots`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import quote

from gateway.aws.faults import Reason
from gateway.aws.writes import Delete, Expr, Put, Update, Write
from gateway.neutral.limits import Held, Limits, Period, ScopeKind, Spent
from gateway.policies import gcra
from gateway.stores import balance_items
from gateway.stores.balance_items import Paid
from gateway.stores.limit_terms import Terms
from gateway.stores.log_items import partition

SHARDS: Final = 25
"""The scope's own item and 24 for when it is hot. Transactions on one item cancel one another: what counts is how seldom they meet."""
HOLD_LIFE_MS: Final = 120_000
HOLD_PARTITIONS: Final = tuple(f"hold#{digit}" for digit in "0123456789abcdef")
INTERRUPTED: Final = "The gateway's environment ended before the request did; what it cost at least was charged."
_HOLD_KEPT_S: Final = 7 * 86_400  # a sweep that is switched off for days still finds it
_COUNTERS_KEPT_S: Final = 100 * 86_400  # more than this month and the one before it
_LONGEST: Final = 900
_LENT: Final = "lent_"
_LOAN: Final = re.compile(r"(?:\w+_room|slots|rates_until|loan)(?:_([0-9a-f]{12}))?")


@dataclass(frozen=True, slots=True)
class Tables:
    """Names of the tables that a transaction of a request touches."""

    state: str
    logs: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold item as values. `known` is what the request costs at least."""

    request_id: str
    held: tuple[Held, ...]
    at_ms: int
    expires_ms: int
    known: Spent = Spent()


def counters_key(kind: ScopeKind, identifier: str, shard: int = 0) -> dict[str, str]:
    """Where a scope's counters lie. Very long ids are hashed."""
    name = quote(identifier, safe="", errors="surrogatepass")
    if len(name) > _LONGEST:
        name = "~" + hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()
    return {"pk": f"limit#{kind}#{name}#{shard}", "sk": "counters"}


def all_counters_keys(kind: ScopeKind, identifier: str) -> list[dict[str, str]]:
    """The keys of a scope's item and of all its shards, for one BatchGetItem."""
    return [counters_key(kind, identifier, shard) for shard in range(SHARDS)]


def lent_shards(item: Mapping[str, Any]) -> list[int]:
    """The shards that ever got a loan, by shard 0's item: only these exist."""
    return sorted(int(name[len(_LENT) :]) for name in item if name.startswith(_LENT))


def lent_name(shard: int) -> str:
    """The attribute of shard 0 that says when a shard got its last loan (Unix milliseconds)."""
    return f"{_LENT}{shard}"


def under(limits: Limits) -> str:
    """A short name for the numbers of a scope's limits: room that was lent under others is not to be spent."""
    budgets = sorted((budget.period, budget.nano_usd) for budget in limits.budgets)
    text = repr((limits.requests_per_minute, limits.tokens_per_minute, limits.concurrent, budgets))
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def lent_under(name: str, limits: str) -> str:
    """The attribute of a shard for what was lent to it under certain limits; `name` is `<window>_room`, `slots` and so on."""
    return f"{name}_{limits}" if limits else name


def lent(item: Mapping[str, Any], name: str) -> dict[str, int]:
    """What an item has left of loans under any limits, by attribute."""
    return {key: int(value) for key, value in item.items() if key == name or key.startswith(f"{name}_")}


def left_over(item: Mapping[str, Any], limits: str) -> dict[str, str]:
    """The attributes of a shard for what was lent under other limits than these, with those limits."""
    found = ((name, _LOAN.fullmatch(name)) for name in item)
    others = {name: match[1] or "" for name, match in found if match is not None}
    return {name: other for name, other in others.items() if other != limits}


def shard_of(item: Mapping[str, Any]) -> int:
    """The shard that a counters item is."""
    return int(str(item["pk"]).rpartition("#")[2])


def window_name(period: Period, start: int) -> str:
    """The attribute of everything taken from a window; `_held` and (shards, see `lent_under`) `_room` are appended."""
    return f"{period}_{start}"


def hold_key(request_id: str) -> dict[str, str]:
    """Where a request's hold lies: one of `HOLD_PARTITIONS`, by the last hexadecimal digit."""
    return {"pk": f"hold#{request_id[-1]}", "sk": request_id}


def row_key(request_id: str) -> dict[str, str]:
    """Where a request's log row lies."""
    return {"pk": partition(request_id), "sk": request_id}


def hold_item(hold: Hold) -> dict[str, Any]:
    """The item of a hold."""
    return {
        **hold_key(hold.request_id),
        "at_ms": hold.at_ms,
        "expires_ms": hold.expires_ms,
        "held": json.dumps([_plain(one) for one in hold.held], separators=(",", ":")),
        "known_nano": hold.known.nano,
        "known_tokens": hold.known.tokens,
        "ttl": hold.expires_ms // 1000 + _HOLD_KEPT_S,
    }


def read_hold(item: Mapping[str, Any]) -> Hold:
    """Inverse of `hold_item`; KeyError, TypeError or ValueError for what is none."""
    known = Spent(int(item["known_nano"]), int(item["known_tokens"]))
    held = tuple(_held(one) for one in json.loads(item["held"]))
    return Hold(str(item["sk"]), held, int(item["at_ms"]), int(item["expires_ms"]), known)


def _plain(held: Held) -> dict[str, Any]:
    """Without what only messages of dialogs have: a sweep of an older release reads all others."""
    found = asdict(held)
    if not held.message_id:
        del found["message_id"]
    return found


def _held(data: Mapping[str, Any]) -> Held:
    windows = tuple((period, int(start)) for period, start in data["windows"])
    return Held(**{**data, "windows": windows})


def put_hold(table: str, hold: Hold) -> Put:
    """The hold of a request that has none: the transaction of an admission cannot be applied twice."""
    return Put(table, hold_item(hold), Expr("attribute_not_exists(pk)"))


def put_start(table: str, item: Mapping[str, Any]) -> Put:
    """The start row; never over a final one."""
    return Put(table, item, _unfinished())


def renew(table: str, request_id: str, known: Spent, now_ms: int) -> Update:
    """A longer life for a hold that is still there, with what the request is known to cost by now. Applying it twice is as good as once."""
    expires = now_ms + HOLD_LIFE_MS
    change = Expr(
        "SET expires_ms = :expires, known_nano = :nano, known_tokens = :tokens, #ttl = :ttl",
        {"#ttl": "ttl"},
        {
            ":expires": expires,
            ":nano": known.nano,
            ":tokens": known.tokens,
            ":ttl": expires // 1000 + _HOLD_KEPT_S,
        },
    )
    return Update(table, hold_key(request_id), change, Expr("attribute_exists(pk)"))


def settle(
    tables: Tables, held: Sequence[Held], spent: Spent, row: Mapping[str, Any], now_ns: int, before: Paid | None = None
) -> list[Write]:
    """The transaction of a settlement: first the hold, then the row (item of the final row), then counters and balance.

    A failed condition of the hold: it is gone. Of the row: it is final already, and comes with the refusal. Of an entry of the balance: another try
    of the message has paid, `before` (`paid_before`).
    """
    request_id = str(row["sk"])
    return [
        Delete(tables.state, hold_key(request_id), Expr("attribute_exists(pk)")),
        Put(tables.logs, row, _unfinished()),
        *_charge(tables.state, held, spent, now_ns),
        *_balances(tables.state, held, Paying(request_id, spent.tokens, row.get("model")), before),
    ]


def paid_before(reasons: Sequence[Reason]) -> Paid | None:
    """What another try of the same message has paid, by the reasons of a refused settlement, sweep or correction."""
    return next((found for reason in reasons if (found := balance_items.paid(reason.item)) is not None), None)


def sweep(tables: Tables, hold: Hold, now_ms: int, before: Paid | None = None) -> list[Write]:
    """The transaction that ends an expired hold, if nobody renewed or settled it meanwhile: first the hold, then the row, then the rest.

    The row becomes a final one with what is charged. A failed condition of the row: it is final already, so the caller was told that the
    request was not admitted, or there is none; then `forget`.
    """
    return [
        _expired(tables.state, hold),
        _interrupt(tables.logs, hold, now_ms),
        *_charge(tables.state, hold.held, hold.known, now_ms * 1_000_000),
        *_balances(tables.state, hold.held, Paying(hold.request_id, hold.known.tokens), before),
    ]


def forget(tables: Tables, hold: Hold, now_ms: int) -> list[Write]:
    """The transaction that gives everything of a hold back; nothing is charged, no row is touched."""
    return [
        _expired(tables.state, hold),
        *_charge(tables.state, hold.held, Spent(), now_ms * 1_000_000),
        *_balances(tables.state, hold.held, Paying(hold.request_id, 0)),
    ]


def correct(
    tables: Tables,
    held: Sequence[Held],
    spent: Spent,
    row: Mapping[str, Any],
    charged: Spent,
    before: Paid | None = None,
) -> list[Write]:
    """The transaction of a settlement that comes after the sweep: first the row in place of the swept one (so it happens once), then
    counters and balance by the difference to what was `charged`. The row keeps `swept_nano` and `swept_tokens`, for whoever counted them.
    `before` as in `settle`."""
    when = Expr("#swept = :swept", {"#swept": "swept"}, {":swept": True})
    kept = {**row, "swept_nano": charged.nano, "swept_tokens": charged.tokens}
    more = [_add(tables.state, one, _changes_later(one, spent.nano - charged.nano)) for one in held]
    writes: list[Write] = [Put(tables.logs, kept, when), *(update for update in more if update is not None)]
    for one in held:
        if one.balance:
            paying = Paying(str(row["sk"]), spent.tokens, row.get("model")).charge(one, held=0)
            writes += (
                balance_items.correct_writes(tables.state, paying, before=charged.tokens)
                if before is None
                else balance_items.settle_writes(tables.state, paying, before)
            )
    return writes


def swept(row: Mapping[str, Any]) -> Spent | None:
    """What a sweep charged, by the item of a row; None for one that was not swept, or was corrected since."""
    return Spent(int(row["swept_nano"]), int(row["swept_tokens"])) if row.get("swept") is True else None


def _charge(table: str, held: Sequence[Held], spent: Spent, now_ns: int) -> list[Update]:
    """The exact figure in place of the hold, in every scope's counters."""
    found = [_add(table, one, _changes(one, spent, now_ns)) for one in held]
    return [update for update in found if update is not None]


@dataclass(frozen=True, slots=True)
class Paying:
    """What a request deducts from balances."""

    request_id: str
    tokens: int
    model: str | None = None

    def charge(self, from_: Held, held: int) -> balance_items.Charge:
        """The same for one of them."""
        return balance_items.Charge(
            from_.id, self.request_id, self.tokens, held, message_id=from_.message_id or None, model=self.model
        )


def _balances(table: str, held: Sequence[Held], paying: Paying, before: Paid | None = None) -> list[Write]:
    charges = [paying.charge(one, one.tokens) for one in held if one.balance]
    return [write for charge in charges for write in balance_items.settle_writes(table, charge, before)]


def _changes(held: Held, spent: Spent, now_ns: int) -> dict[str, int]:
    """What is added to the attributes of a counters item in place of a hold."""
    if held.balance:
        return {}
    changes = _changes_later(held, spent.nano - held.nano)
    for period, start in held.windows:
        changes[f"{window_name(period, start)}_held"] = -held.nano
    if held.slot:
        changes[lent_under("slots", held.under) if held.shard else "running"] = 1 if held.shard else -1
    if held.ns_per_token:
        back = gcra.refund(held.tokens, spent.tokens, held.ns_per_token, held.tokens_until_ns, now_ns)
        changes |= _tokens(held, back)
    return changes


def _changes_later(held: Held, more_nano: int) -> dict[str, int]:
    """The same for a request that was charged before, by the difference. Rates stay as they are: their minute is over."""
    names = [window_name(period, start) for period, start in held.windows]
    if held.shard:
        return {lent_under(f"{name}_room", held.under): -more_nano for name in names}
    return dict.fromkeys(names, more_nano)


def _tokens(held: Held, back_ns: int) -> dict[str, int]:
    if held.shard:
        return {lent_under("tokens_room", held.under): back_ns // held.ns_per_token}
    return {"tokens_tat": -back_ns}


def _add(table: str, held: Held, changes: Mapping[str, int]) -> Update | None:
    terms = Terms()
    for name, by in changes.items():
        terms.add(name, by)
    return terms.update(table, counters_key(held.kind, held.id, held.shard))


def keep_until(limits_total: bool, now_ms: int) -> int | None:
    """The TTL of a counters item in Unix seconds: None with a total, which is never forgotten."""
    return None if limits_total else now_ms // 1000 + _COUNTERS_KEPT_S


def _unfinished() -> Expr:
    return Expr("attribute_not_exists(pk) OR #state = :running", {"#state": "state"}, {":running": "running"})


def _expired(table: str, hold: Hold) -> Delete:
    return Delete(table, hold_key(hold.request_id), Expr("expires_ms = :read", values={":read": hold.expires_ms}))


def _interrupt(table: str, hold: Hold, now_ms: int) -> Update:
    """The start row as a final one. `swept_nano` and `swept_tokens` are what a later settlement corrects."""
    facts: dict[str, Any] = {
        "state": "done",
        "status": 500,
        "error": "interrupted",
        "error_message": INTERRUPTED,
        "total_ms": max(0, now_ms - hold.at_ms),
        "usage_source": "estimated",
        "input_tokens": hold.known.tokens,
        "fresh_tokens": hold.known.tokens,
        **dict.fromkeys(
            (f"{name}_tokens" for name in ("cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")), 0
        ),
        "swept": True,
        "swept_nano": hold.known.nano,
        "swept_tokens": hold.known.tokens,
    }
    if hold.known.nano:  # else the start row knows better whether there is a price
        facts |= {"cost_state": "priced", "cost_nano": hold.known.nano}
    terms = Terms()
    for name, value in facts.items():
        terms.set(name, value)
    terms.equals("state", "running")
    return terms.sure(table, row_key(hold.request_id))
