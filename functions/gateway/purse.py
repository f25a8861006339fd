"""The part of the story in which the gateway's own questions are prepaid, where money is limited (`gateway.beside` has the theory).

A guardrail's model whose price nobody knows refuses the request, as the request's own would: no guardrail is left out because of who pays. A cache
that could only ask such a model looks for exactly the same request alone: nothing is lost by that but a hit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gateway.allowance import Allowances
from gateway.asking import Asking, embedding
from gateway.beside import NOTHING, together
from gateway.cached import Place
from gateway.caching import likeness
from gateway.caching.question import question
from gateway.delivery import Asked
from gateway.errors import Unpriced
from gateway.neutral.caching import CacheRule
from gateway.policies.reservation import Worst
from gateway.routing.candidate import Plan

if TYPE_CHECKING:
    from gateway.guardrails.checks import Check


class Purses:
    """What the questions beside requests may cost. One instance per environment."""

    def __init__(self, asking: Asking, allowances: Allowances) -> None:
        self._asking = asking
        self._allowances = allowances

    async def filled(
        self, checks: tuple[Check, ...], place: Place | None, asked: Asked, plan: Plan
    ) -> tuple[Place | None, Worst]:
        """The worst case of the questions, now in the draft's purse, and the place of the answer as far as it can be paid for; Unpriced."""
        if not _pays(asked):
            return place, NOTHING
        found = await self._judged(checks, asked, plan)
        asks = None if place is None or place.bucket is None else embedding(place.text, place.rule)
        if place is not None and asks is not None:
            worst = await self._asking.most(asks, asked)
            place = place if worst is not None else replace(place, bucket=None)
            found += [] if worst is None else [worst]
        beside = together(found)
        asked.draft.purse = beside.nano
        return place, beside

    async def verdict(
        self, checks: tuple[Check, ...], rule: CacheRule | None, asked: Asked, plan: Plan
    ) -> list[dict[str, Any]]:
        """See `Allowances.verdict`."""
        if not _pays(asked):
            return await self._allowances.verdict(asked, plan)
        found = await self._judged(checks, asked, plan)
        said = question(asked.relay.dialect, asked.peek.body.data) if rule is not None else None
        if rule is not None and rule.mode == "semantic" and said is not None:
            asks = embedding(likeness.normalised(said[0]), rule)
            worst = None if asks is None else await self._asking.most(asks, asked)
            found += [] if worst is None else [worst]
        return await self._allowances.verdict(asked, plan, together(found))

    async def _judged(self, checks: tuple[Check, ...], asked: Asked, plan: Plan) -> list[Worst]:
        if not checks:
            return []
        from gateway.guarding import questions

        found: list[Worst] = []
        for check, asks in questions(checks, asked, lambda: self._allowances.written(asked, plan)):
            worst = await self._asking.most(asks, asked)
            if worst is None:
                raise Unpriced(
                    f"The price of the model '{asks.model}' is not known, which the guardrail '{check.guardrail.id}' asks, and the money of this "
                    "API key, its user or its team is limited. An administrator can set the model's price.",
                    param="model",
                )
            found.append(worst)
        return found


def _pays(asked: Asked) -> bool:
    identity = asked.draft.identity
    return identity is not None and identity.pays
