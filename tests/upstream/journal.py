"""What the upstream saw: one entry per request, byte for byte."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["open", "sent", "reset", "closed", "client_left", "stopped"]


@dataclass(slots=True)
class Recorded:
    """One request and what became of its reply.

    `head` is everything up to and including the empty line, `raw_body` the body as it was on the wire (still chunk-coded when it was),
    `body` the decoded one. `outcome` is "client_left" when the client closed before the reply's last step; `sent` counts body bytes written.
    """

    number: int
    connection: int
    head: bytes
    raw_body: bytes = b""
    body: bytes = b""
    outcome: Outcome = "open"
    sent: int = 0
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def method(self) -> str:
        """The request line's first word."""
        return self._request_line()[0]

    @property
    def target(self) -> str:
        """The request target, query included."""
        return self._request_line()[1]

    @property
    def path(self) -> str:
        """The request target without its query."""
        return self.target.partition("?")[0]

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Header fields in the order they came, names as they were written."""
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    @property
    def client_left(self) -> bool:
        """True when the client closed before the reply had ended."""
        return self.outcome == "client_left"

    def header(self, name: str) -> str | None:
        """The first field of this name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def model(self) -> str | None:
        """The `model` of a JSON body, else None."""
        try:
            data = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        name = data.get("model") if isinstance(data, dict) else None
        return name if isinstance(name, str) else None

    def plain(self) -> dict[str, Any]:
        """The entry as JSON data for the control interface; bytes in base64."""
        return {
            "number": self.number,
            "connection": self.connection,
            "method": self.method,
            "target": self.target,
            "headers": self.headers,
            "head": base64.b64encode(self.head).decode(),
            "body": base64.b64encode(self.body).decode(),
            "outcome": self.outcome,
            "sent": self.sent,
        }

    def _request_line(self) -> list[str]:
        words = self.head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        return [*words, "", ""]
