"""What one request (or one document) leaves in the audit log.

The entry is begun just before the first change, so that a request that changes nothing leaves nothing and a change whose entry cannot be begun is
not made; it is ended when it is known how the request ended. An ending that cannot be written is said in the function's log, whole, and the caller
gets a 500: what was changed stays changed, and the log holds the beginning.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.admin.errors import Unavailable, Unrecorded
from gateway.admin.secretless import difference
from gateway.neutral import redaction
from gateway.neutral.audit import AuditEntry, Author, Change, Fields, Origin, Outcome, entry_json
from gateway.stores.audit import AuditLog, Unwritten

LOG: Final = logging.getLogger("gateway.admin")
_ID_CHARS: Final = 256


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request, from where, under which id."""

    author: Author
    origin: Origin = Origin()
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about."""

    action: str
    noun: str
    id: str


def tell(log: AuditLog, caller: Caller, subject: Subject, status: int) -> None:
    """An entry of something that changes no configuration and is over: a sign-in. Unavailable when it cannot be written."""
    entry = _entry(log.new_id(), caller, subject)
    try:
        log.end(replace(entry, outcome="done" if status < 400 else "refused", status=status))
    except Unwritten:
        raise Unavailable("The audit log is out of reach; try again.") from None


def _entry(identifier: str, caller: Caller, subject: Subject) -> AuditEntry:
    shown = redaction.line(subject.id, _ID_CHARS)
    return AuditEntry(identifier, subject.action, subject.noun, shown, caller.author, caller.origin, caller.request_id)


class Trail:
    """The entry of one request, as it grows. Not for two threads at once. With a `subject` the entry is about that, whatever changes first."""

    def __init__(self, log: AuditLog, caller: Caller, subject: Subject | None = None) -> None:
        self._log = log
        self._caller = caller
        self._subject = subject
        self._entry: AuditEntry | None = None
        self._changes: list[Change] = []
        self._releases: tuple[str | None, str | None] = (None, None)

    def about(self, action: str, noun: str, identifier: str) -> None:
        """Something is about to be changed. Only the first call names the entry; PynamoDB's errors when it cannot be begun."""
        if self._entry is not None:
            return
        entry = _entry(self._log.new_id(), self._caller, self._subject or Subject(action, noun, identifier))
        self._log.begin(entry)
        self._entry = entry

    def entitle(self, subject: Subject) -> None:
        """What the entry is about, whatever changes first; nothing is begun yet."""
        self._subject = subject

    @property
    def length(self) -> int:
        """How many changes there were so far."""
        return len(self._changes)

    def changed(self, noun: str, identifier: str, before: Any, after: Any) -> None:
        """A thing was changed; the values as the stores have them, None where there is none."""
        self._changes.append(difference(noun, identifier, before, after))

    def noted(self, noun: str, identifier: str, before: Fields | None, after: Fields | None) -> None:
        """The same of something that is no configuration; the fields must be fit to be shown. Those that are equal are left out."""
        if before is not None and after is not None:
            same = {name for name in before if name in after and before[name] == after[name]}
            before, after = ({name: fields[name] for name in fields if name not in same} for fields in (before, after))
        self._changes.append(Change(noun, identifier, before, after))

    def published(self, before: str | None, after: str | None) -> None:
        """Which release was in force, and which one is."""
        first = self._releases[0]
        self._releases = (before if first is None else first, after)

    def end(self, status: int) -> None:
        """How it ended, as a status of HTTP. Unrecorded when that cannot be written; nothing was begun = nothing to end."""
        if self._entry is None:
            return
        before, after = self._releases
        entry = replace(
            self._entry,
            outcome=self._outcome(status),
            status=status,
            changes=tuple(self._changes),
            release_before=before,
            release_after=after,
        )
        self._entry = None
        try:
            self._log.end(entry)
        except Unwritten:
            said = json.dumps(entry_json(entry), ensure_ascii=False)
            LOG.error(
                "an audit entry could not be written",
                exc_info=True,
                extra={"request_id": entry.request_id, "audit": said},
            )
            raise Unrecorded from None

    def _outcome(self, status: int) -> Outcome:
        if status < 400:
            return "done"
        return "failed" if self._changes or status >= 500 else "refused"


@contextmanager
def ended(trail: Trail) -> Iterator[None]:
    """Ends the trail with the block: what the block raises goes on."""
    try:
        yield
    except ValueError:  # the document is wrong, or others were in the way
        trail.end(422)
        raise
    except Exception:
        trail.end(500)
        raise
    trail.end(200)
