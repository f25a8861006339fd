"""A model's answer, and its stream of events, in nobody's wire format.

The grammar of a stream, which `sequence.Sequencer` guarantees to every encoder::

    stream := Started body ending
    body   := (block of any choice)*            per choice, one block is open at a time
    block  := BlockStart (BlockDelta | BlockSignature | BlockLogprobs | BlockExtra)* BlockEnd
    ending := ChoiceEnd+ Finished | Failed      Failed may come anywhere, also first; nothing follows it

Within a choice blocks are numbered 0, 1, 2, … in the order in which they start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gateway.neutral.blocks import NO_EXTRAS, Block, Extras, Signature, TokenLogprob
from gateway.neutral.usage import Usage

StopReason = Literal[
    "end",  # the model had said what it wanted to say
    "length",  # the limit of output tokens
    "stop_sequence",
    "tool_call",
    "refusal",  # the model declined
    "content_filter",  # a filter of the provider stepped in
    "pause",  # a long turn of server tools, to be continued
    "context",  # the context window is full
    "bad_tool_call",  # the model wrote a call that the provider could not read
    "other",
]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a choice ended. `sequence` is the stop sequence that was met, `raw` the upstream's own word."""

    reason: StopReason
    sequence: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its blocks in order. `stop` None = the upstream did not say."""

    blocks: tuple[Block, ...]
    stop: Stop | None = None
    extras: Extras = NO_EXTRAS


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer. `id`, `model` and `created` (Unix seconds) are the upstream's; `usage` None = it reported none."""

    choices: tuple[Choice, ...]
    id: str | None = None
    model: str | None = None
    created: int | None = None
    usage: Usage | None = None
    service_tier: str | None = None
    extras: Extras = NO_EXTRAS


@dataclass(frozen=True, slots=True)
class Started:
    """The upstream began to answer. `usage` is what it already knows of the input."""

    id: str | None = None
    model: str | None = None
    created: int | None = None
    usage: Usage | None = None
    service_tier: str | None = None


@dataclass(frozen=True, slots=True)
class BlockStart:
    """A block begins. `block` is what is known at once: its texts are usually empty; `Media` and `Opaque` are complete.

    Texts already in `block` count as its first delta.
    """

    index: int
    block: Block
    choice: int = 0


@dataclass(frozen=True, slots=True)
class BlockDelta:
    """More of the open block: text of a `Text`, `Thinking` or `Refusal`, JSON (or free text) of a `ToolCall`'s arguments."""

    index: int
    text: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class BlockSignature:
    """The signature of the open `Thinking` or `ToolCall` block, whole; at most one per block."""

    index: int
    signature: Signature
    choice: int = 0


@dataclass(frozen=True, slots=True)
class BlockLogprobs:
    """Log probabilities of tokens of the open `Text` block, to be appended."""

    index: int
    tokens: tuple[TokenLogprob, ...]
    choice: int = 0


@dataclass(frozen=True, slots=True)
class BlockExtra:
    """A member of the open block that only `dialect` understands (a citation, an annotation). Lists of one name are appended."""

    index: int
    dialect: str
    data: Mapping[str, Any]
    choice: int = 0


@dataclass(frozen=True, slots=True)
class BlockEnd:
    """The open block is complete."""

    index: int
    choice: int = 0


@dataclass(frozen=True, slots=True)
class ChoiceEnd:
    """A choice is complete."""

    stop: Stop | None = None
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """The good end: every choice has ended. `usage` is final and whole; None = the upstream reported none."""

    usage: Usage | None = None
    service_tier: str | None = None
    extras: Extras = NO_EXTRAS


@dataclass(frozen=True, slots=True)
class Failed:
    """The bad end. `status` is the HTTP status it stands for; `code` is the upstream's word for it, or one of `gateway.errors`.

    `usage` is what is known of a consumption that ended so.
    """

    message: str
    status: int = 502
    code: str = "upstream_error"
    param: str | None = None
    usage: Usage | None = None


Event = (
    Started
    | BlockStart
    | BlockDelta
    | BlockSignature
    | BlockLogprobs
    | BlockExtra
    | BlockEnd
    | ChoiceEnd
    | Finished
    | Failed
)
