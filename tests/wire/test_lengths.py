"""How long sounds are, where only their headers or subtitles tell."""

from __future__ import annotations

import struct

import pytest

from gateway.wire.openai_media.lengths import Written, milliseconds


def wav(
    rate: int = 16_000, channels: int = 1, bits: int = 16, kind: int = 1, align: int | None = None, before: bytes = b""
) -> bytes:
    size = channels * bits // 8 if align is None else align
    chunk = struct.pack("<HHIIHH", kind, channels, rate, 999_999_999, size, bits)
    return b"RIFF\xff\xff\xff\xffWAVE" + before + b"fmt \x10\x00\x00\x00" + chunk + b"data"


@pytest.mark.parametrize(
    ("head", "size", "length"),
    [
        (wav(), 32_000 * 10, 10_000),
        (wav(48_000, 2, 24), 288_000, 1_000),
        (wav(kind=0xFFFE), 32_000, 1_000),
        (wav(before=b"JUNK\x04\x00\x00\x00abcd"), 32_000, 1_000),
        (wav(kind=85), 32_000, None),  # MP3 in a WAV
        (wav(rate=0), 32_000, None),
        (wav(rate=1 << 31), 32_000, None),
        (wav(align=4_000), 32_000, None),
        (wav(channels=0), 32_000, None),
        (wav(before=b"JUNK\xff\xff\xff\xff"), 32_000, None),
        (wav()[:30], 32_000, None),
        (b"ID3\x04" + bytes(40), 32_000, None),
        (b"", 0, None),
    ],
)
def test_uncompressed_sound_has_its_length_in_its_header(head: bytes, size: int, length: int | None) -> None:
    assert milliseconds(head, size) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        (b"1\n00:00:00,000 --> 00:00:01,500\nGuten\n\n2\n00:00:01,500 --> 01:02:03,004\nTag\n", 3_723_004),
        (b"WEBVTT\n\n00:00.000 --> 00:07.250\nGuten Tag\n", 7_250),
        (b"Guten Tag", None),
        (b"00:00:00,000 --> soon", None),
        (b"", None),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_subtitles_tell_when_they_end(text: bytes, length: int | None, size: int) -> None:
    reader = Written()
    passed = b"".join(reader.feed(text[at : at + size]) for at in range(0, len(text), size)) + reader.close()
    usage = reader.end().usage
    assert passed == text
    assert (None if usage is None else usage.audio_ms_in) == length
    assert usage is None or usage.source == "estimated"
