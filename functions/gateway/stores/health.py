"""The control plane's side of the shared state of routing: look at it, and override it.

An environment of the data plane sees a change with its next look, at the latest when its snapshot is 25 s old. What it reports
afterwards counts again: a key that is still refused is dead again, a target that still fails opens its breaker again.
"""

from __future__ import annotations

from typing import Any, Final

from pynamodb.exceptions import UpdateError

from gateway.aws.attributes import decode_item
from gateway.clock import Clock
from gateway.neutral.health import Health
from gateway.routing.breaker import closed_by_hand
from gateway.stores.health_items import (
    ANYBODY,
    PARTITION,
    STOP_TTL_S,
    breaker_key,
    first_sort_key,
    read_items,
    stop_key,
    to_health,
    upstream_key_key,
)
from gateway.stores.tables import Tables

_LOST: Final = "ConditionalCheckFailedException"


class HealthControl:
    """Errors: PynamoDB's when the store fails."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def snapshot(self) -> Health:
        """What the data plane plans with, but for what its environments have not written yet."""
        now = self._clock.now_ms()
        return to_health(read_items(decode_item(item) for item in self._items(now)), now)

    def _items(self, now_ms: int) -> list[dict[str, Any]]:
        connection, item = self._tables.breaker._get_connection(), self._tables.breaker
        found: list[dict[str, Any]] = []
        last: dict[str, Any] | None = None
        while True:
            answer = connection.query(
                PARTITION, range_key_condition=item.sk >= first_sort_key(now_ms), exclusive_start_key=last
            )
            found += answer["Items"]
            last = answer.get("LastEvaluatedKey")
            if last is None:
                return found

    def revive(self, key_id: str) -> bool:
        """Let an upstream key be tried again now, whether it was cooling or dead. False: nothing was known of it."""
        item = self._tables.upstream_key
        actions = [item.cooling_until_ms.set(0), item.dead_until_ms.set(0), item.reason.remove()]
        return self._update(item(*_keys(upstream_key_key(key_id))), actions)

    def close(self, provider: str, model: str) -> bool:
        """Close a target's breaker, open or half-open. False: it never opened, or long ago."""
        item, after = self._tables.breaker, closed_by_hand(self._clock.now_ms())
        actions = [item.until_ms.set(0), item.opens.set(0), item.since_ms.set(after.since_ms)]
        actions += [item.probe_owner.remove(), item.probe_until_ms.remove()]
        return self._update(item(*_keys(breaker_key((provider, model)))), actions)

    def stop(self, request_id: str) -> None:
        """Ask for a stop of a running request, as an administrator."""
        ttl = int(self._clock.wall()) + STOP_TTL_S
        self._tables.stop(*_keys(stop_key(request_id, ANYBODY)), ttl=ttl).save()

    def _update(self, item: Any, actions: list[Any]) -> bool:
        try:
            item.update(actions=actions, condition=type(item).pk.exists())
        except UpdateError as error:
            if error.cause_response_code != _LOST:
                raise
            return False
        return True


def _keys(key: dict[str, str]) -> tuple[str, str]:
    return key["pk"], key["sk"]
