"""The control plane's side of dialogs: create, look, list, change, remove, import. The data plane writes the messages.

Theory of operation: a dialog and its owner's counters change in one transaction, so that an owner never has more dialogs than `MOST_DIALOGS`, and
the counters are exact. Messages lie in a partition of their own, and may be more than a transaction holds. So a dialog is removed in two steps: a
transaction takes it away (nobody finds it from then on, and no message is added to it) and leaves a *remainder* in its place; then the messages
go, then the remainder. An import does it the other way round: the remainder, the messages, then a transaction that puts the dialog in its
place. A process that dies in between leaves a remainder; removing the same dialog again goes on with it, and so does `tidy`, a while later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, TypeVar

from pynamodb.exceptions import DoesNotExist, TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from gateway.clock import Clock
from gateway.neutral.dialogs import Dialog, Message
from gateway.stores.dialog_rows import (
    DIALOG,
    MESSAGE,
    OWNER_PARTITIONS,
    REMAINDER,
    counters_key,
    dialog_item,
    dialog_key,
    dialog_partition,
    message_item,
    owner_partition,
    read_dialog,
    read_message,
)
from gateway.stores.entities import Contended
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated, Taken

M = TypeVar("M", bound=Model)

MOST_DIALOGS: Final = 1000
"""Of one owner. A list reads all of them."""
MOST_OWNERS: Final = 20_000
_TRIES: Final = 10
_ABANDONED_MS: Final = 15 * 60_000
"""Longer than a function may run: whoever left the remainder is not at work any more."""
_AT_ONCE: Final = 500
_REFUSED: Final = "ConditionalCheckFailed"
_CHANGEABLE: Final = ("title", "system_prompt", "model_name", "agent", "agent_config")


class Full(Exception):
    """The owner has as many dialogs as there may be."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What an owner has, and had: `tokens` are of all their messages, also of removed ones. `last_activity` is Unix ms, 0 = never."""

    owner: str
    dialogs: int = 0
    messages: int = 0
    tokens: int = 0
    last_activity: int = 0


class Dialogs:
    """Reads are strongly consistent, but for `owners`. Errors: `Full`, `Taken`, `Outdated`, `Contended`, PynamoDB's when the store fails."""

    def __init__(self, tables: Tables, clock: Clock, sleep: Callable[[float], None] = time.sleep) -> None:
        self._tables = tables
        self._clock = clock
        self._sleep = sleep

    def get(self, owner: str, identifier: str) -> Dialog | None:
        """A dialog of this owner; None when they have none of that id, whoever else has."""
        key = dialog_key(owner, identifier)
        try:
            item = self._tables.dialog.get(key["pk"], key["sk"], consistent_read=True)
        except DoesNotExist:
            return None
        return read_dialog(item.attribute_values)

    def page(self, owner: str, after: str | None, limit: int) -> tuple[list[Dialog], str | None]:
        """At most `limit` dialogs, newest first, older than `after`, and where to go on from (None = the end)."""
        item, pk = self._tables.dialog, owner_partition(owner)
        key = item.sk.startswith(DIALOG) if after is None else item.sk.between(DIALOG, f"{DIALOG}{after}")
        found = item.query(pk, key, consistent_read=True, scan_index_forward=False, page_size=limit + 2)
        rows = [read_dialog(one.attribute_values) for one in islice(found, limit + 2)]
        rows = [row for row in rows if row.id != after]
        return rows[:limit], rows[limit - 1].id if len(rows) > limit else None

    def all(self, owner: str) -> list[Dialog]:
        """Every dialog of an owner, newest first."""
        item = self._tables.dialog
        found = item.query(
            owner_partition(owner), item.sk.startswith(DIALOG), consistent_read=True, scan_index_forward=False
        )
        return [read_dialog(one.attribute_values) for one in found]

    def messages(self, dialog: Dialog) -> Iterator[Message]:
        """The messages of a dialog, oldest first, as they are read."""
        item = self._tables.message
        pk = dialog_partition(dialog.owner, dialog.id)
        for one in item.query(pk, item.sk.startswith(MESSAGE), consistent_read=True):
            yield read_message(one.attribute_values)

    def create(self, dialog: Dialog, messages: Sequence[Message] = ()) -> Dialog:
        """Add a dialog with its messages: nobody sees it before all of them are there."""
        dialog = replace(dialog, message_count=len(messages))
        if messages:
            self._leave(dialog)
            with self._tables.message.batch_write() as batch:
                for message in messages:
                    batch.save(_item(self._tables.message, message_item(dialog.owner, message)))
        try:
            self._put(dialog)
        except (Full, Taken):
            self.sweep(dialog.owner, dialog.id)
            raise
        return dialog

    def change(self, before: Dialog, after: Dialog) -> Dialog:
        """Write the next version of a dialog's settings; Outdated when it is not at that of `before` any more."""
        item = self._tables.dialog
        values = dialog_item(after)
        actions: list[Action] = [item.version.set(before.version + 1), item.updated_at.set(after.updated_at)]
        for name in _CHANGEABLE:
            attribute = getattr(item, name)
            actions.append(attribute.set(values[name]) if name in values else attribute.remove())
        row = item(values["pk"], values["sk"])
        try:
            row.update(actions=actions, condition=item.version == before.version)
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            raise Outdated from None
        return replace(after, version=before.version + 1, message_count=int(row.message_count))

    def remove(self, dialog: Dialog) -> None:
        """Take a dialog away, then its messages; Outdated when it was changed, or a message was added, since it was read."""
        item = self._tables.dialog
        key = dialog_key(dialog.owner, dialog.id)
        same = (item.version == dialog.version) & (item.message_count == dialog.message_count)

        def write(transaction: TransactWrite) -> None:
            transaction.delete(item(key["pk"], key["sk"]), condition=same)
            transaction.save(self._remainder(dialog))
            counters = self._tables.owner
            actions = [counters.dialogs.add(-1), counters.messages.add(-dialog.message_count)]
            transaction.update(self._counters(dialog.owner), actions=[*actions, counters.owner.set(dialog.owner)])

        if self._write(write) is not None:
            raise Outdated
        self.sweep(dialog.owner, dialog.id)

    def leftover(self, owner: str, identifier: str) -> bool:
        """Whether a removal of this dialog was begun and not ended."""
        place = self._place(owner, identifier)
        try:
            self._tables.remainder.get(*place, consistent_read=True)
        except DoesNotExist:
            return False
        return True

    def sweep(self, owner: str, identifier: str) -> None:
        """Remove what is left of a dialog: its messages, then the remainder."""
        item, pk = self._tables.message, dialog_partition(owner, identifier)
        while keys := list(
            islice(item.query(pk, consistent_read=True, attributes_to_get=["pk", "sk"], page_size=_AT_ONCE), _AT_ONCE)
        ):
            with item.batch_write() as batch:
                for one in keys:
                    batch.delete(item(one.pk, one.sk))
        self._tables.remainder(*self._place(owner, identifier)).delete()

    def tidy(self, owner: str) -> None:
        """Go on with one removal (or import) of this owner that nobody is at work on any more."""
        item = self._tables.remainder
        before = self._clock.now_ms() - _ABANDONED_MS
        for one in item.query(owner_partition(owner), item.sk.startswith(REMAINDER), consistent_read=True, limit=5):
            if one.at_ms < before:
                self.sweep(owner, one.sk.removeprefix(REMAINDER))
                return

    def owner(self, owner: str) -> Owner:
        """The counters of one owner."""
        key = counters_key(owner)
        try:
            return _owner(self._tables.owner.get(key["pk"], key["sk"], consistent_read=True), owner)
        except DoesNotExist:
            return Owner(owner)

    def owners(self, most: int = MOST_OWNERS) -> tuple[list[Owner], bool]:
        """Everybody who has, or had, a dialog, and whether there are more than `most`."""
        found: list[Owner] = []
        for pk in OWNER_PARTITIONS:
            rows = self._tables.owner.query(pk, limit=most + 1 - len(found))
            found.extend(_owner(one, one.owner) for one in rows)
            if len(found) > most:
                return found[:most], True
        return found, False

    def _put(self, dialog: Dialog) -> None:
        tables, now = self._tables, self._clock.now_ms()
        counters = tables.owner

        def write(transaction: TransactWrite) -> None:
            row = _item(tables.dialog, dialog_item(dialog))
            transaction.save(row, condition=tables.dialog.pk.does_not_exist())
            room = counters.dialogs.does_not_exist() | (counters.dialogs < MOST_DIALOGS)
            actions: list[Action] = [counters.dialogs.add(1), counters.messages.add(dialog.message_count)]
            actions += [counters.last_activity.set(now), counters.owner.set(dialog.owner)]
            transaction.update(self._counters(dialog.owner), actions=actions, condition=room)
            if dialog.message_count:
                transaction.delete(tables.remainder(*self._place(dialog.owner, dialog.id)))

        refused = self._write(write)
        if refused is not None:  # PynamoDB sends deletions first, then puts, then updates
            raise Full if refused == (2 if dialog.message_count else 1) else Taken

    def _write(self, fill: Callable[[TransactWrite], None]) -> int | None:
        """None = written; else the place of the write, as sent, whose condition did not hold. Contended when others kept writing."""
        for attempt in range(_TRIES):
            try:
                with TransactWrite(connection=self._tables.dialog._get_connection().connection) as transaction:
                    fill(transaction)
                return None
            except TransactWriteError as error:
                codes = [reason.code if reason else None for reason in error.cancellation_reasons]
                if _REFUSED in codes:
                    return codes.index(_REFUSED)
                if "TransactionConflict" not in codes:
                    raise
            self._sleep(0.02 * 2 ** min(attempt, 4) * (0.5 + self._clock.entropy(1)[0] / 512))
        raise Contended

    def _leave(self, dialog: Dialog) -> None:
        self._remainder(dialog).save()

    def _remainder(self, dialog: Dialog) -> Any:
        return self._tables.remainder(*self._place(dialog.owner, dialog.id), at_ms=self._clock.now_ms())

    def _place(self, owner: str, identifier: str) -> tuple[str, str]:
        return owner_partition(owner), f"{REMAINDER}{identifier}"

    def _counters(self, owner: str) -> Any:
        key = counters_key(owner)
        return self._tables.owner(key["pk"], key["sk"])


def _item(kind: type[M], values: dict[str, Any]) -> M:
    rest = {name: value for name, value in values.items() if name not in {"pk", "sk"}}
    return kind(values["pk"], values["sk"], **rest)


def _owner(item: Any, owner: str) -> Owner:
    return Owner(
        owner, int(item.dialogs or 0), int(item.messages or 0), int(item.tokens or 0), int(item.last_activity or 0)
    )
