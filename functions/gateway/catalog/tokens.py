"""Tokens by estimate, for when an upstream reports no usage (marked `estimated` in the log) and for counting before a call.

Exact where tiktoken knows the model's encoding and its rank files were built into the deployment; elsewhere by UTF-8 bytes per token.
Which is which, and what messages, tools and pictures add, is data: `data/tokenizers.json`, each row with its source. Nothing is ever
downloaded: an encoding is made from the deployment's own file, whose SHA-256 is checked, or not at all. Loading one costs some 0.4 s
and 80 MB, so it happens on first use, and the proxy calls this only after a client has its answer.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import orjson

from gateway.catalog.attached import Attached
from gateway.catalog.contents import Contents, contents
from gateway.catalog.names import meanings

if TYPE_CHECKING:
    from tiktoken import Encoding

DATA = Path(__file__).parent / "data"
EXACT_CHARACTERS = 400_000
"""Longer texts are counted exactly up to here and in proportion beyond: a megabyte takes a quarter of a second of CPU."""

_READ_OF_TOOLS = 0.85
"""How much of the JSON of tools is left when it is laid out as the exact count does: most braces and quotes of the top levels go."""

Method = Literal["tiktoken", "ratio"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number of tokens and how it was come by: `tiktoken` counted, `ratio` divided bytes (no public tokenizer, or no rank file)."""

    tokens: int
    method: Method


@dataclass(frozen=True, slots=True)
class Measure:
    """`tokens` of a whole body by the quick estimate, and the files in it."""

    tokens: int
    attached: Attached


class Tokens:
    """Counts by the rows of `table`, with rank files from `ranks`."""

    def __init__(self, table: Mapping[str, Any], ranks: Path) -> None:
        self._tokenizers: Mapping[str, Mapping[str, Any]] = table["tokenizers"]
        self._kinds: Mapping[str, Mapping[str, Any]] = table["kinds"]
        self._dialects: Mapping[str, Mapping[str, Any]] = table["dialects"]
        self._pictures: Mapping[str, Any] = table["pictures"]
        self._ranks = ranks
        self._encodings: dict[str, Encoding | None] = {}

    def tokenizer_of(self, kind: str, upstream_model: str) -> str | None:
        """The name of a model's tokenizer, by provider kind and the longest prefix of its name or of what `names` makes of that.

        None for a kind without a row.
        """
        row = self._kinds.get(kind)
        if row is None:
            return None
        for name in meanings(kind, upstream_model):
            matching = [prefix for prefix in row["prefixes"] if name.startswith(prefix)]
            if matching:
                return str(row["prefixes"][max(matching, key=len)])
        return str(row["default"])

    def count(self, text: str, tokenizer: str) -> Estimate:
        """Tokens of one text; KeyError for an unknown tokenizer. Special tokens in it are counted as the ordinary text they are."""
        encoding = self._encoding(tokenizer)
        if encoding is None:
            size = len(text.encode("utf-8", "surrogatepass"))
            ratio: float = self._tokenizers[tokenizer]["bytes_per_token"]
            return Estimate(-int(-size // ratio), "ratio")
        head = text[:EXACT_CHARACTERS]
        tokens = len(encoding.encode_ordinary(head))
        return Estimate(tokens if len(head) == len(text) else tokens * len(text) // len(head), "tiktoken")

    def request(self, dialect: str, body: Any, tokenizer: str | None = None, upstream: str | None = None) -> Estimate:
        """Input tokens of a request body (parsed JSON) in `dialect`; KeyError for an unknown dialect.

        `upstream` is the dialect the model is asked in, whose overheads and sizes of pictures count; None = the same. `tokenizer` None =
        the usual one of that dialect.
        """
        row = self._dialects[upstream or dialect]
        name = tokenizer or str(row["tokenizer"])
        found = contents(dialect, body)
        total = sum(self.count(text, name).tokens for text in found.texts) + _around(found, row)
        total += self._tools(found, row, name)
        return Estimate(total, self.count("", name).method)

    def most_of_picture(self, upstream_model: str) -> int:
        """The most tokens that a picture may be billed as, by the longest word of the table that is in the model's name."""
        name = upstream_model.lower()
        words = [word for word in self._pictures["names"] if word in name]
        return int(self._pictures["names"][max(words, key=len)] if words else self._pictures["default"])

    def quick(self, dialect: str, body: Any, upstream: str | None = None) -> Measure:
        """The same in a fraction of a millisecond, within a fifth: bytes by ratio, tools as JSON. No tokenizer is loaded."""
        row = self._dialects[upstream or dialect]
        found = contents(dialect, body)
        size = sum(map(_size, found.texts))
        total = _around(found, row)
        if found.tools:
            size += int(len(_compact(found.tools)) * _READ_OF_TOOLS)
            total += row["tools_end"] + row["tool"] * len(found.tools)
        total += -int(-size // self._tokenizers[row["tokenizer"]]["bytes_per_token"])
        return Measure(total, replace(found.attached, estimated=_files(found, row)))

    def _tools(self, found: Contents, row: Mapping[str, Any], tokenizer: str) -> int:
        """The layout of function definitions in OpenAI's prompt, as their cookbook gives it, with the overheads of the dialect."""
        if not found.tools:
            return 0
        total = int(row["tools_end"])
        for tool in found.tools:
            described = f"{tool.get('name', '')}:{str(tool.get('description') or '').removesuffix('.')}"
            total += row["tool"] + self.count(described, tokenizer).tokens
            parameters = tool.get("parameters")
            properties = parameters.get("properties") if isinstance(parameters, Mapping) else None
            if isinstance(properties, Mapping) and properties:
                total += row["properties"] + sum(
                    self._property(name, value, row, tokenizer) for name, value in properties.items()
                )
        return total

    def _property(self, name: str, schema: Any, row: Mapping[str, Any], tokenizer: str) -> int:
        schema = schema if isinstance(schema, Mapping) else {}
        described = f"{name}:{schema.get('type', '')}:{str(schema.get('description') or '').removesuffix('.')}"
        total = int(row["property"]) + self.count(described, tokenizer).tokens
        choices = schema.get("enum")
        if isinstance(choices, list) and choices:
            total += row["enum"] + sum(
                row["enum_item"] + self.count(str(choice), tokenizer).tokens for choice in choices
            )
        nested = {
            key: schema[key] for key in ("properties", "items", "anyOf", "oneOf", "allOf", "$ref") if key in schema
        }
        # The cookbook stops at flat parameters; deeper ones are written out much as in JSON.
        return total + (self.count(_compact(nested), tokenizer).tokens if nested else 0)

    def _encoding(self, name: str) -> Encoding | None:
        if name not in self._encodings:
            row = self._tokenizers[name]
            self._encodings[name] = _load(name, row, self._ranks) if "url" in row else None
        return self._encodings[name]


def _around(found: Contents, row: Mapping[str, Any]) -> int:
    """Tokens of what is no text and no tool: the frames of messages, pictures, files, and tokens that came as such."""
    total: int = found.tokens + found.messages * row["per_message"] + found.names * row["per_name"]
    total += row["reply"] if found.messages else 0
    return total + _files(found, row)


def _files(found: Contents, row: Mapping[str, Any]) -> int:
    return int(found.images * row["image"] + found.images_low * row["image_low"] + found.files * row["file"])


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _compact(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return ""


def _load(name: str, row: Mapping[str, Any], ranks: Path) -> Encoding | None:
    """The encoding from the deployment's rank file; None when the file or tiktoken is not there, or the file is not the right one.

    `tiktoken.get_encoding` is not used: it downloads what it misses.
    """
    path = ranks / hashlib.sha1(row["url"].encode(), usedforsecurity=False).hexdigest()
    try:
        from tiktoken import Encoding

        content = path.read_bytes()
    except (ImportError, OSError):
        return None
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        return None
    pairs = (line.split() for line in content.splitlines() if line)
    table = {base64.b64decode(token): int(rank) for token, rank in pairs}
    return Encoding(name, pat_str=row["pattern"], mergeable_ranks=table, special_tokens={})


@functools.cache
def _tokens() -> Tokens:
    """The deployment's own files; they do not change while a process lives."""
    return Tokens(orjson.loads((DATA / "tokenizers.json").read_bytes()), DATA / "ranks")


def tokenizer_of(kind: str, upstream_model: str) -> str | None:
    """See `Tokens.tokenizer_of`."""
    return _tokens().tokenizer_of(kind, upstream_model)


def count(text: str, encoding: str) -> Estimate:
    """Tokens of a text by a named tokenizer (`o200k_base`, `cl100k_base`, `claude`, …); KeyError when unknown."""
    return _tokens().count(text, encoding)


def estimate_text(text: str, tokenizer: str | None = None) -> Estimate:
    """Tokens of a text a model wrote or reads; `tokenizer` as from `tokenizer_of`, None = by the general ratio."""
    return _tokens().count(text, tokenizer or "general")


def estimate_request(dialect: str, body: Any, tokenizer: str | None = None, upstream: str | None = None) -> Estimate:
    """Input tokens of a request body in `dialect`; see `Tokens.request`."""
    return _tokens().request(dialect, body, tokenizer, upstream)


def quick_estimate(dialect: str, body: Any, upstream: str | None = None) -> int:
    """Input tokens of a request body before the call, cheaply; see `Tokens.quick`."""
    return _tokens().quick(dialect, body, upstream).tokens


def measure(dialect: str, body: Any) -> Measure:
    """The same, and the files in the body."""
    return _tokens().quick(dialect, body)


def most_of_picture(upstream_model: str) -> int:
    """See `Tokens.most_of_picture`."""
    return _tokens().most_of_picture(upstream_model)
