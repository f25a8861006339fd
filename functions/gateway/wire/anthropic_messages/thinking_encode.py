"""How much to think, for an Anthropic upstream. https://platform.claude.com/docs/en/build-with-claude/extended-thinking

Newer models are asked by a word (`thinking.type: adaptive` and `output_config.effort`), older ones in tokens (`thinking.budget_tokens`, at
least 1,024 and less than `max_tokens`). Thinking goes with neither a forced tool call nor words put into the model's mouth, and a budget not
with a turn whose calls come without their thoughts. Those are features of the conversation, so they win and the thinking is noted as lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.neutral.reasoning import budget_of, effort_of, nearest
from gateway.neutral.request import Reasoning, Request
from gateway.wire.anthropic_messages.members import DIALECT, own
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream

DEFAULT_LIMIT: Final = 8_192
"""Output tokens where neither the client nor the catalog names a limit: what every current model allows."""

_LEAST: Final = 1_024
_MEDIUM: Final = "medium"
_OFF: Final = {"type": "disabled"}
_WORDS: Final = frozenset(["reasoning", "adaptive_thinking", "thinking_budget"])


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What thinking does not go with, as far as this conversation has it."""

    forced: bool
    prefilled: bool
    unthought_calls: bool


@dataclass(frozen=True, slots=True)
class Thought:
    """`thinking`, `output_config.effort` and `max_tokens` of the body."""

    limit: int
    thinking: Mapping[str, Any] | None = None
    effort: str | None = None

    @property
    def on(self) -> bool:
        """Whether the model was asked to think."""
        return self.thinking is not None and self.thinking.get("type") != "disabled"


def plan(request: Request, upstream: Upstream, obstacles: Obstacles, carrying: Carrying) -> Thought:
    """What to ask for."""
    limit = _limit(request, upstream, carrying)
    asked = request.reasoning
    if asked is None:
        return Thought(limit)
    if request.dialect == DIALECT:
        return Thought(limit, own(request.extras).get("thinking") or _as_asked(asked), asked.effort)
    words = upstream.capabilities
    unable = words is not None and not words & _WORDS
    if asked.enabled is False or asked.effort == "none" or asked.budget == 0:
        return Thought(limit, None if unable else _OFF)
    if unable:
        carrying.drop("reasoning", "the model does not think")
        return Thought(limit)
    in_tokens = words is None or "adaptive_thinking" not in words
    if words is not None and not in_tokens and (asked.budget is None or "thinking_budget" not in words):
        return _by_word(asked, words, limit, obstacles, carrying)
    return _by_budget(request, upstream, limit, obstacles, carrying)


def _limit(request: Request, upstream: Upstream, carrying: Carrying) -> int:
    most, asked = upstream.max_output_tokens, request.max_output_tokens
    if asked is None:
        carrying.default("max_output_tokens", "the provider demands a limit of output tokens")
        return most or DEFAULT_LIMIT
    if most is not None and asked > most and request.dialect != DIALECT:
        carrying.approximate("max_output_tokens", "the model's own limit is lower")
        return most
    return asked


def _as_asked(asked: Reasoning) -> Mapping[str, Any] | None:
    """The vendor's own form, back again."""
    if asked.enabled is None:
        return None
    if not asked.enabled:
        return _OFF
    shown = {} if asked.visible is None else {"display": "summarized" if asked.visible else "omitted"}
    if asked.budget is not None:
        return {"type": "enabled", "budget_tokens": asked.budget, **shown}
    return {"type": "adaptive", **shown}


def _by_word(asked: Reasoning, words: frozenset[str], limit: int, obstacles: Obstacles, carrying: Carrying) -> Thought:
    effort = asked.effort
    if effort is None and asked.budget is not None:
        effort = effort_of(asked.budget)
        carrying.approximate("reasoning", "the model is asked to think by a word, not in tokens")
    if effort is not None:
        known = ("low", "medium", "high", *(word for word in ("xhigh", "max") if f"effort_{word}" in words))
        chosen = nearest(effort, known)
        if chosen != effort:
            carrying.approximate("reasoning", f"the nearest effort that the model knows is {chosen}")
        effort = chosen
    if obstacles.forced or obstacles.prefilled:
        carrying.drop("reasoning", _why(obstacles))
        return Thought(limit, None, effort)
    visible = asked.summary is not None if asked.visible is None else asked.visible
    thinking: dict[str, Any] = {"type": "adaptive"}
    if visible:
        thinking["display"] = "summarized"
    elif asked.visible is False:
        thinking["display"] = "omitted"
    return Thought(limit, thinking, effort)


def _by_budget(request: Request, upstream: Upstream, limit: int, obstacles: Obstacles, carrying: Carrying) -> Thought:
    asked = request.reasoning or Reasoning()
    if obstacles.forced or obstacles.prefilled or obstacles.unthought_calls:
        carrying.drop("reasoning", _why(obstacles))
        return Thought(limit)
    budget = asked.budget
    if budget is None:
        budget = budget_of(asked.effort or _MEDIUM)
        carrying.approximate("reasoning", "the provider is told in tokens how much to think")
    if budget < _LEAST:
        carrying.approximate("reasoning", "the provider's least budget is 1,024 tokens")
        budget = _LEAST
    if request.max_output_tokens is None:
        limit = _raised(limit, budget, upstream)
    if budget >= limit:
        if limit <= _LEAST:
            carrying.drop("reasoning", "the limit of output tokens leaves no room for the provider's least budget")
            return Thought(limit)
        carrying.approximate(
            "reasoning", "the limit of output tokens includes the thinking, so half of it is the budget"
        )
        budget = max(_LEAST, limit // 2)
    return Thought(limit, {"type": "enabled", "budget_tokens": budget})


def _raised(limit: int, budget: int, upstream: Upstream) -> int:
    """A limit that nobody asked for makes room for the thinking."""
    wanted = max(limit, budget + DEFAULT_LIMIT)
    return wanted if upstream.max_output_tokens is None else min(wanted, upstream.max_output_tokens)


def _why(obstacles: Obstacles) -> str:
    if obstacles.forced:
        return "the provider does not think when a tool call is forced"
    if obstacles.prefilled:
        return "the provider does not think when it goes on with given words"
    return "the provider does not think on from tool calls whose thoughts are missing"
