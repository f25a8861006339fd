"""Applying a configuration document: what it would change, and changing it.

Theory of operation: everything is read once, the pointer first, and the document is worked out over that in memory. What comes of it is written in
one transaction with the pointer, each thing under the version that was read: so of a document and an edit at the same moment one is refused, or tried
again over what the other left, and a release is never composed of a part of a document. A document that changes more than one transaction holds (98
writes) is written in several, in an order in which nothing refers to what is not there, and then published: an edit at the same moment is not lost to
it either, but a part of the document may be stored, and not in force, when another part is refused. Virtual keys, teams and end users are
no part of a release and come last, so that a new secret is not lost to a publication that fails.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.admin.document import DocumentError, Parsed
from gateway.admin.document_work import Missing, Variables, Worked, work
from gateway.admin.draft import Draft, DraftEntities, Edit, Stored, read
from gateway.admin.editors import Editors
from gateway.admin.errors import ApiError, Conflict
from gateway.admin.rollback import differences
from gateway.admin.secretless import difference
from gateway.neutral.audit import Change
from gateway.neutral.config import Release, Sealed
from gateway.stores.releases import Pointer, pack
from gateway.stores.restoring import TooMuch
from gateway.stores.versioned import Outdated

ACTOR: Final = "document"
MOVED: Final = "Something was changed since this was planned, or this is another document. Plan it again."
_TRIES: Final = 10
_BUSY: Final = "Others kept changing the configuration at the same moment; apply it again."


@dataclass(frozen=True, slots=True)
class Applied:
    """`release` in force afterwards; `generated` maps the names of new virtual keys to their secrets: shown here and never again."""

    release: str | None
    number: int
    generated: Mapping[str, str] = field(default_factory=dict, repr=False)
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """A document and what to do with it. `text`: as it was given, for the fingerprint."""

    parsed: Parsed
    variables: Variables
    prune: bool = False
    text: str = field(default="", repr=False)

    def print(self, stored: Stored) -> str:
        """The fingerprint of a plan: of the document, and of what it was planned against."""
        parts = (stored.print(), str(self.prune), self.text)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Planned:
    """What applying would change (a virtual key is named by its name), where the document says so, and what an administrator should know."""

    changes: tuple[tuple[Change, str | None], ...]
    missing: tuple[Missing, ...]
    warnings: tuple[str, ...]
    number: int
    fingerprint: str


def plan(order: Order, editors: Editors) -> Planned:
    """What applying would change; writes nothing and seals nothing. DocumentError, Conflict."""
    stored = read(editors)
    worked = work(order.parsed, Draft(editors, stored, _unsealed), order.variables, ACTOR, prune=order.prune)
    changes = tuple((_change(edit), worked.paths.get((edit.noun, edit.id))) for edit in worked.edits)
    return Planned(
        changes, worked.missing, _warnings(order, worked, editors), stored.pointer.number, order.print(stored)
    )


def _unsealed(_identifier: str, _secret: str) -> Sealed:
    return Sealed("", "", "")


def _change(edit: Edit) -> Change:
    if edit.noun != "virtual_key":
        return difference(edit.noun, edit.id, edit.before, edit.after)
    change = difference(edit.noun, (edit.before or edit.after).name, edit.before, edit.after)
    if edit.before is None and change.after is not None:  # its id, and mostly its secret, will be others
        after = {name: value for name, value in change.after.items() if name not in {"id", "hint"}}
        return Change(change.noun, change.id, None, after)
    return change


def _warnings(order: Order, worked: Worked, editors: Editors) -> tuple[str, ...]:
    found = []
    if waiting := _waiting(worked.draft.stored, editors):
        found.append(f"{_count(waiting, 'change')} of the draft, not in force yet, will be put in force with it.")
    if made := len(worked.generated):
        found.append(
            f"{_count(made, 'virtual key')} will be made; each secret is shown once, when the document is applied."
        )
    if gone := sum(1 for edit in worked.edits if edit.noun == "virtual_key" and edit.after is None):
        found.append(f"{_count(gone, 'virtual key')} will be removed, and refused from then on.")
    if order.prune and not any(worked.paths):
        found.append("The document names nothing, so that everything will be removed.")
    return tuple(found)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _waiting(stored: Stored, editors: Editors) -> int:
    """How many changes are stored and not in force."""
    if not stored.pointer.release:
        return 0
    described = DraftEntities(stored).release()
    if pack(described)[0] == stored.pointer.release:
        return 0
    return len(differences(editors.rollbacks.read(stored.pointer.release), described))


def apply(
    parsed: Parsed,
    editors: Editors,
    environ: Mapping[str, str],
    actor: str = ACTOR,
) -> Applied:
    """Make the configuration say what the document says, then publish once. DocumentError names what cannot be done. `editors` must not publish by
    themselves."""
    try:
        return put(Order(parsed, Variables(environ)), editors, actor)
    except ApiError as error:
        raise DocumentError(f"{parsed.name}: {error.message}") from None


def put(order: Order, editors: Editors, actor: str, fingerprint: str | None = None) -> Applied:
    """The same for whoever asks; Conflict where something is not as it was when a plan of that `fingerprint` was made, or others kept writing."""
    for _ in range(_TRIES):
        stored = read(editors)
        if fingerprint is not None and order.print(stored) != fingerprint:
            raise Conflict(MOVED, field="fingerprint")
        worked = work(order.parsed, Draft(editors, stored), order.variables, actor, prune=order.prune)
        if worked.missing:
            raise order.parsed.error(worked.missing[0].path, worked.missing[0].message)
        try:
            return _put(worked, editors, actor)
        except Outdated:
            continue
    raise Conflict(_BUSY)


def _put(worked: Worked, editors: Editors, actor: str) -> Applied:
    edits = worked.edits
    pointer = _publish(worked.draft, editors, actor)
    worked.draft.store_keys()
    changed = bool(edits) or pointer.number != worked.draft.stored.pointer.number
    return Applied(pointer.release or None, pointer.number, worked.generated, changed)


def _publish(draft: Draft, editors: Editors, actor: str) -> Pointer:
    seen, release, steps = draft.stored.pointer, draft.entities.release(), tuple(draft.entities.steps)
    if not steps and (pack(release)[0] == seen.release or (not seen.number and release == Release())):
        return seen
    try:
        return editors.rollbacks.advance(seen, release, steps, actor)
    except TooMuch:
        editors.rollbacks.store(steps)
        editors.publisher.put_in_force(actor)
        return editors.rollbacks.pointer()
