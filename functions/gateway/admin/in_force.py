"""The release in force, ready for look-ups, with the names that the data plane adds (`smart`, …): what may be named here is what answers there.

Releases never change, so that the last one is read again only when the pointer names another.
"""

from __future__ import annotations

from gateway import catalog
from gateway.neutral.config import Release
from gateway.neutral.index import Index
from gateway.routing.defaults import with_defaults
from gateway.stores.releases import Pointer, Releases


class InForce:
    """One per application. Two threads that read the same release at once cost a reading, nothing else."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._last = Index(Release(), "", 0)

    def pointer(self) -> Pointer:
        """Which release is in force."""
        return self._releases.pointer()

    def index(self) -> Index:
        """The release in force; an empty one before the first."""
        seen, last = self.pointer(), self._last
        if seen.release == last.hash:
            return last
        found = self._releases.read(seen.release)
        release = Release() if found is None else found[0]
        index = Index(with_defaults(release, catalog.logical_models()), seen.release, seen.updated_at // 1000)
        self._last = index
        return index
