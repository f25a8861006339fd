"""The offline embedder, a function of its own (functions/embedder): vectors of texts without asking a provider."""

from __future__ import annotations

import logging
from typing import Final

from gateway.aws.faults import AwsFault
from gateway.aws.functions import Functions

_LOG: Final = logging.getLogger("gateway")
_SECONDS: Final = 2.0


class OfflineEmbedder:
    """`Embedder` over Lambda's Invoke. `function` None: the deployment has none."""

    def __init__(self, functions: Functions, function: str | None) -> None:
        self._functions = functions
        self._function = function

    async def vector(self, text: str) -> list[float] | None:
        """See `Embedder.vector`."""
        if self._function is None:
            return None
        try:
            answer = await self._functions.invoke(self._function, {"texts": [text]}, _SECONDS)
        except AwsFault as fault:
            _LOG.warning("the offline embedder gave no vector: %s", fault)
            return None
        vectors = answer.get("vectors")
        found = vectors[0] if isinstance(vectors, list) and vectors else None
        return found if isinstance(found, list) else None
