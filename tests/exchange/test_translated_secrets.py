"""What a translated request takes upstream of credentials and headers, and what it never brings back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.dialects import CLIENTS, MODELS, asked, streamed, whole
from tests.exchange.kit import KEY, SECRET, Door, release_for
from tests.upstream.server import Upstream
from tests.upstream.steps import events as scripted
from tests.upstream.steps import reply

PAIRS = [(client, upstream) for client in CLIENTS for upstream in MODELS if client != upstream]


@pytest.mark.parametrize(("client", "up"), PAIRS)
async def test_nothing_of_the_clients_headers_or_query_goes_along(
    door: Door, upstream: Upstream, client: str, up: str
) -> None:
    upstream.add(reply(200, whole(up)))
    names = (
        "x-api-key",
        "x-goog-api-key",
        "cookie",
        "anthropic-beta",
        "openai-organization",
        "x-custom",
        "anthropic-version",
    )
    headers = [("authorization", f"Bearer {KEY}"), *((name, f"clients-{name}") for name in names)]
    target, said = asked(client, MODELS[up], stream=False)
    heard = await door.ask("POST", f"{target}?q=clients-query", said, headers)
    assert heard.status == 200, heard.body
    sent = (await upstream.seen())[0]
    assert b"clients-" not in sent.head + sent.body
    assert KEY.encode() not in sent.head + sent.body


@pytest.mark.parametrize("model", ["claude-model", "chat-model"])
@pytest.mark.parametrize("client", ["openai_chat", "anthropic_messages"])
async def test_extra_headers_stand_once_and_frame_nothing(upstream: Upstream, client: str, model: str) -> None:
    """Relayed or translated: an administrator's header replaces ours of its name, however it is spelled."""
    release = release_for(upstream.url)
    extra = {
        "User-Agent": "ours",
        "Anthropic-Version": "2030-01-01",
        "Content-Type": "application/json",
        "X-Extra": "1",
    }
    framing = {"Content-Length": "3", "Transfer-Encoding": "chunked", "Host": "elsewhere"}
    providers = tuple(replace(one, extra_headers={**extra, **framing}) for one in release.providers)
    door = Door(replace(release, providers=providers))
    upstream.add(reply(200, whole("anthropic_messages" if model == "claude-model" else "openai_chat")))
    target, said = asked(client, model, stream=False)
    assert (await door.ask("POST", target, said)).status == 200
    head = (await upstream.seen())[0].head.decode().lower()
    names = [line.partition(":")[0] for line in head.split("\r\n")[1:] if line]
    assert len(names) == len(set(names)), names
    assert "anthropic-version: 2030-01-01" in head
    assert "user-agent: ours" in head
    assert "x-extra: 1" in head
    assert "elsewhere" not in head
    assert "transfer-encoding" not in names
    door.close()


_ERRORS: dict[str, Any] = {
    "anthropic_messages": {"type": "error", "error": {"type": "invalid_request_error", "message": f"Bad key {SECRET}"}},
    "openai_chat": {
        "error": {"message": f"Bad key {SECRET}", "type": "invalid_request_error", "param": None, "code": None}
    },
    "gemini": {"error": {"code": 400, "message": f"Bad key {SECRET}", "status": "INVALID_ARGUMENT"}},
    "bedrock_converse": {"message": f"Bad key {SECRET}"},
}


@pytest.mark.parametrize("status", [400, 401, 500])
@pytest.mark.parametrize("up", list(_ERRORS))
async def test_a_credential_that_a_provider_repeats_is_not_told(
    door: Door, upstream: Upstream, up: str, status: int
) -> None:
    upstream.add(reply(status, json.dumps(_ERRORS[up]).encode()))
    client = "openai_responses"
    heard = await door.ask("POST", *asked(client, MODELS[up], stream=False))
    assert heard.status in {400, 502, 500}
    assert b"Bad key" in heard.body
    # Amazon's signature is made with the gateway's own role: no key is sent there that could come back.
    assert (SECRET.encode() in heard.body) == (up == "bedrock_converse")
    assert (SECRET in (door.row.error_message or "")) == (up == "bedrock_converse")


async def test_nor_in_the_middle_of_a_stream(door: Door, upstream: Upstream) -> None:
    key = "sk-ant-" + "k" * 30
    error = {"type": "error", "error": {"type": "api_error", "message": f"Bad key {key}"}}
    said = b"event: error\ndata: " + json.dumps(error).encode() + b"\n\n"
    upstream.add(scripted(b"".join([*streamed("anthropic_messages")[:4], said])))
    heard = await door.ask("POST", *asked("openai_chat", "claude-model", stream=True))
    assert b"Bad key" in heard.body
    assert key.encode() not in heard.body
