"""The part of the story in which providers come in: plan, admit, attempt, stream; and the copy of a request that a mirror gets.

A dry run ends with the plan, and a token count that no provider makes ends here. Everything else is a `Serving`.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.allowance import Allowances
from gateway.asking import Asking, Embedding
from gateway.beside import NOTHING
from gateway.cached import Caching
from gateway.delivery import Asked, Client
from gateway.errors import GatewayError, InvalidRequest
from gateway.ingress.draft import Draft
from gateway.ingress.headers import own_headers
from gateway.ingress.http import ClientGone, Message, Reply
from gateway.ingress.relays import Relay
from gateway.neutral.config import Retry
from gateway.neutral.index import Index
from gateway.parts import Parts
from gateway.passage import JSON, wants_strict
from gateway.planning import Planning, wants_dry_run
from gateway.purse import Purses
from gateway.routing.budget import RetryBudget
from gateway.routing.candidate import Plan
from gateway.routing.chance import Waits
from gateway.serving import Means, Serving
from gateway.settlement import Settlement
from gateway.uploading import Uploading, sized
from gateway.wire.reading import Peek

if TYPE_CHECKING:
    from gateway.guarding import Guarding

# As in the bodies that hold it; where it is in the path, only the server bounds it, and the provider would be blamed for our headers' length.
_LONGEST_NAME: Final = 256


class Relaying:
    """Serves requests that a provider answers. One instance per environment."""

    def __init__(self, parts: Parts, settlement: Settlement) -> None:
        self._parts = parts
        self._settlement = settlement
        self._planning = Planning(parts)
        self._allowances = Allowances(parts)
        self._budget = RetryBudget()
        self._uploading = Uploading(parts)
        self._asking = Asking(parts, self._planning)
        self._purses = Purses(self._asking, self._allowances)
        self._guarding: Guarding | None = None
        self._caching = Caching(parts, Embedding(self._asking, parts.embedder).embed)

    async def run(self, relay: Relay, peek: Peek, index: Index, client: Client, draft: Draft) -> None:
        """Answer the client, or raise why that cannot be done."""
        draft.requested_model, draft.stream = peek.model, peek.stream
        if len(peek.model) > _LONGEST_NAME:
            raise InvalidRequest(f"The model's name is longer than {_LONGEST_NAME} characters.", param="model")
        asked = Asked(relay, peek, client, draft)
        wants_strict(client.request)
        file = await self._uploading.found(asked)
        asked = sized(asked, file)
        guarding = self._guards(index)
        guards = guarding.holding(index, peek.model) if guarding is not None else ()
        if guarding is not None and guards:
            asked = guarding.looked(guards, asked)
        draft.cleared()
        features = self._planning.features(asked, index)
        if wants_dry_run(client.request):
            verdict = partial(self._purses.verdict, guards, index.cache_rule(peek.model))
            await self._tell(await self._planning.explained(features, asked, index, verdict), asked)
            return
        plan = self._allowances.affordable(await self._planning.plan(features, asked, index), asked)
        draft.route = plan.route.id if plan.route is not None else None
        draft.candidates = len(plan.candidates)
        means = Means(self._planning.retry(plan), self._budget, Waits(features.seed))
        place = self._caching.wished(index.cache_rule(peek.model), asked, plan)
        beside = NOTHING
        if guards or place is not None:
            place, beside = await self._purses.filled(guards, place, asked, plan)
        await self._allowances.admit(asked, plan, beside)
        async with self._allowances.kept(draft):
            if draft.before is not None:
                await draft.before(asked.peek.body.data)
            if guarding is not None and guards:
                await guarding.admitted(guards, asked)
            if place is None or not await self._caching.answered(place, asked):
                asked = await self._uploading.filled(asked, file)
                await self._serve(asked, plan, means)

    def _guards(self, index: Index) -> Guarding | None:
        """Loaded where there are guardrails: deployments without them start as fast as if they did not exist."""
        if not index.guarded:
            return None
        if self._guarding is None:
            from gateway.guarding import Guarding

            self._guarding = Guarding(self._parts, self._asking)
        return self._guarding

    async def _serve(self, asked: Asked, plan: Plan, means: Means) -> None:
        """A request that was admitted has the beginning of its row already; a durable one gets it before the client gets anything."""
        draft, reply, serving = asked.draft, asked.client.reply, Serving(self._parts, asked, plan, means)
        if plan.mirror is not None:
            draft.after = lambda: self._mirror(asked, plan, means)
        if draft.admission is not None or not (_durable(draft) or self._parts.settings.durable):
            await serving.run()
            return
        beginning = reply.gate = asyncio.ensure_future(self._settlement.start_row(draft))
        try:
            await serving.run()
        finally:
            await beginning

    async def _tell(self, plan: bytes, asked: Asked) -> None:
        draft = asked.draft
        # Nothing was asked of anybody: a row would count as traffic.
        draft.quiet = True
        draft.status = 200
        own = own_headers(draft.id, draft.correlation_id, asked.client.form.id_header)
        await asked.client.reply.whole(200, [JSON, (b"x-gateway-dry-run", b"true"), *own], plan)

    async def _mirror(self, asked: Asked, plan: Plan, means: Means) -> None:
        """The same request once more, to the mirror's target, after the client has its answer. It has a row of its own."""
        assert plan.mirror is not None
        if all(made.kind == "skip" for made in asked.draft.attempts):
            return
        draft = self._copy(asked.draft)
        client = replace(asked.client, receive=_nobody, reply=Reply(_nowhere))
        once = replace(means, retry=Retry(attempts=1, max_calls=1))
        try:
            await Serving(self._parts, replace(asked, client=client, draft=draft), Plan((plan.mirror,)), once).run()
        except GatewayError as error:
            draft.fail(error)
        except ClientGone:
            draft.gone()
        except asyncio.CancelledError:
            draft.cancelled()
            raise
        finally:
            await self._settlement.settle(draft)

    def _copy(self, original: Draft) -> Draft:
        clock = self._parts.clock
        draft = Draft(clock.new_id("req"), clock.now_ms(), clock.monotonic(), original.request)
        draft.mirror_of = original.id
        draft.dialect, draft.stream, draft.key = original.dialect, original.stream, original.key
        draft.requested_model, draft.route, draft.release = original.requested_model, original.route, original.release
        draft.candidates = 1
        return draft


async def _nowhere(message: Message) -> None:
    """Where a mirror's answer goes."""
    del message


async def _nobody() -> Message:
    """The client of a mirror: it never says anything, and never leaves."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


def _durable(draft: Draft) -> bool:
    return draft.key is not None and draft.key.durable
