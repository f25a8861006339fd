"""Turning the entities into a release in force."""

from __future__ import annotations

from dataclasses import replace

from gateway.admin.errors import Conflict
from gateway.admin.schemas import ReleaseOut
from gateway.admin.trail import Trail
from gateway.neutral.config import Release, UpstreamKey
from gateway.stores.entities import MODEL, PROVIDER, ROUTE, UPSTREAM_KEY, Entities
from gateway.stores.releases import Releases, making
from gateway.stores.versioned import Outdated

_TRIES = 10


class Publisher:
    """Publishes what the entities say now.

    The pointer is read before the entities and moved only if nobody moved it since, so of two writers at once the second publishes again and
    the release in force holds both changes.
    """

    def __init__(self, entities: Entities, releases: Releases, trail: Trail | None = None) -> None:
        self._entities = entities
        self._releases = releases
        self._trail = trail

    def on(self, trail: Trail) -> Publisher:
        """The same, leaving a trail."""
        return Publisher(self._entities, self._releases, trail)

    def compose(self) -> Release:
        """The release that the entities describe."""
        keys: dict[str, list[UpstreamKey]] = {}
        for row in self._entities.all(UPSTREAM_KEY):
            keys.setdefault(row.value.provider, []).append(row.value.key)
        providers = [row.value for row in self._entities.all(PROVIDER)]
        return Release(
            providers=tuple(replace(provider, keys=tuple(keys.get(provider.id, ()))) for provider in providers),
            models=tuple(row.value for row in self._entities.all(MODEL)),
            routes=tuple(row.value for row in self._entities.all(ROUTE)),
        )

    def publish(self, actor: str) -> None:
        """Put the entities in force; nothing is written when they already are. Conflict when others kept publishing."""
        for _ in range(_TRIES):
            seen = self._releases.pointer()
            release = self.compose()
            address, chunks = self._releases.write(release, actor)
            if address == seen.release:
                self._tell(None, address)
                return
            if self._trail is not None:
                self._trail.about("publish", "release", address)
            try:
                self._releases.move(seen, (address, chunks), making(release, actor, "edit"))
            except Outdated:
                continue
            self._tell(seen.release or None, address)
            return
        raise Conflict("The change is stored, but others kept publishing at the same moment; save again to publish it.")

    def _tell(self, before: str | None, after: str) -> None:
        if self._trail is not None:
            self._trail.published(before, after)

    def current(self) -> tuple[str | None, Release]:
        """The release in force and its address; None and an empty one before the first."""
        seen = self._releases.pointer()
        found = self._releases.read(seen.release) if seen.release else None
        return seen.release or None, found[0] if found is not None else Release()

    def in_force(self) -> ReleaseOut:
        """The release in force and what it holds."""
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
        )
