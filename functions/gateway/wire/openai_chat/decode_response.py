"""An upstream's whole answer in the neutral form: https://platform.openai.com/docs/api-reference/chat/object

Read beside OpenAI's own members: `reasoning_content` (DeepSeek, vLLM, xAI), `reasoning` and `reasoning_details` (OpenRouter, Groq, Ollama),
lists of chunks as `content` (Mistral), `images` (OpenRouter), arguments as an object, missing ids of calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from gateway.errors import BadAnswer
from gateway.neutral.blocks import (
    NO_EXTRAS,
    Block,
    Media,
    Opaque,
    Refusal,
    Signature,
    Text,
    Thinking,
    TokenLogprob,
    ToolCall,
)
from gateway.neutral.response import Choice, Response
from gateway.wire.openai_chat import finish, response, thoughts
from gateway.wire.openai_chat.thoughts import DIALECT


def decode_response(data: Mapping[str, Any], seed: str) -> Response:
    """The answer; BadAnswer when it is none. `seed` makes ids of calls where the upstream gave none.

    `system_fingerprint` is not kept: it tells the vendor's backend, in every answer, and is nothing of the answer's that could be lost.
    """
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices:
        raise BadAnswer("The provider's answer holds no choices.")
    ordered = sorted(enumerate(choices), key=lambda pair: _index(pair[1], pair[0]))
    try:
        found = tuple(_choice(choice, f"{seed}_{number}") for number, choice in ordered)
    except orjson.JSONEncodeError:
        raise BadAnswer("The provider's answer is nested too deep.") from None
    return Response(
        found,
        text_of(data.get("id")),
        text_of(data.get("model")),
        created_of(data),
        response.usage(data),
        text_of(data.get("service_tier")),
    )


def text_of(value: Any) -> str | None:
    """A non-empty string, else None."""
    return value if isinstance(value, str) and value else None


def created_of(data: Mapping[str, Any]) -> int | None:
    """`created` in Unix seconds; some servers write it as a float."""
    value = data.get("created")
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _index(choice: Any, place: int) -> int:
    value = choice.get("index") if isinstance(choice, Mapping) else None
    return value if isinstance(value, int) else place


def _choice(choice: Any, seed: str) -> Choice:
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(message, Mapping):
        raise BadAnswer("A choice of the provider's answer holds no message.")
    said = [*thoughts.read(message, ""), *_said(message, choice)]
    refusal = text_of(message.get("refusal"))
    if refusal is not None:
        said.append(Refusal(refusal))
    calls = tool_calls(message, seed)
    answered = any(isinstance(block, Text) and block.text for block in said)
    stop = finish.read(choice, called=bool(calls), refused=refusal is not None and not answered)
    return Choice((*said, *calls), stop)


def _said(message: Mapping[str, Any], choice: Mapping[str, Any]) -> list[Block]:
    """Text, pictures and sound of an answer."""
    blocks = [one for one in content(message.get("content")) if not isinstance(one, Text) or one.text]
    tokens = logprobs_of(choice)
    notes = message.get("annotations")
    texts = [number for number, block in enumerate(blocks) if isinstance(block, Text)]
    if texts and (tokens or notes):
        last = blocks[texts[-1]]
        assert isinstance(last, Text)
        extras = {DIALECT: {"annotations": notes}} if isinstance(notes, list) and notes else NO_EXTRAS
        blocks[texts[-1]] = Text(last.text, logprobs=tokens or None, extras=extras)
    blocks += images(message)
    sound = message.get("audio")
    if isinstance(sound, Mapping):
        blocks.append(Opaque(DIALECT, "audio", sound))
    return blocks


def content(value: Any) -> Iterable[Block]:
    """`content` as blocks: a string, or Mistral's list of chunks."""
    if isinstance(value, str):
        yield Text(value)
    for chunk in value if isinstance(value, list) else ():
        if not isinstance(chunk, Mapping):
            continue
        kind = chunk.get("type")
        if kind == "text" and isinstance(chunk.get("text"), str):
            yield Text(chunk["text"])
        elif kind == "thinking":
            yield Thinking(_thought(chunk.get("thinking")))
        elif isinstance(kind, str):
            yield Opaque(DIALECT, kind, chunk)


def _thought(value: Any) -> str:
    if isinstance(value, str):
        return value
    pieces = value if isinstance(value, list) else []
    return "".join(str(piece.get("text") or "") for piece in pieces if isinstance(piece, Mapping))


def images(message: Mapping[str, Any]) -> list[Block]:
    """OpenRouter's generated pictures: `images: [{"type": "image_url", "image_url": {"url"}}]`."""
    found: list[Block] = []
    entries = message.get("images")
    for entry in entries if isinstance(entries, list) else ():
        held = entry.get("image_url") if isinstance(entry, Mapping) else None
        url = held.get("url") if isinstance(held, Mapping) else None
        if not isinstance(url, str):
            continue
        head, comma, data = url.partition(";base64,")
        found.append(Media("image", head.removeprefix("data:"), data) if comma else Media("image", url=url))
    return found


def tool_calls(message: Mapping[str, Any], seed: str) -> list[ToolCall]:
    """`tool_calls`, or the deprecated `function_call`."""
    entries = message.get("tool_calls")
    found: list[ToolCall] = []
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping):
            found.append(_call(entry, text_of(entry.get("id")) or f"call_{seed}_{number}"))
    legacy = message.get("function_call")
    if not found and isinstance(legacy, Mapping):
        found.append(_call({"function": legacy}, f"call_{seed}_0"))
    return found


def _call(entry: Mapping[str, Any], call_id: str) -> ToolCall:
    custom = entry.get("type") == "custom"
    held = entry.get("custom" if custom else "function")
    name = text_of(held.get("name")) if isinstance(held, Mapping) else None
    if not isinstance(held, Mapping) or name is None:
        raise BadAnswer("A tool call of the provider's answer names no tool.")
    return ToolCall(
        call_id, name, arguments_of(held.get("input" if custom else "arguments")), custom, call_signature(entry)
    )


def arguments_of(value: Any) -> str:
    """Arguments as JSON text; some servers send the object itself."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def call_signature(entry: Mapping[str, Any]) -> Signature | None:
    """What an upstream put beside a call to get it back (Gemini's OpenAI endpoint: `extra_content.google.thought_signature`)."""
    held = entry.get("extra_content")
    return thoughts.pack({"extra_content": held}) if isinstance(held, Mapping) and held else None


def logprobs_of(choice: Mapping[str, Any]) -> tuple[TokenLogprob, ...]:
    """`logprobs.content` of a choice."""
    held = choice.get("logprobs")
    tokens = held.get("content") if isinstance(held, Mapping) else None
    return tuple(_token(one) for one in tokens if isinstance(one, Mapping)) if isinstance(tokens, list) else ()


def _token(entry: Mapping[str, Any]) -> TokenLogprob:
    raw, top = entry.get("bytes"), entry.get("top_logprobs")
    value = entry.get("logprob")
    return TokenLogprob(
        str(entry.get("token", "")),
        float(value) if isinstance(value, int | float) else 0.0,
        tuple(raw) if isinstance(raw, list) else None,
        tuple(_token(one) for one in top if isinstance(one, Mapping)) if isinstance(top, list) else (),
    )
