"""One test per row of the table, with what follows written out by hand; as a whole answer and inside a stream."""

from __future__ import annotations

from typing import get_args

import pytest
from tests.routing.courses import TWO, course, told

from gateway import errors
from gateway.neutral.health import KeySeen, TargetSeen
from gateway.routing.attempts import Outcome
from gateway.routing.effects import effects
from gateway.routing.steps import STEPS, FaultClass, Why, classify
from gateway.upstream import faults

A1, A2 = "a/m a1 first", "a/m a2 next_key"
B = "b/m b1 next_target"
RETRIED = [A1, "a/m a1 retry", B, "b/m b1 retry", "exhausted"]
KEYS = [A1, A2, B, "exhausted"]
TARGETS = [A1, B, "exhausted"]
CODES_RETRIED = [
    "upstream_unreachable", "upstream_dns", "upstream_connect_timeout", "upstream_timeout", "upstream_idle_timeout", "upstream_reset",
    "upstream_cut", "upstream_bad_answer", "upstream_error",
]  # fmt: skip

# class, (status, fault) that are of it, what follows when everything answers so, what the target's breaker is told, what the key suffers
ROWS: list[tuple[FaultClass, list[tuple[int | None, str | None]], list[str], bool | str | None, str | None]] = [
    ("success", [(200, None), (201, None), (204, None)], [A1, "stop_success"], True, None),
    (
        "client_error",
        [(status, fault) for status in (400, 405, 406, 410, 411, 413, 414, 415, 421, 422, 424, 425, 431, 451, 499)
         for fault in (None, "upstream_status", "in_band_error", "invalid_request")],
        [A1, "stop_client_error"],
        None,
        None,
    ),
    ("client_gone", [(None, "client_gone"), (200, "client_gone")], [A1, "stop_client_gone"], None, None),
    ("out_of_time", [(None, "upstream_total_timeout"), (200, "upstream_total_timeout")], [A1, "stop_time"], False, None),
    ("throttled", [(429, None), (429, "upstream_status"), (429, "in_band_error")], KEYS, None, "cool"),
    (
        "key_refused",
        [(status, fault) for status in (401, 402, 403) for fault in (None, "upstream_status", "in_band_error")],
        KEYS,
        None,
        "dead",
    ),
    ("key_unreadable", [(None, "key_unreadable")], KEYS, "nothing", None),
    ("not_found", [(404, None), (404, "in_band_error"), (404, "model_not_found"), (403, "model_refused")], TARGETS, None, None),
    ("redirected", [(status, "upstream_bad_answer") for status in (301, 302, 307, 308)] + [(304, None)], TARGETS, False, None),
    ("unsupported", [(501, None), (505, None), (501, "in_band_error")], TARGETS, None, None),
    ("locked", [(409, None), (409, "in_band_error")], RETRIED, None, None),
    (
        "provider_fault",
        [(status, fault) for status in (408, 500, 502, 503, 504, 507, 520, 524, 529, 599) for fault in (None, "in_band_error")]
        + [(status, fault) for status in (None, 200) for fault in [*CODES_RETRIED, "in_band_error", "overloaded_error"]],
        RETRIED,
        False,
        None,
    ),
    (
        "uncallable",
        [(None, "cannot_carry"), (None, "provider_unavailable"), (503, "provider_unavailable"), (400, "unsafe_url"),
         (400, "unsupported_by_provider")],
        TARGETS,
        "nothing",
        None,
    ),
    ("probe_taken", [(None, "probe_taken")], TARGETS, "nothing", None),
]  # fmt: skip
CASES = [
    pytest.param(row[0], Outcome(*case), *row[2:], id=f"{row[0]}-{case[0]}-{case[1]}")
    for row in ROWS
    for case in row[1]
]


@pytest.mark.parametrize(("kind", "outcome", "followed", "breaker", "key"), CASES)
def test_a_row_of_the_table(
    kind: FaultClass, outcome: Outcome, followed: list[str], breaker: bool | str | None, key: str | None
) -> None:
    assert classify(outcome) == kind
    made, end = course(TWO, lambda _: outcome)
    assert told(made, end) == followed
    seen = effects(made[0], outcome, 1_000_000)
    assert [one.ok for one in seen if isinstance(one, TargetSeen)] == ([] if breaker == "nothing" else [breaker])
    cooled = [bool(one.cooling_until_ms) for one in seen if isinstance(one, KeySeen)]
    assert cooled == {"cool": [True], "dead": [False], None: []}[key]


@pytest.mark.parametrize(("kind", "outcome", "followed", "breaker", "key"), CASES)
def test_nothing_follows_content(
    kind: FaultClass, outcome: Outcome, followed: list[str], breaker: bool | str | None, key: str | None
) -> None:
    """The same faults behind the first content: one try, whatever the class."""
    late = Outcome(outcome.status, outcome.fault, content=True)
    made, end = course(TWO, lambda _: late)
    assert told(made, end) == [A1, "stop_success" if kind == "success" else "stop_after_content"]


def test_a_long_answer_that_ran_out_of_time_is_no_fault_of_its_provider() -> None:
    late = Outcome(200, "upstream_total_timeout", content=True)
    assert classify(late) == "too_long"
    made, _ = course(TWO, lambda _: late)
    assert [one.ok for one in effects(made[0], late, 0) if isinstance(one, TargetSeen)] == [None]


def test_the_rows_are_the_table() -> None:
    assert {row[0] for row in ROWS} | {"too_long"} == set(STEPS) == set(get_args(FaultClass))
    assert {step.ends for step in STEPS.values()} - {None} <= set(get_args(Why))


def test_every_status_has_a_class_and_only_success_is_one() -> None:
    for status in range(100, 600):
        for fault in (None, "in_band_error", "upstream_status"):
            kind = classify(Outcome(status, fault))
            assert (kind == "success") == (200 <= status < 300 and fault is None)
            assert kind in STEPS


def test_every_fault_of_the_upstream_room_is_known() -> None:
    """A new fault must be given its step; by default a code without a status is retried."""
    codes = {
        kind.code
        for kind in vars(faults).values()
        if isinstance(kind, type) and issubclass(kind, errors.UpstreamFault) and kind is not faults.Refused
    }
    listed = {fault for row in ROWS for _, fault in row[1]}
    assert codes <= listed
    assert {errors.CannotCarry.code, errors.UnsafeUrl.code} <= listed


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (Outcome(200, None), None),
        (Outcome(503, None), "503"),
        (Outcome(429, "upstream_status"), "429"),
        (Outcome(529, "in_band_error"), "529"),
        (Outcome(None, "in_band_error"), "in_band_error"),
        (Outcome(200, "in_band_error"), "in_band_error"),
        (Outcome(200, "upstream_cut"), "upstream_cut"),
        (Outcome(302, "upstream_bad_answer"), "upstream_bad_answer"),
        (Outcome(None, None), "no_answer"),
    ],
)
def test_a_fault_in_one_word(outcome: Outcome, word: str | None) -> None:
    assert outcome.word == word
