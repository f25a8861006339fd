"""The prelude: what API Gateway is given for a response's head."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.runtime.bridge import PRELUDE_LIMIT, PreludeError, prelude


def head(status: int, *headers: tuple[bytes, bytes]) -> Any:
    data, delimiter, rest = prelude(status, headers).partition(b"\0" * 8)
    assert delimiter
    assert rest == b""
    return json.loads(data)


def test_single_repeated_and_cookie_fields() -> None:
    assert head(
        201,
        (b"Content-Type", b"application/json"),
        (b"X-Twice", b"1"),
        (b"x-twice", b"2"),
        (b"set-cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
    ) == {
        "statusCode": 201,
        "headers": {"content-type": "application/json"},
        "multiValueHeaders": {"x-twice": ["1", "2"]},
        "cookies": ["a=1", "b=2"],
    }


def test_hop_by_hop_fields_and_content_length_stay_here() -> None:
    names = "Connection Keep-Alive Proxy-Connection TE Trailer Transfer-Encoding Upgrade Content-Length"
    dropped = [(name.encode(), b"x-hop") for name in names.split()]
    assert head(200, *dropped, (b"X-Hop", b"1"), (b"x-stays", b"1"))["headers"] == {"x-stays": "1"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (b"x-inject", b"a\r\nset-cookie: b", {"x-inject": "a  set-cookie: b"}),
        (b"x-nul", b"a" + b"\0" * 8 + b"b", {"x-nul": "a        b"}),
        (b"x-latin", b"\xe9\xff", {"x-latin": "éÿ"}),
        (b"x-quote", b'a"\\', {"x-quote": 'a"\\'}),
        (b"x y", b"1", {}),
        (b"x:y", b"1", {}),
        (b"x\r\ny", b"1", {}),
        (b"", b"1", {}),
        (b"\xe9", b"1", {}),
        (bytearray(b"x-array"), memoryview(b"1"), {"x-array": "1"}),
    ],
)
def test_hostile_headers(name: Any, value: Any, expected: dict[str, str]) -> None:
    assert head(200, (name, value))["headers"] == expected


@given(st.lists(st.tuples(st.binary(), st.binary())))
def test_no_header_can_forge_the_delimiter(headers: list[tuple[bytes, bytes]]) -> None:
    assert head(200, *headers)["statusCode"] == 200


@pytest.mark.parametrize("status", [0, 99, 100, 101, 199, 600, 1000, -1, "200", None])
def test_an_impossible_status_is_refused(status: Any) -> None:
    with pytest.raises(PreludeError):
        prelude(status, [])


def test_the_limit_counts_the_delimiter() -> None:
    empty = len(prelude(200, [(b"x", b"")]))
    assert len(prelude(200, [(b"x", b"v" * (PRELUDE_LIMIT - empty))])) == PRELUDE_LIMIT
    with pytest.raises(PreludeError, match="16385 bytes"):
        prelude(200, [(b"x", b"v" * (PRELUDE_LIMIT - empty + 1))])
