"""Bodies of the cache API: what is kept and given again, and what that saved. Times are Unix milliseconds."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway.admin.fields import Id, Reply, Strict
from gateway.admin.log_query import Word
from gateway.admin.overview import Milliseconds
from gateway.neutral.caching import DEFAULT_THRESHOLD, DEFAULT_TTL, LONGEST_TTL, CacheMode, CacheScope
from gateway.rollups.buckets import DAY_MS

LONGEST_MS = 400 * DAY_MS


class CacheRuleIO(Strict):
    """Which answers are kept and given again. `exact`: the same request gets the same answer; `semantic`: so does one whose last question means
    the same, at a cosine of `threshold` or above by `embedding_model` (an embedding model of this gateway; null = the built-in offline one).
    `scope` is who shares answers; where a key has no user or team, it is the key alone. They are kept for `ttl_seconds`."""

    mode: CacheMode = "exact"
    ttl_seconds: Annotated[int, Field(ge=1, le=LONGEST_TTL)] = DEFAULT_TTL
    scope: CacheScope = "team"
    threshold: Annotated[float, Field(ge=0.5, le=1)] = DEFAULT_THRESHOLD
    embedding_model: Id | None = None


class CacheQuery(BaseModel):
    """`from` (inclusive; default: a day before `to`) and `to` (exclusive; default: now), at most 400 days, widened to whole hours, or to whole
    days of UTC where they span more than a week. Filters hold exactly."""

    model_config = ConfigDict(extra="forbid")

    from_ms: Annotated[
        Milliseconds | None,
        Field(alias="from", description="At or after, Unix milliseconds; default: a day before `to`"),
    ] = None
    to_ms: Annotated[Milliseconds | None, Field(alias="to", description="Before, Unix milliseconds; default: now")] = (
        None
    )
    route: Word | None = None
    model: Word | None = None

    @model_validator(mode="after")
    def _bounded(self) -> CacheQuery:
        if self.from_ms is None or self.to_ms is None:
            return self
        if not 0 < self.to_ms - self.from_ms <= LONGEST_MS:
            raise ValueError("from must lie before to, by at most 400 days")
        return self


class CacheFigures(Reply):
    """Finished requests. `hits` were answered with what was kept, `semantic` of them to another question that means the same; `misses` were not
    found; `bypassed` could not or would not use the cache; the rest of `requests` had none. `hit_rate` is `hits` of `hits` and `misses`, 0 to 1,
    null without any. `saved_usd` is what the answers given again had cost to make, exact."""

    requests: int
    hits: int
    semantic: int
    misses: int
    bypassed: int
    hit_rate: float | None
    saved_usd: str


class CachePoint(CacheFigures):
    """One interval, from `start` to before `end`."""

    start: int
    end: int


class CacheRoute(CacheFigures):
    """One route; null = requests without one."""

    route: str | None


class CacheReport(CacheFigures):
    """`from` and `to` are what is covered. The figures are the sums of `points`, and of `routes`, of which those come first that saved most."""

    from_: Annotated[int, Field(serialization_alias="from")]
    to: int
    points: list[CachePoint]
    routes: list[CacheRoute]
