"""Bodies of the guardrail API."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from gateway.admin.fields import Id, Name, Reply, Strict
from gateway.neutral.guardrails import ROLES, Action, Kind, PiiKind, Role, Stage

Keyword = Annotated[str, Field(min_length=1, max_length=200)]
Pattern = Annotated[str, Field(min_length=1, max_length=512)]
Category = Annotated[str, Field(min_length=1, max_length=100)]
Stages = Annotated[
    list[Stage], Field(min_length=1, max_length=2, description="Where it looks: requests, answers, or both")
]
Roles = Annotated[
    list[Role],
    Field(
        min_length=1,
        max_length=3,
        description="Whose words of a request it looks at; what tools gave counts as the user's. Answers are looked at whole",
    ),
]
Keywords = Annotated[
    list[Keyword],
    Field(
        max_length=500,
        description="`deny`: whole words, any case; several words are found with any white space between them",
    ),
]
Patterns = Annotated[
    list[Pattern], Field(max_length=50, description="`deny`: RE2 expressions; at most 512 characters each")
]
Kinds = Annotated[list[PiiKind], Field(max_length=7, description="`pii`: what is looked for")]
Characters = Annotated[int, Field(ge=1, le=100_000_000, description="`max_input`: characters of text in a request")]
InputTokens = Annotated[int, Field(ge=1, le=100_000_000, description="`max_input`: tokens of a request, by estimate")]
Moderator = Annotated[
    Id, Field(description="`moderation`: a model that answers `/v1/moderations`, as a client names it")
]
Categories = Annotated[
    list[Category], Field(max_length=50, description="`moderation`: those that count; empty = any that is flagged")
]
Threshold = Annotated[
    float,
    Field(
        ge=0, le=1, description="`moderation`: the score from which a category counts; null = when the model flags it"
    ),
]
Message = Annotated[
    Name, Field(description="What a caller is told whose request was blocked; null = the guardrail's id")
]
Notes = Annotated[str, Field(max_length=2000, description="For those who run the gateway")]


class GuardrailIn(Strict):
    """A new guardrail. Each kind needs its own fields, and refuses those of the others:

    - `deny`: `keywords`, `patterns`, or both.
    - `pii`: `pii`.
    - `max_input`: `max_characters`, `max_tokens`, or both; stage `input` alone, and no `mask`.
    - `moderation`: `model`; no `mask`.

    `everywhere` = for every request; otherwise for those of the routes that name it. `roles` = all: whoever writes a whole request chooses its roles,
    too. Fewer are for applications whose own words name what is forbidden; `max_tokens` is of the whole request, and takes no fewer.
    """

    id: Id
    kind: Kind
    name: Name | None = None
    notes: Notes | None = None
    stages: Stages = Field(default_factory=lambda: list[Stage](["input"]))
    roles: Roles = Field(default_factory=lambda: list(ROLES))
    action: Action = "block"
    keywords: Keywords = Field(default_factory=list)
    patterns: Patterns = Field(default_factory=list)
    pii: Kinds = Field(default_factory=list)
    max_characters: Characters | None = None
    max_tokens: InputTokens | None = None
    model: Moderator | None = None
    categories: Categories = Field(default_factory=list)
    threshold: Threshold | None = None
    everywhere: bool = False
    active: bool = True
    message: Message | None = None


class GuardrailPatch(Strict):
    """Changes to a guardrail; absent fields stay, null clears where the reply may be null. A new `kind` needs that kind's fields, and the old
    one's emptied."""

    kind: Kind | None = None
    name: Name | None = None
    notes: Notes | None = None
    stages: Stages | None = None
    roles: Roles | None = None
    action: Action | None = None
    keywords: Keywords | None = None
    patterns: Patterns | None = None
    pii: Kinds | None = None
    max_characters: Characters | None = None
    max_tokens: InputTokens | None = None
    model: Moderator | None = None
    categories: Categories | None = None
    threshold: Threshold | None = None
    everywhere: bool | None = None
    active: bool | None = None
    message: Message | None = None


class GuardrailOut(Reply):
    """A guardrail."""

    id: str
    kind: Kind
    name: str | None
    notes: str | None
    stages: list[Stage]
    roles: list[Role]
    action: Action
    keywords: list[str]
    patterns: list[str]
    pii: list[PiiKind]
    max_characters: int | None
    max_tokens: int | None
    model: str | None
    categories: list[str]
    threshold: float | None
    everywhere: bool
    active: bool
    message: str | None
    version: int
    updated_at: int


def _which(value: object) -> str:
    return "~id" if isinstance(value, str) else "~guardrail"


IdOrGuardrail = Annotated[
    Annotated[Id, Tag("~id")] | Annotated[GuardrailIn, Tag("~guardrail")],
    Discriminator(_which),
]


class TryIn(Strict):
    """A text for one guardrail: a stored one by its id, or one that is not stored (yet). Nothing is kept, and no model is asked: a `moderation`
    cannot be tried here."""

    guardrail: IdOrGuardrail
    stage: Stage = "input"
    role: Annotated[Role, Field(description="Who says it, at the stage `input`")] = "user"
    text: Annotated[str, Field(max_length=100_000)]


class MatchOut(Reply):
    """Where something was found, in characters (code points), and what: `keyword`, `pattern`, a kind of PII; `characters` or `tokens` for a limit,
    which holds for the whole text."""

    start: int
    end: int
    sort: str


class TryOut(Reply):
    """What a guardrail says of a text. `action` null = it lets the text pass as it is. `text` is what would go on, null = nothing would."""

    matches: list[MatchOut]
    action: Action | None
    text: str | None
