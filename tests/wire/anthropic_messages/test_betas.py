"""Flags of `anthropic-beta` that a provider refuses, in comma lists and in several headers."""

from __future__ import annotations

import pytest

from gateway.wire.anthropic_messages import betas


@pytest.mark.parametrize(
    ("values", "denied", "kept", "dropped"),
    [
        ([b"a-1,b-2"], ["a-1"], [b"b-2"], True),
        ([b"a-1 , b-2,  c-3"], ["b-2"], [b"a-1,c-3"], True),
        ([b"a-1"], ["a-1"], [], True),
        ([b"a-1,", b"b-2, a-1"], ["a-1"], [b"b-2"], True),
        ([b"a-1, a-2", b"b-1"], ["a-*"], [b"b-1"], True),
        ([b"a-1,b-2"], ["*"], [], True),
        ([b"a-1 ,  b-2,"], ["c", "a", "a-1x", "A-1"], [b"a-1 ,  b-2,"], False),
        ([b""], ["*"], [b""], False),
        ([b"\xff"], ["a"], [b"\xff"], False),
        ([], ["*"], [], False),
    ],
)
def test_denied_flags(values: list[bytes], denied: list[str], kept: list[bytes], dropped: bool) -> None:
    around = [(b"x-one", b"a-1"), *((b"anthropic-beta", value) for value in values), (b"x-two", b"*")]
    left = [(b"x-one", b"a-1"), *((b"anthropic-beta", value) for value in kept), (b"x-two", b"*")]
    assert betas.allowed(around, denied) == (left, dropped)
