"""What only Gemini does: the model in the path, streams as arrays, its own list."""

from __future__ import annotations

import json

import pytest
from tests.exchange.dialects import WORDS, asked, read, streamed, whole
from tests.exchange.kit import KEY, Door
from tests.upstream.server import Upstream
from tests.upstream.steps import cut, reply
from tests.upstream.steps import events as scripted


@pytest.mark.parametrize("model", ["gemini-model", "claude-model"])
async def test_a_stream_without_alt_sse_is_one_json_array(door: Door, upstream: Upstream, model: str) -> None:
    up = "gemini" if model == "gemini-model" else "anthropic_messages"
    upstream.add(scripted(b"".join(streamed(up))))
    said = asked("gemini", model, stream=True)[1]
    heard = await door.ask("POST", f"/v1beta/models/{model}:streamGenerateContent", said)
    assert (heard.header(b"content-type") or b"").startswith(b"application/json")
    chunks = json.loads(heard.body)
    text = "".join(
        part["text"] for one in chunks for part in one["candidates"][0]["content"]["parts"] if "text" in part
    )
    assert text == WORDS
    if up == "gemini":
        assert (await upstream.seen())[0].target.endswith(":streamGenerateContent?alt=sse")


@pytest.mark.parametrize("model", ["gemini-model", "claude-model"])
async def test_a_cut_array_ends_with_an_error_element(door: Door, upstream: Upstream, model: str) -> None:
    up = "gemini" if model == "gemini-model" else "anthropic_messages"
    parts = streamed(up)
    upstream.add(cut(b"".join(parts), len(b"".join(parts)) - 30, "clean"))
    heard = await door.ask(
        "POST", f"/v1beta/models/{model}:streamGenerateContent", asked("gemini", model, stream=True)[1]
    )
    assert json.loads(heard.body)[-1]["error"]["code"] == 502


async def test_gemini_lists_models_in_its_own_shape(door: Door) -> None:
    heard = await door.ask("GET", "/v1beta/models")
    assert "models/claude-model" in {model["name"] for model in heard.json()["models"]}
    one = await door.ask("GET", "/v1beta/models/claude-model")
    assert one.json()["name"] == "models/claude-model"
    missing = await door.ask("GET", "/v1beta/models/nothing")
    assert missing.json()["error"]["status"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v1beta/models/gemini-model:fly", 405),
        ("/v1beta/models/:generateContent", 404),
        ("/v1beta/models/nothing:generateContent", 404),
        ("/v1beta/other", 404),
    ],
)
async def test_odd_gemini_paths_are_told_in_geminis_words(door: Door, target: str, status: int) -> None:
    heard = await door.ask("POST", target, {"contents": [{"parts": [{"text": "x"}]}]})
    assert heard.status == status
    assert heard.json()["error"]["code"] == status


@pytest.mark.parametrize("version", ["v1", "v1beta", "v1alpha"])
async def test_every_version_of_the_api_is_understood(door: Door, upstream: Upstream, version: str) -> None:
    """google-genai 3 asks for v1, older ones for v1beta."""
    upstream.add(reply(200, whole("gemini")))
    said = asked("gemini", "gemini-model", stream=False)[1]
    heard = await door.ask("POST", f"/{version}/models/gemini-model:generateContent", said)
    assert read("gemini", heard.body) == (WORDS, 9, 3)
    assert (await upstream.seen())[0].target == "/v1beta/models/up-gemini:generateContent"


async def test_the_list_has_the_shape_of_who_asks(door: Door) -> None:
    heard = await door.ask("GET", "/v1/models", headers=[("x-goog-api-key", KEY)])
    assert heard.json()["models"]
    heard = await door.ask("GET", "/v1/models/claude-model", headers=[("x-goog-api-key", KEY)])
    assert heard.json()["name"] == "models/claude-model"
    assert (await door.ask("GET", "/v1/models")).json()["object"] == "list"


async def test_errors_of_an_operation_are_geminis_under_v1_too(door: Door) -> None:
    heard = await door.ask("POST", "/v1/models/nothing:generateContent", {"contents": [{"parts": [{"text": "x"}]}]})
    assert heard.json()["error"]["status"] == "NOT_FOUND"


@pytest.mark.parametrize("model", ["gemini-model", "claude-model"])
@pytest.mark.parametrize(("query", "array"), [("$alt=sse", False), ("%24alt=sse&alt=sse", False), ("$alt=json", True)])
async def test_the_form_of_a_stream_has_two_names(
    door: Door, upstream: Upstream, model: str, query: str, array: bool
) -> None:
    """The client's form is never asked of the provider, whose stream the gateway has to read."""
    up = "gemini" if model == "gemini-model" else "anthropic_messages"
    upstream.add(scripted(b"".join(streamed(up))))
    said = asked("gemini", model, stream=True)[1]
    heard = await door.ask("POST", f"/v1beta/models/{model}:streamGenerateContent?{query}", said)
    assert heard.body.startswith(b"[" if array else b"data: ")
    assert (await upstream.seen())[0].target.endswith("?alt=sse" if up == "gemini" else "/v1/messages")


async def test_an_answer_in_one_piece_is_asked_for_as_json(door: Door, upstream: Upstream) -> None:
    upstream.add(reply(200, whole("gemini")))
    said = asked("gemini", "gemini-model", stream=False)[1]
    heard = await door.ask("POST", "/v1beta/models/gemini-model:generateContent?alt=sse&x=1", said)
    assert heard.status == 200
    assert (await upstream.seen())[0].target == "/v1beta/models/up-gemini:generateContent?x=1"
