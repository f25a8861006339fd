"""The report of the cache, from the usage table."""

from __future__ import annotations

from typing import Any, Final

from gateway.admin.cache_schemas import LONGEST_MS, CacheFigures, CachePoint, CacheQuery, CacheReport, CacheRoute
from gateway.admin.errors import Invalid
from gateway.admin.usage_figures import Question, Sums, read
from gateway.admin.usage_time import span, zone
from gateway.catalog.pricing import usd_from_nano
from gateway.rollups.buckets import DAY_MS
from gateway.rollups.cells import Part
from gateway.rollups.fold import Delta
from gateway.stores.usage import TooMuch, UsageReader

_LONGEST_BY_HOUR_MS: Final = 7 * DAY_MS


def report(reader: UsageReader, query: CacheQuery, now_ms: int) -> CacheReport:
    """The figures of a query; Invalid when they are too many for one answer, or its times do not fit."""
    to_ms = query.to_ms or now_ms
    from_ms = query.from_ms or to_ms - DAY_MS
    if not 0 < to_ms - from_ms <= LONGEST_MS:
        raise Invalid("from must lie before to, by at most 400 days", field="from")
    covered = span(from_ms, to_ms, "hour" if to_ms - from_ms <= _LONGEST_BY_HOUR_MS else "day", zone("UTC"))
    filters: dict[Part, str] = {}
    filters |= {"route": query.route} if query.route else {}
    filters |= {"model": query.model} if query.model else {}
    try:
        sums = read(reader, covered.windows, Question(("route",), filters))
    except TooMuch:
        raise Invalid("Too many figures for one answer; ask for less time at once.", field="from") from None
    points = [
        CachePoint(start=window.start_ms, end=window.end_ms, **_told(sums.window(number)))
        for number, window in enumerate(covered.windows)
    ]
    return CacheReport(
        from_=covered.start_ms, to=covered.end_ms, points=points, routes=_routes(sums), **_told(sums.total())
    )


def _routes(sums: Sums) -> list[CacheRoute]:
    """Those with anything to do with the cache."""
    wholes = {group[0]: sums.group(group) for group in sums.by_group}
    ranked = sorted(wholes.items(), key=lambda pair: (-pair[1]["saved_nano"], -_found(pair[1]), pair[0]))
    return [CacheRoute(route=route or None, **_told(whole)) for route, whole in ranked if _asked(whole)]


def _found(sum_: Delta) -> int:
    return sum_["cache_hits"]


def _asked(sum_: Delta) -> int:
    return _found(sum_) + sum_["cache_misses"] + sum_["cache_bypassed"]


def _told(sum_: Delta) -> dict[str, Any]:
    hits, misses, saved = _found(sum_), sum_["cache_misses"], sum_["saved_nano"]
    fields = CacheFigures(
        requests=sum_["requests"],
        hits=hits,
        semantic=sum_["cache_semantic"],
        misses=misses,
        bypassed=sum_["cache_bypassed"],
        hit_rate=hits / (hits + misses) if hits + misses else None,
        saved_usd=usd_from_nano(saved),
    )
    return fields.model_dump()
