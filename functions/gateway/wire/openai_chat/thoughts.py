"""Thinking on assistant messages, which Chat Completions itself has no member for. Two are in use:

- `reasoning_content` (DeepSeek, vLLM, LiteLLM) or `reasoning` (OpenRouter, Groq, Ollama): the text;
- `reasoning_details` (OpenRouter, https://openrouter.ai/docs/use-cases/reasoning-tokens#reasoning_details-array-structure): entries
  `{"type": "reasoning.text", "text", "signature"}`, `{"type": "reasoning.encrypted", "data"}`, `{"type": "reasoning.summary", "summary"}`, each with
  `id`, `format` and `index`. They carry signatures, so that nothing is lost.

Signatures of other dialects stand in them sealed. What an upstream of this dialect put beside its text is kept whole in one signature: base64 of
the entry as JSON, without the text.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Signature, Thinking
from gateway.wire import signatures

DIALECT: Final = "openai_chat"
_TEXTS: Final = frozenset(["text", "summary"])
# OpenRouter's names for the shape of what is inside.
_FORMATS: Final = {
    "anthropic_messages": "anthropic-claude-v1",
    "bedrock_converse": "anthropic-claude-v1",
    "gemini": "google-gemini-v1",
    "openai_responses": "openai-responses-v1",
}


def pack(entry: Mapping[str, Any]) -> Signature:
    """An upstream's opaque members in one signature of this dialect."""
    return Signature(DIALECT, base64.b64encode(orjson.dumps(entry)).decode())


def unpack(signature: Signature) -> dict[str, Any] | None:
    """What `pack` took; None for a signature that somebody else made."""
    try:
        entry = orjson.loads(base64.b64decode(signature.data, validate=True))
    except (binascii.Error, orjson.JSONDecodeError):
        return None
    return entry if isinstance(entry, dict) else None


def read(holder: Mapping[str, Any], at: str) -> list[Thinking]:
    """The thoughts of a message of a client's or an upstream's, in order."""
    plain = holder.get("reasoning_content") or holder.get("reasoning")
    plain = plain if isinstance(plain, str) else ""
    details = holder.get("reasoning_details")
    found: list[Thinking] = []
    if isinstance(details, list):
        for number, entry in enumerate(details):
            if isinstance(entry, dict) and (block := one(entry, f"{at}.reasoning_details[{number}]")) is not None:
                found.append(block)
    if not any(block.text for block in found) and plain:
        if len(found) == 1 and not found[0].redacted:
            return [Thinking(plain, found[0].signature, at=found[0].at)]
        name = "reasoning_content" if holder.get("reasoning_content") else "reasoning"
        return [Thinking(plain, at=f"{at}.{name}"), *found]
    return found


def one(entry: Mapping[str, Any], at: str = "") -> Thinking | None:
    """One entry of `reasoning_details`; None when it holds nothing."""
    said = entry.get("text") or entry.get("summary")
    said = said if isinstance(said, str) else ""
    redacted = entry.get("type") == "reasoning.encrypted"
    proof = entry.get("data" if redacted else "signature")
    signature = None
    if isinstance(proof, str) and proof:
        signature = signatures.opened(proof, DIALECT)
        if signature.dialect == DIALECT:
            signature = pack({name: value for name, value in entry.items() if name not in _TEXTS and value is not None})
    if not said and signature is None:
        return None
    return Thinking(said, signature, redacted=redacted, at=at)


def detail(block: Thinking, number: int) -> dict[str, Any] | None:
    """The entry of `reasoning_details` for a client; None for a thought without a signature."""
    signature = block.signature
    if signature is None:
        return None
    if signature.dialect == DIALECT:
        return returned(block, number)
    sealed = signatures.seal(signature, DIALECT)
    shape = _FORMATS.get(signature.dialect, "unknown")
    if block.redacted:
        return {"type": "reasoning.encrypted", "data": sealed, "format": shape, "index": number}
    return {"type": "reasoning.text", "text": block.text, "signature": sealed, "format": shape, "index": number}


def returned(block: Thinking, number: int) -> dict[str, Any] | None:
    """The entry an upstream of this dialect once sent, with its text; None when the signature is not of that kind."""
    entry = unpack(block.signature) if block.signature is not None else None
    if entry is None:
        return None
    entry.setdefault("type", "reasoning.encrypted" if block.redacted else "reasoning.text")
    if entry["type"] == "reasoning.summary":
        entry["summary"] = block.text
    elif entry["type"] != "reasoning.encrypted":
        entry["text"] = block.text
    return {**entry, "index": number}


def written(blocks: Iterable[Thinking]) -> dict[str, Any]:
    """The members for a client's answer: `reasoning_content` with all text, and `reasoning_details` when there are signatures."""
    thoughts = list(blocks)
    members: dict[str, Any] = {}
    if said := "".join(block.text for block in thoughts):
        members["reasoning_content"] = said
    if any(block.signature is not None for block in thoughts):
        entries = [detail(block, number) or _plain(block, number) for number, block in enumerate(thoughts)]
        members["reasoning_details"] = entries
    return members


def _plain(block: Thinking, number: int) -> dict[str, Any]:
    return {"type": "reasoning.text", "text": block.text, "index": number}
