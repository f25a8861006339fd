"""What one call of an upstream came to, and what may follow it. The whole policy is the table below; `attempts` only obeys it.

::

    class            what                                           retry  next key  next target  breaker  key
    success          2xx                                            ends `stop_success`           good     -
    client_error     400, 413, 422, any other 4xx                   ends `stop_client_error`      -        -
    client_gone      the client left, or asked for a stop           ends `stop_client_gone`       -        -
    out_of_time      no time is left, and no content came           ends `stop_time`              bad      -
    too_long         no time is left behind content                 ends `stop_after_content`     -        -
    throttled        429                                            last   yes       yes          -        cools
    key_refused      401, 402, 403                                  -      yes       yes          -        dead
    key_unreadable   the stored credential cannot be opened now     -      yes       yes          no call  -
    not_found        404; 403 or 429 that is not about the key      -      -         yes          -        -
    redirected       3xx: not followed                              -      -         yes          bad      -
    unsupported      501, 505                                       -      -         yes          -        -
    locked           409: somebody else works on it                 yes    -         yes          -        -
    provider_fault   408, 5xx, 529; refused, DNS, timeout, reset,   yes    -         yes          bad      -
                     cut, an answer that is none
    uncallable       no form for a feature, an address or           -      -         yes          no call  -
                     configuration that cannot be called
    probe_taken      half-open, and another request has the probe   -      -         yes          no call  -

`last`: only when there is neither another key nor another target, and only after the `Retry-After` that was given. Whatever the class,
nothing follows once the client has content. An error inside a 200 is of the class of the status it stands for.

401, 402 and 403 speak of the gateway's credential (a 403 about the model, what was said or the place does not, nor a 429 about this one request's
size, and any caller can provoke those: the key lives), 404 of the provider's catalogue, so another may serve; 400 and the like would be told by every
provider, and trying them all would cost time and the blame. 408 and 409 are retried as the vendors' own clients do
(https://github.com/openai/openai-python/blob/main/src/openai/_base_client.py). 501 and 505 are lasting (RFC 9110 §15.6.2, §15.6.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

FaultClass = Literal[
    "success",
    "client_error",
    "client_gone",
    "out_of_time",
    "too_long",
    "throttled",
    "key_refused",
    "key_unreadable",
    "not_found",
    "redirected",
    "unsupported",
    "locked",
    "provider_fault",
    "uncallable",
    "probe_taken",
]

# Why a try was made, or why none was: the words of `Attempt.next` in log rows. Words are added, never changed.
Why = Literal[
    "first",  # the first try of the request; no attempt came before it
    "retry",  # the same target with the same key, after a wait
    "next_key",  # the same target with the next key of its provider, at once
    "next_target",  # the next target of the plan, at once
    "stop_success",  # it succeeded
    "stop_client_error",  # the request itself is at fault, and would be everywhere
    "stop_client_gone",  # nobody waits for an answer any more
    "stop_after_content",  # the client has a part of the answer; another would be mixed into it
    "stop_time",  # too little time is left for another call
    "stop_calls",  # `Retry.max_calls` calls were made
    "stop_budget",  # only a retry was left, and the budget for retries is used up
    "stop_retry_after",  # only a retry was left, and the provider wants a longer wait than is allowed
    "stop_hedged",  # another call, beside it, had content first
    "stop_probe",  # only a retry was left, and a half-open breaker lets one call through
    "exhausted",  # every key and target was tried as often as it may be
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a try came to.

    `status`: of the provider's answer, None when there was none; for an error inside a 200, the status it stands for (None = it says none).
    `fault`: None for a success; a code of `gateway.upstream.faults` or of `_CLASSES`; else (`upstream_status`, `in_band_error`, a provider's
    own word) the status decides. `retry_after`: seconds (`gateway.routing.retry_after`). `content`: the client has content, or the answer
    was delivered whole. `remaining`: seconds left for the request, None = unlimited. `now`: monotonic seconds, for the budget.
    """

    status: int | None
    fault: str | None
    retry_after: float | None = None
    content: bool = False
    remaining: float | None = None
    now: float = 0.0

    @property
    def word(self) -> str | None:
        """The fault in one word, for health and messages: our code where we found it, the status where the provider told it."""
        if self.status is not None and self.status >= 300 and self.fault not in _CLASSES:
            return str(self.status)
        if self.fault is None and self.status is not None:
            return None
        return self.fault or "no_answer"


@dataclass(frozen=True, slots=True)
class Step:
    """What may follow an outcome of a class. `ends`: nothing, for this reason. Retry first, then key, then target; `last_resort`: retry last.

    `called` False: no provider was asked, which tells nothing of it and counts as no call.
    """

    retry: bool = False
    next_key: bool = False
    next_target: bool = False
    feeds_breaker: bool = False
    key_effect: Literal["none", "cool", "dead"] = "none"
    last_resort: bool = False
    called: bool = True
    ends: Why | None = None


STEPS: Final[Mapping[FaultClass, Step]] = MappingProxyType(
    {
        "success": Step(ends="stop_success"),
        "client_error": Step(ends="stop_client_error"),
        "client_gone": Step(ends="stop_client_gone"),
        "out_of_time": Step(ends="stop_time", feeds_breaker=True),
        "too_long": Step(ends="stop_after_content"),
        "throttled": Step(retry=True, next_key=True, next_target=True, key_effect="cool", last_resort=True),
        "key_refused": Step(next_key=True, next_target=True, key_effect="dead"),
        "key_unreadable": Step(next_key=True, next_target=True, called=False),
        "not_found": Step(next_target=True),
        "redirected": Step(next_target=True, feeds_breaker=True),
        "unsupported": Step(next_target=True),
        "locked": Step(retry=True, next_target=True),
        "provider_fault": Step(retry=True, next_target=True, feeds_breaker=True),
        "uncallable": Step(next_target=True, called=False),
        "probe_taken": Step(next_target=True, called=False),
    }
)

# Codes of ours that say the class by themselves.
_CLASSES: Final[Mapping[str, FaultClass]] = MappingProxyType(
    {
        "upstream_unreachable": "provider_fault",
        "upstream_dns": "provider_fault",
        "upstream_connect_timeout": "provider_fault",
        "upstream_timeout": "provider_fault",
        "upstream_idle_timeout": "provider_fault",
        "upstream_reset": "provider_fault",
        "upstream_cut": "provider_fault",
        "upstream_bad_answer": "provider_fault",
        "upstream_error": "provider_fault",
        "upstream_total_timeout": "out_of_time",
        "provider_unavailable": "uncallable",
        "unsafe_url": "uncallable",
        "cannot_carry": "uncallable",
        "unsupported_by_provider": "uncallable",
        "probe_taken": "probe_taken",
        "model_refused": "not_found",
        "key_unreadable": "key_unreadable",
        "client_gone": "client_gone",
    }
)

_STATUSES: Final[Mapping[int, FaultClass]] = MappingProxyType(
    {
        401: "key_refused",
        402: "key_refused",
        403: "key_refused",
        404: "not_found",
        408: "provider_fault",
        409: "locked",
        429: "throttled",
        501: "unsupported",
        505: "unsupported",
    }
)


def classify(outcome: Outcome) -> FaultClass:
    """The class of an outcome. What is not known is the provider's fault: an answer that nobody understands is no answer."""
    status, fault = outcome.status, outcome.fault
    if status is not None and 300 <= status < 400:
        return "redirected"
    if fault is not None and fault in _CLASSES:
        found = _CLASSES[fault]
        return "too_long" if found == "out_of_time" and outcome.content else found
    if status is None:
        return "provider_fault"
    if 200 <= status < 300:
        return "success" if fault is None else "provider_fault"
    return _STATUSES.get(status, "client_error" if 400 <= status < 500 else "provider_fault")
