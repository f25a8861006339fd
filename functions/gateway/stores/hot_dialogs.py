"""Dialogs as the data plane sees them (DIALOGS_TABLE): a question is begun, answered or failed. `dialog_rows.py` has the items.

Every question has a *turn*, which one request at a time is at work on. To begin is one transaction: the turn is put on the condition that there is
none, or that the one there is free (failed, or its lease is over: a killed environment blocks nobody for longer); the question is put; the
dialog, which must still be there, counts it. To end is another: the turn, if it is still this request's; the answer; the dialog and its owner's
counters. So a question is stored before anybody is called, two requests under one id are never both at work, what comes of one is stored once,
and a dialog that was removed meanwhile gets nothing any more. An answer lies right behind its question, whatever was said meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from gateway.aws.attributes import NotStorable
from gateway.aws.dynamodb import DynamoDB, Expr, Put, Query, Update, Write
from gateway.aws.faults import AwsFault, ConditionFailed, TransactionCancelled
from gateway.clock import Clock
from gateway.errors import InvalidRequest, NotFound, Unavailable
from gateway.neutral.dialogs import Dialog, Mark, Message
from gateway.neutral.turns import Opened, Turn
from gateway.stores.balance_items import storable
from gateway.stores.dialog_rows import (
    MESSAGE,
    MESSAGE_END,
    TURN,
    answer_name,
    counters_key,
    dialog_key,
    dialog_partition,
    message_item,
    message_key,
    owner_partition,
    read_dialog,
    read_message,
)

LEASE_MS: Final = 60_000
MOST_REFUSED: Final = 10
"""Questions that are kept though they were refused, between two that were not: nobody pays for them, and no limit counts them."""
MOST_PAGES: Final = 40
"""Of at most a megabyte each, read for one list."""
MOST_LISTED: Final = 4_000_000
"""Characters of texts in one list."""
_PAGE: Final = 100
_FAILED: Final = "ConditionalCheckFailed"
_STATE: Final = {"#state": "state"}
_OWN: Final = "request_id = :me AND #state = :running"


def missing() -> NotFound:
    """There is no such dialog, or it is somebody else's: nobody is told which."""
    return NotFound("There is no such dialog.")


def stopper(owner: str) -> str:
    """An owner as the stop board names them: like no virtual key."""
    return owner_partition(owner)


class HotDialogs:
    """`DialogStore` over the signed client."""

    def __init__(self, database: DynamoDB, table: str, clock: Clock) -> None:
        self._database = database
        self._table = table
        self._clock = clock

    async def open(self, owner: str, dialog_id: str, question: str | None = None) -> Opened | None:
        """See `DialogStore.open`."""
        keys = [dialog_key(owner, dialog_id)]
        if question is not None:
            keys.append(_turn_key(owner, dialog_id, question))
        try:
            found = await self._database.batch_get_item(self._table, keys, consistent=True)
            by_key = {item["pk"]: item for item in found}
            item = by_key.get(keys[0]["pk"])
            turn = by_key.get(keys[-1]["pk"]) if question is not None else None
            return None if item is None else Opened(read_dialog(item), None if turn is None else _read_turn(turn))
        except AwsFault:
            raise _out_of_reach() from None
        except (KeyError, TypeError, ValueError):
            raise _unreadable() from None

    async def latest(self, dialog: Dialog, before_ms: int) -> AsyncIterator[Message]:
        """See `DialogStore.latest`."""
        where = _between(dialog.owner, dialog.id, f"{MESSAGE}{before_ms:013d}")
        start: Mapping[str, Any] | None = None
        while True:
            query = Query(self._table, where, limit=_PAGE, forward=False, consistent=True, start=start)
            items, start = await self._page(query)
            for item in items:
                yield item
            if start is None:
                return

    async def page(self, owner: str, dialog_id: str, skip: int, limit: int) -> list[Message]:
        """See `DialogStore.page`."""
        where = _between(owner, dialog_id, MESSAGE_END)
        found: list[Message] = []
        start: Mapping[str, Any] | None = None
        passed = size = 0
        for _ in range(MOST_PAGES):
            most = min(1000, skip - passed + limit - len(found))
            items, start = await self._page(Query(self._table, where, limit=most, consistent=True, start=start))
            fresh = items[max(0, skip - passed) :]
            passed += len(items) - len(fresh)
            for message in fresh:
                size += len(message.content)
                if found and size > MOST_LISTED:
                    return found
                found.append(message)
            if start is None or len(found) >= limit:
                return found[:limit]
        if found:
            return found
        raise InvalidRequest("So many messages of this dialog are too much to skip.", param="skip")

    async def answer(self, dialog: Dialog, turn: Turn) -> Message | None:
        """See `DialogStore.answer`."""
        key = _answer_key(dialog, turn)
        try:
            item = await self._database.get_item(self._table, key, consistent=True)
            return None if item is None else read_message(item)
        except AwsFault:
            raise _out_of_reach() from None
        except (KeyError, TypeError, ValueError):
            raise _unreadable() from None

    async def begin(self, dialog: Dialog, turn: Turn, question: Message, before: Turn | None) -> Turn | None:
        """See `DialogStore.begin`."""
        now = self._clock.now_ms()
        writes: list[Write] = [
            Put(self._table, _turn_item(dialog, turn), _free(before, now)),
            Put(self._table, message_item(dialog.owner, question)),
            *self._counted(dialog, self._latest(dialog, turn), messages=0 if before is not None else 1, refused=0),
        ]
        try:
            await self._transact(writes)
        except TransactionCancelled as refused:
            there = _taken(refused)
            # An answer of the store was lost, and what was sent again meets itself.
            return None if (there.request, there.state) == (turn.request, "running") else there
        return None

    async def refuse(self, dialog: Dialog, turn: Turn, question: Message, before: Turn | None) -> bool:
        """See `DialogStore.refuse`."""
        more = 1 if before is None else 0  # in its own place, nothing grows
        writes: list[Write] = [
            Put(self._table, _turn_item(dialog, turn), _free(before, self._clock.now_ms())),
            Put(self._table, message_item(dialog.owner, question)),
            *self._counted(dialog, self._latest(dialog, turn), messages=more, refused=more or None),
        ]
        try:
            await self._transact(writes)
        except TransactionCancelled as cancelled:
            return _own_turn(cancelled, turn)
        return True

    async def renew(self, dialog: Dialog, turn: Turn) -> bool:
        """See `DialogStore.renew`."""
        until = self._clock.now_ms() + LEASE_MS
        change = Expr("SET expires_ms = :until", values={":until": until})
        key = _turn_key(dialog.owner, dialog.id, turn.question)
        try:
            await self._database.update_item(Update(self._table, key, change, _own(turn)), idempotent=True)
        except ConditionFailed:
            return False
        except AwsFault:
            raise _out_of_reach() from None
        return True

    async def end(self, dialog: Dialog, turn: Turn, answer: Message | None, error: Mark | None) -> bool:
        """See `DialogStore.end`."""
        first = answer is not None and not turn.answered
        writes: list[Write] = [self._ended(dialog, turn, answered=turn.answered or answer is not None)]
        tokens = 0
        if answer is not None:
            item = message_item(dialog.owner, answer) | _answer_key(dialog, turn)
            writes.append(Put(self._table, item))
            tokens = answer.prompt_tokens + answer.completion_tokens
        if error is not None:
            writes.append(self._marked(dialog, turn, error))
        writes += self._counted(dialog, self._latest(dialog, turn), messages=1 if first else 0, tokens=tokens)
        try:
            await self._transact(writes)
        except TransactionCancelled as refused:
            return _own_turn(refused, turn)
        return True

    def _ended(self, dialog: Dialog, turn: Turn, *, answered: bool) -> Update:
        change = Expr("SET #state = :state, answered = :answered", {}, {":state": turn.state, ":answered": answered})
        return Update(self._table, _turn_key(dialog.owner, dialog.id, turn.question), change, _own(turn))

    def _marked(self, dialog: Dialog, turn: Turn, error: Mark) -> Update:
        text = "SET #error = :code, error_message = :text"
        change = Expr(text, {"#error": "error"}, {":code": error.code, ":text": storable(error.message[:1000])})
        key = message_key(dialog.owner, dialog.id, turn.at_ms, turn.question)
        return Update(self._table, key, change, Expr("attribute_exists(pk)"))

    def _latest(self, dialog: Dialog, turn: Turn) -> int:
        """Now, but never before what the dialog has: the next question's place is behind it, whatever its machine's clock says."""
        return max(self._clock.now_ms(), turn.at_ms, dialog.updated_at)

    def _counted(
        self, dialog: Dialog, now_ms: int, messages: int, tokens: int = 0, refused: int | None = None
    ) -> list[Write]:
        """The dialog, which must be there, and its owner's counters. `refused`: a question is kept that was (1), or one that was not (0)."""
        there, values = Expr("attribute_exists(pk)"), {":now": now_ms, ":more": messages}
        text = "SET updated_at = :now ADD message_count :more"
        if refused == 0:
            text, values = "SET updated_at = :now, refused = :refused ADD message_count :more", values | {":refused": 0}
        elif refused:
            text, values = f"{text}, refused :refused", values | {":refused": refused}
            room = "attribute_exists(pk) AND (attribute_not_exists(refused) OR refused < :most)"
            there, values = Expr(room), values | {":most": MOST_REFUSED}
        change = Expr(text, {}, values)
        adds = {":more": messages, ":tokens": tokens, ":now": now_ms, ":owner": storable(dialog.owner)}
        text = "SET #owner = :owner, last_activity = :now ADD messages :more, #tokens :tokens"
        names = {"#owner": "owner", "#tokens": "tokens"}
        return [
            Update(self._table, dialog_key(dialog.owner, dialog.id), change, there),
            Update(self._table, counters_key(dialog.owner), Expr(text, names, adds)),
        ]

    async def _transact(self, writes: Sequence[Write]) -> None:
        """Once, also when its answer was lost: the token follows from what is written."""
        token = hashlib.blake2b(repr(writes).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        try:
            await self._database.transact_write(writes, token=token)
        except TransactionCancelled:
            raise
        except (AwsFault, NotStorable):
            raise _out_of_reach() from None

    async def _page(self, query: Query) -> tuple[list[Message], Mapping[str, Any] | None]:
        try:
            page = await self._database.query(query)
            return [read_message(item) for item in page.items], page.next
        except AwsFault:
            raise _out_of_reach() from None
        except (KeyError, TypeError, ValueError):
            raise _unreadable() from None


def _taken(refused: TransactionCancelled) -> Turn:
    """Who is or was at work on a question already; NotFound when its dialog is gone."""
    turn, _, dialog = refused.reasons[:3]
    if dialog.code == _FAILED:
        raise missing() from None
    if turn.code != _FAILED or turn.item is None:
        raise _out_of_reach() from None
    return _read_turn(turn.item)


def _own_turn(refused: TransactionCancelled, turn: Turn) -> bool:
    """Whether what was not written is there already: an answer of the store was lost, and what was sent again met itself."""
    if _FAILED not in {reason.code for reason in refused.reasons}:
        raise _out_of_reach() from None
    there = refused.reasons[0].item or {}
    return (there.get("request_id"), there.get("state")) == (turn.request, turn.state)


def _turn_key(owner: str, dialog_id: str, question: str) -> dict[str, str]:
    return {"pk": dialog_partition(owner, dialog_id), "sk": f"{TURN}{question}"}


def _answer_key(dialog: Dialog, turn: Turn) -> dict[str, str]:
    return message_key(dialog.owner, dialog.id, turn.at_ms, answer_name(turn.question, turn.answer))


def _between(owner: str, dialog_id: str, end: str) -> Expr:
    values = {":pk": dialog_partition(owner, dialog_id), ":from": MESSAGE, ":to": end}
    return Expr("pk = :pk AND sk BETWEEN :from AND :to", {}, values)


def _free(before: Turn | None, now_ms: int) -> Expr:
    """The turn is as it was read, and nobody is at work on it."""
    if before is None:
        return Expr("attribute_not_exists(pk)")
    values = {":before": before.request, ":failed": "failed", ":running": "running", ":now": now_ms}
    text = "request_id = :before AND (#state = :failed OR (#state = :running AND expires_ms <= :now))"
    return Expr(text, _STATE, values)


def _own(turn: Turn) -> Expr:
    return Expr(_OWN, _STATE, {":me": turn.request, ":running": "running"})


def _turn_item(dialog: Dialog, turn: Turn) -> dict[str, Any]:
    return {
        **_turn_key(dialog.owner, dialog.id, turn.question),
        "state": turn.state,
        "request_id": turn.request,
        "expires_ms": turn.expires_ms,
        "at_ms": turn.at_ms,
        "paid_for": turn.paid_for,
        "answer_id": turn.answer,
        "fingerprint": turn.fingerprint,
        "answered": turn.answered,
        **({} if turn.kept is None else {"kept": turn.kept}),
    }


def _read_turn(item: Mapping[str, Any]) -> Turn:
    return Turn(
        question=str(item["sk"]).removeprefix(TURN),
        answer=str(item["answer_id"]),
        request=str(item["request_id"]),
        paid_for=str(item["paid_for"]),
        at_ms=int(item["at_ms"]),
        expires_ms=int(item["expires_ms"]),
        fingerprint=str(item["fingerprint"]),
        state=item["state"],
        answered=bool(item.get("answered", False)),
        kept=item.get("kept"),
    )


def _out_of_reach() -> Unavailable:
    return Unavailable("The store of dialogs is out of reach; try again.")


def _unreadable() -> Unavailable:
    return Unavailable("The store of dialogs holds a record this version cannot read.")
