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


def _networks(*texts: str) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


# Never reachable, whatever is allowed: they hand out the environment's own credentials. Link-local as a whole, then what clouds have elsewhere:
# AWS, Google, Oracle, Scaleway, Akamai (Linode), Alibaba, Azure.
_METADATA = _networks(
    *("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "fd20:ce::254/128", "192.0.0.192/32", "fd00:c1::a9fe:a9fe/128"),
    *("fd00:42::42/128", "fd00:a9fe:a9fe::/48", "100.100.100.200/32", "168.63.129.16/32"),
)
_METADATA_NAMES = frozenset(
    "metadata metadata.google.internal metadata.goog instance-data metadata.tencentyun.com metadata.azure.internal "
    "metadata.platformequinix.com metadata.packet.net api.metadata.cloud.ibm.com".split()
)
# What `allow_private` opens: loopback, RFC 1918, shared (RFC 6598), benchmarking (RFC 2544), unique local, local-use NAT64 (RFC 8215).
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
_PRIVATE = _networks(
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15"),
    *("::1/128", "fc00::/7", str(_LOCAL_NAT64)),
)
# An IPv4 address in IPv6 clothes that networks really use: mapped (RFC 4291) and NAT64 (RFC 6052), which DNS64 answers with.
_CARRIERS = _networks("::ffff:0:0/96", "64:ff9b::/96")
# The older ones are nobody's address, but some kernel or router may still unpack them: compatible, translated (RFC 2765).
_OLD_CARRIERS = _networks("::/96", "::ffff:0:0:0/96")
# Not for providers, whatever Python's version of the registries says: protocol assignments with Teredo, 6to4, documentation.
_NOT_PUBLIC = _networks("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
_UNICAST = ipaddress.IPv6Network("2000::/3")
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})  # RFC 5214: the upper half of such an interface identifier
_NO_HOST = _networks("0.0.0.0/8", "255.255.255.255/32", "::/128")
_PRIVATE_SUFFIXES = tuple(
    ".localhost .localdomain .internal .local .lan .home .corp .private .intranet .home.arpa .svc".split()
)
# A name or an address and a port, nothing that two parsers could read in two ways (zone ids, percent signs, stray brackets).
_AUTHORITY = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


def _within(address: _Address, networks: Sequence[_Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _carried(address: _Address) -> list[ipaddress.IPv4Address]:
    """Every IPv4 address that somebody on the way could read out of an IPv6 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    number = int(address)
    found = list(address.teredo or ()) + ([address.sixtofour] if address.sixtofour is not None else [])
    if address in _LOCAL_NAT64:
        # Its prefix may have any of RFC 6052's lengths; bits 64 to 71 are skipped.
        skipped = (number >> 64 << 56) | (number & (1 << 56) - 1)
        found += [ipaddress.IPv4Address(skipped >> 120 - 32 - prefix & 0xFFFF_FFFF) for prefix in (48, 56, 64)]
    if _within(address, (*_CARRIERS, *_OLD_CARRIERS, _LOCAL_NAT64)) or number >> 32 & 0xFFFF_FFFF in _ISATAP:
        found.append(ipaddress.IPv4Address(number & 0xFFFF_FFFF))
    return found


def _public(address: _Address) -> bool:
    if not address.is_global or _within(address, _NOT_PUBLIC):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    return address in _UNICAST and not _carried(address)


def check_address(text: str, *, allow_private: bool) -> None:
    """Raise UnsafeUrl unless this literal IP address may be connected to."""
    address = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    carried = _carried(address)
    if any(_within(one, _METADATA) for one in (address, *carried)):
        raise UnsafeUrl("the upstream address is a link-local or metadata address")
    meant = carried[-1] if _within(address, _CARRIERS) else address
    if meant.is_multicast or _within(meant, _NO_HOST):
        raise UnsafeUrl("the upstream address is not a host")
    if _public(meant):
        return
    if not allow_private:
        raise UnsafeUrl("the upstream address is private or loopback, which is not allowed here")
    if not _within(meant, _PRIVATE):
        raise UnsafeUrl("the upstream address is of a special-purpose range, where no provider can be")


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
    """Raise UnsafeUrl when the URL is refused on sight; what a name resolves to is judged by `resolve`."""
    host = (split_url(url).hostname or "").removesuffix(".")
    literal = _literal(host)
    if literal is not None:
        check_address(literal, allow_private=allow_private)
    else:
        _check_name(host, allow_private)


def _check_name(host: str, allow_private: bool) -> None:
    """A name is refused where a parser could take it for an address, where it is a cloud's own, and where only a private network knows it."""
    labels = host.split(".")
    if "" in labels or _NUMBER.fullmatch(labels[-1]):
        raise UnsafeUrl("the upstream host is neither a name nor an address")
    if host in _METADATA_NAMES or host.startswith("instance-data."):
        raise UnsafeUrl("the upstream host is a metadata service")
    if not allow_private and (len(labels) == 1 or host.endswith(_PRIVATE_SUFFIXES)):
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
