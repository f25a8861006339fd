"""Plans to try, and a driver that answers each try and writes down what was made of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from gateway.neutral.config import Provider, Retry, UpstreamKey
from gateway.routing.attempts import Outcome, Try, attempts
from gateway.routing.budget import RetryBudget
from gateway.routing.candidate import Candidate, Plan

OK = Outcome(200, None, content=True)
DEFAULT = Retry()


def candidate(name: str, keys: Iterable[str] = (), *, half_open: bool = False) -> Candidate:
    """`provider/model` with keys of these ids."""
    provider, _, model = name.partition("/")
    pool = tuple(UpstreamKey(key, "sk-****", reference=f"arn:{key}") for key in keys)
    return Candidate(Provider(provider, provider, "openai"), model, None, pool, half_open)


def plan(*candidates: Candidate) -> Plan:
    return Plan(candidates)


# Two targets, the first with two keys: enough for every step of the table.
TWO = plan(candidate("a/m", ["a1", "a2"]), candidate("b/m", ["b1"]))


class Plenty(RetryBudget):
    """A budget that never runs out."""

    def take(self, now: float) -> bool:
        return True


def course(
    what: Plan,
    answer: Callable[[Try], Outcome],
    retry: Retry = DEFAULT,
    budget: RetryBudget | None = None,
    seed: int = 1,
) -> tuple[list[Try], str]:
    """Every try and the word of the end."""
    made: list[Try] = []
    running = attempts(what, retry, budget or Plenty(), random.Random(seed))
    try:
        following = next(running)
        while True:
            made.append(following)
            following = running.send(answer(following))
    except StopIteration as end:
        return made, end.value


def told(made: list[Try], end: str) -> list[str]:
    """`a/m a1 retry`, one per try, and the end."""
    return [*(f"{one.candidate.name} {one.key.id if one.key else '-'} {one.why}" for one in made), end]
