"""Two calls beside each other: who is good first goes on, the other is ended.

Nothing stays open, whatever happens meanwhile: not a call that was good too late, and not the winner when the client leaves in the moment of
the decision.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, Protocol, TypeVar


class Made(Protocol):
    """What a call came to."""

    @property
    def good(self) -> bool:
        """Whether it will do; it is open then."""


M = TypeVar("M", bound=Made)


class Race(Generic[M]):
    """`lose` closes what was good and is not needed."""

    def __init__(self, lose: Callable[[M], Awaitable[None]]) -> None:
        self._lose = lose
        self._running: list[asyncio.Task[M]] = []

    async def run(
        self, first: Coroutine[Any, Any, M], second: Callable[[], Coroutine[Any, Any, M]], seconds: float
    ) -> tuple[M, M | None]:
        """Who goes on (without a good one, the first), and the other if it failed. The second begins after `seconds` without an outcome.

        What the first raises is raised, unless the second is good; what the second raises is as if it had not begun.
        """
        self._running = [asyncio.ensure_future(first)]
        try:
            await asyncio.wait(self._running, timeout=seconds)
            if not self._running[0].done():
                self._running.append(asyncio.ensure_future(second()))
                await self._until_good()
            chosen = next((one for one in self._running if _is_good(one)), self._running[0])
            await self._end(chosen)
        except asyncio.CancelledError:
            await self._end(None)
            raise
        failed = (one.result() for one in self._running if one is not chosen and _has_failed(one))
        return chosen.result(), next(failed, None)

    async def _until_good(self) -> None:
        waiting = set(self._running)
        while waiting and not any(_is_good(one) for one in self._running):
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    async def _end(self, chosen: asyncio.Task[M] | None) -> None:
        """End all but one. A call that is done cannot be cancelled any more."""
        others = [one for one in self._running if one is not chosen]
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for one in others:
            if _is_good(one):
                await self._lose(one.result())


def _ended_well(one: asyncio.Task[Any]) -> bool:
    return one.done() and not one.cancelled() and one.exception() is None


def _is_good(one: asyncio.Task[M]) -> bool:
    return _ended_well(one) and one.result().good


def _has_failed(one: asyncio.Task[M]) -> bool:
    return _ended_well(one) and not one.result().good
