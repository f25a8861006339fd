"""Putting a release in force again: its entities and the pointer in one transaction.

Theory of operation: the pointer is read first, then the entities; what differs from the release is written, each under the version that was read,
together with the pointer under the number that was read. So beside an edit at the same moment there are two ends. The edit wrote something that is
to be restored, began to use a provider that is to go, or moved the pointer: the transaction is refused as a whole, and is tried again over what
the edit left (edit, then rollback). Or it touched what is equal in both, or is new: then it counts as made on top, and its own publication, which
finds the pointer moved, publishes the release with it (rollback, then edit). A release composed half before and half after the rollback is never
put in force, because the pointer moved.

A transaction has at most 100 writes, two of which are the pointer's. A rollback that would need more is refused: in parts it would not be one step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from gateway.clock import Clock
from gateway.stores.entities import REFERABLE, Noun, Reference, entity_partition, entity_text, partition, references
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated

MOST_WRITES: Final = 98
MOST_BYTES: Final = 3_500_000  # of 4 MB


class TooMuch(Exception):
    """More than one transaction holds; `args[0]` is the number of writes."""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one entity: `after` None = it goes. `before` and `version` None = it is not there. `uses`: of what others may refer to,
    and goes."""

    noun: Noun[Any]
    id: str
    before: Any | None
    version: int | None
    after: Any | None
    uses: int = 0


class Restoring:
    """Adds steps to a transaction."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._item = tables.entity
        self._clock = clock

    def write(self, steps: tuple[Step, ...]) -> None:
        """Make steps that fit into one transaction, without the pointer; Outdated when one of them is not as it was read, or just now written."""
        try:
            with TransactWrite(connection=self._item._get_connection().connection) as transaction:
                self.add(transaction, steps)
        except TransactWriteError as error:
            if {"ConditionalCheckFailed", "TransactionConflict"} & {
                one.code for one in error.cancellation_reasons if one
            }:
                raise Outdated from None
            raise

    def add(self, transaction: TransactWrite, steps: tuple[Step, ...]) -> None:
        """See the theory of operation; `check` them before."""
        referred = _referred(steps)
        for step in steps:
            uses = referred.pop((step.noun.name, step.id), 0)
            if step.after is None:
                self._delete(transaction, step)
            else:
                self._put(transaction, step, uses)
        for (noun, identifier), times in referred.items():
            item = self._item(partition(noun), identifier)
            transaction.update(item, actions=[self._item.uses.add(times)], condition=self._item.pk.exists())

    def _delete(self, transaction: TransactWrite, step: Step) -> None:
        condition = self._item.version == step.version
        if step.noun in REFERABLE:
            unused = self._item.uses.does_not_exist()
            condition = condition & (self._item.uses == step.uses if step.uses else unused)
        transaction.delete(self._item(entity_partition(step.noun), step.id), condition=condition)

    def _put(self, transaction: TransactWrite, step: Step, uses: int) -> None:
        actions: list[Action] = [
            self._item.data.set(entity_text(step.after)),
            self._item.version.set((step.version or 0) + 1),
            self._item.updated_at.set(self._clock.now_ms()),
        ]
        if uses:
            actions.append(self._item.uses.add(uses))
        there = self._item.version == step.version
        condition = self._item.pk.does_not_exist() if step.version is None else there
        transaction.update(self._item(entity_partition(step.noun), step.id), actions=actions, condition=condition)


def check(steps: tuple[Step, ...]) -> None:
    """TooMuch when they do not fit into one transaction."""
    written = {(step.noun.name, step.id) for step in steps}
    writes = len(steps) + len(set(_referred(steps)) - written)
    size = sum(len(entity_text(step.after).encode()) for step in steps if step.after is not None)
    if writes > MOST_WRITES or size > MOST_BYTES:
        raise TooMuch(writes)


def parts(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """The steps in their order, as few transactions as hold them."""
    part, touched, size = list[Step](), set[tuple[str, str]](), 0
    for step in steps:
        items = {(step.noun.name, step.id), *_referred((step,))}
        more = 0 if step.after is None else len(entity_text(step.after).encode())
        if part and (len(touched | items) > MOST_WRITES or size + more > MOST_BYTES):
            yield tuple(part)
            part, touched, size = [], set(), 0
        part.append(step)
        touched |= items
        size += more
    if part:
        yield tuple(part)


def _referred(steps: tuple[Step, ...]) -> Counter[Reference]:
    """How many of the steps begin to refer to each provider and guardrail."""
    written = [step for step in steps if step.after is not None]
    return Counter(one for step in written for one in references(step.noun, step.after))
