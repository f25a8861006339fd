"""Names of tools that an upstream would refuse, as names that it takes, and back again.

Clients name tools by what they know: Anthropic takes 128 characters and coding agents put a server's name before each tool's
(`mcp__server__tool`), Google takes dots and colons; OpenAI and Bedrock take 64 letters, digits, `_` and `-`. A name that does not fit is shortened
the same way in every request, and the client gets its own name back in the answer.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from gateway.neutral.blocks import Block, ToolCall, ToolResult
from gateway.neutral.losses import Loss
from gateway.neutral.request import HostedTool, Message, Request, Tool
from gateway.neutral.response import BlockStart, Choice, Event, Response

_LETTERS: Final = frozenset(string.ascii_letters + "_")
_PLAIN: Final = frozenset(string.ascii_letters + string.digits + "_-")
_HASH: Final = 4


@dataclass(frozen=True, slots=True)
class _Rule:
    longest: int
    chars: frozenset[str] = _PLAIN
    first: frozenset[str] = _PLAIN

    def fits(self, name: str) -> bool:
        return 0 < len(name) <= self.longest and name[0] in self.first and self.chars.issuperset(name)


# https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools,
# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html,
# https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools, https://ai.google.dev/api/caching#FunctionDeclaration
_RULES: Final[Mapping[str, _Rule]] = {
    "openai_chat": _Rule(64),
    "openai_responses": _Rule(64),
    "bedrock_converse": _Rule(64),
    "anthropic_messages": _Rule(128),
    "gemini": _Rule(128, _PLAIN | frozenset(".:"), _LETTERS),
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A request whose names all fit. `names` leads from those made here to the client's own."""

    request: Request
    names: Mapping[str, str]
    losses: tuple[Loss, ...]


def fitted(request: Request, dialect: str) -> Fitted:
    """The request with names that upstreams of the dialect take; the same object when all of them did."""
    rule = _RULES[dialect]
    changed = {name: _made(name, rule) for name in _named(request) if name and not rule.fits(name)}
    if not changed:
        return Fitted(request, {}, ())
    losses = tuple(
        Loss(f"{tool.at}.name", "approximated", "the provider is told a name that it takes")
        for tool in request.tools or ()
        if isinstance(tool, Tool) and tool.name in changed
    )
    choice = request.tool_choice
    renamed = replace(
        request,
        tools=None if request.tools is None else tuple(_tool(tool, changed) for tool in request.tools),
        tool_choice=choice and replace(choice, names=tuple(changed.get(name, name) for name in choice.names)),
        messages=tuple(_message(message, changed) for message in request.messages),
    )
    return Fitted(renamed, {made: name for name, made in changed.items()}, losses)


def _named(request: Request) -> set[str]:
    names = {tool.name for tool in request.tools or () if isinstance(tool, Tool)}
    for message in request.messages:
        names.update(block.name for block in message.blocks if isinstance(block, ToolCall))
    return names


def _made(name: str, rule: _Rule) -> str:
    """The name's beginning in the rule's letters, and a hash of all of it."""
    told = hashlib.blake2s(name.encode("utf-8", "surrogatepass"), digest_size=_HASH).hexdigest()
    clean = "".join(char if char in rule.chars else "_" for char in name[: rule.longest - len(told) - 1])
    return f"{clean if clean[0] in rule.first else '_' + clean[1:]}_{told}"


def _tool(tool: Tool | HostedTool, changed: Mapping[str, str]) -> Tool | HostedTool:
    return replace(tool, name=changed[tool.name]) if isinstance(tool, Tool) and tool.name in changed else tool


def _message(message: Message, changed: Mapping[str, str]) -> Message:
    if not any(isinstance(block, ToolCall | ToolResult) for block in message.blocks):
        return message
    return replace(message, blocks=tuple(_block(block, changed) for block in message.blocks))


def _block(block: Block, changed: Mapping[str, str]) -> Block:
    if not isinstance(block, ToolCall | ToolResult) or block.name is None or block.name not in changed:
        return block
    return replace(block, name=changed[block.name])


def restored(response: Response, names: Mapping[str, str]) -> Response:
    """An answer with the client's own names."""
    if not names:
        return response
    choices = (
        Choice(tuple(_block(block, names) for block in one.blocks), one.stop, one.extras) for one in response.choices
    )
    return replace(response, choices=tuple(choices))


def restored_events(events: Iterable[Event], names: Mapping[str, str]) -> Iterable[Event]:
    """A stream's events with the client's own names."""
    if not names:
        return events
    return (
        replace(event, block=_block(event.block, names)) if isinstance(event, BlockStart) else event for event in events
    )
