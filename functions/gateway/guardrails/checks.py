"""The guardrails that hold for a request, and what they say of its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.guardrails import texts
from gateway.guardrails.finding import Finder, Found, finder, masked
from gateway.neutral.guardrails import Guardrail, Role, Stage, Verdict
from gateway.routing.patterns import PatternError


@dataclass(frozen=True, slots=True)
class Check:
    """A guardrail with its eyes. `find` None: it looks at no words (a limit, a moderation model), or its pattern is none any more."""

    guardrail: Guardrail
    find: Finder | None = None

    def verdict(self, stage: Stage, sorts: Iterable[str]) -> Verdict:
        """What it says of what was found; one sort per match."""
        counted = Counter(sorts)
        rule = self.guardrail
        return Verdict(rule.id, rule.kind, stage, rule.action, sum(counted.values()), tuple(sorted(counted)), rule.name)


def check_of(guardrail: Guardrail) -> Check:
    """The guardrail at work. One whose pattern this version cannot read blocks all that it would look at: no rule may be an open door."""
    if guardrail.kind not in {"deny", "pii"}:
        return Check(guardrail)
    try:
        return Check(guardrail, finder(guardrail))
    except PatternError:
        return Check(replace(guardrail, action="block"), _everything)


def unknown(name: str) -> Check:
    """In the place of a guardrail that a route names and the release does not have: as above."""
    return Check(Guardrail(name, "deny", ("input", "output")), _everything)


def _everything(text: str) -> Sequence[Found]:
    return [Found(0, len(text), "pattern")] if text else []


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request's texts: verdicts, its data (the same object when nothing was masked), and the check that blocks it."""

    verdicts: tuple[Verdict, ...]
    data: Mapping[str, Any]
    blocked: Check | None = None


def check_input(checks: Sequence[Check], data: Mapping[str, Any], tokens: Callable[[], int]) -> Outcome:
    """Apply checks in order, each to what the one before left. `tokens` estimates the input; it is called where a limit is in tokens."""
    verdicts: list[Verdict] = []
    for check in checks:
        if "input" not in check.guardrail.stages:
            continue
        sorts: list[str] = []
        if check.find is not None:
            data = texts.changed(data, _changing(check, check.find, sorts))
        elif check.guardrail.kind == "max_input":
            sorts = _too_much(check, data, tokens)
        if sorts:
            verdicts.append(check.verdict("input", sorts))
            if check.guardrail.action == "block":
                return Outcome(tuple(verdicts), data, check)
    return Outcome(tuple(verdicts), data)


def veiled(checks: Sequence[Check], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A request that was blocked, as it may be kept: with all that any of them finds masked."""
    for check in checks:
        if check.find is not None:
            seeing = replace(check, guardrail=replace(check.guardrail, action="mask"))
            data = texts.changed(data, _changing(seeing, check.find, []))
    return data


def _changing(check: Check, find: Finder, sorts: list[str]) -> texts.Change:
    def change(text: str, role: Role) -> str:
        if role not in check.guardrail.roles:
            return text
        found = find(text)
        sorts.extend(one.sort for one in found)
        return masked(text, found) if found and check.guardrail.action == "mask" else text

    return change


def _too_much(check: Check, data: Mapping[str, Any], tokens: Callable[[], int]) -> list[str]:
    rule = check.guardrail
    if rule.max_characters is not None and _size(check, data) > rule.max_characters:
        return ["characters"]
    if rule.max_tokens is not None and tokens() > rule.max_tokens:
        return ["tokens"]
    return []


def _size(check: Check, data: Mapping[str, Any]) -> int:
    return sum(map(len, texts.texts(data, check.guardrail.roles)))
