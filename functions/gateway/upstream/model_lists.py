"""Asking a provider for its models: some GETs in a row, all of them within one deadline.

What comes back is a stranger's: it may be no JSON, endless, a million models, a redirect or nothing at all. Whatever it is becomes a `Heard`.
Its words about an error are not repeated: vendors quote the credential in them.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from gateway.errors import Unavailable, UpstreamFault
from gateway.neutral.config import Provider
from gateway.neutral.probe import MOST_MODELS, Heard, Offered
from gateway.providers import Vendor, aws_region
from gateway.providers.model_lists import ModelList, NoList, list_url, model_list
from gateway.upstream import attempt, faults
from gateway.upstream.client import UpstreamAnswer, UpstreamClient, UpstreamRequest
from gateway.upstream.decoding import decoder

SECONDS: Final = 8.0
_MOST_BYTES: Final = 8 * 1024 * 1024
_MOST_PAGES: Final = 20
_CONNECT_SECONDS: Final = 5.0
# Shorter ones are words, as local servers have them.
_TELLING: Final = 8
_REFUSALS: Final[Mapping[int, str]] = {
    401: "The provider refused the credential (401).",
    403: "The provider does not allow this credential to list models (403).",
    404: "The provider has no list of models at this address (404).",
    429: "The provider's limits are used up just now (429).",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Whom to ask, with what. `region` is the gateway's own AWS Region."""

    provider: Provider
    vendor: Vendor
    secret: str | None
    allow_private: bool
    region: str


class ModelLists:
    """Asks providers. `monotonic` gives seconds."""

    def __init__(self, upstream: UpstreamClient, signing: attempt.Signing, monotonic: Callable[[], float]) -> None:
        self._upstream = upstream
        self._signing = signing
        self._monotonic = monotonic

    async def ask(self, question: Question, seconds: float = SECONDS) -> Heard:
        """What the provider said within `seconds`. Never raises for anything a provider does."""
        began = self._monotonic()
        heard = _Hearing(question.secret)
        error: str | None = None
        try:
            async with asyncio.timeout(seconds):
                await self._whole(question, heard)
        except TimeoutError:
            error = f"The provider did not answer within {seconds:g} seconds."
        except (UpstreamFault, Unavailable) as fault:
            error = fault.message
        except NoList as reason:
            error = str(reason)
        return heard.told(math.ceil((self._monotonic() - began) * 1000), error)

    async def _whole(self, question: Question, heard: _Hearing) -> None:
        style = model_list(question.vendor)
        path: str | None = style.first
        for _ in range(_MOST_PAGES):
            if path is None or heard.more:
                return
            path = await self._page(question, style, path, heard)
        heard.more = heard.more or path is not None

    async def _page(self, question: Question, style: ModelList, path: str, heard: _Hearing) -> str | None:
        request = await self._request(question, path)
        async with self._upstream.open(request) as answer:
            heard.status = answer.status
            attempt.refuse_redirect(answer)
            if not 200 <= answer.status < 300:
                raise faults.BadAnswer(_REFUSALS.get(answer.status, f"The provider answered {answer.status}."))
            listed = style.read(_parsed(await _body(answer)))
        heard.add(listed.models)
        return listed.following

    async def _request(self, question: Question, path: str) -> UpstreamRequest:
        provider, vendor = question.provider, question.vendor
        try:
            url = list_url(vendor, provider.base_url, path).replace("{region}", question.region)
        except ValueError:
            raise faults.NotConfigured("The provider has no base URL.") from None
        own = {name.lower(): value for name, value in provider.extra_headers.items()}
        plain = {"accept": "application/json", **vendor.headers, **own, "accept-encoding": "identity"}
        headers = [*plain.items(), *attempt.credential(vendor, question.secret).items()]
        if vendor.auth == "aws" and question.secret is None:
            headers += await self._signing.sign(aws_region_of(url) or question.region, "GET", url, headers, b"")
        if not all(value.isascii() for _, value in headers):
            raise faults.NotConfigured("The provider's headers or credential cannot be sent.")
        return UpstreamRequest(
            url=url,
            headers=[(name.lower().encode("ascii"), value.encode("ascii")) for name, value in headers],
            body=b"",
            connect_timeout=min(_CONNECT_SECONDS, provider.timeouts.connect),
            allow_private=question.allow_private,
            method=b"GET",
        )


def aws_region_of(url: str) -> str | None:
    """The Region that the address of a list names."""
    return aws_region(url.replace("://bedrock", "://bedrock-runtime", 1))


class _Hearing:
    """What was heard so far, so that a deadline or a fault on the way loses none of it."""

    def __init__(self, secret: str | None) -> None:
        self._secret = secret if secret is not None and len(secret) >= _TELLING else None
        self._models: dict[str, Offered] = {}
        self.status: int | None = None
        self.more = False

    def add(self, models: tuple[Offered, ...]) -> None:
        """A page; what is there already stays as it was, and what repeats the credential is nobody's name."""
        for model in models:
            if len(self._models) >= MOST_MODELS:
                self.more = True
                return
            if self._secret is None or self._secret not in model.id:
                clean = self._secret is None or self._secret not in (model.title or "")
                self._models.setdefault(model.id, model if clean else replace(model, title=None))

    def told(self, ms: int, error: str | None) -> Heard:
        """The end of it."""
        return Heard(ms, self.status, tuple(self._models.values()), self.more, error)


async def _body(answer: UpstreamAnswer) -> bytes:
    coding = decoder(attempt.answer_header(answer, b"content-encoding"))
    parts: list[bytes] = []
    size = 0
    while (chunk := await answer.chunk()) is not None:
        parts.append(coding.feed(chunk))
        size += len(parts[-1])
        if size > _MOST_BYTES:
            raise faults.BadAnswer("The provider's list of models is too large.")
    parts.append(coding.close())
    return b"".join(parts)


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise faults.BadAnswer("The provider's answer is not JSON.") from None
