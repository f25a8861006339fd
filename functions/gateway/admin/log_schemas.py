"""Bodies of the log API (R8.1). Absent facts are null; durations are milliseconds, costs integer nano-dollars."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.admin.fields import Reply
from gateway.neutral.guardrails import Action, Kind, Stage


class TokensOut(Reply):
    """Token counts in disjoint buckets; `input` is the sum of what went in; `reasoning` is part of `output`, and so are `audio_output` and
    `image_output`; `audio_input` and `image_input` are parts of `fresh`. What is no token: pictures (`images_…`), the length of sounds in
    milliseconds (`audio_ms_…`), spoken `characters`, and `searches`, as which a request for reranking is billed (0 = not said: one)."""

    input: int
    fresh: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int
    output: int
    reasoning: int
    source: str
    audio_input: int
    audio_output: int
    image_input: int
    image_output: int
    images_in: int
    images_out: int
    audio_ms_in: int
    audio_ms_out: int
    characters: int
    searches: int


class GuardrailVerdictOut(Reply):
    """What a guardrail found in a request or an answer: how often, and of which sorts (kinds of PII, `keyword`, `pattern`, categories of a
    moderation; `unreachable`, with a count of 0: the model that judges did not answer). Never the text. `name` as it was then."""

    guardrail: str
    name: str | None
    kind: Kind
    stage: Stage
    action: Action
    count: int
    sorts: list[str]


class LogItem(Reply):
    """One request, as a row of the list. `user_name`: of a user of this deployment; null for an end user, and beyond a hundred users in one answer.
    `mirror_of` is the id of the request it is a copy of: nobody saw its answer. `cache`: `off` = none of
    the route's answers are kept, `bypass` = this request could not or would not use them, `miss`, `hit`, `semantic` = the answer to another question
    that means the same, `replay` = an idempotency key's. `saved_usd` is what an answer that was given again had cost to make, exact."""

    id: str
    time_ms: int
    state: str
    method: str
    path: str
    dialect: str
    status: int
    stream: bool
    error: str | None
    key_id: str | None
    key_name: str | None
    user_id: str | None
    user_name: str | None
    team_id: str | None
    session: str | None
    requested_model: str | None
    model: str | None
    provider: str | None
    route: str | None
    mirror_of: str | None
    retries: int
    first_byte_ms: float | None
    total_ms: float
    tokens: TokensOut
    cost_nano: int | None
    cost_state: str
    cache: str
    saved_usd: str
    guardrails: list[GuardrailVerdictOut]


class AttemptOut(Reply):
    """One call of an upstream; `fault` null = it succeeded; `next` is what followed (stop, retry, …).

    `kind`: `call`, `probe` (the one call a half-open breaker lets through), `hedge` (began beside a slow one), `mirror`, or `skip` (not
    called, for the reason in `fault`). `began_ms` counts from the request's arrival. `cost_nano`: what a call that did not win cost.
    """

    provider: str
    model: str
    upstream_key_id: str | None
    status: int | None
    fault: str | None
    first_byte_ms: float | None
    total_ms: float
    next: str
    kind: str
    began_ms: float | None
    cost_nano: int | None


class LogDetail(LogItem):
    """One request in full. `price_source`: by whose price the cost is reckoned (`model`, `provider`, `catalog`; `reserved`: what was held).
    Bodies are there only where the key records them; `body_stored`: they were too large for the row and come from the bucket, cut at a
    million characters each; null when the bucket cannot be read."""

    price_source: str | None
    error_message: str | None
    ip: str | None
    client: str | None
    agent: str | None
    upstream_model: str | None
    upstream_key_id: str | None
    release: str | None
    candidates: int
    attempts: list[AttemptOut]
    losses: list[str]
    correlation_id: str | None
    upstream_request_id: str | None
    request_headers: dict[str, str]
    request_body: str | None
    response_body: str | None
    body_stored: bool
    expires_at: int


class LogPart(Reply):
    """A part of an export as JSON; `next_cursor` null = there is nothing older."""

    items: list[LogItem]
    next_cursor: str | None


class Bar(Reply):
    """Requests that began within a bar. `other`: no HTTP status class of its own (the client had left). `running` is known only where rows
    are counted; `mirrors` are copies that nobody waited for, in none of the other counts."""

    start: int
    requests: int
    errors: int
    status_2xx: int
    status_3xx: int
    status_4xx: int
    status_5xx: int
    other: int
    running: int
    mirrors: int


class Timeline(Reply):
    """Bars of `step_ms` over the asked range, widened to whole bars. `source`: the hourly `figures` or the `rows` themselves. Where there
    were too many rows to count, `complete` is false and bars before `counted_from` (Unix ms) show nothing."""

    from_: Annotated[int, Field(serialization_alias="from")]
    to: int
    step_ms: int
    source: Literal["figures", "rows"]
    complete: bool
    counted_from: int
    bars: list[Bar]
