"""Content codings undone as they arrive."""

from __future__ import annotations

import gzip
import zlib

import pytest

from gateway.upstream import faults
from gateway.upstream.decoding import decoder

BODY = b"data: hello\n\n" * 50


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("X-GZIP", gzip.compress(BODY, mtime=0)),
        (" deflate ", zlib.compress(BODY)),
        ("gzip", gzip.compress(BODY[:90], mtime=0) + gzip.compress(BODY[90:], mtime=0)),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_codings_however_they_are_cut(coding: str, data: bytes, size: int) -> None:
    coder = decoder(coding)
    clear = b"".join(coder.feed(data[at : at + size]) for at in range(0, len(data), size)) + coder.close()
    assert clear == BODY


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "x"])
def test_unasked_codings_are_a_bad_answer(coding: str) -> None:
    with pytest.raises(faults.BadAnswer):
        decoder(coding)


def test_what_is_flushed_is_passed_on_at_once() -> None:
    packer, coder = zlib.compressobj(wbits=31), decoder("gzip")
    for number in range(3):
        event = b"data: %d\n\n" % number
        assert coder.feed(packer.compress(event) + packer.flush(zlib.Z_SYNC_FLUSH)) == event


def test_a_lie_and_a_cut() -> None:
    with pytest.raises(faults.BadAnswer):
        decoder("gzip").feed(b"not gzip")
    coder = decoder("gzip")
    coder.feed(gzip.compress(BODY, mtime=0)[:-9])
    with pytest.raises(faults.Broken):
        coder.close()


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(b"\0" * 100_000_000)
    assert len(bomb) < 128 * 1024
    with pytest.raises(faults.BadAnswer):
        decoder("gzip").feed(bomb)
