"""Dialogs as a document, and a document's dialogs as new ones.

What was exported and is imported again is the same to the letter, but for whose it is, the ids, and when the dialogs were made. An import is one
client's own: it names nothing that is stored, so that there is nothing of others that it could reach.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationError

from gateway.admin.answers import field_path
from gateway.admin.clients import Client
from gateway.admin.dialog_desk import FULL, Desk
from gateway.admin.dialog_schemas import (
    AgentConfigIO,
    DialogCopy,
    DialogIn,
    DialogsImportIn,
    DialogsImportOut,
    ExportOut,
    MessageCopy,
    Text,
)
from gateway.admin.dialog_shapes import config_io
from gateway.admin.errors import ApiError
from gateway.admin.fields import Id, Strict
from gateway.admin.paging import encode_cursor
from gateway.admin.services import Services
from gateway.admin.wording import words
from gateway.neutral.dialogs import Dialog, Mark, Message, Role, iso

VERSION: Final = "1.0"
MOST_BYTES: Final = 4 * 1024 * 1024
"""Of an export's answer, of 6 MB that Lambda answers with at most."""
MOST_MESSAGES: Final = 10_000
MOST_CONTENT: Final = 400_000
MOST_CALLS: Final = 64
_SECONDS: Final = 18
_LATE: Final = "There was no time left for this one; import it again by itself."
_LAST_MS: Final = 253_402_300_799_000


def _moment(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None and 0 <= _milliseconds(moment) <= _LAST_MS:
            return value
    except (ValueError, OverflowError):
        raise ValueError("must be a date-time in ISO 8601") from None
    raise ValueError("must be a date-time from 1970 on, with its zone")


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


Moment = Annotated[str, Field(max_length=40), AfterValidator(_moment)]
Count = Annotated[int, Field(ge=0, le=10**12)]
Short = Annotated[str, Field(max_length=256), Text]
Content = Annotated[str, Field(max_length=MOST_CONTENT), Text]


class CallFunction(Strict):
    """Which function, with which arguments (JSON, as the model wrote it)."""

    name: Short
    arguments: Content


class ToolCall(Strict):
    """A call in the shape of Chat Completions."""

    id: Short
    type: Literal["function"] = "function"
    function: CallFunction


class ErrorCopy(Strict):
    """Why a message is not what it should be."""

    code: Annotated[str, Field(min_length=1, max_length=64), Text]
    message: Annotated[str, Field(max_length=2000), Text]


class MessageIn(Strict):
    """A message of a document."""

    role: Role
    content: Content
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    created_at: Moment | None = None
    model: Short | None = None
    error: ErrorCopy | None = None
    tool_calls: Annotated[list[ToolCall], Field(max_length=MOST_CALLS)] | None = None
    tool_call_id: Short | None = None


class DialogCopyIn(DialogIn):
    """A dialog of a document. Its id and its times are not looked at: it becomes a new one."""

    agent: Id | None = None
    agent_config: AgentConfigIO | None = None
    id: Short | None = None
    user_id: Any = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    messages: Annotated[list[MessageIn], Field(max_length=MOST_MESSAGES)] = Field(default_factory=list)


def exported(services: Services, client: Client, after: str | None) -> ExportOut:
    """A part of the dialogs, those made after the one with the id `after`."""
    part = _Part()
    rest = [one for one in reversed(services.dialogs.all(client.owner)) if after is None or one.id > after]
    following = None
    for dialog in rest:
        if not part.take(dialog, services.dialogs.messages(dialog)):
            break
        following = dialog.id
    more = len(part.dialogs) + len(part.errors) < len(rest)
    return ExportOut(
        version=VERSION,
        exported_at=iso(services.clock.now_ms()),
        user_id=client.owner,
        dialog_count=len(part.dialogs),
        message_count=sum(len(one.messages) for one in part.dialogs),
        dialogs=part.dialogs,
        errors=part.errors,
        next_cursor=encode_cursor(following) if more and following else None,
    )


@dataclass(slots=True)
class _Part:
    """One answer, as it fills."""

    dialogs: list[DialogCopy] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    bytes: int = 0

    def take(self, dialog: Dialog, messages: Iterator[Message]) -> bool:
        """Add a dialog; False when there is no room for it beside the others."""
        size, copies = _size(dialog.system_prompt) + 1000, []
        for message in messages:
            size += _size(message.content) + 400 + _size(message.tool_calls)
            if size > MOST_BYTES:
                break
            if self.bytes + size > MOST_BYTES:
                return False
            copies.append(_message_copy(message))
        if size > MOST_BYTES:
            self.errors.append(f"Dialog {dialog.id} is larger than an export may be; read its messages instead.")
            return True
        self.bytes += size
        self.dialogs.append(_dialog_copy(dialog, copies))
        return True


def _size(value: Any) -> int:
    """Bytes as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def _dialog_copy(dialog: Dialog, messages: list[MessageCopy]) -> DialogCopy:
    return DialogCopy(
        id=dialog.id,
        title=dialog.title,
        system_prompt=dialog.system_prompt,
        model_name=dialog.model_name,
        agent=dialog.agent,
        agent_config=config_io(dialog.config),
        created_at=iso(dialog.created_at),
        updated_at=iso(dialog.updated_at),
        messages=messages,
    )


def _message_copy(message: Message) -> MessageCopy:
    error = message.error
    return MessageCopy(
        role=message.role,
        content=message.content,
        prompt_tokens=message.prompt_tokens,
        completion_tokens=message.completion_tokens,
        created_at=iso(message.created_at),
        model=message.model,
        error=None if error is None else {"code": error.code, "message": error.message},
        tool_calls=[dict(call) for call in message.tool_calls] or None,
        tool_call_id=message.tool_call_id,
    )


def imported(desk: Desk, body: DialogsImportIn) -> DialogsImportOut:
    """Make new dialogs; what does not fit is left out and told. When there is no room or no time left, the rest is not tried."""
    dialogs, messages, errors, stopped = 0, 0, list[str](), ""
    began = desk.clock.moment()
    identifiers = desk.identifiers(len(body.dialogs))
    for place, (identifier, item) in enumerate(zip(identifiers, body.dialogs, strict=True)):
        made, error = (None, stopped) if stopped else _taken_in(desk, identifier, item)
        if made is not None:
            dialogs, messages = dialogs + 1, messages + made.message_count
        else:
            errors.append(f"Dialog {place}: {error}")
        stopped = stopped or (FULL if error == FULL else _LATE if desk.clock.age(began) > _SECONDS else "")
    return DialogsImportOut(dialogs_imported=dialogs, messages_imported=messages, errors=errors)


def _taken_in(desk: Desk, identifier: str, item: Any) -> tuple[Dialog | None, str]:
    """The new dialog, or what is wrong."""
    try:
        body = DialogCopyIn.model_validate(item)
        return desk.take_in(identifier, body, [_message(one) for one in body.messages]), ""
    except ValidationError as error:
        return None, _first(error)
    except ApiError as error:
        return None, error.message


def _message(body: MessageIn) -> Message:
    calls = tuple(call.model_dump() for call in body.tool_calls or ())
    return Message(
        id="",
        dialog_id="",
        role=body.role,
        content=body.content,
        at_ms=0,
        created_at=-1 if body.created_at is None else _milliseconds(datetime.fromisoformat(body.created_at)),
        prompt_tokens=body.prompt_tokens or 0,
        completion_tokens=body.completion_tokens or 0,
        model=body.model,
        error=None if body.error is None else Mark(body.error.code, body.error.message),
        tool_calls=calls,
        tool_call_id=body.tool_call_id,
    )


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    place = field_path(first["loc"])
    message = words(dict(first), DialogCopyIn)
    return f"{place}: {message}" if place else message
