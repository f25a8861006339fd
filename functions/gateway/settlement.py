"""After the client's last byte: exactly one log row, then the caches that are due.

The environment asks for its next request only when this is done. A row the store refuses is written to the function's own log instead, so
that it is not lost.
"""

from __future__ import annotations

import logging
from typing import Final

import orjson

from gateway.errors import Unavailable
from gateway.ingress.draft import Draft
from gateway.parts import Parts
from gateway.policies.metering import Consumed, cost, usage

_LOG: Final = logging.getLogger("gateway")


class Settlement:
    """Ends what the exchange began."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def settle(self, draft: Draft) -> None:
        """After the last byte: the row, then the caches."""
        if not draft.quiet:
            await self._write(draft)
        for refresh in (self._parts.keys.refresh, self._parts.releases.refresh):
            try:
                await refresh()
            except Unavailable as fault:
                _LOG.warning("%s", fault.message)

    async def _write(self, draft: Draft) -> None:
        finished = self._parts.clock.monotonic()
        meter(draft)
        row = draft.row(finished, self._parts.settings.log_ttl_days)
        try:
            if row.body_ref is not None:
                await self._parts.logs.put_body(row.body_ref, draft.body_document())
            await self._parts.logs.put(row)
        except Unavailable as fault:
            # The row is not lost: it stands in the function's log, without headers and bodies.
            _LOG.error("%s row=%s", fault.message, orjson.dumps(draft.facts(row)).decode())

    async def start_row(self, draft: Draft) -> None:
        """For keys that ask for it: a row that says the request runs, so that even a killed environment leaves a trace."""
        await self._parts.logs.put(
            draft.row(self._parts.clock.monotonic(), self._parts.settings.log_ttl_days, state="running")
        )


def meter(draft: Draft) -> None:
    """What the provider will bill, as it said or as we estimate it. An answer that never began to come consumed nothing we know of."""
    metered = draft.metered
    if metered is None:
        return
    if metered.reader is not None:
        end = metered.reader.end()
        metered.usage, metered.text = end.usage, end.text or ""
    if metered.usage is None and not metered.text and (draft.error is not None or draft.status == 0):
        return
    candidate = metered.candidate
    consumed = Consumed(
        dialect=metered.relay.dialect,
        body=metered.peek.body.data,
        provider_kind=candidate.provider.kind,
        upstream_model=candidate.upstream_model,
        told=metered.usage,
        text=metered.text,
    )
    draft.usage = usage(consumed)
    draft.cost = cost(draft.usage, candidate.model)
