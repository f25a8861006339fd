"""What the gateway's own questions beside a request may cost its caller: the verdicts of moderations, and the embedding of a question.

Theory of operation. Where money is limited, the worst case of these questions is held with the request's own, before anybody is asked
(`Relaying.run`), and stands in the draft as a purse. Each question is put only to models whose worst case for just this text the purse still holds
(`within`), and what it came to is taken out. So what is settled is never more than what was held, whatever changes between admission and question.
A text in bytes has at least as many as it has tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.errors import Unpriced
from gateway.ingress.relays import Relay
from gateway.policies.metering import price_of
from gateway.policies.reservation import Size, Worst, worst_case
from gateway.routing.candidate import Candidate, Plan

NOTHING: Final = Worst(0, 0, 0, 0)
_AROUND: Final = 16
_MARGINED: Final = (5, 7)  # what is two fifths less than a number: `reservation.input_bound` adds them again
_LONGEST_TOKEN: Final = 5  # bytes, of plain words: what the least cost is reckoned by


@dataclass(frozen=True, slots=True)
class Question:
    """A question that may come to be asked. `read`: the most that the model reads (`weight`). `sure`: it is asked whatever else happens."""

    relay: Relay
    model: str
    read: int
    sure: bool = False


def weight(texts: Iterable[str]) -> int:
    """The most tokens of texts: their bytes, and what stands around each."""
    return sum(len(text.encode("utf-8", "surrogatepass")) + _AROUND for text in texts)


def most(question: Question, candidates: Sequence[Candidate]) -> Worst | None:
    """What a question comes to at most, by the dearest of them whose price is known; None when nobody knows any. Its tokens are nobody's."""
    priced = [one for one in candidates if price_of(one) is not None]
    if not priced:
        return None
    known = worst_case(_size(question.read // _LONGEST_TOKEN), priced).known_nano if question.sure else 0
    part, whole = _MARGINED
    nano = worst_case(_size(-(-question.read * part // whole)), priced).nano
    return Worst(0, nano, 0, min(known, nano))


def _size(tokens: int) -> Size:
    return Size(tokens, generates=False, media=False)


def together(found: Iterable[Worst]) -> Worst:
    """The sum of several."""
    every = list(found)
    return Worst(0, sum(one.nano for one in every), 0, sum(one.known_nano for one in every))


def within(plan: Plan, question: Question, purse: int | None) -> Plan:
    """The plan without whom the purse does not pay; Unpriced when nobody is left. None: money is not limited."""
    if purse is None:
        return plan
    found = tuple(one for one in plan.candidates if _affordable(one, question, purse))
    if not found:
        raise Unpriced("What is held for this request does not pay for the gateway's own question beside it.")
    return replace(plan, candidates=found)


def _affordable(candidate: Candidate, question: Question, purse: int) -> bool:
    worst = most(question, [candidate])
    return worst is not None and worst.nano <= purse


def question_of(relay: Relay, body: Mapping[str, Any]) -> Question:
    """A question that is asked now."""
    given = body["input"]
    return Question(relay, body["model"], weight([given] if isinstance(given, str) else given))
