"""What the questions of all dialects are made of."""

from __future__ import annotations

from typing import Final

# A red pixel, and the shortest file that calls itself a PDF.
IMAGE: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
PDF: Final = "JVBERi0xLjQKJSVFT0YK"
ARGUMENTS: Final = '{"place":"Łódź","unit":"c"}'
LONG_ID: Final = "call_" + "a1|b2/" * 12
UNICODE: Final = "Zażółć gęślą jaźń 👩‍👩‍👧‍👦 \u2028 \u0000 end"
SCHEMA: Final = {
    "type": "object",
    "properties": {"place": {"type": "string"}, "unit": {"type": "string", "enum": ["c", "f"]}},
    "required": ["place"],
}
STRICT_SCHEMA: Final = {
    "type": "object",
    "properties": {"warm": {"type": "boolean"}},
    "required": ["warm"],
    "additionalProperties": False,
}
SIGNATURE: Final = "RXJVQkNrZ0lBUkFCR0FJaVFPWkY="
