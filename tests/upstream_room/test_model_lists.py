"""Asking a provider for its models: every vendor's list, pages, and providers that do not answer as they should."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest
from tests.upstream.server import Upstream
from tests.upstream.steps import Close, Gate, Send, Steps, head, reply

from gateway.clock import Clock
from gateway.neutral.config import Provider
from gateway.neutral.probe import MOST_MODELS, Heard, Offered, heard_from_json, heard_json
from gateway.providers import kinds, vendor
from gateway.providers.model_lists import NoList, list_url, model_list
from gateway.transport.pool import Pool
from gateway.upstream.client import PinnedClient, UpstreamRequest
from gateway.upstream.model_lists import ModelLists, Question

SECRET = "sk-canary-probe-0000000000001"
ROLE = ("authorization", "AWS4-HMAC-SHA256 signed")


class Role:
    """Signs with words that a test can find again."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []

    async def sign(self, region: str, method: str, url: str, *_: Any) -> list[tuple[str, str]]:
        self.asked.append((region, method, url))
        return [ROLE]


async def ask(
    upstream: Upstream | None, kind: str = "openai", *, seconds: float = 5.0, secret: str | None = SECRET, **more: Any
) -> Heard:
    base = {"base_url": f"{upstream.url}/v1"} if upstream else {}
    provider = Provider(**{"id": "p", "name": "P", "kind": kind, "allow_private": True, **base, **more})
    clock = Clock()
    lists = ModelLists(PinnedClient(Pool(clock.wall), clock.monotonic), Role(), clock.monotonic)
    heard = await lists.ask(Question(provider, vendor(kind), secret, True, "eu-west-1"), seconds)
    assert heard_from_json(json.loads(json.dumps(heard_json(heard)))) == heard
    assert SECRET not in json.dumps(heard_json(heard))
    return heard


def answer(data: Any, status: int = 200, **more: Any) -> Steps:
    return reply(status, json.dumps(data).encode(), **more)


OPENAI_STYLE = {
    "object": "list",
    "data": [
        {"id": "gpt-x", "object": "model", "owned_by": "openai"},
        {"id": "groq-x", "context_window": 131072, "max_completion_tokens": 8192},
        {"id": "or/x", "name": "X", "context_length": 9, "top_provider": {"max_completion_tokens": 7}},
        {"id": "vllm-x", "max_model_len": 4096, "context_window": "many"},
    ],
}
FOUND = (
    Offered("gpt-x"),
    Offered("groq-x", None, 131072, 8192),
    Offered("or/x", "X", 9, 7),
    Offered("vllm-x", None, 4096),
)


@pytest.mark.parametrize("data", [OPENAI_STYLE, OPENAI_STYLE["data"]], ids=["data", "bare list"])
async def test_openai_and_those_who_speak_like_it(data: Any) -> None:
    async with Upstream() as upstream:
        upstream.add(answer(data), path="/v1/models", method="GET")
        heard = await ask(upstream, "openai", extra_headers={"X-Tenant": "t"})
        sent = dict(upstream.journal[0].headers)
    assert (heard.status, heard.error, heard.more, heard.models) == (200, None, False, FOUND)
    assert sent["authorization"] == f"Bearer {SECRET}"
    assert (sent["x-tenant"], sent["accept-encoding"]) == ("t", "identity")


async def test_anthropic_goes_on_until_there_is_no_more() -> None:
    first = {"data": [{"id": "claude-a", "display_name": "A", "max_input_tokens": 200000}], "has_more": True}
    second = {"data": [{"id": "claude-b", "type": "model"}], "has_more": False, "last_id": "claude-b"}
    async with Upstream() as upstream:
        upstream.add(answer({**first, "last_id": "claude a&b"}), answer(second), path="/v1/models")
        heard = await ask(upstream, "anthropic")
        targets = [request.target for request in upstream.journal]
        sent = dict(upstream.journal[0].headers)
    assert heard.models == (Offered("claude-a", "A", 200000), Offered("claude-b"))
    assert targets == ["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=claude%20a%26b"]
    assert (sent["x-api-key"], sent["anthropic-version"]) == (SECRET, "2023-06-01")


async def test_gemini_names_resources_and_pages_by_token() -> None:
    row = {"name": "models/gemini-x", "displayName": "X", "inputTokenLimit": 1048576, "outputTokenLimit": 65536}
    async with Upstream() as upstream:
        upstream.add(answer({"models": [row], "nextPageToken": "t/1"}), answer({}), path="/v1beta/models")
        heard = await ask(None, "gemini", base_url=upstream.url)
        targets = [request.target for request in upstream.journal]
        sent = dict(upstream.journal[0].headers)
    assert heard.models == (Offered("gemini-x", "X", 1048576, 65536),)
    assert targets[1] == "/v1beta/models?pageSize=1000&pageToken=t%2F1"
    assert sent["x-goog-api-key"] == SECRET


class Bedrock:
    """Stands where the client is, for an address that no test server can have."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.requests: list[UpstreamRequest] = []

    def open(self, request: UpstreamRequest) -> Any:
        self.requests.append(request)
        return _Opened(json.dumps(self.answers[request.url]).encode())


class _Opened:
    status = 200
    headers = ((b"content-type", b"application/json"),)

    def __init__(self, body: bytes) -> None:
        self._parts = [body]

    async def __aenter__(self) -> _Opened:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def chunk(self) -> bytes | None:
        return self._parts.pop() if self._parts else None


@pytest.mark.parametrize("secret", [None, SECRET])
async def test_bedrock_lists_models_and_profiles_at_its_control_plane(secret: str | None) -> None:
    place = "https://bedrock.eu-west-1.amazonaws.com"
    bedrock = Bedrock(
        {
            f"{place}/foundation-models": {
                "modelSummaries": [
                    {"modelId": "amazon.nova", "modelName": "Nova", "inferenceTypesSupported": ["ON_DEMAND"]},
                    {"modelId": "anthropic.claude-new", "inferenceTypesSupported": ["INFERENCE_PROFILE"]},
                ]
            },
            f"{place}/inference-profiles?maxResults=1000": {
                "inferenceProfileSummaries": [
                    {"inferenceProfileId": "eu.anthropic.claude-new", "inferenceProfileName": "EU", "status": "ACTIVE"}
                ]
            },
        }
    )
    role, clock = Role(), Clock()
    provider = Provider("aws", "AWS", "bedrock", None)
    heard = await ModelLists(bedrock, role, clock.monotonic).ask(
        Question(provider, vendor("bedrock"), secret, False, "eu-west-1")
    )
    assert heard.models == (Offered("amazon.nova", "Nova"), Offered("eu.anthropic.claude-new", "EU"))
    given = [value.decode() for name, value in bedrock.requests[1].headers if name == b"authorization"]
    assert given == ([ROLE[1]] if secret is None else [f"Bearer {SECRET}"])
    signed = [("eu-west-1", "GET", request.url) for request in bedrock.requests]
    assert role.asked == (signed if secret is None else [])


@pytest.mark.parametrize(
    ("kind", "base", "part"),
    [
        ("azure_openai", "https://a.openai.azure.com", "deployments"),
        ("bedrock", "https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "another endpoint"),
        ("bedrock", "https://bedrock-runtime.eu-west-1.amazonaws.com.evil.example", "another endpoint"),
        ("bedrock", "https://bedrock-runtime.eu-west-1.amazonaws.com/x", "another endpoint"),
        ("bedrock", "http://bedrock-runtime.eu-west-1.amazonaws.com", "another endpoint"),
    ],
)
async def test_a_provider_without_a_list_is_told_and_not_called(kind: str, base: str, part: str) -> None:
    heard = await ask(None, kind, base_url=base)
    assert part in (heard.error or "")
    assert (heard.status, heard.models) == (None, ())


def test_every_kind_has_a_list_or_says_why_not() -> None:
    for kind in kinds():
        try:
            style = model_list(kind)
        except NoList:
            assert kind.kind in {"azure_openai", "cohere", "voyage", "jina"}
        else:
            assert list_url(kind, kind.base_url or "https://host.example", style.first).startswith(
                ("https://", "http://")
            )


NOT_LISTS = [b"", b"<html>", b'"x"', b"[1", b'{"data": 5}', b'{"data"', b'{"data": null}', b'"\\ud800"', b"[" * 5000]


@pytest.mark.parametrize("body", NOT_LISTS)
async def test_what_is_no_list_of_models_is_said(body: bytes) -> None:
    async with Upstream() as upstream:
        upstream.add(reply(200, body))
        heard = await ask(upstream)
    assert heard.status == 200
    assert heard.error in {"The provider's answer is not JSON.", "The provider's answer is not a list of models."}


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 418, 429, 500, 503])
async def test_a_refusal_is_told_by_its_status_and_not_by_its_words(status: int) -> None:
    async with Upstream() as upstream, Upstream() as canary:
        told = (("location", f"{canary.url}/v1/models"), ("content-type", "application/json"))
        upstream.add(answer({"error": {"message": f"Incorrect API key: {SECRET}"}}, status, headers=told))
        heard = await ask(upstream)
        assert not canary.journal
    assert (heard.status, heard.models) == (status, ())
    assert ("redirect" if status < 400 else str(status)) in (heard.error or "")


async def test_names_that_nobody_means_are_left_out() -> None:
    names = ["good", "", " x", "a\nb", "x" * 513, SECRET, f"my {SECRET}", 5, None, "gsk_abcdefghijklmnop", "good"]
    rows = [{"id": name, "name": f"echo {SECRET}"} for name in names]
    async with Upstream() as upstream:
        upstream.add(answer({"data": [*rows, "x", None, []]}))
        heard = await ask(upstream)
    assert [model.id for model in heard.models] == ["good"]


async def test_a_short_credential_is_a_word_and_hides_nothing() -> None:
    async with Upstream() as upstream:
        upstream.add(answer({"data": [{"id": "local-model"}]}))
        heard = await ask(upstream, "openai_compatible", secret="local")
    assert [model.id for model in heard.models] == ["local-model"]


async def test_a_hundred_thousand_models_are_not_all_told() -> None:
    async with Upstream() as upstream:
        upstream.add(answer({"data": [{"id": f"m{number}"} for number in range(100_000)]}))
        heard = await ask(upstream)
    assert (len(heard.models), heard.more, heard.error) == (MOST_MODELS, True, None)


async def test_a_list_that_never_ends_is_left() -> None:
    async with Upstream() as upstream:
        upstream.add(answer({"data": [{"id": "same"}], "has_more": True, "last_id": "same"}))
        heard = await ask(upstream, "anthropic")
        assert len(upstream.journal) == 20
    assert (len(heard.models), heard.more) == (1, True)


@pytest.mark.parametrize("packed", [False, True])
async def test_ten_megabytes_are_too_many(packed: bool) -> None:
    body = b'{"data": [' + b" " * 10_000_000 + b"]}"
    coding = (("content-encoding", "gzip"),) if packed else ()
    async with Upstream() as upstream:
        upstream.add(reply(200, gzip.compress(body, 1) if packed else body, headers=coding))
        heard = await ask(upstream)
    assert heard.error == "The provider's list of models is too large."


SLOW: dict[str, Steps] = {
    "silent": (Gate("never"),),
    "in the body": (Send(head(200, (("content-length", "100"),))), Send(b'{"data": ['), Gate("never")),
}


@pytest.mark.parametrize("steps", SLOW.values(), ids=SLOW)
async def test_a_slow_provider_is_left_when_the_time_is_up(steps: Steps) -> None:
    async with Upstream() as upstream:
        upstream.add(steps)
        began = time.monotonic()
        heard = await ask(upstream, seconds=0.2)
    assert time.monotonic() - began < 3
    assert heard.error == "The provider did not answer within 0.2 seconds."
    assert heard.ms >= 200


async def test_what_was_heard_before_a_fault_is_kept() -> None:
    first = {"data": [{"id": "a"}], "has_more": True, "last_id": "a"}
    async with Upstream() as upstream:
        upstream.add(answer(first), (Send(head(200, (("content-length", "9"),))), Send(b"{"), Close()))
        heard = await ask(upstream, "anthropic")
    assert [model.id for model in heard.models] == ["a"]
    assert "broke off" in (heard.error or "")


async def test_the_guard_stands_before_the_list() -> None:
    async with Upstream() as canary:
        provider = Provider("p", "P", "openai", f"{canary.url}/v1", allow_private=True)
        clock = Clock()
        lists = ModelLists(PinnedClient(Pool(clock.wall), clock.monotonic), Role(), clock.monotonic)
        heard = await lists.ask(Question(provider, vendor("openai"), SECRET, False, "eu-west-1"))
        assert not canary.journal
    assert heard.error == "The provider's address is not one the gateway may reach."


async def test_a_vendor_that_needs_a_key_is_not_asked_without() -> None:
    async with Upstream() as upstream:
        heard = await ask(upstream, secret=None)
        assert not upstream.journal
    assert heard.error == "The provider has no active API key."
