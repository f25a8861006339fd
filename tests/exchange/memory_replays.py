"""`ReplayStore` in memory, with the clock it is given. What races do to it is proved elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.replays import KeptAnswer, ReplayKey, Taken


@dataclass(frozen=True, slots=True)
class Place:
    taken: Taken
    until_ms: int


class MemoryReplays:
    """`down` names the operations that are out of reach; `calls` are those that were made, in order."""

    def __init__(self, clock: Clock) -> None:
        self.places: dict[ReplayKey, Place] = {}
        self.calls: list[str] = []
        self.down: set[str] = set()
        self._clock = clock

    @property
    def states(self) -> list[str]:
        return ["running" if place.taken.answer is None else "done" for place in self.places.values()]

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if name in self.down:
            raise Unavailable(f"The store of idempotency keys is out of reach ({name}).")

    def _mine(self, place: ReplayKey, owner: str) -> bool:
        found = self.places.get(place)
        return found is not None and found.taken.owner == owner and found.taken.answer is None

    async def claim(self, place: ReplayKey, owner: str, fingerprint: str) -> Taken | None:
        self._called("claim")
        found = self.places.get(place)
        if found is not None and found.until_ms > self._clock.now_ms():
            taken = found.taken
            return taken if taken.fingerprint == fingerprint else replace(taken, answer=None)
        self.places[place] = Place(Taken(owner, fingerprint), self._clock.now_ms() + 60_000)
        return None

    async def renew(self, place: ReplayKey, owner: str) -> bool:
        self._called("renew")
        if not self._mine(place, owner):
            return False
        self.places[place] = replace(self.places[place], until_ms=self._clock.now_ms() + 60_000)
        return True

    async def keep(self, place: ReplayKey, fingerprint: str, answer: KeptAnswer) -> bool:
        self._called("keep")
        if not self._mine(place, answer.request_id):
            return False
        taken = Taken(answer.request_id, fingerprint, answer)
        self.places[place] = Place(taken, self._clock.now_ms() + 86_400_000)
        return True

    async def release(self, place: ReplayKey, owner: str) -> None:
        self._called("release")
        if self._mine(place, owner):
            del self.places[place]
