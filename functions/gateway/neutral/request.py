"""A request for a model's answer, in nobody's wire format. See `blocks` for the conventions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gateway.neutral.blocks import NO_EXTRAS, Block, CacheMark, Extras

Role = Literal["system", "developer", "user", "assistant"]
"""Tool results stand in messages of the user, as `ToolResult` blocks."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn, in the client's order; system and developer messages stand where the client put them.

    Neighbouring messages of one role are allowed: dialects that forbid them join them, which loses nothing.
    """

    role: Role
    blocks: tuple[Block, ...]
    name: str | None = None
    extras: Extras = NO_EXTRAS
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of the client's. `schema` is its JSON Schema, None = no parameters were declared.

    `custom`: takes free text; `format` is its grammar. `group` is the namespace it was declared in, with `group_description`, and `own_name`
    its name in there, of which `name` was made unique.
    """

    name: str
    description: str | None = None
    schema: Mapping[str, Any] | None = None
    strict: bool | None = None
    custom: bool = False
    format: Mapping[str, Any] | None = None
    group: str | None = None
    group_description: str | None = None
    cache: CacheMark | None = None
    extras: Extras = NO_EXTRAS
    at: str = field(default="", compare=False)
    own_name: str | None = None


@dataclass(frozen=True, slots=True)
class HostedTool:
    """A tool that upstreams of `dialect` run themselves (web search, code execution, …), as it was written."""

    dialect: str
    type: str
    data: Mapping[str, Any]
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """`auto`, `none`, `required` (some tool), `named` (one of `names`; `allowed_only` leaves the model the choice to call none)."""

    mode: Literal["auto", "none", "required", "named"]
    names: tuple[str, ...] = ()
    allowed_only: bool = False


@dataclass(frozen=True, slots=True)
class ResponseFormat:
    """The form of the answer's text: `text`, any JSON object, or JSON by a schema."""

    kind: Literal["text", "json_object", "json_schema"]
    schema: Mapping[str, Any] | None = None
    name: str | None = None
    description: str | None = None
    strict: bool | None = None


@dataclass(frozen=True, slots=True)
class Reasoning:
    """How much the model should think. `effort` is one of `reasoning.EFFORTS`, `budget` is in tokens, `adaptive` leaves it to the model.

    `enabled=False` switches thinking off where that is possible. `summary` is OpenAI's kind of summary; `visible` asks for thoughts
    in the answer, or for none.
    """

    enabled: bool | None = None
    effort: str | None = None
    budget: int | None = None
    adaptive: bool = False
    summary: str | None = None
    visible: bool | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Everything a client asked for. `dialect` is the client's; `extras[dialect]` holds top-level members without a meaning here."""

    dialect: str
    model: str
    messages: tuple[Message, ...]
    stream: bool = False
    stream_usage: bool | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] | None = None
    seed: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    logit_bias: Mapping[str, float] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    choices: int | None = None
    tools: tuple[Tool | HostedTool, ...] | None = None
    tool_choice: ToolChoice | None = None
    parallel_tools: bool | None = None
    format: ResponseFormat | None = None
    reasoning: Reasoning | None = None
    verbosity: str | None = None
    user: str | None = None
    service_tier: str | None = None
    metadata: Mapping[str, Any] | None = None
    cache_key: str | None = None
    store: bool | None = None
    extras: Extras = NO_EXTRAS
