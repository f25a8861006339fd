"""What holds for every plan and every sequence of outcomes."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.routing.courses import candidate, course

from gateway.neutral.config import Retry
from gateway.routing.attempts import Outcome, Try
from gateway.routing.budget import RetryBudget
from gateway.routing.candidate import Plan
from gateway.routing.steps import STEPS, classify

CODES = [
    None, "upstream_status", "in_band_error", "upstream_timeout", "upstream_cut", "upstream_total_timeout", "upstream_bad_answer",
    "provider_unavailable", "cannot_carry", "probe_taken", "key_unreadable", "client_gone", "something_else",
]  # fmt: skip
STATUSES = [None, 200, 302, 400, 401, 403, 404, 408, 409, 413, 422, 429, 429, 500, 501, 503, 503, 529]
PLANS = st.lists(
    st.builds(
        lambda name, keys, half_open: candidate(name, keys, half_open=half_open),
        st.sampled_from(["a/m", "a/n", "b/m", "c/m", "d/m"]),
        st.lists(st.sampled_from(["k1", "k2", "k3"]), unique=True, max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
).map(lambda found: Plan(tuple(found)))
OUTCOMES = st.builds(
    Outcome,
    status=st.sampled_from(STATUSES),
    fault=st.sampled_from(CODES),
    retry_after=st.sampled_from([None, None, 0.0, 1.0, 10.0, 11.0, 86_400.0]),
    content=st.sampled_from([False] * 9 + [True]),
    remaining=st.sampled_from([None, None, None, 600.0, 5.0, 0.5, -3.0]),
    now=st.floats(-10, 30),
)
RETRIES = st.builds(
    Retry,
    attempts=st.integers(0, 5),
    base_seconds=st.sampled_from([0.0, 0.5, 100.0]),
    max_seconds=st.sampled_from([0.0, 8.0]),
    retry_after_seconds=st.sampled_from([0.0, 10.0, 60.0]),
    max_calls=st.integers(0, 12),
)


@settings(max_examples=400, deadline=None)
@given(plan=PLANS, retry=RETRIES, outcomes=st.lists(OUTCOMES, min_size=1, max_size=12), seed=st.integers(0, 99))
def test_every_course(plan: Plan, retry: Retry, outcomes: list[Outcome], seed: int) -> None:
    """It ends, stays within its bounds, and goes nowhere it must not."""
    told: list[tuple[Try, Outcome]] = []
    budget = RetryBudget()
    granted = 2 + 0.1 * 40

    def answer(made: Try) -> Outcome:
        told.append((made, outcomes[(made.number - 1) % len(outcomes)]))
        assert len(told) < 500, "it does not end"
        return told[-1][1]

    made, end = course(plan, answer, retry, budget, seed)
    assert end == "exhausted" or end.startswith("stop_")
    assert [one.number for one in made] == list(range(1, len(made) + 1))
    calls = [outcome for _, outcome in told if STEPS[classify(outcome)].called]
    assert len(calls) <= max(1, retry.max_calls)
    assert sum(one.why == "retry" for one in made) <= granted
    _nothing_follows_an_end(told)
    _keys_keep_what_they_are(told)
    _retries_are_bounded(made, retry)
    _whys_are_true(told)


def _nothing_follows_an_end(told: list[tuple[Try, Outcome]]) -> None:
    for _, outcome in told[:-1]:
        kind = classify(outcome)
        assert not outcome.content
        assert kind not in {"success", "client_error", "client_gone", "out_of_time", "too_long"}
        assert outcome.remaining is None or outcome.remaining >= 1.0


def _keys_keep_what_they_are(told: list[tuple[Try, Outcome]]) -> None:
    """Neither a dead nor an unreadable key is used again; a throttled one only as the last resort; keys belong to their candidate."""
    gone: set[tuple[str, str]] = set()
    cooling: set[tuple[str, str]] = set()
    for made, outcome in told:
        assert (made.key is None) == (not made.candidate.keys)
        if made.key is None:
            continue
        assert made.key in made.candidate.keys
        who = (made.candidate.provider.id, made.key.id)
        assert who not in gone
        assert who not in cooling or made.why == "retry"
        kind = classify(outcome)
        if kind in {"key_refused", "key_unreadable"}:
            gone.add(who)
        elif kind == "throttled":
            cooling.add(who)


def _retries_are_bounded(made: list[Try], retry: Retry) -> None:
    counted = Counter((one.candidate.name, one.key.id if one.key else None) for one in made)
    assert max(counted.values()) <= max(1, retry.attempts)
    targets = [one.candidate.name for one in made if one.why in {"first", "next_target"}]
    assert len(targets) == len(set(targets))


def _whys_are_true(told: list[tuple[Try, Outcome]]) -> None:
    """Each word says what changed since the try before, only retries wait, and the step of the outcome allows each."""
    assert told[0][0].why == "first"
    for (before, outcome), (after, _) in pairwise(told):
        step = STEPS[classify(outcome)]
        same_target = after.candidate is before.candidate
        if after.why == "retry":
            assert step.retry
            assert same_target
            assert after.key == before.key
            assert not before.candidate.half_open
            assert after.delay >= (outcome.retry_after or 0.0)
        else:
            assert after.delay == 0.0
            assert (after.why, same_target) in {("next_key", True), ("next_target", False)}
            assert step.next_key if same_target else step.next_target
