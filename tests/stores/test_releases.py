"""Releases: addresses, chunks, damage, the pointer; and that the data plane reads what is written here."""

from __future__ import annotations

import gzip
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.aws_mock import World

from gateway.neutral.config import Model, Provider, Release, Sealed, UpstreamKey, release_bytes, release_hash
from gateway.stores.releases import CHUNK_BYTES, Damaged, Pointer, Releases, making, pack, unpack
from gateway.stores.tables import Tables
from gateway.stores.versioned import Outdated

SMALL = Release(providers=(Provider("p", "P", "openai"),), models=(Model("m", "p", "x"),))


def _large() -> Release:
    """More than two chunks, although it is compressed."""
    noise = b"".join(release_hash(bytes([number % 256, number // 256])).encode() for number in range(30_000))
    size = 3_000
    keys = tuple(
        UpstreamKey(f"k{at}", "****", Sealed("a", "b", b64encode(noise[at : at + size]).decode()))
        for at in range(0, len(noise), size)
    )
    return Release(providers=(Provider("p", "P", "openai", keys=keys),))


@pytest.fixture
def releases(tables: Tables, world: World) -> Releases:
    return Releases(tables, world.clock)


def test_equal_releases_are_equal_bytes() -> None:
    address, chunks = pack(SMALL)
    assert (address, chunks) == pack(Release(**{name: getattr(SMALL, name) for name in ("models", "providers")}))
    assert address == release_hash(release_bytes(SMALL))
    assert gzip.decompress(b"".join(chunks)) == release_bytes(SMALL)
    assert chunks[0][4:8] == b"\0\0\0\0", "no time inside"


def test_a_large_release_is_chunked_and_comes_back_whole(releases: Releases, world: World) -> None:
    large = _large()
    address, count = releases.write(large, "me")
    sizes = [len(item["data"]["B"]) for item in world.items("config")]
    assert count == len(sizes) >= 3
    assert max(sizes) <= CHUNK_BYTES
    assert releases.read(address) == (large, "me")


def test_writing_twice_writes_once(releases: Releases, world: World) -> None:
    releases.write(SMALL, "one")
    before = world.items("config")
    releases.write(SMALL, "two")
    assert world.items("config") == before


@pytest.mark.parametrize("chunk", ["chunk#0000", "chunk#0001"])
def test_a_half_written_release_is_refused_and_written_again(releases: Releases, world: World, chunk: str) -> None:
    large = _large()
    address, _ = releases.write(large, "me")
    world.dynamodb.delete_item(TableName="config", Key={"pk": {"S": f"release#{address}"}, "sk": {"S": chunk}})
    with pytest.raises(Damaged):
        releases.read(address)
    releases.write(large, "me")
    assert releases.read(address) == (large, "me")


@pytest.mark.parametrize("content", [b"", b"junk", gzip.compress(b"{}", mtime=0), pack(SMALL)[1][0][:-4]])
def test_content_that_is_not_the_addresss_is_refused(content: bytes) -> None:
    with pytest.raises(Damaged):
        unpack(pack(SMALL)[0], [content])


def test_before_anything_was_published(releases: Releases) -> None:
    assert releases.pointer() == Pointer()
    assert releases.read("0" * 64) is None


def test_the_pointer_moves_for_one_of_many_that_saw_the_same(releases: Releases) -> None:
    address, count = releases.write(SMALL, "me")
    seen = releases.pointer()
    for round_number in (1, 2):
        barrier = threading.Barrier(8)
        start = seen

        def move(barrier: threading.Barrier = barrier, start: Pointer = start) -> bool:
            barrier.wait()
            try:
                releases.move(start, (address, count), making(SMALL, "me", "edit"))
            except Outdated:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            won = [future.result() for future in [pool.submit(move) for _ in range(8)]]
        assert won.count(True) == 1
        seen = releases.pointer()
        assert seen.number == round_number
    found, following = releases.publications(None, 1)
    assert ([line.number for line in found], following) == ([2], 2)
    found, following = releases.publications(following, 1)
    assert ([(line.number, line.release, line.making.by) for line in found], following) == ([(1, address, "me")], None)
