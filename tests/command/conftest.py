"""A gateway that only knows the requests of the command, on a loopback port."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from gateway.command.__main__ import run
from gateway.command.screen import Screen

PLAN: dict[str, Any] = {"changes": [], "missing": [], "warnings": [], "number": 3, "fingerprint": "f" * 64}
APPLIED: dict[str, Any] = {"release": "a" * 64, "number": 4, "changed": True, "keys": []}
PASSWORD = "canary-password"
# What the tests' document names.
NAMED = {"UP_KEY": "up", "SECOND_KEY": "second", "HEADER": "h", "Q_KEY": "q", "K_KEY": "k" * 20}


@dataclass
class Fake:
    """Answers by path, as (status, body, headers); `asked` is what came."""

    url: str = ""
    answers: dict[str, tuple[int, Any, dict[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, Any, str]] = field(default_factory=list)

    def answer(self, path: str, body: Any, status: int = 200, **headers: str) -> None:
        self.answers[path] = (status, body, headers)

    def bodies(self, path: str) -> list[Any]:
        return [body for asked, body, _ in self.asked if asked == path]


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            fake.asked.append((self.path, json.loads(body or b"null"), self.headers.get("authorization", "")))
            status, answer, headers = fake.answers.get(self.path, (404, {}, {}))
            raw = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(raw))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST  # noqa: N815 -- http.server's name

        def log_message(self, *_args: Any) -> None:
            return

    return Handler


@pytest.fixture
def gateway() -> Iterator[Fake]:
    fake = Fake()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}"
    fake.answer("/api/auth/login", {"access_token": "the-token"})
    fake.answer("/api/auth/logout", "", 204)
    fake.answer("/api/admin/configuration/plan", PLAN)
    fake.answer("/api/admin/configuration/apply", APPLIED)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


class Keyboard(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Ended:
    """How the command ended, and what it said."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def command(gateway: Fake) -> Run:
    """`command("plan", "file", environ={…}, typed="yes\\n", colour=True)`."""

    def call(
        *arguments: str, environ: dict[str, str] | None = None, typed: str | None = None, colour: bool = False
    ) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        keyboard = io.StringIO("") if typed is None else Keyboard(typed)
        given = NAMED | {"GATEWAY_URL": gateway.url, "GATEWAY_USER": "admin", "GATEWAY_PASSWORD": PASSWORD}
        status = run(["config", *arguments], given | (environ or {}), Screen(out, err, keyboard, colour))
        assert PASSWORD not in out.getvalue() + err.getvalue()
        return Ended(status, out.getvalue(), err.getvalue())

    return call
