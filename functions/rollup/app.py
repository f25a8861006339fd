"""Entry of the rollup function: folds the log table's stream into the usage table.

Event source: DynamoDB stream (NEW_IMAGE) with `ReportBatchItemFailures`; Lambda takes the lowest reported sequence number as its checkpoint and
sends everything from there again, which the marks make harmless.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from gateway.clock import Clock
from gateway.rollups.consume import consume
from gateway.rollups.write import BucketWriter
from gateway.settings import from_environ

logger = Logger(service="rollup")

# Kept back from the function's deadline for the report itself and one transaction under way.
_RESERVE_SECONDS = 8.0


def create_writer(environ: Mapping[str, str]) -> BucketWriter:
    """The writer of this deployment; SettingsError when the environment is incomplete."""
    settings = from_environ(environ)
    # One attempt by the SDK: repetitions, with their pauses, are the writer's.
    config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1, "mode": "standard"})
    client = boto3.client("dynamodb", region_name=settings.region, endpoint_url=settings.endpoint_url, config=config)
    return BucketWriter(client, settings.usage_table, Clock())


@cache
def _writer() -> BucketWriter:
    return create_writer(os.environ)


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """`{"batchItemFailures": [{"itemIdentifier": <sequence number>}]}`: the records that could not be counted, and only those."""
    records = event.get("Records") or []
    report = consume(records, _writer(), lambda: context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS)
    outcome = report.outcome
    log = logger.error if report.failures else logger.info
    log(
        "folded",
        extra={
            "records": len(records),
            "applied": outcome.applied,
            "duplicates": outcome.duplicates,
            "ignored": report.ignored,
            "failed": len(report.failures),
            "bad": list(report.bad[:10]),
            "faults": sorted(outcome.faults),
        },
    )
    return {"batchItemFailures": [{"itemIdentifier": number} for number in report.failures]}
