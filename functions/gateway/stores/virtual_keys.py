"""Virtual keys, by the digest of their secret. The proxy reads the same items (`hot_*.py`)."""

from __future__ import annotations

import json
from typing import Final, Literal

from pynamodb.exceptions import DeleteError, PutError

from gateway.clock import Clock
from gateway.neutral.config import VirtualKey, to_json
from gateway.neutral.config_reading import virtual_key_from_json
from gateway.neutral.playground import PREFIX
from gateway.stores.tables import KeyItem, Tables
from gateway.stores.versioned import Outdated, Taken, Versioned

_LOST = "ConditionalCheckFailedException"
PLAYGROUND: Final = PREFIX
KEPT_SECONDS: Final = 86_400

KeyKind = Literal["key", "playground"]


def kind_of(identifier: str) -> KeyKind:
    """What kind of virtual key has this id: ids are made here, so that their beginning says it."""
    return "playground" if identifier.startswith(PLAYGROUND) else "key"


class VirtualKeyStore:
    """Errors: `Taken`, `Outdated`, and PynamoDB's when the store fails. The list and `get` go through an index that lags by milliseconds."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._item = tables.key
        self._clock = clock

    def by_digest(self, digest: str) -> Versioned[VirtualKey] | None:
        """The key with this digest, strongly consistent."""
        try:
            return _versioned(self._item.get(f"key#{digest}", "key", consistent_read=True))
        except self._item.DoesNotExist:
            return None

    def get(self, identifier: str) -> Versioned[VirtualKey] | None:
        """The key with this id."""
        found = self._item.by_kind.query(kind_of(identifier), self._item.id == identifier, limit=1)
        address = next((item.pk for item in found), None)
        return None if address is None else self.by_digest(address.removeprefix("key#"))

    def page(
        self, after: str | None, limit: int, kind: KeyKind = "key"
    ) -> tuple[list[Versioned[VirtualKey]], str | None]:
        """At most `limit` keys of a kind, newest first, older than `after`, and where to go on from (None = the end)."""
        beyond = None if after is None else self._item.id < after
        size = limit + 1
        found = self._item.by_kind.query(kind, beyond, scan_index_forward=False, limit=size, page_size=size)
        rows = [_versioned(item) for item in found]
        return rows[:limit], rows[limit - 1].value.id if len(rows) > limit else None

    def named(self, name: str) -> list[Versioned[VirtualKey]]:
        """Every key of that name, newest first."""
        found: list[Versioned[VirtualKey]] = []
        position = None
        while True:
            rows, position = self.page(position, 100)
            found.extend(row for row in rows if row.value.name == name)
            if position is None:
                return found

    def create(self, key: VirtualKey) -> Versioned[VirtualKey]:
        """Add a key; Taken when its secret is in use."""
        return self._put(Versioned(key, 1, self._clock.now_ms()), None)

    def replace(self, key: VirtualKey, version: int) -> Versioned[VirtualKey]:
        """Write the revision after `version`."""
        return self._put(Versioned(key, version + 1, self._clock.now_ms()), version)

    def delete(self, key: VirtualKey, version: int) -> None:
        """Remove a key that is still at `version`."""
        try:
            self._item(f"key#{key.digest}", "key").delete(condition=self._item.version == version)
        except DeleteError as error:
            if error.cause_response_code == _LOST:
                raise Outdated from None
            raise

    def _put(self, row: Versioned[VirtualKey], seen: int | None) -> Versioned[VirtualKey]:
        item = key_item(self._item, row)
        condition = self._item.pk.does_not_exist() if seen is None else self._item.version == seen
        try:
            item.save(condition=condition)
        except PutError as error:
            if error.cause_response_code == _LOST:
                raise (Taken if seen is None else Outdated) from None
            raise
        return row


def key_item(model: type[KeyItem], row: Versioned[VirtualKey]) -> KeyItem:
    """A key as it is kept; a playground key goes a day after its end."""
    key = row.value
    item = model(f"key#{key.digest}", "key", kind=kind_of(key.id), id=key.id, version=row.version)
    item.data = json.dumps(to_json(key), sort_keys=True, ensure_ascii=False)
    item.updated_at = row.updated_at
    if item.kind == "playground":
        item.ttl = (key.valid_until or 0) + KEPT_SECONDS
    return item


def _versioned(item: KeyItem) -> Versioned[VirtualKey]:
    return Versioned(virtual_key_from_json(json.loads(item.data)), int(item.version), int(item.updated_at))
