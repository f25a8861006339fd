"""Entry of the offline embedder: what a semantic cache asks where its rule names no embedding model. It reads two files and opens no connection.

A text's vector is the mean of its tokens' vectors, 256 numbers each, from a table that was trained for that use (`data/PROVENANCE.json`, written by
infra/scripts/build_embedder.py). That knows words and not their order: alone it cannot tell a question from its opposite, which is why
`gateway.caching.likeness` has the last word.

The event is `{"texts": [1 to 16 texts of 1 to 4,000 characters]}`, the answer `{"dimensions": 256, "vectors": [[…], …]}`, each of length 1. A text
none of whose tokens is known has null in the place of its vector. Nothing of a text is logged.
"""

from __future__ import annotations

import json
import math
import mmap
import struct
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from tokenizers import Tokenizer

DATA: Final = Path(__file__).parent / "data"
MOST_TEXTS: Final = 16
LONGEST: Final = 4_000


class Unreadable(ValueError):
    """The event is none of the proxy's. Nothing of it is repeated."""


class Table:
    """Vectors of tokens, as they lie in a safetensors file (https://huggingface.co/docs/safetensors): one matrix of 16-bit floats, little-endian."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._bytes = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        (size,) = struct.unpack_from("<Q", self._bytes)
        header = json.loads(self._bytes[8 : 8 + size])
        tensor = next(value for name, value in header.items() if name != "__metadata__")
        if tensor["dtype"] != "F16":
            raise ValueError(f"{file.name} holds {tensor['dtype']}, not 16-bit floats")
        self.rows, self.dimensions = cast("tuple[int, int]", tuple(tensor["shape"]))
        self._start = 8 + size + tensor["data_offsets"][0]

    def mean(self, tokens: Sequence[int]) -> list[float] | None:
        """The mean of the tokens' vectors, at length 1; None when it has no direction."""
        row = struct.Struct(f"<{self.dimensions}e")
        vectors = [row.unpack_from(self._bytes, self._start + token * row.size) for token in tokens]
        total = [math.fsum(column) for column in zip(*vectors, strict=True)]
        length = math.hypot(*total)
        return [value / length for value in total] if length else None


@cache
def _loaded() -> tuple[Tokenizer, Table]:
    return Tokenizer.from_file(str(DATA / "tokenizer.json")), Table(DATA / "vectors.safetensors")


def read(event: Mapping[str, Any]) -> list[str]:
    """The texts of an event; Unreadable."""
    texts = event.get("texts")
    if not isinstance(texts, list) or not 0 < len(texts) <= MOST_TEXTS:
        raise Unreadable(f"the event holds no list of 1 to {MOST_TEXTS} texts")
    if not all(isinstance(text, str) and 0 < len(text) <= LONGEST for text in texts):
        raise Unreadable(f"a text is none, or has not 1 to {LONGEST} characters")
    return texts


def embed(event: Mapping[str, Any]) -> dict[str, Any]:
    """What the function answers."""
    texts = read(event)
    tokenizer, table = _loaded()
    found = [table.mean(tokenizer.encode(text, add_special_tokens=False).ids) for text in texts]
    return {"dimensions": table.dimensions, "vectors": found}


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """The Lambda entry."""
    return embed(event)
