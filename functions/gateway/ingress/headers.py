"""Which headers travel on. Both lists are open: what is not named here passes, unknown or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

Pairs = list[tuple[bytes, bytes]]

# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
_HOP_BY_HOP: Final = frozenset(
    b"connection keep-alive proxy-connection te trailer transfer-encoding upgrade expect http2-settings".split()
)
# What frames a request is written by the transport alone, whatever an administrator's extra headers say.
_FRAMING: Final = _HOP_BY_HOP | {b"host", b"content-length"}
# The client's credentials and account are ours to replace; what proxies in front of us added is nobody's business upstream.
_NOT_ONWARD: Final = _HOP_BY_HOP | frozenset(
    b"host content-length accept-encoding authorization x-api-key api-key x-goog-api-key cookie forwarded via x-real-ip "
    b"true-client-ip cdn-loop openai-organization openai-project origin referer "
    # The gateway honours it for each virtual key apart; at a provider, the keys of all callers of one account would meet.
    b"idempotency-key "
    # Google's: whose quota, another method than POST, a part of the answer.
    b"x-goog-user-project x-goog-quota-user x-goog-fieldmask x-http-method-override".split()
)
_NOT_ONWARD_PREFIXES: Final = (b"x-forwarded-", b"x-amz", b"cloudfront-", b"cf-", b"proxy-", b"x-gateway-", b"sec-")
_NOT_BACK: Final = _HOP_BY_HOP | frozenset(
    b"content-length content-encoding set-cookie set-cookie2 server date alt-svc strict-transport-security nel report-to via "
    b"access-control-allow-origin access-control-allow-credentials access-control-expose-headers "
    # Our account at the provider, and a credential of ours that a provider echoes.
    b"openai-organization openai-project anthropic-organization-id authorization x-api-key api-key x-goog-api-key".split()
)
_NOT_BACK_PREFIXES: Final = (b"cf-", b"proxy-", b"x-gateway-", b"x-amz")

# Lambda's prelude holds 16 KB of status, headers and their JSON; ours come on top of the provider's.
_BACK_LIMIT: Final = 12 * 1024


def onward(client: Iterable[tuple[bytes, bytes]], defaults: Mapping[str, str], fixed: Mapping[str, str]) -> Pairs:
    """Headers for the upstream: the client's, `defaults` where the client has none, `fixed` in place of the client's (names lower-case)."""
    replaced = {name.lower().encode("latin-1"): value.encode("latin-1") for name, value in fixed.items()}
    for framing in replaced.keys() & _FRAMING:
        del replaced[framing]
    named = _connection_names(client)
    kept = [
        (name, value)
        for name, value in client
        if name not in _NOT_ONWARD
        and name not in replaced
        and name not in named
        and not name.startswith(_NOT_ONWARD_PREFIXES)
    ]
    present = replaced.keys() | {name for name, _ in kept}
    for name, value in defaults.items():
        if name.encode() not in present:
            kept.append((name.encode(), value.encode("latin-1")))
    return [*kept, *replaced.items()]


def back(upstream: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """Headers for the client out of the upstream's answer, in order, up to 12 KB of them."""
    named = _connection_names(upstream)
    kept: Pairs = []
    size = 0
    for name, value in upstream:
        if name in _NOT_BACK or name in named or name.startswith(_NOT_BACK_PREFIXES):
            continue
        size += len(name) + len(value) + 8
        if size > _BACK_LIMIT:
            break
        kept.append((name, value))
    return kept


def own_headers(
    identifier: str, correlation: str | None, id_header: bytes | None, present: Iterable[tuple[bytes, bytes]] = ()
) -> Pairs:
    """Our request id; on answers of our own (`id_header`), and where the provider gave none, also under the name an SDK looks for. A client that
    gave its request an id (`correlation`) gets that one as `x-request-id`."""
    headers = [(b"x-gateway-request-id", identifier.encode())]
    if id_header is not None and id_header != b"x-request-id":
        headers.append((id_header, identifier.encode()))
    shown = {name for name, _ in present} | {name for name, _ in headers}
    if b"x-request-id" not in shown:
        headers.append((b"x-request-id", (correlation or identifier).encode()))
    return headers


def _connection_names(pairs: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """Names that Connection headers declare hop-by-hop."""
    named: frozenset[bytes] = frozenset()
    for name, value in pairs:
        if name == b"connection" and value.lower() not in {b"keep-alive", b"close"}:
            named |= {part.strip().lower() for part in value.split(b",")}
    return named
