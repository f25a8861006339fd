"""Token balances of users as items of the state table: addresses, writes and readings (pure; both planes use it).

A balance is counted in *tokens*, input and output together. Under the partition `balance#<user id, percent-encoded>` lie:

- `balance`: `available` (what may still be held: granted + topped up - deducted - used - held; below zero only by an administrator's
  deduction), `held` (reserved by running requests), `used` (settled), `granted` (what it began with), `user`, `limit` (the most the
  user may ever use, what is held included; absent = no limit) and `room`. `room` is limit - used - held, reckoned from `UNLIMITED` where
  there is no limit: a condition of DynamoDB cannot add, so what is asked must lie there ready.
- `entry#<12 hex digits of Unix ms>#<reason>#<id>`: the history. Of a request there is one entry, named by its message, so that writing
  it again replaces it; see `settle_writes`.
- `once#<reason>#<sha256 of the id>`: an administrator's change was made (`gateway.stores.balances`).

A balance begins with the grant, in the same conditional write that first holds from it or with an administrator's first change. Balances, and
what administrators did to them, never expire; the entries of requests have a `ttl`, their sum is in `used`. The state table has all
this because the data plane writes it: into the table of keys and password hashes it may write nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

from gateway.aws.writes import Expr, Put, Update
from gateway.clock import id_time_ms
from gateway.neutral.limits import Refusal, Standing

Reason = Literal["llm_usage", "admin_top_up", "admin_deduct"]
UNLIMITED: Final = 10**18
"""Tokens; more than anybody is granted or uses, and exact in DynamoDB's numbers."""
ENTRY_TTL_S: Final = 400 * 86_400
BALANCE: Final = "balance"
ENTRY: Final = "entry#"
ENTRY_END: Final = "entry$"
"""Follows every sort key of an entry."""
_LONGEST: Final = 900


@dataclass(frozen=True, slots=True)
class Charge:
    """What a request takes from its user's balance. `held` is given back, `tokens` are deducted for good.

    `message_id` (made by `Clock.new_id`, like the request's) names what is paid for when several requests may be tries of one message;
    None = the request itself. `model` is for the reader of the history.
    """

    user: str
    request_id: str
    tokens: int
    held: int = 0
    message_id: str | None = None
    model: str | None = None

    @property
    def paid_for(self) -> str:
        """The message's id."""
        return self.message_id or self.request_id


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid for a message already, and by which request."""

    request_id: str
    tokens: int


def paid(item: Mapping[str, Any] | None) -> Paid | None:
    """What an entry says, by the item that refused one; None for another item."""
    if item is None or not str(item.get("sk", "")).startswith(ENTRY):
        return None
    return Paid(str(item.get("request_id", "")), -int(item.get("amount", 0)))


def partition(user: str) -> str:
    """The partition of a user; a name too long for a key is replaced by its SHA-256."""
    encoded = quote(user, safe="@+,;=:", errors="surrogatepass")
    return f"balance#{encoded if len(encoded) <= _LONGEST else '~' + _digest(user)}"


def balance_key(user: str) -> dict[str, str]:
    """Where a user's balance lies."""
    return {"pk": partition(user), "sk": BALANCE}


def entry_sort_key(at_ms: int, reason: Reason, identifier: str) -> str:
    """Where an entry of the history lies: entries sort by time."""
    return f"{ENTRY}{at_ms:012x}#{reason}#{identifier}"


def once_sort_key(reason: Reason, identifier: str) -> str:
    """Where it is noted that the change of this id was made."""
    return f"once#{reason}#{_digest(identifier)}"


def hold_write(table: str, user: str, tokens: int, grant: int) -> Update:
    """Hold `tokens`, if they are there and within the limit; a balance that does not exist yet begins with `grant`.

    ConditionalCheckFailed: see `refused`, with the item that stood in the way.
    """
    enough = "(#available >= :tokens AND #room >= :tokens)"
    begins = "attribute_not_exists(#available)"
    names = {"#available": "available", "#room": "room"}
    # Whether the grant is enough is known here; DynamoDB compares no two values.
    when = Expr(f"{begins} OR {enough}" if grant >= tokens else enough, names, {":tokens": tokens})
    sets = (
        "#available = if_not_exists(#available, :grant) - :tokens",
        "#room = if_not_exists(#room, :unlimited) - :tokens",
        "#held = if_not_exists(#held, :zero) + :tokens",
        "#used = if_not_exists(#used, :zero)",
        "#granted = if_not_exists(#granted, :grant)",
        "#user = :user",
    )
    attributes = {f"#{name}": name for name in ("available", "room", "held", "used", "granted", "user")}
    values = {":tokens": tokens, ":grant": grant, ":unlimited": UNLIMITED, ":zero": 0, ":user": storable(user)}
    return Update(table, balance_key(user), Expr("SET " + ", ".join(sets), attributes, values), when)


def settle_writes(table: str, charge: Charge, before: Paid | None = None) -> tuple[Update, Put] | tuple[Update]:
    """Deduct exactly, in place of what was held; with the entry of the history where anything was deducted.

    For one transaction with the removal of the hold, which makes it happen once per request. The entry stands for the message: it is refused
    (ConditionalCheckFailed, the Put being the last write, with an item that `paid` reads) when another request has paid for the same message. Then
    that is `before`: a message costs what its dearest try took, in one entry, so only what is above it is deducted. A request that is its own
    message is never refused.
    """
    tokens = max(0, charge.tokens - (0 if before is None else before.tokens))
    change = _moved(table, charge.user, held=-charge.held, used=tokens)
    return (change, _entry(table, charge, before)) if tokens else (change,)


def correct_writes(table: str, charge: Charge, before: int) -> tuple[Update, Put]:
    """A late, exact figure for a request that was settled with `before` tokens; `charge.held` is what is still held (usually 0). Refused as
    above when another request has paid since: then `settle_writes` is right."""
    change = _moved(table, charge.user, held=-charge.held, used=charge.tokens - before)
    return change, _entry(table, charge)


def release_write(table: str, user: str, held: int) -> Update:
    """Give back what was held, and deduct nothing."""
    return _moved(table, user, held=-held, used=0)


def refused(user: str, item: Mapping[str, Any] | None, needed: int, grant: int) -> Refusal:
    """Why `hold_write` was refused. `item` is the stored balance, None when there is none.

    `limit` is the tighter of the user's limit and of what was credited in all, so limit - used - held is what is left. Waiting does
    not help: no balance fills by itself.
    """
    stands = standing(item, grant)
    return Refusal("user", user, "balance", stands.limit, stands.used, stands.held, needed)


def standing(item: Mapping[str, Any] | None, grant: int) -> Standing:
    """Where a balance stands; see `refused` for `limit`."""
    if item is None:
        return Standing("balance", grant, 0, 0)
    used, held = int(item.get("used", 0)), int(item.get("held", 0))
    left = min(int(item.get("available", 0)), int(item.get("room", UNLIMITED)))
    return Standing("balance", left + used + held, used, held)


def _moved(table: str, user: str, held: int, used: int) -> Update:
    """ADD cannot fail: a settlement must not be lost to a balance that somebody removed."""
    adds = {"available": -held - used, "room": -held - used, "held": held, "used": used}
    names = {f"#{name}": name for name in adds}
    values = {f":{name}": amount for name, amount in adds.items()}
    text = "ADD " + ", ".join(f"#{name} :{name}" for name in adds)
    return Update(table, balance_key(user), Expr(text, names, values))


def _entry(table: str, charge: Charge, before: Paid | None = None) -> Put:
    at_ms = id_time_ms(charge.paid_for)
    item: dict[str, Any] = {
        "pk": partition(charge.user),
        "sk": entry_sort_key(at_ms, "llm_usage", charge.paid_for),
        "amount": -charge.tokens,
        "reason": "llm_usage",
        "at_ms": at_ms,
        "message_id": charge.paid_for,
        "request_id": charge.request_id,
        "ttl": at_ms // 1000 + ENTRY_TTL_S,
    }
    if charge.model is not None:
        item["model"] = storable(charge.model)
    if before is None:
        names, values = {"#request": "request_id"}, {":request": charge.request_id}
        return Put(table, item, Expr("attribute_not_exists(pk) OR #request = :request", names, values))
    names, values = {"#request": "request_id", "#amount": "amount"}, {":request": before.request_id}
    return Put(table, item, Expr("#request = :request AND #amount = :was", names, {**values, ":was": -before.tokens}))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def storable(text: str) -> str:
    """DynamoDB takes UTF-8 only: a lone surrogate must not cost the write."""
    return text.encode("utf-8", "replace").decode()
