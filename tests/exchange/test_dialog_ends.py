"""Messages of dialogs that end before their time: by what nobody thought of, and on demand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tests.exchange.kit import KEY, Heard, virtual_key
from tests.exchange.talking import DIALOG, USER, Talking, data_of, said, stream_of, token
from tests.upstream.server import Upstream
from tests.upstream.steps import EVENTS, Send, Stall, Steps, framed, head, sends

from gateway.dialogs import prompt
from gateway.neutral.dialogs import Mark
from gateway.neutral.people import Person
from gateway.serving import Serving


@pytest.fixture
def talk(upstream: Upstream) -> Talking:
    return Talking.begin(upstream, token_grant=1_000_000)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_what_nobody_thought_of_ends_the_turn(
    talk: Talking, upstream: Upstream, stream: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its question would be at work for the length of a lease, and every other try a conflict."""
    with monkeypatch.context() as odd:
        odd.setattr(prompt, "question", _odd)
        heard = await (talk.stream if stream else talk.whole)("Hi", message_id="m-0")
        assert heard.status == 500, "before it has begun"
    assert talk.stored == []
    with monkeypatch.context() as odd:
        odd.setattr(Serving, "_drive", _odd)
        heard = await (talk.stream if stream else talk.whole)("Hi", message_id="m-1")
    assert (heard.status, heard.json()["code"]) == (500, "INTERNAL_ERROR")
    (question,) = talk.stored
    assert question.error == Mark("INTERNAL_ERROR", "The gateway failed internally; the error was recorded.")
    upstream.add(said("Hello"))
    assert (await talk.whole("Hi", message_id="m-1")).status == 201


def _odd(*_: Any) -> Any:
    raise RuntimeError("odd")


# -- on demand -----------------------------------------------------------------------------------------------------------


def _endless(*texts: str) -> Steps:
    """An answer that never ends, or never begins."""
    if not texts:
        return (Stall(),)
    begun = Send(head(200, (*EVENTS, *framed("chunked", 0))))
    return (begun, *sends([stream_of(*texts, end=False)], "chunked"), Stall())


async def _stop(talk: Talking, message: str = "m-1", dialog: str = DIALOG.id, bearer: str = "") -> Heard:
    headers = (("authorization", f"Bearer {bearer or talk.bearer}"),)
    return await talk.door.ask("DELETE", f"/api/v1/dialogs/{dialog}/messages/{message}/run", b"", headers)


async def _begin(talk: Talking, upstream: Upstream, *texts: str, stream: bool = True) -> asyncio.Task[Heard]:
    """A message at work, whose first words its client has."""
    upstream.add(_endless(*texts))
    told = asyncio.Event()
    asks = talk.stream if stream else talk.whole
    hears = asks("Hi", message_id="m-1", on_part=lambda part: told.set() if b"Hel" in part else None)
    asking = asyncio.ensure_future(hears)
    await (told.wait() if texts else upstream.seen(1))
    return asking


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.serving._STOP_POLL_SECONDS", 0.01)


async def test_who_asked_stops_the_answer_and_keeps_what_came(talk: Talking, upstream: Upstream, soon: None) -> None:
    """Where nobody sees a client leave, this is the only way to end what is paid for."""
    asking = await _begin(talk, upstream, "Hel")
    rows = len(talk.door.logs.rows)
    heard = await _stop(talk)
    assert (heard.status, heard.json()) == (202, {"id": "m-1", "dialog_id": DIALOG.id, "status": "stopping"})
    found = data_of(await asyncio.wait_for(asking, 3))
    assert (found[0]["content"], found[-1]["error"]["code"], found[-1]["done"]) == ("Hel", "STOPPED", True)
    _, answer = talk.stored
    assert (answer.content, answer.error and answer.error.code) == ("Hel", "STOPPED")
    assert answer.completion_tokens > 0
    [(_, spent)] = talk.door.limits.settled
    assert spent.tokens == answer.prompt_tokens + answer.completion_tokens
    assert (talk.row.error, len(talk.door.logs.rows)) == ("request_stopped", rows + 1), "a stop is no request"
    assert (await _stop(talk)).json()["status"] == "done", "and it may come late"


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_what_is_stopped_before_there_is_anything_may_be_asked_again(
    talk: Talking, upstream: Upstream, soon: None, stream: bool
) -> None:
    asking = await _begin(talk, upstream, stream=stream)
    assert (await _stop(talk)).status == 202
    await asyncio.wait_for(asking, 3)
    (question,) = talk.stored
    assert question.error is not None
    assert question.error.code == "STOPPED"
    assert (await _stop(talk)).json()["status"] == "failed"
    upstream.add(said("Hello"))
    assert (await talk.whole("Hi", message_id="m-1")).status == 201


async def test_nobody_stops_anothers_answer(talk: Talking, upstream: Upstream, soon: None) -> None:
    """All users come under one key id."""
    other = token("usr_2")
    talk.door.people.people[other] = Person("usr_2", "bob", "admin", True)
    talk.door.dialogs.add(replace(DIALOG, id="dlg_2", owner="usr_2"))
    asking = await _begin(talk, upstream, "Hel")
    places = ((DIALOG.id, other), ("dlg_9", other), (DIALOG.id, KEY), ("a%23b", other))
    answers = [await _stop(talk, dialog=dialog, bearer=bearer) for dialog, bearer in places]
    told = [(heard.status, {**heard.json(), "request_id": ""}) for heard in answers]
    assert told == [told[0]] * len(places)
    assert (told[0][0], told[0][1]["message"]) == (404, "There is no such dialog.")
    assert talk.door.stops.wanted == set()
    assert (await _stop(talk, "m-9")).json()["message"] == "There is no such message."
    request = talk.door.dialogs.turns[(USER, DIALOG.id), "m-1"].request
    for asker in ("chat", "owner#usr_2", "usr_1", "key_1"):
        talk.door.stops.wanted.add((request, asker))
    done, _ = await asyncio.wait([asking], timeout=0.1)
    assert not done
    await _stop(talk)
    assert data_of(await asyncio.wait_for(asking, 3))[-1]["error"]["code"] == "STOPPED"


async def test_a_virtual_key_stops_what_its_user_asked_by_either_way(
    talk: Talking, upstream: Upstream, soon: None
) -> None:
    named = virtual_key(user_id=USER)
    talk.door.keys.keys = {named.digest: named}
    talk.again()
    key = (("authorization", f"Bearer {KEY}"),)
    for way in ("dialog", "request"):
        upstream.add(_endless())
        said_by = {"content": "Hi", "message_id": way}
        asking = asyncio.ensure_future(talk.door.ask("POST", "/api/v1/dialogs/dlg_1/messages/sync", said_by, key))
        await upstream.seen(1 if way == "dialog" else 2)
        if way == "dialog":
            assert (await _stop(talk, way)).status == 202
        else:
            request = talk.door.dialogs.turns[(USER, DIALOG.id), way].request
            assert (await talk.door.ask("DELETE", f"/v1/requests/{request}", b"", key)).status == 202
        await asyncio.wait_for(asking, 3)
        assert talk.row.error == "request_stopped"
