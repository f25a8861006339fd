"""The function that asks providers, from the control plane's client through Lambda's Invoke to a provider."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from infra.local.functions import functions
from tests.aws_mock import ENVIRON
from tests.upstream.server import Upstream
from tests.upstream.steps import reply

from gateway.admin.errors import Unavailable
from gateway.admin.probing import LambdaProber, NoProber
from gateway.neutral.config import Provider, Sealed, UpstreamKey
from gateway.neutral.probe import Offered
from probe.app import Unreadable, probe

SECRET = "sk-canary-probe-0000000000002"
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
MODELS = b'{"data": [{"id": "gpt-x"}]}'


def environ(**more: str) -> dict[str, str]:
    return {**ENVIRON, **KEYS, "ALLOW_PRIVATE_UPSTREAMS": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", **more}


def provider(url: str, **more: Any) -> Provider:
    given: dict[str, Any] = {"id": "acme", "name": "A", "kind": "openai", "base_url": url, "allow_private": True}
    return Provider(**{**given, **more})


@asynccontextmanager
async def control_plane(**more: str) -> AsyncIterator[LambdaProber]:
    """The admin function's client, with the probe behind it as the local stack serves it."""
    async with functions(environ(**more)) as found:
        session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name="eu-central-1")
        config = Config(retries={"total_max_attempts": 1})
        client = session.client("lambda", endpoint_url=found["AWS_ENDPOINT_URL_LAMBDA"], config=config)
        yield LambdaProber(lambda: client, found["PROBE_FUNCTION"])


async def test_a_provider_is_asked_with_the_environments_credential(capsys: pytest.CaptureFixture[str]) -> None:
    async with Upstream() as upstream, control_plane(ACME_API_KEY=SECRET) as prober:
        upstream.add(reply(200, MODELS))
        heard = await asyncio.to_thread(prober.ask, provider(upstream.url))
        assert upstream.journal[0].header("authorization") == f"Bearer {SECRET}"
    assert (heard.models, heard.status, heard.error) == ((Offered("gpt-x"),), 200, None)
    said = capsys.readouterr().out
    (line,) = [json.loads(text) for text in said.splitlines() if '"service":"probe"' in text]
    assert (line["provider"], line["models"], line["status"]) == ("acme", 1, 200)
    assert SECRET not in said


async def test_private_addresses_need_both_the_deployment_and_the_provider() -> None:
    async with Upstream() as upstream:
        for switch, wish in (("false", True), ("true", False), ("false", False)):
            async with control_plane(ACME_API_KEY=SECRET, ALLOW_PRIVATE_UPSTREAMS=switch) as prober:
                heard = await asyncio.to_thread(prober.ask, provider(upstream.url, allow_private=wish))
            assert heard.error == "The provider's address is not one the gateway may reach."
        assert not upstream.accepted


SEALED = UpstreamKey("uk_1", "sk-****", sealed=Sealed("AAAA", "AAAA", "AAAA"))


async def test_a_credential_that_cannot_be_opened_is_an_answer_and_nobody_is_asked() -> None:
    async with Upstream() as upstream, control_plane(ACME_API_KEY=SECRET) as prober:
        heard = await asyncio.to_thread(prober.ask, provider(upstream.url, keys=(SEALED,)))
        assert not upstream.accepted
    assert heard.error == "The provider's stored credential cannot be opened."


@pytest.mark.parametrize(
    "event",
    [{}, {"provider": None}, {"provider": {"id": SECRET}}, {"provider": {"id": "a", "name": "a", "kind": "?"}}, []],
)
async def test_a_strange_event_is_refused_without_being_repeated(event: dict[str, object]) -> None:
    with pytest.raises(Unreadable) as caught:
        await probe(environ(), event)
    assert str(caught.value) == "the event holds no provider"
    assert caught.value.__suppress_context__


async def test_a_function_that_fails_or_is_not_there_is_unavailable() -> None:
    async with control_plane() as prober:
        with pytest.raises(Unavailable, match="failed"):
            await asyncio.to_thread(prober.ask, provider("http://127.0.0.1:9", kind="?"))
        gone = LambdaProber(prober._client, "nobody")
        with pytest.raises(Unavailable, match="out of reach"):
            await asyncio.to_thread(gone.ask, provider("http://127.0.0.1:9"))
    with pytest.raises(Unavailable, match="out of reach"):
        await asyncio.to_thread(prober.ask, provider("http://127.0.0.1:9"))
    with pytest.raises(Unavailable, match="PROBE_FUNCTION"):
        NoProber().ask(provider("http://127.0.0.1:9"))


async def test_the_local_function_answers_only_what_a_web_page_cannot_send() -> None:
    async with functions(environ()) as found, httpx.AsyncClient() as browser:
        path = f"{found['AWS_ENDPOINT_URL_LAMBDA']}/2015-03-31/functions/gateway-probe/invocations"
        answer = await browser.post(path, content=b"{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 403
