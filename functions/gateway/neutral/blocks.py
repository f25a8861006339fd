"""What messages are made of, in nobody's wire format.

Three conventions hold for every value here:

- **Absent is not zero.** `None` means that nobody said it.
- **Extras** are members that only one dialect understands, in a bag under that dialect's name: `{"anthropic_messages": {"citations": [...]}}`.
  Only that dialect's codec reads it; a codec of another one reports what it had to leave.
- **`at`** is where a block stood in the client's request (`messages[3].content[1]`), for messages about it. It is no part of the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NoReturn

Extras = Mapping[str, Mapping[str, Any]]


class _NoExtras(dict[str, Mapping[str, Any]]):
    """The empty bag that everybody shares. Hashable, so that it may be a default; a `mappingproxy` may not before Python 3.12."""

    __slots__ = ()

    def __hash__(self) -> int:  # type: ignore[override]
        return 0

    def __setitem__(self, name: str, members: Mapping[str, Any]) -> NoReturn:
        raise TypeError("the empty bag of extras is shared")


NO_EXTRAS: Final[Extras] = _NoExtras()

MediaKind = Literal["image", "audio", "video", "document"]


@dataclass(frozen=True, slots=True)
class CacheMark:
    """ "The prompt up to here may be cached." `ttl` is `5m` or `1h`; None = the vendor's default."""

    ttl: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """An opaque proof or an encrypted thought: `data` means something to upstreams of `dialect` alone and is never changed.

    `data` is text as that dialect writes it (base64 in all of them).
    """

    dialect: str
    data: str


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """A token, its log probability (natural), its bytes, and the likeliest alternatives (without alternatives of their own)."""

    token: str
    logprob: float
    bytes: tuple[int, ...] | None = None
    top: tuple[TokenLogprob, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. Citations and annotations ride in `extras`."""

    text: str
    cache: CacheMark | None = None
    logprobs: tuple[TokenLogprob, ...] | None = None
    extras: Extras = NO_EXTRAS
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound, film or document: exactly one of `data` (base64 text), `url`, `file_id` and `text` (a plain-text document) is set.

    `file_id` is a file at the upstream's own file store, known to `file_dialect` only. `detail` is OpenAI's resolution hint.
    """

    kind: MediaKind
    media_type: str | None = None
    data: str | None = None
    url: str | None = None
    file_id: str | None = None
    file_dialect: str | None = None
    text: str | None = None
    name: str | None = None
    detail: str | None = None
    cache: CacheMark | None = None
    extras: Extras = NO_EXTRAS
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Thinking:
    """Reasoning of the model. `text` is "" for what is only there as `signature` (redacted or encrypted thoughts).

    A signature without text directly before a `ToolCall` belongs to that call where a dialect signs calls (Gemini).
    `redacted` says that the text was withheld on purpose (Anthropic's `redacted_thinking`).
    """

    text: str
    signature: Signature | None = None
    redacted: bool = False
    extras: Extras = NO_EXTRAS
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool. `arguments` is the JSON text as it was written; for a `custom` tool it is free text.

    In a request it may be malformed JSON: whoever needs an object checks it with `wire.arguments`.
    """

    id: str
    name: str
    arguments: str
    custom: bool = False
    signature: Signature | None = None
    cache: CacheMark | None = None
    extras: Extras = NO_EXTRAS
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave: `Text`, `Media` and `Opaque` blocks. `name` is the tool's, where the dialect says it."""

    call_id: str
    blocks: tuple[Text | Media | Opaque, ...]
    is_error: bool | None = None
    name: str | None = None
    custom: bool = False
    cache: CacheMark | None = None
    extras: Extras = NO_EXTRAS
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model's own words for declining."""

    text: str
    extras: Extras = NO_EXTRAS
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Opaque:
    """A block that only `dialect` understands (server tools, search results, …), as it was written. It can be carried nowhere else."""

    dialect: str
    type: str
    data: Mapping[str, Any]
    at: str = field(default="", compare=False)


Block = Text | Media | Thinking | ToolCall | ToolResult | Refusal | Opaque
