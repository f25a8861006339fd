"""What a rule can ask about a request: a field's name becomes a function that reads it.

| field | type | what it is |
|---|---|---|
| `model` | text | the name the client sent |
| `stream` | flag | whether the client wants a stream; always there |
| `headers.<name>` | text | a header, its name in any case and with any dots; credentials are not to be seen |
| `body.a[0].b` | any | a member of the body: keys joined by dots, indexes of lists from 0. A key that holds `.`, `[` or `]` cannot be named |
| `tokens.input` | number | counted or estimated; null while nobody counted |
| `key.id`, `key.name`, `key.team_id`, `key.user_id` | text | the virtual key |
| `user.id` | text | the person the virtual key belongs to (what a client says of its own users is in the body or in headers) |
| `time.hour`, `time.minute` | number | 0 to 23; 0 to 59 |
| `time.weekday` | number | ISO 8601: 1 is Monday, 7 is Sunday |
| `time.date` | text | `2026-11-21` |

`time.*` is UTC, or the condition's `zone`, a name of the IANA time zone database. What is missing is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from gateway.neutral import redaction
from gateway.routing.features import Features
from gateway.routing.rule_error import RuleError, check_text

Type = Literal["text", "number", "flag", "date", "any"]
Read = Callable[[Features], Any]

NAME_CHARACTERS: Final = 4_096
_STEPS: Final = 32
_HEADER: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_STEP: Final = re.compile(r"(?:^|\.)([^.\[\]]+)|\[(-?[0-9]{1,9})\]")


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the one way to write it. `among`: the least and greatest number there can be. `secret`: its value is not to be shown."""

    name: str
    type: Type
    read: Read
    among: tuple[int, int] | None = None
    secret: bool = False


def _streams(features: Features) -> bool:
    return features.stream if features.stream is not None else _member(features.body, "stream") is True


_FIXED: Final[Mapping[str, tuple[Type, Read]]] = {
    "model": ("text", lambda features: features.model),
    "stream": ("flag", _streams),
    "tokens.input": ("number", lambda features: features.input_tokens),
    "key.id": ("text", lambda features: features.key.id),
    "key.name": ("text", lambda features: features.key.name),
    "key.team_id": ("text", lambda features: features.key.team_id),
    "key.user_id": ("text", lambda features: features.key.user_id),
    "user.id": ("text", lambda features: features.key.user_id),
}
_TIME: Final[Mapping[str, tuple[Type, Callable[[datetime], Any], tuple[int, int] | None]]] = {
    "time.hour": ("number", lambda moment: moment.hour, (0, 23)),
    "time.minute": ("number", lambda moment: moment.minute, (0, 59)),
    "time.weekday": ("number", lambda moment: moment.isoweekday(), (1, 7)),
    "time.date": ("date", lambda moment: moment.date().isoformat(), None),
}
KNOWN: Final = (*_FIXED, *_TIME, "headers.<name>", "body.<path>")


def field(name: str, zone: object, path: str) -> Field:
    """The field of that name; RuleError under `path`, the path of its condition."""
    check_text(name, NAME_CHARACTERS, f"{path}field")
    if name in _TIME:
        return _time(name, _zone(zone, path))
    if zone is not None:
        raise RuleError(f"{path}zone", "only conditions on time.* have a zone")
    if name in _FIXED:
        return Field(name, *_FIXED[name])
    root, dot, rest = name.partition(".")
    if root == "headers" and dot:
        return _header(rest, path)
    if root == "body" and dot:
        return _body(name, _steps(rest, path))
    raise RuleError(f"{path}field", f"there is no such field; there are {', '.join(KNOWN)}")


def _time(name: str, zone: tzinfo) -> Field:
    kind, part, among = _TIME[name]
    return Field(name, kind, lambda features: part(datetime.fromtimestamp(features.now_ms / 1000, zone)), among)


def _zone(zone: object, path: str) -> tzinfo:
    if zone is None or zone == "UTC":
        return UTC
    if not isinstance(zone, str) or not 0 < len(zone) <= 64:
        raise RuleError(f"{path}zone", "a zone is a name such as Europe/Berlin")
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # not there; a path out of the database; a folder in it
        raise RuleError(f"{path}zone", "the time zone database has no zone of that name") from None


def _header(written: str, path: str) -> Field:
    if not _HEADER.fullmatch(written):
        raise RuleError(f"{path}field", "that is no name of a header")
    name = written.lower()
    secret = redaction.MARK in redaction.headers([(name.encode(), b"x")]).values()
    return Field(f"headers.{name}", "text", lambda features: features.headers.get(name), secret=secret)


def _steps(written: str, path: str) -> tuple[str | int, ...]:
    """`a[0].b` as ("a", 0, "b")."""
    found: list[str | int] = []
    position = 0
    while position < len(written):
        match = _STEP.match(written, position)
        if match is None or (not found and (match[1] is None or written[0] == ".")):
            raise RuleError(f"{path}field", "a path into the body is written like messages[0].role")
        if match[2] is not None and match[2].startswith("-"):
            raise RuleError(f"{path}field", "indexes count from 0; there is no counting from the end")
        found.append(match[1] if match[1] is not None else int(match[2]))
        position = match.end()
    if not 0 < len(found) <= _STEPS:
        raise RuleError(f"{path}field", f"a path into the body has 1 to {_STEPS} steps")
    return tuple(found)


def _body(name: str, steps: tuple[str | int, ...]) -> Field:
    # The redaction knows members by their names; whether it would hide this one is asked of it.
    secret = any(redaction.MARK in redaction.text(f'"{step}":"x"') for step in steps)
    if len(steps) == 1:
        return Field(name, "any", lambda features: _member(features.body, steps[0]), secret=secret)

    def read(features: Features) -> Any:
        value: Any = features.body
        for step in steps:
            value = _member(value, step)
            if value is None:
                return None
        return value

    return Field(name, "any", read, secret=secret)


def _member(value: Any, step: str | int) -> Any:
    """A member of an object or an element of a list; None when there is none."""
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict | Mapping) else None
    return value[step] if isinstance(value, list | tuple) and step < len(value) else None
