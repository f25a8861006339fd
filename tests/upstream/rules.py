"""Which reply a request gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.upstream.journal import Recorded
from tests.upstream.steps import Steps, reply

Answer: TypeAlias = Steps | Callable[[Recorded], Steps]


@dataclass(slots=True)
class Rule:
    """Requests that match get `replies` in order; the last one serves all later requests. A condition that is None matches everything."""

    replies: tuple[Answer, ...]
    path: str | None = None
    method: str | None = None
    model: str | None = None
    used: int = field(default=0)

    def matches(self, request: Recorded) -> bool:
        """Whether every condition holds."""
        return (
            (self.path is None or self.path == request.path)
            and (self.method is None or self.method == request.method)
            and (self.model is None or self.model == request.model)
        )

    def take(self, request: Recorded) -> Steps:
        """The next reply, worked out for this request."""
        answer = self.replies[min(self.used, len(self.replies) - 1)]
        self.used += 1
        return answer(request) if callable(answer) else answer


def choose(rules: list[Rule], request: Recorded) -> Steps:
    """The newest matching rule's reply; 599 when nothing matches, so that a test notices."""
    for rule in reversed(rules):
        if rule.matches(request):
            return rule.take(request)
    return reply(599, b'{"error":{"message":"no rule of the test upstream matches","type":"test_setup"}}')
