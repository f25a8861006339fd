"""The query parameters of the log list, its export and its timeline."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.admin.fields import Id
from gateway.admin.paging import MAX_PAGE
from gateway.neutral.caching import CacheState
from gateway.neutral.guardrails import Action
from gateway.stores.log_filter import LogFilter, Span

Word = Annotated[str, Field(min_length=1, max_length=256)]
Count = Annotated[int, Field(ge=0, le=10**15)]
Status = Annotated[str, Field(pattern=r"^([1-5][0-9][0-9]|[1-5]xx)$", description="`429` or a class such as `4xx`")]


MOST_EXPORTED = 2000
_ACTIONS: Final[dict[str, Action]] = {"blocked": "block", "masked": "mask", "annotated": "annotate"}
MOST_BARS = 120


class LogFilters(BaseModel):
    """Filters; all that are given must hold. Ranges include both ends, except `to`. Times are Unix milliseconds."""

    model_config = ConfigDict(extra="forbid")

    from_ms: Annotated[Count | None, Field(alias="from", description="At or after; default: the retention period")] = (
        None
    )
    to_ms: Annotated[Count | None, Field(alias="to", description="Before")] = None
    requested_model: Annotated[Word | None, Field(description="Prefix")] = None
    model: Annotated[Word | None, Field(description="Prefix of the model used")] = None
    provider: Word | None = None
    status: Status | None = None
    error: Annotated[
        Word | None, Field(description="An error word; `any` = every row with an error, `none` = every row without")
    ] = None
    key_id: Annotated[Word | None, Field(description="`playground` = any key of the playground")] = None
    user_id: Annotated[Word | None, Field(description="`~none` = rows without one")] = None
    team_id: Annotated[Word | None, Field(description="`~none` = rows without one")] = None
    route: Annotated[Word | None, Field(description="`~none` = rows without one")] = None
    release: Annotated[Word | None, Field(description="The release that served it")] = None
    session: Word | None = None
    stream: bool | None = None
    mirror: Annotated[bool | None, Field(description="Only copies that nobody waited for, or none of them")] = None
    cache: Annotated[
        CacheState | Literal["any"] | None, Field(description="What the cache did; `any` = answered with what was kept")
    ] = None
    guardrail: Annotated[Id | None, Field(description="This guardrail found something")] = None
    guarded: Annotated[Literal["blocked", "masked", "annotated"] | None, Field(description="What a guardrail did")] = (
        None
    )
    min_retries: Count | None = None
    max_retries: Count | None = None
    min_tokens: Annotated[Count | None, Field(description="Input and output together")] = None
    max_tokens: Count | None = None
    min_ms: Annotated[Count | None, Field(description="Total duration")] = None
    max_ms: Count | None = None
    min_cost_nano: Count | None = None
    max_cost_nano: Count | None = None


class LogQuery(LogFilters):
    """A page of the list."""

    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str, Field(max_length=512)] | None = None


class LogExportQuery(LogFilters):
    """A part of an export; `cursor` goes on where the part before ended."""

    format: Literal["csv", "json"] = "csv"
    limit: Annotated[int, Field(ge=1, le=MOST_EXPORTED)] = MOST_EXPORTED
    cursor: Annotated[str, Field(max_length=512)] | None = None


class TimelineQuery(LogFilters):
    """`to` is now when it is not given, `from` a day before; the range has at most 400 days. `bars` is how many there may be."""

    bars: Annotated[int, Field(ge=1, le=MOST_BARS)] = 60


def _status(text: str | None) -> Span:
    if text is None:
        return Span()
    if text.endswith("xx"):
        low = int(text[0]) * 100
        return Span(low, low + 99)
    return Span(int(text), int(text))


def log_filter(query: LogFilters) -> LogFilter:
    """The store's filter."""
    return LogFilter(
        from_ms=query.from_ms,
        to_ms=query.to_ms,
        requested_model=query.requested_model,
        model=query.model,
        provider=query.provider,
        error=query.error,
        key_id=query.key_id,
        user_id=query.user_id,
        team_id=query.team_id,
        route=query.route,
        release=query.release,
        session=query.session,
        stream=query.stream,
        mirror=query.mirror,
        cache=query.cache,
        guardrail=query.guardrail,
        guarded=None if query.guarded is None else _ACTIONS[query.guarded],
        status=_status(query.status),
        retries=Span(query.min_retries, query.max_retries),
        tokens=Span(query.min_tokens, query.max_tokens),
        duration_ms=Span(query.min_ms, query.max_ms),
        cost_nano=Span(query.min_cost_nano, query.max_cost_nano),
    )
