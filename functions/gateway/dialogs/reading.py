"""What a client sends to a dialog: `{"content", "agent_config"?, "message_id"?}`, and `?skip&limit` for its messages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from gateway.dialogs import config
from gateway.errors import InvalidRequest
from gateway.neutral.dialogs import AgentConfig
from gateway.wire.json_body import parse

LONGEST: Final = 100_000
"""Characters of a message. Packed, it fits an item of the table, whatever they are."""
MOST_LISTED: Final = 500
_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_DIALOG: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_KNOWN: Final = ("content", "agent_config", "message_id")


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it came. `message_id` None = its client chose none."""

    content: str
    config: AgentConfig
    message_id: str | None

    @property
    def fingerprint(self) -> str:
        """What must be equal in a message that comes again: its text. How the model is asked may change."""
        return digest(self.content)


def digest(content: str) -> str:
    """Of a message's text."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def dialog_id(text: str) -> str | None:
    """The id of a dialog in a path; None for what can be none."""
    return text if _DIALOG.fullmatch(text) else None


def is_message_id(text: str) -> bool:
    """Whether a question may have this id."""
    return _ID.fullmatch(text) is not None


def said(raw: bytes, idempotency_key: str | None = None) -> Said:
    """The message of a body; InvalidRequest names the field that is wrong. `Idempotency-Key` names a message like `message_id`."""
    data = parse(raw).data
    for name in data:
        if name not in _KNOWN:
            raise InvalidRequest(f"There is no field '{name[:64]}' here.", param=name[:64])
    content = data.get("content")
    if not isinstance(content, str) or not content.strip():
        raise InvalidRequest("The field 'content' must be a text that is not empty.", param="content")
    if len(content) > LONGEST:
        raise InvalidRequest(f"The field 'content' is longer than {LONGEST} characters.", param="content")
    return Said(content, config.read(data.get("agent_config")), _named(data, idempotency_key))


def _named(data: Mapping[str, Any], idempotency_key: str | None) -> str | None:
    name = data.get("message_id")
    if name is None:
        if idempotency_key is None:
            return None
        if not 0 < len(idempotency_key) <= 255 or not (idempotency_key.isascii() and idempotency_key.isprintable()):
            raise InvalidRequest(
                "The header 'Idempotency-Key' must have 1 to 255 printable ASCII characters.", param="Idempotency-Key"
            )
        return "key_" + hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise InvalidRequest(
            "The field 'message_id' must have 1 to 128 letters, digits, or any of '_.:-'.", param="message_id"
        )
    return name


def page(query: str) -> tuple[int, int]:
    """`skip` and `limit` of a list of messages."""
    given = dict(parse_qsl(query, keep_blank_values=True))
    return _whole(given, "skip", 0, 0, 999_999), _whole(given, "limit", 100, 1, MOST_LISTED)


def _whole(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise InvalidRequest(f"The parameter '{name}' must be a whole number from {low} to {high}.", param=name)
    return int(text)
