"""A whole answer under guardrails, as its dialect writes it: looked at where the model speaks, changed in place, or emptied.

Nothing else of it changes: ids, usage and what only its vendor knows stay as they came. An answer in which nothing is masked is the very same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.guardrails.output import Watched
from gateway.guardrails.texts import left

_SPOKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "openai_chat": ("choices",),
    "openai_responses": ("output",),
    "openai_completions": ("choices",),
    "openai_transcriptions": ("text", "segments", "words"),
    "anthropic_messages": ("content",),
    "gemini": ("candidates",),
}
"""Members in which the model's words are, by dialect. Others of an answer repeat what the client said, or say nothing."""

_LEFT: Final = frozenset(
    [
        *(
            "type",
            "id",
            "role",
            "name",
            "call_id",
            "status",
            "object",
            "index",
            "model",
            "finish_reason",
            "finishReason",
        ),
        *("stop_reason", "signature", "thoughtSignature", "encrypted_content", "media_type", "mimeType", "url", "uri"),
        *("data", "b64_json", "logprobs", "logprobsResult", "file_id", "container_id", "tool_use_id", "tool_call_id"),
        *("encrypted_index", "inlineData", "fileData", "safetyRatings"),
    ]
)
_FREE: Final = frozenset(["input", "args"])
_PROOFS: Final = ("thoughtSignature", "encrypted_content")
_SPELLED: Final = ("logprobs", "logprobsResult", "avgLogprobs")


def looked(dialect: str, answer: Mapping[str, Any], watched: Watched) -> Mapping[str, Any]:
    """The answer as the client may have it; `watched.blocked` says whether it may have it at all."""
    spoken = {name: answer[name] for name in _SPOKEN.get(dialect, ()) if name in answer}
    found = {name: _walk(value, watched) for name, value in spoken.items()}
    if all(found[name] is spoken[name] for name in found):
        return answer
    return {**answer, **{name: _unspelled(value) for name, value in found.items()}}


def words(dialect: str, answer: Mapping[str, Any]) -> list[str]:
    """The texts of an answer."""
    kept = _Kept()
    for name in _SPOKEN.get(dialect, ()):
        _walk(answer.get(name), kept)
    return kept.texts


class _Kept(Watched):
    """Finds nothing, and remembers every text."""

    def __init__(self) -> None:
        super().__init__(())
        self.texts: list[str] = []

    def text(self, text: str) -> str:
        self.texts.append(text)
        return text


def _walk(value: Any, watched: Watched) -> Any:
    if isinstance(value, str):
        return watched.text(value) if value else value
    if isinstance(value, list):
        items = [_walk(item, watched) for item in value]
        return value if all(one is other for one, other in zip(items, value, strict=True)) else items
    if not isinstance(value, Mapping):
        return value
    names = left(value, _LEFT)
    members = {name: _member(name, item, watched) for name, item in value.items() if name not in names}
    if all(item is value[name] for name, item in members.items()):
        return value
    return _unproved({name: members.get(name, item) for name, item in value.items()})


def _member(name: str, value: Any, watched: Watched) -> Any:
    if name == "arguments" and isinstance(value, str):
        return watched.arguments(value)
    if name in _FREE and isinstance(value, Mapping):
        return watched.data(value, free=True)
    return _walk(value, watched)


def _unproved(value: dict[str, Any]) -> dict[str, Any]:
    """An object whose words were changed, without what proved them."""
    found = {name: item for name, item in value.items() if name not in _PROOFS}
    return found | {"signature": ""} if "signature" in found else found


def _unspelled(value: Any) -> Any:
    """What was changed, without the tokens that spell out what it was."""
    if isinstance(value, list):
        return [_unspelled(item) for item in value]
    if isinstance(value, Mapping):
        return {name: None if name in _SPELLED else _unspelled(item) for name, item in value.items()}
    return value


# -- blocked ------------------------------------------------------------------------------------------------------------


def emptied(dialect: str, answer: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer without a word, ended as the dialect says that a filter stepped in; None where it cannot say so."""
    empty = _EMPTY.get(dialect)
    return None if empty is None else {**answer, **empty(answer)}


def _chat(answer: Mapping[str, Any]) -> dict[str, Any]:
    message = {"role": "assistant", "content": "", "refusal": None}
    return {"choices": [{"index": at, "message": message, **_FILTERED} for at in _numbers(answer, "choices")]}


def _text(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"choices": [{"index": at, "text": "", **_FILTERED} for at in _numbers(answer, "choices")]}


def _gemini(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"candidates": [{"index": at, "finishReason": "SAFETY"} for at in _numbers(answer, "candidates")]}


def _responses(answer: Mapping[str, Any]) -> dict[str, Any]:
    del answer
    return {"output": [], "status": "incomplete", "incomplete_details": {"reason": "content_filter"}}


def _messages(answer: Mapping[str, Any]) -> dict[str, Any]:
    del answer
    return {"content": [], "stop_reason": "refusal", "stop_sequence": None}


def _numbers(answer: Mapping[str, Any], name: str) -> range:
    choices = answer.get(name)
    return range(max(1, len(choices) if isinstance(choices, list) else 1))


_FILTERED: Final = {"logprobs": None, "finish_reason": "content_filter"}
_EMPTY: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "openai_chat": _chat,
    "openai_completions": _text,
    "openai_responses": _responses,
    "anthropic_messages": _messages,
    "gemini": _gemini,
}
