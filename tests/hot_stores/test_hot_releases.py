"""The release in force: how old it may be, and what goes on serving when the store cannot say."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gateway.aws.dynamodb import DynamoDB
from gateway.aws.faults import Unreachable
from gateway.aws.keyring import KeyRing
from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.config import Model, Provider, Release, Sealed, UpstreamKey, release_bytes, release_hash
from gateway.stores.hot_keys import HotKeys
from gateway.stores.hot_releases import HotReleases


class Now:
    def __init__(self) -> None:
        self.mono, self.unix = 50.0, 1_790_000_000.0

    def clock(self) -> Clock:
        return Clock(lambda: self.unix, lambda: self.mono)

    def go(self, seconds: float) -> None:
        self.mono += seconds
        self.unix += seconds


class Table:
    """As much of the signed client as the hot stores use."""

    def __init__(self) -> None:
        self.pointer: dict[str, Any] | None = None
        self.chunks: dict[str, list[bytes]] = {}
        self.item: dict[str, Any] | None = None
        self.down = False
        self.gets = self.queries = 0

    def publish(self, release: Release, canonical: bytes | None = None) -> str:
        raw = canonical or release_bytes(release)
        packed, address = gzip.compress(raw), release_hash(raw)
        self.chunks[address] = [packed[:40], packed[40:]]
        self.pointer = {"release": address, "chunks": 2, "updated_at": 1_790_000_000_000}
        return address

    async def get_item(self, table: str, key: dict[str, str], **_: Any) -> dict[str, Any] | None:
        self.gets += 1
        await asyncio.sleep(0)
        if self.down:
            raise Unreachable("dynamodb.GetItem", "down")
        return self.pointer if key["pk"] == "pointer" else self.item

    async def query(self, query: Any) -> Any:
        self.queries += 1
        await asyncio.sleep(0)
        if self.down:
            raise Unreachable("dynamodb.Query", "down")
        found = self.chunks.get(query.where.values[":pk"].removeprefix("release#"), [])
        turn = query.start or 0
        return SimpleNamespace(
            items=[{"data": found[turn]}] if found else [], next=turn + 1 if turn + 1 < len(found) else None
        )


RELEASE = Release(providers=(Provider("p", "P", "openai"),), models=(Model("m", "p", "u"),))


def reader() -> tuple[HotReleases, Table, Now]:
    table, now = Table(), Now()
    table.publish(RELEASE)
    return HotReleases(cast("DynamoDB", table), "config", now.clock(), 5.0), table, now


async def test_concurrent_first_requests_read_once_and_warm_ones_not_at_all() -> None:
    hot, table, _ = reader()
    found = await asyncio.gather(*(hot.current() for _ in range(20)))
    assert {id(index) for index in found} == {id(found[0])}
    assert (table.gets, table.queries) == (1, 2)
    await hot.current()
    await hot.refresh()
    assert table.gets == 1


@pytest.mark.parametrize(("mono", "unix"), [(25.1, 25.1), (0.0, 3600.0), (25.1, -900.0)])
async def test_a_publication_arrives_within_the_bound(mono: float, unix: float) -> None:
    hot, table, now = reader()
    await hot.current()
    address = table.publish(replace(RELEASE, models=()))
    now.go(24.9)
    assert (await hot.current()).hash != address
    now.mono, now.unix = now.mono - 24.9 + mono, now.unix - 24.9 + unix
    assert (await hot.current()).hash == address


async def test_refresh_after_an_answer_brings_it_earlier() -> None:
    hot, table, now = reader()
    await hot.current()
    address = table.publish(replace(RELEASE, models=()))
    now.go(5.1)
    await hot.refresh()
    assert (await hot.current()).hash == address
    assert table.gets == 2


async def test_a_store_that_is_down_serves_the_last_release_and_is_not_asked_by_everyone() -> None:
    hot, table, now = reader()
    first = await hot.current()
    table.down = True
    now.go(3600)
    for _ in range(50):
        assert await hot.current() is first
        await hot.refresh()
    assert table.gets == 2
    table.down = False
    address = table.publish(replace(RELEASE, models=()))
    now.go(5.1)
    assert (await hot.current()).hash == address


@pytest.mark.parametrize(
    "damage",
    ["chunk", "missing", "other", "newer field", "newer format", "no chunks", "pointer", "not gzip", "not json"],
)
async def test_a_release_that_cannot_be_read(damage: str) -> None:
    hot, table, now = reader()
    first = await hot.current()
    address = table.publish(replace(RELEASE, models=()))
    if damage == "chunk":
        table.chunks[address][1] = table.chunks[address][1][:-9] + b"x" * 9
    elif damage == "missing":
        table.chunks[address].pop()
    elif damage == "other":
        table.chunks[address] = table.chunks[first.hash]
    elif damage == "no chunks":
        table.chunks[address] = []
    elif damage == "pointer":
        table.pointer = {"release": address}
    elif damage == "not gzip":
        table.chunks[address] = [b"a", b"b"]
    else:
        table.publish(
            RELEASE, {"newer field": b'{"new":1}', "newer format": b'{"format":2}', "not json": b"[1"}[damage]
        )
    now.go(26)
    assert await hot.current() is first
    cold = HotReleases(cast("DynamoDB", table), "config", now.clock(), 5.0)
    with pytest.raises(Unavailable):
        await cold.current()


async def test_no_store_and_no_release_is_refused_and_none_published_is_empty() -> None:
    hot, table, _ = reader()
    table.down = True
    with pytest.raises(Unavailable):
        await hot.current()
    table.down, table.pointer = False, None
    assert (await hot.current()).names() == []


@pytest.mark.parametrize(
    "item", [{}, {"data": "{"}, {"data": "[]"}, {"data": "{}"}, {"data": '{"id":"k","new_field":1}'}, {"data": None}]
)
async def test_a_key_record_that_cannot_be_read_refuses(item: dict[str, Any]) -> None:
    table = Table()
    keys = HotKeys(cast("DynamoDB", table), "keys")
    assert await keys.get("d") is None
    table.item = item
    with pytest.raises(Unavailable):
        await keys.get("d")
    table.down = True
    with pytest.raises(Unavailable):
        await keys.get("d")


class Vault:
    """KMS and Secrets Manager that count and can be out of reach."""

    def __init__(self) -> None:
        self.calls, self.down = 0, False

    async def resolve(self, reference: str) -> str:
        self.calls += 1
        await asyncio.sleep(0)
        if self.down:
            raise Unreachable("x", "down")
        return f"{reference}-{self.calls}"

    async def decrypt(self, blob: bytes, *, context: dict[str, str]) -> bytes:
        self.calls += 1
        await asyncio.sleep(0)
        if self.down:
            raise Unreachable("x", "down")
        return b"k" * 32


def ring() -> tuple[KeyRing, Vault, Now]:
    vault, now = Vault(), Now()
    return (
        KeyRing(cast("Any", vault), cast("Any", vault), now.clock(), {"SOME_API_KEY": "from-the-environment"}),
        vault,
        now,
    )


async def test_a_sealed_key_opens_once_and_only_under_its_own_record() -> None:
    from gateway.aws.envelope import seal

    keyring, vault, _ = ring()
    context = {"purpose": "upstream-key", "key_id": "a"}
    sealed = seal(b"secret", data_key=b"k" * 32, data_key_blob=b"blob", context=context, nonce=b"n" * 12)
    own, moved = UpstreamKey("a", "", sealed=sealed), UpstreamKey("b", "", sealed=sealed)
    assert set(await asyncio.gather(*(keyring.secret(own) for _ in range(10)))) == {"secret"}
    assert vault.calls == 1
    vault.down = True
    assert await keyring.secret(own) == "secret"
    vault.down = False
    with pytest.raises(Unavailable):
        await keyring.secret(moved)


@pytest.mark.parametrize("sealed", [Sealed("!", "!", "!"), Sealed("", "", ""), Sealed("YQ==", "YQ==", "YQ==")])
async def test_a_broken_envelope_is_refused(sealed: Sealed) -> None:
    with pytest.raises(Unavailable):
        await ring()[0].secret(UpstreamKey("a", "", sealed=sealed))


async def test_a_reference_is_asked_again_and_outlives_its_store() -> None:
    keyring, vault, now = ring()
    key = UpstreamKey("a", "", reference="r")
    assert await keyring.secret(key) == "r-1"
    now.go(299)
    assert await keyring.secret(key) == "r-1"
    now.go(2)
    assert await keyring.secret(key) == "r-2"
    vault.down = True
    now.go(301)
    assert await keyring.secret(key) == "r-2"
    with pytest.raises(Unavailable):
        await keyring.secret(UpstreamKey("b", "", reference="other"))
