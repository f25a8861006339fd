"""The item shapes of the table of dialogs, as `tables.py` binds them; addresses and readings are in `dialog_rows.py`."""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from gateway.stores.keyed import Keyed


class DialogItem(Keyed):
    """A dialog. Optional texts are absent when there are none; `agent_config` is JSON."""

    id = UnicodeAttribute()
    owner = UnicodeAttribute()
    title = UnicodeAttribute(null=True)
    system_prompt = UnicodeAttribute(null=True)
    model_name = UnicodeAttribute(null=True)
    agent = UnicodeAttribute(null=True)
    agent_config = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    message_count = NumberAttribute()
    version = NumberAttribute()


class MessageItem(Keyed):
    """A message. Its text is in `content`, or in `packed` (zlib) when it is long."""

    id = UnicodeAttribute()
    dialog_id = UnicodeAttribute()
    role = UnicodeAttribute()
    content = UnicodeAttribute(null=True)
    packed = BinaryAttribute(legacy_encoding=False, null=True)
    at_ms = NumberAttribute()
    created_at = NumberAttribute()
    prompt_tokens = NumberAttribute(null=True)
    completion_tokens = NumberAttribute(null=True)
    model = UnicodeAttribute(null=True)
    error = UnicodeAttribute(null=True)
    error_message = UnicodeAttribute(null=True)
    tool_calls = UnicodeAttribute(null=True)
    tool_call_id = UnicodeAttribute(null=True)


class TurnItem(Keyed):
    """What becomes of a question: who is at work on it, and how it ended. Written by the data plane alone."""

    state = UnicodeAttribute()
    request_id = UnicodeAttribute()
    expires_ms = NumberAttribute()
    at_ms = NumberAttribute()
    paid_for = UnicodeAttribute()
    answer_id = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    answered = BooleanAttribute(null=True)


class OwnerItem(Keyed):
    """Counters of an owner. `last_activity` is Unix milliseconds."""

    owner = UnicodeAttribute()
    dialogs = NumberAttribute(null=True)
    messages = NumberAttribute(null=True)
    tokens = NumberAttribute(null=True)
    last_activity = NumberAttribute(null=True)


class RemainderItem(Keyed):
    """In a dialog's place while its messages are removed, or written by an import. `at_ms`: since when."""

    at_ms = NumberAttribute()
