"""How much to think, for models that are asked by a word and for those that are asked in tokens."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.anthropic_messages.asking import FOREIGN, OWN, TOOL, asked, encode, said, words
from tests.wire.anthropic_messages.telling import USER

from gateway.neutral.blocks import Text, Thinking, ToolCall, ToolResult
from gateway.neutral.reasoning import EFFORTS
from gateway.neutral.request import Message, Reasoning, ToolChoice
from gateway.wire.anthropic_messages.thinking_encode import DEFAULT_LIMIT

ADAPTIVE = words("reasoning", "adaptive_thinking", "effort")
BOTH = words("reasoning", "adaptive_thinking", "thinking_budget", "effort", "effort_max")
NOTED = ["reasoning: approximated"]
LOST = ["reasoning: dropped"]
MAX = ["max_output_tokens: defaulted"]


def think(reasoning: Reasoning, upstream: dict[str, Any], **members: Any) -> tuple[Any, Any, int, list[str]]:
    """`thinking`, effort, `max_tokens` and the losses."""
    body, losses = encode(asked(reasoning=reasoning, **members), **upstream)
    return body.get("thinking"), body.get("output_config", {}).get("effort"), body["max_tokens"], losses


def enabled(budget: int) -> dict[str, Any]:
    return {"type": "enabled", "budget_tokens": budget}


@pytest.mark.parametrize(
    ("reasoning", "budget", "noted"),
    [
        (Reasoning(budget=5_000), 5_000, []),
        (Reasoning(budget=100), 1_024, NOTED),
        (Reasoning(effort="low"), 1_024, NOTED),
        (Reasoning(effort="medium"), 8_192, NOTED),
        (Reasoning(effort="high"), 24_576, NOTED),
        (Reasoning(effort="max"), 65_536, NOTED),
        (Reasoning(True, adaptive=True), 8_192, NOTED),
        (Reasoning(visible=True), 8_192, NOTED),
    ],
)
@pytest.mark.parametrize("upstream", [{}, words("reasoning", "thinking_budget")])
def test_in_tokens(reasoning: Reasoning, budget: int, noted: list[str], upstream: dict[str, Any]) -> None:
    assert think(reasoning, upstream, max_output_tokens=100_000)[0] == enabled(budget)
    assert [loss for loss in think(reasoning, upstream, max_output_tokens=100_000)[3] if loss not in MAX] == noted


def test_every_effort_has_a_form_everywhere() -> None:
    for effort in EFFORTS:
        for upstream in ({}, ADAPTIVE, BOTH):
            thinking, word, limit, _ = think(Reasoning(effort=effort), upstream)
            assert thinking is not None
            assert word in (None, "low", "medium", "high", "max")
            assert thinking.get("budget_tokens", 0) < limit


@pytest.mark.parametrize(
    ("reasoning", "upstream", "thinking", "effort", "noted"),
    [
        (Reasoning(effort="medium"), ADAPTIVE, {"type": "adaptive"}, "medium", []),
        (Reasoning(effort="minimal"), ADAPTIVE, {"type": "adaptive"}, "low", NOTED),
        (Reasoning(effort="max"), ADAPTIVE, {"type": "adaptive"}, "high", NOTED),
        (Reasoning(effort="max"), BOTH, {"type": "adaptive"}, "max", []),
        (Reasoning(budget=8_000), ADAPTIVE, {"type": "adaptive"}, "medium", NOTED),
        (Reasoning(budget=2_000), BOTH, enabled(2_000), None, []),
        (Reasoning(True, adaptive=True), ADAPTIVE, {"type": "adaptive"}, None, []),
        (Reasoning(effort="low", summary="auto"), ADAPTIVE, {"type": "adaptive", "display": "summarized"}, "low", []),
        (Reasoning(effort="low", visible=False), ADAPTIVE, {"type": "adaptive", "display": "omitted"}, "low", []),
    ],
)
def test_by_a_word(
    reasoning: Reasoning, upstream: dict[str, Any], thinking: Any, effort: str | None, noted: list[str]
) -> None:
    found = think(reasoning, upstream)
    assert (found[0], found[1], found[3]) == (thinking, effort, noted)


@pytest.mark.parametrize("reasoning", [Reasoning(False), Reasoning(effort="none"), Reasoning(budget=0)])
def test_not_at_all(reasoning: Reasoning) -> None:
    for upstream in ({}, ADAPTIVE, BOTH):
        assert think(reasoning, upstream) == ({"type": "disabled"}, None, 4_096, [])
    assert think(reasoning, words("tools")) == (None, None, 4_096, [])


def test_a_model_that_does_not_think() -> None:
    assert think(Reasoning(effort="high"), words("tools")) == (None, None, 4_096, LOST)


def test_a_limit_that_nobody_asked_for_makes_room() -> None:
    assert think(Reasoning(budget=30_000), {}, max_output_tokens=None)[1:3] == (None, 30_000 + DEFAULT_LIMIT)
    limit = think(Reasoning(budget=30_000), {"max_output_tokens": 64_000}, max_output_tokens=None)[2]
    assert limit == 64_000
    tight = think(Reasoning(budget=30_000), {"max_output_tokens": 20_000}, max_output_tokens=None)
    assert (tight[0], tight[2]) == (enabled(10_000), 20_000)


@pytest.mark.parametrize(
    ("limit", "thinking", "noted"),
    [(4_096, enabled(2_048), NOTED), (1_100, enabled(1_024), NOTED), (1_024, None, LOST), (16, None, LOST)],
)
def test_a_limit_that_was_asked_for_stays(limit: int, thinking: Any, noted: list[str]) -> None:
    assert think(Reasoning(budget=8_192), {}, max_output_tokens=limit) == (thinking, None, limit, noted)


def test_a_forced_call_wins() -> None:
    forced = {"tools": (TOOL,), "tool_choice": ToolChoice("required")}
    assert think(Reasoning(budget=2_000), {}, **forced)[::3] == (None, LOST)
    assert think(Reasoning(effort="low"), ADAPTIVE, **forced) == (None, "low", 4_096, LOST)
    assert think(Reasoning(effort="low"), words("adaptive_thinking", "no_forced_tools"), **forced)[0] == {
        "type": "adaptive"
    }


def test_words_put_into_the_models_mouth_win() -> None:
    for upstream in ({}, ADAPTIVE):
        body, losses = encode(asked(USER, said("{"), reasoning=Reasoning(effort="low")), **upstream)
        assert "thinking" not in body
        assert losses == LOST


def test_calls_without_their_thoughts_win_over_a_budget() -> None:
    def turn(*blocks: Any) -> tuple[Message, ...]:
        call = Message("assistant", (*blocks, ToolCall("c", "f", "{}")))
        return USER, call, Message("user", (ToolResult("c", (Text("r"),)),))

    lost = turn(Thinking("a", FOREIGN, at="x"))
    body, losses = encode(asked(*lost, reasoning=Reasoning(budget=2_000)))
    assert "thinking" not in body
    assert losses == ["x: dropped", *LOST]
    assert encode(asked(*lost, reasoning=Reasoning(effort="low")), **ADAPTIVE)[0]["thinking"] == {"type": "adaptive"}
    assert encode(asked(*turn(Thinking("a", OWN)), reasoning=Reasoning(budget=2_000)))[0]["thinking"] == enabled(2_000)
    later = (*lost, said("ok"), said("Next", "user"))
    assert encode(asked(*later, reasoning=Reasoning(budget=2_000)))[0]["thinking"] == enabled(2_000)
