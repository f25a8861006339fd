"""Where an upstream URL may point (SSRF guard).

Checked when a provider is saved and again at every connection: the name is resolved here, every address it resolves to is judged, and
the connection is pinned to a judged address, so that a name that answers differently the second time (DNS rebinding) gains nothing.
Redirects are never followed. Sources: RFC 6890 and the IANA special-purpose registries (through `ipaddress`), RFC 3986 §7.6 (rare
address forms), https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from gateway.errors import UnsafeUrl

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Never reachable, whatever is allowed: they hand out the environment's own credentials.
_METADATA = (
    ipaddress.ip_network("169.254.0.0/16"),
    ipaddress.ip_network("fe80::/10"),
    ipaddress.ip_network("fd00:ec2::/32"),
    ipaddress.ip_network("fd20:ce::254/128"),
    ipaddress.ip_network("192.0.0.192/32"),
    ipaddress.ip_network("100.100.100.200/32"),
    ipaddress.ip_network("168.63.129.16/32"),
)
# NAT64 (RFC 6052, RFC 8215) and IPv4-translated (RFC 2765): the last 32 bits are an IPv4 address.
_TRANSLATED = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("::ffff:0:0:0/96"),
)
# Not global either, whatever Python's version of the registry says: site-local (RFC 3879), SRv6 (RFC 9602), documentation (RFC 9637).
_NOT_GLOBAL = (
    ipaddress.ip_network("fec0::/10"),
    ipaddress.ip_network("5f00::/16"),
    ipaddress.ip_network("3fff::/20"),
    ipaddress.ip_network("192.88.99.0/24"),
)
# A name or an address and a port, nothing that two parsers could read in two ways (zone ids, percent signs, stray brackets).
_AUTHORITY = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]*)?")


def _inner(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 one wraps (mapped, compatible, NAT64, 6to4), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _TRANSLATED) or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _within(address: _Address, networks: Sequence[_Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def check_address(text: str, *, allow_private: bool) -> None:
    """Raise UnsafeUrl unless this literal IP address may be connected to."""
    address = _inner(ipaddress.ip_address(text.split("%", maxsplit=1)[0]))
    if _within(address, _METADATA):
        raise UnsafeUrl("the upstream address is a link-local or metadata address")
    if address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255":
        raise UnsafeUrl("the upstream address is not a host")
    if (not address.is_global or _within(address, _NOT_GLOBAL)) and not allow_private:
        raise UnsafeUrl("the upstream address is private or loopback, which is not allowed here")


def split_url(url: str) -> SplitResult:
    """The parts of an upstream URL; UnsafeUrl when it is not a plain http(s) URL with a host."""
    if not url or len(url) > 2048 or any(ord(char) <= 0x20 or ord(char) >= 0x7F or char == "\\" for char in url):
        raise UnsafeUrl("the upstream URL is empty, too long or holds characters that do not belong in a URL")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeUrl("the upstream URL is malformed") from None
    if parts.scheme not in {"http", "https"}:
        raise UnsafeUrl("the upstream URL must begin with http:// or https://")
    if "@" in parts.netloc or parts.username is not None:
        raise UnsafeUrl("the upstream URL must not hold a user name or password")
    if not _AUTHORITY.fullmatch(parts.netloc) or not (parts.hostname or "").rstrip(".") or port == 0:
        raise UnsafeUrl("the upstream URL has no host")
    if "?" in url or "#" in url:
        raise UnsafeUrl("the upstream URL must not hold a query or a fragment")
    return parts


def _literal(host: str) -> str | None:
    """The address a host spells, in any form a resolver accepts (`127.1`, `0x7f000001`, `2130706433`, `[::1]`), else None."""
    try:
        return str(ipaddress.ip_address(host.split("%", maxsplit=1)[0]))
    except ValueError:
        pass
    if host[:1].isdigit() and not any(char in "ghijklmnopqrstuvwyz_-" for char in host.lower()):
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            return None
    return None


def check_url(url: str, *, allow_private: bool) -> None:
    """Raise UnsafeUrl when the URL is refused on sight; names are judged by `resolve`."""
    host = (split_url(url).hostname or "").rstrip(".")
    literal = _literal(host)
    if literal is not None:
        check_address(literal, allow_private=allow_private)
    elif not allow_private and (host == "localhost" or host.endswith((".localhost", ".internal", ".local"))):
        raise UnsafeUrl("the upstream host is a private name, which is not allowed here")


async def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Every address of a host, IPv4 first; UnsafeUrl when any of them is refused, OSError (gaierror) when there is none."""
    literal = _literal(host.rstrip("."))
    if literal is not None:
        found = [literal]
    else:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = list(dict.fromkeys(str(row[4][0]) for row in rows))
    for address in found:
        check_address(address, allow_private=allow_private)
    return sorted(found, key=lambda text: ":" in text)
