"""What a model family takes beyond Converse's own members: `additionalModelRequestFields`, and the effort of `outputConfig`.

Claude: https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html (thinking has rules of its own: no forced
tool, a fixed temperature, at least 1,024 tokens and less than the answer's limit, and a turn of tool calls must begin with its thoughts).
Nova: https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
"""

from __future__ import annotations

from typing import Any, Final

from gateway.neutral.reasoning import EFFORTS, budget_of, effort_of, nearest
from gateway.neutral.request import Reasoning, Request
from gateway.wire.bedrock_converse.tools import Tooling
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream

_LEAST_BUDGET: Final = 1024
_PLAIN_EFFORTS: Final = ("low", "medium", "high")
_MORE_EFFORTS: Final = ("xhigh", "max")
_ANTHROPIC: Final = "anthropic_messages"
# Capabilities that, at Bedrock, only Claude's models have.
_CLAUDE_WORDS: Final = frozenset({"adaptive_thinking", "thinking_budget", "effort"})


class FamilyFields:
    """Fills `fields` (additionalModelRequestFields) and `effort` (outputConfig.effort) for one request.

    The traits name the family: `claude`, `nova`, `reasoning_effort` (open models that take OpenAI's word); without one, nothing of this kind
    is sent. How a Claude model is told to think stands in the capabilities; a model that is not listed is taken for a new one.
    """

    def __init__(self, upstream: Upstream, carrying: Carrying) -> None:
        self.fields: dict[str, Any] = {}
        self.effort: str | None = None
        self.thinks = False
        self._known = upstream.capabilities
        self._can = upstream.capabilities or frozenset()
        self._traits = upstream.traits
        self._claude = "claude" in upstream.traits or not _CLAUDE_WORDS.isdisjoint(self._can)
        self._carrying = carrying

    def add(self, request: Request, tooling: Tooling, messages: list[dict[str, Any]]) -> None:
        """Thinking, `top_k`, and what a tool choice says that Converse has no member for."""
        if request.reasoning is not None:
            self._think(request, request.reasoning, tooling, messages)
        self._top_k(request)
        self._calls(request, tooling)

    def _think(self, request: Request, wanted: Reasoning, tooling: Tooling, messages: list[dict[str, Any]]) -> None:
        if wanted.enabled is False or wanted.effort == "none" or wanted.budget == 0:
            self._think_not(wanted)
        elif self._known is not None and "reasoning" not in self._known:
            self._carrying.drop("reasoning", "this model does not think")
        elif self._claude:
            self._claude_thinks(request, wanted, tooling, messages)
        elif "nova" in self._traits:
            self._nova_thinks(wanted)
        elif "reasoning_effort" in self._traits and wanted.effort is not None:
            self.fields["reasoning_effort"] = self._nearest(wanted.effort, _PLAIN_EFFORTS)
        else:
            self._carrying.drop("reasoning", "how this model is told to think is not known")

    def _think_not(self, wanted: Reasoning) -> None:
        if self._known is not None and "reasoning" not in self._known:
            return  # it does not anyway
        if self._claude:
            self.fields["thinking"] = {"type": "disabled"}
            if wanted.effort not in {None, "none"}:
                self._say_effort(wanted.effort, _PLAIN_EFFORTS)
        elif "nova" in self._traits:
            self.fields["reasoningConfig"] = {"type": "disabled"}
        else:
            self._carrying.drop("reasoning", "how this model is told not to think is not known")

    def _claude_thinks(
        self, request: Request, wanted: Reasoning, tooling: Tooling, messages: list[dict[str, Any]]
    ) -> None:
        if request.dialect == _ANTHROPIC and wanted.enabled is None and wanted.budget is None:
            self._say_effort(wanted.effort, self._efforts())  # there an effort alone does not ask for thoughts
            return
        adaptive = self._adaptive(wanted)
        if adaptive and wanted.effort is not None:
            self._say_effort(wanted.effort, self._efforts())
        reason = self._obstacle(request, tooling, messages, adaptive)
        if reason is not None:
            self._carrying.drop("reasoning", reason)
            return
        self.thinks = True
        if adaptive:
            self._think_adaptively(wanted)
        else:
            self._think_by_budget(request, wanted)

    def _say_effort(self, effort: str | None, known: tuple[str, ...]) -> None:
        """`outputConfig.effort`, where the model has one."""
        if effort is None:
            return
        if self._known is None or "effort" in self._known:
            self.effort = self._nearest(effort, known)
        else:
            self._carrying.drop("reasoning", "this model takes no effort, but a number of tokens")

    def _adaptive(self, wanted: Reasoning) -> bool:
        """What the model is known for, and where that leaves it open what the client asks for."""
        adaptive, budget = "adaptive_thinking" in self._can, "thinking_budget" in self._can
        if adaptive != budget:
            return adaptive
        return wanted.adaptive or (wanted.budget is None and (adaptive or self._known is None))

    def _obstacle(
        self, request: Request, tooling: Tooling, messages: list[dict[str, Any]], adaptive: bool
    ) -> str | None:
        """Why the model cannot think now; the last two hinder a budget alone."""
        limit = request.max_output_tokens
        if tooling.forced:
            return "this model does not think when a tool is forced"
        if messages[-1]["role"] == "assistant":
            return "this model does not think when it goes on with given words"
        if not adaptive and _unthought_calls(messages):
            return "the calls being answered were made without thoughts of this model"
        if not adaptive and limit is not None and limit <= _LEAST_BUDGET:
            return "the answer's limit leaves no room for thoughts"
        return None

    def _think_adaptively(self, wanted: Reasoning) -> None:
        self.fields["thinking"] = {"type": "adaptive", **_display(wanted)}
        if wanted.effort is None and wanted.budget is not None:
            self._carrying.approximate("reasoning", "a number of tokens became an effort")
            self._say_effort(effort_of(wanted.budget), self._efforts())

    def _think_by_budget(self, request: Request, wanted: Reasoning) -> None:
        if wanted.budget is not None:
            budget = wanted.budget
            self._say_effort(wanted.effort, self._efforts())
        elif wanted.effort in EFFORTS:
            budget = budget_of(wanted.effort)
            self._carrying.approximate("reasoning", "an effort became a number of tokens")
        else:
            budget = budget_of("medium")
            self._carrying.default("reasoning", "thinking takes a number of tokens there")
        limit = request.max_output_tokens
        if limit is not None:
            # What the client counted itself may take all but one token; what was made here leaves half to the answer.
            limit = limit - 1 if wanted.budget is not None else max(_LEAST_BUDGET, limit // 2)
        fitting = self._fit(budget, limit)
        self.fields["thinking"] = {"type": "enabled", "budget_tokens": fitting}

    def _efforts(self) -> tuple[str, ...]:
        if self._known is None:
            return (*_PLAIN_EFFORTS, *_MORE_EFFORTS)
        return (*_PLAIN_EFFORTS, *(word for word in _MORE_EFFORTS if f"effort_{word}" in self._known))

    def _fit(self, budget: int, limit: int | None) -> int:
        fitting = max(_LEAST_BUDGET, min(budget, limit) if limit is not None else budget)
        if fitting != budget:
            self._carrying.approximate(
                "reasoning", "thinking takes at least 1024 tokens, and less than the answer's limit"
            )
        return fitting

    def _nova_thinks(self, wanted: Reasoning) -> None:
        effort = wanted.effort or "medium"
        if wanted.effort is None:
            self._carrying.approximate("reasoning", "thinking is told by an effort there")
        self.fields["reasoningConfig"] = {
            "type": "enabled",
            "maxReasoningEffort": self._nearest(effort, _PLAIN_EFFORTS),
        }

    def _nearest(self, effort: str, known: tuple[str, ...]) -> str:
        found = nearest(effort, known) if effort in EFFORTS else known[len(known) // 2]
        if found != effort:
            self._carrying.approximate("reasoning", "this effort is not known there")
        return found

    def _top_k(self, request: Request) -> None:
        if request.top_k is None:
            return
        if "no_sampling" in self._can:
            self._carrying.drop("top_k", "this model takes no sampling knobs")
        elif self.thinks:
            self._carrying.drop("top_k", "it cannot be set while the model thinks")
        elif self._claude:
            self.fields["top_k"] = request.top_k
        elif "nova" in self._traits:
            self.fields["inferenceConfig"] = {"topK": request.top_k}
        else:
            self._carrying.drop("top_k", "this model's name for it is not known")

    def _calls(self, request: Request, tooling: Tooling) -> None:
        if tooling.forbidden:
            if self._claude:
                self.fields["tool_choice"] = {"type": "none"}
            else:
                self._carrying.approximate("tool_choice", "the model may call tools that the messages speak of")
        elif request.parallel_tools is False and tooling.config is not None:
            if self._claude and not tooling.forced:
                self.fields["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
            else:
                self._carrying.drop("parallel_tools", "several calls at a time cannot be forbidden there")


def _display(wanted: Reasoning) -> dict[str, str]:
    """Newer models keep their thoughts back unless they are asked for; OpenAI's clients ask by a kind of summary."""
    visible = True if wanted.visible is None and wanted.summary is not None else wanted.visible
    if visible is None:
        return {}
    return {"display": "summarized" if visible else "omitted"}


def _unthought_calls(messages: list[dict[str, Any]]) -> bool:
    """Whether the newest message answers calls that were made without a thought before them."""
    if len(messages) < 2 or not any("toolResult" in part for part in messages[-1]["content"]):
        return False
    before = messages[-2]["content"]
    return not any("reasoningContent" in part for part in before)
