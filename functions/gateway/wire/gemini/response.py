"""Answers of `generateContent`, as a relay reads them. https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.neutral.usage import IMPOSSIBLE, Usage, service_of
from gateway.wire.gemini.errors import kind_of
from gateway.wire.reading import count, impossible


def usage(body: Mapping[str, Any]) -> Usage | None:
    """Usage of an answer or of a chunk, in disjoint buckets; None when there is none.

    `promptTokenCount` includes `cachedContentTokenCount`; `toolUsePromptTokenCount` (results of tools that Google ran) comes on top of it, as
    `thoughtsTokenCount` comes on top of `candidatesTokenCount`: their sum is `totalTokenCount`. Lists of details say how much of a count is
    sound or pictures.
    https://ai.google.dev/api/generate-content#UsageMetadata
    """
    data = body.get("usageMetadata")
    if not counts(data):
        return None
    if impossible(data):
        return IMPOSSIBLE
    prompt = count(data, "promptTokenCount")
    cached = min(prompt, count(data, "cachedContentTokenCount"))
    thoughts = count(data, "thoughtsTokenCount")
    written = count(data, "candidatesTokenCount")
    fresh = prompt - cached + count(data, "toolUsePromptTokenCount")
    return Usage(
        fresh=fresh,
        cache_read=cached,
        output=written + thoughts,
        reasoning=thoughts,
        source="upstream",
        audio_input=min(fresh, _of(data, "promptTokensDetails", "AUDIO", cached="cacheTokensDetails")),
        audio_output=min(written, _of(data, "candidatesTokensDetails", "AUDIO")),
        image_input=min(fresh, _of(data, "promptTokensDetails", "IMAGE", cached="cacheTokensDetails")),
        image_output=min(written, _of(data, "candidatesTokensDetails", "IMAGE")),
        service=_service(data),
    )


def _service(data: Any) -> str:
    """The tier it was served at: `trafficType` says `ON_DEMAND_PRIORITY` or `ON_DEMAND_FLEX`, `serviceTier` the same in a word."""
    told = data.get("serviceTier") or data.get("trafficType")
    return service_of(told.lower().removeprefix("on_demand_")) if isinstance(told, str) else ""


def _of(data: Any, name: str, modality: str, cached: str | None = None) -> int:
    """Tokens of a modality in a list of details, without those in the list `cached`."""
    return max(0, _modality(data.get(name), modality) - (_modality(data.get(cached), modality) if cached else 0))


def _modality(details: Any, modality: str) -> int:
    listed = details if isinstance(details, list) else ()
    return sum(
        count(one, "tokenCount") for one in listed if isinstance(one, Mapping) and one.get("modality") == modality
    )


def counts(data: Any) -> bool:
    """Whether a `usageMetadata` holds counts: the first ones of a stream may name a traffic type alone."""
    return isinstance(data, dict) and ("promptTokenCount" in data or "totalTokenCount" in data)


def error(body: Mapping[str, Any]) -> str | None:
    """The status that an error object in a success or in a stream names; None when there is none."""
    return kind_of(body)


def candidates(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The candidates of an answer or a chunk."""
    found = body.get("candidates")
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping):
            yield one


def parts(candidate: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts of a candidate."""
    content = candidate.get("content")
    found = content.get("parts") if isinstance(content, Mapping) else None
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping):
            yield one


def text(body: Mapping[str, Any]) -> str:
    """All generated text of an answer or a chunk, thoughts and tool arguments included, for an estimate."""
    return "".join(word for candidate in candidates(body) for part in parts(candidate) for word in _words(part))


def _words(part: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(part.get("text"), str):
        yield part["text"]
    call = part.get("functionCall")
    if isinstance(call, Mapping):
        yield f"{call.get('name')}{call.get('args') or ''}"
    code = part.get("executableCode")
    if isinstance(code, Mapping) and isinstance(code.get("code"), str):
        yield code["code"]


def shows(part: Mapping[str, Any]) -> bool:
    """Whether a part holds anything, be it of a kind nobody knows; an empty text, marked as a thought or not, does not."""
    return any(value for name, value in part.items() if name != "thought")


def ended(candidate: Mapping[str, Any]) -> bool:
    """Whether a candidate names the reason why it is complete."""
    return candidate.get("finishReason") not in (None, "", "FINISH_REASON_UNSPECIFIED")


def blocked(body: Mapping[str, Any]) -> str | None:
    """Why the prompt itself was refused; None when it was not."""
    feedback = body.get("promptFeedback")
    reason = feedback.get("blockReason") if isinstance(feedback, Mapping) else None
    return reason if isinstance(reason, str) and reason not in ("", "BLOCK_REASON_UNSPECIFIED") else None
