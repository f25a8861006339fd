"""What a client sends decides nothing about where the gateway connects (RELIABILITY S2): fields, headers, queries, targets and names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.exchange.dialects import CLIENTS, MODELS, asked, whole
from tests.exchange.kit import KEY, SECRET, Door, release_for
from tests.upstream.server import Upstream
from tests.upstream.steps import reply
from tests.upstream_room.names import Dialled

BEARER = ("authorization", f"Bearer {KEY}")
# Names under which gateways and SDKs take an upstream's address, and neighbours; each with the canary's address.
MEMBERS = (
    "api_base base_url baseURL baseUrl api_host apiBase host hostname url uri endpoint target upstream upstream_url proxy proxies "
    "http_proxy https_proxy openai_api_base openai_base_url azure_endpoint anthropic_base_url aws_bedrock_runtime_endpoint "
    "aws_sts_endpoint vertex_ai_location region region_name aws_region_name server server_url callback_url webhook webhook_url "
    "custom_llm_provider provider api_version organization_url redirect_uri metadata_url"
).split()
HEADERS = (
    "host x-host x-forwarded-host x-forwarded-server x-forwarded-for x-forwarded-proto x-forwarded-port forwarded x-original-url "
    "x-original-host x-rewrite-url x-http-host-override x-http-destinationurl x-proxy-url x-proxy-host x-target-host x-target-url "
    "x-upstream-host x-upstream-url x-api-base x-api-host x-base-url x-openai-host x-endpoint openai-base-url "
    "helicone-target-url helicone-openai-api-base x-portkey-custom-host x-portkey-provider x-litellm-api-base api-base base-url "
    "x-gateway-base-url x-gateway-upstream x-gateway-provider x-gateway-proxy x-gateway-host x-gateway-url destination location "
    "content-location proxy-connection proxy-authorization via x-wap-profile x-custom-ip-authorization true-client-ip referer "
    "origin upgrade connection x-amz-target x-amz-security-token x-goog-api-client x-real-ip cf-connecting-ip"
).split()


def nested(canary: str) -> dict[str, dict[str, Any]]:
    """Members with something inside, and content that names an address which somebody would have to fetch."""
    said: list[dict[str, Any]] = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": canary}}]}]
    file = [{"type": "input_file", "file_url": canary}, {"type": "input_image", "image_url": canary}]
    source = [
        {"type": "image", "source": {"type": "url", "url": canary}},
        {"type": "document", "source": {"type": "url", "url": canary}},
    ]
    return {
        "extra_body": {"extra_body": {"api_base": canary, "base_url": canary}},
        "extra_headers": {"extra_headers": {"host": canary, "x-forwarded-host": canary}},
        "extra_query": {"extra_query": {"api_base": canary}},
        "default_headers": {"default_headers": {"Host": canary}},
        "litellm_params": {"litellm_params": {"api_base": canary, "model": "openai/x"}},
        "metadata": {"metadata": {"api_base": canary}},
        "fallbacks": {"fallbacks": [{"model": "x", "api_base": canary}]},
        "client_args": {"client": {"base_url": canary}, "http_client": {"proxy": canary}},
        "gateway": {"gateway": {"base_url": canary, "provider": canary}},
        "mcp": {"tools": [{"type": "mcp", "server_label": "x", "server_url": canary}]},
        "mcp_servers": {"mcp_servers": [{"type": "url", "url": canary, "name": "x"}]},
        "media": {"messages": said, "input": [{"role": "user", "content": file}]},
        "source": {"messages": [{"role": "user", "content": source}], "system": source},
        "file_data": {
            "contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "image/png", "fileUri": canary}}]}]
        },
        "model": {"model": f"{canary}/x"},
        "model_of": {"model": f"oai/{canary}"},
        "models": {"models": [canary]},
    }


def endpoints() -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Method, target, body: every client's dialect in front of every upstream's, and everything else that is served."""
    for client in CLIENTS:
        for model in MODELS.values():
            yield "POST", *asked(client, model, stream=False)
        yield "POST", *asked(client, MODELS[client], stream=True)
    said = [{"role": "user", "content": "hi"}]
    yield "POST", "/v1/messages/count_tokens", {"model": "claude-model", "messages": said}
    yield "POST", "/v1/embeddings", {"model": "embed-model", "input": "hi"}
    yield "POST", "/v1beta/models/gemini-model:countTokens", {"contents": [{"parts": [{"text": "hi"}]}]}
    for path in ("/v1/models", "/v1/models/chat-model", "/v1beta/models", "/health/ready", "/", "/v1/nothing"):
        yield "GET", path, None


def fields(canary: str) -> Iterator[tuple[str, dict[str, Any], str, tuple[tuple[str, str], ...]]]:
    """Name, members of the body, query, headers."""
    for name in MEMBERS:
        yield f"body {name}", {name: canary}, "", ()
        yield f"query {name}", {}, f"{name}={canary}", ()
    for name, members in nested(canary).items():
        yield f"body {name}", members, "", ()
    for name in HEADERS:
        yield f"header {name}", {}, "", ((name, canary),)


def serve(upstream: Upstream) -> None:
    """A good answer of every dialect."""
    for dialect, path in (
        ("openai_chat", "/v1/chat/completions"),
        ("openai_responses", "/v1/responses"),
        ("anthropic_messages", "/v1/messages"),
        ("gemini", "/v1beta/models/up-gemini:generateContent"),
        ("bedrock_converse", "/model/up.bedrock%3A1/converse"),
    ):
        upstream.add(reply(200, whole(dialect)), path=path)


def sent_nowhere_else(upstream: Upstream, dialled: Dialled) -> None:
    """Only the configured provider was called, under its own name, and what it was told of the host is ours."""
    assert {(host, port) for host, port, _ in dialled.calls} <= {("127.0.0.1", upstream.port)}
    hosts = [value for one in upstream.journal for name, value in one.headers if name.lower() == "host"]
    assert hosts == [f"127.0.0.1:{upstream.port}"] * len(upstream.journal)


@pytest.mark.slow
async def test_no_field_of_a_client_opens_a_connection(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Upstream() as upstream, Upstream() as canary:
        upstream.add(reply(200, b"{}"))
        serve(upstream)
        door = Door(release_for(upstream.url))
        dialled = Dialled(monkeypatch, through=True)
        served, tried = list(endpoints()), list(fields(canary.url))
        leaked: list[str] = []
        for name, members, query, headers in tried:
            for method, target, body in served:
                whole_target = target + (("&" if "?" in target else "?") + query if query else "")
                heard = await door.ask(method, whole_target, {**body, **members} if body else b"", (BEARER, *headers))
                if (
                    canary.accepted
                    or SECRET.encode() in heard.body
                    or KEY.encode() in heard.body
                    or heard.status == 500
                ):
                    leaked.append(f"{name} at {target}: {heard.status}")
        sent_nowhere_else(upstream, dialled)
        with capsys.disabled():
            print(
                f"\nS2: {len(tried)} fields x {len(served)} endpoints = {len(tried) * len(served)} requests, {len(upstream.journal)} "
                f"calls of the provider, {canary.accepted} connections and {len(canary.journal)} requests at the canary"
            )
        assert leaked == []
        assert canary.accepted == 0
        assert len(upstream.journal) > len(tried) * 10, "most of them are good requests, which are served"
        door.close()


async def test_no_form_of_a_target_or_a_models_name_opens_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Upstream() as upstream, Upstream() as canary:
        serve(upstream)
        door = Door(release_for(upstream.url))
        dialled = Dialled(monkeypatch, through=True)
        place = f"127.0.0.1:{canary.port}"
        said = {"messages": [{"role": "user", "content": "hi"}]}
        for target in (
            *(f"http://{place}/v1/chat/completions", f"//{place}/v1/chat/completions", f"/http://{place}/v1/messages"),
            *(place, "*", f"/v1/chat/completions@{place}", f"/v1/../{place}", f"/v1/chat/completions;{place}"),
            *(f"/v1beta/models/http://{place}:generateContent", f"/v1beta/models/gem/@{place}:generateContent"),
            *(f"/v1/models/http://{place}/x", f"/proxy/{place}/v1/models", f"/@{place}"),
        ):
            for method in ("GET", "POST", "CONNECT", "OPTIONS", "PUT", "TRACE"):
                heard = await door.ask(method, target, {"model": "chat-model", **said})
                assert heard.status != 500, target
        for name in (
            f"http://{place}/x",
            f"oai/http://{place}",
            f"oai/@{place}/",
            f"gem/..//{place}",
            f"aws/@{place}",
            f"aws/..%2f{place}",
        ):
            for path in ("/v1/chat/completions", "/v1/messages"):
                assert (await door.ask("POST", path, {"model": name, "max_tokens": 9, **said})).status != 500
        sent_nowhere_else(upstream, dialled)
        assert canary.accepted == 0
        door.close()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
async def test_a_redirect_takes_nobody_anywhere(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The credential stays with the provider, and the client does not learn where it was to go."""
    async with Upstream() as upstream, Upstream() as canary:
        door = Door(release_for(upstream.url))
        dialled = Dialled(monkeypatch, through=True)
        places = ("http://169.254.169.254/latest/meta-data/", f"{canary.url}/v1/x")
        for number, client in enumerate(CLIENTS):
            place = places[number % 2]
            upstream.rules.clear()
            upstream.add(reply(status, b"", (("location", place), ("refresh", f"0;{place}"))))
            heard = await door.ask(
                "POST", *asked(client, MODELS[client if number < 2 else "bedrock_converse"], stream=False)
            )
            assert heard.status == 502
            assert heard.header(b"location") is None
            assert b"169.254" not in heard.body
            assert canary.url.encode() not in heard.body
        assert len(upstream.journal) >= len(CLIENTS)
        sent_nowhere_else(upstream, dialled)
        assert canary.accepted == 0
        door.close()


async def test_the_canary_would_sing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proofs above can fail: a provider that points at the canary is seen by every one of their spies."""
    async with Upstream() as upstream, Upstream() as canary:
        serve(canary)
        door = Door(release_for(canary.url))
        dialled = Dialled(monkeypatch, through=True)
        await door.ask("POST", *asked("openai_chat", "chat-model", stream=False))
        assert canary.accepted == 1
        assert SECRET in json.dumps([list(one.headers) for one in canary.journal])
        with pytest.raises(AssertionError):
            sent_nowhere_else(upstream, dialled)
        door.close()
