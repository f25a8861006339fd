"""The official SDKs through the deployed template: API Gateway, the functions with their roles, the tables. Buffered, as this local AWS is."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import anthropic
import httpx
import openai
import pytest
from tests.e2e.deploy.deployment import Deployment
from tests.e2e.rows import Rows
from tests.upstream import fixtures, reply
from tests.upstream.background import BackgroundUpstream, serving

MESSAGES: Any = [{"role": "user", "content": "hi"}]
PROVIDER_KEY = "upstream-key-of-the-deployed-test"


@pytest.fixture(scope="module")
def upstream() -> Iterator[BackgroundUpstream]:
    with serving() as running:
        for dialect in ("openai_chat", "anthropic_messages"):
            running.add(fixtures.answer_by_model(dialect), path=fixtures.PATHS[dialect], method="POST")
        yield running


@pytest.fixture(scope="module")
def virtual_key(deployment: Deployment, upstream: BackgroundUpstream) -> str:
    """Configured over the deployed admin API, as an administrator would."""
    with httpx.Client(base_url=deployment.admin_url, timeout=60.0) as admin:
        signed_in = admin.post("/api/auth/login", json=deployment.administrator()).raise_for_status().json()
        admin.headers["authorization"] = f"Bearer {signed_in['access_token']}"

        def create(path: str, **body: Any) -> Any:
            answer = admin.post(f"/api/admin/{path}", json=body)
            assert answer.status_code == 201, answer.text
            return answer.json()

        for kind, model in (("openai", "chat"), ("anthropic", "claude")):
            create("providers", id=f"up-{kind}", name=kind, kind=kind, base_url=upstream.url, allow_private=True)
            create(f"providers/up-{kind}/keys", value=PROVIDER_KEY)
            create("models", id=f"{model}-text", provider=f"up-{kind}", upstream_model="text")
        for kind in ("speech", "transcription"):
            create("models", id=f"any-{kind}", provider="up-openai", upstream_model=f"up-{kind}", kind=kind)
        secret: str = create("keys", name="deployed")["secret"]
    _wait_for_models(deployment, secret)
    return secret


def _wait_for_models(deployment: Deployment, secret: str) -> None:
    """An environment that is warm already may answer from the release before for up to 30 seconds."""
    ends = time.monotonic() + 40
    while True:
        answer = httpx.get(f"{deployment.proxy_url}/v1/models", headers={"x-api-key": secret}, timeout=60)
        if answer.status_code == 200 and {"chat-text", "claude-text"} <= {one["id"] for one in answer.json()["data"]}:
            return
        assert time.monotonic() < ends, answer.text
        time.sleep(0.3)  # nothing announces that the environment has looked again


@pytest.fixture(scope="module")
def rows(deployment: Deployment) -> Rows:
    return Rows(deployment.aws.endpoint, deployment.table("logs"))


@pytest.mark.stack
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_openai_call_reaches_the_upstream_and_leaves_a_row(
    deployment: Deployment, upstream: BackgroundUpstream, virtual_key: str, rows: Rows, stream: bool
) -> None:
    agent = f"deployed-openai-{stream}"
    client = openai.OpenAI(
        base_url=f"{deployment.proxy_url}/v1", api_key=virtual_key, default_headers={"User-Agent": agent}, max_retries=0
    )
    if stream:
        chunks = client.chat.completions.create(
            model="chat-text", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
        text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    else:
        text = client.chat.completions.create(model="chat-text", messages=MESSAGES).choices[0].message.content or ""
    assert text == "The capital of France is Paris. It lies on the Seine."
    assert upstream.journal[-1].header("authorization") == f"Bearer {PROVIDER_KEY}"
    (row,) = rows.of(agent)
    assert (row["status"], row["stream"], row["upstream_model"], row["output_tokens"]) == (200, stream, "text", 13)


@pytest.mark.stack
def test_anthropic_call_reaches_the_upstream_and_leaves_a_row(
    deployment: Deployment, upstream: BackgroundUpstream, virtual_key: str, rows: Rows
) -> None:
    client = anthropic.Anthropic(
        base_url=deployment.proxy_url,
        api_key=virtual_key,
        default_headers={"User-Agent": "deployed-anthropic"},
        max_retries=0,
    )
    message = client.messages.create(model="claude-text", max_tokens=64, messages=MESSAGES)
    assert message.stop_reason == "end_turn"
    assert upstream.journal[-1].header("x-api-key") == PROVIDER_KEY
    (row,) = rows.of("deployed-anthropic")
    assert (row["status"], row["output_tokens"], row["dialect"]) == (200, 14, "anthropic")


@pytest.mark.stack
def test_clients_of_every_dialect_reach_a_model_of_another(
    deployment: Deployment, virtual_key: str, rows: Rows
) -> None:
    """The routes are there, colons in paths too, and the function's bundle holds the codecs."""
    wanted = json.loads(fixtures.by_name("anthropic_messages/text").response or b"")["content"][0]["text"]
    agent = {"User-Agent": "deployed-translated"}
    client = openai.OpenAI(
        base_url=f"{deployment.proxy_url}/v1", api_key=virtual_key, default_headers=agent, max_retries=0
    )
    completion = client.chat.completions.create(model="claude-text", max_tokens=64, messages=MESSAGES)
    assert completion.choices[0].message.content == wanted
    assert client.responses.create(model="claude-text", max_output_tokens=64, input="hi").output_text == wanted
    answer = httpx.post(
        f"{deployment.proxy_url}/v1beta/models/claude-text:generateContent",
        headers={**agent, "x-goog-api-key": virtual_key},
        json={"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "generationConfig": {"maxOutputTokens": 64}},
        timeout=60.0,
    )
    assert answer.json()["candidates"][0]["content"]["parts"][0]["text"] == wanted
    found = rows.of("deployed-translated", 3)
    assert [(row["status"], row["upstream_model"]) for row in found] == [(200, "text")] * 3
    assert {row["dialect"] for row in found} == {"openai", "gemini"}


@pytest.mark.stack
def test_files_and_sounds_pass_byte_for_byte_and_an_upload_is_taken(
    deployment: Deployment, upstream: BackgroundUpstream, virtual_key: str, rows: Rows
) -> None:
    """Forms in, sound out, both as base64 on the way; and a file put by a URL that is signed with the function's own rights."""
    sound = bytes(range(256)) * 4_000
    upstream.add(reply(200, sound, (("content-type", "audio/mpeg"),)), path="/v1/audio/speech")
    upstream.add(reply(200, b'{"text":"Guten Tag"}'), path="/v1/audio/transcriptions")
    agent = {"User-Agent": "deployed-media"}
    client = openai.OpenAI(
        base_url=f"{deployment.proxy_url}/v1", api_key=virtual_key, default_headers=agent, max_retries=0
    )
    spoken = client.audio.speech.create(model="any-speech", input="Hello", voice="alloy").content
    assert hashlib.sha256(spoken).digest() == hashlib.sha256(sound).digest()
    written = client.audio.transcriptions.create(model="any-transcription", file=("a.wav", sound))
    assert (written.text, sound in upstream.journal[-1].body) == ("Guten Tag", True)
    large = sound[::-1] * 8
    with httpx.Client(
        base_url=deployment.proxy_url, headers={**agent, "x-api-key": virtual_key}, timeout=60.0
    ) as caller:
        place = (
            caller.post("/v1/audio/uploads", json={"filename": "b.mp3", "bytes": len(large)}).raise_for_status().json()
        )
        httpx.put(place["url"], headers=place["headers"], content=large, timeout=60.0).raise_for_status()
        ask = {"model": "any-transcription", "upload": place["id"]}
        assert caller.post("/v1/audio/transcriptions", json=ask).json() == {"text": "Guten Tag"}
    assert large in upstream.journal[-1].body
    assert {row["status"] for row in rows.of("deployed-media", 4)} == {200}


@pytest.mark.stack
def test_a_wrong_key_is_refused_and_leaves_a_row(deployment: Deployment, virtual_key: str, rows: Rows) -> None:
    client = openai.OpenAI(
        base_url=f"{deployment.proxy_url}/v1",
        api_key=virtual_key[:-1] + "!",
        default_headers={"User-Agent": "deployed-wrong"},
        max_retries=0,
    )
    with pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(model="chat-text", messages=MESSAGES)
    (row,) = rows.of("deployed-wrong")
    assert row["status"] == 401


@pytest.mark.stack
def test_a_users_message_goes_by_the_identity_function(
    deployment: Deployment, upstream: BackgroundUpstream, virtual_key: str
) -> None:
    """Its role reads users and sessions and no more; the proxy's may ask it; neither is told anything of a token that is not good."""
    assert virtual_key, "the model is there"
    with httpx.Client(base_url=deployment.admin_url, timeout=60.0) as admin:
        signed_in = admin.post("/api/auth/login", json=deployment.administrator()).raise_for_status().json()
        bearer = {"authorization": f"Bearer {signed_in['access_token']}"}
        dialog = (
            admin.post("/api/v1/dialogs", json={"model_name": "chat-text"}, headers=bearer).raise_for_status().json()
        )
    path = f"/api/v1/dialogs/{dialog['id']}/messages"
    with httpx.Client(base_url=deployment.proxy_url, timeout=60.0) as proxy:
        answer = proxy.post(f"{path}/sync", json={"content": "hi"}, headers=bearer)
        assert answer.status_code == 201, answer.text
        listed = proxy.get(path, headers=bearer).raise_for_status().json()
        assert [one["role"] for one in listed] == ["user", "assistant"]
        assert listed[1]["content"] == answer.json()["content"] != ""
        twisted = bearer["authorization"][:-4] + "AAAA"
        assert proxy.get(path, headers={"authorization": twisted}).status_code == 401
    assert len(upstream.journal) >= 1
