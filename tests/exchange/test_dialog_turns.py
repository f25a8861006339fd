"""What becomes of a message that fails, breaks off, is left, comes again or comes beside another: through the exchange."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.kit import SECRET, Heard
from tests.exchange.talking import DIALOG, USAGE, USER, Talking, data_of, said, stream_of, streamed
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, JSON, Gate, Send, Stall, cut, ending, events, framed, head, reply, sends

from gateway.neutral.config import Route, Target

GATE = Gate("answer")
BROKEN = stream_of("Hel", "lo", end=False)
VENDORS_KEY = "sk-proj-" + "k" * 24
ERROR = {"error": {"message": "Too hot.", "type": "server_error", "param": None, "code": None}}


@pytest.fixture
def talk(upstream: Upstream) -> Talking:
    return Talking.begin(upstream, token_grant=1_000_000)


def paid(talk: Talking) -> list[tuple[str | None, int]]:
    """What each request took, and for which message."""
    by_request = {ask.request_id: ask.message_id for ask in talk.door.limits.asked}
    return [(by_request[admission.request_id], spent.tokens) for admission, spent in talk.door.limits.settled]


# -- failures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "told", "code"),
    [
        (500, 502, "LLM_ERROR"),
        (401, 502, "LLM_ERROR"),
        (404, 502, "LLM_ERROR"),
        (400, 400, "LLM_ERROR"),
        (429, 429, "RATE_LIMIT_EXCEEDED"),
        (504, 504, "LLM_TIMEOUT"),
    ],
)
@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_a_refusal_of_the_provider_is_not_the_callers(
    talk: Talking, upstream: Upstream, status: int, told: int, code: str, stream: bool
) -> None:
    """A 401 there is about the gateway's own credential: a client would sign its user out."""
    upstream.add(reply(status, json.dumps(ERROR).encode(), JSON))
    heard = await (talk.stream("Hi") if stream else talk.whole("Hi"))
    assert heard.status == told
    assert heard.json()["code"] == code
    assert set(heard.json()) == {"code", "message", "request_id"}
    (question,) = talk.stored
    assert (question.content, question.error and question.error.code) == ("Hi", code)
    assert talk.row.status == told


async def test_a_failed_message_may_be_sent_again(talk: Talking, upstream: Upstream) -> None:
    upstream.add(reply(500, json.dumps(ERROR).encode(), JSON), said("Hello"))
    assert (await talk.whole("Hi", message_id="m-1")).status == 502
    heard = await talk.whole("Hi", message_id="m-1")
    assert (heard.status, heard.json()["content"]) == (201, "Hello")
    assert talk.told == [("user", "Hi"), ("assistant", "Hello")]
    assert talk.stored[0].error is None
    assert talk.dialog.message_count == 2
    (first, none), (second, tokens) = paid(talk)
    assert (first, none, tokens) == (second, 0, 35)


async def test_a_broken_stream_leaves_what_came_and_its_retry_replaces_it(talk: Talking, upstream: Upstream) -> None:
    upstream.add(cut(BROKEN, len(BROKEN)), streamed("Hello again"))
    found = data_of(await talk.stream("Hi", message_id="m-1"))
    assert "".join(event.get("content", "") for event in found) == "Hello"
    assert found[-1] == {"error": found[-1]["error"], "done": True}
    assert found[-1]["error"]["code"] == "LLM_ERROR"
    assert [event["done"] for event in found].count(True) == 1
    question, partial = talk.stored
    assert (partial.content, partial.error and partial.error.code) == ("Hello", "LLM_ERROR")
    assert question.error is not None
    assert talk.dialog.message_count == 2
    again = data_of(await talk.stream("Hi", message_id="m-1"))
    assert again[-1]["message_id"] == partial.id
    assert talk.told == [("user", "Hi"), ("assistant", "Hello again")]
    assert [one.error for one in talk.stored] == [None, None]
    assert talk.dialog.message_count == 2


async def test_an_error_in_the_stream_is_the_last_event(talk: Talking, upstream: Upstream) -> None:
    raw = stream_of("Hel", end=False) + f"data: {json.dumps(ERROR)}\n\n".encode()
    upstream.add((Send(head(200, (*EVENTS, *framed("chunked", 0)))), *sends([raw], "chunked"), *ending("chunked")))
    found = data_of(await talk.stream("Hi"))
    assert found == [{"content": "Hel", "done": False}, {"error": found[1]["error"], "done": True}]
    assert found[1]["error"]["message"] == "Too hot."
    assert [one.error is not None for one in talk.stored] == [True, True]


async def test_what_is_null_in_a_chunk_is_no_error(talk: Talking, upstream: Upstream) -> None:
    raw = stream_of("Hel", "lo").replace(b'"model": "up-chat"', b'"model": "up-chat", "error": null')
    upstream.add(events(raw))
    found = data_of(await talk.stream("Hi"))
    assert "".join(event["content"] for event in found) == "Hello"
    assert found[-1]["message_id"] == talk.stored[1].id


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_a_refusal_that_looks_like_ours_is_the_providers(talk: Talking, upstream: Upstream, stream: bool) -> None:
    error = {"code": "InvalidApiKey", "message": "Bad key.", "request_id": "theirs"}
    upstream.add(reply(401, json.dumps(error).encode(), JSON))
    heard = await (talk.stream("Hi") if stream else talk.whole("Hi"))
    assert (heard.status, heard.json()["code"], heard.json()["request_id"] != "theirs") == (502, "LLM_ERROR", True)
    assert talk.stored[0].error is not None, "and it may be sent again at once"


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b""], ids=["page", "nothing"])
@pytest.mark.parametrize(("status", "told"), [(502, 502), (500, 502), (401, 502), (429, 429)])
async def test_a_refusal_that_is_no_json_is_told_as_any(
    talk: Talking, upstream: Upstream, body: bytes, status: int, told: int
) -> None:
    """What stands between the gateway and a provider answers with pages."""
    upstream.add(reply(status, body, (("Content-Type", "text/html"),)))
    heard = await talk.whole("Hi")
    assert (heard.status, heard.header(b"content-type")) == (told, b"application/json")
    assert set(heard.json()) == {"code", "message", "request_id"}
    assert b"<html>" not in heard.body
    assert talk.stored[0].error is not None, "and it may be sent again at once"


@pytest.mark.parametrize("status", [401, 403, 400, 502])
@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_a_credential_in_a_refusal_is_neither_told_nor_kept(
    talk: Talking, upstream: Upstream, status: int, stream: bool
) -> None:
    """Some providers repeat the one they were given; what is about the gateway's own is not repeated at all."""
    key = SECRET if status in {401, 403} else VENDORS_KEY
    error = {"error": {"message": f"Incorrect API key provided: {key}", "code": "x"}}
    upstream.add(reply(status, json.dumps(error).encode(), JSON))
    heard = await (talk.stream("Hi") if stream else talk.whole("Hi"))
    assert heard.status == (400 if status == 400 else 502)
    assert key not in heard.body.decode()
    assert key not in repr(talk.stored)


async def test_a_credential_in_a_stream_is_neither_told_nor_kept(talk: Talking, upstream: Upstream) -> None:
    error = {"error": {"message": f"Incorrect API key provided: {VENDORS_KEY}"}}
    upstream.add(events(stream_of("Hel", end=False) + f"data: {json.dumps(error)}\n\n".encode()))
    heard = await talk.stream("Hi")
    assert data_of(heard)[-1]["error"]["message"] == "Incorrect API key provided: [redacted]"
    assert VENDORS_KEY not in repr(talk.stored)


async def test_a_stream_is_one_however_its_type_is_spelled(talk: Talking, upstream: Upstream) -> None:
    upstream.add(reply(200, stream_of("Hel", "lo"), (("content-type", "Text/Event-Stream; Charset=UTF-8"),)))
    assert [event["content"] for event in data_of(await talk.stream("Hi"))] == ["Hel", "lo", ""]
    assert talk.told == [("user", "Hi"), ("assistant", "Hello")]


async def test_counts_that_cannot_be_are_not_believed(talk: Talking, upstream: Upstream) -> None:
    body = stream_of("Hello").replace(b'"prompt_tokens": 30', b'"prompt_tokens": %d' % 2**62)
    upstream.add(events(body))
    last = data_of(await talk.stream("Hi"))[-1]
    assert last["prompt_tokens"] < 1000
    assert talk.door.dialogs.tokens[USER] < 1000


async def test_an_answer_with_fields_of_an_error_is_an_answer(talk: Talking, upstream: Upstream) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
    body = {"id": "c", "model": "up-chat", "choices": [choice], "usage": USAGE, "code": 0, "request_id": "theirs"}
    upstream.add(reply(200, json.dumps(body).encode(), JSON))
    heard = await talk.whole("Hi")
    assert (heard.status, heard.json().get("content")) == (201, "Hello")


async def test_another_provider_takes_over_before_anything_is_said(talk: Talking, upstream: Upstream) -> None:
    talk.again(routes=(Route("both", (Target("oai", "up-chat"), Target("full", "up-chat"))),))
    talk.change(model_name="both")
    upstream.add(reply(500, json.dumps(ERROR).encode(), JSON), streamed("Hello"))
    assert data_of(await talk.stream("Hi"))[0] == {"content": "Hello", "done": False}
    assert len(talk.row.attempts) == 2
    assert talk.told == [("user", "Hi"), ("assistant", "Hello")]


async def test_what_is_refused_before_the_call_is_not_stored(talk: Talking, upstream: Upstream) -> None:
    talk.change(model_name="nothing")
    assert (await talk.stream("Hi", message_id="m-1")).status == 400
    talk.change(model_name="chat-model")
    talk.door.limits.down = True
    assert (await talk.stream("Hi", message_id="m-1")).status == 503
    assert talk.stored == []
    assert upstream.journal == []


async def test_a_store_that_cannot_take_the_question_lets_nobody_be_called(talk: Talking, upstream: Upstream) -> None:
    async def down(*_: Any) -> None:
        talk.door.dialogs.down = True
        talk.door.dialogs._up()

    talk.door.dialogs.begin = down  # type: ignore[method-assign, assignment]
    heard = await talk.stream("Hi")
    assert (heard.status, heard.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert upstream.journal == []
    assert paid(talk)[0][1] == 0


async def test_a_store_that_cannot_take_the_answer_costs_nobody_the_answer(talk: Talking, upstream: Upstream) -> None:
    async def down(*_: Any) -> bool:
        talk.door.dialogs.down = True
        talk.door.dialogs._up()
        return False

    talk.door.dialogs.end = down  # type: ignore[method-assign, assignment]
    upstream.add(said("Hello"))
    heard = await talk.whole("Hi")
    assert (heard.status, heard.json()["content"]) == (201, "Hello")


# -- leaving -------------------------------------------------------------------------------------------------------------


async def _leave(talk: Talking, upstream: Upstream, *, stream: bool, drain: bool = False) -> Heard:
    """A client that leaves behind the first words. With `drain`, the provider goes on to the end."""
    first, rest = stream_of("Hel", end=False), stream_of("lo")
    steps = sends([first], "chunked")
    after = (GATE, *sends([rest], "chunked"), *ending("chunked")) if drain else (Stall(),)
    upstream.add((Send(head(200, (*EVENTS, *framed("chunked", 0)))), *steps, *after))
    leave = asyncio.Event()

    def on_part(part: bytes) -> None:
        if b"Hel" in part:
            leave.set()
            asyncio.get_running_loop().call_later(0.05, upstream.open, GATE.name)

    ask = talk.stream if stream else talk.whole
    return await ask("Hi", message_id="m-1", leave=leave, on_part=on_part)


async def test_who_leaves_finds_what_came(talk: Talking, upstream: Upstream) -> None:
    await _leave(talk, upstream, stream=True)
    _, answer = talk.stored
    assert (answer.content, answer.error and answer.error.code) == ("Hel", "client_gone")
    assert answer.completion_tokens > 0
    ((message, tokens),) = paid(talk)
    assert tokens == answer.prompt_tokens + answer.completion_tokens
    again = data_of(await talk.stream("Hi", message_id="m-1"))
    assert again[0] == {"content": "Hel", "done": False}
    assert again[-1]["message_id"] == answer.id
    assert len(paid(talk)) == 1, "a replay costs nothing"
    assert message is not None


async def test_who_leaves_a_route_that_drains_finds_all_of_it(talk: Talking, upstream: Upstream) -> None:
    talk.again(routes=(Route("drained", (Target("oai", "up-chat"),), on_disconnect="drain"),))
    talk.change(model_name="drained")
    await _leave(talk, upstream, stream=True, drain=True)
    _, answer = talk.stored
    assert (answer.content, answer.error) == ("Hello", None)
    assert talk.row.error == "client_gone"


async def test_who_leaves_before_there_is_anything_may_ask_again(talk: Talking, upstream: Upstream) -> None:
    upstream.add((Stall(),), said("Hello"))
    leave = asyncio.Event()
    asking = asyncio.ensure_future(talk.whole("Hi", message_id="m-1", leave=leave))
    await upstream.seen(1)
    leave.set()
    await asking
    (question,) = talk.stored
    assert question.error is not None
    assert (await talk.whole("Hi", message_id="m-1")).status == 201
    assert talk.told == [("user", "Hi"), ("assistant", "Hello")]


# -- again, and at once ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("by", ["message_id", "header"])
async def test_a_message_that_is_done_is_answered_from_the_store(
    talk: Talking, upstream: Upstream, stream: bool, by: str
) -> None:
    upstream.add(streamed("Hello") if stream else said("Hello"))
    more: dict[str, Any] = {"message_id": "m-1"} if by == "message_id" else {"headers": (("idempotency-key", "k 1"),)}
    ask = talk.stream if stream else talk.whole
    first, again = await ask("Hi", **more), await ask("Hi", **more)
    assert (first.status, again.status) == ((200, 200) if stream else (201, 201))
    assert again.body == first.body
    assert again.header(b"x-gateway-replay") == b"true"
    assert again.header(b"x-gateway-message-id") == first.header(b"x-gateway-message-id")
    assert len(upstream.journal) == 1
    assert len(paid(talk)) == 1
    assert talk.door.logs.rows[-1].cache == "replay"


async def test_an_id_for_another_text_is_refused(talk: Talking, upstream: Upstream) -> None:
    upstream.add(said("Hello"))
    await talk.whole("Hi", message_id="m-1")
    heard = await talk.whole("Ho", message_id="m-1")
    assert (heard.status, heard.json()["code"]) == (422, "VALIDATION_ERROR")
    assert heard.json()["details"] == {"reason": "message_id_reused", "field": "message_id"}


async def test_an_id_is_the_dialogs_own(talk: Talking, upstream: Upstream) -> None:
    talk.door.dialogs.add(replace(DIALOG, id="dlg_2"))
    upstream.add(said("one"), said("two"))
    assert (await talk.whole("Hi", message_id="m-1")).json()["content"] == "one"
    assert (await talk.whole("Hi", dialog="dlg_2", message_id="m-1")).json()["content"] == "two"


async def test_a_message_at_work_is_not_begun_again(talk: Talking, upstream: Upstream) -> None:
    upstream.add((GATE, *said("Hello")))
    first = asyncio.ensure_future(talk.whole("Hi", message_id="m-1"))
    await upstream.seen(1)
    again = await talk.whole("Hi", message_id="m-1")
    assert (again.status, again.json()["code"]) == (409, "CONFLICT")
    assert again.header(b"retry-after") == b"1"
    upstream.open(GATE.name)
    assert (await first).status == 201
    assert len(upstream.journal) == 1


async def test_of_many_at_once_one_is_served(talk: Talking, upstream: Upstream) -> None:
    upstream.add((GATE, *said("Hello")))
    asking = [asyncio.ensure_future(talk.whole("Hi", message_id="m-1")) for _ in range(8)]
    await upstream.seen(1)
    done, _ = await asyncio.wait(asking, timeout=0.5)
    upstream.open(GATE.name)
    statuses = sorted(heard.status for heard in await asyncio.gather(*asking))
    assert len(done) == 7
    assert statuses == [201, *([409] * 7)]
    assert sum(tokens for _, tokens in paid(talk)) == 35


async def test_a_turn_whose_environment_died_is_free_after_its_lease(talk: Talking, upstream: Upstream) -> None:
    upstream.add((Stall(),), said("Hello"))
    dying = asyncio.ensure_future(talk.whole("Hi", message_id="m-1"))
    await upstream.seen(1)
    dying.cancel()
    await asyncio.wait([dying])
    assert (await talk.whole("Hi", message_id="m-1")).status == 409
    key = ((USER, DIALOG.id), "m-1")
    talk.door.dialogs.turns[key] = replace(talk.door.dialogs.turns[key], expires_ms=1)
    assert (await talk.whole("Hi", message_id="m-1")).status == 201
    assert talk.told == [("user", "Hi"), ("assistant", "Hello")]
    assert talk.dialog.message_count == 2


async def test_two_messages_at_once_are_both_kept_each_with_its_answer(talk: Talking, upstream: Upstream) -> None:
    upstream.add((GATE, *said("to the first")), said("to the second"))
    first = asyncio.ensure_future(talk.whole("first"))
    await upstream.seen(1)
    await talk.whole("second")
    upstream.open(GATE.name)
    await first
    assert talk.told == [
        ("user", "first"),
        ("assistant", "to the first"),
        ("user", "second"),
        ("assistant", "to the second"),
    ]
    assert [message["content"] for message in (await talk.sent(1))["messages"]] == ["second"]
    assert talk.dialog.message_count == 4


async def test_a_dialog_removed_meanwhile_gets_nothing(talk: Talking, upstream: Upstream) -> None:
    upstream.add((GATE, *said("Hello")))
    asking = asyncio.ensure_future(talk.whole("Hi"))
    await upstream.seen(1)
    del talk.door.dialogs.dialogs[USER, DIALOG.id]
    upstream.open(GATE.name)
    assert (await asking).status == 201
    assert len(talk.stored) == 1
    assert (await talk.whole("Ho")).status == 404


async def test_a_dry_run_says_what_would_be_and_stores_nothing(talk: Talking, upstream: Upstream) -> None:
    heard = await talk.stream("Hi", headers=(("x-gateway-dry-run", "true"),))
    assert heard.json()["object"] == "gateway.plan"
    assert talk.stored == []
    assert upstream.journal == []
