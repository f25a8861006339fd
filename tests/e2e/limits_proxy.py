"""Environments of the data plane on demand: the deployed application, in processes that are there in a moment because they are forked.

`python -m tests.e2e.limits_proxy` reads orders, one JSON object per line: `port`, `environ`, `log` (a file), `slots` and `skew_s`. It answers
with the id of the process. An environment on Lambda has one request at a time; one of these has `slots`, and further ones wait for their
turn, so that the local AWS, which answers one call after another, is not asked for more than it can do within the gateway's patience.
`skew_s` is what its clock is wrong by.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from infra.local.server import bind, raise_file_limit, serving

from gateway.aws.credentials import from_environ as credentials_from
from gateway.aws.dynamodb import DynamoDB
from gateway.aws.session import AwsSession
from gateway.clock import Clock
from gateway.exchange import Exchange
from gateway.ingress.http import Receive, Scope, Send
from gateway.parts import Parts
from gateway.stores.hot_limits import HotLimits
from proxy.app import create_app


class Turns:
    """At most so many requests at a time."""

    def __init__(self, app: Exchange, slots: int) -> None:
        self._app = app
        self._slots = asyncio.Semaphore(slots)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See `Exchange.__call__`."""
        async with self._slots:
            await self._app(scope, receive, send)


async def _skewed(parts: Parts, environ: Mapping[str, str], skew_s: float) -> Parts:
    """The same parts with another clock for requests and limits, and an answer of the store heard, as the look-up of a key goes first."""
    clock = Clock(lambda: time.time() + skew_s)
    settings = parts.settings
    session = AwsSession(settings.region, settings.endpoint_url, credentials_from(environ, clock), clock)
    database = DynamoDB(session)
    await database.get_item(settings.state_table, {"pk": "nothing", "sk": "nothing"})
    limits = HotLimits(database, settings.state_table, settings.logs_table, clock, clock.new_id("env"))
    return replace(parts, clock=clock, limits=limits)


async def _serve(order: Mapping[str, Any]) -> None:
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    app = await create_app(order["environ"])
    if order["skew_s"]:
        app = Exchange(await _skewed(app._parts, order["environ"], order["skew_s"]))
    with bind(order["port"]) as sock:
        async with serving(Turns(app, order["slots"]), sock):
            await asked.wait()


def _child(order: Mapping[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    asyncio.run(_serve(order))


def main() -> None:
    """Fork until there are no more orders; then end, and every child with it."""
    raise_file_limit()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a killed child
    children = []
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _child(json.loads(line))
            finally:
                os._exit(0)
        children.append(pid)
        print(pid, flush=True)
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
