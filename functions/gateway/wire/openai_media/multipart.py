"""Forms with files (`multipart/form-data`, RFC 7578), as far as a relay must read them: the fields' texts, and where each part stands.

No file is decoded or copied: what goes upstream are the client's bytes with one field's text replaced, under a media type that names the boundary
by which they were read here (`media_type`).

Two parsers that read one form differently are an attack, as with JSON: the model that is checked here must be the one that is executed there. So a
form is refused where parsers are known to differ: a boundary that also stands inside a part or behind the end, line feeds without a carriage
return, folded, repeated or unnamed headers, names in other forms than plain quoted ones, other parameters, fields that are read and there twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.errors import InvalidRequest
from gateway.wire.json_body import Span

# https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
_BOUNDARY: Final = re.compile(rb"--([0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-])[ \t]*\r\n")
_TOKEN: Final = re.compile(r"[0-9A-Za-z'+_.-]+")
_HEADER: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_TEXT: Final = rb'"((?:[^"\\\x00-\x1f\x7f]|\\["\\])*)"'
# The name in quotes, then at most one name of a file in each of its two forms.
_DISPOSITION: Final = re.compile(
    rb'form-data[ \t]*;[ \t]*name="([A-Za-z0-9_.\[\]-]{1,128})"'
    rb"(?P<file>(?:[ \t]*;[ \t]*filename="
    + _TEXT
    + rb")?(?:[ \t]*;[ \t]*filename\*=[0-9A-Za-z'%._~!#$&+^`|-]+)?)[ \t]*",
    re.IGNORECASE,
)
# RFC 7578 has parts in other codes (sections 4.7, 4.6, 5.1), which some servers decode: what was looked at here would not be what is read there.
_PLAIN: Final = frozenset([b"binary", b"8bit", b"7bit"])
_UTF8: Final = frozenset([b"utf-8", b"utf8", b"us-ascii"])
_CHARSET: Final = re.compile(rb"charset[^=;]*=[ \t]*\"?([^\";, \t]*)", re.IGNORECASE)
_DISPOSES: Final = b"content-disposition"
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


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes into a form: its name, its media type, its bytes."""

    name: str
    type: str
    content: bytes = field(repr=False)


def encode(fields: Iterable[tuple[str, bytes]], file: File, boundary: str) -> bytes:
    """A form of fields and, last, a file in the field `file`. `boundary` is nothing a client could guess; names and types are checked already."""
    pieces: list[bytes] = []
    for name, text in fields:
        pieces += [f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n'.encode(), text, b"\r\n"]
    # As browsers escape it: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
    shown = file.name.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22")
    head = f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="{shown}"\r\ncontent-type: {file.type}\r\n\r\n'
    return b"".join([*pieces, head.encode(), file.content, f"\r\n--{boundary}--\r\n".encode()])


def media_type(raw: bytes) -> str:
    """The `content-type` of a form that `read` takes."""
    opening = _BOUNDARY.match(raw)
    boundary = "" if opening is None else opening[1].decode("ascii")
    said = boundary if _TOKEN.fullmatch(boundary) else f'"{boundary}"'
    return f"multipart/form-data; boundary={said}"


def read(raw: bytes, once: Collection[str] = ()) -> Form:
    """The parts of a body; InvalidRequest when it is no form, has too many or too large parts, or can be read in more than one way.

    `once`: fields that the gateway reads; they may be there once, in this spelling, in UTF-8.
    """
    opening = _BOUNDARY.match(raw)
    if opening is None:
        raise InvalidRequest("The request body must be multipart/form-data.")
    spans = list(_spans(raw, opening))
    if raw.count(b"--" + opening[1]) != len(spans) + 1:
        raise InvalidRequest("The form's boundary stands inside one of its parts.")
    form = Form(raw, tuple(_part(raw, span) for span in spans))
    _refuse_ambiguous(form, once)
    return form


def _spans(raw: bytes, opening: re.Match[bytes]) -> Iterator[Span]:
    """Where the parts stand, their headers included."""
    mark = b"\r\n--" + opening[1]
    position = opening.end()
    for _ in range(_MOST_PARTS):
        end = raw.find(mark, position - 2)
        if end < 0:
            raise InvalidRequest("The form in the request body is not complete.")
        yield Span(position, max(end, position))
        after = end + len(mark)
        line = raw.find(b"\r\n", after)
        if raw.startswith(b"--", after):
            if raw[after + 2 :].strip(b" \t\r\n"):
                raise InvalidRequest("The form in the request body does not end with its last boundary.")
            return
        if line < 0 or raw[after:line].strip(b" \t"):
            raise InvalidRequest("The form in the request body is not well formed.")
        position = line + 2
    raise InvalidRequest(f"The form has more than {_MOST_PARTS} parts.")


def _part(raw: bytes, whole: Span) -> Part:
    gap = raw.find(b"\r\n\r\n", whole.start, min(whole.end, whole.start + _LONGEST_HEAD))
    if gap < 0:
        raise InvalidRequest("A part of the form has no headers, or more than 8 KB of them.")
    headers = _headers(raw[whole.start : gap])
    named = _DISPOSITION.fullmatch(headers.get(_DISPOSES, b""))
    if named is None:
        raise InvalidRequest("A part of the form has no name, or one that cannot be read in one way only.")
    name, file = named[1].decode("ascii"), bool(named["file"])
    if headers.get(b"content-transfer-encoding", b"binary").lower() not in _PLAIN or name.lower() == "_charset_":
        raise InvalidRequest("A part of the form is encoded; only plain bytes are taken.")
    charset = _CHARSET.search(headers.get(b"content-type", b""))
    if not file and charset is not None and charset[1].lower() not in _UTF8:
        raise InvalidRequest(f"The field '{name[:64]}' must be in UTF-8.", param=name[:64])
    span = Span(gap + 4, whole.end)
    if not file and span.end - span.start > _LONGEST_FIELD:
        raise InvalidRequest(f"The field '{name[:64]}' is too long.", param=name[:64])
    return Part(name, file, headers.get(b"content-type", b"").decode("latin-1"), span)


def _headers(head: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for line in head.split(b"\r\n"):
        read = _HEADER.fullmatch(line)
        if read is None or read[1].lower() in found:
            raise InvalidRequest("A part of the form has a header that is malformed or there twice.")
        found[read[1].lower()] = read[2].strip()
    return found


def _refuse_ambiguous(form: Form, once: Collection[str]) -> None:
    seen: set[str] = set()
    for part in form.parts:
        folded = part.name.lower().removesuffix("[]")
        if folded not in once:
            continue
        if part.name != folded:
            raise InvalidRequest(f"The field '{part.name}' must be spelled '{folded}'.", param=part.name)
        if folded in seen:
            raise InvalidRequest(f"The field '{folded}' appears more than once.", param=folded)
        seen.add(folded)
        if not part.file:
            _readable(form.raw[part.span.start : part.span.end], folded)


def _readable(text: bytes, name: str) -> None:
    try:
        text.decode()
    except UnicodeDecodeError:
        raise InvalidRequest(f"The field '{name}' is not UTF-8.", param=name) from None
