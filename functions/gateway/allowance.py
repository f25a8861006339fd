"""What a request may spend: the worst case is held before anybody is called, said to be alive while it runs, and settled with the row.

Theory of operation. `admit` asks every scope of the caller (key, user, team) that has limits for the worst case of the plan: one transaction, which
also writes the row's beginning. A refusal is worded for the client's dialect; a store that cannot say refuses too. `kept` renews the hold of a long
request, with what it is known to have cost, so that a killed environment's hold can expire soon. `settle` puts the exact figure in its place, in the
transaction that writes the final row. A caller without limits meets none of this.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

from gateway.beside import NOTHING
from gateway.catalog.tokens import measure
from gateway.delivery import Asked
from gateway.errors import InvalidRequest, Unpriced
from gateway.ingress import sizes
from gateway.ingress.draft import Draft
from gateway.neutral.limits import Ask, Refusal, Scope, Spent, Standing
from gateway.neutral.usage import Usage
from gateway.parts import Parts
from gateway.policies import limits
from gateway.policies.metering import cost, price_of
from gateway.policies.reservation import Size, Worst, output_bound, service_asked, worst_case
from gateway.routing.candidate import Plan
from gateway.settlement import consumed

_LOG: Final = logging.getLogger("gateway")
_BYTES_OF_TOKEN: Final = 12  # words of Latin script have some 4, of Cyrillic, Hindi and Thai up to 8
_BYTES_OF_SECOND: Final = 300  # of speech, told three times: as a text, in segments, and word by word
_BYTES_AROUND: Final = 4_096  # notes beside the words: citations, titles


class Allowances:
    """Admits and keeps. One instance per environment."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def affordable(self, plan: Plan, asked: Asked) -> Plan:
        """The plan without candidates whose price nobody knows, where the caller's money is limited; Unpriced when none is left.

        InvalidRequest for work that goes on when its answer is out, where money or tokens are limited: it could not be settled.
        """
        identity = asked.draft.identity
        if identity is None or asked.relay.count is not None:  # counting tokens is free
            return plan
        if identity.metered and sizes.detached(asked.relay.dialect, asked.peek.body.data):
            raise InvalidRequest(
                "Background responses are not served here: the money or the tokens of this API key, its user or its team are limited, and what "
                "such a response comes to is not known when its answer is out.",
                param="background",
            )
        if not identity.pays:
            return plan
        found = tuple(one for one in plan.candidates if price_of(one) is not None)
        if not found:
            raise Unpriced(
                "The price of this model is not known, and the money of this API key, its user or its team is limited. "
                "An administrator can set the model's price.",
                param="model",
            )
        return replace(plan, candidates=found)

    async def admit(self, asked: Asked, plan: Plan, beside: Worst = NOTHING) -> None:
        """Hold the worst case, with that of the questions `beside` it, or raise why there is no room for it. `draft.admission` says what is held."""
        draft = asked.draft
        ask = self.ask(asked, plan, beside)
        if ask is None:
            return
        await self._admitted(ask, draft)

    async def enter(self, draft: Draft) -> None:
        """Admit a request that costs nothing and counts as one."""
        if draft.identity is not None and draft.identity.scopes:
            await self._admitted(Ask(request_id=draft.id, scopes=draft.identity.scopes), draft)

    async def _admitted(self, ask: Ask, draft: Draft) -> None:
        row = draft.row(self._parts.clock.monotonic(), self._parts.settings.log_ttl_days, state="running")
        answer = await self._parts.limits.admit(ask, row)
        if isinstance(answer, Refusal):
            # Agents repeat what is refused: it must not fill the store of bodies.
            draft.request_body = None
            raise limits.refused(answer, draft.dialect, self._parts.clock.now_ms())
        draft.ask, draft.admission = ask, answer

    def ask(self, asked: Asked, plan: Plan, beside: Worst = NOTHING) -> Ask | None:
        """The worst case of a request for the scopes it belongs to; None where there is no limit."""
        draft = asked.draft
        identity = draft.identity
        if identity is None or not (identity.scopes or identity.balance_of):
            return None
        counts = asked.relay.count is None  # counting tokens is free everywhere
        worst = self._worst(asked, plan) if counts else Worst(0, 0, 0, 0)
        return Ask(
            request_id=draft.id,
            scopes=identity.scopes,
            tokens=worst.tokens,
            nano=worst.nano + beside.nano,
            known_nano=worst.known_nano + beside.known_nano,
            known_tokens=worst.known_tokens,
            balance_of=identity.balance_of if counts else None,
            grant=self._parts.settings.token_grant,
            message_id=draft.message_id,
        )

    def _worst(self, asked: Asked, plan: Plan) -> Worst:
        hedged = plan.route is not None and plan.route.hedge_seconds is not None
        return worst_case(self._size(asked), plan.candidates, hedged=hedged)

    def written(self, asked: Asked, plan: Plan) -> int:
        """The most bytes of an answer. Not proved, as all else here is: tokens of more bytes each would have to be its average."""
        size = self._size(asked)
        tokens = max((output_bound(size, one) for one in plan.candidates), default=0)
        return tokens * _BYTES_OF_TOKEN + size.beside.audio_ms_in * _BYTES_OF_SECOND // 1000 + _BYTES_AROUND

    def _size(self, asked: Asked) -> Size:
        relay, body = asked.relay, asked.peek.body
        # Signs are looked for in the bytes as they came: a walk over an agent's whole request would cost more than it saves.
        measured = measure(relay.dialect, body.data)
        most = Usage() if relay.most is None else relay.most(body.data)
        return Size(
            input_tokens=measured.tokens + most.fresh,
            max_output=most.output or sizes.output(relay.dialect, body.data),
            choices=sizes.choices(relay.dialect, body.data),
            caching=sizes.caches(body.raw),
            generates=relay.generates or relay.writes,
            media=relay.most is not None or sizes.media(body.raw),
            service=service_asked(body.data),
            elsewhere=sizes.elsewhere(relay.dialect, body.data),
            attached=measured.attached,
            raw=len(body.raw) if relay.shown is None else 0,
            beside=most,
        )

    async def verdict(self, asked: Asked, plan: Plan, beside: Worst = NOTHING) -> list[dict[str, Any]]:
        """What admission would say now, limit by limit; nothing is held. Unpriced as for the request itself."""
        ask = self.ask(asked, self.affordable(plan, asked), beside)
        if ask is None:
            return []
        stands = await self._parts.limits.look(ask)
        return [_verdict(scope, stand, ask) for scope, found in stands for stand in found]

    @asynccontextmanager
    async def kept(self, draft: Draft) -> AsyncIterator[None]:
        """Renew the hold while this lasts."""
        if draft.admission is None:
            yield
            return
        renewing = asyncio.ensure_future(self._renew(draft))
        try:
            yield
        finally:
            renewing.cancel()

    async def _renew(self, draft: Draft) -> None:
        assert draft.admission is not None
        while True:
            await asyncio.sleep(self._parts.settings.hold_renew_seconds)
            await self._parts.limits.renew(draft.admission, _so_far(draft))


def _verdict(scope: Scope, stand: Standing, ask: Ask) -> dict[str, Any]:
    """Amounts in the limit's unit, money in nano-dollars; `fits` is whether the worst case would be let in."""
    needs: dict[str, int] = {
        "requests": 1,
        "concurrent": 1,
        "tokens": min(ask.tokens, stand.limit),
        "balance": ask.tokens,
    }
    needed = needs.get(stand.name, ask.nano)
    return {
        "scope": scope.kind,
        "id": scope.id,
        "name": stand.name,
        "limit": stand.limit,
        "used": stand.used,
        "held": stand.held,
        "needed": needed,
        "reset": stand.reset_ms,
        "fits": stand.used + stand.held + needed <= stand.limit,
    }


def _so_far(draft: Draft) -> Spent:
    """What a running request is known to have cost: its input at least."""
    assert draft.ask is not None
    least = Spent(draft.ask.known_nano, draft.ask.known_tokens)
    if draft.metered is None:
        return least
    try:
        used = consumed(draft.metered)
        nano = cost(used, draft.metered.candidate).nano_usd or 0
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # What cannot be reckoned must not end the renewals: the sweep would end a request that runs.
        _LOG.exception("what request %s has cost so far cannot be worked out", draft.id)
        return least
    return Spent(max(least.nano, nano), max(least.tokens, used.input_total + used.output))
