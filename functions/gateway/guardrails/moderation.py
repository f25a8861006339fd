"""What a moderation model's answer comes to: https://platform.openai.com/docs/api-reference/moderations/object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.neutral.guardrails import Guardrail


def categories(rule: Guardrail, answer: Mapping[str, Any]) -> list[str] | None:
    """The categories that count for a rule, one for each text they were found in; None when the answer says nothing.

    Without `categories` of its own a rule counts what the model flags, and with a `threshold` whatever scores that much.
    """
    results = answer.get("results")
    if not isinstance(results, list) or not results or not all(isinstance(one, Mapping) for one in results):
        return None
    return [name for one in results for name in _found(rule, one)]


def _found(rule: Guardrail, result: Mapping[str, Any]) -> list[str]:
    flags, scores = _object(result, "categories"), _object(result, "category_scores")
    names = rule.categories or tuple({**flags, **scores})
    if rule.threshold is not None:
        return [name for name in names if _score(scores, name) >= rule.threshold]
    found = [name for name in names if flags.get(name) is True]
    return found if found or rule.categories or result.get("flagged") is not True else ["flagged"]


def _object(result: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = result.get(name)
    return value if isinstance(value, Mapping) else {}


def _score(scores: Mapping[str, Any], name: str) -> float:
    value = scores.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else -1.0
