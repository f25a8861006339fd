"""`Idempotency-Key`: the answer that is stored under it is replayed, instead of being paid for twice.

Theory of operation: `begin` claims the key in the store before anything is planned. Whoever has the claim serves the request as any other, and
listens to its own reply: status, headers and every byte as they go out. After the last byte `finish` keeps the answer, or gives the claim up,
so that a retry runs. Everybody else under the key gets the kept answer, 409 while the first request runs, or 422 when theirs is another one.

What is the same request: method, path, query without credentials, and the bytes of the body. Other headers may differ, as they do in a retry.
Keys are those of one virtual key. They are looked at only where a provider would be called, and not in a dry run; elsewhere the header says nothing.

What is kept: a complete answer, streamed or not, with the signs of life that were sent while waiting (comments, pings, white space mean nothing,
and a replay is byte for byte the first answer). Not kept are refusals and failures (they cost nothing, and an administrator or a retry may mend
them), stopped requests, streams that broke or ended in an error, and answers over 10 MB. A client that left before the end took the answer with
it; one that left while the end was being sent, or whose route reads answers to their end, finds it here: that is what the header is for.

What a replay has fresh: request ids, and what frames an answer. What it lacks: limits and waits of the first answer's time. It costs nothing, calls
nobody, and is told from the first answer by `x-gateway-replay: true` and `x-gateway-original-id`.

A claim is a lease of a minute, renewed while the request runs: a killed environment blocks its key no longer than that. Without the store a request
that asks for protection is refused (503) and never runs unprotected.
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from typing import Final

from gateway.errors import IdempotencyInProgress, IdempotencyMismatch, InvalidRequest, Unavailable
from gateway.ingress.draft import Draft
from gateway.ingress.endpoints import ErrorForm
from gateway.ingress.headers import own_headers
from gateway.ingress.http import Headers, Reply, Request
from gateway.neutral.replays import KeptAnswer, ReplayKey
from gateway.planning import wants_dry_run
from gateway.stores.protocols import ReplayStore

HEADER: Final = b"idempotency-key"
LONGEST_KEY: Final = 255
MOST_KEPT: Final = 10 * 1024 * 1024
RENEW_SECONDS: Final = 20.0

_LOG: Final = logging.getLogger("gateway")
# Parts of a replayed stream: small enough for any server's buffer.
_SLICE: Final = 64 * 1024
# Google's names for a credential in the query, each also with a dollar sign: https://cloud.google.com/apis/docs/system-parameters
_CREDENTIALS: Final = tuple(
    f"{mark}{name}" for name in ("key", "access_token", "oauth_token", "bearer_token") for mark in ("", "$")
)
# Framing is the server's, ids are each answer's own, and what was left of a limit says nothing of the time of a replay.
_FRESH: Final = frozenset(
    b"connection keep-alive proxy-connection te trailer transfer-encoding upgrade content-length date set-cookie "
    b"x-gateway-request-id x-request-id request-id retry-after".split()
)
_FRESH_PREFIXES: Final = (b"x-ratelimit-", b"anthropic-ratelimit-")


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer of an earlier request under the same key."""

    kept: KeptAnswer

    async def answer(self, reply: Reply, draft: Draft, form: ErrorForm) -> None:
        """Send it once more, in one piece or as the stream that it was; ClientGone."""
        kept = self.kept
        draft.status, draft.cache = kept.status, "replay"
        draft.keep(kept.body)
        own = own_headers(draft.id, draft.correlation_id, form.id_header)
        told = [(b"x-gateway-replay", b"true"), (b"x-gateway-original-id", kept.request_id.encode())]
        headers = [*kept.headers, *own, *told]
        if not kept.stream:
            await reply.whole(kept.status, headers, kept.body)
            return
        await reply.start(kept.status, headers)
        for at in range(0, len(kept.body), _SLICE):
            await reply.part(kept.body[at : at + _SLICE])
        await reply.part(b"", last=True)


class Claim:
    """A key that is this request's until `finish`. `began` and `sent` hear what goes out to the client, whether it is still there or not."""

    def __init__(self, store: ReplayStore, place: ReplayKey, fingerprint: str, draft: Draft) -> None:
        self._store = store
        self._place = place
        self._fingerprint = fingerprint
        self._draft = draft
        self._status = 0
        self._headers: Headers = ()
        self._body: list[bytes] = []
        self._size = 0
        self._complete = False
        self._error: str | None = None
        self._renewing: asyncio.Task[None] | None = None

    def hold(self, seconds: float) -> None:
        """Renew the lease every so many seconds from now on."""
        self._renewing = asyncio.ensure_future(self._renew(seconds))

    def began(self, status: int, headers: Headers) -> None:
        """The head of the answer. Another one follows when the server could not send the first."""
        self._status, self._headers = status, headers
        self._body, self._size, self._complete = [], 0, False

    def sent(self, body: bytes, *, last: bool) -> None:
        """Some of the body. What is known of the request at its last byte decides whether it went well, not what happens later."""
        self._size += len(body)
        if self._size > MOST_KEPT:
            self._body = []
        elif body:
            self._body.append(body)
        if last:
            self._complete, self._error = True, self._draft.error

    async def finish(self) -> None:
        """After the client's last byte: keep the answer, or let a retry run. Raises nothing of the store's: without it, the lease ends."""
        if self._renewing is not None:
            self._renewing.cancel()
        try:
            if self._worth_keeping() and await self._keep():
                return
            await self._store.release(self._place, self._draft.id)
        except Unavailable as fault:
            _LOG.error("%s request=%s", fault.message, self._draft.id)

    async def _keep(self) -> bool:
        """Whether nothing is left to be released."""
        try:
            kept = await self._store.keep(self._place, self._fingerprint, self._answer())
        except Unavailable as fault:
            _LOG.error("%s request=%s", fault.message, self._draft.id)
            return False
        if not kept:
            _LOG.warning("The answer of request %s is not kept: its idempotency key was taken over.", self._draft.id)
        return True

    def _worth_keeping(self) -> bool:
        good = self._complete and self._status < 400 and self._error is None
        if good and self._size > MOST_KEPT:
            _LOG.warning("The answer of request %s is not kept: it has %d bytes.", self._draft.id, self._size)
            return False
        return good

    def _answer(self) -> KeptAnswer:
        names = {name for name, _ in self._headers}
        kept = tuple(
            (name, value)
            for name, value in self._headers
            if name not in _FRESH and not name.startswith(_FRESH_PREFIXES)
        )
        stream = b"content-length" not in names
        return KeptAnswer(self._draft.id, self._status, kept, b"".join(self._body), stream)

    async def _renew(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                if not await self._store.renew(self._place, self._draft.id):
                    _LOG.warning("The idempotency key of request %s was taken over.", self._draft.id)
                    return
            except Unavailable as fault:
                _LOG.warning("%s request=%s", fault.message, self._draft.id)


class Idempotency:
    """The keys of this environment's requests. `renew_seconds` is well below the lease of the store."""

    def __init__(self, store: ReplayStore, renew_seconds: float = RENEW_SECONDS) -> None:
        self._store = store
        self._renew_seconds = renew_seconds

    async def begin(self, draft: Draft, body: bytes) -> Replay | Claim | None:
        """What the request's header comes to: None without one.

        InvalidRequest for a header that is no key, IdempotencyInProgress, IdempotencyMismatch, Unavailable when the store cannot say.
        """
        key = _key(draft.request)
        if key is None or draft.key is None or wants_dry_run(draft.request):
            return None
        place = ReplayKey(draft.key.id, hashlib.sha256(key.encode()).hexdigest())
        print_ = fingerprint(draft.request, body)
        taken = await self._store.claim(place, draft.id, print_)
        if taken is None:
            claim = Claim(self._store, place, print_, draft)
            claim.hold(self._renew_seconds)
            return claim
        if taken.fingerprint != print_:
            raise IdempotencyMismatch
        if taken.answer is None:
            raise IdempotencyInProgress
        return Replay(taken.answer)


def fingerprint(request: Request, body: bytes) -> str:
    """The SHA-256 of what must be equal in a retry, in hex. No part can be taken for another: each goes by its length."""
    found = hashlib.sha256()
    head = (request.method, request.path, request.onward_query(*_CREDENTIALS))
    for part in (*(text.encode("utf-8", "surrogatepass") for text in head), body):
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.hexdigest()


def _key(request: Request) -> str | None:
    values = [value.decode("latin-1").strip() for name, value in request.headers if name == HEADER]
    if not values:
        return None
    key = values[0]
    if len(values) > 1 or not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise InvalidRequest(
            f"The header 'Idempotency-Key' must be given once, with 1 to {LONGEST_KEY} printable ASCII characters.",
            param="Idempotency-Key",
        )
    return key
