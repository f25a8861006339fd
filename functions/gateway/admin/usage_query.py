"""The query parameters of the usage report and its export."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from gateway.admin.log_query import Word
from gateway.admin.overview import Milliseconds
from gateway.admin.usage_time import Interval, zone
from gateway.rollups.buckets import DAY_MS
from gateway.rollups.cells import PARTS, Part

LONGEST_DAYS = {"hour": 31, "day": 400, "none": 400}
MOST_GROUPS = 200


class UsageFilters(BaseModel):
    """`from` (inclusive) and `to` (exclusive) are Unix milliseconds and are widened to whole intervals: at most 31 days by the hour, 400 by the
    day or altogether. All filters that are given must hold, exactly."""

    model_config = ConfigDict(extra="forbid")

    from_ms: Milliseconds = Field(alias="from")
    to_ms: Milliseconds = Field(alias="to")
    group_by: Annotated[list[Part], Field(max_length=2, description="None, one or two")] = []
    interval: Interval = "day"
    timezone: Annotated[str, Field(max_length=64, description="IANA name, for the boundaries of days")] = "UTC"
    key: Annotated[Word | None, Field(description="Id of a virtual key")] = None
    user: Word | None = None
    team: Word | None = None
    requested_model: Word | None = None
    model: Word | None = None
    provider: Word | None = None
    route: Word | None = None

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        zone(value)
        return value

    @field_validator("group_by")
    @classmethod
    def _distinct(cls, value: list[Part]) -> list[Part]:
        if len(set(value)) != len(value):
            raise ValueError("the same dimension is given twice")
        return value

    @model_validator(mode="after")
    def _bounded(self) -> UsageFilters:
        if self.from_ms >= self.to_ms:
            raise ValueError("from must lie before to")
        if self.to_ms - self.from_ms > LONGEST_DAYS[self.interval] * DAY_MS:
            raise ValueError(
                f"a range with the interval {self.interval} spans at most {LONGEST_DAYS[self.interval]} days"
            )
        return self

    def filters(self) -> dict[Part, str]:
        """The filters that are given."""
        return {name: value for name in PARTS if (value := getattr(self, name)) is not None}


class UsageQuery(UsageFilters):
    """`compare=previous` adds the equally long time before. `limit` groups are listed, the dearest first; the rest is summed up."""

    compare: Literal["previous"] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_GROUPS)] = 20


class UsageExportQuery(UsageFilters):
    """An export has every group."""

    format: Literal["csv", "json"] = "csv"
