"""Whose a token is: asked as seldom as possible, trusted for moments, in bounded memory."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.exchange.memory_dialogs import MemoryPeople
from tests.exchange.talking import token

from gateway.clock import Clock
from gateway.errors import Unauthorized, Unavailable
from gateway.neutral.people import Person
from gateway.policies.people import MOST, People, is_token

ADA = Person("usr_1", "ada", "user", True)


class Room:
    def __init__(self, seconds: float = 15.0) -> None:
        self.now = 1_000.0
        self.store = MemoryPeople({token("usr_1"): ADA})
        clock = Clock(lambda: 1_700_000_000 + self.now, lambda: self.now)
        self.people = People(self.store, clock, seconds)

    async def refused(self, text: str) -> bool:
        try:
            await self.people.admit(text)
        except Unauthorized:
            return True
        return False


async def test_an_answer_is_trusted_for_fifteen_seconds_at_most() -> None:
    room = Room(seconds=600)
    mine = token("usr_1")
    for _ in range(3):
        assert await room.people.admit(mine) == ADA
    assert len(room.store.asked) == 1
    room.store.people[mine] = replace(ADA, active=False)
    room.now += 14.9
    assert await room.people.admit(mine) == ADA
    room.now += 0.2
    assert await room.refused(mine)


async def test_nobody_is_trusted_for_five_seconds() -> None:
    room = Room()
    other = token("usr_2")
    assert await room.refused(other)
    assert await room.refused(other)
    assert len(room.store.asked) == 1
    room.store.people[other] = replace(ADA, id="usr_2")
    room.now += 5.1
    assert (await room.people.admit(other)).id == "usr_2"


async def test_without_the_function_nobody_is_let_in_anew() -> None:
    room = Room()
    await room.people.admit(token("usr_1"))
    room.store.down = True
    assert await room.people.admit(token("usr_1")) == ADA
    room.now += 16
    with pytest.raises(Unavailable):
        await room.people.admit(token("usr_1"))


async def test_what_ended_is_not_asked_about() -> None:
    room = Room()
    assert await room.refused(token("usr_1", 1_700_000_000 + room.now - 61))
    assert not room.store.asked
    assert await room.refused(token("usr_9", 1_700_000_000 + room.now - 30))
    assert len(room.store.asked) == 1, "a provider's clock may be behind"


async def test_ever_new_tokens_cost_no_memory() -> None:
    room = Room()
    for number in range(MOST + 50):
        await room.refused(token(f"usr_x{number}"))
    assert len(room.people) == MOST
    held = str(room.people._known)
    assert token("usr_x2000") not in held


async def test_forged_tokens_push_nobody_out_of_memory() -> None:
    """Else a flood of them would make every user's next message wait for the function, and pay for it."""
    room = Room()
    await room.people.admit(token("usr_1"))
    for number in range(MOST + 1):
        await room.refused(token(f"usr_x{number}"))
    asked = len(room.store.asked)
    assert await room.people.admit(token("usr_1")) == ADA
    assert len(room.store.asked) == asked


async def test_trust_ends_with_the_token() -> None:
    room = Room()
    short = token("usr_1", 1_700_000_000 + room.now + 5)
    room.store.people[short] = ADA
    assert await room.people.admit(short) == ADA
    del room.store.people[short]
    room.now += 5.1
    assert await room.refused(short)


@pytest.mark.parametrize("text", ["", "sk-gw-abc", "a.b.c", "eyJ9.e30.x", "..", "a.b", "a.b.c.d", "é.é.é", "x" * 9000])
def test_a_key_is_no_token(text: str) -> None:
    assert not is_token(text)


def test_a_token_is_one() -> None:
    assert is_token(token("usr_1"))
