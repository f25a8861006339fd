"""The log row while its request is under way: facts are written down as they become known; the row is made once, at the end."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import orjson

from gateway.errors import GatewayError
from gateway.ingress.http import Request
from gateway.neutral import redaction
from gateway.neutral.caching import CacheState
from gateway.neutral.config import UpstreamKey, VirtualKey
from gateway.neutral.guardrails import Verdict
from gateway.neutral.identity import Identity
from gateway.neutral.limits import Admission, Ask
from gateway.neutral.logrow import Attempt, Caller, Cost, LogRow
from gateway.neutral.losses import Loss
from gateway.neutral.usage import Usage

if TYPE_CHECKING:
    from gateway.cached import Keeping
    from gateway.guardrails.output import Watched
    from gateway.idempotency import Claim
    from gateway.ingress.endpoints import ErrorForm
    from gateway.passage import Metered

_INLINE_LIMIT: Final = 4096
_BODY_LIMIT: Final = 2 * 1024 * 1024
_LOSSES: Final = 100
_CLIENT_GONE: Final = 499  # nginx's word for it; no client ever sees it


class Draft:
    """Everything that will be in the row. Attributes are set by the exchange; `row` closes the draft."""

    message_id: str | None = None
    """What is paid for from a balance, where several requests may be tries of one message."""
    before: Callable[[Mapping[str, Any]], Awaitable[None]] | None = None
    """What is to be done when the request is admitted, before anybody is called; it is given the request as it goes on."""
    barred: Mapping[str, Any] | None = None
    """The request that a guardrail blocked, with all that was found in it masked: as much of it as may be kept."""
    unread: bytes | None = None
    """The body of a request for which guardrails may hold: nothing is kept of it until they have read it, whatever becomes of it before."""
    binary: str | None = None
    """The media type of an answer that is no text: its bytes are counted, not kept."""
    _bytes: int = 0
    watched: Watched | None = None
    """Who looks at the answer; then it is kept as the client has it, by whoever changes it."""
    requested_model: str | None = None
    route: str | None = None
    release: str | None = None

    def __init__(self, identifier: str, now_ms: int, started: float, request: Request) -> None:
        self.id = identifier
        self.time_ms = now_ms
        self.started = started
        self.request = request
        self.dialect = "openai"
        self.form: ErrorForm | None = None
        """How errors are worded, where only the body told it."""
        self.status = 0
        self.stream = False
        self.key: VirtualKey | None = None
        self.identity: Identity | None = None
        self.ask: Ask | None = None
        self.admission: Admission | None = None
        self.purse: int | None = None
        """What of the hold is left for the gateway's own questions beside the request, nano-dollars; None = money is not limited."""
        self.provider: str | None = None
        self.model: str | None = None
        self.upstream_model: str | None = None
        self.upstream_request_id: str | None = None
        self.attempts: list[Attempt] = []
        self.candidates = 0
        self.losses: list[Loss] = []
        self.first_byte: float | None = None
        self.error: str | None = None
        self.error_message: str | None = None
        self.usage = Usage()
        self.cost = Cost()
        self.cache: CacheState = "off"
        self.guardrails: list[Verdict] = []
        """What guardrails found in the request, and what models said of the answer."""
        self.saved_nano = 0
        """What a kept answer would have cost to make again."""
        self.skips_cache = False
        self.keeping: Keeping | None = None
        self.claim: Claim | None = None
        self.request_body: bytes | None = None
        self.response_body: list[bytes] = []
        self.quiet = False
        self.metered: Metered | None = None
        self.upstream_key: UpstreamKey | None = None
        self.mirror_of: str | None = None
        self.lost: list[tuple[int, Metered]] = []
        """Calls that were ended because another was first: the place of their attempt, and what is known of their consumption."""
        self.beside: list[asyncio.Future[None]] = []
        """Work that was begun beside the answer; awaited before the row is written."""
        self.after: Callable[[], Awaitable[None]] | None = None
        """What is to be done when the row is written."""
        self._shown: tuple[str, str] | None = None
        self.correlation_id = _correlation(request)

    @property
    def keeps_bodies(self) -> bool:
        """Whether this key's bodies and headers may be stored at all."""
        return self.key is not None and self.key.record_bodies

    def fail(self, error: GatewayError) -> None:
        """The request came to nothing, or to half of something."""
        self.status = error.status
        self.error = error.code
        self.error_message = redaction.line(error.message, 1000)

    def gone(self) -> None:
        """The client left before the answer was whole."""
        self.status = _CLIENT_GONE
        self.error = "client_gone"
        self.error_message = "The client closed its connection before the answer was complete."

    def cancelled(self) -> None:
        """The environment itself ended the request."""
        self.status = 503
        self.error = "cancelled"
        self.error_message = "The request was ended from outside before its answer was complete."

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What guardrails found so far."""
        return (*self.guardrails, *(self.watched.verdicts if self.watched is not None else ()))

    def unwatch(self) -> None:
        """Nobody looks at the answer any more."""
        self.guardrails, self.watched = list(self.verdicts), None

    def received(self, body: bytes, *, guarded: bool) -> None:
        """Remember the request, where the key allows it."""
        kept = body if self.keeps_bodies else None
        self.request_body, self.unread = (None, kept) if guarded else (kept, None)

    def cleared(self, body: bytes | None = None) -> None:
        """The request may be kept, as it is or in the form `body`."""
        if self.unread is not None:
            self.request_body, self.unread = self.unread if body is None else body, None

    def keep(self, body: bytes) -> None:
        """Remember a part of the answer, where the key allows it."""
        if self.watched is None:
            self.told(body)

    def told(self, body: bytes) -> None:
        """The same of an answer that is looked at, as the client has it."""
        if self.binary is not None:
            self._bytes += len(body)
        elif self.keeps_bodies:
            self.response_body.append(body)

    def row(self, finished: float, ttl_days: int, *, state: str = "done") -> LogRow:
        """The row. Times in milliseconds since the request began; `ttl` counts from its arrival."""
        days = self.key.log_ttl_days if self.key is not None and self.key.log_ttl_days else ttl_days
        return LogRow(
            id=self.id,
            time_ms=self.time_ms,
            method=self.request.method[:16],
            path=redaction.line(self.request.path, 256),
            dialect=self.dialect,
            status=self.status,
            ttl=self.time_ms // 1000 + days * 86400,
            state=state,
            stream=self.stream,
            caller=self._caller(),
            requested_model=_words(self.requested_model, 256),
            model=_words(self.model, 256),
            upstream_model=_words(self.upstream_model, 256),
            provider=self.provider,
            upstream_key_id=self.upstream_key.id if self.upstream_key is not None else None,
            route=self.route,
            release=self.release,
            error=_words(self.error, 64),
            error_message=self.error_message,
            attempts=tuple(self.attempts),
            candidates=self.candidates,
            mirror_of=self.mirror_of,
            first_byte_ms=None if self.first_byte is None else (self.first_byte - self.started) * 1000,
            total_ms=(finished - self.started) * 1000,
            usage=self.usage,
            cost=self.cost,
            cache=self.cache,
            saved_nano=self.saved_nano,
            guardrails=self.verdicts,
            losses=tuple(dict.fromkeys(_words(str(loss), 300) or "" for loss in self.losses))[:_LOSSES],
            correlation_id=self.correlation_id,
            upstream_request_id=_words(self.upstream_request_id, 128),
            **(self._bodies() if state == "done" else {}),
        )

    def facts(self, row: LogRow) -> dict[str, Any]:
        """The row without headers and bodies, for the function's own log when the store refused it."""
        found = asdict(row)
        for name in ("request_headers", "request_body", "response_body"):
            found.pop(name)
        return found

    def _caller(self) -> Caller:
        key, request = self.key, self.request
        return Caller(
            key_id=key.id if key else None,
            key_name=key.name if key else None,
            user_id=key.user_id if key else None,
            team_id=key.team_id if key else None,
            ip=request.address,
            client=_words(request.header(b"user-agent"), 160),
            session=_words(
                request.header(b"x-claude-code-session-id")
                or request.header(b"session_id")
                or request.header(b"session-id"),
                100,
            ),
            agent=_words(request.header(b"x-claude-code-agent-id") or request.header(b"x-openai-subagent"), 100),
        )

    def _bodies(self) -> dict[str, Any]:
        """Headers and bodies as the row holds them: redacted, and by reference when they are large."""
        if not self.keeps_bodies:
            return {}
        asked, answered = self._texts()
        found: dict[str, Any] = {"request_headers": redaction.headers(self.request.headers)}
        if len(asked) <= _INLINE_LIMIT and len(answered) <= _INLINE_LIMIT:
            return found | {"request_body": asked or None, "response_body": answered or None}
        return found | {"body_ref": self.body_reference}

    def _texts(self) -> tuple[str, str]:
        if self._shown is None:
            answered = b"".join(self.response_body)
            if self.binary is not None:
                answered = f"[{self._bytes} bytes of {self.binary}]".encode()
            self._shown = _body_text(self.request_body or b""), _body_text(answered)
        return self._shown

    @property
    def body_reference(self) -> str:
        """Where large bodies lie: spread by hash, unguessable only as far as the request id is."""
        return f"bodies/{hashlib.sha256(self.id.encode()).hexdigest()[:2]}/{self.id}.json"

    def body_document(self) -> bytes:
        """The redacted bodies as one JSON document `{"request_body", "response_body"}`."""
        asked, answered = self._texts()
        document: Mapping[str, str] = {"request_body": asked, "response_body": answered}
        return orjson.dumps(document)


def _body_text(body: bytes) -> str:
    cut = body[:_BODY_LIMIT]
    note = "" if len(body) <= _BODY_LIMIT else f"\n[{len(body) - _BODY_LIMIT} more bytes]"
    return redaction.text(cut.decode("utf-8", "replace")) + note


def _words(value: str | None, limit: int) -> str | None:
    return redaction.line(value, limit) if value else None


def _correlation(request: Request) -> str | None:
    """The client's own `x-request-id` (else `x-correlation-id`), when it is fit to be shown."""
    value = request.header(b"x-request-id") or request.header(b"x-correlation-id")
    if value is None or not 0 < len(value) <= 128 or not value.isascii() or not value.isprintable():
        return None
    return redaction.line(value, 128)
