"""The sweep of expired holds, as its schedule on AWS runs it, but more often: nobody at a terminal wants to wait for a minute."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict

EVERY_SECONDS = 15.0
MOST_SECONDS = 10.0


@asynccontextmanager
async def sweeping(environ: Mapping[str, str], every: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Sweep for the length of the block; `environ` is a function's."""
    task = asyncio.create_task(_sweep(environ, every))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _sweep(environ: Mapping[str, str], every: float) -> None:
    from rollup.sweep import sweep

    while True:
        swept = await sweep(environ, MOST_SECONDS)
        if swept.swept or swept.released or not swept.good:
            print(f"sweep: {asdict(swept)}", flush=True)
        await asyncio.sleep(every)
