"""A door is one way into the gateway: the local stack's port, or the Lambda loop behind a fake Runtime API. Tests do not know which."""

from __future__ import annotations

import itertools
import ssl
import time
from dataclasses import dataclass, field
from typing import Any

import anthropic
import httpx
import openai
from google import genai
from google.genai import types
from tests.e2e.configuration import Secrets
from tests.e2e.rows import Rows

_numbers = itertools.count(1)
# Made once: loading the authorities for every client costs more than a request. Nothing here speaks TLS.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Call:
    """One test's view of a door: clients that carry a user agent of their own, so that its rows can be found."""

    door: Door
    agent: str
    started_ms: int = field(default_factory=lambda: int(time.time() * 1000) - 5)
    ids: list[str] = field(default_factory=list)

    def openai(self, key: str | None = None, **options: Any) -> openai.OpenAI:
        """The official client, without retries unless asked."""
        options = {"max_retries": 0, "timeout": 20.0, **options}
        return openai.OpenAI(
            base_url=f"{self.door.url}/v1",
            api_key=key or self.door.secrets.virtual_key,
            default_headers={"User-Agent": self.agent},
            http_client=openai.DefaultHttpxClient(**self.door.transport(self)),
            **options,
        )

    def anthropic(self, key: str | None = None, **options: Any) -> anthropic.Anthropic:
        """The official client, without retries unless asked."""
        options = {"max_retries": 0, "timeout": 20.0, **options}
        if "auth_token" not in options:
            options["api_key"] = key or self.door.secrets.virtual_key
        return anthropic.Anthropic(
            base_url=self.door.url,
            default_headers={"User-Agent": self.agent},
            http_client=anthropic.DefaultHttpxClient(**self.door.transport(self)),
            **options,
        )

    def google(self, key: str | None = None, api_version: str | None = "v1beta") -> genai.Client:
        """The official client, without retries. It adds to a user agent of its caller's, so that ours is set behind it."""

        def name(request: httpx.Request) -> None:
            request.headers["user-agent"] = self.agent

        transport = self.door.transport(self)
        transport["event_hooks"] = {**transport["event_hooks"], "request": [name]}
        options = types.HttpOptions(
            base_url=self.door.url,
            api_version=api_version,
            timeout=20_000,
            httpx_client=httpx.Client(timeout=20.0, **transport),
        )
        return genai.Client(api_key=key or self.door.secrets.virtual_key, vertexai=False, http_options=options)

    def http(self, key: str | None = "", **headers: str) -> httpx.Client:
        """A plain client; `key` "" means the good key as a Bearer, None means no credential."""
        credential = {"authorization": f"Bearer {key or self.door.secrets.virtual_key}"} if key is not None else {}
        every = {"user-agent": self.agent, "accept-encoding": "identity", **credential, **headers}
        return httpx.Client(base_url=self.door.url, headers=every, timeout=20.0, **self.door.transport(self))

    def rows(self, count: int = 1) -> list[dict[str, Any]]:
        """The rows this test left, oldest first. That there are no more than `count` is what the ledger checks at the end."""
        self.door.rows.expected[self.agent] = count
        if len(self.ids) == count:
            return [self.door.rows.by_id(identifier) for identifier in self.ids]
        return self.door.rows.of(self.agent, count, self.started_ms)

    def row(self) -> dict[str, Any]:
        """The one row this test left."""
        return self.rows(1)[0]


@dataclass
class Door:
    """Where requests go in, and where the rows come out."""

    name: str
    url: str
    secrets: Secrets
    rows: Rows

    def call(self) -> Call:
        """A new view with a user agent nobody else uses."""
        return Call(self, f"e2e-{self.name}-{next(_numbers)}")

    def transport(self, call: Call) -> dict[str, Any]:
        """What every client of a call has in common: no TLS, no proxy, and a note of the request ids that come back."""

        def note(answer: Any) -> None:
            identifier = answer.headers.get("x-gateway-request-id")
            if identifier:
                call.ids.append(identifier)

        return {"verify": _NO_TLS, "trust_env": False, "event_hooks": {"response": [note]}}
