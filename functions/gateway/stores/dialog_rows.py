"""Dialogs as items of the table of dialogs: addresses, items and readings (pure; both planes use it).

| pk | sk | what |
|---|---|---|
| `owner#<owner>` | `dialog#<id>` | the dialog; ids of `Clock.new_id` sort by time |
| the same | `gone#<id>` | what is left of a dialog that is being removed or imported (`dialogs.py`) |
| `dialog#<owner>#<id>` | `msg#<13 digits of Unix ms>#<id>` | a message; an answer has its question's time, and sorts right behind it |
| the same | `turn#<question's id>` | what becomes of a question (`hot_dialogs.py`); goes with its dialog, like the messages |
| `owners#<hex digit>` | `<owner>` | counters of an owner |

Owners are percent-encoded in keys, long ones hashed. Nobody finds a dialog without knowing its owner: a foreign id is an id there is not.
Nothing here has a `ttl`: users' own texts stay until they delete them.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from gateway.neutral.dialogs import Dialog, Mark, Message, config_from_json, config_json

DIALOG: Final = "dialog#"
MESSAGE: Final = "msg#"
MESSAGE_END: Final = "msg$"
"""Follows every sort key of a message."""
TURN: Final = "turn#"
REMAINDER: Final = "gone#"
OWNER_PARTITIONS: Final = tuple(f"owners#{digit}" for digit in "0123456789abcdef")
INLINE: Final = 64 * 1024
"""Bytes of a text up to which it lies in the item as it is."""
MOST_PACKED: Final = 360 * 1024
MOST_ITEM: Final = 400 * 1000
"""Bytes of an item; DynamoDB takes 400 KiB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"""
_LONGEST: Final = 600
_CUT: Final = 1_000_000


def owner_name(owner: str) -> str:
    """An owner as keys hold it."""
    encoded = quote(owner, safe="", errors="surrogatepass")
    if len(encoded) <= _LONGEST:
        return encoded
    return "~" + hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()


def owner_partition(owner: str) -> str:
    """Where an owner's dialogs lie."""
    return f"owner#{owner_name(owner)}"


def dialog_key(owner: str, dialog_id: str) -> dict[str, str]:
    """Where a dialog lies."""
    return {"pk": owner_partition(owner), "sk": f"{DIALOG}{dialog_id}"}


def dialog_partition(owner: str, dialog_id: str) -> str:
    """Where a dialog's messages and turns lie: all of it is to be removed with the dialog."""
    return f"dialog#{owner_name(owner)}#{dialog_id}"


def message_key(owner: str, dialog_id: str, at_ms: int, message_id: str) -> dict[str, str]:
    """Where a message lies. Of two with equal `at_ms`, the ids decide which comes first."""
    return {"pk": dialog_partition(owner, dialog_id), "sk": f"{MESSAGE}{at_ms:013d}#{message_id}"}


def answer_name(question: str, answer: str) -> str:
    """An answer's id as its sort key has it: right behind its question's. No id has the sign between the two, and none has a lesser one."""
    return f"{question}!{answer}"


def counters_key(owner: str) -> dict[str, str]:
    """Where the counters of an owner lie: one of `OWNER_PARTITIONS`."""
    digit = hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()[0]
    return {"pk": f"owners#{digit}", "sk": owner_name(owner)}


def dialog_item(dialog: Dialog) -> dict[str, Any]:
    """The item of a dialog."""
    texts = {
        "title": dialog.title,
        "system_prompt": dialog.system_prompt,
        "model_name": dialog.model_name,
        "agent": dialog.agent,
    }
    return {
        **dialog_key(dialog.owner, dialog.id),
        "id": dialog.id,
        "owner": dialog.owner,
        "created_at": dialog.created_at,
        "updated_at": dialog.updated_at,
        "message_count": dialog.message_count,
        "version": dialog.version,
        "agent_config": json.dumps(config_json(dialog.config)),
        **{name: text for name, text in texts.items() if text is not None},
    }


def read_dialog(item: Mapping[str, Any]) -> Dialog:
    """Inverse of `dialog_item`; KeyError, TypeError or ValueError for what is none."""
    return Dialog(
        id=str(item["id"]),
        owner=str(item["owner"]),
        created_at=int(item["created_at"]),
        updated_at=int(item["updated_at"]),
        title=item.get("title"),
        system_prompt=item.get("system_prompt"),
        model_name=item.get("model_name"),
        agent=item.get("agent"),
        config=config_from_json(json.loads(item.get("agent_config") or "{}")),
        message_count=int(item["message_count"]),
        version=int(item.get("version", 1)),
    )


def message_item(owner: str, message: Message) -> dict[str, Any]:
    """The item of a message. A text that no item could hold is cut, and marked."""
    content, error = _fitting(message)
    found: dict[str, Any] = {
        **message_key(owner, message.dialog_id, message.at_ms, message.id),
        "id": message.id,
        "dialog_id": message.dialog_id,
        "role": message.role,
        "at_ms": message.at_ms,
        "created_at": message.created_at,
        "prompt_tokens": message.prompt_tokens,
        "completion_tokens": message.completion_tokens,
        **content,
    }
    if message.model is not None:
        found["model"] = message.model
    if message.tool_calls:
        found["tool_calls"] = json.dumps([dict(call) for call in message.tool_calls])
    if message.tool_call_id is not None:
        found["tool_call_id"] = message.tool_call_id
    return found if error is None else found | {"error": error.code, "error_message": error.message}


def keeps(owner: str, message: Message) -> bool:
    """Whether an item holds a message whole, with its calls of tools."""
    item = message_item(owner, message)
    values = (value if isinstance(value, bytes) else str(value).encode() for value in item.values())
    return read_message(item) == message and sum(map(len, item)) + sum(map(len, values)) <= MOST_ITEM


def read_message(item: Mapping[str, Any]) -> Message:
    """Inverse of `message_item`."""
    packed = item.get("packed")
    mark = Mark(str(item["error"]), str(item.get("error_message", ""))) if item.get("error") else None
    return Message(
        id=str(item["id"]),
        dialog_id=str(item["dialog_id"]),
        role=item["role"],
        content=str(item.get("content") or "") if packed is None else zlib.decompress(bytes(packed)).decode(),
        at_ms=int(item["at_ms"]),
        created_at=int(item["created_at"]),
        prompt_tokens=int(item.get("prompt_tokens") or 0),
        completion_tokens=int(item.get("completion_tokens") or 0),
        model=item.get("model"),
        error=mark,
        tool_calls=tuple(json.loads(item["tool_calls"])) if item.get("tool_calls") else (),
        tool_call_id=item.get("tool_call_id"),
    )


def _fitting(message: Message) -> tuple[dict[str, Any], Mark | None]:
    text = message.content.encode("utf-8", "replace")
    if len(text) <= INLINE:
        return {"content": text.decode()}, message.error
    packed, error = zlib.compress(text), message.error
    while len(packed) > MOST_PACKED:
        text = text[: min(_CUT, len(text) * 3 // 4)]
        packed = zlib.compress(text.decode("utf-8", "ignore").encode())
        error = Mark("too_long", "The text is too long to be stored whole; this is its beginning.")
    return {"packed": packed}, error
