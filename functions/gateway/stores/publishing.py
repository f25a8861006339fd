"""Whether an edit of the configuration comes into force by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pynamodb.exceptions import PutError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from gateway.clock import Clock
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated

Mode = Literal["direct", "draft"]
_ADDRESS: Final = ("settings", "publishing")


@dataclass(frozen=True, slots=True)
class Publishing:
    """`direct`: every edit is published; `draft`: edits wait until somebody publishes them. `version` 0 = nobody has ever chosen."""

    mode: Mode = "direct"
    version: int = 0


class PublishingStore:
    """Reads are strongly consistent. Errors: `Outdated`, and PynamoDB's when the store fails."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._item = tables.publishing
        self._clock = clock

    def get(self) -> Publishing:
        """The mode."""
        try:
            item = self._item.get(*_ADDRESS, consistent_read=True)
        except self._item.DoesNotExist:
            return Publishing()
        return Publishing("draft" if item.mode == "draft" else "direct", int(item.version))

    def put(self, mode: Mode, seen: Publishing) -> Publishing:
        """Choose another mode; Outdated when somebody else has chosen since `seen` was read."""
        item = self._item(*_ADDRESS, mode=mode, version=seen.version + 1, updated_at=self._clock.now_ms())
        try:
            item.save(condition=self._same(seen))
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise Outdated from None
            raise
        return Publishing(mode, seen.version + 1)

    def attest(self, transaction: TransactWrite, seen: Publishing) -> None:
        """Let a transaction happen only while nobody has chosen since `seen` was read."""
        transaction.condition_check(self._item, *_ADDRESS, condition=self._same(seen))

    def _same(self, seen: Publishing) -> Condition:
        return self._item.version == seen.version if seen.version else self._item.pk.does_not_exist()
