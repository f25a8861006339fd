"""Entry of the sweep function: ends expired holds of limits, every minute.

A module of its own beside `app.py`, because the fold's SDK takes longer to import than a sweep takes. One line is written per run: a JSON object with
the counts, `level` `ERROR` when something could not be swept or time ran out, else `INFO`. The function fails then, too, so that its own metric of
errors is what an alarm needs; the next run is the repetition.
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from gateway.aws.credentials import from_environ as credentials_from
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.session import AwsSession
from gateway.clock import Clock
from gateway.settings import from_environ
from gateway.stores.limit_items import Tables
from gateway.stores.limit_sweep import LimitSweep, Swept

# Kept back from the function's deadline for one transaction under way, with its repetitions.
_RESERVE_SECONDS = 10.0


class Unfinished(RuntimeError):
    """Expired holds are left; the log line says why."""


async def sweep(environ: Mapping[str, str], seconds: float) -> Swept:
    """One run against this deployment's tables; SettingsError when the environment is incomplete."""
    settings = from_environ(environ)
    clock = Clock()
    # Connections belong to the event loop of one run, so each run opens its own.
    session = AwsSession(settings.region, settings.endpoint_url, credentials_from(environ, clock), clock)
    tables = Tables(settings.state_table, settings.logs_table)
    try:
        return await LimitSweep(DynamoDB(session), tables, clock, settings.log_ttl_days).run(seconds)
    finally:
        await session.close()


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """The counts of a run, as they are logged; Unfinished when not everything could be swept."""
    seconds = context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS
    swept = asyncio.run(sweep(os.environ, seconds))
    counts = asdict(swept)
    line = {"level": "INFO" if swept.good else "ERROR", "service": "sweep", "message": "swept", **counts}
    sys.stdout.write(orjson.dumps(line).decode() + "\n")
    sys.stdout.flush()
    if not swept.good:
        raise Unfinished(f"{swept.failed} holds were not swept")
    return counts
