"""`DialogStore` and `PeopleReader` in memory: exact, one lock for everything. What races do to the stored items is proved elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from gateway.clock import Clock
from gateway.errors import Unavailable
from gateway.neutral.dialogs import Dialog, Mark, Message
from gateway.neutral.people import Person
from gateway.neutral.turns import Opened, Turn
from gateway.stores.dialog_rows import answer_name
from gateway.stores.hot_dialogs import LEASE_MS, MOST_REFUSED, missing

Place = tuple[str, str]


@dataclass
class MemoryDialogs:
    """`dialogs` and `rows` (by place of the dialog; sorted by place in it) are the test's to look at and to fill."""

    clock: Clock
    dialogs: dict[Place, Dialog] = field(default_factory=dict)
    rows: dict[Place, dict[tuple[int, str], Message]] = field(default_factory=dict)
    turns: dict[tuple[Place, str], Turn] = field(default_factory=dict)
    looked: list[Place] = field(default_factory=list)
    tokens: dict[str, int] = field(default_factory=dict)
    refused: dict[Place, int] = field(default_factory=dict)
    down: bool = False

    def add(self, dialog: Dialog, *messages: Message) -> Dialog:
        place = (dialog.owner, dialog.id)
        self.dialogs[place] = replace(dialog, message_count=len(messages))
        self.rows[place] = {(one.at_ms, one.id): one for one in messages}
        return self.dialogs[place]

    def stored(self, dialog: Dialog) -> list[Message]:
        """What is stored, oldest first."""
        rows = self.rows[dialog.owner, dialog.id]
        return [rows[key] for key in sorted(rows)]

    def _up(self) -> None:
        if self.down:
            raise Unavailable("The store of dialogs is out of reach; try again.")

    async def open(self, owner: str, dialog_id: str, question: str | None = None) -> Opened | None:
        self._up()
        place = (owner, dialog_id)
        self.looked.append(place)
        dialog = self.dialogs.get(place)
        return None if dialog is None else Opened(dialog, self.turns.get((place, question or "")))

    async def latest(self, dialog: Dialog, before_ms: int) -> AsyncIterator[Message]:
        self._up()
        for message in reversed([one for one in self.stored(dialog) if one.at_ms < before_ms]):
            yield message

    async def page(self, owner: str, dialog_id: str, skip: int, limit: int) -> list[Message]:
        self._up()
        return self.stored(self.dialogs[owner, dialog_id])[skip : skip + limit]

    async def answer(self, dialog: Dialog, turn: Turn) -> Message | None:
        return self.rows[dialog.owner, dialog.id].get((turn.at_ms, answer_name(turn.question, turn.answer)))

    async def begin(self, dialog: Dialog, turn: Turn, question: Message, before: Turn | None) -> Turn | None:
        self._up()
        place = (dialog.owner, dialog.id)
        there = self.turns.get((place, turn.question))
        same = there is None if before is None else there is not None and there.request == before.request
        if not same or (there is not None and not there.free(self.clock.now_ms())):
            return there
        if place not in self.dialogs:
            raise missing()
        self.turns[place, turn.question] = turn
        self.rows[place][turn.at_ms, turn.question] = question
        self.refused[place] = 0
        self._count(place, turn, 0 if before is not None else 1)
        return None

    async def refuse(self, dialog: Dialog, turn: Turn, question: Message, before: Turn | None) -> bool:
        place = (dialog.owner, dialog.id)
        counted = self.refused.get(place, 0) + (1 if before is None else 0)
        if counted > MOST_REFUSED or await self.begin(dialog, turn, question, before) is not None:
            return False
        self.refused[place] = counted
        return True

    async def renew(self, dialog: Dialog, turn: Turn) -> bool:
        place = (dialog.owner, dialog.id)
        self.turns[place, turn.question] = replace(
            self.turns[place, turn.question], expires_ms=self.clock.now_ms() + LEASE_MS
        )
        return True

    async def end(self, dialog: Dialog, turn: Turn, answer: Message | None, error: Mark | None) -> bool:
        self._up()
        place = (dialog.owner, dialog.id)
        there = self.turns.get((place, turn.question))
        if place not in self.dialogs or there is None or (there.request, there.state) != (turn.request, "running"):
            return False
        self.turns[place, turn.question] = replace(turn, answered=turn.answered or answer is not None)
        rows = self.rows[place]
        if answer is not None:
            rows[turn.at_ms, answer_name(turn.question, turn.answer)] = answer
            spent = answer.prompt_tokens + answer.completion_tokens
            self.tokens[dialog.owner] = self.tokens.get(dialog.owner, 0) + spent
        if error is not None:
            rows[turn.at_ms, turn.question] = replace(rows[turn.at_ms, turn.question], error=error)
        self._count(place, turn, 1 if answer is not None and not turn.answered else 0)
        return True

    def _count(self, place: Place, turn: Turn, more: int) -> None:
        dialog = self.dialogs[place]
        now = max(self.clock.now_ms(), turn.at_ms, dialog.updated_at)
        self.dialogs[place] = replace(dialog, message_count=dialog.message_count + more, updated_at=now)


@dataclass
class MemoryPeople:
    """Users by token; `asked` are the tokens somebody asked about."""

    people: dict[str, Person] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: bool = False

    async def whose(self, token: str) -> Person | None:
        self.asked.append(token)
        if self.down:
            raise Unavailable("Who you are could not be checked just now; try again.")
        return self.people.get(token)
