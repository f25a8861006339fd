"""The built dashboard, served as CloudFront serves it in a deployment: same types, same cache rules, same security headers."""

from __future__ import annotations

import asyncio
import hashlib
import json
import mimetypes
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
FOREVER = "public, max-age=31536000, immutable"
CHECK = "no-cache"
NOT_BUILT = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Dashboard not built</title>
<h1>The dashboard is not built yet</h1><p>Run <code>npm ci &amp;&amp; npm run build</code> in <code>admin_ui/</code>
(<code>make dev</code> does it when Node 20 or newer is there), then reload this page. The gateway itself is running:
<a href="/health/ready">/health/ready</a>.</p></html>
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: status, type, how long it may be cached, and the bytes."""

    status: int
    media_type: str
    cache: str
    body: bytes


def create_app(folder: Path, config: Mapping[str, Any], security: Mapping[str, str]) -> App:
    """The ASGI app over a `dist` folder; `config` is what `/config.json` says (publicly), `security` goes on every answer."""

    async def serve(scope: Message, receive: Receive, send: Send) -> None:  # noqa: ARG001  # no body is read
        page = await asyncio.to_thread(_page, folder, config, scope["method"], scope["path"])
        await _send(page, security, scope, send)

    return serve


def _page(folder: Path, config: Mapping[str, Any], method: str, path: str) -> Page:
    if method not in {"GET", "HEAD"}:
        return Page(405, TYPES[".txt"], CHECK, b"Method not allowed\n")
    if path == "/config.json":
        return Page(200, TYPES[".json"], CHECK, json.dumps(dict(config)).encode())
    found = _file(folder, path)
    if found is not None:
        cache = FOREVER if path.startswith("/assets/") else CHECK
        return Page(200, _type(found), cache, found.read_bytes())
    if not (folder / "index.html").is_file():
        return Page(503, TYPES[".html"], "no-store", NOT_BUILT)
    if "." in path.rsplit("/", 1)[-1] or path.startswith("/assets/"):
        return Page(404, TYPES[".txt"], CHECK, b"Not found\n")
    return Page(200, TYPES[".html"], CHECK, (folder / "index.html").read_bytes())


def _file(folder: Path, path: str) -> Path | None:
    """The file a path names, if it is one and lies in the folder whatever the path tries."""
    if "\x00" in path or "\\" in path:
        return None
    wanted = (folder / path.lstrip("/")).resolve()
    inside = wanted.is_relative_to(folder.resolve())
    return wanted if inside and wanted.is_file() else None


def _type(file: Path) -> str:
    return TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


async def _send(page: Page, security: Mapping[str, str], scope: Message, send: Send) -> None:
    tag = f'"{hashlib.sha256(page.body).hexdigest()[:32]}"'
    known = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
    fresh = page.status == 200 and tag in known
    headers = {"content-type": page.media_type, "cache-control": page.cache, "etag": tag, **security}
    if not fresh:
        headers["content-length"] = str(len(page.body))
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 304 if fresh else page.status, "headers": pairs})
    body = b"" if fresh or scope["method"] == "HEAD" else page.body
    await send({"type": "http.response.body", "body": body})
