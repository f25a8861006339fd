"""The part of the story in which guardrails hold: which ones do, what they say of a request, and who looks at its answer.

Theory of operation. Those that hold for every request come first, then those of the route, each in their order; every one reads what the one before
left. What costs nothing is looked at before anything is planned. A moderation model costs money, so it is asked when the limits have let the request
in: nobody without room in a budget makes the gateway pay. Nothing of a request decides which guardrails hold but the name of the model it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson

from gateway.asking import Asking
from gateway.beside import Question, weight
from gateway.catalog.tokens import quick_estimate
from gateway.delivery import Asked
from gateway.errors import Blocked, InvalidRequest, Unjudged
from gateway.guardrails import texts
from gateway.guardrails.checks import Check, check_input, check_of, unknown, veiled
from gateway.guardrails.moderation import categories
from gateway.guardrails.output import Watched
from gateway.ingress import relays
from gateway.ingress.relays import Relay
from gateway.neutral.guardrails import Stage, Verdict
from gateway.neutral.index import Index
from gateway.parts import Parts
from gateway.watching import WHOLE, Rules, Watching, message_of
from gateway.wire.json_body import JsonBody, ambiguous, parse
from gateway.wire.openai_media import multipart
from gateway.wire.reading import Peek

Checks = tuple[Check, ...]
HEADER: Final = b"x-gateway-guardrails"
_HEADER_LIMIT: Final = 1024
_UNREACHABLE: Final = ("unreachable",)
_NUMBERED: Final[Mapping[str, str]] = {"openai_completions": "prompt", "openai_embeddings": "input"}
"""Dialects in which a text may be given as numbers of tokens, and where."""


class Guarding:
    """Guardrails of the release in force. One instance per environment."""

    def __init__(self, parts: Parts, asking: Asking) -> None:
        self._parts = parts
        self._asking = asking
        self._index: Index | None = None
        self._everywhere: Checks = ()
        self._routes: dict[str, Checks] = {}

    def holding(self, index: Index, name: str) -> Checks:
        """Those that hold for requests of this name; mostly none."""
        if self._index is not index:
            self._prepare(index)
        return self._routes.get(name, self._everywhere)

    def _prepare(self, index: Index) -> None:
        known = {one.id: one for one in index.release.guardrails}
        made = {name: check_of(one) for name, one in known.items() if one.active}
        self._everywhere = tuple(check for check in made.values() if check.guardrail.everywhere)
        common = {check.guardrail.id for check in self._everywhere}
        self._routes = {
            route.id: (
                *self._everywhere,
                *(
                    made[name] if name in made else unknown(name)
                    for name in route.guardrails
                    if name not in common and (name in made or name not in known)
                ),
            )
            for route in index.release.routes
            if route.guardrails
        }
        self._index = index

    # -- requests ---------------------------------------------------------------------------------------------------------

    def looked(self, checks: Checks, asked: Asked) -> Asked:
        """The request as it may go on; Blocked."""
        draft, relay, data = asked.draft, asked.relay, asked.peek.body.data
        if any(check.find is not None and "input" in check.guardrail.stages for check in checks):
            _refuse_numbers(relay.dialect, data)
            _refuse_hidden(asked.peek.body)
        outcome = check_input(checks, data, lambda: quick_estimate(relay.dialect, data, relay.dialect))
        draft.guardrails += outcome.verdicts
        self._say(asked)
        if outcome.blocked is not None:
            draft.barred = veiled(checks, data)
            draft.cleared(_written(draft.barred))
            raise Blocked(message_of(outcome.blocked))
        if outcome.data is data:
            draft.cleared()
            return asked
        peek = _rewritten(asked.peek, outcome.data)
        draft.cleared(peek.body.raw if relay.shown is None else relay.shown(peek))
        return replace(asked, peek=peek)

    async def admitted(self, checks: Checks, asked: Asked) -> None:
        """Ask the moderations, and have the answer looked at; Blocked, Unjudged."""
        data = asked.peek.body.data
        for check in checks:
            if check.guardrail.kind == "moderation" and "input" in check.guardrail.stages:
                verdict = await self._judged(check, texts.texts(data, check.guardrail.roles), "input", asked)
                if verdict is not None and verdict.count and verdict.action == "block":
                    raise Blocked(message_of(check))
        self._watch(checks, asked)

    # -- answers ----------------------------------------------------------------------------------------------------------

    def _watch(self, checks: Checks, asked: Asked) -> None:
        relay, draft, reply = asked.relay, asked.draft, asked.client.reply
        holding = [check for check in checks if "output" in check.guardrail.stages]
        if not (holding and _speaks(relay)):
            return
        watched = Watched(holding)

        async def judge(check: Check, said: Sequence[str]) -> Verdict | None:
            return await self._judged(check, said, "output", asked)

        judges = tuple(check for check in holding if check.guardrail.kind == "moderation")
        rules = Rules(watched, judges, judge, lambda: self._say(asked))
        reply.guard = Watching(asked, rules, draft.time_ms // 1000)
        draft.watched = watched

    # -- moderations ------------------------------------------------------------------------------------------------------

    async def _judged(self, check: Check, said: Sequence[str], stage: Stage, asked: Asked) -> Verdict | None:
        """What a moderation says; None = nothing. One that cannot be asked blocks where it would block, and is noted where it would note."""
        rule, draft, said = check.guardrail, asked.draft, [one for one in said if one.strip()]
        if not said:
            return None
        body = {"model": rule.model or "", "input": list(said)}
        answer = await self._asking.ask(relays.MODERATIONS, body, asked, "moderation")
        found = None if answer is None else categories(rule, answer)
        if found is None:
            verdict = Verdict(rule.id, rule.kind, stage, rule.action, 0, _UNREACHABLE, rule.name)
        elif found:
            verdict = check.verdict(stage, found)
        else:
            return None
        draft.guardrails.append(verdict)
        self._say(asked)
        if found is None and rule.action == "block":
            raise Unjudged(f"The guardrail '{rule.id}' could not be asked; try again.")
        return verdict

    def _say(self, asked: Asked) -> None:
        """What was found, in a header of any answer that has not begun."""
        said = ", ".join(dict.fromkeys(f"{one.guardrail};{one.action}" for one in asked.draft.verdicts if one.count))
        aside = asked.client.reply.aside
        aside[:] = [pair for pair in aside if pair[0] != HEADER]
        if said:
            aside.append((HEADER, said.encode()[:_HEADER_LIMIT]))


def questions(checks: Checks, asked: Asked, written: Callable[[], int]) -> Iterator[tuple[Check, Question]]:
    """What moderations are asked about a request and, as far as can be said now, about its answer. `written`: the most bytes of that."""
    data = asked.peek.body.data
    for check in checks:
        rule = check.guardrail
        if rule.kind != "moderation":
            continue
        if "input" in rule.stages:
            said = [one for one in texts.texts(data, rule.roles) if one.strip()]
            if said:
                yield check, Question(relays.MODERATIONS, rule.model or "", weight(said), sure=True)
        if "output" in rule.stages and _speaks(asked.relay):
            yield check, Question(relays.MODERATIONS, rule.model or "", written())


def _speaks(relay: Relay) -> bool:
    return relay.generates or relay.dialect == "openai_completions" or relay.dialect in WHOLE


def _written(data: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(dict(data))
    except orjson.JSONEncodeError:
        return b"{}"  # nested more deeply than can be written: a request that is refused is no reason to fail


def _refuse_numbers(dialect: str, data: Mapping[str, Any]) -> None:
    """InvalidRequest for a text that nobody here can read."""
    name = _NUMBERED.get(dialect)
    given = data.get(name) if name is not None else None
    if isinstance(given, list) and any(not isinstance(one, str) for one in given):
        raise InvalidRequest(
            f"The field '{name}' holds numbers of tokens. Guardrails hold for this request, so that it must be text.",
            param=name,
        )


def _refuse_hidden(body: JsonBody) -> None:
    """InvalidRequest for a body with a text that is not read here and may be read by the provider: there twice; in a form as a file, or as a list."""
    plain = bool(body.spans) or body.raw.lstrip()[:1] == b"{"  # also JSON that becomes a form
    if plain and ambiguous(body.raw):
        raise InvalidRequest("An object within the request body has a name twice, or it is nested too deeply.")
    if body.spans:
        return
    parts = [(name, False) for name in body.data] if plain else _parts(body.raw)
    seen: set[str] = set()
    for spelled, file in parts:
        name = spelled.partition("[")[0]
        if name in texts.PLACES and (name in seen or file or spelled != name):
            raise InvalidRequest(f"The form must have the field '{name}' once, as a text.", param=name)
        seen.add(name)


def _parts(raw: bytes) -> list[tuple[str, bool]]:
    return [(part.name, part.file) for part in multipart.read(raw).parts]


def _rewritten(peek: Peek, data: Mapping[str, Any]) -> Peek:
    """The request with the members that were changed; every other byte stays."""
    body = peek.body
    changed = {name: value for name, value in data.items() if value is not body.data[name]}
    if body.spans:
        return replace(peek, body=parse(body.replace(changed)))
    # Forms, and requests that become one: their bytes are read again where they go out.
    raw = body.raw
    if raw.lstrip().startswith(b"{"):
        raw = parse(raw).replace(changed)
    else:
        for name, value in changed.items():
            raw = multipart.read(raw).replace(name, value)
    return replace(peek, body=JsonBody(raw, data, body.spans))
