"""A JSON request body that is checked once and then relayed byte for byte, with single values replaced in place.

Why not decode and encode again: the upstream must see exactly what the client wrote (number forms, key order, escapes, unknown fields),
and prompt caches match on bytes. So the body is validated by a strict parser, and the spans of its top-level members are found in the raw bytes.

Two parsers that read one text differently are an attack (parser differential): a body with a repeated key, or with `Model` beside
`model`, may be checked as one thing here and executed as another upstream. Such bodies are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from gateway.errors import InvalidRequest

_DEPTH: Final = 16
_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_GAP: Final = rb'[^"\[\]{}]*+'


def _container(depth: int) -> bytes:
    """A pattern for a JSON array or object nested at most `depth` levels; possessive, so that it never backtracks."""
    pattern = rb"[\[{]" + _GAP + rb"(?:" + _STRING + _GAP + rb")*+[\]}]"
    for _ in range(depth):
        pattern = rb"[\[{]" + _GAP + rb"(?:(?:" + _STRING + rb"|" + pattern + rb")" + _GAP + rb")*+[\]}]"
    return pattern


_KEY: Final = re.compile(rb"\s*(" + _STRING + rb")\s*:\s*", re.DOTALL)
_VALUE: Final = re.compile(_STRING + rb'|[^,\[\]{}"\s]++|' + _container(_DEPTH), re.DOTALL)
_NEXT: Final = re.compile(rb"\s*([,}])")
_TOKEN: Final = re.compile(_STRING + rb"|[\[\]{}]", re.DOTALL)

# Names the gateway itself reads somewhere: their spelling must be exact.
_RESERVED: Final = frozenset(
    [
        "model",
        "messages",
        "system",
        "input",
        "prompt",
        "stream",
        "stream_options",
        "max_tokens",
        "max_completion_tokens",
        "tools",
        "tool_choice",
        "n",
    ]
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a top-level value stands in the raw body: `raw[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A validated JSON object: its bytes, its decoded data, and the span of each top-level value."""

    raw: bytes
    data: Mapping[str, Any]
    spans: Mapping[str, Span]

    def replace(self, values: Mapping[str, Any], without: Iterable[str] = ()) -> bytes:
        """The raw body with top-level members replaced, or added at the end when absent, and those of `without` taken out, each with one
        comma and the white space between. Every other byte stays. No name stands in both. InvalidRequest for what is nested too deeply to be
        written (orjson reads 1,024 levels and writes 254)."""
        gone = frozenset(without) & self.spans.keys()
        if not values and not gone:
            return self.raw
        edits = self._cuts(gone) if gone else []
        edits += [(self.spans[name], _written(name, values[name])) for name in values if name in self.spans]
        edits.sort(key=lambda edit: edit[0].start)
        pieces: list[bytes] = []
        position = 0
        for span, text in edits:
            pieces += [self.raw[position : span.start], text]
            position = span.end
        rest = self.raw[position:]
        added = [name for name in values if name not in self.spans]
        if added:
            cut = rest.rindex(b"}")
            members = b"".join(b"," + orjson.dumps(name) + b":" + _written(name, values[name]) for name in added)
            rest = rest[:cut] + (members if len(self.spans) > len(gone) else members[1:]) + rest[cut:]
        return b"".join([*pieces, rest])

    def without(self, names: Iterable[str]) -> bytes:
        """The raw body without some top-level members; see `replace`."""
        return self.replace({}, names)

    def _cuts(self, gone: Container[str]) -> list[tuple[Span, bytes]]:
        """What to cut out: a member with the comma before it; those in front of the first that stays, with the comma behind them."""
        cuts: list[tuple[Span, bytes]] = []
        end = self.raw.index(b"{") + 1
        front: int | None = self.raw.index(b'"', end)  # while nothing stayed yet: where the first key begins
        for name, span in self.spans.items():
            if name not in gone:
                if front is not None:
                    cuts.append((Span(front, self.raw.index(b'"', end)), b""))
                front = None
            elif front is None:
                cuts.append((Span(end, span.end), b""))
            end = span.end
        return cuts if front is None else [(Span(front, end), b"")]


def parse(raw: bytes) -> JsonBody:
    """Validate a request body; InvalidRequest says what is wrong with it. Strict RFC 8259: no NaN, no BOM, UTF-8 only, depth ≤ 1,024."""
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(_complaint(raw, error)) from None
    if not isinstance(data, dict):
        raise InvalidRequest("The request body must be a JSON object.")
    names, spans = _members(raw)
    _refuse_ambiguous(names)
    return JsonBody(raw, data, dict(zip(names, spans, strict=True)))


def _written(name: str, value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise InvalidRequest(
            f"The field '{name}' is nested too deeply for it to be changed on its way.", param=name
        ) from None


def _complaint(raw: bytes, error: orjson.JSONDecodeError) -> str:
    if not raw.strip():
        return "The request body is empty; a JSON object is needed."
    if raw.startswith(b"\xef\xbb\xbf"):
        return "The request body begins with a byte order mark; send plain UTF-8 JSON."
    try:
        raw.decode()
    except UnicodeDecodeError as broken:
        return f"The request body is not UTF-8 (byte {broken.start})."
    return f"The request body is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})."


def _members(raw: bytes) -> tuple[list[str], list[Span]]:
    """Names and value spans of the top-level members, in order, repeated names included. `raw` is valid JSON."""
    names: list[str] = []
    spans: list[Span] = []
    position = raw.index(b"{") + 1
    while key := _KEY.match(raw, position):
        names.append(orjson.loads(key[1]))
        start = key.end()
        value = _VALUE.match(raw, start)
        end = value.end() if value else _walk(raw, start)
        spans.append(Span(start, end))
        following = _NEXT.match(raw, end)
        if following is None or following[1] == b"}":
            break
        position = following.end()
    return names, spans


def _walk(raw: bytes, start: int) -> int:
    """End of a container nested deeper than the pattern reaches."""
    depth = 0
    for token in _TOKEN.finditer(raw, start):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
        elif first in b"]}":
            depth -= 1
            if depth == 0:
                return token.end()
    raise InvalidRequest("The request body is not valid JSON.")


def _refuse_ambiguous(names: Iterable[str]) -> None:
    """Refuse repeated names, names that differ only in case, and reserved names in another spelling."""
    seen: set[str] = set()
    for name in names:
        folded = name.casefold()
        if folded in seen:
            raise InvalidRequest(f"The field {name[:64]!r} appears more than once.", param=name[:64])
        if folded in _RESERVED and name not in _RESERVED:
            raise InvalidRequest(f"The field {name[:64]!r} must be spelled {folded!r}.", param=name[:64])
        seen.add(folded)


def ambiguous(raw: bytes, *, numbers: bool = False) -> bool:
    """Whether an object within valid JSON has a name twice (parsers take the first or the last), or it is nested too deeply to say. `numbers`: or a
    whole number is beyond 64 bits, which some read as it is and some (also `parse`) as the nearest of fewer digits.

    Not asked of every request: it takes ten times as long as reading it, and where nothing is checked or kept, nothing is got by it.
    """
    try:
        json.loads(raw, object_pairs_hook=_once, parse_int=_small if numbers else None)
    except (ValueError, RecursionError):
        return True
    return False


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name is there twice")


def _small(number: str) -> int:
    found = int(number)
    if not -(2**63) <= found < 2**64:
        raise ValueError("a number is beyond 64 bits")
    return found


def text_field(data: Mapping[str, Any], name: str) -> str:
    """A required, non-empty string of at most 256 characters."""
    value = data.get(name)
    if value is None:
        raise InvalidRequest(f"The field '{name}' is missing.", param=name)
    if not isinstance(value, str) or not value.strip():
        raise InvalidRequest(f"The field '{name}' must be a non-empty string.", param=name)
    if len(value) > 256:
        raise InvalidRequest(f"The field '{name}' is longer than 256 characters.", param=name)
    return value


def flag_field(data: Mapping[str, Any], name: str) -> bool:
    """An optional boolean; null and absent are False."""
    value = data.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise InvalidRequest(f"The field '{name}' must be true or false.", param=name)
    return value


def list_field(data: Mapping[str, Any], name: str) -> None:
    """A required, non-empty array; what it holds is the upstream's business."""
    value = data.get(name)
    if value is None:
        raise InvalidRequest(f"The field '{name}' is missing.", param=name)
    if not isinstance(value, list) or not value:
        raise InvalidRequest(f"The field '{name}' must be a non-empty array.", param=name)
