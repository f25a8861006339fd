"""The recorded-shape fixtures of tests/wire/fixtures, as replies.

`<dialect>/<case>.request.json` is what a client sends, `.response.json` the whole answer, `.stream.sse` the streamed one; a case has at least
one of the last two. Provenance is in tests/wire/fixtures/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.upstream.journal import Recorded
from tests.upstream.steps import JSON, Headers, Steps, events, reply

FOLDER = Path(__file__).parent.parent / "wire" / "fixtures"
PATHS = {
    "openai_chat": "/v1/chat/completions",
    "openai_embeddings": "/v1/embeddings",
    "openai_responses": "/v1/responses",
    "anthropic_messages": "/v1/messages",
}
REQUEST_ID = {
    "openai_chat": "x-request-id",
    "openai_embeddings": "x-request-id",
    "openai_responses": "x-request-id",
    "anthropic_messages": "request-id",
    "gemini": "x-request-id",
}


@dataclass(frozen=True, slots=True)
class Fixture:
    """One case: the request's bytes, and the answer's bytes in one or both forms."""

    dialect: str
    case: str
    request: bytes
    response: bytes | None
    stream: bytes | None

    @property
    def path(self) -> str:
        """Where a client sends it; Gemini's path names the model, see `target`."""
        return PATHS[self.dialect]

    def target(self, stream: bool, model: str) -> str:
        """Path and query that a client asks for this model."""
        if self.dialect != "gemini":
            return self.path
        return f"/v1beta/models/{model}:{'streamGenerateContent?alt=sse' if stream else 'generateContent'}"

    @property
    def name(self) -> str:
        """`<dialect>/<case>`."""
        return f"{self.dialect}/{self.case}"

    def asked(self, stream: bool, model: str | None = None) -> dict[str, Any]:
        """The request as JSON data, streamed or not, with another model name when given; Gemini's says neither."""
        data: dict[str, Any] = json.loads(self.request)
        if self.dialect == "gemini":
            return data
        if self.dialect != "openai_embeddings":
            data["stream"] = stream
        return {**data, "model": model} if model else data

    def steps(self, stream: bool) -> Steps:
        """The whole answer in this form, with the vendor's request id header; LookupError when the case has no such form."""
        extra: Headers = ((REQUEST_ID[self.dialect], f"req_upstream_{self.case}"),)
        if stream and self.stream is not None:
            return events(self.stream, (("content-type", "text/event-stream; charset=utf-8"), *extra))
        if not stream and self.response is not None:
            return reply(200, self.response, (*JSON, *extra))
        raise LookupError(f"{self.name} has no {'stream' if stream else 'response'}")


def _optional(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def load() -> list[Fixture]:
    """Every case of the dialects that name the model in the body, sorted by name. Gemini's and Converse's paths name it."""
    return _load(PATHS)


def load_gemini() -> list[Fixture]:
    """Gemini's cases, sorted by name."""
    return _load(("gemini",))


def _load(dialects: Collection[str]) -> list[Fixture]:
    found = []
    for request in sorted(FOLDER.glob("*/*.request.json")):
        if request.parent.name not in dialects:
            continue
        case = request.name.removesuffix(".request.json")
        stem = request.parent / case
        response, stream = _optional(stem.with_suffix(".response.json")), _optional(stem.with_suffix(".stream.sse"))
        found.append(Fixture(request.parent.name, case, request.read_bytes(), response, stream))
    return found


def by_name(name: str) -> Fixture:
    """The fixture `<dialect>/<case>`."""
    return next(fixture for fixture in (*load(), *load_gemini()) if fixture.name == name)


def answer_by_model(dialect: str) -> Any:
    """An answer that serves the case named by the request's `model`, in the form that `stream` asks for; 404 for an unknown one."""
    cases = {fixture.case: fixture for fixture in load() if fixture.dialect == dialect}

    def answer(request: Recorded) -> Steps:
        fixture = cases.get(request.model or "")
        if fixture is None:
            return reply(
                404, b'{"error":{"message":"no such fixture","type":"not_found_error","code":"model_not_found"}}'
            )
        return fixture.steps(bool(request.json().get("stream")))

    return answer
