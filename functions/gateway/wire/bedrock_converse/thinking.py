"""What a model family takes beyond Converse's own members: `additionalModelRequestFields`, and the effort of `outputConfig`.

Claude: https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html (thinking has rules of its own: no forced
tool, a fixed temperature, at least 1,024 tokens and less than the answer's limit, and a turn of tool calls must begin with its thoughts).
Nova: https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
"""

from __future__ import annotations

from typing import Any, Final

from gateway.neutral.reasoning import EFFORTS, budget_of, nearest
from gateway.neutral.request import Reasoning, Request
from gateway.wire.bedrock_converse.tools import Tooling
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream

_LEAST_BUDGET: Final = 1024
_EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")
_NOVA_EFFORTS: Final = ("low", "medium", "high")
_OPEN_EFFORTS: Final = ("low", "medium", "high")


class FamilyFields:
    """Fills `fields` (additionalModelRequestFields) and `effort` (outputConfig.effort) for one request.

    The traits name the family: `claude`, `nova`, `reasoning_effort` (open models that take OpenAI's word). Without one, nothing of this
    kind is sent. `adaptive_thinking` among traits or capabilities says that a Claude model decides on its own how long to think.
    """

    def __init__(self, upstream: Upstream, carrying: Carrying) -> None:
        self.fields: dict[str, Any] = {}
        self.effort: str | None = None
        self.thinks = False
        self._upstream = upstream
        self._carrying = carrying
        self._words = upstream.traits | (upstream.capabilities or frozenset())

    def add(self, request: Request, tooling: Tooling, messages: list[dict[str, Any]]) -> None:
        """Thinking, `top_k`, and what a tool choice says that Converse has no member for."""
        if request.reasoning is not None:
            self._think(request, request.reasoning, tooling, messages)
        self._top_k(request)
        self._calls(request, tooling)

    def _think(self, request: Request, wanted: Reasoning, tooling: Tooling, messages: list[dict[str, Any]]) -> None:
        if wanted.summary is not None:
            self._carrying.drop("reasoning", "there are no kinds of summaries there")
        off = wanted.enabled is False or wanted.effort == "none"
        if "claude" in self._words:
            if off:
                self.fields["thinking"] = {"type": "disabled"}
            elif reason := self._obstacle(request, tooling, messages):
                self._carrying.drop("reasoning", reason)
            else:
                self._claude(request, wanted)
        elif "nova" in self._words:
            self._nova(wanted, off)
        elif "reasoning_effort" in self._words and wanted.effort is not None and not off:
            self.fields["reasoning_effort"] = self._nearest(wanted.effort, _OPEN_EFFORTS)
        elif not off or self._upstream.capabilities is None or "reasoning" in self._upstream.capabilities:
            self._carrying.drop("reasoning", "how this model is told to think is not known")

    def _obstacle(self, request: Request, tooling: Tooling, messages: list[dict[str, Any]]) -> str | None:
        if self._upstream.capabilities is not None and "reasoning" not in self._upstream.capabilities:
            return "this model does not think"
        if tooling.forced:
            return "this model does not think when a tool is forced"
        if request.reasoning is None or self._adaptive(request.reasoning):
            return None
        if _unthought_calls(messages):
            return "the calls being answered were made without thoughts of this model"
        limit = request.max_output_tokens
        if limit is not None and limit <= _LEAST_BUDGET:
            return "the answer's limit leaves no room for thoughts"
        return None

    def _adaptive(self, wanted: Reasoning) -> bool:
        """What the model is known for, and where that leaves it open what the client asks for."""
        adaptive, budget = "adaptive_thinking" in self._words, "thinking_budget" in self._words
        if adaptive != budget:
            return adaptive
        return wanted.adaptive or (adaptive and wanted.budget is None)

    def _claude(self, request: Request, wanted: Reasoning) -> None:
        self.thinks = True
        effort = wanted.effort
        if self._adaptive(wanted):
            if effort is None and wanted.budget is not None:
                self._carrying.approximate("reasoning", "this model decides on its own how long to think")
            self.fields["thinking"] = {"type": "adaptive", **_display(wanted)}
            if effort is not None:
                self.effort = self._nearest(effort, _EFFORTS)
            return
        if wanted.budget is not None:
            budget = wanted.budget
            self.effort = None if effort is None else self._nearest(effort, _EFFORTS)
        elif effort is not None:
            budget = budget_of(effort)
            self._carrying.approximate("reasoning", "an effort became a number of tokens")
        else:
            budget = budget_of("medium")
            self._carrying.default("reasoning", "thinking takes a number of tokens there")
        self.fields["thinking"] = {"type": "enabled", "budget_tokens": self._fit(budget, request.max_output_tokens)}

    def _fit(self, budget: int, limit: int | None) -> int:
        fitting = max(_LEAST_BUDGET, min(budget, limit - 1) if limit is not None else budget)
        if fitting != budget:
            self._carrying.approximate(
                "reasoning", "thinking takes at least 1024 tokens, and less than the answer's limit"
            )
        return fitting

    def _nova(self, wanted: Reasoning, off: bool) -> None:
        if off:
            self.fields["reasoningConfig"] = {"type": "disabled"}
            return
        effort = wanted.effort or "medium"
        if wanted.effort is None:
            self._carrying.approximate("reasoning", "thinking is told by an effort there")
        self.fields["reasoningConfig"] = {
            "type": "enabled",
            "maxReasoningEffort": self._nearest(effort, _NOVA_EFFORTS),
        }

    def _nearest(self, effort: str, known: tuple[str, ...]) -> str:
        found = nearest(effort, known) if effort in EFFORTS else known[len(known) // 2]
        if found != effort:
            self._carrying.approximate("reasoning", "this effort is not known there")
        return found

    def _top_k(self, request: Request) -> None:
        if request.top_k is None:
            return
        if self.thinks:
            self._carrying.drop("top_k", "it cannot be set while the model thinks")
        elif "claude" in self._words:
            self.fields["top_k"] = request.top_k
        elif "nova" in self._words:
            self.fields["inferenceConfig"] = {"topK": request.top_k}
        else:
            self._carrying.drop("top_k", "this model's name for it is not known")

    def _calls(self, request: Request, tooling: Tooling) -> None:
        if tooling.forbidden:
            if "claude" in self._words:
                self.fields["tool_choice"] = {"type": "none"}
            else:
                self._carrying.approximate("tool_choice", "the model may call tools that the messages speak of")
        elif request.parallel_tools is False and tooling.config is not None:
            if "claude" in self._words and not tooling.forced:
                tooling.config.pop("toolChoice", None)  # `auto`, which must not be said twice
                self.fields["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
            else:
                self._carrying.drop("parallel_tools", "several calls at a time cannot be forbidden there")


def _display(wanted: Reasoning) -> dict[str, str]:
    if wanted.visible is None:
        return {}
    return {"display": "summarized" if wanted.visible else "omitted"}


def _unthought_calls(messages: list[dict[str, Any]]) -> bool:
    """Whether the newest message answers calls that were made without a thought before them."""
    if len(messages) < 2 or not any("toolResult" in part for part in messages[-1]["content"]):
        return False
    before = messages[-2]["content"]
    return not any("reasoningContent" in part for part in before)
