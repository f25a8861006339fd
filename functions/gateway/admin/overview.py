"""The overview: traffic, cost, errors and latency of a time range, from the hourly and daily figures.

Mounted by `admin/app.py`, which puts a `UsageReader` at `app.state.usage`.
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway.admin.access import access
from gateway.rollups.buckets import DAY_MS, Window
from gateway.rollups.fold import Delta
from gateway.rollups.rows import FIRST_BYTE, TOTAL
from gateway.stores.usage import Breakdown, Entry, Point, UsageReader, total

LONGEST_DAYS = {"hour": 14, "day": 400}
MOST_ENTRIES = 100

# The years 2001 to 2099: the range before the first one is still a date.
Milliseconds = Annotated[int, Field(ge=978_307_200_000, lt=4_102_444_800_000, description="Unix time in milliseconds")]
Count = Annotated[int, Field(ge=0)]
Latency = Annotated[float | None, Field(ge=0, description="Milliseconds, at most 5 % off; null without samples")]


class OverviewQuery(BaseModel):
    """The asked range, `from` inclusive, `to` exclusive: at most 14 days by the hour, 400 by the day."""

    model_config = ConfigDict(extra="forbid")

    from_ms: Milliseconds = Field(alias="from")
    to_ms: Milliseconds = Field(alias="to")
    bucket: Literal["hour", "day"] = "hour"

    @model_validator(mode="after")
    def _bounded(self) -> OverviewQuery:
        if self.from_ms >= self.to_ms:
            raise ValueError("from must lie before to")
        if self.to_ms - self.from_ms > LONGEST_DAYS[self.bucket] * DAY_MS:
            raise ValueError(f"a range by the {self.bucket} spans at most {LONGEST_DAYS[self.bucket]} days")
        return self


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Traffic(_Reply):
    """Sums of a bucket. `errors` are requests with a status ≥ 400 or an error; `cost_nano` is nano-dollars.

    Mirrored copies and calls that lost a hedge are no traffic and not in here; the totals say what was paid with them.
    """

    requests: Count
    errors: Count
    input_tokens: Count
    output_tokens: Count
    cost_nano: Count
    first_byte_p50_ms: Latency
    first_byte_p95_ms: Latency


class Totals(Traffic):
    """Sums of a whole range, with the latency of whole requests. `unpriced` requests used a model without a price: their cost is missing.

    `total_cost_nano` is what was paid altogether: `cost_nano`, calls that lost a hedge, and mirrored copies. `cache_hits` were answered with what
    was kept; `saved_nano` is what those answers had cost to make, and in no other sum.
    """

    total_p50_ms: Latency
    total_p95_ms: Latency
    unpriced: Count
    total_cost_nano: Count
    cache_hits: Count
    saved_nano: Count


class SeriesPoint(Traffic):
    """One bucket; `start` is Unix ms."""

    start: int


class ModelTraffic(_Reply):
    """One model as configured in this gateway."""

    name: str
    requests: Count
    errors: Count
    cost_nano: Count
    input_tokens: Count
    output_tokens: Count


class KeyTraffic(_Reply):
    """One virtual key; `name` is the one it had last, its id where no name is known."""

    id: str
    name: str
    requests: Count
    errors: Count
    cost_nano: Count


class ProviderTraffic(_Reply):
    """One provider, by its id."""

    name: str
    requests: Count
    errors: Count
    cost_nano: Count
    first_byte_p95_ms: Latency


class Overview(_Reply):
    """`from` and `to` are the asked range widened to whole buckets, which all figures cover; `previous` is the equally long time before.

    Lists hold the 100 entries with the most requests. `truncated`: there was too much to read, the lists' sums may be too low.
    """

    bucket: Literal["hour", "day"]
    from_ms: int = Field(serialization_alias="from")
    to_ms: int = Field(serialization_alias="to")
    totals: Totals
    previous: Totals
    series: list[SeriesPoint]
    models: list[ModelTraffic]
    keys: list[KeyTraffic]
    providers: list[ProviderTraffic]
    truncated: bool


def usage_of(request: Request) -> UsageReader:
    """The reader of the running application."""
    return cast("UsageReader", request.app.state.usage)


def _sums(delta: Delta) -> dict[str, int]:
    return {name: delta[name] for name in ("requests", "errors", "input_tokens", "output_tokens", "cost_nano")}


def _totals(delta: Delta) -> Totals:
    return Totals(
        **_sums(delta),
        unpriced=delta["unpriced"],
        total_cost_nano=delta["cost_nano"] + delta["lost_cost_nano"] + delta["mirror_cost_nano"],
        cache_hits=delta["cache_hits"],
        saved_nano=delta["saved_nano"],
        first_byte_p50_ms=delta.percentile_ms(FIRST_BYTE, 0.5),
        first_byte_p95_ms=delta.percentile_ms(FIRST_BYTE, 0.95),
        total_p50_ms=delta.percentile_ms(TOTAL, 0.5),
        total_p95_ms=delta.percentile_ms(TOTAL, 0.95),
    )


def _point(point: Point) -> SeriesPoint:
    return SeriesPoint(
        start=point.start_ms,
        **_sums(point.sum),
        first_byte_p50_ms=point.sum.percentile_ms(FIRST_BYTE, 0.5),
        first_byte_p95_ms=point.sum.percentile_ms(FIRST_BYTE, 0.95),
    )


def _model(entry: Entry) -> ModelTraffic:
    return ModelTraffic(name=entry.value, **_sums(entry.sum))


def _key(entry: Entry) -> KeyTraffic:
    name, sums = entry.sum.name or entry.value, entry.sum
    return KeyTraffic(
        id=entry.value, name=name, requests=sums["requests"], errors=sums["errors"], cost_nano=sums["cost_nano"]
    )


def _provider(entry: Entry) -> ProviderTraffic:
    sums = entry.sum
    return ProviderTraffic(
        name=entry.value,
        requests=sums["requests"],
        errors=sums["errors"],
        cost_nano=sums["cost_nano"],
        first_byte_p95_ms=sums.percentile_ms(FIRST_BYTE, 0.95),
    )


def _top(breakdown: Breakdown) -> tuple[Entry, ...]:
    return tuple(entry for entry in breakdown.entries if entry.value and entry.sum["requests"])[:MOST_ENTRIES]


def overview(reader: UsageReader, window: Window) -> Overview:
    """Everything the page shows. The totals are the sum of the series, so that the numbers on the page agree."""
    series = reader.series(window)
    models = reader.breakdown(window, "model")
    keys = reader.breakdown(window, "key")
    providers = reader.breakdown(window, "provider", latencies=True)
    return Overview(
        bucket=window.size,
        from_ms=window.start_ms,
        to_ms=window.end_ms,
        totals=_totals(total(series)),
        previous=_totals(reader.sum(window.before)),
        series=[_point(point) for point in series],
        models=[_model(entry) for entry in _top(models)],
        keys=[_key(entry) for entry in _top(keys)],
        providers=[_provider(entry) for entry in _top(providers)],
        truncated=models.truncated or keys.truncated or providers.truncated,
    )


router = APIRouter(prefix="/api/admin/overview", tags=["overview"], dependencies=[Depends(access("overview"))])


@router.get("")
def get_overview(
    query: Annotated[OverviewQuery, Query()], reader: Annotated[UsageReader, Depends(usage_of)]
) -> Overview:
    """Figures of finished requests by the time they began (UTC); a request appears some seconds after it ended.

    Hours are kept for 400 days: an older range has figures by the day only.
    """
    return overview(reader, Window.around(query.bucket, query.from_ms, query.to_ms))
