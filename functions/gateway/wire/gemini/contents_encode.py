"""Messages as a system instruction and contents. https://ai.google.dev/api/caching#Content

Roles alternate: neighbours of one role are joined, which also puts the results of parallel calls into one content, as Google wants them.
"""

from __future__ import annotations

from typing import Any, Final

from gateway.neutral.blocks import Text
from gateway.neutral.request import Message, Request
from gateway.wire.carrying import Carrying
from gateway.wire.gemini.fields import DIALECT
from gateway.wire.gemini.parts_encode import Part, PartsWriter

# Accepted in place of a signature that is not there: https://ai.google.dev/gemini-api/docs/thought-signatures#faqs
PLACEHOLDER: Final = "skip_thought_signature_validator"


def contents(request: Request, carrying: Carrying, *, signed: bool) -> tuple[Part | None, list[dict[str, Any]]]:
    """The system instruction (None when there is none) and the contents. `signed`: the model demands signatures on calls of the turn."""
    writer = PartsWriter(carrying, nested_media=signed)
    system: list[Part] = []
    found: list[dict[str, Any]] = []
    for message in request.messages:
        instructs = message.role in ("system", "developer")
        parts = _plain(message, carrying) if instructs else writer.write(message.blocks)
        _about(message, carrying)
        if instructs and not found:
            system += parts
            continue
        if instructs:
            carrying.approximate(message.at or "messages", "a later instruction is sent as the user's text")
        role = "model" if message.role == "assistant" else "user"
        if found and found[-1]["role"] == role:
            found[-1]["parts"] += parts
        elif parts or (message.blocks and role == "user"):  # a question without a word in it is the provider's to judge
            found.append({"role": role, "parts": parts or [{"text": ""}]})
    if not found and not system:
        carrying.refuse("messages", "nothing is left to send")
    if not found:
        carrying.approximate("messages", "without a message of the user, the last instruction is sent as one")
        found.append({"role": "user", "parts": [system.pop()]})
    if signed:
        _sign(found, carrying)
    return ({"parts": system} if system else None), found


def _about(message: Message, carrying: Carrying) -> None:
    if message.name is not None:
        carrying.drop(f"{message.at or 'messages'}.name", "messages have no names")
    carrying.leave_extras(message.extras, DIALECT, message.at)


def _plain(message: Message, carrying: Carrying) -> list[Part]:
    """An instruction: text alone."""
    parts: list[Part] = []
    for block in message.blocks:
        if not isinstance(block, Text):
            carrying.refuse(block.at or message.at or "messages", "instructions may hold text only")
        if block.cache is not None:
            carrying.drop("cache_control", "this provider caches prompts by itself")
        carrying.leave_extras(block.extras, DIALECT, block.at)
        if block.text:
            parts.append({"text": block.text})
    return parts


def _sign(found: list[dict[str, Any]], carrying: Carrying) -> None:
    """Put the placeholder on the first call of each step of the current turn that has no signature.

    The turn begins at the last content of the user without results of tools: text beside results (clients put hints there) begins none.
    Parallel calls are signed at the first one.
    """
    for content in reversed(found):
        if content["role"] == "user":
            if not any("functionResponse" in part for part in content["parts"]):
                return
            continue
        first = next((part for part in content["parts"] if "functionCall" in part), None)
        if first is not None and "thoughtSignature" not in first:
            first["thoughtSignature"] = PLACEHOLDER
            carrying.default(
                "messages", "the model demands a thought signature on calls; the documented placeholder is sent"
            )
