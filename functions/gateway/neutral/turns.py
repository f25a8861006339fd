"""A turn: one question of a dialog, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gateway.neutral.dialogs import Dialog

TurnState = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Turn:
    """`question` is the message's id, as its client chose it, `answer` the id that its answer has or will have. `at_ms` is the place of both.

    `request` is at work on it until `expires_ms`, unless it says in time that it still is. `paid_for` names the message in the history of a balance.
    `fingerprint` is a digest of what was asked, `kept` of what is stored of it, where guardrails made that something else. `answered`: something of
    an answer is stored, if only its beginning.
    """

    question: str
    answer: str
    request: str
    paid_for: str
    at_ms: int
    expires_ms: int
    fingerprint: str
    state: TurnState = "running"
    answered: bool = False
    kept: str | None = None

    def says(self, fingerprint: str) -> bool:
        """Whether this is the same question, as it was asked or as it can be read in the dialog since."""
        return fingerprint in (self.fingerprint, self.kept)

    def free(self, now_ms: int) -> bool:
        """Whether it may be tried again."""
        return self.state == "failed" or (self.state == "running" and self.expires_ms <= now_ms)


@dataclass(frozen=True, slots=True)
class Opened:
    """A dialog, with the turn of the question that was asked about, if there is one."""

    dialog: Dialog
    turn: Turn | None = None
