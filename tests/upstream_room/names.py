"""A resolver and a dialler in place of the running loop's, so that a test decides what names mean and sees where connections would go."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

Dial = tuple[str, int, str | None]


class Names:
    """A resolver that gives the next answer at each question, the last one for ever; an empty answer is a name that does not exist."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", self.lookup)

    async def lookup(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "none")
        return [(0, 0, 0, "", (address, port)) for address in found]


class Dialled:
    """Every connection that is tried, (address, port, name in TLS). With `through` they are made, else all are refused."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, through: bool = False) -> None:
        self.calls: list[Dial] = []
        loop = asyncio.get_running_loop()
        self._connect = loop.create_connection if through else None
        monkeypatch.setattr(loop, "create_connection", self.dial)

    async def dial(self, make: Any, host: str, port: int, **more: Any) -> Any:
        assert (more.get("ssl") is None) == (more.get("server_hostname") is None)
        self.calls.append((host, port, more.get("server_hostname")))
        if self._connect is None:
            raise ConnectionRefusedError
        return await self._connect(make, host, port, **more)
