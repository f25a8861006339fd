"""Cursors, versions and page sizes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Header, Query, Response

from gateway.admin.errors import BadRequest, Stale

MAX_PAGE = 100
_MAX_ROUNDS = 10
_COUNTED_ROUNDS = 4
_COUNTED_ROWS = 500
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,15})"')

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="Rows per page")]
Active = Annotated[bool | None, Query(description="Only what is switched on, or only what is not")]
Cursor = Annotated[str | None, Query(max_length=512, description="`next_cursor` of the page before")]
IfMatch = Annotated[
    str | None, Header(max_length=256, description="The ETag this change is based on; 412 when it is stale")
]


def encode_cursor(position: str) -> str:
    """An opaque cursor for a position."""
    return base64.urlsafe_b64encode(b"1" + position.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> str | None:
    """The position of a cursor; BadRequest when this API did not make it."""
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        text = raw.decode()
    except (binascii.Error, ValueError):
        raise BadRequest("The cursor is not valid.", field="cursor") from None
    if not text.startswith("1") or len(text) < 2:
        raise BadRequest("The cursor is not valid.", field="cursor")
    return text[1:]


def set_etag(response: Response, version: int) -> None:
    """Announce the version of the entity in the body."""
    response.headers["etag"] = f'"{version}"'


def expected(if_match: str | None) -> int | None:
    """The version a change is based on, None when the caller does not say; Stale when it is not one of ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise Stale
    return int(match[1])


def collect(
    fetch: Callable[[str | None, int], tuple[Sequence[T], str | None]],
    keep: Callable[[T], bool],
    cursor: str | None,
    limit: int,
) -> tuple[list[T], str | None]:
    """A filtered page from pages of a store, reading at most ten of them: the page may be short and still go on.

    `fetch(after, limit)` gives rows and the position to go on from (None at the end). Returns rows and the next cursor.
    """
    position, found = decode_cursor(cursor), list[T]()
    for _ in range(_MAX_ROUNDS):
        rows, position = fetch(position, limit - len(found))
        found.extend(row for row in rows if keep(row))
        if position is None or len(found) >= limit:
            break
    return found, None if position is None else encode_cursor(position)


def listed(
    fetch: Callable[[str | None, int], tuple[Sequence[T], str | None]],
    keep: Callable[[T], bool],
    cursor: str | None,
    limit: int,
) -> tuple[list[T], str | None, int | None]:
    """`collect`, and how many there are over all pages: on the first one, where it takes at most 2,000 rows more to know."""
    found, following = collect(fetch, keep, cursor, limit)
    if cursor is not None:
        return found, following, None
    total, position = len(found), decode_cursor(following)
    for _ in range(_COUNTED_ROUNDS):
        if position is None:
            break
        rows, position = fetch(position, _COUNTED_ROWS)
        total += sum(1 for row in rows if keep(row))
    return found, following, total if position is None else None
