"""The story of a message in a dialog: who asks, which dialog, the history that fits, then a request like any other, and what is stored of it.

Theory of operation. Callers are users with an access token or virtual keys; their dialogs are found under their own name alone, so a foreign one is
one there is not. A message becomes a Chat Completions request and goes the way of all requests (guardrails, limits, cache, failover). Its *turn*
(`gateway.turns`) begins when it is admitted and before anybody is called; so what is refused leaves nothing behind, and what was begun is never
lost. But a question that a guardrail blocks is kept, marked; and every question is stored as it goes on, without what was masked in it. The same
`message_id` again is the same message: 409 while it is at work, the stored answer when it is done, another try when it failed; the user's balance
pays once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import orjson

from gateway.catalog import translation_facts
from gateway.delivery import Client
from gateway.dialogs import config, prompt, reading, shapes, window
from gateway.errors import (
    GatewayError,
    InvalidRequest,
    MessageInProgress,
    MessageMismatch,
    ModelNotFound,
    NotFound,
    Unauthorized,
)
from gateway.ingress import relays
from gateway.ingress.draft import Draft
from gateway.ingress.endpoints import Endpoint
from gateway.ingress.headers import own_headers
from gateway.ingress.http import ClientGone, Request, read_body
from gateway.neutral.config import CHAT, VirtualKey
from gateway.neutral.dialogs import Dialog, message_json
from gateway.neutral.identity import Identity
from gateway.neutral.index import Index
from gateway.neutral.limits import Account
from gateway.neutral.turns import Opened, Turn
from gateway.parts import Parts
from gateway.passage import EVENT_STREAM, JSON, NO_STORE
from gateway.planning import wants_dry_run
from gateway.policies.people import People, is_token
from gateway.providers import vendor
from gateway.relay import Relaying
from gateway.routing.names import Found, behind, default_model
from gateway.stores.hot_dialogs import missing, stopper
from gateway.turns import Talk

MOST_MESSAGES: Final = 10_000
"""Of one dialog."""
_ID: Final = b"x-gateway-message-id"
_GONE: Final = "client_gone"
_INTERNAL: Final = "The gateway failed internally; the error was recorded."


class Conversing:
    """Serves the messages of dialogs. One instance per environment."""

    def __init__(self, parts: Parts, relaying: Relaying) -> None:
        self._parts = parts
        self._relaying = relaying
        self._people = People(parts.people, parts.clock, parts.settings.key_cache_seconds)

    async def serve(self, endpoint: Endpoint, client: Client, draft: Draft) -> None:
        """Answer the client, or raise why that cannot be done."""
        draft.form, draft.dialect = endpoint.errors, endpoint.errors.name
        owner = await self._admit(client.request, draft)
        name, _, message = endpoint.argument.partition("/")
        dialog_id = reading.dialog_id(name)
        if dialog_id is None:
            raise missing()
        if endpoint.action == "stop_message":
            await self._stop(owner, dialog_id, message, client, draft)
        elif endpoint.action == "messages":
            await self._list(owner, dialog_id, client, draft)
        else:
            await self._converse(owner, dialog_id, client, draft, stream=endpoint.action == "converse")

    # -- who asks -------------------------------------------------------------------------------------------------------

    async def _admit(self, request: Request, draft: Draft) -> str:
        """The owner of the caller's dialogs. `draft` gets the identity, with the balance that pays."""
        credentials, token = request.credentials(), _token(request)
        if token is None:
            key = await self._parts.keys.admit(credentials, request.address)
        elif credentials != [token]:
            raise Unauthorized  # of two callers, neither is meant for certain
        else:
            person = await self._people.admit(token)
            key = VirtualKey(CHAT, "Chat", "", "", user_id=person.id)
        identity = await self._parts.keys.identity(key)
        owner = key.user_id or f"key#{key.id}"
        draft.identity = self._paying(identity, owner)
        draft.key = draft.identity.narrowed
        return owner

    def _paying(self, identity: Identity, owner: str) -> Identity:
        """Where nothing is said of the owner and the deployment grants tokens, they have a balance, too."""
        if identity.user is not None or self._parts.settings.token_grant == 0:
            return identity
        return replace(identity, user=Account("user", owner, owner, token_balance=True))

    # -- the messages there are -----------------------------------------------------------------------------------------

    async def _list(self, owner: str, dialog_id: str, client: Client, draft: Draft) -> None:
        skip, limit = reading.page(client.request.query)
        opened = await self._parts.dialogs.open(owner, dialog_id)
        if opened is None:
            raise missing()
        found = await self._parts.dialogs.page(owner, dialog_id, skip, limit)
        # A row would count as traffic, each time that somebody looks at a chat.
        draft.status, draft.quiet = 200, True
        body = b"" if client.request.method == "HEAD" else orjson.dumps([message_json(message) for message in found])
        total = (b"x-total-count", b"%d" % opened.dialog.message_count)
        await client.reply.whole(200, [JSON, NO_STORE, total, *self._own(client, draft)], body)

    async def _stop(self, owner: str, dialog_id: str, message: str, client: Client, draft: Draft) -> None:
        """Ask whoever is at work on a question to stop. It is found in the owner's own dialog, and the wish is the owner's."""
        opened = await self._parts.dialogs.open(owner, dialog_id, message if reading.is_message_id(message) else None)
        if opened is None:
            raise missing()
        turn = opened.turn
        if turn is None:
            raise NotFound("There is no such message.")
        if turn.state == "running":
            await self._parts.stops.ask(turn.request, stopper(owner))
        status = "stopping" if turn.state == "running" else turn.state
        draft.status, draft.quiet = 202, True
        body = orjson.dumps({"id": message, "dialog_id": dialog_id, "status": status})
        await client.reply.whole(202, [JSON, NO_STORE, *self._own(client, draft)], body)

    def _own(self, client: Client, draft: Draft) -> list[tuple[bytes, bytes]]:
        return own_headers(draft.id, draft.correlation_id, client.form.id_header)

    # -- one more -------------------------------------------------------------------------------------------------------

    async def _converse(self, owner: str, dialog_id: str, client: Client, draft: Draft, *, stream: bool) -> None:
        index = await self._parts.releases.current()
        draft.release, draft.stream = index.hash or None, stream
        raw = await read_body(client.request, client.receive)
        draft.received(raw, guarded=index.guarded)
        said = reading.said(raw, _idempotency(client.request))
        opened = await self._parts.dialogs.open(owner, dialog_id, said.message_id)
        if opened is None:
            raise missing()
        dialog, turn = opened.dialog, opened.turn
        if turn is not None:
            client.reply.aside.append((_ID, turn.question.encode()))
            if await self._earlier(opened, said, client, draft):
                return
        elif dialog.message_count >= MOST_MESSAGES:
            raise InvalidRequest(f"The dialog has {MOST_MESSAGES} messages, and takes no more: begin another one.")
        talk = self._talk(dialog, turn, said, draft)
        if turn is None:
            client.reply.aside.append((_ID, talk.turn.question.encode()))
        draft.message_id = talk.turn.paid_for
        body = await self._request(talk, said, index)
        await self._relay(talk, body, index, replace(client, stoppers=_stoppers(owner, draft)))

    def _talk(self, dialog: Dialog, before: Turn | None, said: reading.Said, draft: Draft) -> Talk:
        """A new turn, or another try of one. Its place is behind everything that is there, whatever this machine's clock says."""
        if before is not None:
            turn = replace(before, request=draft.id, state="running")
            return Talk(self._parts, draft, dialog, turn, before)
        clock = self._parts.clock
        paid_for = clock.new_id("msg")
        turn = Turn(
            question=said.message_id or paid_for,
            answer=clock.new_id("msg"),
            request=draft.id,
            paid_for=paid_for,
            at_ms=max(clock.now_ms(), dialog.updated_at + 1),
            expires_ms=0,
            fingerprint=said.fingerprint,
        )
        return Talk(self._parts, draft, dialog, turn, None)

    async def _earlier(self, opened: Opened, said: reading.Said, client: Client, draft: Draft) -> bool:
        """Whether the message was answered before; it is again, from what is stored. MessageInProgress, MessageMismatch."""
        turn = opened.turn
        assert turn is not None
        if not turn.says(said.fingerprint):
            raise MessageMismatch
        if turn.free(self._parts.clock.now_ms()):
            return False
        if turn.state == "running":
            raise MessageInProgress
        message = await self._parts.dialogs.answer(opened.dialog, turn)
        if message is None:
            raise missing()
        draft.status, draft.cache = (200 if draft.stream else 201), "replay"
        told = [(b"x-gateway-replay", b"true"), NO_STORE, *self._own(client, draft)]
        if not draft.stream:
            await client.reply.whole(201, [JSON, *told], orjson.dumps(message_json(message)))
            return True
        await client.reply.start(200, [EVENT_STREAM, *told])
        await client.reply.part(shapes.events(message), last=True)
        return True

    async def _request(self, talk: Talk, said: reading.Said, index: Index) -> bytes:
        """The Chat Completions body: system prompt, as much of the history as fits, and the question."""
        dialog, draft = talk.dialog, talk.draft
        agent = config.agent_of(dialog, index.release.agents)
        assert draft.key is not None
        model = dialog.model_name or agent.model or default_model(index, draft.key)
        if model is None:
            raise InvalidRequest("There is no model for chats that is available to you.", param="model_name")
        draft.requested_model = model[:256]
        found = [one for one in behind(index, model) or () if one.on]
        asked = config.merged(agent, dialog, said.config)
        sizes = window.Sizes()
        for one in found:
            sizes = sizes.smaller(_sizes(one))
        # A limit of the message's own is the client's to mend; one of the preset is not.
        wanted = asked.max_tokens if said.config.max_tokens else _within(asked.max_tokens or _usual(draft), sizes)
        most = window.limits(sizes, wanted)
        fixed = prompt.fixed(dialog.system_prompt or agent.system_prompt, said.content)
        fitting = window.Window(window.room(most, fixed))
        if fitting.open and dialog.message_count:
            async for message in self._parts.dialogs.latest(dialog, talk.turn.at_ms):
                if not fitting.take(message):
                    break
        messages = [*fixed[:-1], *fitting.history(), fixed[-1]]
        asked = replace(asked, max_tokens=most.max_tokens)
        return prompt.body(model, messages, asked, _manner(found), stream=draft.stream)

    async def _relay(self, talk: Talk, body: bytes, index: Index, client: Client) -> None:
        """Through the same doors as every request. What comes of it is stored before the client has the last of it."""
        reply, draft = client.reply, talk.draft
        shaped = shapes.Shaped(talk.answer, lambda: draft.status, draft.id)
        reply.shaper = shaped
        reply.closing = lambda: talk.close(shaped)
        draft.before = lambda data: talk.begin(prompt.question(data))
        # Nothing of the query is the provider's.
        inner = replace(client, request=replace(client.request, query=""))
        try:
            await self._relaying.run(relays.CHAT, relays.CHAT.peek(body), index, inner, draft)
            await talk.close(shaped)
        except ModelNotFound as error:
            raise InvalidRequest(error.message, param="model_name") from None
        except ClientGone:
            await talk.left(shaped)
            raise
        except GatewayError as error:
            if draft.barred is not None and not wants_dry_run(client.request):
                await talk.refuse(error, prompt.question(draft.barred))
            else:
                await talk.fail(shaped, error)
            raise
        except Exception:
            # What nobody thought of is told elsewhere; here nobody waits for a lease of somebody who is not at work.
            await talk.fail(shaped, GatewayError(_INTERNAL))
            raise
        finally:
            talk.over()
        if reply.status != 200 and draft.error != _GONE:
            draft.status = reply.status


def _token(request: Request) -> str | None:
    """An access token, where it belongs: one that stands in a URL is in somebody's log already."""
    scheme, _, value = (request.header(b"authorization") or "").partition(" ")
    found = value.strip()
    return found if scheme.lower() == "bearer" and is_token(found) else None


def _stoppers(owner: str, draft: Draft) -> tuple[str, ...]:
    """The owner, and the virtual key if there is one. What stands for the key of all who have a token is nobody's."""
    assert draft.key is not None
    return (stopper(owner),) if draft.key.id == CHAT else (stopper(owner), draft.key.id)


def _idempotency(request: Request) -> str | None:
    value = request.header(b"idempotency-key")
    return None if value is None else value.strip()


def _usual(draft: Draft) -> int | None:
    """Where a balance pays, an answer has a limit: the longest one there may be is held, and a model's own limit is more than most people have."""
    return window.USUAL_OUTPUT if draft.identity is not None and draft.identity.balance_of is not None else None


def _within(max_tokens: int | None, sizes: window.Sizes) -> int | None:
    """A preset's or a dialog's limit of output, as far as this model has room for it."""
    return None if max_tokens is None else min(max_tokens, (sizes.window or window.UNKNOWN_WINDOW) // 2)


def _sizes(found: Found) -> window.Sizes:
    """The model's, as the release says, else as the catalog knows."""
    model, kind = found.model, found.provider.kind if found.provider is not None else ""
    facts = translation_facts(kind, found.upstream_model)
    window_, output = (model.context_window, model.max_output_tokens) if model is not None else (None, None)
    return window.Sizes(window_ or facts.context_window, output or facts.max_output_tokens)


def _manner(found: Sequence[Found]) -> prompt.Manner:
    facts = [translation_facts(one.provider.kind, one.upstream_model) for one in found if one.provider is not None]
    return prompt.Manner(
        sampling=not any("no_sampling" in (one.capabilities or ()) for one in facts),
        newer=bool(found) and all(_newer(one) for one in found),
    )


def _newer(found: Found) -> bool:
    try:
        return found.provider is not None and "max_completion_tokens" in vendor(found.provider.kind).traits
    except KeyError:
        return False
