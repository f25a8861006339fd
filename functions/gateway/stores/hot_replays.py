"""Idempotency keys as the data plane claims them, and the answers kept under them (STATE_TABLE, and the bodies bucket for large bodies).

One item per idempotency key of a virtual key: pk `replay#<key id>#<sha256 of the idempotency key>`, sk `replay`. Whoever puts it on the condition
that there is none, or that the one there has expired, has the claim; of any number at once one succeeds, and the refusal brings the others
the item as it is. `expires_ms` is the end of the lease while `state` is `running`, so that a killed environment blocks nobody for longer than
that, and the end of keeping when it is `done`. DynamoDB's own removal (`ttl`) may be days late: only `expires_ms` decides.

A body up to 64 KB lies in the item, a larger one in the bucket as `replays/<two hex digits>/<request id>`: a write costs by the kilobyte, also the
claim that finds the item there, and an object costs less from a few kilobytes on. Objects have no owner but their item and go by the bucket's
lifecycle, which must leave them there for at least a day.

What is stored is content: the answer, because its client asked for that with the header, whatever its virtual key says of recording bodies. It
is encrypted at rest by the deployment's KMS key, in the table as in the bucket. Nothing of the request is stored but a hash: no credential, no
header, no body, and not the idempotency key itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.aws.attributes import NotStorable
from gateway.aws.dynamodb import DynamoDB, Expr, Update
from gateway.aws.faults import AwsFault, ConditionFailed, NotFound
from gateway.aws.s3 import S3
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.replays import KeptAnswer, ReplayKey, Taken

LEASE_MS: Final = 60_000
KEPT_MS: Final = 24 * 3_600_000
INLINE: Final = 64 * 1024
# The item outlives what it says, so that an environment whose clock is behind still finds it.
_TTL_SLACK_S: Final = 3600
# Both are reserved words of DynamoDB's expressions: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
_NAMES: Final = {"#owner": "owner", "#state": "state"}
_OWN: Final = "#owner = :owner AND #state = :running"


class HotReplays:
    """`ReplayStore` over the signed clients. A claim is one PutItem; a replay is one refused PutItem, and a GetObject for a large answer."""

    def __init__(self, database: DynamoDB, table: str, objects: S3, bucket: str, clock: Clock) -> None:
        self._database = database
        self._table = table
        self._objects = objects
        self._bucket = bucket
        self._clock = clock

    async def claim(self, place: ReplayKey, owner: str, fingerprint: str) -> Taken | None:
        """See `ReplayStore.claim`."""
        free = Expr("attribute_not_exists(pk) OR expires_ms <= :now", values={":now": self._clock.now_ms()})
        found = await self._put_claim(place, owner, fingerprint, free)
        if found is None:
            return None
        try:
            return await self._taken(found, fingerprint)
        except NotFound:
            # The item promises an object that somebody removed: there is no answer to give, as if none had been kept.
            gone = Expr("#owner = :gone", {"#owner": "owner"}, {":gone": found["owner"]})
            found = await self._put_claim(place, owner, fingerprint, gone)
            return None if found is None else Taken(str(found["owner"]), str(found["fingerprint"]))

    async def renew(self, place: ReplayKey, owner: str) -> bool:
        """See `ReplayStore.renew`."""
        until = self._clock.now_ms() + LEASE_MS
        change = Expr("SET expires_ms = :until", values={":until": until})
        update = Update(self._table, _key(place), change, _of(owner))
        try:
            await self._database.update_item(update, idempotent=True)
        except ConditionFailed:
            return False
        except AwsFault as fault:
            raise Unavailable(f"The lease of an idempotency key could not be renewed: {fault}") from None
        return True

    async def keep(self, place: ReplayKey, fingerprint: str, answer: KeptAnswer) -> bool:
        """See `ReplayStore.keep`."""
        item = self._item(place, answer.request_id, fingerprint, KEPT_MS) | _told(answer)
        try:
            if len(answer.body) <= INLINE:
                item["body"] = answer.body
            else:
                item["body_ref"] = _reference(place, answer)
                await self._objects.put_object(self._bucket, item["body_ref"], answer.body)
            await self._database.put_item(self._table, item, when=_of(answer.request_id))
        except ConditionFailed:
            return False
        except (AwsFault, NotStorable) as fault:
            raise Unavailable(f"An answer could not be kept under its idempotency key: {fault}") from None
        return True

    async def release(self, place: ReplayKey, owner: str) -> None:
        """See `ReplayStore.release`."""
        try:
            await self._database.delete_item(self._table, _key(place), when=_of(owner))
        except ConditionFailed:
            return  # it is somebody else's by now, or nobody's
        except AwsFault as fault:
            raise Unavailable(f"An idempotency key could not be released: {fault}") from None

    async def _put_claim(self, place: ReplayKey, owner: str, fingerprint: str, when: Expr) -> Mapping[str, Any] | None:
        """Put the item of a claim; what is there instead when the condition does not hold."""
        item = self._item(place, owner, fingerprint, LEASE_MS) | {"state": "running"}
        try:
            await self._database.put_item(self._table, item, when=when)
        except ConditionFailed as refused:
            if refused.item is None:
                raise _out_of_reach() from None
            return refused.item
        except (AwsFault, NotStorable):
            raise _out_of_reach() from None
        return None

    def _item(self, place: ReplayKey, owner: str, fingerprint: str, life_ms: int) -> dict[str, Any]:
        now = self._clock.now_ms()
        ttl = (now + KEPT_MS) // 1000 + _TTL_SLACK_S
        mine = {"owner": owner, "fingerprint": fingerprint, "expires_ms": now + life_ms, "ttl": ttl}
        return {**_key(place), **mine}

    async def _taken(self, item: Mapping[str, Any], fingerprint: str) -> Taken:
        """What is there. The answer is read only for a request that may have it; NotFound when its object is gone."""
        try:
            found = Taken(str(item["owner"]), str(item["fingerprint"]))
            if item["state"] == "running" or found.fingerprint != fingerprint:
                return found
            return Taken(found.owner, found.fingerprint, _answer(item, await self._body(item)))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Unavailable("The store of idempotency keys holds a record this version cannot read.") from None

    async def _body(self, item: Mapping[str, Any]) -> bytes:
        if "body_ref" not in item:
            return bytes(item["body"])
        try:
            return await self._objects.get_object(self._bucket, item["body_ref"])
        except NotFound:
            raise
        except AwsFault:
            raise _out_of_reach() from None


def _key(place: ReplayKey) -> dict[str, str]:
    return {"pk": f"replay#{place.key_id}#{place.digest}", "sk": "replay"}


def _of(owner: str) -> Expr:
    return Expr(_OWN, _NAMES, {":owner": owner, ":running": "running"})


def _reference(place: ReplayKey, answer: KeptAnswer) -> str:
    """Spread by hash; each request that ever had the claim has an object of its own."""
    return f"replays/{place.digest[:2]}/{answer.request_id}"


def _told(answer: KeptAnswer) -> dict[str, Any]:
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in answer.headers]
    return {
        "state": "done",
        "status": answer.status,
        "stream": answer.stream,
        "headers": orjson.dumps(headers).decode(),
    }


def _answer(item: Mapping[str, Any], body: bytes) -> KeptAnswer:
    headers = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in orjson.loads(item["headers"]))
    return KeptAnswer(str(item["owner"]), int(item["status"]), headers, body, bool(item["stream"]))


def _out_of_reach() -> Unavailable:
    return Unavailable("The store of idempotency keys is out of reach; try again.")
