"""A whole answer for a client of Gemini's."""

from __future__ import annotations

from typing import Any

from gateway.neutral.blocks import Text, TokenLogprob, ToolCall
from gateway.neutral.losses import Loss
from gateway.neutral.response import Choice, Response
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Context
from gateway.wire.gemini import answer, logprobs, reasons
from gateway.wire.gemini.fields import DIALECT
from gateway.wire.gemini.parts_answer import note_tier, part


def encode_response(response: Response, context: Context) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """A GenerateContentResponse, and what was lost on the way to it."""
    carrying = Carrying()
    carrying.leave_extras(response.extras, DIALECT, whose="provider's")
    note_tier(response.service_tier, carrying)
    body: dict[str, Any] = {
        "candidates": [_candidate(choice, index, carrying) for index, choice in enumerate(response.choices)],
        **answer.usage_metadata(response.usage),
        **answer.head(context.model, context.id, context.created),
        **response.extras.get(DIALECT, {}),
    }
    return body, carrying.losses


def _candidate(choice: Choice, index: int, carrying: Carrying) -> dict[str, Any]:
    """A candidate. An empty one still has a part: SDKs take a content without parts for an invalid turn and forget it."""
    found = [part(block, carrying) for block in choice.blocks]
    bad = any(one is None for one, block in zip(found, choice.blocks, strict=True) if isinstance(block, ToolCall))
    parts = [one for one in found if one is not None] or [{"text": ""}]
    carrying.leave_extras(choice.extras, DIALECT, whose="provider's")
    candidate: dict[str, Any] = {
        "content": {"parts": parts, "role": "model"},
        "finishReason": reasons.encode(choice.stop, bad_calls=bad),
        "index": index,
    }
    tokens: list[TokenLogprob] = []
    for block in choice.blocks:
        tokens += (block.logprobs or ()) if isinstance(block, Text) else ()
    if tokens:
        candidate["logprobsResult"] = logprobs.encode(tokens)
    return {**candidate, **choice.extras.get(DIALECT, {})}
