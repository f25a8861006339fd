"""Forms with files (`multipart/form-data`, RFC 7578), as far as a relay must read them: the fields' texts, and where each part stands.

No file is decoded or copied: what goes upstream are the client's bytes with one field's text replaced. The boundary is read from the body's own first
line, so that the header, which goes upstream as it came, and the body agree or the provider refuses them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.errors import InvalidRequest
from gateway.wire.json_body import Span

# https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
_BOUNDARY: Final = re.compile(rb"--([0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-])[ \t]*\r\n")
_NAME: Final = re.compile(rb'(?:^|;)[ \t]*name="((?:[^"\\\r\n]|\\.)*)"', re.IGNORECASE)
_FILENAME: Final = re.compile(rb"(?:^|;)[ \t]*filename\*?=", re.IGNORECASE)
_MOST_PARTS: Final = 64
_LONGEST_HEAD: Final = 8 * 1024
_LONGEST_FIELD: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, whether it is a file, its type, and where its content stands."""

    name: str
    file: bool
    type: str
    span: Span


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `raw` are its bytes, `parts` its parts in order."""

    raw: bytes = field(repr=False)
    parts: tuple[Part, ...] = ()

    def fields(self) -> Mapping[str, str]:
        """Texts of the fields that are no files; of two of one name (lists, as `include[]`) the first."""
        found: dict[str, str] = {}
        for part in self.parts:
            if not part.file:
                found.setdefault(part.name, self.raw[part.span.start : part.span.end].decode("utf-8", "replace"))
        return found

    def replace(self, name: str, text: str) -> bytes:
        """The bytes with the text of a field replaced."""
        spans = [part.span for part in self.parts if part.name == name and not part.file]
        if not spans:
            return self.raw
        span = spans[0]
        return self.raw[: span.start] + text.encode() + self.raw[span.end :]


def read(raw: bytes) -> Form:
    """The parts of a body; InvalidRequest when it is no form, repeats a field that the gateway reads, or has too many or too large parts."""
    opening = _BOUNDARY.match(raw)
    if opening is None:
        raise InvalidRequest("The request body must be multipart/form-data.")
    mark = b"\r\n--" + opening[1]
    parts: list[Part] = []
    position = opening.end()
    while True:
        end = raw.find(mark, position - 2)
        if end < 0:
            raise InvalidRequest("The form in the request body is not complete.")
        parts.append(_part(raw, position, max(end, position)))
        if len(parts) > _MOST_PARTS:
            raise InvalidRequest(f"The form has more than {_MOST_PARTS} parts.")
        after = end + len(mark)
        if raw.startswith(b"--", after):
            return Form(raw, tuple(parts))
        following = raw.find(b"\r\n", after)
        if following < 0 or raw[after:following].strip():
            raise InvalidRequest("The form in the request body is not well formed.")
        position = following + 2


def _part(raw: bytes, start: int, end: int) -> Part:
    gap = raw.find(b"\r\n\r\n", start, min(end, start + _LONGEST_HEAD))
    if gap < 0:
        raise InvalidRequest("A part of the form has no headers.")
    headers = {}
    for line in raw[start:gap].split(b"\r\n"):
        title, _, value = line.partition(b":")
        headers[title.strip().lower()] = value.strip()
    disposition = headers.get(b"content-disposition", b"")
    named = _NAME.search(disposition)
    if not disposition.lower().startswith(b"form-data") or named is None:
        raise InvalidRequest("A part of the form has no name.")
    name, file = named[1].decode("utf-8", "replace"), _FILENAME.search(disposition) is not None
    span = Span(gap + 4, end)
    if not file and span.end - span.start > _LONGEST_FIELD:
        raise InvalidRequest(f"The field '{name[:64]}' is too long.", param=name[:64])
    kind = headers.get(b"content-type", b"").decode("latin-1")
    return Part(name, file, kind, span)
