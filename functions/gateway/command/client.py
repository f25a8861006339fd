"""The admin API over HTTP."""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from gateway.command.faults import CommandFault
from gateway.command.screen import Screen

_SECONDS: Final = 60.0
_MOST_BYTES: Final = 64 * 1024 * 1024
_ADDRESS: Final = "the gateway's address must be like https://gateway.example.com (--url or GATEWAY_URL)"
# What a header may hold (RFC 6750 §2.1); http.client would show another token in what it raises.
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class _StayHere(HTTPRedirectHandler):
    """A redirection would carry the credentials to another address."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """None: the answer is the redirection itself."""
        return


@dataclass(frozen=True, slots=True)
class Client:
    """`url` is the gateway's address, without `/api`."""

    url: str
    opener: OpenerDirector = field(repr=False)
    token: str = field(default="", repr=False)

    def get(self, path: str) -> str:
        """The text of an answer; CommandFault when it is an error."""
        return self._send("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON of an answer; CommandFault when it is an error."""
        text = self._send("POST", path, json.dumps(body).encode())
        found = _json(text) if text else {}
        if not isinstance(found, dict):
            raise CommandFault(f"{self.url} is no gateway: its answer is not JSON")
        return found

    def _send(self, method: str, path: str, body: bytes | None) -> str:
        headers = {"content-type": "application/json", "user-agent": "gateway-command"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        request = Request(f"{self.url}{path}", body, headers, method=method)  # noqa: S310 -- `opened` let http and https through alone
        try:
            with self.opener.open(request, timeout=_SECONDS) as answer:
                text: str = answer.read(_MOST_BYTES).decode("utf-8", "replace")
                return text
        except HTTPError as error:
            raise CommandFault(_told(error)) from None
        except URLError as error:
            raise CommandFault(f"cannot reach {self.url}: {error.reason}") from None
        except (OSError, http.client.HTTPException) as error:
            raise CommandFault(f"cannot reach {self.url}: {error}") from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _told(error: HTTPError) -> str:
    """What the API says of a fault, or the status."""
    with error:
        found = _json(error.read(1_000_000).decode("utf-8", "replace"))
    detail = found.get("error") if isinstance(found, dict) else None
    if isinstance(detail, dict) and isinstance(detail.get("message"), str):
        return str(detail["message"])
    return f"the answer is {error.code} {error.reason}, not one of a gateway"


def opened(url: str) -> Client:
    """A client that is not signed in; CommandFault when the address is none, or would show the password to everybody on the way."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise CommandFault(_ADDRESS) from None
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or "@" in parts.netloc:
        raise CommandFault(_ADDRESS)
    here = _is_here(host)
    if parts.scheme == "http" and not here:
        raise CommandFault("http:// would show the password to everybody on the way: use https://")
    handlers = [_StayHere(), *([ProxyHandler({})] if here else [])]
    return Client(url.rstrip("/"), build_opener(*handlers))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@contextmanager
def signed_in(url: str, environ: Mapping[str, str], screen: Screen) -> Iterator[Client]:
    """A client with the token of GATEWAY_TOKEN, or signed in as GATEWAY_USER (asked for at a terminal) and out again at the end."""
    client = opened(url)
    token = environ.get("GATEWAY_TOKEN", "").strip()
    if token:
        if not _TOKEN.fullmatch(token):
            raise CommandFault("GATEWAY_TOKEN is no access token")
        yield Client(client.url, client.opener, token)
        return
    name, password = _credentials(environ, screen)
    answer = client.post("/api/auth/login", {"username": name, "password": password})
    token = str(answer.get("access_token", ""))
    if not _TOKEN.fullmatch(token):
        raise CommandFault(f"{client.url} is no gateway: its answer has no access token")
    client = Client(client.url, client.opener, token)
    try:
        yield client
    finally:
        _sign_out(client)


def _sign_out(client: Client) -> None:
    try:
        client.post("/api/auth/logout", {})
    except CommandFault:
        return  # the token ends by itself, minutes later


def _credentials(environ: Mapping[str, str], screen: Screen) -> tuple[str, str]:
    name, password = environ.get("GATEWAY_USER", ""), environ.get("GATEWAY_PASSWORD", "")
    if not (name and password) and not screen.asks:
        raise CommandFault("set GATEWAY_USER and GATEWAY_PASSWORD, or GATEWAY_TOKEN")
    name = name or screen.ask("User: ")
    return name, password or screen.ask_secretly("Password: ")
