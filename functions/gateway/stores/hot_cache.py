"""Answers that are given again, and the questions they answered (CACHE_TABLE, and the bodies bucket for large answers).

| pk | sk | item |
|---|---|---|
| `answer#<tenant>#<digest>` | `answer` | an answer: status is always 200; `body`, or `body_ref` from 64 KB on |
| `questions#<tenant>#<digest>` | `<made ms, 13 digits>#<request id>` | a question of a bucket: text, vector, and the digest of its answer |
| `tenant#<tenant>`, `everything` | `tenant` | `cleared_ms`: nothing that was made until then counts, for the tenant, for everybody |

Clearing a tenant's cache is one write, whatever is in it. DynamoDB's own removal (`ttl`) may be days late: `expires_ms` decides. An answer is read
together with those two items, in one call; it is eventually consistent, so that an answer kept a moment ago may be a miss, and one that was
cleared a moment ago a hit.

What is stored is content, which an administrator asked for on the route: answers, and for semantic routes questions. Both are encrypted at rest
by the deployment's KMS key, and go when their time is over. Of the request of an exact answer nothing is stored but a hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from gateway.aws.attributes import NotStorable
from gateway.aws.dynamodb import DynamoDB, Expr, Query, Update
from gateway.aws.faults import AccessDenied, AwsFault, NotFound
from gateway.aws.s3 import S3
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.caching import CachedAnswer, CacheKey, Candidate

INLINE: Final = 64 * 1024
MOST_CANDIDATES: Final = 50
# Items outlive what they say, so that an environment whose clock is behind still finds them.
_TTL_SLACK_S: Final = 3_600
_EVERYTHING: Final = {"pk": "everything", "sk": "tenant"}


class HotCache:
    """`CacheStore` over the signed clients."""

    def __init__(self, database: DynamoDB, table: str, objects: S3, bucket: str, clock: Clock) -> None:
        self._database = database
        self._table = table
        self._objects = objects
        self._bucket = bucket
        self._clock = clock

    async def find(self, key: CacheKey) -> CachedAnswer | None:
        """See `CacheStore.find`."""
        places = [_answer_key(key), _tenant_key(key.tenant), _EVERYTHING]
        try:
            items = await self._database.batch_get_item(self._table, places)
        except AwsFault as fault:
            raise _out_of_reach(fault) from None
        kept = next((item for item in items if item["sk"] == "answer"), None)
        cleared = max((int(item["cleared_ms"]) for item in items if item["sk"] == "tenant"), default=0)
        if kept is None or int(kept["expires_ms"]) <= self._clock.now_ms() or int(kept["made_ms"]) <= cleared:
            return None
        return await self._answer(kept)

    async def keep(self, key: CacheKey, answer: CachedAnswer, seconds: int) -> None:
        """See `CacheStore.keep`."""
        item = {**_answer_key(key), **_told(answer), **self._ends(seconds)}
        try:
            if len(answer.body) <= INLINE:
                item["body"] = answer.body
            else:
                # Each answer has an object of its own: the item that is replaced may be being read.
                item["body_ref"] = f"cache/{key.digest[:2]}/{answer.request_id}"
                await self._objects.put_object(self._bucket, item["body_ref"], answer.body)
            await self._database.put_item(self._table, item)
        except (AwsFault, NotStorable) as fault:
            raise _out_of_reach(fault) from None

    async def candidates(self, bucket: CacheKey) -> Sequence[Candidate]:
        """See `CacheStore.candidates`."""
        query = Query(
            self._table,
            Expr("pk = :pk", values={":pk": _bucket(bucket)}),
            limit=MOST_CANDIDATES,
            forward=False,
        )
        try:
            page = await self._database.query(query)
        except AwsFault as fault:
            raise _out_of_reach(fault) from None
        now = self._clock.now_ms()
        return [_candidate(bucket.tenant, item) for item in page.items if int(item["expires_ms"]) > now]

    async def remember(self, bucket: CacheKey, candidate: Candidate, request_id: str, seconds: int) -> None:
        """See `CacheStore.remember`."""
        now = self._clock.now_ms()
        item = {
            "pk": _bucket(bucket),
            "sk": f"{now:013d}#{request_id}",
            "text": candidate.text,
            "vector": candidate.vector,
            "answer": candidate.answer.digest,
            **self._ends(seconds),
        }
        try:
            await self._database.put_item(self._table, item)
        except (AwsFault, NotStorable) as fault:
            raise _out_of_reach(fault) from None

    async def clear(self, tenant: str) -> None:
        """See `CacheStore.clear`."""
        change = Expr("SET cleared_ms = :now", values={":now": self._clock.now_ms()})
        try:
            await self._database.update_item(Update(self._table, _tenant_key(tenant), change), idempotent=True)
        except AwsFault as fault:
            raise _out_of_reach(fault) from None

    def _ends(self, seconds: int) -> dict[str, int]:
        now = self._clock.now_ms()
        return {"expires_ms": now + seconds * 1000, "ttl": now // 1000 + seconds + _TTL_SLACK_S}

    async def _answer(self, item: Mapping[str, Any]) -> CachedAnswer | None:
        try:
            body = bytes(item["body"]) if "body" in item else await self._object(str(item["body_ref"]))
            return None if body is None else _read(item, body)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None  # of another version: a miss writes it anew

    async def _object(self, reference: str) -> bytes | None:
        try:
            return await self._objects.get_object(self._bucket, reference)
        except (NotFound, AccessDenied):
            return None  # S3 says so of what is not there, too, to whoever may not list the bucket
        except AwsFault as fault:
            raise _out_of_reach(fault) from None


def _answer_key(key: CacheKey) -> dict[str, str]:
    return {"pk": f"answer#{key.tenant}#{key.digest}", "sk": "answer"}


def _tenant_key(tenant: str) -> dict[str, str]:
    return {"pk": f"tenant#{tenant}", "sk": "tenant"}


def _bucket(key: CacheKey) -> str:
    return f"questions#{key.tenant}#{key.digest}"


def _told(answer: CachedAnswer) -> dict[str, Any]:
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in answer.headers]
    numbers = {
        "cost_nano": answer.cost_nano,
        "input_tokens": answer.input_tokens,
        "output_tokens": answer.output_tokens,
    }
    names = {"provider": answer.provider, "model": answer.model, "upstream_model": answer.upstream_model}
    return {
        "request_id": answer.request_id,
        "made_ms": answer.made_ms,
        "stream": answer.stream,
        "headers": orjson.dumps(headers).decode(),
        **numbers,
        **{name: value for name, value in names.items() if value is not None},
    }


def _read(item: Mapping[str, Any], body: bytes) -> CachedAnswer:
    headers = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in orjson.loads(item["headers"]))
    return CachedAnswer(
        request_id=str(item["request_id"]),
        made_ms=int(item["made_ms"]),
        stream=bool(item["stream"]),
        headers=headers,
        body=body,
        cost_nano=int(item["cost_nano"]),
        input_tokens=int(item["input_tokens"]),
        output_tokens=int(item["output_tokens"]),
        provider=item.get("provider"),
        model=item.get("model"),
        upstream_model=item.get("upstream_model"),
    )


def _candidate(tenant: str, item: Mapping[str, Any]) -> Candidate:
    answer = CacheKey(tenant, str(item["answer"]))
    return Candidate(str(item["text"]), bytes(item["vector"]), answer, int(item["expires_ms"]))


def _out_of_reach(fault: Exception) -> Unavailable:
    return Unavailable(f"The store of kept answers is out of reach: {fault}")
