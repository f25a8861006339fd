"""Field types shared by the request and reply models: identifiers, names, headers and money as text."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

_SEGMENT = re.compile(r"\.{1,2}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{0,2048}")
_FIRST = 1_000_000_000_000
_MOMENT = "must be Unix milliseconds or a date-time with its zone, such as 2026-12-01T00:00:00Z"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# Hop-by-hop headers would break the connection; credentials have a place of their own, where they are encrypted.
REFUSED_HEADERS = frozenset(
    "authorization x-api-key api-key x-goog-api-key cookie set-cookie proxy-authorization proxy-authenticate host connection keep-alive "
    "content-length content-encoding transfer-encoding accept-encoding te trailer upgrade expect".split()
)


class Strict(BaseModel):
    """A body in which an unknown field, or a number where text belongs, is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Reply(BaseModel):
    """A reply: every field is always there, so the generated types need no question marks."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


def _identifier(value: str) -> str:
    if any(not part or _SEGMENT.fullmatch(part) for part in value.split("/")):
        raise ValueError("empty, '.' and '..' path segments cannot be part of an id")
    return value


def _printable(value: str) -> str:
    text = value.strip()
    if not text:
        raise ValueError("must not be empty")
    if _CONTROL.search(text):
        raise ValueError("control characters are not allowed")
    return text


def _headers(value: dict[str, str]) -> dict[str, str]:
    if len({name.lower() for name in value}) != len(value):
        raise ValueError("the same header is given twice")
    for name, text in value.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name[:64]!r} is not a header name")
        if name.lower() in REFUSED_HEADERS:
            raise ValueError(f"{name} cannot be set here; a credential belongs to the provider's keys")
        if not _HEADER_VALUE.fullmatch(text):
            raise ValueError(f"the value of {name} must be printable ASCII of at most 2048 characters")
    return value


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/@-]{1,128}$"), AfterValidator(_identifier)]
# A name in a key's allow-list; `*` stands for any run of characters (`gpt-*`, `openai/*`).
ModelPattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/@*-]{1,128}$"), AfterValidator(_identifier)]
# A provider id is the first segment of `provider/model` and one segment of a URL, so it has no slash.
ProviderId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,128}$"), AfterValidator(_identifier)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
UpstreamName = Annotated[str, Field(min_length=1, max_length=512), AfterValidator(_printable)]
Headers = Annotated[dict[str, str], Field(max_length=32), AfterValidator(_headers)]
Tokens = Annotated[int, Field(ge=1, le=1_000_000_000)]
# 0 = only when nobody else is left.
Weight = Annotated[int, Field(ge=0, le=1000)]


def _moment(value: Any) -> Any:
    """A date-time with a zone (RFC 3339, as text or as YAML has it) as Unix milliseconds."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        except ValueError:
            raise ValueError(_MOMENT) from None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(_MOMENT)
        return round(value.timestamp() * 1000)
    if isinstance(value, date) or (isinstance(value, int) and 0 < value < _FIRST):
        raise ValueError(_MOMENT)
    return value


# Before JSON becomes a number: a date-time is taken where Unix milliseconds are.
Moment = BeforeValidator(_moment)
# From the year 2001 on, so that seconds given for milliseconds are told apart.
PausedUntil = Annotated[
    int,
    Field(ge=_FIRST, le=253_402_300_799_000, description="Unix milliseconds; kept to the second, upwards"),
    Moment,
]
Usd = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,9}(\.[0-9]{1,12})?$",
        description="US dollars as a decimal string, exact",
        examples=["0.15"],
    ),
]
