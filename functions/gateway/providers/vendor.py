"""What the gateway must know of a vendor to call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from gateway.neutral.dialects import Dialect

Auth = Literal["bearer", "x-api-key", "x-goog-api-key", "api-key", "aws"]


@dataclass(frozen=True, slots=True)
class Vendor:
    """One kind of provider.

    `dialects` are the wire formats it answers, the one to translate into first. `version_path` is the path segment an API base ends with
    (`/v1`); it is added when an administrator's URL lacks it. `needs_key` says whether a provider without a credential can work at all.
    `headers` are sent unless the client sent its own. `traits` are the vendor's words for its way of speaking a dialect, explained in
    `gateway.wire.openai_chat.traits` and its neighbours. `address(base, path, model)` builds the URL where the rules of `join_url` do not fit;
    `base_query` says that a base URL may carry a query, which is part of every call's then.
    `model_traits(model)` adds traits of one model, where a vendor serves several families. `auth="aws"`: calls are signed with the gateway's
    role, or carry a key as a bearer token; `{region}` in `base_url` is the Region then.
    """

    kind: str
    title: str
    dialects: tuple[Dialect, ...]
    base_url: str | None
    auth: Auth = "bearer"
    version_path: str = "/v1"
    needs_key: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    traits: frozenset[str] = frozenset()
    address: Callable[[str, str, str], str] | None = None
    model_traits: Callable[[str], frozenset[str]] | None = None
    base_query: bool = False

    @property
    def stream_usage(self) -> bool:
        """Whether the vendor understands `stream_options.include_usage` of Chat Completions."""
        return "stream_usage" in self.traits

    def credential_header(self, secret: str) -> tuple[str, str]:
        """The header, lower-case, that carries this vendor's credential."""
        if self.auth in {"bearer", "aws"}:
            return "authorization", f"Bearer {secret}"
        return self.auth, secret


def join_url(vendor: Vendor, base_url: str | None, path: str, *, model: str = "", query: str = "") -> str:
    """The URL of an operation: `path` begins with the vendor's version segment (`/v1/chat/completions`) and may end in a query.

    Administrators paste bases with and without the version segment, with and without a trailing slash; all mean the same.
    `model` is the upstream's name of the model, for vendors that put it into the path. ValueError when neither the provider nor the
    vendor has a base URL.
    """
    base = (base_url or vendor.base_url or "").strip().rstrip("/")
    if not base:
        raise ValueError("the provider has no base URL")
    bare, _, own_query = path.partition("?")
    if vendor.address is not None:
        url = vendor.address(base, bare, model)
    else:
        base, _, base_query = base.partition("?")
        url = _join(vendor, base.rstrip("/"), bare) + (f"?{base_query}" if base_query else "")
    for more in (own_query, query):
        if more:
            url += ("&" if "?" in url else "?") + more
    return url


def _join(vendor: Vendor, base: str, path: str) -> str:
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
