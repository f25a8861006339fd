"""A client's system instruction and contents, as messages.

Clients that stream keep every chunk as a content of its own. So neighbouring contents of the model are one message here, and neighbouring
pieces of its text or of one thought are one block: a thought must come back to its upstream with its signature, whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import Block, Text, Thinking
from gateway.neutral.request import Message, Role
from gateway.wire.gemini.fields import DIALECT, entries, extras, members, path, words
from gateway.wire.gemini.parts_decode import PartsReader

_ROLES: Final[dict[str, Role]] = {
    "": "user",
    "user": "user",
    "model": "assistant",
    "function": "user",
    "tool": "user",
}


def system_message(value: Any) -> Message:
    """The system instruction; its role means nothing."""
    at = "systemInstruction"
    if isinstance(value, str):
        return Message("system", (Text(value, at=at),), at=at)
    content = members(value, at)
    reader = PartsReader()
    where = path(at, "parts")
    parts = entries(content.get("parts", []), where)
    return Message("system", tuple(reader.read(one, f"{where}[{n}]") for n, one in enumerate(parts)), at=at)


def messages(value: Any) -> list[Message]:
    """The messages of `contents`; InvalidRequest names the field that is wrong."""
    contents = entries(value, "contents")
    if not contents:
        raise InvalidRequest("The field 'contents' must be a non-empty array.", param="contents")
    reader = PartsReader()
    found: list[Message] = []
    for index, one in enumerate(contents):
        message = _message(one, f"contents[{index}]", reader)
        if message.role == "assistant":
            before = found.pop() if found and found[-1].role == "assistant" else None
            blocks = message.blocks if before is None else (*before.blocks, *message.blocks)
            message = replace(before or message, blocks=_joined(blocks))
        found.append(message)
    return found


def _message(value: Any, at: str, reader: PartsReader) -> Message:
    content = members(value, at)
    role = _ROLES.get(words(content, "role", at) or "")
    if role is None:
        raise InvalidRequest(f"The field '{at}.role' must be 'user' or 'model'.", param=f"{at}.role")
    where = path(at, "parts")
    parts = entries(content.get("parts", []), where)
    if not parts and role == "user":
        raise InvalidRequest(f"The field '{where}' must be a non-empty array.", param=where)
    blocks = tuple(reader.read(one, f"{where}[{index}]") for index, one in enumerate(parts))
    rest = {name: content[name] for name in content if name not in ("role", "parts")}
    return Message(role, blocks, extras=extras(rest), at=at)


def _joined(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Pieces of one text, and pieces of one thought up to its signature, put together."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Text) and isinstance(last, Text) and not (block.extras or last.extras):
            found[-1] = replace(last, text=last.text + block.text)
        elif isinstance(block, Thinking) and isinstance(last, Thinking) and _one_thought(last, block):
            found[-1] = replace(last, text=last.text + block.text, signature=block.signature)
        else:
            found.append(block)
    return tuple(found)


def _one_thought(first: Thinking, second: Thinking) -> bool:
    """A signature ends a thought. One of Gemini's own without text is that of the next part, or of the text before it."""
    if first.signature is not None or first.redacted or second.redacted:
        return False
    return bool(second.text) or second.signature is None or second.signature.dialect != DIALECT
