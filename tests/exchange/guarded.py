"""An exchange with guardrails, and the smallest conversations in which they find something."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from tests.exchange.dialects import WORDS, events, read, streamed, text_of, whole
from tests.exchange.kit import Door, MemoryKeys, release_for, virtual_key
from tests.upstream.server import Upstream

from gateway.neutral.config import Model, Price, Release, Route, Target
from gateway.neutral.guardrails import Guardrail

MAIL: Final = "jane.doe@example.org"
SAID: Final = f"Write to {MAIL} today, please."
MASKED: Final = "Write to [email] today, please."
TARGETS: Final = {
    "openai_chat": Target("oai", "up-chat"),
    "openai_responses": Target("full", "gpt-5-codex"),
    "anthropic_messages": Target("ant", "up-claude"),
    "gemini": Target("gem", "up-gemini"),
    "openai_completions": Target("oai", "up-chat"),
}


def pii(action: str, *stages: str, **more: Any) -> Guardrail:
    return Guardrail("no-mail", "pii", stages or ("input",), action, pii=("email",), **more)  # type: ignore[arg-type]


def guarded_release(url: str, *rules: Guardrail, **route: Any) -> Release:
    """A route of each dialect, named by it, under all the rules that are not everywhere."""
    named = tuple(rule.id for rule in rules if not rule.everywhere)
    release = release_for(url)
    routes = tuple(Route(f"r-{name}", (target,), guardrails=named, **route) for name, target in TARGETS.items())
    judge = Model("judge", "oai", "omni-moderation", kind="moderation", price=Price(input=1_000_000, output=0))
    return replace(release, models=(*release.models, judge), routes=routes, guardrails=rules)


def guarded(upstream: Upstream, *rules: Guardrail, **route: Any) -> Door:
    return Door(guarded_release(upstream.url, *rules, **route), MemoryKeys(virtual_key(record_bodies=True)))


def asking(client: str, text: str, *, stream: bool = False, **more: Any) -> tuple[str, dict[str, Any]]:
    """Target and body of a request that says something."""
    model, said = f"r-{client}", [{"role": "user", "content": text}]
    if client == "gemini":
        action = "streamGenerateContent?alt=sse" if stream else "generateContent"
        return f"/v1beta/models/{model}:{action}", {"contents": [{"role": "user", "parts": [{"text": text}]}], **more}
    if client == "openai_responses":
        return "/v1/responses", {"model": model, "input": text, "stream": stream, **more}
    if client == "anthropic_messages":
        return "/v1/messages", {"model": model, "max_tokens": 64, "messages": said, "stream": stream, **more}
    if client == "openai_completions":
        return "/v1/completions", {"model": model, "prompt": text, "stream": stream, **more}
    return "/v1/chat/completions", {"model": model, "messages": said, "stream": stream, **more}


def answer(client: str, text: str) -> bytes:
    """An upstream's whole answer that says a text."""
    if client == "openai_completions":
        choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}
        return json.dumps(
            {"id": "cmpl-1", "object": "text_completion", "model": "up", "choices": [choice], **_USAGE}
        ).encode()
    return whole(client).replace(WORDS.encode(), _spelled(text))


def stream(client: str, *pieces: str) -> bytes:
    """An upstream's stream of two pieces."""
    first, second = pieces
    if client == "openai_completions":
        chunks = [_text(first), _text(second), _text("", "stop"), {"id": "cmpl-1", "choices": [], **_USAGE}]
        return b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in chunks) + b"data: [DONE]\n\n"
    found = b"".join(streamed(client)).replace(WORDS.encode(), _spelled(first + second))
    return found.replace(b'"Hello "', b'"' + _spelled(first) + b'"').replace(
        b'"there."', b'"' + _spelled(second) + b'"'
    )


_USAGE: Final = {"usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}}


def _text(text: str, reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": reason}
    return {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "up", "choices": [choice]}


def _spelled(text: str) -> bytes:
    return json.dumps(text)[1:-1].encode()


def said(client: str, body: bytes, *, streams: bool) -> str:
    """What a client of the dialect reads."""
    if client != "openai_completions":
        return text_of(client, body) if streams else read(client, body)[0]
    found = [one for one in (events(body) if streams else [json.loads(body)]) if isinstance(one, dict)]
    return "".join(choice["text"] for one in found for choice in one["choices"])


def reason(client: str, body: bytes, *, streams: bool) -> str | None:
    """Why an answer ended, in the dialect's word."""
    found = [one for one in (events(body) if streams else [json.loads(body)]) if isinstance(one, dict)]
    if client == "openai_responses":
        last = found[-1].get("response", found[-1])
        return (last.get("incomplete_details") or {}).get("reason")
    if client == "anthropic_messages":
        reasons = [one.get("stop_reason") or one.get("delta", {}).get("stop_reason") for one in found]
    elif client == "gemini":
        reasons = [choice.get("finishReason") for one in found for choice in one.get("candidates", [])]
    else:
        reasons = [choice.get("finish_reason") for one in found for choice in one.get("choices", [])]
    return next((one for one in reversed(reasons) if one), None)


FILTERED: Final = {
    "openai_chat": "content_filter",
    "openai_completions": "content_filter",
    "openai_responses": "content_filter",
    "anthropic_messages": "refusal",
    "gemini": "SAFETY",
}
