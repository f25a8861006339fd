"""Messages of dialogs through the exchange: shapes, history, configuration, bad bodies, the list."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.exchange.kit import Door
from tests.exchange.talking import DIALOG, USER, Talking, data_of, said, streamed
from tests.upstream.server import Upstream
from tests.upstream.steps import JSON, pieces, reply

from gateway.dialogs.reading import LONGEST
from gateway.neutral.config import Model
from gateway.neutral.dialogs import Agent, Message


@pytest.fixture
def talk(upstream: Upstream) -> Talking:
    return Talking.begin(upstream)


async def test_a_whole_answer_is_the_stored_message(talk: Talking, upstream: Upstream) -> None:
    upstream.add(said("Hello, Ada."))
    heard = await talk.whole("Hi", message_id="m-1")
    assert heard.status == 201
    question, answer = talk.stored
    found = heard.json()
    assert found == {
        "id": answer.id,
        "dialog_id": DIALOG.id,
        "role": "assistant",
        "content": "Hello, Ada.",
        "prompt_tokens": 30,
        "completion_tokens": 5,
        "created_at": found["created_at"],
        "error": None,
        "model": "chat-model",
    }
    assert found["created_at"].endswith("Z")
    assert (question.id, question.role, question.content, question.error) == ("m-1", "user", "Hi", None)
    assert heard.header(b"x-gateway-message-id") == b"m-1"
    assert int(heard.header(b"content-length") or 0) == len(heard.body)
    row = talk.door.row
    assert (row.status, row.dialect, row.caller.key_id, row.caller.user_id) == (201, "dialogs", "chat", USER)
    assert talk.dialog.message_count == 2


@pytest.mark.parametrize("size", [1, 7, 10_000])
async def test_a_stream_has_one_end_however_it_is_cut(talk: Talking, upstream: Upstream, size: int) -> None:
    from tests.exchange.talking import stream_of
    from tests.upstream.steps import events

    raw = stream_of("Hel", "lo")
    upstream.add(events(raw, parts=pieces(raw, size)))
    heard = await talk.stream("Hi")
    answer = talk.stored[1]
    assert data_of(heard) == [
        {"content": "Hel", "done": False},
        {"content": "lo", "done": False},
        {"content": "", "done": True, "message_id": answer.id, "prompt_tokens": 30, "completion_tokens": 5},
    ]
    assert b"[DONE]" not in heard.body
    assert (heard.header(b"content-type") or b"").startswith(b"text/event-stream")
    assert talk.told == [("user", "Hi"), ("assistant", "Hello")]


async def test_the_answer_is_stored_before_the_client_knows_that_it_is_whole(talk: Talking, upstream: Upstream) -> None:
    upstream.add(streamed("Hello"))
    seen: list[int] = []

    def on_part(part: bytes) -> None:
        if b'"done":true' in part:
            seen.append(len(talk.stored))

    await talk.stream("Hi", on_part=on_part)
    assert seen == [2]


async def test_tokens_nobody_tells_are_estimated(talk: Talking, upstream: Upstream) -> None:
    upstream.add(streamed("Hello there", usage=False))
    last = data_of(await talk.stream("Hi"))[-1]
    assert last["prompt_tokens"] > 0
    assert last["completion_tokens"] > 0
    assert talk.stored[1].completion_tokens == last["completion_tokens"]


async def test_history_goes_along_oldest_first_behind_the_system_prompt(talk: Talking, upstream: Upstream) -> None:
    talk.change(system_prompt="Be brief.")
    for number in range(3):
        upstream.add(said(f"answer {number}"))
        await talk.whole(f"question {number}")
    assert (await talk.sent())["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "question 0"},
        {"role": "assistant", "content": "answer 0"},
        {"role": "user", "content": "question 1"},
        {"role": "assistant", "content": "answer 1"},
        {"role": "user", "content": "question 2"},
    ]


async def test_the_newest_that_fits_goes_along(upstream: Upstream) -> None:
    talk = Talking.begin(upstream, Model("small", "oai", "up-small", context_window=400))
    talk.change(model_name="small", system_prompt="Be brief.")
    for number in range(30):
        upstream.add(said(f"answer {number}"))
        await talk.whole(f"question {number}")
    found = [message["content"] for message in (await talk.sent())["messages"]]
    assert found[0] == "Be brief."
    assert found[-1] == "question 29"
    assert found[-3:-1] == ["question 28", "answer 28"]
    assert 7 < len(found) < 50
    assert len(found) % 2 == 0, "a question without its answer"


async def test_a_message_that_does_not_fit_alone_is_refused(upstream: Upstream) -> None:
    talk = Talking.begin(upstream, Model("small", "oai", "up-small", context_window=100))
    talk.change(model_name="small")
    heard = await talk.stream("word " * 200)
    assert heard.status == 400
    assert heard.json()["details"] == {"reason": "invalid_request", "field": "content"}
    assert talk.stored == []
    assert upstream.journal == []


async def test_preset_dialog_and_message_say_how_in_that_order(talk: Talking, upstream: Upstream) -> None:
    talk.change(agent="code_assistant", config={"top_p": 0.5, "presence_penalty": 1, "stop_sequences": ("END",)})
    upstream.add(said("ok"))
    await talk.whole("Hi", agent_config={"top_p": 0.9})
    sent = await talk.sent()
    del sent["messages"]
    assert sent == {
        "model": "up-chat",
        "temperature": 0.2,
        "top_p": 0.9,
        "presence_penalty": 1,
        "max_tokens": 4096,
        "stop": ["END"],
    }


async def test_an_agent_of_the_release_replaces_the_preset(talk: Talking, upstream: Upstream) -> None:
    agent = Agent("default", "Pirate", system_prompt="Speak like a pirate.", model="claude-model", temperature=0.1)
    talk.again(agents=(agent,))
    talk.change(model_name=None)
    upstream.add(
        reply(
            200,
            b'{"id":"m","type":"message","role":"assistant","model":"up-claude","stop_reason":"end_turn",'
            b'"content":[{"type":"text","text":"Arr"}],"usage":{"input_tokens":3,"output_tokens":1}}',
            JSON,
        )
    )
    heard = await talk.whole("Hi")
    assert (heard.status, heard.json()["content"], heard.json()["prompt_tokens"]) == (201, "Arr", 3)
    sent = await talk.sent()
    assert sent["temperature"] == 0.1
    assert "pirate" in json.dumps(sent["system"])


async def test_models_that_refuse_sampling_are_asked_without(upstream: Upstream) -> None:
    talk = Talking.begin(upstream, Model("thinker", "full", "o3"))
    talk.change(model_name="thinker", config={"max_tokens": 50})
    upstream.add(said("ok"))
    await talk.whole("Hi")
    sent = await talk.sent()
    assert "temperature" not in sent
    assert (sent["max_completion_tokens"], "max_tokens" in sent) == (50, False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "content"),
        ({"content": ""}, "content"),
        ({"content": "  \n"}, "content"),
        ({"content": 7}, "content"),
        ({"content": "x" * (LONGEST + 1)}, "content"),
        ({"content": "Hi", "model": "other"}, "model"),
        ({"content": "Hi", "message_id": "a b"}, "message_id"),
        ({"content": "Hi", "message_id": "x" * 129}, "message_id"),
        ({"content": "Hi", "message_id": "a#b"}, "message_id"),
        ({"content": "Hi", "agent_config": []}, "agent_config"),
        ({"content": "Hi", "agent_config": {"temperature": 1.01}}, "agent_config.temperature"),
        ({"content": "Hi", "agent_config": {"temperature": True}}, "agent_config.temperature"),
        ({"content": "Hi", "agent_config": {"top_p": -0.1}}, "agent_config.top_p"),
        ({"content": "Hi", "agent_config": {"presence_penalty": 2.1}}, "agent_config.presence_penalty"),
        ({"content": "Hi", "agent_config": {"frequency_penalty": "1"}}, "agent_config.frequency_penalty"),
        ({"content": "Hi", "agent_config": {"max_tokens": 0}}, "agent_config.max_tokens"),
        ({"content": "Hi", "agent_config": {"max_tokens": 10_000_000}}, "agent_config.max_tokens"),
        ({"content": "Hi", "agent_config": {"stop_sequences": ["a"] * 5}}, "agent_config.stop_sequences"),
        ({"content": "Hi", "agent_config": {"stop_sequences": [""]}}, "agent_config.stop_sequences"),
        ({"content": "Hi", "agent_config": {"seed": 1}}, "agent_config.seed"),
    ],
)
async def test_bad_bodies_are_named_before_anything_happens(
    talk: Talking, upstream: Upstream, body: dict[str, Any], field: str
) -> None:
    heard = await talk.door.ask("POST", f"/api/v1/dialogs/{DIALOG.id}/messages", body, talk.headers)
    assert heard.status == 400
    found = heard.json()
    assert (found["code"], found["details"]["field"]) == ("VALIDATION_ERROR", field)
    assert found["request_id"] == talk.door.row.id
    assert set(found) == {"code", "message", "request_id", "details"}
    assert talk.stored == []
    assert upstream.journal == []


async def test_an_unknown_model_is_the_dialogs_fault(talk: Talking) -> None:
    talk.change(model_name="chat-modle")
    heard = await talk.stream("Hi")
    assert (heard.status, heard.json()["details"]["field"]) == (400, "model_name")
    assert "chat-model" in heard.json()["message"]


# -- the list ------------------------------------------------------------------------------------------------------------


async def test_the_list_is_oldest_first_in_pages(talk: Talking) -> None:
    rows = [Message(f"m{n}", DIALOG.id, "user", f"text {n}", n, n) for n in range(7)]
    talk.door.dialogs.add(DIALOG, *rows)
    assert [one["id"] for one in (await talk.listed()).json()] == [f"m{n}" for n in range(7)]
    assert [one["id"] for one in (await talk.listed("?skip=2&limit=3")).json()] == ["m2", "m3", "m4"]
    assert (await talk.listed("?skip=9")).json() == []
    assert talk.door.logs.rows == [], "to look at what is there is no request to a model"


@pytest.mark.parametrize("query", ["?skip=-1", "?limit=0", "?limit=501", "?limit=x", "?skip=", "?limit=1e2"])
async def test_a_bad_page_is_named(talk: Talking, query: str) -> None:
    heard = await talk.listed(query)
    assert (heard.status, heard.json()["details"]["field"]) == (400, query[1:].partition("=")[0])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", "/api/v1/dialogs/dlg_1/messages", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/api/v1/dialogs/dlg_1/messages/sync", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/api/v1/dialogs/dlg_1/messages/m1", 404, "NOT_FOUND"),
        ("GET", "/api/v1/dialogs", 404, "NOT_FOUND"),
    ],
)
async def test_other_paths_and_methods_in_the_same_shape(
    door: Door, method: str, path: str, status: int, code: str
) -> None:
    heard = await door.ask(method, path, b"")
    assert (heard.status, heard.json()["code"]) == (status, code)
