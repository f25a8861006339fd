"""What admission and settlement share: the tables, the transaction with its token, what this environment saw of buckets, and pauses."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.aws.dynamodb import DynamoDB
from gateway.aws.writes import Write
from gateway.clock import Clock
from gateway.neutral.limits import Rate, Scope, ScopeKind
from gateway.policies.gcra import Bucket
from gateway.stores.limit_admission import rate
from gateway.stores.limit_items import Tables, counters_key, lent_shards
from gateway.stores.limit_shards import Heat
from gateway.stores.limit_standing import rates

_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.4
_MOST_KEYS: Final = 100

Item = Mapping[str, Any]
Place = tuple[ScopeKind, str]


def place(scope: Scope) -> Place:
    """What tells scopes apart."""
    return scope.kind, scope.id


class Sight:
    """The TATs of buckets as this environment saw them last, with its own changes since. `most` scopes are remembered."""

    def __init__(self, most: int = 2000) -> None:
        self._most = most
        self._seen: dict[Place, dict[str, int]] = {}

    def of(self, where: Place) -> dict[str, int]:
        """`requests_tat` and `tokens_tat`, as far as they are known."""
        return self._seen.get(where, {})

    def learn(self, where: Place, item: Item) -> None:
        """The stored item, as it came with a refusal."""
        if where not in self._seen and len(self._seen) >= self._most:
            self._seen.pop(next(iter(self._seen)))
        self._seen[where] = {name: int(item[name]) for name in ("requests_tat", "tokens_tat") if name in item}

    def took(self, scope: Scope, units: Mapping[str, int], now_ns: int) -> None:
        """A reservation of this environment was committed."""
        seen = self.of(place(scope))
        tats = {
            f"{name}_tat": Bucket(limit).take(seen.get(f"{name}_tat", 0), units[name], now_ns)
            for name, limit in rates(scope)
        }
        self.learn(place(scope), {**seen, **tats})

    def gave_back(self, where: Place, nanoseconds: int) -> None:
        """Tokens went back into the bucket."""
        if "tokens_tat" in self.of(where):
            self._seen[where]["tokens_tat"] -= nanoseconds

    def tightest(self, scopes: Sequence[Scope], name: str, now_ns: int) -> Rate | None:
        """Of a rate of several scopes, the one with the least left."""
        found = [
            rate(limit, self.of(place(scope)).get(f"{name}_tat", 0), now_ns)
            for scope in scopes
            for kind, limit in rates(scope)
            if kind == name
        ]
        return min(found, key=lambda one: one.remaining / max(one.limit, 1), default=None)


class Ledger:
    """Calls of the store for one environment."""

    def __init__(self, database: DynamoDB, tables: Tables, clock: Clock, environment_id: str) -> None:
        self.database = database
        self.tables = tables
        self.clock = clock
        self.heat = Heat(clock, environment_id)
        self.sight = Sight()

    def now_ns(self) -> int:
        """Unix nanoseconds, by the store's clock."""
        return int((self.clock.wall() - self.database.ahead) * 1_000_000_000)

    async def transact(self, writes: Sequence[Write], salt: str = "") -> None:
        """The transaction, whose token follows from its contents: sent again after a lost answer, it is applied once.

        `salt` for one that may rightly be applied twice with the same contents. Conflicts are raised at once (`DynamoDB.transact_write`).
        """
        token = hashlib.blake2b(f"{salt}{writes!r}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        await self.database.transact_write(writes, token=token, patient=False)

    def nonce(self) -> str:
        """A salt."""
        return self.clock.entropy(8).hex()

    async def item(self, scope: Scope) -> Item:
        """The scope's shard 0 as it is now; empty when there is none."""
        found = await self.database.get_item(self.tables.state, counters_key(scope.kind, scope.id), consistent=True)
        return found or {}

    async def items(self, scopes: Sequence[Scope]) -> list[list[Item]]:
        """The items that scopes have, as they are now: shard 0 first, and the shards it ever lent to."""
        mains = await self._read([counters_key(scope.kind, scope.id) for scope in scopes])
        wanted: list[list[dict[str, str]]] = []
        for scope in scopes:
            main = counters_key(scope.kind, scope.id)
            shards = lent_shards(mains.get(main["pk"], {}))
            wanted.append([main, *(counters_key(scope.kind, scope.id, shard) for shard in shards)])
        found = mains | await self._read([key for keys in wanted for key in keys[1:]])
        return [[found[key["pk"]] for key in keys if key["pk"] in found] for keys in wanted]

    async def _read(self, keys: Sequence[dict[str, str]]) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for at in range(0, len(keys), _MOST_KEYS):
            some = await self.database.batch_get_item(self.tables.state, keys[at : at + _MOST_KEYS], consistent=True)
            found |= {item["pk"]: item for item in some}
        return found

    async def pause(self, tries: int) -> None:
        """Full jitter: 0 to 40, 80, … 400 milliseconds."""
        share = int.from_bytes(self.clock.entropy(4), "big") / 2**32
        await asyncio.sleep(share * min(_LONGEST_PAUSE, _PAUSE * 2.0 ** min(tries, 10)))
