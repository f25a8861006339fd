"""Asking another model of the release for the gateway's own ends: an embedding for the cache, a verdict for a guardrail.

It is a request inside a request: planned, tried and metered as any other, by the same code; but in nobody's name. Its caller's lists of models do not
hold for it, since the caller did not choose it; its cost is the caller's, who is told of it in the row, as an attempt of its own kind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from gateway.beside import Question, most, question_of, weight, within
from gateway.caching import vectors
from gateway.delivery import Asked
from gateway.errors import GatewayError
from gateway.ingress import relays
from gateway.ingress.draft import Draft
from gateway.ingress.http import ClientGone, Message, Reply, Request
from gateway.ingress.relays import Relay
from gateway.neutral.caching import CacheRule
from gateway.neutral.config import Retry, VirtualKey
from gateway.neutral.logrow import Attempt
from gateway.parts import Parts
from gateway.planning import Planning
from gateway.policies.reservation import Worst
from gateway.routing.budget import RetryBudget
from gateway.routing.candidate import Plan
from gateway.routing.chance import Waits
from gateway.routing.features import Features
from gateway.serving import Means, Serving
from gateway.settlement import meter
from gateway.stores.protocols import Embedder
from gateway.wire.reading import load_object

_MOST_CALLS: Final = 2
# Somebody waits for another answer meanwhile: seconds until this one is given up.
_PATIENCE: Final[Mapping[str, float]] = {"embedding": 3.0}
_USUAL_PATIENCE: Final = 10.0


class Asking:
    """Asks on behalf of a request. One instance per environment."""

    def __init__(self, parts: Parts, planning: Planning) -> None:
        self._parts = parts
        self._planning = planning
        self._budget = RetryBudget()

    async def ask(self, relay: Relay, body: Mapping[str, Any], asked: Asked, kind: str) -> Mapping[str, Any] | None:
        """The answer's JSON; None when nobody gave one. `kind` names the attempt in the row (`embedding`, `moderation`)."""
        heard = _Heard()
        inner = self._inner(relay, body, asked, Reply(heard.send))
        draft = inner.draft
        began = self._parts.clock.monotonic()
        try:
            features, plan = await self._plan(inner)
            plan = within(plan, question_of(relay, body), asked.draft.purse)
            means = Means(Retry(attempts=1, max_calls=_MOST_CALLS), self._budget, Waits(features.seed))
            async with asyncio.timeout(_PATIENCE.get(kind, _USUAL_PATIENCE)):
                await Serving(self._parts, inner, plan, means).run()
        except GatewayError as error:
            draft.fail(error)
        except (ClientGone, TimeoutError):
            draft.status, draft.error = 504, "timeout"
        self._note(draft, asked.draft, kind, began)
        return load_object(heard.body) if draft.status == 200 else None

    async def most(self, question: Question, asked: Asked) -> Worst | None:
        """What a question comes to at most, by whoever would be asked now. Nothing where nobody would; None when nobody knows their prices."""
        body = {"model": question.model, "input": "?"}
        try:
            inner = self._inner(question.relay, body, asked, asked.client.reply)
            _, plan = await self._plan(inner, takes_turn=False)
        except GatewayError:
            return Worst(0, 0, 0, 0)
        return most(question, plan.candidates)

    def _inner(self, relay: Relay, body: Mapping[str, Any], asked: Asked, reply: Reply) -> Asked:
        """The request inside the request."""
        draft = self._draft(asked.draft, relay.path)
        client = replace(asked.client, request=draft.request, receive=_nobody, reply=reply)
        return Asked(relay, relay.peek(orjson.dumps(body)), client, draft)

    async def _plan(self, inner: Asked, *, takes_turn: bool = True) -> tuple[Features, Plan]:
        index = await self._parts.releases.current()
        features = self._planning.features(inner, index, takes_turn=takes_turn)
        return features, await self._planning.plan(features, inner, index)

    def _draft(self, original: Draft, path: str) -> Draft:
        clock = self._parts.clock
        request = Request("POST", path, "", (), None, original.request.deadline)
        draft = Draft(clock.new_id("req"), clock.now_ms(), clock.monotonic(), request)
        draft.key = VirtualKey(original.id, "gateway", "", "")
        return draft

    def _note(self, draft: Draft, original: Draft, kind: str, began: float) -> None:
        meter(draft)
        if original.purse is not None:
            original.purse -= draft.cost.nano_usd or 0
        last = draft.attempts[-1] if draft.attempts else None
        clock = self._parts.clock
        original.attempts.append(
            Attempt(
                provider=draft.provider or "",
                model=draft.upstream_model or draft.requested_model or "",
                upstream_key_id=draft.upstream_key.id if draft.upstream_key is not None else None,
                status=draft.status or None,
                fault=None if draft.status == 200 else (last.fault if last is not None else draft.error),
                first_byte_ms=last.first_byte_ms if last is not None else None,
                total_ms=(clock.monotonic() - began) * 1000,
                kind=kind,
                began_ms=(began - original.started) * 1000,
                cost_nano=draft.cost.nano_usd,
            )
        )


def embedding(text: str, rule: CacheRule) -> Question | None:
    """What a cache asks about a question; None where the deployment's own embedder is asked, which costs nothing."""
    if rule.embedding_model is None:
        return None
    return Question(relays.EMBEDDINGS, rule.embedding_model, weight([text.casefold()]))


class Embedding:
    """Vectors of questions, by a model of the release or by the deployment's own embedder."""

    def __init__(self, asking: Asking, embedder: Embedder) -> None:
        self._asking = asking
        self._embedder = embedder

    async def embed(self, text: str, rule: CacheRule, asked: Asked) -> bytes | None:
        """The vector of a text; None when there is none to be had now."""
        spelled = text.casefold()
        if rule.embedding_model is None:
            vector: Any = await self._embedder.vector(spelled)
        else:
            vector = await self._told(spelled, rule.embedding_model, asked)
        try:
            return vectors.packed(vector) if isinstance(vector, list) else None
        except (TypeError, ValueError):
            return None

    async def _told(self, text: str, model: str, asked: Asked) -> Any:
        body = {"model": model, "input": text, "encoding_format": "float"}
        answer = await self._asking.ask(relays.EMBEDDINGS, body, asked, "embedding")
        data = answer.get("data") if answer is not None else None
        first = data[0] if isinstance(data, list) and data else None
        return first.get("embedding") if isinstance(first, Mapping) else None


class _Heard:
    """A client that listens to the end."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    @property
    def body(self) -> bytes:
        return b"".join(self._parts)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self._parts.append(message["body"])


async def _nobody() -> Message:
    """It never says anything, and never leaves."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")
