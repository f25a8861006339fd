"""The head of a request: credentials in, nothing of them out; header lists; sizes."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.errors import MethodNotAllowed, NotFound, TooLarge
from gateway.ingress import endpoints
from gateway.ingress.headers import back, onward, own_headers
from gateway.ingress.http import MAX_BODY, ClientGone, Request, read_body, request_of


def request(query: str = "", *headers: tuple[bytes, bytes]) -> Request:
    return request_of(
        {
            "type": "http",
            "method": "POST",
            "path": "/",
            "query_string": query.encode("latin-1"),
            "headers": list(headers),
            "client": None,
        }
    )


@pytest.mark.parametrize(
    ("query", "onward_query"),
    [
        ("", ""),
        ("beta=true", "beta=true"),
        ("key=sk-1", ""),
        ("beta=true&key=sk-1", "beta=true"),
        ("key=sk-1&beta=%20x+y&a&b=", "beta=%20x+y&a&b="),
        ("%6Bey=sk-1&x_key=2", "x_key=2"),
        ("monkey=1", "monkey=1"),
        ("KEY=1", "KEY=1"),
        ("a=b c", "a=b%20c"),
        ("a=caf\xe9", "a=caf%E9"),
        ("a=\x01\r\n", "a=%01%0D%0A"),
        ("a=%zz%", "a=%zz%"),
    ],
)
def test_the_query_goes_on_without_the_credential_and_otherwise_as_written(query: str, onward_query: str) -> None:
    assert request(query).onward_query() == onward_query


@pytest.mark.parametrize(
    ("headers", "query", "found"),
    [
        ([(b"Authorization", b"Bearer a")], "", ["a"]),
        ([(b"authorization", b"bEaReR  a ")], "", ["a"]),
        ([(b"authorization", b"a")], "", ["a"]),
        (
            [(b"authorization", b"Bearer a"), (b"x-api-key", b"b"), (b"x-goog-api-key", b"c")],
            "key=d",
            ["a", "b", "c", "d"],
        ),
        ([(b"authorization", b"Bearer a"), (b"x-api-key", b"a")], "key=a", ["a"]),
        ([(b"authorization", b"Bearer ")], "", []),
        ([], "xkey=1", []),
        ([], "key=%73k", ["sk"]),
    ],
)
def test_credentials(headers: list[tuple[bytes, bytes]], query: str, found: list[str]) -> None:
    assert request(query, *headers).credentials() == found


def test_what_goes_on() -> None:
    client = [
        (b"connection", b"keep-alive"),
        (b"connection", b"x-one, X-Two"),
        (b"connection", b"x-three"),
        (b"x-one", b"1"),
        (b"x-two", b"1"),
        (b"x-three", b"1"),
        (b"te", b"trailers"),
        (b"authorization", b"c"),
        (b"x-api-key", b"c"),
        (b"cookie", b"c"),
        (b"x-amzn-trace-id", b"t"),
        (b"x-forwarded-for", b"i"),
        (b"x-new", b"\xe9"),
        (b"accept", b"*/*"),
    ]
    sent = onward(
        client,
        {"accept": "no", "content-type": "application/json"},
        {"X-API-Key": "ours", "Host": "evil", "Content-Length": "9"},
    )
    assert sent == [
        (b"x-new", b"\xe9"),
        (b"accept", b"*/*"),
        (b"content-type", b"application/json"),
        (b"x-api-key", b"ours"),
    ]


def test_what_comes_back() -> None:
    pairs = [
        (b"content-type", b"a/b"),
        (b"set-cookie", b"x"),
        (b"x-gateway-id", b"x"),
        (b"x-hop", b"1"),
        (b"connection", b"x-hop"),
        (b"retry-after", b"1"),
        (b"x-api-key", b"x"),
        (b"openai-organization", b"o"),
    ]
    assert back(pairs) == [(b"content-type", b"a/b"), (b"retry-after", b"1")]
    assert own_headers("req_1", None, None, [(b"x-request-id", b"u")]) == [(b"x-gateway-request-id", b"req_1")]
    assert (b"x-request-id", b"mine") in own_headers("req_1", "mine", b"request-id")


def receiver(*messages: dict[str, Any]) -> Any:
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    return receive


async def test_bodies() -> None:
    part = {"type": "http.request", "body": b"x" * (MAX_BODY // 2), "more_body": True}
    last = {"type": "http.request", "body": b"", "more_body": False}
    assert len(await read_body(request(), receiver(part, part, last))) == MAX_BODY
    with pytest.raises(TooLarge):
        await read_body(request(), receiver(part, part, {"type": "http.request", "body": b"x"}))
    for announced in (b"%d" % (MAX_BODY + 1), b"9" * 5000):
        with pytest.raises(TooLarge):
            await read_body(request("", (b"content-length", announced)), receiver())
    for odd in (b"-1", b"x", b"\xb2", b""):
        assert await read_body(request("", (b"content-length", odd)), receiver(last)) == b""
    with pytest.raises(ClientGone):
        await read_body(request(), receiver(part, {"type": "http.disconnect"}))


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/chat",
        "/v1/chat/completions/x",
        "//v1/chat/completions",
        "/V1/messages",
        "/v1/messages/x",
        "/v1/models//",
        "/../v1/models",
        "/health/x",
        "/v1/messages%00",
    ],
)
def test_unknown_paths(path: str) -> None:
    if path == "/v1/models//":
        assert endpoints.find("GET", path).action == "models"
        return
    with pytest.raises(NotFound) as refusal:
        endpoints.find("POST", path + "\n?key=sk")
    assert "\n" not in refusal.value.message
    assert "key=" not in refusal.value.message


@pytest.mark.parametrize("method", ["GET", "PUT", "post", "TRACE", "X" * 99])
def test_wrong_methods(method: str) -> None:
    with pytest.raises(MethodNotAllowed) as refusal:
        endpoints.find(method, "/v1/messages")
    assert refusal.value.headers == {"allow": "POST"}
