"""The part of the story in which an answer is given that was given before.

Theory of operation. A request comes here when every policy has let it in: its key is good, its guardrails have spoken, its limits hold the worst
case. `wished` says whether its route keeps answers and whether its client wants one. `answered` looks for it: exactly the same request first; where
the route wants it, then a question that means the same (`gateway.caching.likeness`). An answer counts only if this request might be served by who
made it: not one of a provider that this key may not use, nor of a target that the route has no more; but one of a target that is out of order just
now does. A hit goes out as the answer did, whole or as a stream (the two are kept apart), with headers of its own, costs nothing, and is told in the
row with what it saved. A miss is recorded on its way out and kept when the client has its last byte, if the answer was whole and good. The store is
never waited for in vain: out of reach means a miss, said in the function's log.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

import orjson

from gateway.caching import keys, likeness, vectors
from gateway.caching.eligible import Wishes, eligible, wishes
from gateway.caching.keys import Asked as Wanted
from gateway.caching.question import question
from gateway.delivery import Asked
from gateway.errors import CacheMiss, GatewayError, Unavailable
from gateway.ingress.draft import Draft
from gateway.ingress.headers import onward, own_headers
from gateway.ingress.http import Headers
from gateway.neutral import redaction
from gateway.neutral.caching import LONGEST_TTL, CachedAnswer, CacheKey, CacheRule, Candidate
from gateway.parts import Parts
from gateway.routing.candidate import Plan
from gateway.wire.json_body import JsonBody, ambiguous

_LOG: Final = logging.getLogger("gateway")
MOST_KEPT: Final = 1024 * 1024
_NOTHING: Final = "No kept answer fits this request, and it asked for nothing else."
_PASSING: Final = frozenset(["paused", "breaker_open", "cooling", "quota", "dead", "no_key"])
_HEADER: Final = b"x-gateway-cache"
_STANDARD: Final = b"cache-control"
_HINTS: Final = (
    "x-gateway-strategy",
    "x-gateway-provider",
    "x-gateway-prefer",
    "x-gateway-exclude",
    "x-gateway-require",
    "x-gateway-strict",
)
# What says who asks, by what and when, as names in `-id` do. Anything else that goes on to a provider may change its answer.
_NEUTRAL: Final = frozenset(
    b"accept content-type user-agent x-app originator version priority http-referer x-title date expect te dnt cache-control pragma "
    b"anthropic-dangerous-direct-browser-access traceparent tracestate baggage b3 sentry-trace x-cloud-trace-context".split()
)
_NEUTRAL_PREFIXES: Final = (b"x-stainless-", b"x-codex-", b"x-b3-", b"x-datadog-", b"langsmith-", b"if-")
# What must be fresh in each answer, or frames it.
_FRESH: Final = frozenset(
    [b"content-length", b"date", b"x-request-id", b"request-id", b"openai-processing-ms", b"cf-ray"]
)
_FRESH_PREFIXES: Final = (b"x-gateway-", b"x-ratelimit-", b"anthropic-ratelimit-")

Embed = Callable[[str, CacheRule, Asked], Awaitable[bytes | None]]
"""The vector of a question, by the rule's model or the deployment's own; None when there is none to be had now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer of a request belongs. `makers`: whose answers count, as provider and upstream model. `bucket` and `text` where questions of
    the same meaning count. `speaks`: an answer has words, or is none."""

    rule: CacheRule
    wishes: Wishes
    key: CacheKey
    makers: frozenset[tuple[str, str]]
    bucket: CacheKey | None = None
    text: str = ""
    speaks: bool = True

    @property
    def seconds(self) -> int:
        """How long an answer is kept."""
        return min(self.rule.ttl_seconds, self.wishes.ttl or LONGEST_TTL, LONGEST_TTL)


class Caching:
    """Answers from what was kept. One instance per environment."""

    def __init__(self, parts: Parts, embed: Embed) -> None:
        self._parts = parts
        self._embed = embed

    def wished(self, rule: CacheRule | None, asked: Asked, plan: Plan) -> Place | None:
        """The place of a request's answer; None where none is kept or wanted. InvalidRequest for a wish that makes no sense, CacheMiss for a
        client that wants a kept answer or none where none is kept."""
        draft, relay, body = asked.draft, asked.relay, asked.peek.body.data
        request = asked.client.request
        draft.cache = "off" if rule is None else "bypass"
        if rule is None and not any(name == _STANDARD or name.startswith(_HEADER) for name, _ in request.headers):
            return None
        headers = redaction.harmless(request.headers)
        said = wishes(headers, skip=draft.skips_cache)
        usable = (said.read or said.keep) and eligible(relay.dialect, body)
        if rule is None or draft.key is None or not usable or not _certain(asked.peek.body):
            if said.only:
                raise CacheMiss(_NOTHING)
            if rule is not None:
                asked.client.reply.aside.append((_HEADER, b"bypass"))
            return None
        owner = keys.tenant(rule, draft.key)
        wanted = Wanted(
            dialect=relay.dialect,
            path=f"{relay.path}?{request.onward_query()}",
            model=asked.peek.model,
            body={**body, "stream": asked.peek.stream},
            headers=_telling(request.headers),
            hints=tuple(headers.get(name, "") for name in _HINTS),
            namespace=said.namespace,
        )
        speaks = relay.generates or relay.writes
        place = Place(rule, said, keys.exact(owner, wanted), _makers(plan), speaks=speaks)
        found = question(relay.dialect, body) if rule.mode == "semantic" else None
        if found is None:
            return place
        text, rest = found
        bucket = keys.bucket(owner, wanted, {**rest, "stream": asked.peek.stream}, rule.embedding_model or "")
        return replace(place, bucket=bucket, text=likeness.normalised(text))

    async def answered(self, place: Place, asked: Asked) -> bool:
        """Whether the client has its answer. If not, the reply is recorded. CacheMiss for a client that wants nothing else."""
        draft = asked.draft
        vector: bytes | None = None
        try:
            hit = await self._exact(place) if place.wishes.read else None
            like: float | None = None
            if hit is None and place.bucket is not None:
                vector = await self._embed(place.text, place.rule, asked)
                hit, like = (
                    await self._alike(place, vector) if vector is not None and place.wishes.read else (None, None)
                )
        except Unavailable as fault:
            _LOG.warning("%s request=%s", fault.message, draft.id)
            hit = None
        if hit is not None:
            await self._replay(hit, like, asked)
            return True
        if place.wishes.only:
            raise CacheMiss(_NOTHING)
        draft.cache = "miss" if place.wishes.read else "bypass"
        asked.client.reply.aside.append((_HEADER, draft.cache.encode()))
        if place.wishes.keep:
            asked.client.reply.listener = draft.keeping = Keeping(self._parts, place, vector, draft)
        return False

    async def _exact(self, place: Place) -> CachedAnswer | None:
        return self._fresh(await self._parts.cache.find(place.key), place)

    async def _alike(self, place: Place, vector: bytes) -> tuple[CachedAnswer | None, float | None]:
        """The answer of the question that is most alike, among those that may mean the same."""
        assert place.bucket is not None
        candidates = await self._parts.cache.candidates(place.bucket)
        ranked = sorted(((vectors.cosine(vector, one.vector), one) for one in candidates), key=lambda pair: -pair[0])
        for like, one in ranked:
            if like < place.rule.threshold:
                break
            if likeness.difference(place.text, one.text) is None:
                answer = self._fresh(await self._parts.cache.find(one.answer), place)
                if answer is not None:
                    return answer, like
        return None, None

    def _fresh(self, answer: CachedAnswer | None, place: Place) -> CachedAnswer | None:
        most = place.wishes.most_age
        if answer is not None and (answer.provider, answer.upstream_model) not in place.makers:
            return None
        if answer is None or most is None or self._parts.clock.now_ms() - answer.made_ms <= most * 1000:
            return answer
        return None

    async def _replay(self, hit: CachedAnswer, like: float | None, asked: Asked) -> None:
        draft, reply = asked.draft, asked.client.reply
        draft.cache = "hit" if like is None else "semantic"
        draft.saved_nano, draft.status = hit.cost_nano, 200
        draft.provider, draft.model, draft.upstream_model = hit.provider, hit.model, hit.upstream_model
        age = max(0, self._parts.clock.now_ms() - hit.made_ms) // 1000
        told = f"{draft.cache}; age={age}" + ("" if like is None else f"; similarity={like:.3f}")
        own = own_headers(draft.id, draft.correlation_id, asked.client.form.id_header, hit.headers)
        headers = [*hit.headers, *own, (_HEADER, told.encode())]
        draft.keep(hit.body)
        if hit.stream:
            await reply.start(200, headers)
            await reply.part(hit.body, last=True)
        else:
            await reply.whole(200, headers, hit.body)


def _telling(headers: Headers) -> tuple[str, ...]:
    """The client's headers that go on to a provider and may change what it says."""
    return tuple(
        sorted(
            f"{name.decode('latin-1')}: {value.decode('latin-1')}"
            for name, value in onward(headers, {}, {})
            if name not in _NEUTRAL and not name.startswith(_NEUTRAL_PREFIXES) and not name.endswith(b"-id")
        )
    )


def _certain(body: JsonBody) -> bool:
    """Whether a body has a digest, and one that no other reading of it and no other body has: an answer to the first of two members of one name
    must not be found by who asked for the second, nor one to a huge number by who asked for its neighbour."""
    try:
        orjson.dumps(body.data)
    except orjson.JSONEncodeError:
        return False  # nested too deeply
    return not ambiguous(body.raw, numbers=True)


def _makers(plan: Plan) -> frozenset[tuple[str, str]]:
    """Who may serve the request, now or when they are well again."""
    able = [(one.provider.id, one.upstream_model) for one in plan.candidates]
    return frozenset([*able, *((one.provider, one.model) for one in plan.skipped if one.reason in _PASSING)])


class Keeping:
    """Hears an answer before it is shaped for the client, and keeps it when it was whole and good. See `ingress.http.Recorder`."""

    def __init__(self, parts: Parts, place: Place, vector: bytes | None, draft: Draft) -> None:
        self._parts = parts
        self._place = place
        self._vector = vector
        self._draft = draft
        self._status = 0
        self._headers: Headers = ()
        self._body: list[bytes] = []
        self._size = 0
        self._whole = False

    def began(self, status: int, headers: Headers) -> None:
        """Status and headers. Said again when the server could not send the first."""
        self._status, self._headers = status, headers
        self._body, self._size, self._whole = [], 0, False

    def sent(self, body: bytes, *, last: bool) -> None:
        """Some of the body."""
        self._size += len(body)
        if self._size <= MOST_KEPT:
            self._body.append(body)
        self._whole = last and self._draft.error is None

    async def finish(self) -> None:
        """After the row is made up: what an answer cost is known by then. Raises nothing: the client has its answer."""
        draft = self._draft
        if not self._whole or self._status != 200 or draft.error is not None or self._size > MOST_KEPT:
            return
        if self._place.speaks and draft.usage.output == 0:
            return  # a provider's bad moment would last as long as the rule says
        try:
            # The question first: who finds the answer may rely on it.
            if self._place.bucket is not None and self._vector is not None:
                ends = self._parts.clock.now_ms() + self._place.seconds * 1000
                candidate = Candidate(self._place.text, self._vector, self._place.key, ends)
                await self._parts.cache.remember(self._place.bucket, candidate, draft.id, self._place.seconds)
            await self._parts.cache.keep(self._place.key, self._answer(), self._place.seconds)
        except GatewayError as fault:
            _LOG.warning("%s request=%s", fault.message, draft.id)

    def _answer(self) -> CachedAnswer:
        draft = self._draft
        names = {name for name, _ in self._headers}
        kept = tuple(
            (name, value)
            for name, value in self._headers
            if name not in _FRESH and not name.startswith(_FRESH_PREFIXES)
        )
        return CachedAnswer(
            request_id=draft.id,
            # Its beginning: what was on its way while its tenant's cache was cleared is gone as well.
            made_ms=draft.time_ms,
            stream=b"content-length" not in names,
            headers=kept,
            body=b"".join(self._body),
            cost_nano=draft.cost.nano_usd or 0,
            input_tokens=draft.usage.input_total,
            output_tokens=draft.usage.output,
            provider=draft.provider,
            model=draft.model,
            upstream_model=draft.upstream_model,
        )
