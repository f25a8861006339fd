"""Log rows as the data plane writes them: one PutItem, after the client's last byte."""

from __future__ import annotations

from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import AwsFault
from gateway.aws.s3 import S3
from gateway.errors import Unavailable
from gateway.neutral.logrow import LogRow
from gateway.stores.log_items import to_item


class HotLogs:
    """`LogWriter` over the signed clients."""

    def __init__(self, database: DynamoDB, table: str, objects: S3, bucket: str) -> None:
        self._database = database
        self._table = table
        self._objects = objects
        self._bucket = bucket

    async def put(self, row: LogRow) -> None:
        """See `LogWriter.put`."""
        try:
            await self._database.put_item(self._table, to_item(row))
        except AwsFault as fault:
            raise Unavailable(f"The log store refused a row: {fault}") from None

    async def put_body(self, reference: str, body: bytes) -> None:
        """See `LogWriter.put_body`."""
        try:
            await self._objects.put_object(self._bucket, reference, body, content_type="application/json")
        except AwsFault as fault:
            raise Unavailable(f"The body store refused a document: {fault}") from None
