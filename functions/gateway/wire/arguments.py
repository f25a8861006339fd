"""Arguments of tool calls, which some dialects write as JSON text and others as an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from gateway.errors import InvalidRequest
from gateway.neutral.blocks import ToolCall


def as_object(call: ToolCall) -> orjson.Fragment:
    """The arguments as a JSON object for orjson, byte for byte as they were written; "" is {}. InvalidRequest when they are none.

    A custom tool's free text becomes `{"input": text}`, the parameter that `custom_schema` declares.
    """
    if call.custom:
        return orjson.Fragment(orjson.dumps({"input": call.arguments}))
    if not call.arguments.strip():
        return orjson.Fragment(b"{}")
    try:
        value = orjson.loads(call.arguments)
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(
            f"The arguments of the tool call at '{call.at}' are not valid JSON: {error.msg}.", param=call.at or None
        ) from None
    if not isinstance(value, dict):
        raise InvalidRequest(
            f"The arguments of the tool call at '{call.at}' must be a JSON object.", param=call.at or None
        )
    return orjson.Fragment(call.arguments.encode())


def custom_words(description: str | None, form: Mapping[str, Any] | None) -> str | None:
    """What a model should know of a custom tool's input where nobody enforces its grammar: the grammar itself."""
    form = form or {}
    grammar = form.get("definition")
    if not isinstance(grammar, str):
        return description
    return f"The tool's input, as free text by this {form.get('syntax', '')} grammar:\n{grammar}"


def custom_schema(description: str | None) -> dict[str, object]:
    """JSON Schema of a custom tool where tools take objects only."""
    return {
        "type": "object",
        "properties": {"input": {"type": "string", "description": description or "The tool's input, as free text."}},
        "required": ["input"],
        "additionalProperties": False,
    }


def custom_input(arguments: str) -> str | None:
    """The free text out of `{"input": text}`; None when a model wrote something else."""
    try:
        value = orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return None
    found = value.get("input") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
