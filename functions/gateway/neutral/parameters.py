"""Which members of a request body a provider's `default_parameters` may never hold.

What is asked (the conversation, its tools), of whom (the model) and in which form the answer comes (a stream, later) is the client's alone: a
default of these would answer another question than the one that was asked, or answer it in a form the client cannot read.
"""

from __future__ import annotations

from typing import Final

RESERVED_PARAMETERS: Final = frozenset(
    [
        # whom
        "model",
        "models",
        "modelId",
        # what
        "messages",
        "input",
        "contents",
        "content",
        "requests",
        "prompt",
        "suffix",
        "system",
        "systemInstruction",
        "system_instruction",
        "instructions",
        "previous_response_id",
        "conversation",
        "tools",
        "tool_choice",
        "tool_config",
        "toolConfig",
        "functions",
        "function_call",
        # in which form
        "stream",
        "stream_options",
        "background",
    ]
)
