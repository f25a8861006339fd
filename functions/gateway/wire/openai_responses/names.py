"""Names of tools that were declared in a namespace, flat for dialects without namespaces.

A `namespace` tool holds tools; the model's call then carries `name` and `namespace` (openai-python `ResponseFunctionToolCall`, openai/codex
`codex-rs/tools/src/responses_api.rs`). Elsewhere the two are one name of at most 64 letters, digits, `_` and `-`: `namespace__name` where that
fits and is free, else its beginning with a hash. The way back goes through the declared tools (`Tool.group`, `Tool.own_name`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Final

from gateway.neutral.dialects import Dialect
from gateway.neutral.request import HostedTool, Tool

DIALECT: Final[Dialect] = "openai_responses"
_LIMIT: Final = 64
_HASH: Final = 8


def flat(group: str, name: str, taken: Collection[str] = ()) -> str:
    """The one name of a namespace's tool; none of `taken`."""
    plain = f"{group}__{name}"
    letters = plain.replace("_", "").replace("-", "")
    if len(plain) <= _LIMIT and letters.isalnum() and letters.isascii() and plain not in taken:
        return plain
    mark = hashlib.sha256(f"{group}\0{name}".encode()).hexdigest()[:_HASH]
    clean = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "_-") else "_" for letter in plain)
    return f"{clean[: _LIMIT - _HASH - 1]}_{mark}"


class Names:
    """The names of one request's tools, both ways."""

    def __init__(self, tools: Iterable[Tool | HostedTool]) -> None:
        self._tools = {tool.name: tool for tool in tools if isinstance(tool, Tool)}
        self._flat = {
            (tool.group, tool.own_name or tool.name): tool.name
            for tool in self._tools.values()
            if tool.group is not None
        }

    def of_call(self, name: str, group: str | None) -> str:
        """The flat name of a call's tool, declared or not."""
        return name if group is None else self._flat.get((group, name)) or flat(group, name)

    def declared(self, name: str) -> Tool | None:
        """The tool of that flat name."""
        return self._tools.get(name)

    def members(self, group: str) -> list[str]:
        """The flat names of a namespace's tools."""
        return [name for (owner, _), name in self._flat.items() if owner == group]
