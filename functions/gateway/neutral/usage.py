"""What a request consumed, in disjoint buckets, whatever the vendor called them.

Vendors disagree: OpenAI's `prompt_tokens` includes cached tokens, Anthropic's `input_tokens` excludes them. Here nothing overlaps:
`fresh + cache_read + cache_write_5m + cache_write_1h` is everything that went in, `output` is everything that came out, and
`reasoning` is the part of `output` that was thinking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

UsageSource = Literal["upstream", "estimated", "none", "impossible"]
"""`impossible`: the upstream gave figures that no request can have. They are not taken; it stands for none of a finished request."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts (integers ≥ 0) and where they came from. Tokens, where nothing else is said.

    `audio_input` and `image_input` are parts of `fresh`, `audio_output` and `image_output` of `output`, beside `reasoning`. Pictures, the
    length of sounds (milliseconds) and spoken characters are counted for models that are billed by them, and are no tokens. `searches` is how
    many requests one of reranking is billed as (0 = not said: one). `picture` is the quality and the size of the pictures that were made, as
    `hd/1792x1024`, either of them empty where nobody said it. `service` is the tier at which the upstream says it served the request,
    where that is billed at other prices: `priority` or `flex`.
    """

    fresh: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0
    source: UsageSource = "none"
    audio_input: int = 0
    audio_output: int = 0
    image_input: int = 0
    image_output: int = 0
    images_in: int = 0
    images_out: int = 0
    audio_ms_in: int = 0
    audio_ms_out: int = 0
    characters: int = 0
    searches: int = 0
    picture: str = ""
    service: str = ""

    @property
    def input_total(self) -> int:
        """Every token that went in, cached or not."""
        return self.fresh + self.cache_read + self.cache_write_5m + self.cache_write_1h

    @property
    def told(self) -> bool:
        """Whether the upstream gave figures. Noughts are none: some servers write them where they did not count, and no request has no input."""
        return self.source == "upstream" and self.input_total + self.output + self.pieces + self.searches > 0

    @property
    def pieces(self) -> int:
        """Whether something was counted that is no token: above 0 then, of no unit."""
        return self.images_in + self.images_out + self.audio_ms_in + self.audio_ms_out + self.characters


IMPOSSIBLE: Final = Usage(source="impossible")
"""What is made of a usage with figures that cannot be."""


def service_of(tier: object) -> str:
    """An upstream's word for a service tier, "" for those at the usual price.

    https://platform.openai.com/docs/api-reference/chat/object#chat/object-service_tier
    """
    return tier if isinstance(tier, str) and tier in {"priority", "flex"} else ""
