"""Bodies of the usage API (R8.6). Amounts are integer nano-dollars, times Unix milliseconds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gateway.admin.fields import Reply
from gateway.admin.usage_time import Interval
from gateway.rollups.cells import Part

Cell = str | int | float | None


class Figures(Reply):
    """Sums of finished requests. `errors`: a status ≥ 400 or an error. `input_tokens` is all that went in, fresh and cached;
    `reasoning_tokens` are part of `output_tokens`. `cost_nano` is the cost of the answers given; `unpriced` requests have an unknown
    one. `lost_cost_nano` was paid for calls beside the answering one; `mirrors` are copies that nobody waited for, in none of the other
    counts. `total_cost_nano` is the three costs together. Latencies are milliseconds, at most 5 % off; null without samples, and for two
    dimensions together. `cache_hits` were answered with what was kept, `cache_semantic` of them to another question that means the same;
    `saved_nano` is what those answers had cost to make."""

    requests: int
    errors: int
    fresh_tokens: int
    cache_read_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_nano: int
    unpriced: int
    lost_cost_nano: int
    mirrors: int
    mirror_cost_nano: int
    mirror_unpriced: int
    cache_hits: int
    cache_semantic: int
    cache_misses: int
    cache_bypassed: int
    saved_nano: int
    total_cost_nano: int
    first_byte_p50_ms: float | None
    first_byte_p95_ms: float | None
    first_byte_p99_ms: float | None
    total_p50_ms: float | None
    total_p95_ms: float | None
    total_p99_ms: float | None


class Lines(Reply):
    """A group's figures by interval, in step with `series`. `tokens` is input and output; `cost_nano` is the total cost."""

    requests: list[int]
    errors: list[int]
    tokens: list[int]
    cost_nano: list[int]


class UsageGroup(Reply):
    """One value of the dimension, or one pair. An id is null for requests without one; a name is null where none is known."""

    ids: dict[Part, str | None]
    names: dict[Part, str | None]
    figures: Figures
    previous: Figures | None
    lines: Lines | None


class UsageRest(Reply):
    """The groups beyond the limit, summed up."""

    groups: int
    figures: Figures
    lines: Lines | None


class UsagePoint(Reply):
    """One interval, from `start` to before `end`."""

    start: int
    end: int
    figures: Figures


class UsageReport(Reply):
    """`totals` is the sum of `groups` and `rest`, and of `series`, to the nano-dollar. `from` and `to` are what is covered: the asked
    range, widened to whole intervals. `series` and `lines` are there where an interval was asked for."""

    from_: Annotated[int, Field(serialization_alias="from")]
    to: int
    interval: Interval
    timezone: str
    group_by: list[Part]
    totals: Figures
    previous: Figures | None
    previous_from: int | None
    groups: list[UsageGroup]
    rest: UsageRest | None
    series: list[UsagePoint]


class UsageTable(Reply):
    """An export: a row per interval and group. `start` and `end` are local times with their offset; `total_cost_usd` is exact."""

    from_: Annotated[int, Field(serialization_alias="from")]
    to: int
    interval: Interval
    timezone: str
    group_by: list[Part]
    rows: list[dict[str, Cell]]
