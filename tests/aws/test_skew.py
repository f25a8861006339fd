"""The machine's clock against AWS's."""

from __future__ import annotations

import pytest

from gateway.aws.skew import Skew, seconds
from gateway.clock import Clock

DATE = "Sat, 21 Nov 2026 11:13:48 GMT"
AT = 1_795_259_628.0


def test_a_date_is_read() -> None:
    assert seconds(DATE) == AT


@pytest.mark.parametrize(
    "text", ["", "now", "Sat, 21 Nov 2026 11:13:48", "Sat, 31 Feb 2026 11:13:48 GMT", "Sat, 21 Nox 2026 11:13:48 GMT"]
)
def test_what_is_no_date_says_nothing(text: str) -> None:
    assert seconds(text) is None
    skew = Skew(Clock(wall=lambda: AT + 300))
    skew.learn(DATE)
    skew.learn(text)
    assert skew.ahead == pytest.approx(299.5)


@pytest.mark.parametrize("off", [-300.0, -3.0, 3.0, 300.0])
def test_a_clock_that_is_off_is_known_to_the_second(off: float) -> None:
    skew = Skew(Clock(wall=lambda: AT + 0.5 + off))
    skew.learn(DATE)
    assert skew.ahead == pytest.approx(off)


@pytest.mark.parametrize("off", [-1.5, 0.0, 1.5])
def test_what_the_header_cannot_tell_is_left(off: float) -> None:
    skew = Skew(Clock(wall=lambda: AT + 0.5 + off))
    skew.learn(DATE)
    assert skew.ahead == 0.0


def test_a_clock_that_was_put_right_is_believed_again() -> None:
    now = [AT + 300.0]
    skew = Skew(Clock(wall=lambda: now[0]))
    skew.learn(DATE)
    now[0] = AT + 1.2
    skew.learn("Sat, 21 Nov 2026 11:13:49 GMT")
    assert skew.ahead == 0.0
