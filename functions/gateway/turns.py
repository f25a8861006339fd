"""The story of one turn of a dialog: begun when its request is admitted, kept alive while it is at work, ended once with what came of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Final

from gateway.dialogs import errors
from gateway.dialogs.reading import digest
from gateway.dialogs.shapes import Shaped
from gateway.errors import GatewayError, MessageInProgress, Stopped, Unavailable
from gateway.ingress.draft import Draft
from gateway.neutral.dialogs import Dialog, Mark, Message
from gateway.neutral.turns import Turn, TurnState
from gateway.parts import Parts
from gateway.settlement import consumed
from gateway.stores.hot_dialogs import LEASE_MS

RENEW_SECONDS: Final = 20.0
END_SECONDS: Final = 5.0
"""A client waits for the last of its answer until it is stored, but not longer."""
_TRIES: Final = 3
_LOG: Final = logging.getLogger("gateway")
_LEFT: Final = Mark("client_gone", "The client left before the answer was complete; this is what came until then.")


class Talk:
    """One request at work on a question. `before` is the turn that it tries again, None for the first try."""

    def __init__(self, parts: Parts, draft: Draft, dialog: Dialog, turn: Turn, before: Turn | None) -> None:
        self._store = parts.dialogs
        self._clock = parts.clock
        self.draft = draft
        self.dialog = dialog
        self.turn = turn
        self._before = before
        self._begun = False
        self._ended = False
        self._renewing: asyncio.Task[None] | None = None

    async def begin(self, content: str) -> None:
        """Store the question; MessageInProgress when another request was first, NotFound when the dialog is gone, Unavailable."""
        question = self._question(content)
        self.turn = replace(self.turn, expires_ms=question.created_at + LEASE_MS)
        try:
            if await self._store.begin(self.dialog, self.turn, question, self._before) is not None:
                raise MessageInProgress
        except Unavailable:
            self._begun = True  # perhaps it has: then it is ended, and nobody waits for a lease
            raise
        self._begun = True
        self._renewing = asyncio.ensure_future(self._renew())

    def _question(self, content: str) -> Message:
        """As much of the question as is kept."""
        kept = digest(content)
        self.turn = replace(self.turn, kept=None if kept == self.turn.fingerprint else kept)
        turn = self.turn
        return Message(turn.question, self.dialog.id, "user", content, turn.at_ms, created_at=self._clock.now_ms())

    def answer(self, text: str, usage: tuple[int, int] | None, error: Mark | None = None) -> Message:
        """The message of an answer, or of its beginning. Tokens as the provider told them, else by estimate."""
        draft = self.draft
        prompt, completion = usage or _consumed(draft)
        return Message(
            id=self.turn.answer,
            dialog_id=self.dialog.id,
            role="assistant",
            content=text,
            at_ms=self.turn.at_ms,
            created_at=self._clock.now_ms(),
            prompt_tokens=prompt,
            completion_tokens=completion,
            model=draft.model or draft.requested_model,
            error=error,
        )

    async def close(self, shaped: Shaped) -> None:
        """The answer is made up, and the client gets the last of it."""
        if shaped.message is not None:
            await self._end("done", shaped.message, None)
        elif shaped.error is not None:
            await self._failed(shaped, shaped.error)

    async def refuse(self, error: GatewayError, content: str) -> None:
        """A guardrail blocks the question before anybody is asked or paid: it is kept as far as it may be, and says why it has no answer.

        Of many in a row the first are. Unavailable.
        """
        question = replace(self._question(content), error=errors.mark(error))
        await self._store.refuse(self.dialog, replace(self.turn, state="failed"), question, self._before)

    async def fail(self, shaped: Shaped, error: GatewayError) -> None:
        """It came to nothing, or broke off. What somebody stopped on purpose is an answer as far as it goes."""
        mark = errors.mark(error)
        if isinstance(error, Stopped) and shaped.text:
            await self._end("done", self.answer(shaped.text, shaped.usage, mark), None)
        else:
            await self._failed(shaped, mark)

    async def left(self, shaped: Shaped) -> None:
        """The client is gone: what it was told is the answer."""
        if shaped.message is not None:
            await self.close(shaped)
        elif shaped.text:
            await self._end("done", self.answer(shaped.text, shaped.usage, _LEFT), None)
        else:
            await self._end("failed", None, Mark(_LEFT.code, "The client left before there was an answer."))

    def over(self) -> None:
        """Nobody is at work any more. A turn that was not ended is free when its lease is over."""
        if self._renewing is not None:
            self._renewing.cancel()

    async def _failed(self, shaped: Shaped, mark: Mark) -> None:
        partial = self.answer(shaped.text, shaped.usage, mark) if shaped.text else None
        await self._end("failed", partial, mark)

    async def _end(self, state: TurnState, answer: Message | None, error: Mark | None) -> None:
        """Once. Raises nothing of the store's: the client has its answer, and the balance its entry."""
        if not self._begun or self._ended:
            return
        self._ended = True
        self.over()
        try:
            async with asyncio.timeout(END_SECONDS):
                stored = await self._stored(replace(self.turn, state=state), answer, error)
        except (Unavailable, TimeoutError) as fault:
            _LOG.error(
                "What came of request %s is not stored: %s", self.turn.request, str(fault) or "no answer in time"
            )
            return
        if not stored:
            _LOG.warning("What came of request %s is not stored: its turn or its dialog is gone.", self.turn.request)

    async def _stored(self, turn: Turn, answer: Message | None, error: Mark | None) -> bool:
        for _ in range(_TRIES - 1):
            try:
                return await self._store.end(self.dialog, turn, answer, error)
            except Unavailable as fault:
                _LOG.warning("%s request=%s", fault.message, turn.request)
        return await self._store.end(self.dialog, turn, answer, error)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if not await self._store.renew(self.dialog, self.turn):
                    return
            except Unavailable as fault:
                _LOG.warning("%s request=%s", fault.message, self.turn.request)


def _consumed(draft: Draft) -> tuple[int, int]:
    """Tokens in and out, as far as they are known or can be guessed."""
    if draft.metered is None:
        return 0, 0
    try:
        used = consumed(draft.metered)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        _LOG.exception("the consumption of request %s cannot be worked out", draft.id)
        return 0, 0
    return used.input_total, used.output
