"""AWS's binary frames, against botocore's reader and through every cut and flipped bit."""

from __future__ import annotations

import struct
import time
import uuid
import zlib

import pytest
from botocore.eventstream import EventStreamBuffer, ParserError
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.wire.eventstream import FRAME_LIMIT, HEADERS_LIMIT, Decoder, Frame, Header, encode, event

ALL_KINDS = (
    Header("true", "true", True),
    Header("false", "false", False),
    Header("byte", "byte", -7),
    Header("short", "short", -12_345),
    Header("integer", "integer", -(2**31)),
    Header("long", "long", 2**63 - 1),
    Header("bytes", "bytes", b"\x00\xff buffer"),
    Header("string", "string", "Grüße, 世界"),
    Header("timestamp", "timestamp", 1_700_000_000_123),
    Header("uuid", "uuid", uuid.UUID(int=2**127 + 5).bytes),
)
# The shapes of the vectors that AWS's SDKs share: nothing, headers alone, a payload alone, both.
VECTORS = (
    (
        (),
        b"",
    ),
    ((Header("content-type", "string", "application/json"),), b""),
    ((), b"{'foo':'bar'}"),
    (ALL_KINDS, b"{'foo':'bar'}"),
)
# https://github.com/awslabs/aws-c-event-stream/tree/main/tests: the empty message, and the one with a payload alone.
EMPTY = bytes.fromhex("000000100000000005c248eb7d98c8ff")
PAYLOAD_ALONE = bytes.fromhex("0000001d00000000fd528c5a") + b"{'foo':'bar'}" + bytes.fromhex("c3653936")


def read(data: bytes) -> list[Frame]:
    decoder = Decoder()
    frames = decoder.feed(data)
    assert decoder.fault is None
    return frames


def theirs(data: bytes) -> list[tuple[dict, bytes]]:
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return [(message.headers, message.payload) for message in buffer]


def test_published_frames() -> None:
    assert encode((), b"") == EMPTY
    assert encode((), b"{'foo':'bar'}") == PAYLOAD_ALONE
    assert read(EMPTY + PAYLOAD_ALONE) == [Frame({}, b""), Frame({}, b"{'foo':'bar'}")]


@pytest.mark.parametrize(("headers", "payload"), VECTORS, ids=["empty", "headers", "payload", "all kinds"])
def test_both_read_what_is_written(headers, payload) -> None:
    data = encode(headers, payload)
    expected = {header.name: header.value for header in headers}
    assert theirs(data) == [(expected, payload)]
    assert read(data) == [Frame(expected, payload)]


_headers = st.one_of(
    st.tuples(st.just("string"), st.text(max_size=20)),
    st.tuples(st.just("bytes"), st.binary(max_size=20)),
    st.tuples(st.just("byte"), st.integers(-128, 127)),
    st.tuples(st.just("short"), st.integers(-(2**15), 2**15 - 1)),
    st.tuples(st.just("integer"), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just("long"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("timestamp"), st.integers(0, 2**62)),
    st.tuples(st.just("uuid"), st.binary(min_size=16, max_size=16)),
    st.sampled_from([("true", True), ("false", False)]),
)
_messages = st.tuples(st.dictionaries(st.text(min_size=1, max_size=12), _headers, max_size=5), st.binary(max_size=60))


@settings(max_examples=150, deadline=None)
@given(st.lists(_messages, max_size=4), st.data())
def test_any_messages_in_any_pieces(messages, data) -> None:
    stream = b"".join(
        encode([Header(name, kind, value) for name, (kind, value) in headers.items()], payload)
        for headers, payload in messages
    )
    expected = [({name: value for name, (_, value) in headers.items()}, payload) for headers, payload in messages]
    assert theirs(stream) == expected
    decoder, frames, rest = Decoder(), [], stream
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        frames += decoder.feed(rest[:size])
        rest = rest[size:]
    assert [(dict(frame.headers), frame.payload) for frame in frames] == expected
    assert decoder.between_frames


def test_every_cut() -> None:
    stream = event("messageStart", b'{"role":"assistant"}') + encode(ALL_KINDS, b"x" * 40) + EMPTY
    whole = read(stream)
    assert len(whole) == 3
    for cut in range(len(stream) + 1):
        decoder = Decoder()
        first = decoder.feed(stream[:cut])
        assert decoder.between_frames is (cut in {0, len(stream) - len(EMPTY), len(stream)} or not decoder._held)
        assert first + decoder.feed(stream[cut:]) == whole
        assert decoder.between_frames


def test_every_flipped_bit_is_seen() -> None:
    """A flip in a length may ask for more bytes; that is caught by the prelude's own checksum at once."""
    good, bad = (
        event("contentBlockDelta", b'{"delta":{"text":"Hi"}}'),
        event("messageStop", b'{"stopReason":"end_turn"}'),
    )
    for place in range(len(bad)):
        for bit in range(8):
            broken = bytearray(bad)
            broken[place] ^= 1 << bit
            decoder = Decoder()
            frames = decoder.feed(good + bytes(broken))
            assert len(frames) == 1, (place, bit)  # what came before it is given
            assert decoder.fault is not None, (place, bit)
            assert not decoder.between_frames
            assert decoder.feed(good) == []
            with pytest.raises(ParserError):
                theirs(bytes(broken))


def _framed(headers: bytes, payload: bytes = b"", total: int | None = None, length: int | None = None) -> bytes:
    """A frame with honest checksums around whatever it claims."""
    size = len(headers) + len(payload) + 16 if total is None else total
    lengths = struct.pack(">II", size, len(headers) if length is None else length)
    head = lengths + struct.pack(">I", zlib.crc32(lengths)) + headers + payload
    return head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.parametrize(
    "data",
    [
        _framed(b"", total=15),
        _framed(b"", total=0),
        _framed(b"", length=1),
        _framed(b"", total=FRAME_LIMIT + 1),
        _framed(b"", total=HEADERS_LIMIT + 1000, length=HEADERS_LIMIT + 1),
        _framed(b"\x01a"),
        _framed(b"\x05a\x00"),
        _framed(b"\x01a\x0a"),
        _framed(b"\x01a\xff"),
        _framed(b"\x00\x00"),
        _framed(b"\x01a\x07\x00\x05abc"),
        _framed(b"\x01a\x07\x00"),
        _framed(b"\x01a\x07\x00\x01\xff"),
        _framed(b"\x01\xff\x00"),
        _framed(b"\x01a\x04\x00\x00"),
        _framed(b"\x01a\x09" + b"0" * 15),
        _framed(b"\x01a\x00\x01a\x01"),
    ],
    ids=[
        "shorter than its framing", "no length", "headers longer than the frame", "too large", "too many headers", "no kind", "name cut",
        "unknown kind", "kind 255", "no name", "text cut", "length cut", "text not UTF-8", "name not UTF-8", "number cut", "uuid cut", "name twice",
    ],
)  # fmt: skip
def test_wrong_frames(data: bytes) -> None:
    decoder = Decoder()
    assert decoder.feed(data) == []
    assert decoder.fault is not None


def test_a_frame_of_the_largest_size_passes() -> None:
    data = encode((), bytes(FRAME_LIMIT - 16))
    assert len(read(data)[0].payload) == FRAME_LIMIT - 16


@pytest.mark.parametrize(
    "header",
    [
        Header("", "true", True),
        Header("n" * 256, "true", True),
        Header("a", "byte", 128),
        Header("a", "string", 5),
        Header("a", "string", "x" * 65_536),
        Header("a", "uuid", b"short"),
    ],
)
def test_what_cannot_be_written(header: Header) -> None:
    with pytest.raises((ValueError, struct.error)):
        encode([header], b"")


def test_the_work_grows_with_the_bytes_and_not_with_the_pieces() -> None:
    """One frame of 400 KB byte by byte: a decoder that looked again at what it holds would need minutes."""
    data = encode((), bytes(400_000))
    decoder, frames = Decoder(), []
    began = time.perf_counter()
    for place in range(len(data)):
        frames += decoder.feed(data[place : place + 1])
    assert len(frames) == 1
    assert time.perf_counter() - began < 3


def test_many_small_frames_at_once() -> None:
    data = event("contentBlockDelta", b"{}") * 20_000
    began = time.perf_counter()
    assert len(read(data)) == 20_000
    assert time.perf_counter() - began < 2


def test_unlike_headers_do_not_pile_up() -> None:
    decoder = Decoder()
    for number in range(500):
        assert decoder.feed(encode([Header("n", "integer", number)], b""))[0].headers == {"n": number}
    assert len(decoder._known) <= 64
