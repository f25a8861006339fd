"""What a request consumed, in disjoint buckets, whatever the vendor called them.

Vendors disagree: OpenAI's `prompt_tokens` includes cached tokens, Anthropic's `input_tokens` excludes them. Here nothing overlaps:
`fresh + cache_read + cache_write_5m + cache_write_1h` is everything that went in, `output` is everything that came out, and
`reasoning` is the part of `output` that was thinking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UsageSource = Literal["upstream", "estimated", "none"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts (integers ≥ 0) and where they came from."""

    fresh: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0
    source: UsageSource = "none"

    @property
    def input_total(self) -> int:
        """Every token that went in, cached or not."""
        return self.fresh + self.cache_read + self.cache_write_5m + self.cache_write_1h
