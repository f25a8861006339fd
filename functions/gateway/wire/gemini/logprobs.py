"""Log probabilities: https://ai.google.dev/api/generate-content#LogprobsResult. Gemini names token ids, not bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.neutral.blocks import TokenLogprob


def decode(value: Any) -> tuple[TokenLogprob, ...]:
    """The tokens of a `logprobsResult`; what cannot be read is left out."""
    if not isinstance(value, Mapping):
        return ()
    tops = value.get("topCandidates")
    rows = [tuple(_tokens(one.get("candidates"))) if isinstance(one, Mapping) else () for one in _list(tops)]
    chosen = list(_tokens(value.get("chosenCandidates")))
    return tuple(
        TokenLogprob(one.token, one.logprob, top=rows[index] if index < len(rows) else ())
        for index, one in enumerate(chosen)
    )


def encode(tokens: Sequence[TokenLogprob]) -> dict[str, Any]:
    """A `logprobsResult`."""
    found: dict[str, Any] = {"chosenCandidates": [_written(one) for one in tokens]}
    if any(one.top for one in tokens):
        found["topCandidates"] = [{"candidates": [_written(top) for top in one.top]} for one in tokens]
    return found


def _written(one: TokenLogprob) -> dict[str, Any]:
    return {"token": one.token, "logProbability": one.logprob}


def _tokens(value: Any) -> Iterator[TokenLogprob]:
    for one in _list(value):
        if isinstance(one, Mapping) and isinstance(one.get("token"), str):
            probability = one.get("logProbability", 0.0)
            if isinstance(probability, int | float) and not isinstance(probability, bool):
                yield TokenLogprob(one["token"], float(probability))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
