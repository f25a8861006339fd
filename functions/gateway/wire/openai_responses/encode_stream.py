"""An answer's stream for a client: https://platform.openai.com/docs/api-reference/responses-streaming

Theory of operation: an item is announced with its first block and told whole when the next one begins or the answer ends, so that the last one
can say that it is incomplete. Neighbouring texts and refusals are parts of one message. `sequence_number` counts from 0 without gaps, the
`event:` line equals `type`. Calls of tools that take free text are held until their JSON is complete, when the upstream knows functions only.

The good ends are `response.completed` and `response.incomplete`, with the whole response object; see `errors` for the bad one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import orjson

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Signature, Text, Thinking, ToolCall
from gateway.neutral.losses import Loss
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    ChoiceEnd,
    Event,
    Failed,
    Finished,
    Started,
    Stop,
)
from gateway.wire.codec import Context
from gateway.wire.openai_responses import answer_items, errors
from gateway.wire.openai_responses.answer_items import Item
from gateway.wire.openai_responses.encode_response import FOREIGN
from gateway.wire.openai_responses.names import DIALECT, Names

_PING: Final = b": ping\n\n"


class ResponsesEncoder:
    """Writes one stream."""

    def __init__(self, context: Context) -> None:
        self.losses: list[Loss] = []
        self._id = context.id
        self._names = Names(context.request.tools or ())
        self._frame = answer_items.frame(context)
        self._sequence = 0
        self._out: list[bytes] = []
        self._items: list[Item] = []
        self._item: Item | None = None  # announced, and not yet told whole
        self._block: Block | None = None
        self._said: list[str] = []
        self._tokens: list[Item] = []
        self._notes: list[Any] = []
        self._pending: list[Item] = []
        self._signature: Signature | None = None
        self._place: dict[str, Any] = {}
        self._delta = ""
        self._head = self._place_bytes = self._tail = b""  # of the short way; no head: it is not open
        self._stop: Stop | None = None
        self._takers: Final[dict[type, Callable[[Any], None]]] = {
            Started: self._begin,
            BlockStart: self._start,
            BlockDelta: self._grow,
            BlockSignature: self._sign,
            BlockLogprobs: self._weigh,
            BlockExtra: self._annotate,
            BlockEnd: self._end,
            ChoiceEnd: self._end_choice,
            Finished: self._finish,
            Failed: self._fail,
        }

    def feed(self, event: Event) -> bytes:
        """See `StreamEncoder.feed`. Events of choices beyond the first are left out and noted."""
        if type(event) is BlockDelta and self._head and not self._pending and not event.choice:
            return self._short(event.text)
        if getattr(event, "choice", 0):
            self._lose("choices", "Responses gives one answer")
            return b""
        self._out = []
        self._takers[type(event)](event)
        return b"".join(self._out)

    def _short(self, text: str) -> bytes:
        """The short way for the ordinary delta, whose members are always the same but for three."""
        if not text:
            return b""
        self._said.append(text)
        number, self._sequence = self._sequence, self._sequence + 1
        return b"%b%d%b%b%b" % (self._head, number, self._place_bytes, orjson.dumps(text), self._tail)

    def _hurry(self) -> None:
        """Prepare the short way for the open block's deltas."""
        self._head = b'event: %b\ndata: {"type":"%b","sequence_number":' % (self._delta.encode(), self._delta.encode())
        self._place_bytes = b"," + orjson.dumps(self._place)[1:-1] + b',"delta":'
        self._tail = b',"logprobs":[]}\n\n' if isinstance(self._block, Text) else b"}\n\n"

    def ping(self) -> bytes:
        """A comment: parsers of server-sent events skip it, and Codex's idle clock starts anew with any bytes' event after it."""
        return _PING

    def _tell(self, kind: str, **members: Any) -> None:
        body = {"type": kind, "sequence_number": self._sequence, **members}
        self._sequence += 1
        self._out.append(b"event: " + kind.encode() + b"\ndata: " + orjson.dumps(body) + b"\n\n")

    def _lose(self, field: str, reason: str = FOREIGN) -> None:
        loss = Loss(field, "dropped", reason)
        if loss not in self.losses:
            self.losses.append(loss)

    def _begin(self, event: Started) -> None:
        if event.service_tier is not None:
            self._frame["service_tier"] = event.service_tier
        self._tell("response.created", response=self._frame)
        self._tell("response.in_progress", response=self._frame)

    # Items

    def _number(self) -> str:
        return f"{self._id}_{len(self._items)}"

    def _open_item(self, item: Item) -> None:
        self._item = item
        self._tell("response.output_item.added", output_index=len(self._items), item=item)

    def _close_item(self, status: str = "completed") -> None:
        item, self._item = self._item, None
        if item is None:
            return
        if "status" in item:
            item["status"] = status
        self._tell("response.output_item.done", output_index=len(self._items), item=item)
        self._items.append(item)

    def _whole_item(self, item: Item) -> None:
        self._close_item()
        self._open_item(item)
        self._close_item()

    # Blocks

    def _start(self, event: BlockStart) -> None:
        block = event.block
        self._block, self._said, self._signature, self._head = block, [], None, b""
        self._tokens, self._notes, self._pending = [], [], []
        if isinstance(block, Text | Refusal):
            self._start_part(block)
        elif isinstance(block, Thinking):
            self._start_thought(block)
        elif isinstance(block, ToolCall):
            self._start_call(block)
        else:
            self._start_other(block)

    def _start_part(self, block: Text | Refusal) -> None:
        if self._item is None or self._item["type"] != "message":
            self._close_item()
            self._open_item(answer_items.message(self._number(), [], "in_progress"))
            assert self._item is not None
            self._item["content"] = []
        assert self._item is not None
        content = len(self._item["content"])
        self._place = {"item_id": self._item["id"], "output_index": len(self._items), "content_index": content}
        text = isinstance(block, Text)
        self._delta = "response.output_text.delta" if text else "response.refusal.delta"
        part = answer_items.text_part("", [], []) if text else {"type": "refusal", "refusal": ""}
        self._tell("response.content_part.added", **self._place, part=part)
        if isinstance(block, Text):
            self._extras(block.extras)
            if block.logprobs:
                self._pending += answer_items.tokens(block.logprobs)
                self._tokens += self._pending
        self._say(block.text)

    def _start_thought(self, block: Thinking) -> None:
        self._close_item()
        self._signature = block.signature
        self._open_item({**answer_items.thought(self._number(), "", None, redacted=False), "status": "in_progress"})
        self._delta = ""
        self._say(block.text)

    def _start_call(self, block: ToolCall) -> None:
        if (before := answer_items.signed_call(block)) is not None:
            self._signed(before)
        self._close_item()
        item = answer_items.call(self._number(), block, "", self._names, "in_progress")
        custom = item["type"] == "custom_tool_call"
        item["input" if custom else "arguments"] = ""
        self._open_item(item)
        self._place = {"item_id": item["id"], "output_index": len(self._items)}
        kind = "custom_tool_call_input" if custom else "function_call_arguments"
        self._delta = "" if custom and not block.custom else f"response.{kind}.delta"
        self._say(block.arguments)

    def _signed(self, block: Thinking) -> None:
        self._close_item()
        self._whole_item(answer_items.thought(self._number(), "", block.signature, redacted=False))

    def _start_other(self, block: Block) -> None:
        self._close_item()
        self._delta = ""
        item: Item | None = None
        if isinstance(block, Media):
            item = answer_items.picture(self._number(), block)
        elif isinstance(block, Opaque) and block.dialect == DIALECT:
            item = dict(block.data)
        if item is None:
            self._lose(block.type if isinstance(block, Opaque) else type(block).__name__.lower())
        else:
            self._whole_item(item)

    def _say(self, text: str) -> None:
        if not text:
            return
        self._said.append(text)
        if isinstance(self._block, Thinking):
            self._think(text)
        elif self._delta == "response.output_text.delta":
            self._tell(self._delta, **self._place, delta=text, logprobs=self._pending)
            self._pending = []
        elif self._delta:
            self._tell(self._delta, **self._place, delta=text)
        if self._delta and not self._head:
            self._hurry()

    def _think(self, text: str) -> None:
        if not self._delta:
            assert self._item is not None
            self._place = {"item_id": self._item["id"], "output_index": len(self._items), "summary_index": 0}
            self._delta = "response.reasoning_summary_text.delta"
            part = {"type": "summary_text", "text": ""}
            self._tell("response.reasoning_summary_part.added", **self._place, part=part)
        self._tell(self._delta, **self._place, delta=text)

    def _grow(self, event: BlockDelta) -> None:
        self._say(event.text)

    def _sign(self, event: BlockSignature) -> None:
        if isinstance(self._block, ToolCall):
            self._lose("signature", "it came when the call was already announced")
        self._signature = event.signature

    def _weigh(self, event: BlockLogprobs) -> None:
        found = answer_items.tokens(event.tokens)
        self._tokens += found
        self._pending += found

    def _annotate(self, event: BlockExtra) -> None:
        self._extras({event.dialect: event.data})

    def _extras(self, extras: Any) -> None:
        notes, lost = answer_items.cited(extras)
        for name in lost:
            self._lose(name)
        if not isinstance(self._block, Text):
            return
        for note in notes:
            self._tell(
                "response.output_text.annotation.added",
                **self._place,
                annotation_index=len(self._notes),
                annotation=note,
            )
            self._notes.append(note)

    def _end(self, event: BlockEnd) -> None:
        del event
        block, self._block, self._head = self._block, None, b""
        said = "".join(self._said)
        if isinstance(block, Text | Refusal):
            self._end_part(block, said)
        elif isinstance(block, Thinking):
            self._end_thought(block, said)
        elif isinstance(block, ToolCall):
            self._end_call(block, said)

    def _end_part(self, block: Text | Refusal, said: str) -> None:
        assert self._item is not None
        if isinstance(block, Text):
            self._tell("response.output_text.done", **self._place, text=said, logprobs=self._tokens)
            part = answer_items.text_part(said, self._tokens, self._notes)
        else:
            self._tell("response.refusal.done", **self._place, refusal=said)
            part = {"type": "refusal", "refusal": said}
        self._tell("response.content_part.done", **self._place, part=part)
        self._item["content"] = [*self._item["content"], part]

    def _end_thought(self, block: Thinking, said: str) -> None:
        if said:
            self._tell("response.reasoning_summary_text.done", **self._place, text=said)
            part = {"type": "summary_text", "text": said}
            self._tell("response.reasoning_summary_part.done", **self._place, part=part)
        item = answer_items.thought(self._number(), said, self._signature, redacted=block.redacted)
        self._item = {**item, "status": "in_progress"}

    def _end_call(self, block: ToolCall, said: str) -> None:
        item = self._item = answer_items.call(self._number(), block, said, self._names, "in_progress")
        if item["type"] == "custom_tool_call":
            if not self._delta and item["input"]:
                self._tell("response.custom_tool_call_input.delta", **self._place, delta=item["input"])
            self._tell("response.custom_tool_call_input.done", **self._place, input=item["input"])
            return
        if not said:
            self._tell("response.function_call_arguments.delta", **self._place, delta=item["arguments"])
        named = {"name": item["name"], "arguments": item["arguments"]}
        self._tell("response.function_call_arguments.done", **self._place, **named)

    # Ends

    def _end_choice(self, event: ChoiceEnd) -> None:
        self._stop = event.stop
        self._close_item(answer_items.ended(event.stop)["status"])

    def _finish(self, event: Finished) -> None:
        end = answer_items.ended(self._stop)
        whole = {**self._frame, **end, "output": self._items, "usage": answer_items.usage(event.usage)}
        if event.service_tier is not None:
            whole["service_tier"] = event.service_tier
        self._tell(f"response.{end['status']}", response=whole)

    def _fail(self, event: Failed) -> None:
        whole = {**self._frame, "output": self._items, "usage": answer_items.usage(event.usage)}
        self._out.append(errors.failed_events(event, whole, self._sequence))
