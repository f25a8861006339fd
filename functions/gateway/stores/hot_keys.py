"""Virtual keys, and the users and teams they call for, as the data plane reads them: one GetItem each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import orjson

from gateway.aws.attributes import NotStorable
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import AwsFault
from gateway.errors import Unavailable
from gateway.neutral.config import VirtualKey
from gateway.neutral.config_reading import virtual_key_from_json
from gateway.neutral.limits import Account, account_from_json

T = TypeVar("T")


class HotKeys:
    """`KeyReader` over the signed client."""

    def __init__(self, database: DynamoDB, table: str) -> None:
        self._database = database
        self._table = table

    async def get(self, digest: str) -> VirtualKey | None:
        """See `KeyReader.get`."""
        return await self._read(f"key#{digest}", "key", virtual_key_from_json)

    async def account(self, kind: Literal["user", "team"], identifier: str) -> Account | None:
        """See `KeyReader.account`."""
        return await self._read(f"account#{kind}#{identifier}", "account", account_from_json)

    async def _read(self, partition: str, sort: str, build: Callable[[Mapping[str, Any]], T]) -> T | None:
        try:
            item = await self._database.get_item(self._table, {"pk": partition, "sk": sort})
        except AwsFault:
            raise Unavailable("The key store is out of reach; try again.") from None
        except NotStorable:
            return None  # what cannot be stored is not there
        if item is None:
            return None
        try:
            return build(orjson.loads(item["data"]))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Unavailable("The key store holds a record this version cannot read.") from None
