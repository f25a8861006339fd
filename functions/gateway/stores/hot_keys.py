"""Virtual keys as the data plane reads them: one GetItem on a hash."""

from __future__ import annotations

import orjson

from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import AwsFault
from gateway.errors import Unavailable
from gateway.neutral.config import VirtualKey, virtual_key_from_json


class HotKeys:
    """`KeyReader` over the signed client."""

    def __init__(self, database: DynamoDB, table: str) -> None:
        self._database = database
        self._table = table

    async def get(self, digest: str) -> VirtualKey | None:
        """See `KeyReader.get`."""
        try:
            item = await self._database.get_item(self._table, {"pk": f"key#{digest}", "sk": "key"})
        except AwsFault:
            raise Unavailable("The key store is out of reach; try again.") from None
        if item is None:
            return None
        try:
            return virtual_key_from_json(orjson.loads(item["data"]))
        except (KeyError, TypeError, ValueError):
            raise Unavailable("The key store holds a record this version cannot read.") from None
