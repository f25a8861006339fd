"""The hub's figures, from the hourly and daily sums: what was used altogether, and the last 24 hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from gateway.admin.hub_schemas import HubBlock, HubShare, HubStats
from gateway.admin.usage_figures import Question, read
from gateway.rollups.buckets import DAY_MS, HOUR_MS, Window, ceiling
from gateway.rollups.cells import Part
from gateway.rollups.fold import Delta
from gateway.rollups.rows import TOTAL
from gateway.rollups.sketch import value_of
from gateway.stores.usage import TooMuch, UsageReader

DAYS: Final = 400
_BLOCKS: Final = 6
_BLOCK_MS: Final = 4 * HOUR_MS


def hub_stats(reader: UsageReader, user: str | None, now_ms: int) -> HubStats:
    """The figures of everybody, or of one user. Errors of the store."""
    end = ceiling("hour", now_ms + 1)
    day = Window("hour", end - DAY_MS, end)
    filters: Mapping[Part, str] = {} if user is None else {"user": user}
    blocks = [Window("hour", start, start + _BLOCK_MS) for start in range(day.start_ms, day.end_ms, _BLOCK_MS)]
    drawn = read(reader, blocks, Question((), filters))
    whole = read(reader, [Window.around("day", end - DAYS * DAY_MS, end)], Question((), filters)).total()
    return HubStats(
        total_requests=whole["requests"],
        total_tokens=_tokens(whole),
        avg_latency=mean_ms(drawn.total()),
        model_share=_shares(_by_model(reader, day, filters)),
        usage_data=[_block(block, drawn.window(number)) for number, block in enumerate(blocks)],
    )


def _by_model(reader: UsageReader, day: Window, filters: Mapping[Part, str]) -> dict[str, int]:
    """Requests by model; of none where there are more figures than one answer may read."""
    try:
        found = read(reader, [day], Question(("model",), filters))
    except TooMuch:
        return {}
    return {group[0]: found.group(group)["requests"] for group in found.by_group if group[0]}


def mean_ms(sum_: Delta) -> float | None:
    """The mean duration of whole requests, from the histogram; None without samples."""
    bins = {int(name[1:]): n for name, n in sum_.adds.items() if name[0] == TOTAL and name[1:].isdigit()}
    samples = sum(bins.values())
    if samples <= 0:
        return None
    return round(sum(value_of(index) * n for index, n in bins.items()) / samples, 1)


def _tokens(sum_: Delta) -> int:
    return sum_["input_tokens"] + sum_["output_tokens"]


def _shares(counts: Mapping[str, int]) -> list[HubShare]:
    """Percentages with one digit, the largest first."""
    total = sum(counts.values())
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [HubShare(name=name, value=round(100 * n / total, 1)) for name, n in ranked if n > 0]


def _block(block: Window, sum_: Delta) -> HubBlock:
    name = f"{datetime.fromtimestamp(block.start_ms / 1000, UTC):%H:00}"
    return HubBlock(name=name, requests=sum_["requests"], tokens=_tokens(sum_))
