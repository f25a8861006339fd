"""One timer for all phases of an upstream exchange.

Theory of operation: a timeout per chunk would arm and disarm a timer for every chunk. Here the owner only writes down a new deadline (`touch`);
the single timer, when it goes off early, sleeps on until the deadline that holds by then. When a deadline really passes, or the client
leaves, the watchdog remembers why and cancels the task; whoever catches the cancellation asks `reason()` to tell it from one of others.

A task that is cancelled twice before it runs hears of it once. Whoever asks first must not take the one cancellation for its own then: it would
be lost for the other, who may be outside and mean more than this call. So the inner one gives way, as `asyncio.timeout` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.errors import UpstreamFault


class Watchdog:
    """Bounds one task. Seconds are those of the running loop's clock."""

    def __init__(self, task: asyncio.Task[object], *, total: float, total_fault: Callable[[], UpstreamFault]) -> None:
        self._task = task
        self._before = task.cancelling()
        self._others = False
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.time() + total
        self._total_fault = total_fault
        self._deadline = self._end
        self._seconds = total
        self._fault = total_fault
        self._reason: Exception | None = None
        self._taken_back = False
        self._stopped = False
        self._paused = False
        self._timer = self._loop.call_at(self._end, self._ring)

    def rebind(self, task: asyncio.Task[object]) -> None:
        """From now on it is this task that is bounded: the exchange went on in another one, which has ended. What it was told is told again."""
        self._task, self._before = task, task.cancelling()
        if self._reason is not None and not self._taken_back:
            task.cancel()

    def phase(self, seconds: float, fault: Callable[[], UpstreamFault]) -> None:
        """Begin a phase: from now on at most `seconds` may pass between touches."""
        self._seconds = seconds
        self._fault = fault
        self._deadline = self._loop.time() + seconds
        if self._deadline < self._timer.when():
            self._timer.cancel()
            self._timer = self._loop.call_at(self._deadline, self._ring)

    def touch(self) -> None:
        """Something arrived: the phase starts over."""
        self._paused = False
        self._deadline = self._loop.time() + self._seconds

    def pause(self) -> None:
        """Until the next touch it is not the provider who is waited for: only the total goes on."""
        self._paused = True

    def bark(self, reason: Exception) -> None:
        """Stop the task now, for a reason from outside (the client left, somebody asked to stop)."""
        if self._reason is None and not self._stopped:
            self._reason = reason
            self._task.cancel()

    @property
    def barked(self) -> Exception | None:
        """Why the task was or is being cancelled; unlike `reason`, it changes nothing."""
        return self._reason

    def reason(self) -> Exception | None:
        """Why this watchdog cancelled the task, None when it did not, or when somebody else did, too; takes its cancellation back."""
        if self._reason is not None and not self._taken_back:
            self._taken_back = True
            self._others = self._task.uncancel() > self._before
        return None if self._others else self._reason

    def stop(self) -> None:
        """The exchange is over: no bark from now on, and no trace of an earlier one on the task."""
        self._stopped = True
        self._timer.cancel()
        self.reason()

    def _ring(self) -> None:
        now = self._loop.time()
        if now >= self._end:
            self.bark(self._total_fault())
        elif self._paused:
            self._timer = self._loop.call_at(min(now + self._seconds, self._end), self._ring)
        elif now >= self._deadline:
            self.bark(self._fault())
        else:
            self._timer = self._loop.call_at(min(self._deadline, self._end), self._ring)
