"""A client's generateContent request in neutral form. https://ai.google.dev/api/generate-content#request-body

Members without a neutral meaning stay in the extras under the path the client wrote (`generationConfig.speechConfig`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import CannotCarry
from gateway.neutral.reasoning import EFFORTS
from gateway.neutral.request import Message, Reasoning, Request, ResponseFormat
from gateway.wire.gemini.contents_decode import messages, system_message
from gateway.wire.gemini.fields import DIALECT, extras, flag, members, number, path, texts, whole, words, wrong
from gateway.wire.gemini.schema import to_json_schema
from gateway.wire.gemini.tools_decode import tool_choice, tools

_KNOWN: Final = frozenset(
    ["model", "contents", "systemInstruction", "tools", "generationConfig", "serviceTier", "store"]
)
_CONFIG: Final = "generationConfig"
_READ: Final = frozenset(
    [
        "temperature",
        "topP",
        "topK",
        "maxOutputTokens",
        "stopSequences",
        "seed",
        "presencePenalty",
        "frequencyPenalty",
        "candidateCount",
        "responseMimeType",
        "responseSchema",
        "responseJsonSchema",
        "_responseJsonSchema",
        "responseLogprobs",
        "logprobs",
        "thinkingConfig",
    ]
)
_THINKING: Final = "generationConfig.thinkingConfig"
_THOUGHTS: Final = frozenset(["includeThoughts", "thinkingBudget", "thinkingLevel"])
_TIERS: Final = {"standard": "default"}


def decode_request(data: Mapping[str, Any], *, model: str, stream: bool) -> Request:
    """The request; InvalidRequest names a field that is wrong, CannotCarry one that means something at Google alone."""
    request = decode(data, model=model, stream=stream)
    own = request.extras.get(DIALECT, {})
    if "cachedContent" in own:
        raise CannotCarry(
            "'cachedContent' names a cache that lies at Google; this model's provider is another one.",
            param="cachedContent",
        )
    modalities = own.get(f"{_CONFIG}.responseModalities")
    if modalities is not None:
        field = f"{_CONFIG}.responseModalities"
        raise CannotCarry(f"'{field}' asks for more than text, for which there is no translation.", param=field)
    return request


def decode(data: Mapping[str, Any], *, model: str, stream: bool) -> Request:
    """The request as it is, what means something at Google alone included."""
    body = members(dict(data), "")
    config = members(body.get(_CONFIG, {}), _CONFIG)
    choice, rest = tool_choice(body.pop("toolConfig", {}))
    rest |= {name: body[name] for name in body if name not in _KNOWN}
    rest |= {path(_CONFIG, name): config[name] for name in config if name not in _READ}
    thinking = members(config.get("thinkingConfig", {}), _THINKING)
    rest |= {path(_THINKING, name): thinking[name] for name in thinking if name not in _THOUGHTS}
    if rest.get(f"{_CONFIG}.responseModalities") in (["TEXT"], [], ["text"]):
        del rest[f"{_CONFIG}.responseModalities"]
    found: list[Message] = [system_message(body["systemInstruction"])] if "systemInstruction" in body else []
    tier = words(body, "serviceTier", "")
    return Request(
        dialect=DIALECT,
        model=model,
        messages=(*found, *messages(body.get("contents", []))),
        stream=stream,
        tools=tools(body["tools"]) if "tools" in body else None,
        tool_choice=choice,
        service_tier=_TIERS.get(tier.lower(), tier.lower()) if tier else None,
        store=flag(body, "store", ""),
        extras=extras(rest),
        **_settings(config),
    )


def _settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """Members of the request that stand in `generationConfig`."""
    return {
        "max_output_tokens": whole(config, "maxOutputTokens", _CONFIG, 1),
        "temperature": number(config, "temperature", _CONFIG, 0, 2),
        "top_p": number(config, "topP", _CONFIG, 0, 1),
        "top_k": whole(config, "topK", _CONFIG),
        "stop": texts(config, "stopSequences", _CONFIG),
        "seed": whole(config, "seed", _CONFIG, -(2**31)),
        "frequency_penalty": number(config, "frequencyPenalty", _CONFIG, -2, 2),
        "presence_penalty": number(config, "presencePenalty", _CONFIG, -2, 2),
        "logprobs": flag(config, "responseLogprobs", _CONFIG),
        "top_logprobs": whole(config, "logprobs", _CONFIG, 0, 20),
        "choices": whole(config, "candidateCount", _CONFIG, 1, 128),
        "format": _format(config),
        "reasoning": _reasoning(members(config.get("thinkingConfig", {}), _THINKING)),
    }


def _format(config: Mapping[str, Any]) -> ResponseFormat | None:
    """The form of the answer: a media type, and a schema of either kind."""
    mime = words(config, "responseMimeType", _CONFIG)
    name = next((one for one in ("responseJsonSchema", "_responseJsonSchema") if one in config), None)
    if name is not None and "responseSchema" in config:
        raise wrong(path(_CONFIG, name), "left out where responseSchema is set")
    if mime == "text/x.enum":
        field = path(_CONFIG, "responseMimeType")
        raise CannotCarry("A bare enum value as the answer has no translation; use application/json.", param=field)
    if name is not None:
        if not isinstance(config[name], dict):
            raise wrong(path(_CONFIG, name), "an object")
        return ResponseFormat("json_schema", config[name])
    if "responseSchema" in config:
        return ResponseFormat("json_schema", to_json_schema(config["responseSchema"], path(_CONFIG, "responseSchema")))
    if mime in (None, ""):
        return None
    if mime not in ("text/plain", "application/json"):
        raise wrong(path(_CONFIG, "responseMimeType"), "text/plain or application/json")
    return ResponseFormat("text" if mime == "text/plain" else "json_object")


def _reasoning(thinking: Mapping[str, Any]) -> Reasoning | None:
    """`thinkingBudget`: 0 is off, -1 leaves it to the model. https://ai.google.dev/gemini-api/docs/thinking"""
    if not thinking:
        return None
    visible = flag(thinking, "includeThoughts", _THINKING)
    budget = whole(thinking, "thinkingBudget", _THINKING, -1)
    level = (words(thinking, "thinkingLevel", _THINKING) or "").lower()
    if level in ("", "thinking_level_unspecified"):
        asked = None if budget is None else budget != 0
        return Reasoning(
            asked, budget=budget if budget and budget > 0 else None, adaptive=budget == -1, visible=visible
        )
    if level not in EFFORTS:
        raise wrong(path(_THINKING, "thinkingLevel"), "MINIMAL, LOW, MEDIUM or HIGH")
    return Reasoning(True, effort=level, visible=visible)
