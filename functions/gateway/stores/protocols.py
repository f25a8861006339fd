"""What the other rooms may see of the stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Literal, Protocol

from gateway.neutral.caching import CacheCounts, CachedAnswer, CacheKey, Candidate
from gateway.neutral.config import UpstreamKey, VirtualKey
from gateway.neutral.dialogs import Dialog, Mark, Message
from gateway.neutral.health import Health, KeySeen, TargetSeen
from gateway.neutral.index import Index
from gateway.neutral.limits import Account, Admission, Ask, Refusal, Scope, Spent, Standing
from gateway.neutral.logrow import LogRow
from gateway.neutral.people import Person
from gateway.neutral.replays import KeptAnswer, ReplayKey, Taken
from gateway.neutral.turns import Opened, Turn
from gateway.neutral.uploads import FileFacts, Offer, StoredFile, UploadPlace


class KeyReader(Protocol):
    """Virtual keys, by hash."""

    async def get(self, digest: str) -> VirtualKey | None:
        """The key of a hash, None when there is none; Unavailable when the store cannot say."""

    async def account(self, kind: Literal["user", "team"], identifier: str) -> Account | None:
        """A user or team as far as it has limits; None when nothing is said of it; Unavailable when the store cannot say."""


class ReleaseReader(Protocol):
    """The configuration in force."""

    async def current(self) -> Index:
        """The release in force, at most 30 seconds old; Unavailable when none was ever read."""

    async def refresh(self) -> None:
        """Look for a newer release when the look-up is due; meant for the time after an answer."""


class LogWriter(Protocol):
    """Log rows and the bodies that are too large for a row."""

    async def put(self, row: LogRow) -> None:
        """Write a row; a second write of the same id replaces the first. Unavailable when the store refused it."""

    async def put_body(self, reference: str, body: bytes) -> None:
        """Store a (redacted) body document under a reference."""


class SecretReader(Protocol):
    """Upstream credentials in the clear, for the moment of a call."""

    async def secret(self, key: UpstreamKey) -> str:
        """The credential of an upstream key; Unavailable when it cannot be opened now."""


class HealthBoard(Protocol):
    """What all environments know together of targets and upstream keys. It never fails: without the store, each goes by what it saw itself."""

    async def current(self) -> Health:
        """The snapshot, own observations included; read first when it is older than half a minute."""

    async def refresh(self) -> None:
        """Read again when that is due; meant for the time after an answer."""

    def saw(self, seen: TargetSeen | KeySeen) -> None:
        """Remember an observation: at once for this environment, for the others with the next `flush`. No I/O."""

    async def flush(self) -> None:
        """Write what must be known soon (faults, breakers, keys) and, now and then, what was folded; meant for the time after an answer."""

    async def probe(self, provider: str, model: str, owner: str) -> bool:
        """Whether `owner` (a request id) may make the one call that a half-open breaker lets through."""


class StopBoard(Protocol):
    """Requests that somebody wants stopped."""

    async def ask(self, request_id: str, key_id: str) -> None:
        """Ask for a stop, on behalf of a virtual key, or of an owner of dialogs; Unavailable when it could not be written."""

    async def asked(self, request_id: str, key_id: str, since_ms: int = 0) -> bool:
        """Whether a stop of this request was asked for by its own key, this owner or an administrator, not before the second of `since_ms` (Unix
        milliseconds); False when the store cannot say."""


class LimitStore(Protocol):
    """Counters of scopes, and what running requests hold of them. Nothing here fails open: a store that cannot say is Unavailable."""

    async def admit(self, ask: Ask, start: LogRow) -> Admission | Refusal:
        """Reserve the worst case in every scope, with the hold and the start row, all in one transaction; Unavailable when the store refused."""

    async def settle(self, admission: Admission, spent: Spent, row: LogRow) -> None:
        """The exact figure in place of the hold, with the final row, in one transaction; once per request, however often it is called.

        Unavailable when it could not be written now; the settlement is then kept and written with a later `flush`, and the hold expires meanwhile.
        """

    async def look(self, ask: Ask) -> tuple[tuple[Scope, tuple[Standing, ...]], ...]:
        """Where the limits of a request's scopes stand, a token balance beside those of its user; nothing is written. Unavailable when the
        store cannot say."""

    async def renew(self, admission: Admission, spent: Spent) -> None:
        """Say that the request still runs, and what it is known to have cost so far. Raises nothing."""

    async def flush(self) -> None:
        """Write what could not be written before; meant for the time after an answer. Raises nothing."""


class CacheStore(Protocol):
    """Answers that are given again. All methods raise Unavailable."""

    async def find(self, key: CacheKey) -> CachedAnswer | None:
        """The answer at a place; None when there is none, its time is over, or its tenant's cache was cleared since."""

    async def keep(self, key: CacheKey, answer: CachedAnswer, seconds: int) -> None:
        """Keep an answer for so long, in the place of any other."""

    async def candidates(self, bucket: CacheKey) -> Sequence[Candidate]:
        """The latest questions of a bucket, at most 50, newest first."""

    async def remember(self, bucket: CacheKey, candidate: Candidate, request_id: str, seconds: int) -> None:
        """Add a question to a bucket for so long."""

    async def clear(self, tenant: str) -> None:
        """Nothing that a tenant's requests have kept until now is given again."""


class UsageFigures(Protocol):
    """Sums of finished requests."""

    async def cache_counts(self, key_id: str) -> CacheCounts:
        """What a virtual key's requests of the last 30 days, of which today is one, found in the cache; Unavailable when that cannot be read."""


class Embedder(Protocol):
    """Vectors of the deployment's own, for caches that name no embedding model."""

    async def vector(self, text: str) -> list[float] | None:
        """The vector of a text; None when there is none to be had now. It raises nothing: an answer can do without."""


class PeopleReader(Protocol):
    """Users of the control plane, by access token."""

    async def whose(self, token: str) -> Person | None:
        """Whose a token is, None for one that is not good; Unavailable when nobody can say."""


class DialogStore(Protocol):
    """Users' dialogs and the messages in them. All methods raise Unavailable."""

    async def open(self, owner: str, dialog_id: str, question: str | None = None) -> Opened | None:
        """A dialog of this owner, with what became of a question; None when they have none of that id, whoever else has."""

    def latest(self, dialog: Dialog, before_ms: int) -> AsyncIterator[Message]:
        """The messages before a place, newest first, as they are read."""

    async def page(self, owner: str, dialog_id: str, skip: int, limit: int) -> list[Message]:
        """Messages, oldest first; fewer than `limit` where they are large. InvalidRequest where those to skip are too much to be read."""

    async def answer(self, dialog: Dialog, turn: Turn) -> Message | None:
        """The answer of a turn."""

    async def begin(self, dialog: Dialog, turn: Turn, question: Message, before: Turn | None) -> Turn | None:
        """Take a turn and store its question: None when it is this request's now, else what is there, of whoever was first.

        `before` is the turn that is tried again. NotFound when the dialog is gone.
        """

    async def refuse(self, dialog: Dialog, turn: Turn, question: Message, before: Turn | None) -> bool:
        """Keep a question that is not asked, with the reason in `question.error`, and its turn as failed; False when it is not kept.

        It is not when another request was first, when the dialog is gone, or when as many were kept since the last that was asked.
        """

    async def renew(self, dialog: Dialog, turn: Turn) -> bool:
        """The request is still at work, for 60 s from now; False when the turn is no longer its own."""

    async def end(self, dialog: Dialog, turn: Turn, answer: Message | None, error: Mark | None) -> bool:
        """Store what came of a turn, which is in `turn.state`: an answer or the beginning of one, and for the question why it has no other.

        False when the turn is no longer this request's, or its dialog is gone: nothing is stored then.
        """


class ReplayStore(Protocol):
    """Idempotency keys: who is at work under one, and the answer that is kept under it for a day. All methods raise Unavailable."""

    async def claim(self, place: ReplayKey, owner: str, fingerprint: str) -> Taken | None:
        """Take the place for `owner` (a request id): None when it is the owner's now, else what is there.

        Of any number at once one gets None. A lease that was not renewed for 60 s, and an answer older than 24 h, are as good as nothing. The
        answer is in `Taken` only when the fingerprints are equal.
        """

    async def renew(self, place: ReplayKey, owner: str) -> bool:
        """Extend the owner's lease to 60 s from now; False when the place is no longer its own."""

    async def keep(self, place: ReplayKey, fingerprint: str, answer: KeptAnswer) -> bool:
        """Keep an answer for 24 h in place of the claim of `answer.request_id`; False when the place is no longer its own."""

    async def release(self, place: ReplayKey, owner: str) -> None:
        """Give the owner's claim up, so that a retry runs; nothing happens when the place is no longer its own, or holds an answer."""


class UploadStore(Protocol):
    """Files that clients put beside their requests. All methods raise Unavailable."""

    async def offer(self, place: UploadPlace, facts: FileFacts) -> Offer:
        """Where the client may put this file, and no other, for some minutes."""

    async def find(self, place: UploadPlace) -> StoredFile | None:
        """The file at a place; None when there is none (yet, or any more)."""

    async def read(self, place: UploadPlace, file: StoredFile) -> bytes | None:
        """The bytes of a file that was found; None when it is gone or another by now. At most `MOST_BYTES` and one are held in memory."""
