"""Requests of text completions, as a relay reads them. https://platform.openai.com/docs/api-reference/completions/create"""

from __future__ import annotations

from gateway.errors import InvalidRequest
from gateway.wire.json_body import flag_field, parse, text_field
from gateway.wire.openai_chat.request import relay_body
from gateway.wire.reading import Peek

__all__ = ["peek", "relay_body"]


def peek(raw: bytes) -> Peek:
    """Read the model; `prompt` must be there (a string, an array of strings, of token ids, or of such arrays)."""
    body = parse(raw)
    model = text_field(body.data, "model")
    prompt = body.data.get("prompt")
    if prompt is None:
        raise InvalidRequest("The field 'prompt' is missing ('messages' in its place asks for a chat).", param="prompt")
    if not isinstance(prompt, str | list) or prompt == []:
        raise InvalidRequest("The field 'prompt' must be a string or a non-empty array.", param="prompt")
    options = body.data.get("stream_options")
    if options is not None and not isinstance(options, dict):
        raise InvalidRequest("The field 'stream_options' must be an object.", param="stream_options")
    wants_usage = isinstance(options, dict) and options.get("include_usage") is True
    return Peek(body, model, stream=flag_field(body.data, "stream"), wants_usage=wants_usage)
