"""Signs of life on a silent stream, so that no hop on the way takes a thinking model for a dead connection.

Theory of operation: one timer per stream. When it goes off, it looks when something was sent last; was that recently, it sleeps on until the
silence would be too long, else it has the reply send a sign, and begins the answer if the provider has not even done that. From then
on a failure can no longer be a status: it becomes the dialect's error event. Signs stand between whole events only, because everything
else that is sent is whole events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.ingress.http import Headers, Reply


class Heartbeat:
    """Beats until `stop`. `seconds` of silence are allowed; 0 switches it off. `headers()` begin the answer when nothing else did."""

    def __init__(self, reply: Reply, seconds: float, headers: Callable[[], Headers], sign: bytes) -> None:
        self._reply = reply
        self._seconds = seconds
        self._headers = headers
        self._sign = sign
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self.beats = 0
        if seconds > 0:
            reply.last = self._loop.time()
            self._arm(reply.last + seconds)

    def stop(self) -> None:
        """No sign from now on."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self, due: float) -> None:
        self._timer = self._loop.call_at(due, self._beat)

    def _beat(self) -> None:
        reply, now = self._reply, self._loop.time()
        if reply.ended:
            return
        due = reply.last + self._seconds
        if now >= due:
            reply.last = now
            due = now + self._seconds
            self.beats += 1
            reply.sign(self._headers(), self._sign)
        self._arm(due)
