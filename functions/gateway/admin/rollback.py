"""Old releases: reading them, telling two apart, and putting one in force again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.admin.errors import Conflict, Invalid, Missing, Stale
from gateway.admin.provider_editor import UrlRules
from gateway.admin.secretless import difference
from gateway.admin.trail import Trail
from gateway.neutral.audit import Change
from gateway.neutral.config import Provider, Release, UpstreamKey
from gateway.stores.composing import NOUNS, contents
from gateway.stores.entities import REFERABLE, Entities, OwnedKey
from gateway.stores.releases import Cause, Damaged, Making, Pointer, Publication, Releases, making
from gateway.stores.restoring import Restoring, Step, TooMuch, check, parts
from gateway.stores.versioned import Outdated

_TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class _Way:
    """Why the entities become those of a release, and what to do where that is too much for one step."""

    cause: Cause
    name: str
    instead: str


_ROLLBACK: Final = _Way("rollback", "This rollback", "Apply a configuration document instead.")
_DISCARD: Final = _Way(
    "discard", "Discarding this draft", "Undo a part of it by hand first, or apply a configuration document."
)


def differences(before: Release, after: Release) -> list[Change]:
    """What is added, removed and changed from one release to another, by noun and id, without secrets."""
    old, new = contents(before), contents(after)
    return [
        difference(noun.name, identifier, old[noun.name].get(identifier), new[noun.name].get(identifier))
        for noun in NOUNS
        for identifier in sorted({*old[noun.name], *new[noun.name]})
        if old[noun.name].get(identifier) != new[noun.name].get(identifier)
    ]


class Rollbacks:
    """Reads old releases and puts them in force."""

    def __init__(
        self,
        entities: Entities,
        releases: Releases,
        restoring: Restoring,
        rules: UrlRules,
        trail: Trail | None = None,
    ) -> None:
        self._entities = entities
        self._releases = releases
        self._restoring = restoring
        self._rules = rules
        self._trail = trail

    def on(self, trail: Trail) -> Rollbacks:
        """The same, leaving a trail."""
        return Rollbacks(self._entities, self._releases, self._restoring, self._rules, trail)

    def pointer(self) -> Pointer:
        """What is in force."""
        return self._releases.pointer()

    def page(self, before: int | None, limit: int) -> tuple[list[Publication], int | None]:
        """Publications, newest first. The one in force is there although it was made before publications were listed."""
        rows, following = self._releases.publications(before, limit)
        seen = self._releases.pointer()
        if before is None and not rows and seen.number:
            found = self._releases.read(seen.release)
            made = making(*found, "edit") if found is not None else making(Release(), "", "edit")
            rows = [Publication(seen.number, seen.release, seen.updated_at, made)]
        return rows, following

    def read(self, address: str) -> Release:
        """A release; Missing when there is none, Conflict when this version cannot read it."""
        try:
            found = self._releases.read(address)
        except (Damaged, ValueError, TypeError, KeyError):
            raise Conflict("The release is damaged, or was made by another version and cannot be read.") from None
        if found is None:
            raise Missing(f"There is no release {address[:64]!r}.")
        return found[0]

    def restore(self, address: str, expected: int | None, actor: str) -> tuple[Pointer, bool]:
        """Make the entities and the pointer those of a release, as a new number; False: they were, and nothing was written. `expected` is the
        number that is in force. Errors: Missing, Stale, and Conflict when it cannot be restored or others kept writing.
        """
        return self._restore(address, expected, actor, _ROLLBACK)

    def discard(self, expected: int | None, actor: str) -> tuple[Pointer, bool]:
        """Make the entities those of the release in force, as a new number; otherwise as `restore`."""
        seen = self._releases.pointer()
        if expected is not None and seen.number != expected:
            raise Stale
        if not seen.release:
            raise Conflict("Nothing was published yet, so that there is nothing to go back to.")
        return self._restore(seen.release, seen.number, actor, _DISCARD)

    def advance(self, seen: Pointer, release: Release, steps: tuple[Step, ...], actor: str) -> Pointer:
        """Make steps and put the release that they come to in force, in one transaction. TooMuch, or Outdated when something was changed since
        it was read.
        """
        check(steps)
        packed = self._releases.write(release, actor)
        if self._trail is not None:
            self._trail.about("apply", "configuration", packed[0])
        moved = self._move(seen, packed, making(release, actor, "edit"), steps)
        self._tell(seen, moved, steps)
        return moved

    def store(self, steps: tuple[Step, ...]) -> None:
        """Make steps in their order, in as many transactions as they need; nothing is put in force. Outdated as in `advance`: what was made so far
        stays.
        """
        for part in parts(steps):
            if self._trail is not None:
                self._trail.about("apply", "configuration", "")
            self._restoring.write(part)
            self._tell_steps(part)

    def _restore(self, address: str, expected: int | None, actor: str, way: _Way) -> tuple[Pointer, bool]:
        release = self.read(address)
        for _ in range(_TRIES):
            seen = self._releases.pointer()
            if expected is not None and seen.number != expected:
                raise Stale
            steps = self._steps(release)
            packed = self._releases.write(release, actor)
            if not steps and packed[0] == seen.release:
                return seen, False
            self._judge(steps, way)
            if self._trail is not None:
                self._trail.about(way.cause, "release", address)
            try:
                moved = self._move(seen, packed, making(release, actor, way.cause), steps)
            except Outdated:
                continue
            self._tell(seen, moved, steps)
            return moved, True
        raise Conflict("Others kept changing the configuration at the same moment; try again.")

    def _move(self, seen: Pointer, packed: tuple[str, int], made: Making, steps: tuple[Step, ...]) -> Pointer:
        return self._releases.move(seen, packed, made, lambda transaction: self._restoring.add(transaction, steps))

    def _tell(self, seen: Pointer, moved: Pointer, steps: tuple[Step, ...]) -> None:
        self._tell_steps(steps)
        if self._trail is not None:
            self._trail.published(seen.release or None, moved.release)

    def _tell_steps(self, steps: tuple[Step, ...]) -> None:
        if self._trail is not None:
            for step in steps:
                self._trail.changed(step.noun.name, step.id, step.before, step.after)

    def _steps(self, release: Release) -> tuple[Step, ...]:
        wanted, steps = contents(release), list[Step]()
        for noun in NOUNS:
            rows = {noun.identify(row.value): row for row in self._entities.all(noun)}
            for identifier in sorted({*rows, *wanted[noun.name]}):
                row, after = rows.get(identifier), wanted[noun.name].get(identifier)
                before = None if row is None else row.value
                after = _with_fingerprint(before, after)
                if before != after:
                    uses = self._entities.uses(identifier, noun) if noun in REFERABLE and after is None else 0
                    version = None if row is None else row.version
                    steps.append(Step(noun, identifier, before, version, after, uses))
        return tuple(steps)

    def _judge(self, steps: tuple[Step, ...], way: _Way) -> None:
        """What was allowed when the release was made need not be so today."""
        for step in steps:
            if isinstance(step.after, Provider):
                try:
                    self._rules.check(step.after)
                except Invalid as error:
                    raise Conflict(f"The provider {step.id!r} cannot be restored: {error.message}") from None
            if isinstance(step.after, OwnedKey) and not _usable(step.after.key):
                raise Conflict(
                    f"The upstream key {step.id!r} of {step.after.provider!r} was deleted with its credential."
                )
        try:
            check(steps)
        except TooMuch as much:
            raise Conflict(f"{way.name} would write {much.args[0]} things; one step holds 98. {way.instead}") from None


def _usable(key: UpstreamKey) -> bool:
    return key.sealed is not None or key.reference is not None


def _with_fingerprint(before: Any, after: Any) -> Any:
    """A release has no fingerprints: that of an unchanged secret stays, that of another one is not known any more."""
    if isinstance(before, OwnedKey) and isinstance(after, OwnedKey) and before.key.sealed == after.key.sealed:
        return replace(after, fingerprint=before.fingerprint)
    return after
