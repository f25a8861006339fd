"""From a REST proxy event to an ASGI scope."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.runtime.fake_runtime_api import rest_event

from gateway.runtime.events import BadEvent, decode, is_proxy_event, to_request


def scope(**fields: Any) -> dict[str, Any]:
    return to_request(rest_event(**fields)).scope


def test_the_path_is_the_one_without_the_stage() -> None:
    got = scope(path="/v1/models/openai%2Fgpt%20x")
    assert got["path"] == "/v1/models/openai/gpt x"
    assert got["raw_path"] == b"/v1/models/openai%2Fgpt%20x"
    assert got["root_path"] == ""


@pytest.mark.parametrize(
    ("path", "decoded", "raw"),
    [
        ("", "/", b"/"),
        ("/100%", "/100%", b"/100%"),
        ("/%zz/%4", "/%zz/%4", b"/%zz/%4"),
        ("/%FF", "/\ufffd", b"/%FF"),
        ("/ä b", "/ä b", b"/%C3%A4%20b"),
        ("/v1beta/models/gemini:streamGenerateContent", "/v1beta/models/gemini:streamGenerateContent", None),
    ],
)
def test_odd_paths(path: str, decoded: str, raw: bytes | None) -> None:
    got = scope(path=path)
    assert (got["path"], got["raw_path"]) == (decoded, path.encode() if raw is None else raw)


@given(st.text(alphabet="%aF09 é/") | st.text())
def test_a_path_is_decoded_like_the_standard_library_does(text: str) -> None:
    for path in ("/" + quote(text), "/" + text):
        assert scope(path=path)["path"] == unquote(path)


def test_multi_value_headers_win_and_are_never_mixed_with_the_single_ones() -> None:
    event = rest_event(
        headers={"X-Only-Single": "1", "X-A": "last"},
        multiValueHeaders={"X-A": ["first", "last"], "x-a": ["other case"]},
    )
    assert to_request(event).scope["headers"] == [(b"x-a", b"first"), (b"x-a", b"last"), (b"x-a", b"other case")]


@pytest.mark.parametrize("absent", [None, {}])
def test_single_headers_serve_where_there_are_no_multi_value_ones(absent: Any) -> None:
    event = rest_event(headers={"X-Api-Key": " k "}, multiValueHeaders=absent)
    assert to_request(event).scope["headers"] == [(b"x-api-key", b"k")]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("X-Inject", "a\r\nx-admin: 1", [(b"x-inject", b"a  x-admin: 1")]),
        ("X-Nul", "a\0b", [(b"x-nul", b"a b")]),
        ("X-Latin", "é", [(b"x-latin", b"\xe9")]),
        ("X-Wide", "日本", [(b"x-wide", "日本".encode())]),
        ("X-Surrogate", "\ud800", [(b"x-surrogate", b"\xed\xa0\x80")]),
        ("X-Null", None, [(b"x-null", b"")]),
        ("X Space", "1", []),
        ("X-Colon:", "1", []),
        ("X-É", "1", []),
        ("X\r\nY", "1", []),
        ("", "1", []),
        ("Transfer-Encoding", "chunked", []),
        ("Content-Length", "999", []),
        ("X-Long", "v" * 100_000, [(b"x-long", b"v" * 100_000)]),
    ],
)
def test_hostile_headers(name: str, value: Any, expected: list[tuple[bytes, bytes]]) -> None:
    assert scope(multiValueHeaders={name: [value]})["headers"] == expected


def test_content_length_is_the_true_one() -> None:
    request = to_request(rest_event(body="äb", multiValueHeaders={"Content-Length": ["1", "70"]}))
    assert request.scope["headers"] == [(b"content-length", b"3")]
    assert request.body == "äb".encode()


@given(st.dictionaries(st.text(), st.lists(st.text(), min_size=1)))
def test_the_query_string_is_encoded_again_and_keeps_order_and_repetition(values: dict[str, list[str]]) -> None:
    encoded = scope(multiValueQueryStringParameters=values)["query_string"].decode("ascii")
    assert parse_qsl(encoded, keep_blank_values=True) == [(name, item) for name in values for item in values[name]]


def test_reserved_characters_in_the_query_stay_data() -> None:
    values = {"a": ["1&b=2", "c d+e", "%41"], "flag": [None]}
    got = scope(multiValueQueryStringParameters=values, queryStringParameters={"a": "%41"})
    assert got["query_string"] == b"a=1%26b%3D2&a=c%20d%2Be&a=%2541&flag="


def test_the_single_query_serves_where_there_is_no_multi_value_one() -> None:
    assert scope(queryStringParameters={"alt": "sse"})["query_string"] == b"alt=sse"


@pytest.mark.parametrize(
    ("body", "encoded", "expected"),
    [
        (None, False, b""),
        ("", True, b""),
        ("/+8=", True, b"\xff\xef"),
        ("AAEC", False, b"AAEC"),
        ("AAEC", "true", b"AAEC"),
        ("\ud800", False, b"\xed\xa0\x80"),
    ],
)
def test_bodies(body: str | None, encoded: Any, expected: bytes) -> None:
    assert to_request(rest_event(body=body, isBase64Encoded=encoded)).body == expected


@pytest.mark.parametrize("body", ["%%%", "AAE", "AA\nEC", "=AAA", "é"])
def test_a_body_that_is_not_base64_is_refused(body: str) -> None:
    with pytest.raises(BadEvent, match="body is not base64"):
        to_request(rest_event(body=body, isBase64Encoded=True))


def test_the_client_and_the_server() -> None:
    got = scope(headers={"Host": "api.example.com", "X-Forwarded-Proto": "http"})
    assert got["client"] == ("203.0.113.7", 0)
    assert got["server"] == ("api.example.com", 443)
    assert got["scheme"] == "http"


@pytest.mark.parametrize(
    "context", [{}, {"identity": None}, {"identity": {"sourceIp": 7}}, {"identity": {"sourceIp": ""}}]
)
def test_an_unknown_client_is_none(context: Any) -> None:
    assert scope(requestContext=context)["client"] is None


def test_what_counts_as_a_proxy_event() -> None:
    event = rest_event()
    assert is_proxy_event(event)
    for field in ("httpMethod", "path", "requestContext"):
        assert not is_proxy_event(event | {field: None})


def test_a_lone_surrogate_in_the_json_is_not_silence() -> None:
    raw = json.dumps(rest_event(body="\ud800")).encode()
    event = decode(raw)
    assert is_proxy_event(event)
    assert to_request(event).body == b"\xed\xa0\x80"
