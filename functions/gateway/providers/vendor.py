"""What the gateway must know of a vendor to relay to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from gateway.neutral.dialects import Dialect

Auth = Literal["bearer", "x-api-key", "x-goog-api-key"]


@dataclass(frozen=True, slots=True)
class Vendor:
    """One kind of provider.

    `dialects` are the wire formats it answers. `version_path` is the path segment an API base ends with (`/v1`); it is added when an
    administrator's URL lacks it. `needs_key` says whether a provider without a credential can work at all. `stream_usage` says
    whether the vendor understands `stream_options.include_usage`. `headers` are sent unless the client sent its own.
    """

    kind: str
    title: str
    dialects: tuple[Dialect, ...]
    base_url: str | None
    auth: Auth = "bearer"
    version_path: str = "/v1"
    needs_key: bool = True
    stream_usage: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)

    def credential_header(self, secret: str) -> tuple[str, str]:
        """The header, lower-case, that carries this vendor's credential."""
        if self.auth == "bearer":
            return "authorization", f"Bearer {secret}"
        return self.auth, secret


def join_url(vendor: Vendor, base_url: str | None, path: str) -> str:
    """The URL of an operation: `path` begins with the vendor's version segment (`/v1/chat/completions`).

    Administrators paste bases with and without the version segment, with and without a trailing slash; all mean the same.
    ValueError when neither the provider nor the vendor has a base URL.
    """
    base = (base_url or vendor.base_url or "").rstrip("/")
    if not base:
        raise ValueError("the provider has no base URL")
    if path.startswith(vendor.version_path + "/"):
        own_path = urlsplit(base).path
        if own_path.endswith(vendor.version_path) or (
            own_path and vendor.version_path == "/v1" and _versioned(own_path)
        ):
            return base + path[len(vendor.version_path) :]
    return base + path


def _versioned(path: str) -> bool:
    """True when a path already ends in an API version (`/v4`, `/openai/v1beta`, `/api/paas/v4`, `/compatible-mode/v1`)."""
    last = path.rsplit("/", 1)[-1]
    return len(last) > 1 and last[0] == "v" and last[1].isdigit()
