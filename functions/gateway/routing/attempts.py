"""Which call follows which: retry, the next key, the next target, or the end, as `steps` says.

Theory of operation: `attempts` is a generator. It yields a `Try`; whoever makes the call sends the `Outcome` back and gets the next `Try`, or
StopIteration whose value is the word of the end::

    course = attempts(plan, retry, budget, chance)
    try_ = next(course)
    try:
        while True:
            outcome = ...  # wait try_.delay, call try_.candidate with try_.key
            following = course.send(outcome)
            ...  # the attempt of try_ is recorded with next=following.why
            try_ = following
    except StopIteration as end:
        ...  # the last attempt is recorded with next=end.value

The words are those of `steps.Why`. Nothing here waits, looks at a clock or knows a network: the outcome says how much time is left.

What it promises: it ends; at most `retry.max_calls` calls; at most `retry.attempts` calls of one target with one key; nothing after content,
success, or an error of the client's own; a key that was refused or throttled is not used again in this request, by any target of its provider
(but for the last resort of a 429, after its `Retry-After`); a target that stands twice in the plan is tried once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final, Protocol

from gateway.neutral.config import Retry, UpstreamKey
from gateway.routing.budget import RetryBudget
from gateway.routing.candidate import Candidate, Plan
from gateway.routing.steps import STEPS, Outcome, Step, Why, classify

__all__ = ["Chance", "Outcome", "Try", "Why", "attempts"]

# A call that has less than this many seconds would only be one more fault in the row.
_LEAST_SECONDS: Final = 1.0
_MOST_DOUBLINGS: Final = 32


class Chance(Protocol):
    """What is used of `random.Random`."""

    def uniform(self, a: float, b: float, /) -> float:
        """A number between a and b, all equally likely."""


@dataclass(frozen=True, slots=True)
class Try:
    """One call to make: `delay` seconds from now, with `key` (None: the provider needs none). `number` counts from 1; `why` it is made."""

    candidate: Candidate
    key: UpstreamKey | None
    delay: float
    number: int
    why: Why


def attempts(plan: Plan, retry: Retry, budget: RetryBudget, chance: Chance) -> Generator[Try, Outcome, Why]:
    """The calls that serve a request, one at a time. The deposit of the request into the budget is the caller's."""
    course = _Course(plan, retry, budget, chance)
    following: Try | Why = course.first()
    while isinstance(following, Try):
        outcome = yield following
        following = course.after(following, outcome)
    return following


class _Course:
    """What one request has tried so far."""

    def __init__(self, plan: Plan, retry: Retry, budget: RetryBudget, chance: Chance) -> None:
        self._rest = iter(plan.candidates)
        self._retry = retry
        self._budget = budget
        self._chance = chance
        self._calls = 0
        self._begun: set[tuple[str, str]] = set()
        self._made: Counter[tuple[str, str, str | None]] = Counter()
        self._spent: set[tuple[str, str]] = set()

    def first(self) -> Try | Why:
        return self._next_target(1, "first") or "exhausted"

    def after(self, made: Try, outcome: Outcome) -> Try | Why:
        """What follows an outcome: retry, key, target, last resort, in this order, each if the step has it."""
        step = STEPS[classify(outcome)]
        self._calls += step.called
        end = self._end(step, outcome)
        if end is not None:
            return end
        again: Try | Why = "exhausted"
        if step.retry and not step.last_resort:
            again = self._again(made, outcome)
            if isinstance(again, Try):
                return again
        other = self._other(made, step)
        if other is None and step.last_resort and outcome.retry_after is not None:
            return self._again(made, outcome)
        return other or again

    def _end(self, step: Step, outcome: Outcome) -> Why | None:
        """The word of an end that no other key or target changes."""
        if outcome.content and step.ends != "stop_success":
            return "stop_after_content"
        if step.ends is not None:
            return step.ends
        if self._calls >= self._retry.max_calls:
            return "stop_calls"
        return "stop_time" if _short(outcome, 0.0) else None

    def _again(self, made: Try, outcome: Outcome) -> Try | Why:
        """The same target with the same key after a wait, or the word for why not."""
        calls = self._made[_means(made.candidate, made.key)]
        wait = outcome.retry_after or 0.0
        if calls >= self._retry.attempts:
            return "exhausted"
        if made.candidate.half_open:
            return "stop_probe"
        if wait > self._retry.retry_after_seconds:
            return "stop_retry_after"
        delay = wait + self._chance.uniform(0.0, self._longest(calls))
        if _short(outcome, delay):
            return "stop_time"
        if not self._budget.take(outcome.now):
            return "stop_budget"
        return self._try(made.candidate, made.key, made.number + 1, "retry", delay)

    def _longest(self, retries: int) -> float:
        """The most seconds before the n-th retry. Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/."""
        return min(self._retry.max_seconds, self._retry.base_seconds * 2.0 ** min(retries, _MOST_DOUBLINGS))

    def _other(self, made: Try, step: Step) -> Try | None:
        """Another key, else another target, at once."""
        candidate, number = made.candidate, made.number + 1
        if step.next_key and made.key is not None:
            self._spent.add((candidate.provider.id, made.key.id))
            key = self._unspent(candidate)
            if key is not None:
                return self._try(candidate, key, number, "next_key")
        return self._next_target(number, "next_target") if step.next_target else None

    def _next_target(self, number: int, why: Why) -> Try | None:
        """The next candidate that has a key left, or needs none."""
        for candidate in self._rest:
            target = (candidate.provider.id, candidate.upstream_model)
            key = self._unspent(candidate)
            if target not in self._begun and (key is not None or not candidate.keys):
                self._begun.add(target)
                return self._try(candidate, key, number, why)
        return None

    def _unspent(self, candidate: Candidate) -> UpstreamKey | None:
        return next((key for key in candidate.keys if (candidate.provider.id, key.id) not in self._spent), None)

    def _try(self, candidate: Candidate, key: UpstreamKey | None, number: int, why: Why, delay: float = 0.0) -> Try:
        self._made[_means(candidate, key)] += 1
        return Try(candidate, key, delay, number, why)


def _means(candidate: Candidate, key: UpstreamKey | None) -> tuple[str, str, str | None]:
    return candidate.provider.id, candidate.upstream_model, None if key is None else key.id


def _short(outcome: Outcome, delay: float) -> bool:
    """Whether too little time would be left for a call after this wait."""
    return outcome.remaining is not None and outcome.remaining - delay < _LEAST_SECONDS
