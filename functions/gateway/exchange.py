"""The story of one request, top to bottom: decode, admit, replay, plan, attempt, stream, settle.

Theory of operation: `__call__` is the ASGI door. It tells the story once; whatever ends it early is an error of `gateway.errors`, worded in
the dialect of the path. A `Draft` collects facts on the way. Plan, attempt and stream are in `relay.py`, settling in `settlement.py`:
when the client has its last byte, usage is counted or estimated, priced, and written as exactly one log row.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import orjson

from gateway.allowance import Allowances
from gateway.conversing import Conversing
from gateway.delivery import Client
from gateway.errors import GatewayError, ModelNotFound, NotFound
from gateway.idempotency import Idempotency, Replay
from gateway.ingress import endpoints
from gateway.ingress.draft import Draft
from gateway.ingress.endpoints import Endpoint, ErrorForm
from gateway.ingress.headers import own_headers
from gateway.ingress.http import ClientGone, Receive, Reply, Request, Scope, Send, read_body, request_of
from gateway.ingress.listing import render_list, render_one
from gateway.ingress.providers import View, render_provider, render_providers
from gateway.ingress.shapes import Shaping
from gateway.neutral import redaction
from gateway.neutral.index import Index
from gateway.own_cache import OwnCache
from gateway.parts import Parts
from gateway.planning import capabilities
from gateway.relay import Relaying
from gateway.routing.names import behind
from gateway.serving import beside
from gateway.settlement import Settlement, priced, told
from gateway.uploading import Uploading
from gateway.wire.reading import Peek

_LOG: Final = logging.getLogger("gateway")
_JSON: Final = (b"content-type", b"application/json")
# As long as a client's own id of a request may be.
_LONGEST_ID: Final = 128


class Exchange:
    """The data plane as an ASGI application. One instance per environment; all state of a request is in its `Draft`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._settlement = Settlement(parts)
        self._relaying = Relaying(parts, self._settlement)
        self._idempotency = Idempotency(parts.replays)
        self._conversing = Conversing(parts, self._relaying)
        self._cache = OwnCache(parts)
        self._allowances = Allowances(parts)
        self._uploading = Uploading(parts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        clock = self._parts.clock
        request = request_of(scope)
        draft = Draft(clock.new_id("req"), clock.now_ms(), clock.monotonic(), request)
        reply = Reply(send)
        form = endpoints.error_form(request.path, endpoints.family(request))
        draft.dialect = form.name
        try:
            await self._serve(request, receive, reply, draft)
        except GatewayError as error:
            draft.fail(error)
            await self._refuse(error, draft.form or form, reply, draft)
        except ClientGone:
            draft.gone()
        except asyncio.CancelledError:
            draft.cancelled()
            draft.after = None  # the environment ends; there is no time for anything more
            raise
        except Exception as error:  # noqa: BLE001 - the outermost door
            _LOG.exception("unexpected error in request %s", draft.id)
            internal = GatewayError("The gateway failed internally; the error was recorded.")
            internal.__cause__ = error
            draft.fail(internal)
            await self._refuse(internal, draft.form or form, reply, draft)
        finally:
            await self._settle(draft)
            await _afterwards(draft)

    # -- decode, admit, plan --------------------------------------------------------------------------------------------

    async def _serve(self, request: Request, receive: Receive, reply: Reply, draft: Draft) -> None:
        endpoint = endpoints.find(request.method, request.path, request.query, endpoints.family(request))
        if endpoint.action in {"health", "root"}:
            draft.quiet = True
            await self._answer_open(endpoint, reply, draft)
            return
        if endpoint.errors is endpoints.DIALOGS:
            await self._conversing.serve(endpoint, Client(request, receive, reply, endpoint.errors), draft)
            return
        draft.key = await self._parts.keys.admit(request.credentials(), request.address)
        draft.identity = await self._parts.keys.identity(draft.key)
        draft.key = draft.identity.narrowed
        index = await self._parts.releases.current()
        draft.release = index.hash or None
        if endpoint.action == "upload":
            await self._offer(await read_body(request, receive), reply, draft)
            return
        if endpoint.relay is None:
            await self._answer_own(endpoint, index, request, reply, draft)
            return
        body = await read_body(request, receive)
        endpoint = endpoints.by_body(endpoint, body)
        assert endpoint.relay is not None
        shown = endpoint.relay.shown
        if shown is None:
            draft.received(body, guarded=index.guarded)
        peek = endpoint.relay.peek(self._shaped(endpoint, index, body, reply, draft))
        if shown is not None:
            draft.received(shown(peek), guarded=index.guarded)
        if not await self._replayed(peek, body, reply, draft, endpoint.errors):
            await self._relaying.run(
                endpoint.relay, peek, index, Client(request, receive, reply, endpoint.errors), draft
            )

    def _shaped(self, endpoint: Endpoint, index: Index, body: bytes, reply: Reply, draft: Draft) -> bytes:
        """The body in the relay's dialect. From here on the client is answered in its own shape."""
        draft.form, draft.dialect = endpoint.errors, endpoint.errors.name
        if endpoint.shape is None:
            return body
        draft.skips_cache = endpoint.shape.skips_cache(body)
        reply.shaper = Shaping(
            endpoint.shape, lambda: told(draft, self._parts.clock), lambda: priced(draft, self._parts.clock)
        )
        return endpoint.shape.request(body, lambda name: behind(index, name) is not None)

    async def _replayed(self, peek: Peek, body: bytes, reply: Reply, draft: Draft, form: ErrorForm) -> bool:
        """Whether the client has the answer of an earlier request under its idempotency key. If it holds the key now, the reply is recorded."""
        draft.requested_model, draft.stream = peek.model[:256], peek.stream
        found = await self._idempotency.begin(draft, body)
        if isinstance(found, Replay):
            await found.answer(reply, draft, form)
            return True
        draft.claim = reply.recorder = found
        return False

    async def _answer_open(self, endpoint: Endpoint, reply: Reply, draft: Draft) -> None:
        """Health and the root: no key, no provider is called."""
        if endpoint.argument == "ready":
            await self._parts.releases.current()
        body = orjson.dumps(
            {"status": "ok"} if endpoint.action == "health" else {"name": "llm-gateway", "status": "ok"}
        )
        await self._answer(reply, draft, 200, body)

    async def _offer(self, body: bytes, reply: Reply, draft: Draft) -> None:
        """A place for a file that is larger than a request may be. It counts as a request, and costs nothing."""
        draft.request_body = body if draft.keeps_bodies else None
        await self._allowances.enter(draft)
        told, shown = await self._uploading.offer(body, draft)
        await self._answer(reply, draft, 200, told, shown)

    async def _answer_own(self, endpoint: Endpoint, index: Index, request: Request, reply: Reply, draft: Draft) -> None:
        """What the gateway answers by itself: models, the health of providers, a stop, what the cache did."""
        assert draft.key is not None
        if endpoint.action == "stop":
            await self._stop(endpoint.argument, reply, draft)
        elif endpoint.action == "cache_stats":
            await self._answer(reply, draft, 200, await self._cache.stats(draft.key, index))
        elif endpoint.action == "cache_clear":
            await self._answer(reply, draft, 200, await self._cache.clear(draft.key))
        elif endpoint.action in {"providers", "provider_health"}:
            await self._answer_providers(endpoint, index, reply, draft)
        else:
            await self._answer_models(endpoint, index, request, reply, draft)

    async def _stop(self, identifier: str, reply: Reply, draft: Draft) -> None:
        """Ask the environment that serves a request of this key to stop it. Whether there is such a request is not known here."""
        assert draft.key is not None
        if len(identifier) > _LONGEST_ID or not (identifier.isascii() and identifier.isprintable()):
            raise NotFound("No request has such an id.")
        await self._parts.stops.ask(identifier, draft.key.id)
        body = orjson.dumps({"id": identifier, "object": "gateway.stop", "status": "stop_requested"})
        await self._answer(reply, draft, 202, body)

    async def _answer_providers(self, endpoint: Endpoint, index: Index, reply: Reply, draft: Draft) -> None:
        """The providers this key may use and how they are, from what all environments saw; nobody is called."""
        assert draft.key is not None
        health = await self._parts.health.current()
        view = View(index, draft.key, health, self._parts.clock.now_ms(), capabilities)
        if endpoint.action == "providers":
            await self._answer(reply, draft, 200, render_providers(view))
            return
        found = render_provider(view, endpoint.argument)
        if found is None:
            raise NotFound("There is no such provider, or it is not available to this API key.")
        await self._answer(reply, draft, 200, found)

    async def _answer_models(
        self, endpoint: Endpoint, index: Index, request: Request, reply: Reply, draft: Draft
    ) -> None:
        """The models this key may use; a list or one of them, in the caller's shape."""
        assert draft.key is not None
        shape = endpoint.errors.name
        if endpoint.action == "models":
            await self._answer(reply, draft, 200, render_list(index, draft.key, request.query, shape))
            return
        draft.requested_model = endpoint.argument[:256]
        found = render_one(index, draft.key, endpoint.argument, shape)
        if found is None:
            raise ModelNotFound(
                f"The model '{draft.requested_model[:128]}' does not exist or is not available to this API key.",
                param="model",
            )
        await self._answer(reply, draft, 200, found)

    async def _answer(self, reply: Reply, draft: Draft, status: int, body: bytes, shown: bytes | None = None) -> None:
        """`shown` is what may be written down of it, where that is not all."""
        draft.status = status
        draft.keep(body if shown is None else shown)
        head = draft.request.method == "HEAD"
        await reply.whole(
            status,
            [_JSON, *own_headers(draft.id, draft.correlation_id, endpoints.OPENAI.id_header)],
            b"" if head else body,
        )

    # -- settle, refuse -------------------------------------------------------------------------------------------------

    async def _settle(self, draft: Draft) -> None:
        """The row, and what an idempotency key keeps, side by side."""
        if draft.claim is None:
            await self._settlement.settle(draft)
        else:
            await beside(draft.claim.finish(), self._settlement.settle(draft))
        if draft.keeping is not None:
            await draft.keeping.finish()

    async def _refuse(self, error: GatewayError, form: ErrorForm, reply: Reply, draft: Draft) -> None:
        """Tell the client, as a status while that is possible, else as the dialect's own event in the stream."""
        # A message may repeat what the client wrote; a key put into `model` or the path by mistake is not said back.
        error.message = redaction.text(error.message)
        try:
            if not reply.begun:
                reply.guard = None  # what is refused says nothing of the model's
                draft.unwatch()
                body = form.render(error, draft.id)
                draft.keep(body)
                extra = [(name.encode(), value.encode()) for name, value in error.headers.items()]
                head = draft.request.method == "HEAD"
                await reply.whole(
                    error.status,
                    [_JSON, *extra, *own_headers(draft.id, draft.correlation_id, form.id_header)],
                    b"" if head else body,
                )
            elif not reply.ended:
                await reply.part(_last_words(error, form, reply, draft), last=True)
        except ClientGone:
            _LOG.info("the client of request %s left before it could be told", draft.id)


async def _afterwards(draft: Draft) -> None:
    """What is done when the client has its answer and the row is written."""
    if draft.after is None:
        return
    try:
        await draft.after()
    except Exception:  # noqa: BLE001 - the outermost door of the after-work: whatever is wrong with a copy, its original is served
        _LOG.exception("the mirror of request %s failed", draft.id)


class Abandoned(Exception):
    """A whole answer has begun, with signs of life, and will never come: only a broken connection says so."""


def _last_words(error: GatewayError, form: ErrorForm, reply: Reply, draft: Draft) -> bytes:
    """An error at the end of a stream; Abandoned where the client waits for one JSON value and would take an error for a success."""
    if reply.wording is None and draft.stream:
        return form.stream_error(error, draft.id)
    words = b"" if reply.wording is None else reply.wording(error)
    if not words:
        raise Abandoned(f"request {draft.id}: {error.code}")
    return words
