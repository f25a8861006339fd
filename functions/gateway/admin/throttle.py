"""Holding back those who guess: passwords, invitations, refresh tokens.

A try is counted *before* anything is looked at, so that parallel tries cannot slip past the cap (`stores/login_tries.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admin.errors import TooManyTries
from gateway.stores.login_tries import LoginTries


@dataclass(frozen=True, slots=True)
class Throttle:
    """Subjects are those of `TryLimit.of`."""

    tries: LoginTries

    def take(self, *subjects: str) -> None:
        """Count a try of each subject; TooManyTries when one of them is at its limit."""
        waits = [self.tries.take(subject) for subject in subjects]
        if not any(waits):
            return
        for subject, wait in zip(subjects, waits, strict=True):
            if not wait:  # this one was not at its limit: a refused try does not count against it
                self.tries.give_back(subject)
        raise TooManyTries(max(waits))

    def give_back(self, subject: str) -> None:
        """The try was a good one."""
        self.tries.give_back(subject)

    def forget(self, subject: str) -> None:
        """Begin afresh."""
        self.tries.forget(subject)
