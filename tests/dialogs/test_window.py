"""The history that goes along: the newest, never half a turn, and a request that cannot fit is said to be one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from gateway.dialogs.window import Limits, Sizes, Window, chat, limits, room, tokens, whole
from gateway.errors import InvalidRequest
from gateway.neutral.dialogs import Message

CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}


def message(role: Any, content: str = "", at: int = 0, **more: Any) -> Message:
    return Message(f"m{at}", "dlg_1", role, content, at, at, **more)


def conversation(*turns: tuple[str, ...]) -> list[Message]:
    """`u` a question, `a` an answer, `c` a call of a tool, `r` its result, `s` a system message, each with a number as its text."""
    roles: dict[str, Any] = {"u": "user", "a": "assistant", "s": "system"}
    found: list[Message] = []
    for turn in turns:
        for kind in turn:
            at = len(found)
            if kind == "c":
                found.append(message("assistant", "", at, tool_calls=(CALL,)))
            elif kind == "r":
                found.append(message("tool", str(at), at, tool_call_id="call_1"))
            else:
                found.append(message(roles[kind], str(at), at))
    return found


def fitting(messages: list[Message], size: int) -> list[str]:
    """What goes along where every message counts one."""
    window = Window(size, lambda _: 1)
    for one in reversed(messages):
        if not window.take(one):
            break
    return [str(one["content"]) if one["content"] is not None else "call" for one in window.history()]


def test_the_newest_turns_go_along_oldest_first() -> None:
    messages = conversation(("u", "a"), ("u", "a"), ("u", "a"))
    assert fitting(messages, 100) == ["0", "1", "2", "3", "4", "5"]
    assert fitting(messages, 4) == ["2", "3", "4", "5"]
    assert fitting(messages, 3) == ["4", "5"], "half a turn is none"
    assert fitting(messages, 1) == []
    assert fitting(messages, 0) == []
    assert fitting([], 10) == []


def test_a_call_and_its_result_are_never_apart() -> None:
    messages = conversation(("u", "a"), ("u", "c", "r", "a"), ("u", "a"))
    assert fitting(messages, 100) == ["0", "1", "2", "call", "4", "5", "6", "7"]
    for size in (2, 3, 4, 5):
        assert fitting(messages, size) == ["6", "7"]
    assert fitting(messages, 6) == ["2", "call", "4", "5", "6", "7"]


def test_no_size_splits_a_pair_whatever_was_said() -> None:
    chance = random.Random(7)
    kinds = [("u", "a"), ("u",), ("u", "c", "r", "a"), ("u", "c", "r", "c", "r", "a"), ("u", "s", "a"), ("u", "c", "a")]
    for _ in range(300):
        messages = conversation(*chance.choices(kinds, k=chance.randint(0, 8)))
        for size in range(len(messages) + 2):
            window = Window(size, lambda _: 1)
            for one in reversed(messages):
                if not window.take(one):
                    break
            found = window.history()
            assert len(found) <= size
            open_calls: set[str] = set()
            for told in found:
                if told["role"] == "tool":
                    assert told["tool_call_id"] in open_calls
                else:
                    open_calls |= {call["id"] for call in told.get("tool_calls", ())}
            results = sum(told["role"] == "tool" for told in found)
            assert results == sum(len(told.get("tool_calls", ())) for told in found)
            if found:
                assert found[0]["role"] != "tool"


def test_a_question_without_an_answer_stays_behind() -> None:
    assert fitting(conversation(("u",), ("u", "a"), ("u",)), 100) == ["1", "2"]


def test_what_came_before_the_first_question_is_a_turn_as_well() -> None:
    messages = conversation(("s", "a"), ("u", "a"))
    assert fitting(messages, 100) == ["0", "1", "2", "3"]
    assert fitting(messages, 3) == ["2", "3"]


def test_a_call_nobody_answered_goes_without_itself() -> None:
    asked = message("assistant", "Let me see.", 1, tool_calls=(CALL,))
    orphan = message("tool", "sunny", 2, tool_call_id="call_9")
    answer = message("assistant", "Sunny.", 3)
    question = message("user", "Weather?", 0)
    assert [one.content for one in whole([question, asked, orphan, answer])] == ["Weather?", "Let me see.", "Sunny."]
    assert whole([question, asked, orphan, answer])[1].tool_calls == ()


def test_a_turn_larger_than_the_window_ends_the_history() -> None:
    window = Window(10, lambda one: 50 if one["content"] == "big" else 1)
    turns = [
        message("user", "old", 0),
        message("assistant", "old", 1),
        message("user", "big", 2),
        message("assistant", "x", 3),
    ]
    taken = [window.take(one) for one in reversed(turns)]
    assert taken == [True, False, False, False]
    assert window.history() == []


def test_what_is_left_out_is_not_read_without_end() -> None:
    window = Window(10, lambda _: 1)
    questions = [message("user", "?", at) for at in range(1000)]
    taken = [window.take(one) for one in questions]
    assert taken.count(True) == 40
    assert window.history() == []


def test_the_real_count_holds_what_the_window_promises() -> None:
    most = limits(Sizes(2000, 1000), 500)
    fixed = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "And now?"}]
    window = Window(room(most, fixed))
    messages = [message(("user", "assistant")[n % 2], f"message {n} " * 20, n) for n in range(200)]
    for one in reversed(messages):
        if not window.take(one):
            break
    found = window.history()
    assert len(found) > 10
    assert sum(map(tokens, [*fixed, *found])) <= 1500
    assert found[-1] == chat(messages[-1])


@pytest.mark.parametrize(
    ("sizes", "asked", "most"),
    [
        (Sizes(), None, Limits(8192 - 2048, None)),
        (Sizes(100_000, 8000), None, Limits(100_000 - 4096, None)),
        (Sizes(100_000, 8000), 500, Limits(99_500, 500)),
        (Sizes(100_000, 8000), 9000, Limits(92_000, 8000)),
        (Sizes(400, None), None, Limits(300, None)),
        (Sizes(400, None), 400, Limits(1, 400)),
    ],
)
def test_room_is_kept_for_the_answer(sizes: Sizes, asked: int | None, most: Limits) -> None:
    assert limits(sizes, asked) == most


def test_more_output_than_the_window_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="400 tokens"):
        limits(Sizes(400), 401)


def test_what_is_always_kept_must_fit_alone() -> None:
    fixed = [{"role": "user", "content": "word " * 500}]
    with pytest.raises(InvalidRequest) as refused:
        room(Limits(100, None), fixed)
    assert refused.value.param == "content"
    size = tokens(fixed[0])
    assert not Window(room(Limits(size, None), fixed)).open, "it fits, and nothing beside it"


def test_of_several_models_the_smallest_counts() -> None:
    assert Sizes(100, None).smaller(Sizes(None, 7)).smaller(Sizes(50, 9)) == Sizes(50, 7)
