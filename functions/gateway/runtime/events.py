"""From an API Gateway REST proxy event (payload version 1.0) to an ASGI http scope and its body.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
Pure: no clock, no network, no environment. `path` is used and not `requestContext.path`, which still holds the stage.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00\r\n]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset(b"/%:@!$&'()*+,;=")
_HEX = {b"%02x" % byte: byte for byte in range(256)}
# The body arrives whole and decoded: its true length is stated below, and a second opinion only helps an attacker.
_FRAMING = frozenset({"content-length", "transfer-encoding"})


class BadEvent(ValueError):
    """The event looks like a proxy event but cannot be a request; the message names the field and never shows its value."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request ready for an ASGI application."""

    scope: dict[str, Any]
    body: bytes


def decode(raw: bytes) -> object:
    """The event as JSON data; None when it is not JSON."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _decode_leniently(raw)


def is_proxy_event(event: object) -> TypeGuard[Mapping[str, Any]]:
    """True for a REST proxy event; false for everything else (HTTP API 2.0, load balancers, schedules, tests of the console)."""
    if not isinstance(event, Mapping):
        return False
    context = event.get("requestContext")
    return (
        isinstance(context, Mapping)
        and "elb" not in context
        and isinstance(event.get("httpMethod"), str)
        and isinstance(event.get("path"), str)
    )


def to_request(event: Mapping[str, Any]) -> Request:
    """Scope and body of a proxy event; BadEvent when a field has the wrong form."""
    body = _body(event)
    headers = list(_headers(event))
    if body:
        headers.append((b"content-length", b"%d" % len(body)))
    return Request(_scope(event, headers), body)


def _decode_leniently(raw: bytes) -> object:
    """orjson refuses escaped lone surrogates, which a hostile client can get into a body: that deserves its own 400, not silence."""
    import json

    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _scope(event: Mapping[str, Any], headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    method = event["httpMethod"].upper()
    if not _TOKEN.fullmatch(method):
        raise BadEvent("httpMethod is not a method")
    path = event["path"] or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": _first(headers, b"x-forwarded-proto") or "https",
        "path": _unquote(path),
        "raw_path": _quote(path, _PATH_SAFE).encode("ascii"),
        "query_string": _query(event),
        "root_path": "",
        "headers": headers,
        "client": _client(event),
        "server": (_first(headers, b"host") or "localhost", 443),
    }


def _first(headers: list[tuple[bytes, bytes]], wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in headers if name == wanted), None)


def _headers(event: Mapping[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in _pairs(event.get("multiValueHeaders") or event.get("headers"), "headers"):
        lowered = name.strip().lower()
        if _TOKEN.fullmatch(lowered) and lowered not in _FRAMING:
            yield lowered.encode("ascii"), _field_value(value)


def _field_value(value: str) -> bytes:
    """CR, LF and NUL become spaces (RFC 9110 §5.5); what is not latin-1 travels as the UTF-8 it was typed in."""
    clean = _CONTROL.sub(" ", value).strip()
    try:
        return clean.encode("latin-1")
    except UnicodeEncodeError:
        return clean.encode("utf-8", "surrogatepass")


def _query(event: Mapping[str, Any]) -> bytes:
    """API Gateway decoded the query string; encode it again so that `a=b&c` as a value stays a value."""
    values = event.get("multiValueQueryStringParameters") or event.get("queryStringParameters")
    pairs = _pairs(values, "queryStringParameters")
    return "&".join(f"{_quote(name)}={_quote(value)}" for name, value in pairs).encode("ascii")


def _pairs(values: object, field: str) -> Iterator[tuple[str, str]]:
    """Name and value of a plain or multi-value mapping; null values count as empty."""
    if values is None:
        return
    if not isinstance(values, Mapping):
        raise BadEvent(f"{field} is not an object")
    for name, value in values.items():
        for item in value if isinstance(value, list) else (value,):
            if not isinstance(item, str | None):
                raise BadEvent(f"{field} holds something that is not text")
            yield name, item or ""


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body")
    if not body:
        return b""
    if not isinstance(body, str):
        raise BadEvent("body is not text")
    if event.get("isBase64Encoded") is not True:
        return body.encode("utf-8", "surrogatepass")
    try:
        return binascii.a2b_base64(body, strict_mode=True)
    except ValueError:
        raise BadEvent("body is not base64") from None


def _client(event: Mapping[str, Any]) -> tuple[str, int] | None:
    identity = event["requestContext"].get("identity")
    address = identity.get("sourceIp") if isinstance(identity, Mapping) else None
    return (address, 0) if isinstance(address, str) and address else None


def _quote(text: str, safe: frozenset[int] = _UNRESERVED) -> str:
    """Percent-encoding (RFC 3986 §2). Written out because importing urllib.parse costs a cold start milliseconds."""
    data = text.encode("utf-8", "surrogatepass")
    return "".join(chr(byte) if byte in safe else f"%{byte:02X}" for byte in data)


def _unquote(path: str) -> str:
    if "%" not in path:
        return path
    first, *rest = path.encode("utf-8", "surrogatepass").split(b"%")
    out = bytearray(first)
    for piece in rest:
        try:
            out += bytes((_HEX[piece[:2].lower()],)) + piece[2:]
        except KeyError:
            out += b"%" + piece
    return out.decode("utf-8", "replace")
