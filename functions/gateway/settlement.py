"""After the client's last byte: exactly one log row, then the caches that are due.

The environment asks for its next request only when this is done. A row the store refuses is written to the function's own log instead, so
that it is not lost.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Final

import orjson

from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.ingress.draft import Draft
from gateway.neutral.health import KeySeen
from gateway.neutral.limits import Admission, Ask, Spent
from gateway.neutral.logrow import Cost, LogRow
from gateway.neutral.usage import Usage
from gateway.parts import Parts
from gateway.passage import Metered
from gateway.policies.metering import Consumed, cost, usage
from gateway.wire.told import Told

_LOG: Final = logging.getLogger("gateway")


class Settlement:
    """Ends what the exchange began."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def settle(self, draft: Draft) -> None:
        """After the last byte: the row, then the caches. Raises nothing: the answer is out, and the row is what must not be lost."""
        finished = self._parts.clock.monotonic()  # before counting, which may load a tokenizer
        if draft.error is not None:
            # A connection that was broken off closes in the next turn of the loop; counting may keep the loop busy for a second.
            await asyncio.sleep(0)
        if draft.beside:
            await asyncio.gather(*draft.beside, return_exceptions=True)
        if not draft.quiet:
            _meter_or_say_why(draft)
            self._count_quota(draft)
            await self._write(draft, finished)
        parts = self._parts
        for due in (
            parts.limits.flush,
            parts.health.flush,
            parts.keys.refresh,
            parts.releases.refresh,
            parts.health.refresh,
        ):
            try:
                await due()
            except Exception as fault:  # noqa: BLE001 - the outermost door of the after-work: a cache that stays old is looked up again
                _LOG.warning("%s", fault.message if isinstance(fault, Unavailable) else type(fault).__name__)

    def _count_quota(self, draft: Draft) -> None:
        """What the request took of its upstream key's daily quota."""
        key, used = draft.upstream_key, draft.usage
        if key is not None and key.daily_quota > 0 and used.input_total + used.output > 0:
            self._parts.health.saw(KeySeen(key, self._parts.clock.now_ms(), tokens=used.input_total + used.output))

    async def _write(self, draft: Draft, finished: float) -> None:
        row = draft.row(finished, self._parts.settings.log_ttl_days)
        if row.body_ref is not None:
            try:
                await self._parts.logs.put_body(row.body_ref, draft.body_document())
            except Unavailable as fault:
                _LOG.error("%s request=%s", fault.message, draft.id)
                row = replace(row, body_ref=None)
        if draft.admission is None:
            await self._put(row, draft)
        else:
            await self._settled(row, draft, draft.admission)

    async def _settled(self, row: LogRow, draft: Draft, admission: Admission) -> None:
        """The row and what it cost, in one write. One that the store refuses is kept for later, and said in the function's log."""
        try:
            await self._parts.limits.settle(admission, spent(draft), row)
        except Exception as fault:  # noqa: BLE001 - the outermost door of the after-work, as below
            self._say(fault, row, draft)

    async def start_row(self, draft: Draft) -> None:
        """For keys that ask for it: a row that says the request runs, so that even a killed environment leaves a trace."""
        await self._put(
            draft.row(self._parts.clock.monotonic(), self._parts.settings.log_ttl_days, state="running"), draft
        )

    async def _put(self, row: LogRow, draft: Draft) -> None:
        """Write a row. One that is refused is not lost: it stands in the function's log, without headers and bodies."""
        try:
            await self._parts.logs.put(row)
        except Exception as fault:  # noqa: BLE001 - the outermost door of the after-work: whatever is wrong, the row must show up somewhere
            self._say(fault, row, draft)

    def _say(self, fault: Exception, row: LogRow, draft: Draft) -> None:
        _LOG.error("%s row=%s", _reason(fault), orjson.dumps(draft.facts(row), default=str).decode())


def _meter_or_say_why(draft: Draft) -> None:
    try:
        meter(draft)
    except Exception:  # noqa: BLE001 - the outermost door of the after-work: a row without usage is better than none
        _LOG.exception("the consumption of request %s cannot be worked out", draft.id)
        draft.cost = Cost(None, "unpriced")
    if draft.ask is not None and draft.cost.state == "unpriced" and _owes(draft.ask):
        # Money is limited, so there is a price: what cannot be worked out is the worst case, and what was held is not given back for nothing.
        # Beside it, other calls stand in the row with what they cost, and were held for, too.
        draft.cost = Cost(max(0, draft.ask.nano - _lost(draft)), "priced", "reserved")


def _owes(ask: Ask) -> bool:
    return ask.nano > 0 and any(scope.limits.budgets for scope in ask.scopes)


def spent(draft: Draft) -> Spent:
    """What a request came to: its answer, and calls beside it that are known to have cost something."""
    return Spent((draft.cost.nano_usd or 0) + _lost(draft), draft.usage.input_total + draft.usage.output)


def _lost(draft: Draft) -> int:
    return sum(made.cost_nano or 0 for made in draft.attempts)


def told(draft: Draft, clock: Clock) -> Told:
    """What is known of an answer while it goes out."""
    latency = (clock.monotonic() - draft.started) * 1000
    return Told(
        request_id=draft.id,
        model=draft.requested_model or "",
        provider=draft.provider,
        answered=draft.model,
        cached=draft.cache in {"hit", "semantic"},
        latency_ms=latency,
        time_ms=clock.now_ms(),
    )


def priced(draft: Draft, clock: Clock) -> Told:
    """The same of a whole answer, with what it costs."""
    metered, found = draft.metered, told(draft, clock)
    if metered is None:
        return replace(found, nano=0, input_nano=0, output_nano=0) if found.cached else found
    used = consumed(metered)
    whole, prompt = cost(used, metered.candidate).nano_usd, cost(_input(used), metered.candidate).nano_usd
    if whole is None or prompt is None:
        return found
    return replace(found, nano=whole, input_nano=prompt, output_nano=whole - prompt)


def _input(used: Usage) -> Usage:
    return replace(
        used, output=0, reasoning=0, audio_output=0, image_output=0, images_out=0, audio_ms_out=0, characters=0
    )


def _reason(fault: Exception) -> str:
    return fault.message if isinstance(fault, Unavailable) else f"The row was not written ({type(fault).__name__})."


def meter(draft: Draft) -> None:
    """What the provider will bill, as it said or as we estimate it. An answer that never began to come consumed nothing we know
    of; but where it was the client that did not wait for it, the provider had the whole prompt, and its input counts."""
    for record, lost in draft.lost:
        if lost is not draft.metered:
            spent = cost(consumed(lost), lost.candidate)
            draft.attempts[record] = replace(draft.attempts[record], cost_nano=spent.nano_usd)
    metered = draft.metered
    if metered is None:
        return
    _ask_reader(metered)
    left = any(lost is metered for _, lost in draft.lost)
    # Of sound and pictures there is no text that would say that some of the answer came.
    came = metered.relay.beside is not None and metered.reader is not None and metered.reader.begun
    silent = metered.usage is None and not metered.text and not left and not came
    if silent and (draft.error is not None or draft.status == 0):
        return
    if metered.usage is not None and metered.usage.source == "impossible":
        _LOG.warning(
            "provider %s told an impossible usage: request=%s is estimated", metered.candidate.provider.id, draft.id
        )
    draft.usage = consumed(metered)
    draft.cost = cost(draft.usage, metered.candidate)


def _ask_reader(metered: Metered) -> None:
    if metered.reader is not None:
        end = metered.reader.end()
        metered.usage, metered.text = end.usage, end.text or ""


def consumed(metered: Metered) -> Usage:
    """Tokens of one call: told, or estimated from the request and what came of the answer."""
    _ask_reader(metered)
    candidate, relay, data = metered.candidate, metered.relay, metered.peek.body.data
    consumed = Consumed(
        dialect=relay.dialect,
        body=data,
        provider_kind=candidate.provider.kind,
        upstream_model=candidate.upstream_model,
        told=metered.usage,
        text=metered.text,
        beside=Usage() if relay.beside is None else relay.beside(data),
    )
    return usage(consumed)
