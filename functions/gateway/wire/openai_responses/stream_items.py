"""The items of an upstream's stream as they grow. See `decode_stream`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from gateway.errors import BadAnswer
from gateway.neutral.blocks import Block, Opaque, Refusal, Text, Thinking, ToolCall
from gateway.neutral.response import (
    BlockDelta,
    BlockEnd,
    BlockExtra,
    BlockLogprobs,
    BlockSignature,
    BlockStart,
    Event,
)
from gateway.wire.openai_responses import decode_response as whole
from gateway.wire.openai_responses.decode_items import thought
from gateway.wire.openai_responses.names import DIALECT

_CALLS: Final = ("function_call", "custom_tool_call")


class _Grown:
    """One open block: its number, and what was said of it (pieces, joined only when a `done` has to be compared)."""

    __slots__ = ("block", "index", "noted", "pieces", "tokens")

    def __init__(self, index: int, block: Block) -> None:
        self.index = index
        self.block = block
        self.pieces: list[str] = []
        self.tokens = 0
        self.noted = 0


class _Item:
    """One item of the output: its open blocks by part."""

    __slots__ = ("kind", "part", "parts", "source")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.parts: dict[int, _Grown] = {}
        self.source = ""  # which of a thought's two texts is told: the first one heard
        self.part = 0  # the part of that text which grew last


class Output:
    """All items of one answer."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._items: dict[int, _Item] = {}
        self._over: set[int] = set()
        self._blocks: list[Block] = []
        # The short way for the ordinary delta: the text that grew last, and where it stands.
        self._live: _Grown | None = None
        self._live_place: tuple[Any, Any] = (None, None)
        self._readers: Final[Mapping[str, Callable[[dict[str, Any], list[Event]], None]]] = {
            "response.output_item.added": self._added,
            "response.output_item.done": self._done,
            "response.content_part.added": self._part_added,
            "response.content_part.done": self._part_done,
            "response.output_text.delta": self._text,
            "response.output_text.done": self._text_done,
            "response.output_text.annotation.added": self._note,
            "response.refusal.delta": self._refusal,
            "response.refusal.done": self._refusal_done,
            "response.reasoning_summary_text.delta": self._summary,
            "response.reasoning_text.delta": self._reasoning,
            "response.function_call_arguments.delta": self._arguments,
            "response.function_call_arguments.done": self._arguments_done,
            "response.custom_tool_call_input.delta": self._arguments,
            "response.custom_tool_call_input.done": self._arguments_done,
        }

    def quick(self, event: dict[str, Any], out: list[Event]) -> bool:
        """Take a delta of the text that grew last; False when it is not that simple."""
        live, said = self._live, event.get("delta")
        if live is None or (event.get("output_index"), event.get("content_index")) != self._live_place:
            return False
        if type(said) is not str or not said or event.get("logprobs"):
            return False
        live.pieces.append(said)
        out.append(BlockDelta(live.index, said))
        return True

    def read(self, kind: str, event: dict[str, Any], out: list[Event]) -> None:
        """One event; BadAnswer when it has no place here. Unknown ones are passed over."""
        reader = self._readers.get(kind)
        if reader is not None:
            reader(event, out)

    def kinds(self) -> list[Block]:
        """The blocks that were told, as they began."""
        return self._blocks

    def finish(self, output: Any, out: list[Event]) -> None:
        """The answer is complete: items that are still open are told to their end from its whole form, or all when none was streamed."""
        silent = not self._items and not self._over
        for number, item in enumerate(output if isinstance(output, list) else ()):
            held = self._items.get(number)
            if isinstance(item, Mapping) and (silent or (held is not None and held.kind == item.get("type"))):
                self._complete(number, item, out)
        for number in list(self._items):
            self._shut(number, out)

    def _item(self, event: Mapping[str, Any], kind: str) -> _Item:
        """The item an event speaks of, begun with it when it was not announced."""
        number = _index(event, "output_index")
        item = self._items.get(number)
        if item is None:
            if number in self._over:
                raise BadAnswer("The provider's stream is out of order.")
            item = self._items[number] = _Item(kind)
        if item.kind != kind:
            raise BadAnswer("The provider's stream is out of order.")
        return item

    def _open(self, item: _Item, part: int, block: Block, out: list[Event]) -> _Grown:
        grown = item.parts[part] = _Grown(len(self._blocks), block)
        self._blocks.append(block)
        out.append(BlockStart(grown.index, block))
        return grown

    def _grow(self, grown: _Grown, said: Any, out: list[Event]) -> None:
        if isinstance(said, str) and said:
            grown.pieces.append(said)
            out.append(BlockDelta(grown.index, said))

    def _rest(self, grown: _Grown, said: Any, out: list[Event]) -> None:
        """What a `done` says beyond the deltas."""
        if not isinstance(said, str):
            return
        known = "".join(grown.pieces)
        grown.pieces = [known]
        if said == known:
            return
        if said.startswith(known):
            self._grow(grown, said[len(known) :], out)
        elif not _same(said, known):
            raise BadAnswer("The provider's stream contradicts itself.")

    def _added(self, event: dict[str, Any], out: list[Event]) -> None:
        item, number = event.get("item"), _index(event, "output_index")
        if not isinstance(item, Mapping) or number in self._items or number in self._over:
            raise BadAnswer("The provider's stream is out of order.")
        kind = whole.text_of(item.get("type")) or ""
        held = self._items[number] = _Item(kind)
        if kind in _CALLS:
            self._begin_call(number, held, item, out)

    def _begin_call(self, number: int, held: _Item, item: Mapping[str, Any], out: list[Event]) -> _Grown:
        call = whole.call_of(item, f"{self._seed}_{number}")
        grown = self._open(held, 0, ToolCall(call.id, call.name, "", call.custom), out)
        self._grow(grown, call.arguments, out)
        return grown

    def _done(self, event: dict[str, Any], out: list[Event]) -> None:
        item, number = event.get("item"), _index(event, "output_index")
        if not isinstance(item, Mapping) or number in self._over:
            raise BadAnswer("The provider's stream is out of order.")
        self._complete(number, item, out)

    def _complete(self, number: int, item: Mapping[str, Any], out: list[Event]) -> None:
        """The whole item: what was not told of it yet."""
        kind = whole.text_of(item.get("type")) or ""
        held = self._items.get(number)
        if held is None:
            held = self._items[number] = _Item(kind)
        if held.kind != kind:
            raise BadAnswer("The provider's stream is out of order.")
        if kind in _CALLS:
            grown = held.parts.get(0) or self._begin_call(number, held, item, out)
            self._rest(grown, item.get("input" if kind == "custom_tool_call" else "arguments"), out)
        elif kind == "reasoning":
            self._complete_thought(held, item, out)
        elif kind == "message":
            parts = item.get("content")
            for place, part in enumerate(parts if isinstance(parts, list) else ()):
                if isinstance(part, Mapping):
                    self._complete_part(held, place, part, out)
        elif kind:
            self._open(held, 0, Opaque(DIALECT, kind, item), out)
        self._shut(number, out)

    def _complete_thought(self, held: _Item, item: Mapping[str, Any], out: list[Event]) -> None:
        block = thought(item)
        grown = held.parts.get(0)
        if block is None:
            return
        if grown is None:
            grown = self._open(held, 0, Thinking(""), out)
        if not grown.pieces:
            self._grow(grown, block.text, out)
        if block.signature is not None:
            out.append(BlockSignature(grown.index, block.signature))

    def _complete_part(self, held: _Item, place: int, part: Mapping[str, Any], out: list[Event]) -> None:
        kind = part.get("type")
        grown = held.parts.get(place)
        if kind == "refusal":
            grown = grown or self._open(held, place, Refusal(""), out)
            self._rest(grown, part.get("refusal"), out)
        elif kind in ("output_text", "text"):
            grown = grown or self._open(held, place, Text(""), out)
            self._rest(grown, part.get("text"), out)
            tokens = whole.logprobs_of(part.get("logprobs"))
            self._tokens(grown, tokens[grown.tokens :], out)
            notes = part.get("annotations")
            if isinstance(notes, list):
                self._notes(grown, notes[grown.noted :], out)
        elif grown is None and isinstance(kind, str):
            self._open(held, place, Opaque(DIALECT, kind, part), out)

    def _shut(self, number: int, out: list[Event]) -> None:
        self._live = None
        item = self._items.pop(number, None)
        self._over.add(number)
        if item is not None:
            out.extend(BlockEnd(grown.index) for grown in item.parts.values())

    def _part(self, event: dict[str, Any], block: Block, out: list[Event]) -> _Grown:
        """The part of a message that an event speaks of."""
        item = self._item(event, "message")
        place = _index(event, "content_index")
        grown = item.parts.get(place)
        if grown is None:
            return self._open(item, place, block, out)
        if type(grown.block) is not type(block):
            raise BadAnswer("The provider's stream is out of order.")
        return grown

    def _part_added(self, event: dict[str, Any], out: list[Event]) -> None:
        part = event.get("part")
        kind = part.get("type") if isinstance(part, Mapping) else None
        if isinstance(part, Mapping) and kind in ("output_text", "refusal"):
            grown = self._part(event, Text("") if kind == "output_text" else Refusal(""), out)
            self._grow(grown, part.get("text" if kind == "output_text" else "refusal"), out)

    def _part_done(self, event: dict[str, Any], out: list[Event]) -> None:
        part = event.get("part")
        if isinstance(part, Mapping) and part.get("type") in ("output_text", "refusal"):
            item = self._item(event, "message")
            self._complete_part(item, _index(event, "content_index"), part, out)

    def _text(self, event: dict[str, Any], out: list[Event]) -> None:
        grown = self._part(event, Text(""), out)
        self._live, self._live_place = grown, (event.get("output_index"), event.get("content_index"))
        self._grow(grown, event.get("delta"), out)
        if event.get("logprobs"):
            self._tokens(grown, whole.logprobs_of(event["logprobs"]), out)

    def _text_done(self, event: dict[str, Any], out: list[Event]) -> None:
        self._rest(self._part(event, Text(""), out), event.get("text"), out)

    def _refusal(self, event: dict[str, Any], out: list[Event]) -> None:
        self._grow(self._part(event, Refusal(""), out), event.get("delta"), out)

    def _refusal_done(self, event: dict[str, Any], out: list[Event]) -> None:
        self._rest(self._part(event, Refusal(""), out), event.get("refusal"), out)

    def _tokens(self, grown: _Grown, tokens: Any, out: list[Event]) -> None:
        if tokens:
            grown.tokens += len(tokens)
            out.append(BlockLogprobs(grown.index, tuple(tokens)))

    def _note(self, event: dict[str, Any], out: list[Event]) -> None:
        if isinstance(event.get("annotation"), Mapping):
            self._notes(self._part(event, Text(""), out), [event["annotation"]], out)

    def _notes(self, grown: _Grown, notes: list[Any], out: list[Event]) -> None:
        if notes:
            grown.noted += len(notes)
            out.append(BlockExtra(grown.index, DIALECT, {"annotations": notes}))

    def _summary(self, event: dict[str, Any], out: list[Event]) -> None:
        self._think(event, "summary_index", out)

    def _reasoning(self, event: dict[str, Any], out: list[Event]) -> None:
        self._think(event, "content_index", out)

    def _think(self, event: dict[str, Any], place: str, out: list[Event]) -> None:
        """More of a thought; its parts are paragraphs."""
        item = self._item(event, "reasoning")
        item.source = item.source or place
        if item.source != place:
            return
        grown = item.parts.get(0) or self._open(item, 0, Thinking(""), out)
        part = _index(event, place)
        if part != item.part and grown.pieces:
            self._grow(grown, "\n\n", out)
        item.part = part
        self._grow(grown, event.get("delta"), out)

    def _call(self, event: dict[str, Any]) -> _Grown:
        item = self._items.get(_index(event, "output_index"))
        if item is None or item.kind not in _CALLS:
            raise BadAnswer("The provider's stream is out of order.")
        return item.parts[0]

    def _arguments(self, event: dict[str, Any], out: list[Event]) -> None:
        self._grow(self._call(event), event.get("delta"), out)

    def _arguments_done(self, event: dict[str, Any], out: list[Event]) -> None:
        grown = self._call(event)
        custom = isinstance(grown.block, ToolCall) and grown.block.custom
        self._rest(grown, event.get("input" if custom else "arguments"), out)


def _index(event: Mapping[str, Any], name: str) -> int:
    """An index of the event's, 0 when it has none."""
    value = event.get(name, 0)
    if type(value) is not int:
        raise BadAnswer("The provider's stream holds an index that is no number.")
    return value


def _same(said: str, known: str) -> bool:
    """Whether a `done` merely wrote its deltas in another way: without white space at the end, or as the same JSON."""
    if said.strip() == known.strip():
        return True
    try:
        return bool(orjson.loads(said) == orjson.loads(known))
    except orjson.JSONDecodeError:
        return False
