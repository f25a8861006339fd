"""Guardrails as replies, bodies as guardrails, and what must be true of one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from gateway.admin.errors import Invalid
from gateway.admin.guardrail_schemas import GuardrailIn, GuardrailOut, MatchOut, TryOut
from gateway.catalog.tokens import quick_estimate
from gateway.guardrails.checks import Check, check_of
from gateway.guardrails.finding import Found, masked
from gateway.neutral.guardrails import ROLES, Guardrail, Kind, Role, Stage
from gateway.routing.patterns import PatternError, spans
from gateway.stores.versioned import Versioned

# What each kind is made of; of the first group at least one is needed.
_OWN: Final[dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "deny": (("keywords", "patterns"), ()),
    "pii": (("pii",), ()),
    "max_input": (("max_characters", "max_tokens"), ()),
    "moderation": (("model",), ("categories", "threshold")),
}
_MASKING: Final = frozenset(["deny", "pii"])


def guardrail_out(row: Versioned[Guardrail]) -> GuardrailOut:
    """A guardrail's reply."""
    plain = {one.name: plain_value(getattr(row.value, one.name)) for one in fields(Guardrail)}
    return GuardrailOut(**plain, version=row.version, updated_at=row.updated_at)


def plain_value(value: Any) -> Any:
    """A field as a body has it."""
    return list(value) if isinstance(value, tuple) else value


def guardrail_value(body: GuardrailIn) -> Guardrail:
    """The guardrail of a body; Invalid names the field that does not fit."""
    given = {name: getattr(body, name) for name in GuardrailIn.model_fields}
    value = Guardrail(**{name: kept_value(item) for name, item in given.items()})
    check(value)
    return value


def kept_value(value: Any) -> Any:
    """A body's field as it is kept: a list without what is there twice."""
    return tuple(dict.fromkeys(value)) if isinstance(value, list) else value


def check(value: Guardrail) -> None:
    """Invalid unless the fields are those of its kind, and its patterns are such."""
    needed, also = _OWN[value.kind]
    if not any(getattr(value, name) not in ((), None) for name in needed):
        raise Invalid(f"A guardrail of the kind {value.kind} needs {' or '.join(needed)}.", field=needed[0])
    for required, rest in _OWN.values():
        for name in (*required, *rest):
            if name not in (*needed, *also) and getattr(value, name) not in ((), None):
                raise Invalid(f"A guardrail of the kind {value.kind} has no {name}.", field=name)
    if value.action == "mask" and value.kind not in _MASKING:
        raise Invalid(f"A guardrail of the kind {value.kind} finds no place that could be masked.", field="action")
    if value.kind == "max_input" and value.stages != ("input",):
        raise Invalid("A limit of the input holds for requests alone.", field="stages")
    if value.max_tokens is not None and set(value.roles) != set(ROLES):
        raise Invalid("Tokens are estimated for the whole request, whoever says it: name all roles.", field="roles")
    _check_words(value)


def _check_words(value: Guardrail) -> None:
    for at, keyword in enumerate(value.keywords):
        if not keyword.strip():
            raise Invalid("A keyword must not be empty.", field=f"keywords[{at}]")
    for at, pattern in enumerate(value.patterns):
        try:
            spans(pattern)
        except PatternError as error:
            raise Invalid(f"{str(error)[:1].upper()}{str(error)[1:]}.", field=f"patterns[{at}]") from None


def tried(value: Guardrail, stage: Stage, role: Role, text: str) -> TryOut:
    """What a guardrail says of a text of this role at a stage, active or not; Invalid for one that would have to ask a model."""
    if value.kind == "moderation":
        raise Invalid("A moderation asks a model, and nothing is called from here.", field="guardrail")
    if stage not in value.stages or (stage == "input" and role not in value.roles):
        return TryOut(matches=[], action=None, text=text)
    check = check_of(value)
    found = _limit(value, text) if check.find is None else check.find(text)
    return _told(check, found, text)


def _told(check: Check, found: Any, text: str) -> TryOut:
    action = check.guardrail.action if found else None
    onward = None if action == "block" else masked(text, found) if action == "mask" else text
    matches = [MatchOut(start=one.start, end=one.end, sort=one.sort) for one in found]
    return TryOut(matches=matches, action=action, text=onward)


def _limit(value: Guardrail, text: str) -> list[Found]:
    if value.max_characters is not None and len(text) > value.max_characters:
        return [Found(0, len(text), "characters")]
    if value.max_tokens is not None:
        data = {"messages": [{"role": "user", "content": text}]}
        if quick_estimate("openai_chat", data, "openai_chat") > value.max_tokens:
            return [Found(0, len(text), "tokens")]
    return []
