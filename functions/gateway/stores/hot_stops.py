"""Wishes to stop a request, as the data plane writes and reads them.

Each asker has an item of its own under the request (`stop#<request id>`, sort key: who asks), so that nobody can replace another's wish; only
that of the request's own virtual key, of the owner of the dialog it answers in, or of an administrator (`*`), counts. They outlive the longest
request, then go by their TTL.
"""

from __future__ import annotations

from gateway.aws.attributes import NotStorable
from gateway.aws.dynamodb import DynamoDB, Expr, Query
from gateway.aws.faults import AwsFault
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.stores.health_items import ANYBODY, STOP_TTL_S, stop_key


class HotStops:
    """`StopBoard` over the signed client. `ask` is one PutItem, `asked` one strongly consistent Query."""

    def __init__(self, database: DynamoDB, table: str, clock: Clock) -> None:
        self._database = database
        self._table = table
        self._clock = clock

    async def ask(self, request_id: str, key_id: str) -> None:
        """See `StopBoard.ask`."""
        ttl = int(self._clock.wall()) + STOP_TTL_S
        try:
            await self._database.put_item(self._table, {**stop_key(request_id, key_id), "ttl": ttl})
        except (AwsFault, NotStorable) as fault:
            raise Unavailable(f"The wish to stop the request could not be written: {fault}") from None

    async def asked(self, request_id: str, key_id: str, since_ms: int = 0) -> bool:
        """See `StopBoard.asked`."""
        where = Expr("pk = :pk", values={":pk": stop_key(request_id, key_id)["pk"]})
        try:
            page = await self._database.query(Query(self._table, where, consistent=True))
        except (AwsFault, NotStorable):
            return False
        least = max(self._clock.wall(), since_ms // 1000 + STOP_TTL_S - 1)
        return any(item["sk"] in {key_id, ANYBODY} and item["ttl"] > least for item in page.items)
