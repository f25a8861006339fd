"""An answer for a client: https://platform.openai.com/docs/api-reference/responses/object"""

from __future__ import annotations

from typing import Any

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Text, Thinking, ToolCall
from gateway.neutral.losses import Loss
from gateway.neutral.response import Response
from gateway.wire.codec import Context
from gateway.wire.openai_responses import answer_items
from gateway.wire.openai_responses.answer_items import Item
from gateway.wire.openai_responses.names import DIALECT, Names

FOREIGN = "a part of the answer that Responses has no form for"


def encode_response(response: Response, context: Context) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """The body, and what was lost. Responses has one answer: choices beyond the first are noted."""
    choice = response.choices[0] if response.choices else None
    losses: dict[Loss, None] = {}
    if len(response.choices) > 1:
        losses[Loss("choices", "dropped", "Responses gives one answer")] = None
    end = answer_items.ended(choice.stop if choice is not None else None)
    writer = _Writer(context, losses)
    for block in choice.blocks if choice is not None else ():
        writer.block(block)
    if writer.items and end["status"] == "incomplete" and "status" in writer.items[-1]:
        writer.items[-1]["status"] = "incomplete"
    body = answer_items.frame(context)
    body |= end
    body["output"] = writer.items
    body["usage"] = answer_items.usage(response.usage)
    if response.service_tier is not None:
        body["service_tier"] = response.service_tier
    return body, tuple(losses)


class _Writer:
    """Writes blocks as items; neighbouring texts and refusals are parts of one message."""

    def __init__(self, context: Context, losses: dict[Loss, None]) -> None:
        self.items: list[Item] = []
        self._id = context.id
        self._names = Names(context.request.tools or ())
        self._losses = losses
        self._parts: list[Item] | None = None

    def block(self, block: Block) -> None:
        """One block."""
        if isinstance(block, Text | Refusal):
            self._say(block)
            return
        self._parts = None
        if isinstance(block, ToolCall) and (before := answer_items.signed_call(block)) is not None:
            self._other(before)
        self._other(block)

    def _say(self, block: Text | Refusal) -> None:
        if self._parts is None:
            self._parts = []
            self.items.append(answer_items.message(self._number(), self._parts, "completed"))
        if isinstance(block, Refusal):
            self._parts.append({"type": "refusal", "refusal": block.text})
            return
        notes, lost = answer_items.cited(block.extras)
        for name in lost:
            self._lose(name)
        self._parts.append(answer_items.text_part(block.text, answer_items.tokens(block.logprobs or ()), notes))

    def _other(self, block: Block) -> None:
        item: Item | None = None
        if isinstance(block, Thinking):
            item = answer_items.thought(self._number(), block.text, block.signature, redacted=block.redacted)
        elif isinstance(block, ToolCall):
            item = answer_items.call(self._number(), block, block.arguments, self._names, "completed")
        elif isinstance(block, Media):
            item = answer_items.picture(self._number(), block)
        elif isinstance(block, Opaque) and block.dialect == DIALECT:
            item = dict(block.data)
        if item is None:
            self._lose(block.type if isinstance(block, Opaque) else type(block).__name__.lower())
        else:
            self.items.append(item)

    def _number(self) -> str:
        return f"{self._id}_{len(self.items)}"

    def _lose(self, name: str) -> None:
        self._losses[Loss(name, "dropped", FOREIGN)] = None
