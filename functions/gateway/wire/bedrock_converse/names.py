"""Ids and names that Bedrock takes: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html"""

from __future__ import annotations

import hashlib
from typing import Final

_LIMIT: Final = 64


def fits(name: str) -> bool:
    """Whether a tool's name or a call's id is 1 to 64 letters, digits, hyphens and underscores."""
    return 0 < len(name) <= _LIMIT and name.isascii() and name.replace("-", "").replace("_", "a").isalnum()


def adapted(name: str) -> str:
    """The name itself where it fits, else one made of it: equal names stay equal, different ones different."""
    if fits(name):
        return name
    return "id_" + hashlib.sha256(name.encode()).hexdigest()[:32]
