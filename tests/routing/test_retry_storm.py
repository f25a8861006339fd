"""Everything fails: how many calls providers get for 1,000 of the clients'. The figures are printed (`pytest -s`)."""

from __future__ import annotations

import pytest
from tests.routing.courses import candidate, course

from gateway.neutral.config import Retry
from gateway.routing.attempts import Outcome, Try
from gateway.routing.budget import RetryBudget
from gateway.routing.candidate import Candidate, Plan

CLIENTS = 1_000
TARGETS = tuple(candidate(f"p{number}/m", ["k"]) for number in range(3))


class Breakers:
    """Opens after 5 faults for 30 s, doubling to 300 s while probes fail."""

    def __init__(self) -> None:
        self._bad: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self._open: dict[str, float] = {}

    def candidates(self, now: float) -> tuple[Candidate, ...]:
        return tuple(
            candidate(one.name, ["k"], half_open=one.name in self._until)
            for one in TARGETS
            if now >= self._until.get(one.name, 0.0)
        )

    def fault(self, name: str, now: float) -> None:
        self._bad[name] = self._bad.get(name, 0) + 1
        if self._bad[name] >= 5:
            self._open[name] = min(300.0, self._open.get(name, 15.0) * 2)
            self._until[name] = now + self._open[name]


def one_target(every: float, retry: Retry) -> int:
    """Calls of a single target that is down, with a client call every so many seconds and no breaker."""
    budget, calls = RetryBudget(), 0
    for number in range(CLIENTS):
        now = number * every
        budget.deposit(now)
        made, _ = course(Plan(TARGETS[:1]), lambda _, now=now: Outcome(503, None, now=now), retry, budget, number)
        calls += len(made)
    return calls


@pytest.mark.parametrize("every", [0.0, 0.01, 0.1])
@pytest.mark.parametrize("tries", [2, 5])
def test_one_target_that_is_down_gets_a_tenth_more(every: float, tries: int) -> None:
    """1 + 10 % of the clients' calls, and the reserve, which fills up again by one in ten seconds."""
    calls = one_target(every, Retry(attempts=tries))
    bound = CLIENTS * 1.1 + 2 + CLIENTS * every * 0.1
    print(f"one target, a call every {every} s, {tries} attempts: {calls} calls for {CLIENTS} (at most {bound:.0f})")
    assert CLIENTS < calls <= bound


def test_three_targets_with_breakers_get_less_than_the_clients_ask() -> None:
    budget, breakers, calls, retries, refused = RetryBudget(), Breakers(), 0, 0, 0
    for number in range(CLIENTS):
        now = number * 0.1
        budget.deposit(now)
        candidates = breakers.candidates(now)
        if not candidates:
            refused += 1
            continue

        def fail(made: Try, now: float = now) -> Outcome:
            breakers.fault(made.candidate.name, now)
            return Outcome(503, None, now=now)

        made, _ = course(Plan(candidates), fail, Retry(), budget, number)
        calls += len(made)
        retries += sum(one.why == "retry" for one in made)
    print(f"three targets with breakers: {calls} calls, {retries} of them retries, for {CLIENTS}; {refused} not sent")
    assert calls <= CLIENTS * 1.1 + 2
    assert calls <= 3 * (5 + 2) + 3 * 4, "what opens the breakers, and the probes of 100 s"
    assert retries <= 2


def test_without_the_budget_the_same_storm_is_twice_as_large() -> None:
    """The measure can fail: an endless budget lets every retry through."""

    class Endless(RetryBudget):
        def take(self, now: float) -> bool:
            return True

    calls = sum(
        len(course(Plan(TARGETS[:1]), lambda _: Outcome(503, None), Retry(), Endless())[0]) for _ in range(CLIENTS)
    )
    assert calls == 2 * CLIENTS


def test_fewer_faults_than_the_budget_are_all_retried() -> None:
    """A provider that fails once in twenty calls loses no request to the budget."""
    budget, lost = RetryBudget(), 0
    for number in range(CLIENTS):
        budget.deposit(0.0)
        bad = number % 20 == 0
        _, end = course(
            Plan(TARGETS[:1]),
            lambda made, bad=bad: Outcome(503 if bad and made.number == 1 else 200, None, content=not bad),
            Retry(),
            budget,
        )
        lost += end != "stop_success"
    assert lost == 0
