"""Requests of clients for an Anthropic upstream, and what the upstream is sent."""

from __future__ import annotations

from typing import Any

from anthropic.types.message_create_params import MessageCreateParamsNonStreaming, MessageCreateParamsStreaming
from pydantic import TypeAdapter
from tests.wire.anthropic_messages.telling import chat, plain

from gateway.neutral.blocks import Signature, Text
from gateway.neutral.request import Message, Request, Tool
from gateway.wire.anthropic_messages.codec import CODEC
from gateway.wire.codec import Upstream

SDK: TypeAdapter[Any] = TypeAdapter(MessageCreateParamsNonStreaming)
SDK_STREAMING: TypeAdapter[Any] = TypeAdapter(MessageCreateParamsStreaming)
TOOL = Tool("f", "Does f.", {"type": "object", "properties": {}}, at="tools[0]")
OWN = Signature("anthropic_messages", "own")
FOREIGN = Signature("gemini", "c2ln")


def encode(request: Request, **upstream: Any) -> tuple[dict[str, Any], list[str]]:
    """The body as it stands on the wire, and `field: action` of each loss. The SDK's own types must know the body."""
    encoded = CODEC.encode_request(request, Upstream("claude", **upstream))
    body: dict[str, Any] = plain(encoded.body)
    (SDK_STREAMING if request.stream else SDK).validate_python(body)
    return body, [f"{loss.field}: {loss.action}" for loss in encoded.losses]


def asked(*messages: Message, **members: Any) -> Request:
    return chat(*messages, **{"max_output_tokens": 4_096, **members})


def words(*capabilities: str) -> dict[str, Any]:
    return {"capabilities": frozenset(capabilities)}


def user(*blocks: Any) -> Message:
    return Message("user", blocks, at="messages[0]")


def said(text: str, role: Any = "assistant", at: str = "messages[1]") -> Message:
    return Message(role, (Text(text, at=f"{at}.content"),), at=at)
