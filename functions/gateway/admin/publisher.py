"""Turning the entities into a release in force: by itself after every edit, or, in draft mode, when somebody asks for it.

Theory of operation: the pointer is read before the entities and moved only if nobody moved it since, so of two writers at once the second publishes
again and the release in force holds both changes. An edit reads the mode after it was stored and moves the pointer only if nobody changed the mode
since: so what is stored in draft mode is never put in force by an edit that began before.

In draft mode edits do not move the pointer, so that reading them all while others write might give a mixture that never was: they are read until
two readings agree, version by version, and the one before the last is what was there between the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.admin.errors import Conflict, Stale
from gateway.admin.rollback import differences
from gateway.admin.schemas import ReleaseOut
from gateway.admin.trail import Trail
from gateway.neutral.audit import Change
from gateway.neutral.config import Release
from gateway.stores.composing import NOUNS, composed
from gateway.stores.entities import Entities
from gateway.stores.publishing import Mode, Publishing, PublishingStore
from gateway.stores.releases import Beside, Cause, Pointer, Releases, making, pack
from gateway.stores.versioned import Outdated, Versioned

_TRIES: Final = 10
_BUSY: Final = "Others kept changing the configuration at the same moment; try again."
_Rows = Mapping[str, Sequence[Versioned[Any]]]
_PENDING: Final = "Changes of the draft are not in force yet. Publish or discard them first."


@dataclass(frozen=True, slots=True)
class Draft:
    """What the entities describe (`after`, and its address), beside the release in force and its pointer."""

    seen: Pointer
    before: Release
    after: Release
    address: str

    @property
    def changes(self) -> list[Change]:
        """What publishing it would change."""
        return differences(self.before, self.after)


class Publisher:
    """Publishes what the entities say now; see the theory of operation."""

    def __init__(
        self, entities: Entities, releases: Releases, modes: PublishingStore, trail: Trail | None = None
    ) -> None:
        self._entities = entities
        self._releases = releases
        self._modes = modes
        self._trail = trail

    def on(self, trail: Trail) -> Publisher:
        """The same, leaving a trail."""
        return Publisher(self._entities, self._releases, self._modes, trail)

    def compose(self) -> Release:
        """The release that the entities describe."""
        return _release(self._rows())

    def publish(self, actor: str) -> None:
        """Put an edit in force, unless edits wait in a draft; nothing is written when it already is. Conflict when others kept publishing."""
        for _ in range(_TRIES):
            mode = self._modes.get()
            if mode.mode == "draft":
                return
            seen = self._releases.pointer()
            release = self.compose()
            try:
                self._move(seen, release, (actor, "edit"), lambda transaction: self._modes.attest(transaction, mode))  # noqa: B023 -- used at once
            except Outdated:
                continue
            return
        raise Conflict("The change is stored, but others kept publishing at the same moment; save again to publish it.")

    def put_in_force(self, actor: str) -> None:
        """Put the entities in force in whatever mode: a configuration document, which says what is to hold."""
        for _ in range(_TRIES):
            seen = self._releases.pointer()
            try:
                self._move(seen, self._steady(), (actor, "edit"))
            except Outdated:
                continue
            return
        raise Conflict("The change is stored, but others kept publishing at the same moment; apply it again.")

    def publish_draft(self, actor: str, expected: int | None, shown: str | None) -> tuple[Pointer, bool]:
        """Put the draft in force; False: it was, and nothing was written. `expected` is the number that is in force, `shown` the address of
        the draft that was looked at. Errors: Stale, Conflict.
        """
        for _ in range(_TRIES):
            draft = self.draft()
            if expected is not None and draft.seen.number != expected:
                raise Stale
            if shown is not None and draft.address != shown:
                raise Conflict("The draft was changed in the meantime; look at it again.")
            try:
                moved = self._move(draft.seen, draft.after, (actor, "publish"))
            except Outdated:
                continue
            if moved is None:
                return draft.seen, False
            self._tell_changes(draft)
            return moved, True
        raise Conflict(_BUSY)

    def draft(self) -> Draft:
        """What the entities describe, beside what is in force."""
        seen = self._releases.pointer()
        after = self._steady()
        return Draft(seen, self._read(seen), after, pack(after)[0])

    def switch(self, mode: Mode, expected: int | None) -> Publishing:
        """Choose a mode; Stale, or Conflict when there is a draft that direct publishing would leave lying."""
        seen = self._modes.get()
        if expected is not None and seen.version != expected:
            raise Stale
        if seen.mode == mode:
            return seen
        if mode == "direct" and self._waiting():
            raise Conflict(_PENDING, field="publishing")
        if self._trail is not None:
            self._trail.about("update", "settings", "publishing")
        try:
            chosen = self._modes.put(mode, seen)
            if mode == "direct" and self._waiting():
                # An edit took it for draft mode just before: it is stored, and nobody would ever put it in force.
                self._modes.put("draft", chosen)
                raise Conflict(_PENDING, field="publishing")
        except Outdated:
            raise Stale from None
        if self._trail is not None:
            self._trail.noted("settings", "publishing", {"publishing": seen.mode}, {"publishing": mode})
        return chosen

    def count(self, seen: Publishing | None) -> Publishing:
        """A new version of the settings for one that is kept elsewhere and about to be changed; Stale when they are not as they were `seen`."""
        for _ in range(_TRIES):
            known = seen or self._modes.get()
            try:
                return self._modes.put(known.mode, known)
            except Outdated:
                if seen is not None:
                    raise Stale from None
        raise Conflict(_BUSY)

    def mode(self) -> Publishing:
        """How edits come into force."""
        return self._modes.get()

    def current(self) -> tuple[str | None, Release]:
        """The release in force and its address; None and an empty one before the first."""
        seen = self._releases.pointer()
        return seen.release or None, self._read(seen)

    def in_force(self) -> ReleaseOut:
        """The release in force, what it holds, and how much waits in the draft."""
        mode = self._modes.get().mode
        seen = self._releases.pointer()
        found = self._releases.read(seen.release) if seen.release else None
        release, actor = found if found is not None else (Release(), None)
        return ReleaseOut(
            release=seen.release or None,
            number=seen.number,
            updated_at=seen.updated_at or None,
            created_by=actor,
            providers=len(release.providers),
            models=len(release.models),
            routes=len(release.routes),
            publishing=mode,
            pending=len(differences(release, self.compose())) if mode == "draft" else 0,
        )

    def _move(
        self,
        seen: Pointer,
        release: Release,
        made: tuple[str, Cause],
        beside: Beside | None = None,
    ) -> Pointer | None:
        """Put a release in force if the pointer is still the one `seen`, else Outdated; None: it is in force, and nothing was written."""
        packed = self._releases.write(release, made[0])
        before, after = seen.release or None, packed[0]
        moved = None
        if before != after:
            if self._trail is not None:
                self._trail.about("publish", "release", after)
            moved = self._releases.move(seen, packed, making(release, *made), beside)
        if self._trail is not None:
            self._trail.published(before if moved else None, after)
        return moved

    def _tell_changes(self, draft: Draft) -> None:
        if self._trail is not None:
            for change in draft.changes:
                self._trail.noted(change.noun, change.id, change.before, change.after)

    def _rows(self) -> _Rows:
        return {noun.name: self._entities.all(noun) for noun in reversed(NOUNS)}

    def _steady(self) -> Release:
        rows = self._rows()
        for _ in range(_TRIES):
            before, rows = rows, self._rows()
            if rows == before:
                return _release(rows)
        raise Conflict(_BUSY)

    def _waiting(self) -> bool:
        return self.compose() != self.current()[1]

    def _read(self, seen: Pointer) -> Release:
        found = self._releases.read(seen.release) if seen.release else None
        return Release() if found is None else found[0]


def _release(rows: _Rows) -> Release:
    return composed({noun: [row.value for row in found] for noun, found in rows.items()})
