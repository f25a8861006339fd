"""Guardrails: what is looked for in requests and answers, and what happens when it is found. Values; `gateway.guardrails` obeys them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Stage = Literal["input", "output"]
Kind = Literal["deny", "pii", "max_input", "moderation"]
Action = Literal["block", "annotate", "mask"]
Role = Literal["system", "user", "assistant"]
"""Whose words: the application's, the user's (what tools gave counts as theirs: it is not trusted either), the model's own."""
PiiKind = Literal["email", "phone", "credit_card", "iban", "us_ssn", "ip_address", "secret"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
PII_KINDS: Final[tuple[PiiKind, ...]] = get_args(PiiKind)
HOLD_BACK: Final = 256
"""Characters of a streamed text that are held back where something is looked for in answers: no match that is at most as long gets through."""


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One check.

    - `deny`: `keywords` (whole words, any case, any script) and `patterns` (RE2, see `gateway.routing.patterns`).
    - `pii`: the `pii` kinds, each with its own proof (check digits of cards and accounts) where there is one.
    - `max_input`: more than `max_characters` of text, or `max_tokens` by estimate; stage `input` alone.
    - `moderation`: `model`, one that answers `/v1/moderations`, flags it: any category, or one of `categories` at `threshold` (0 to 1) or above.

    `action`: `block` refuses the request, or ends the answer; `mask` puts a mark in the place of what was found (`deny`, `pii`); `annotate` lets it
    pass. Each is in the row of the request. `everywhere`: for every request, whatever its route says. `message` is what a caller is told; `name` and
    `notes` are for those who run the gateway.

    `roles`: whose words of a request are looked at. All by default: who writes the whole request writes the roles, too. Answers are the model's.
    """

    id: str
    kind: Kind
    stages: tuple[Stage, ...] = ("input",)
    action: Action = "block"
    keywords: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    pii: tuple[PiiKind, ...] = ()
    max_characters: int | None = None
    max_tokens: int | None = None
    model: str | None = None
    categories: tuple[str, ...] = ()
    threshold: float | None = None
    everywhere: bool = False
    active: bool = True
    message: str | None = None
    name: str | None = None
    notes: str | None = None
    roles: tuple[Role, ...] = ROLES


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a guardrail found: how often, and of which sorts (kinds of PII, `keyword`, `pattern`, categories). Never the text itself.

    `sorts` is `("unreachable",)`, and `count` 0, where a moderation model did not answer. `name` is the guardrail's.
    """

    guardrail: str
    kind: Kind
    stage: Stage
    action: Action
    count: int
    sorts: tuple[str, ...] = ()
    name: str | None = None
