"""The control interface of an upstream that runs as a process of its own: plain HTTP with JSON, on a port beside the upstream's.

    PUT    /rules     [{"path"?, "method"?, "model"?, "replies": [<steps>, …]}, …]   replaces the rules that were added this way
    PUT    /connect   [<steps>, …]                                                   scripts for the next connections
    POST   /gates/<name>                                                             opens a gate
    GET    /journal                                                                  every request so far (bytes in base64)
    GET    /state                                                                    {"accepted", "open", "requests"}
    POST   /reset                                                                    back to the start

<steps> is a list as in `steps.to_json`, or {"fault": name, "dialect"?: dialect} from the catalogue,
or {"fixture": "<dialect>/<case>", "stream"?: bool}.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.upstream import faults, fixtures
from tests.upstream.journal import Recorded
from tests.upstream.rules import Rule
from tests.upstream.server import Upstream
from tests.upstream.steps import Steps, from_json, reply


def steps_of(data: Any) -> Steps:
    """Steps from their JSON form; ValueError or LookupError when they are not."""
    if isinstance(data, list):
        return from_json(data)
    if "fixture" in data:
        return fixtures.by_name(data["fixture"]).steps(bool(data.get("stream")))
    name = data["fault"]
    if name in faults.CONNECT:
        return faults.CONNECT[name]
    return {**faults.ANSWERS, **faults.STREAMS}[name](data.get("dialect", "openai_chat"))


class Control:
    """Turns control requests into calls of one upstream; it is itself served by an `Upstream`, as a rule."""

    def __init__(self, upstream: Upstream, defaults: Callable[[Upstream], None]) -> None:
        self._upstream = upstream
        self._defaults = defaults
        defaults(upstream)

    def answer(self, request: Recorded) -> Steps:
        """The reply to a control request: 200 with JSON, 400 naming what is wrong, 404 for another address."""
        try:
            data = json.loads(request.body) if request.body else None
            result = self._do(request.method, request.path, data)
        except (ValueError, LookupError, TypeError) as error:
            return reply(400, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        status = 404 if result is None else 200
        return reply(status, json.dumps(result).encode())

    def _do(self, method: str, path: str, data: Any) -> Any:
        if method == "POST" and path.startswith("/gates/"):
            self._upstream.open(path.removeprefix("/gates/"))
            return {"open": True}
        known: dict[tuple[str, str], Callable[[Any], Any]] = {
            ("PUT", "/rules"): self._rules,
            ("PUT", "/connect"): self._connect,
            ("GET", "/journal"): lambda data: [entry.plain() for entry in self._upstream.journal],
            ("GET", "/state"): lambda data: self._state(),
            ("POST", "/reset"): lambda data: self._reset(),
        }
        act = known.get((method, path))
        return act(data) if act else None

    def _rules(self, data: Any) -> Any:
        rules = [
            Rule(
                tuple(steps_of(steps) for steps in item["replies"]),
                item.get("path"),
                item.get("method"),
                item.get("model"),
            )
            for item in data
        ]
        self._upstream.rules.clear()
        self._defaults(self._upstream)
        self._upstream.rules.extend(rules)
        return {"rules": len(rules)}

    def _connect(self, data: Any) -> Any:
        self._upstream.on_connect(*(steps_of(steps) for steps in data))
        return {"scripts": len(data)}

    def _reset(self) -> Any:
        self._upstream.reset()
        self._defaults(self._upstream)
        return {"reset": True}

    def _state(self) -> Any:
        upstream = self._upstream
        return {"accepted": upstream.accepted, "open": len(upstream.connections), "requests": len(upstream.journal)}


def fixtures_by_model(upstream: Upstream) -> None:
    """The rules an upstream process starts with: each dialect's path serves the fixture named by the request's `model`."""
    for dialect, path in fixtures.PATHS.items():
        upstream.add(fixtures.answer_by_model(dialect), path=path, method="POST")
