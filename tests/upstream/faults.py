"""The catalogue of everything that an upstream was seen to do wrong, as replies named by behaviour.

Each takes the dialect, because an error body and a half answer look different in each. `CONNECT` scripts run on the bare connection before the
request is read; `ANSWERS` replace a whole answer; `STREAMS` begin a good stream and then fail. Refused and unreachable upstreams are
`ClosedPort` and `FullPort`; a failing TLS handshake is an https base URL on a plain port, or `self_signed`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import TypeAlias

from tests.upstream.steps import (
    EVENTS,
    JSON,
    Close,
    Headers,
    Reset,
    Send,
    Stall,
    Steps,
    chunk,
    cut,
    events,
    framed,
    head,
    reply,
    sends,
)

Fault: TypeAlias = Callable[[str], Steps]

CONNECT: dict[str, Steps] = {
    "reset_on_accept": (Reset(),),
    "close_on_accept": (Close(),),
    "silent_on_accept": (Stall(),),
    "speaks_first": (Send(b"220 mail.example ESMTP\r\n"), Close()),
}

_ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
_GOOGLE_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
_OPENAI_TYPES = {
    400: "invalid_request_error",
    401: "invalid_request_error",
    404: "invalid_request_error",
    429: "tokens",
}


def error_body(dialect: str, status: int, message: str = "upstream says no") -> bytes:
    """The vendor's error body for a status, with a field nobody documents (it must come back too)."""
    if dialect.startswith("anthropic"):
        error = {"type": _ANTHROPIC_TYPES.get(status, "api_error"), "message": message}
        return json.dumps({"type": "error", "error": error, "request_id": "req_upstream_error"}).encode()
    if dialect == "gemini":
        named = _GOOGLE_STATUS.get(status, "INTERNAL")
        return json.dumps(
            {"error": {"code": status, "message": message, "status": named, "undocumented": [1.0]}}
        ).encode()
    if dialect == "bedrock_converse":
        return json.dumps({"message": message}).encode()
    kind = _OPENAI_TYPES.get(status, "server_error")
    plain = {"message": message, "type": kind, "param": None, "code": f"upstream_{status}", "undocumented": [1.0]}
    return json.dumps({"error": plain}, indent=2).encode()


def status(code: int, *extra: tuple[str, str]) -> Fault:
    """An error answer with the vendor's body."""

    def answer(dialect: str) -> Steps:
        name = "request-id" if dialect.startswith("anthropic") else "x-request-id"
        return reply(code, error_body(dialect, code), (*JSON, (name, f"req_upstream_{code}"), *extra))

    return answer


def _always(steps: Steps) -> Fault:
    return lambda dialect: steps


def _ok(body: bytes, headers: Headers = JSON) -> Fault:
    return _always(reply(200, body, headers))


def good_stream(dialect: str) -> bytes:
    """A short good stream of the dialect, for faults that begin well."""
    name = "anthropic_messages" if dialect.startswith("anthropic") else "openai_chat"
    return _GOOD_STREAMS[name]


_GOOD_STREAMS = {
    "openai_chat": (
        b'data: {"id":"chatcmpl-f","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,'
        b'"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n'
        b'data: {"id":"chatcmpl-f","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,'
        b'"delta":{"content":"Hello"},"finish_reason":null}]}\n\n'
        b'data: {"id":"chatcmpl-f","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,'
        b'"delta":{},"finish_reason":"stop"}]}\n\n'
        b"data: [DONE]\n\n"
    ),
    "anthropic_messages": (
        b'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_f","type":"message","role":"assistant",'
        b'"model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}\n\n'
        b'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n'
        b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}\n\n'
        b'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n'
        b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},'
        b'"usage":{"output_tokens":2}}\n\n'
        b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
    ),
}


def error_event(dialect: str) -> bytes:
    """The dialect's own error event inside a 200 stream."""
    if dialect.startswith("anthropic"):
        return b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
    return b'data: {"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}\n\n'


def _events_then(count: int, tail: Steps) -> Fault:
    """The first `count` events of a good stream (chunked, no end), then these steps."""

    def answer(dialect: str) -> Steps:
        parts = [part + b"\n\n" for part in good_stream(dialect).split(b"\n\n")[:count]]
        return (Send(head(200, (*EVENTS, *framed("chunked", 0)))), *sends(parts, "chunked"), *tail)

    return answer


def _error_after(count: int) -> Fault:
    def answer(dialect: str) -> Steps:
        parts = [part + b"\n\n" for part in good_stream(dialect).split(b"\n\n")[:count]]
        return events(b"", parts=[*parts, error_event(dialect)])

    return answer


_LONG_HEAD = head(200, (*JSON, ("content-length", "1000")))
_CHUNKED_HEAD = head(200, (*JSON, ("transfer-encoding", "chunked")))
_REDIRECT: Headers = (("location", "http://127.0.0.1:9/elsewhere"),)

ANSWERS: dict[str, Fault] = {
    "reset_before_head": _always((Reset(),)),
    "close_before_head": _always((Close(),)),
    "silent_before_head": _always((Stall(),)),
    "half_head": _always((Send(b"HTTP/1.1 200 OK\r\ncontent-ty"), Close())),
    "garbage_status_line": _always((Send(b"\x00\xffNOT HTTP AT ALL\r\n\r\n"), Close())),
    "status_line_without_number": _always((Send(b"HTTP/1.1 OK two hundred\r\n\r\n"), Close())),
    "reset_after_head": _always((Send(_LONG_HEAD), Reset())),
    "close_after_head": _always((Send(_LONG_HEAD), Close())),
    "silent_after_head": _always((Send(_LONG_HEAD), Stall())),
    "close_inside_body": _always((Send(_LONG_HEAD), Send(b'{"id":"half', 11), Close())),
    "reset_inside_body": _always((Send(_LONG_HEAD), Send(b'{"id":"half', 11), Reset())),
    "close_inside_chunk": _always((Send(_CHUNKED_HEAD), Send(b'40\r\n{"id":"half', 11), Close())),
    "close_before_last_chunk": _always((Send(_CHUNKED_HEAD), Send(chunk(b'{"id":"half'), 11), Close())),
    "bad_chunk_size": _always((Send(_CHUNKED_HEAD), Send(b"zz\r\n{}\r\n0\r\n\r\n", 2), Close())),
    "body_longer_than_announced": _always(
        (Send(head(200, (*JSON, ("content-length", "2")))), Send(b"{}{}{}", 6), Close())
    ),
    "huge_headers": _always(
        (Send(head(200, (*JSON, ("x-padding", "p" * 1_000_000), ("content-length", "2"))) + b"{}", 2),)
    ),
    "ok_garbage": _ok(b"\x00\x01\x02 this is not JSON \xff\xfe"),
    "ok_empty": _ok(b""),
    "ok_html": _ok(b"<html><body>It works!</body></html>", (("content-type", "text/html"),)),
    "ok_half_json": _ok(b'{"id":"chatcmpl-1","choices":[{"index":0,"mess'),
    "ok_json_array": _ok(b"[1,2,3]"),
    "ok_error_object": lambda dialect: reply(200, error_body(dialect, 500)),
    "gzip_not_asked": _ok(
        gzip.compress(b'{"id":"zipped","choices":[]}', mtime=0), (*JSON, ("content-encoding", "gzip"))
    ),
    "redirect_302": _always(reply(302, b"", _REDIRECT)),
    "redirect_307": _always(reply(307, b"", _REDIRECT)),
    "status_400": status(400),
    "status_401": status(401),
    "status_403": status(403),
    "status_404": status(404),
    "status_408": status(408),
    "status_409": status(409),
    "status_413": status(413),
    "status_422": status(422),
    "status_429": status(429),
    "status_429_retry_after": status(429, ("retry-after", "1")),
    "status_429_retry_after_date": status(429, ("retry-after", "Wed, 21 Oct 2037 07:28:00 GMT")),
    "status_500": status(500),
    "status_500_html": _always(reply(500, b"<html>oops</html>", (("content-type", "text/html"),))),
    "status_502_empty": _always(reply(502, b"", ())),
    "status_503": status(503),
    "status_529": status(529),
}

STREAMS: dict[str, Fault] = {
    "stream_empty": _always(events(b"")),
    "stream_reset_before_first_event": _events_then(0, (Reset(),)),
    "stream_silent_before_first_event": _events_then(0, (Stall(),)),
    "stream_reset_after_first_event": _events_then(1, (Reset(),)),
    "stream_close_after_first_event": _events_then(1, (Close(),)),
    "stream_silent_after_content": _events_then(2, (Stall(),)),
    "stream_ends_in_order_without_terminal_event": _events_then(2, (Send(chunk(b"")),)),
    "stream_close_inside_event": lambda dialect: cut(good_stream(dialect), len(good_stream(dialect)) // 2, "close"),
    "stream_reset_inside_event": lambda dialect: cut(good_stream(dialect), len(good_stream(dialect)) // 2, "reset"),
    "stream_error_event_first": _error_after(0),
    "stream_error_event_after_content": _error_after(3),
    "stream_garbage_events": _always(events(b"data: {broken\n\ndata: \xff\xfe\n\n")),
    "stream_html_instead": _ok(b"<html>maintenance</html>", (("content-type", "text/html"),)),
    "stream_bad_chunk_size": _events_then(2, (Send(b"-1\r\n"), Close())),
}

HANGING = frozenset(name for name in (*CONNECT, *ANSWERS, *STREAMS) if "silent" in name)
