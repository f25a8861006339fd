"""How the demo upstream behaves for a model name: pace, slowness, errors on demand.

demo-error-429, demo-claude-error-529, …   that status, in the vendor's error shape
demo-slow, demo-claude-slow, …             three seconds to the first byte, then ten times slower
demo-breaks, demo-claude-breaks, …         a stream ends after three pieces with the vendor's own error event
demo-<anything else>, anthropic.claude-demo-1   answers
gpt-5-codex                                answers on /v1/responses alone, as the real one does
every other name                           unknown model
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds before the first byte and before each word of a stream, which may break off."""

    first: float
    word: float
    breaks: bool = False

    async def begin(self) -> None:
        """Wait as long as the first byte takes."""
        if self.first:
            await asyncio.sleep(self.first)

    async def spaced(self, pieces: Iterable[str]) -> AsyncIterator[str]:
        """The pieces, each after its pause; UpstreamError in the middle where the model breaks off."""
        for number, piece in enumerate(pieces):
            if self.breaks and number == 3:
                raise UpstreamError(500, "The demo upstream breaks off on demand.")
            if self.word:
                await asyncio.sleep(self.word)
            yield piece


class UpstreamError(Exception):
    """An answer other than success; each vendor's file gives it that vendor's shape."""

    def __init__(self, status: int, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.field = field


DEMO = re.compile(r"(?:^|[-.])demo-")
ONLY_RESPONSES = "gpt-5-codex"
WORDS = {400: "This request is refused on demand.", 429: "Rate limit reached on demand. Please try again in 1s."}


def pace(model: str, word_seconds: float) -> Pace:
    """The pace of a model; UpstreamError when its name asks for one, or is not a demo model's."""
    if not DEMO.search(model) and model != ONLY_RESPONSES:
        raise UpstreamError(
            404,
            f"The model `{model[:100]}` does not exist: the demo upstream knows names with the word demo-.",
            "model",
        )
    wanted = re.search(r"-error-([45]\d\d)$", model)
    if wanted:
        status = int(wanted.group(1))
        raise UpstreamError(status, WORDS.get(status, f"The demo upstream answers {status} on demand."))
    if model.endswith("-slow"):
        return Pace(3.0, word_seconds * 10)
    return Pace(0.0, word_seconds, model.endswith("-breaks"))
