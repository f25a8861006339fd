"""Dialogs in the table: one at work on a question, what came of it stored once, answers behind their questions, owners apart."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import Any

import pytest
from tests.hot_stores.fleet import START_MS, TABLE, Fleet
from tests.moto_session import MotoSession

from gateway.aws.attributes import decode_item
from gateway.dialogs.reading import LONGEST
from gateway.errors import InvalidRequest, NotFound, Unavailable
from gateway.neutral.dialogs import AgentConfig, Dialog, Mark, Message
from gateway.neutral.turns import Turn
from gateway.stores.dialog_rows import (
    INLINE,
    counters_key,
    dialog_item,
    dialog_partition,
    message_item,
    owner_partition,
    read_dialog,
    read_message,
)
from gateway.stores.hot_dialogs import MOST_REFUSED, HotDialogs

DIALOG = Dialog("dlg_1", "usr_1", START_MS, START_MS, "Talk", config=AgentConfig(temperature=0.5))


class Room:
    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.store, self.session = self.one()
        asyncio.run(self.put(DIALOG))

    def one(self) -> tuple[HotDialogs, MotoSession]:
        session = MotoSession(self.fleet.client)
        return HotDialogs(session.database(), TABLE, self.fleet.now.clock()), session

    async def put(self, dialog: Dialog) -> None:
        await self.session.database().put_item(TABLE, dialog_item(dialog))

    def turn(self, question: str = "q1", request: str = "r1", at: int = 1, **more: Any) -> Turn:
        now = self.fleet.now.clock().now_ms()
        made = Turn(question, f"a_{question}", request, f"msg_{question}", START_MS + at, now + 60_000, "f")
        return replace(made, **more)

    def question(self, turn: Turn, text: str = "Hi") -> Message:
        return Message(turn.question, DIALOG.id, "user", text, turn.at_ms, turn.at_ms)

    def answer(self, turn: Turn, text: str = "Hello") -> Message:
        return Message(turn.answer, DIALOG.id, "assistant", text, turn.at_ms, turn.at_ms + 5, 30, 5, "m")

    async def begin(self, turn: Turn, before: Turn | None = None, dialog: Dialog = DIALOG) -> Turn | None:
        return await self.store.begin(dialog, turn, self.question(turn), before)

    async def done(self, turn: Turn, text: str = "Hello") -> bool:
        return await self.store.end(DIALOG, replace(turn, state="done"), self.answer(turn, text), None)

    async def all(self, dialog: Dialog = DIALOG) -> list[str]:
        return [one.content for one in await self.store.page(dialog.owner, dialog.id, 0, 500)]

    async def dialog(self) -> Dialog:
        opened = await self.store.open("usr_1", "dlg_1")
        assert opened is not None
        return opened.dialog

    @property
    def counters(self) -> dict[str, Any]:
        key = {name: {"S": value} for name, value in counters_key("usr_1").items()}
        return decode_item(self.fleet.client.get_item(TableName=TABLE, Key=key)["Item"])


@pytest.fixture
def room(fleet: Fleet) -> Room:
    return Room(fleet)


@pytest.mark.parametrize("kept", [None, "k"])
def test_a_turn_from_its_beginning_to_its_end(room: Room, kept: str | None) -> None:
    async def story() -> None:
        turn = room.turn(kept=kept)
        assert await room.begin(turn) is None
        assert await room.all() == ["Hi"]
        assert await room.done(turn)
        assert await room.all() == ["Hi", "Hello"]
        opened = await room.store.open("usr_1", "dlg_1", "q1")
        assert opened is not None
        assert opened.turn == replace(turn, state="done", answered=True)
        assert opened.dialog.message_count == 2
        answer = await room.store.answer(DIALOG, turn)
        assert answer is not None
        assert (answer.content, answer.completion_tokens, answer.model) == ("Hello", 5, "m")

    asyncio.run(story())
    found = room.counters
    assert (found["messages"], found["tokens"], found["owner"]) == (2, 35, "usr_1")


def test_one_request_is_at_work_at_a_time(room: Room) -> None:
    async def story() -> None:
        turns = [room.turn(request=f"r{number}") for number in range(10)]
        found = await asyncio.gather(*(room.begin(turn) for turn in turns))
        assert found.count(None) == 1
        winner = turns[found.index(None)]
        assert {one.request for one in found if one is not None} == {winner.request}
        for turn in turns:
            assert await room.done(turn) is (turn is winner)
        assert await room.all() == ["Hi", "Hello"]
        assert (await room.dialog()).message_count == 2

    asyncio.run(story())


def test_a_failed_turn_is_tried_again_in_its_place(room: Room) -> None:
    async def story() -> None:
        first = room.turn()
        await room.begin(first)
        partial = replace(room.answer(first, "Hel"), error=Mark("LLM_ERROR", "broke"))
        assert await room.store.end(DIALOG, replace(first, state="failed"), partial, Mark("LLM_ERROR", "broke"))
        stored = await room.store.page("usr_1", "dlg_1", 0, 10)
        assert [one.error and one.error.code for one in stored] == ["LLM_ERROR", "LLM_ERROR"]
        await room.begin(room.turn("q2", "r2", 9))
        opened = await room.store.open("usr_1", "dlg_1", "q1")
        assert opened is not None
        assert opened.turn is not None
        again = replace(opened.turn, request="r3", state="running", expires_ms=first.expires_ms)
        assert await room.begin(again, opened.turn) is None
        assert await room.store.end(DIALOG, replace(again, state="done"), room.answer(again, "Hello"), None)
        assert await room.all() == ["Hi", "Hello", "Hi"]
        assert [one.error for one in await room.store.page("usr_1", "dlg_1", 0, 10)] == [None] * 3
        assert (await room.dialog()).message_count == 3

    asyncio.run(story())
    assert (room.counters["messages"], room.counters["tokens"]) == (3, 70)


def test_of_two_tries_again_one_is_at_work(room: Room) -> None:
    async def story() -> None:
        first = room.turn()
        await room.begin(first)
        await room.store.end(DIALOG, replace(first, state="failed"), None, Mark("x", "y"))
        opened = await room.store.open("usr_1", "dlg_1", "q1")
        assert opened is not None
        tries = [replace(first, request=f"again{number}") for number in range(5)]
        found = await asyncio.gather(*(room.begin(one, opened.turn) for one in tries))
        assert found.count(None) == 1

    asyncio.run(story())


def test_a_lease_ends_and_who_was_late_stores_nothing(room: Room) -> None:
    async def story() -> None:
        first = room.turn()
        await room.begin(first)
        second = room.turn(request="r2")
        assert await room.begin(second, first) is not None, "it is at work"
        room.fleet.now.go(50)
        assert await room.store.renew(DIALOG, first)
        room.fleet.now.go(50)
        assert await room.begin(room.turn(request="r2"), first) is not None, "it said so"
        room.fleet.now.go(11)
        assert await room.begin(room.turn(request="r2"), first) is None
        assert not await room.store.renew(DIALOG, first)
        assert not await room.done(first, "late")
        assert await room.done(second)
        assert await room.all() == ["Hi", "Hello"]

    asyncio.run(story())


def test_lost_answers_of_the_store_count_nothing_twice(room: Room) -> None:
    async def story() -> None:
        room.session.repeating = True
        for number in range(4):
            turn = room.turn(f"q{number}", f"r{number}", number)
            assert await room.begin(turn) is None
            assert await room.done(turn)
        room.session.repeating = False
        assert (await room.dialog()).message_count == 8
        assert len(await room.all()) == 8

    asyncio.run(story())
    assert (room.counters["messages"], room.counters["tokens"]) == (8, 140)


def test_of_refused_questions_some_are_kept_until_one_is_asked(room: Room) -> None:
    async def refused(turn: Turn, before: Turn | None = None) -> bool:
        question = replace(room.question(turn), error=Mark("CONTENT_FILTERED", "Not that."))
        return await room.store.refuse(DIALOG, replace(turn, state="failed"), question, before)

    async def story() -> None:
        turns = [room.turn(f"q{number:02}", f"r{number}", number) for number in range(MOST_REFUSED + 3)]
        room.session.repeating = True
        kept = [await refused(turn) for turn in turns]
        room.session.repeating = False
        assert kept == [True] * MOST_REFUSED + [False] * 3
        assert (await room.dialog()).message_count == len(await room.all()) == MOST_REFUSED
        opened = await room.store.open("usr_1", "dlg_1", "q00")
        assert opened is not None
        assert opened.turn is not None
        assert opened.turn.free(0)
        assert await refused(replace(opened.turn, request="again"), opened.turn), "in its own place"
        assert not await refused(replace(opened.turn, request="late"), opened.turn), "another was first"
        assert (await room.store.page("usr_1", "dlg_1", 0, 1))[0].error == Mark("CONTENT_FILTERED", "Not that.")
        assert await room.begin(room.turn("good", "r", 50)) is None
        assert await refused(room.turn("q99", "r99", 99))
        assert (await room.dialog()).message_count == len(await room.all()) == MOST_REFUSED + 2
        await room.session.database().delete_item(TABLE, {"pk": owner_partition("usr_1"), "sk": "dialog#dlg_1"})
        assert not await refused(room.turn("gone", "r", 100))

    asyncio.run(story())
    assert room.counters["messages"] == MOST_REFUSED + 2


def test_a_dialog_that_is_gone_gets_nothing(room: Room) -> None:
    async def story() -> None:
        turn = room.turn()
        await room.begin(turn)
        await room.session.database().delete_item(TABLE, {"pk": owner_partition("usr_1"), "sk": "dialog#dlg_1"})
        assert not await room.done(turn)
        with pytest.raises(NotFound):
            await room.begin(room.turn("q2", "r2", 2))
        assert await room.store.open("usr_1", "dlg_1") is None
        assert await room.all() == ["Hi"]

    asyncio.run(story())
    assert room.counters["messages"] == 1


@pytest.mark.parametrize(
    "owner", ["usr_2", "usr_1#dialog", "key#usr_1", "USR_1", "usr_1 ", "usr%5F1", "", "é", "x" * 2000, "\ud800"]
)
def test_nobody_elses_name_finds_it(room: Room, owner: str) -> None:
    async def story() -> None:
        assert await room.store.open(owner, "dlg_1") is None
        assert await room.store.page(owner, "dlg_1", 0, 10) == []

    asyncio.run(story())


def test_owners_do_not_meet_in_a_partition() -> None:
    owners = ["a", "a#b", "a%23b", "b", "key#a", "é", "~", "x" * 700, "x" * 701]
    assert len({owner_partition(owner) for owner in owners}) == len(owners)
    assert dialog_partition("a", "b#c") != dialog_partition("a#b", "c")
    assert all(len(dialog_partition(owner, "d" * 64)) < 1000 for owner in owners)


def test_answers_lie_behind_their_questions_whatever_is_said_meanwhile(room: Room) -> None:
    async def story() -> None:
        # The same millisecond, names that hold one another, and answers in the other order.
        turns = [room.turn(name, name, 1) for name in ("a", "a.b", "ab", "b", "A", "a-", "_")]
        for turn in turns:
            await room.store.begin(DIALOG, turn, room.question(turn, f"? {turn.question}"), None)
        for turn in reversed(turns):
            await room.done(turn, f"! {turn.question}")
        found = await room.all()
        assert len(found) == 14
        for at in range(0, 14, 2):
            assert found[at].replace("?", "!") == found[at + 1], found

    asyncio.run(story())


def test_the_latest_come_first_over_many_pages(room: Room) -> None:
    async def story() -> None:
        database = room.session.database()
        for number in range(230):
            text = f"{number} " + "x" * 9_000
            row = Message(f"m{number}", "dlg_1", "user", text, START_MS + number, START_MS)
            await database.put_item(TABLE, message_item("usr_1", row))
        found = [int(one.content.split()[0]) async for one in room.store.latest(DIALOG, START_MS + 220)]
        assert found == list(range(219, -1, -1))
        calls = room.session.calls["Query"]
        async for one in room.store.latest(DIALOG, START_MS + 220):
            assert one.content.startswith("219")
            break
        assert room.session.calls["Query"] == calls + 1, "no more is read than is asked for"
        pages = [await room.store.page("usr_1", "dlg_1", skip, 100) for skip in (0, 100, 200, 230, 999)]
        assert [len(page) for page in pages] == [100, 100, 30, 0, 0]
        assert pages[1][0].content.startswith("100 ")

    asyncio.run(story())


def test_a_list_of_large_messages_is_bounded(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.stores.hot_dialogs.MOST_LISTED", 45_000)
    monkeypatch.setattr("gateway.stores.hot_dialogs.MOST_PAGES", 1)

    async def story() -> None:
        database = room.session.database()
        for number in range(150):
            row = Message(f"m{number}", "dlg_1", "user", f"{number} " + "x" * 10_000, START_MS + number, START_MS)
            await database.put_item(TABLE, message_item("usr_1", row))
        found = await room.store.page("usr_1", "dlg_1", 0, 100)
        assert [one.id for one in found] == ["m0", "m1", "m2", "m3"]
        found = await room.store.page("usr_1", "dlg_1", 4, 100)
        assert found[0].id == "m4"
        with pytest.raises(InvalidRequest, match="too much to skip"):
            await room.store.page("usr_1", "dlg_1", 140, 10)

    asyncio.run(story())


def test_texts_of_any_size_and_kind_come_back(room: Room) -> None:
    chance = random.Random(3)
    odd = "".join(chr(0x1F300 + chance.randrange(1_000)) for _ in range(LONGEST))
    rare = "".join(chr(0x4E00 + chance.randrange(20_000)) for _ in range(LONGEST))
    texts = ["", "short", "é" * INLINE, "word " * 80_000, odd, rare]
    for text in texts:
        made = Message(
            "m", "dlg_1", "assistant", text, 1, 2, 3, 4, "model", tool_calls=({"id": "c"},), tool_call_id="c"
        )
        item = message_item("usr_1", made)
        asyncio.run(room.session.database().put_item(TABLE, item))
        assert read_message(item) == made
    assert read_dialog(dialog_item(DIALOG)) == DIALOG


def test_a_text_no_item_holds_is_cut_and_marked() -> None:
    text = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(400_000)) * 3
    found = read_message(message_item("usr_1", Message("m", "dlg_1", "assistant", text, 1, 2)))
    assert found.error is not None
    assert found.error.code == "too_long"
    assert text.startswith(found.content[:1000])


def test_a_store_out_of_reach_is_said_to_be(room: Room) -> None:
    async def story() -> None:
        turn = room.turn()
        room.session.down = True
        for ask in (
            room.store.open("usr_1", "dlg_1"),
            room.store.page("usr_1", "dlg_1", 0, 1),
            room.begin(turn),
            room.done(turn),
            room.store.renew(DIALOG, turn),
            room.store.answer(DIALOG, turn),
            room.store.refuse(DIALOG, turn, room.question(turn), None),
        ):
            with pytest.raises(Unavailable):
                await ask

    asyncio.run(story())


def test_time_goes_on_in_a_dialog_whatever_clocks_say(room: Room) -> None:
    """Who places the next message behind `updated_at` must find the last one before it."""

    async def run() -> None:
        ahead = room.turn(at=90_000)
        await room.begin(ahead)
        assert (await room.dialog()).updated_at >= ahead.at_ms
        assert await room.done(ahead)
        assert (await room.dialog()).updated_at >= ahead.at_ms

    asyncio.run(run())


def test_another_try_does_not_set_a_dialog_back(room: Room) -> None:
    async def run() -> None:
        failed = room.turn()
        await room.begin(failed)
        await room.store.end(DIALOG, replace(failed, state="failed"), None, Mark("LLM_ERROR", "x"))
        late = replace(DIALOG, updated_at=START_MS + 90_000)
        again = replace(failed, request="r2")
        assert await room.begin(again, failed, late) is None
        assert (await room.dialog()).updated_at >= late.updated_at

    asyncio.run(run())
