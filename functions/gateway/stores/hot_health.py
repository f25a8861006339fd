"""What all environments know together of targets and upstream keys, as the data plane keeps it.

Theory of operation. Planning reads memory. A snapshot is one Query (`health_items`), made after an answer once it is `poll_seconds` old, or by
the request that finds it older than `bound_seconds`. What this environment sees counts for it at once, as an overlay over the
snapshot (`health_overlay`), and is written by `flush`, after the answer (`health_writer`):

- Facts about keys, outcomes of probes, and faults of a target whose breaker is closed: with the next flush.
- Everything else (successes, latencies, faults of a target that everybody avoids already) is folded, and written when the last write for its
  target is ten seconds old, or with a fault. The first success of an environment is written at once, so that a few faults are never
  weighed against silence.

The overlay opens a breaker as soon as this environment's calls and those of the snapshot suffice; the flush then asks the store, which counts
everybody's calls, and takes its word. What the store answered to a write is trusted over a Query for five seconds, because the Query may be older.

Without the store, each environment goes by what it saw. Nothing is raised, and one caller per `poll_seconds` tries again, for a second at most
when a client waits. Nobody can win a probe then, so a breaker that has been half-open for longer than a lease counts as closed:
a target must not stay shut because the store is.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Final

from gateway.aws.attributes import NotStorable
from gateway.aws.dynamodb import DynamoDB, Expr, Item, Query
from gateway.aws.faults import AwsFault, Rejected
from gateway.clock import Clock, Moment
from gateway.neutral.health import Health, KeySeen, TargetSeen
from gateway.routing.breaker import leasable
from gateway.stores.health_items import PARTITION, Target, first_sort_key
from gateway.stores.health_memory import Memory
from gateway.stores.health_writer import HealthWriter

_LOG: Final = logging.getLogger("gateway")
_PATIENCE: Final = 1.0
_PROBING_SECONDS: Final = 1.0
_PAGES: Final = 8


class Outage:
    """Since when the store does not answer; said once in the log, and asked again by one caller per `pause` seconds."""

    def __init__(self, clock: Clock, pause: float, what: str) -> None:
        self._clock = clock
        self._pause = pause
        self._what = what
        self._since: Moment | None = None

    def __bool__(self) -> bool:
        return self._since is not None

    @property
    def recent(self) -> bool:
        """Whether it is too early for another try."""
        return self._since is not None and self._clock.age(self._since) <= self._pause

    def begin(self, why: Exception) -> None:
        """The store failed."""
        if self._since is None:
            reason = str(why) or type(why).__name__
            _LOG.error("Upstream health cannot be %s: %s. This environment goes by what it knows.", self._what, reason)
        self._since = self._clock.moment()

    def end(self) -> None:
        """The store answered."""
        self._since = None


class HotHealth:
    """`HealthBoard` over the signed client. `patience`: seconds that one call of the store may take."""

    def __init__(
        self,
        database: DynamoDB,
        table: str,
        clock: Clock,
        poll_seconds: float = 5.0,
        bound_seconds: float = 25.0,
        patience: float = _PATIENCE,
    ) -> None:
        self._database = database
        self._table = table
        self._clock = clock
        self._poll = poll_seconds
        self._bound = max(bound_seconds, poll_seconds)
        self._memory = Memory(clock)
        self._writer = HealthWriter(database, table, clock, self._memory, patience)
        self._patience = patience
        self._asking: set[Target] = set()
        self._looked: Moment | None = None
        self._reading = Outage(clock, poll_seconds, "read")
        self._writing = Outage(clock, poll_seconds, "written")
        self._read_lock = asyncio.Lock()
        self._write_lock = asyncio.Lock()

    async def current(self) -> Health:
        """See `HealthBoard.current`."""
        if self._due(self._bound):
            await self._look(self._bound)
        self._memory.reach(bool(self._reading or self._writing))
        return self._memory.health()

    async def refresh(self) -> None:
        """See `HealthBoard.refresh`. While a probe is under way somewhere, its outcome is looked for more often."""
        pace = min(self._poll, _PROBING_SECONDS) if self._memory.probing(self._clock.now_ms()) else self._poll
        if self._due(pace):
            await self._look(pace)

    def saw(self, seen: TargetSeen | KeySeen) -> None:
        """See `HealthBoard.saw`."""
        self._memory.saw(seen)

    async def flush(self) -> None:
        """See `HealthBoard.flush`."""
        async with self._write_lock:
            if self._writing.recent:
                return
            try:
                if await self._writer.flush():
                    self._writing.end()
            except (AwsFault, TimeoutError) as fault:
                self._writing.begin(fault)

    async def probe(self, provider: str, model: str, owner: str) -> bool:
        """See `HealthBoard.probe`. False without a write where this environment knows that the answer is no, or is asking already."""
        target = (provider, model)
        known = self._memory.breaker(target, self._clock.now_ms())
        refused = known.until_ms and not leasable(known, owner, self._clock.now_ms())
        if refused or target in self._asking or self._writing.recent:
            return False
        self._asking.add(target)
        try:
            return await self._lease(target, owner)
        finally:
            self._asking.discard(target)

    async def _lease(self, target: Target, owner: str) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                won = await self._writer.lease(target, owner)
        except (NotStorable, Rejected):
            return False
        except (AwsFault, TimeoutError) as fault:
            # The lease may have been written all the same: given back with the next flush, it does not idle until its end.
            self._memory.saw(TargetSeen(*target, None, self._clock.now_ms(), probe=owner))
            self._writing.begin(fault)
            return False
        self._writing.end()
        return won

    def _due(self, older_than: float) -> bool:
        old = self._looked is None or self._clock.age(self._looked) > older_than
        return old and not self._reading.recent

    async def _look(self, older_than: float) -> None:
        async with self._read_lock:
            if not self._due(older_than):
                return
            began = self._clock.moment()
            try:
                async with asyncio.timeout(self._patience):
                    items = await self._read()
            except (AwsFault, TimeoutError) as fault:
                self._reading.begin(fault)
                return
            self._memory.replace(items, began)
            self._looked = began
            self._reading.end()

    async def _read(self) -> list[Item]:
        values = {":pk": PARTITION, ":first": first_sort_key(self._clock.now_ms())}
        query = Query(self._table, Expr("pk = :pk AND sk >= :first", values=values), forward=False)
        found: list[Item] = []
        for _ in range(_PAGES):
            page = await self._database.query(query)
            found += page.items
            if page.next is None:
                break
            query = replace(query, start=page.next)
        return found
