"""A plan with everything that led to it: what `Planner.plan` returns a part of, and `explain` tells the whole of."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.errors import GatewayError
from gateway.neutral.config import Strategy
from gateway.routing.candidate import Candidate, Plan, Skipped
from gateway.routing.judging import Judge
from gateway.routing.sharing import Drawn
from gateway.routing.ways import Choices


@dataclass(frozen=True, slots=True)
class Lot:
    """What became of a share: its draw, and when that was a hit, the candidate or why it is none."""

    drawn: Drawn
    who: Candidate | Skipped | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`result` is the plan, or why there is none. `strategy` None: there was nothing to order, the client named a model."""

    choices: Choices
    strategy: Strategy | None
    result: Plan | GatewayError
    skipped: tuple[Skipped, ...]
    judge: Judge
    canary: Lot | None = None
    mirror: Lot | None = None
