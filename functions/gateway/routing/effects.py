"""What the outcome of a call tells of its target and its key: the observations for the health board."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gateway.neutral.config import UpstreamKey
from gateway.neutral.health import KeySeen, TargetSeen
from gateway.routing.attempts import Try
from gateway.routing.steps import STEPS, Outcome, Step, classify

_COOL_SECONDS: Final = 300.0
_LEAST_COOL: Final = 1.0
_MOST_COOL: Final = 3_600.0
_DEAD_MS: Final = 1_800_000
_STRANGERS_REST_MS: Final = 10_000


def effects(
    made: Try, outcome: Outcome, now_ms: int, first_ms: float | None = None, probe: str | None = None
) -> list[TargetSeen | KeySeen]:
    """What is to be told of a call. `now_ms`: Unix milliseconds; `first_ms`: from the call to its first content, None without content.

    `probe`: the owner of the half-open breaker's probe if this call had won it; the target is then told of even when no call was made, so
    that the probe is free again.
    """
    step = STEPS[classify(outcome)]
    seen: list[TargetSeen | KeySeen] = []
    if step.called or probe is not None:
        candidate = made.candidate
        fault = None if step.ends == "stop_success" else outcome.word
        seen.append(
            TargetSeen(candidate.provider.id, candidate.upstream_model, _ok(step), now_ms, first_ms, fault, probe)
        )
    if made.key is not None and step.key_effect != "none":
        seen.append(_of_key(made.key, step, outcome, now_ms))
    return seen


def _ok(step: Step) -> bool | None:
    return True if step.ends == "stop_success" else False if step.feeds_breaker else None


def _of_key(key: UpstreamKey, step: Step, outcome: Outcome, now_ms: int) -> KeySeen:
    """A throttled key rests for what the provider says, or five minutes; a refused one for half an hour."""
    if step.key_effect == "dead":
        return KeySeen(key, now_ms, dead_until_ms=now_ms + _DEAD_MS, reason=outcome.word)
    asked = _COOL_SECONDS if outcome.retry_after is None else outcome.retry_after
    seconds = min(_MOST_COOL, max(_LEAST_COOL, asked))
    return KeySeen(key, now_ms, cooling_until_ms=now_ms + round(seconds * 1000), reason=outcome.word)


def of_a_stranger(seen: TargetSeen | KeySeen) -> TargetSeen | KeySeen:
    """What a target told that nobody configured: any caller may name one, so it is not remembered for long.

    Providers limit by model: a key that is throttled for the model of somebody's choice is not kept from the others for minutes.
    """
    if isinstance(seen, TargetSeen):
        return replace(seen, configured=False)
    return replace(seen, cooling_until_ms=min(seen.cooling_until_ms, seen.at_ms + _STRANGERS_REST_MS))
