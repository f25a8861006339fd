"""Tool calls of one choice while they stream.

OpenAI gives every fragment the call's `index`, and id and name in the first one. Other servers leave out the index, the id or both, repeat the name,
send whole calls at once, or number all of them 0; a fragment belongs to the call that its index says, unless it brings another id, else to the one
with its id, else to the latest, unless that one has a whole argument object already and the fragment brings a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import orjson

from gateway.neutral.blocks import Block, ToolCall
from gateway.neutral.response import BlockDelta, BlockEnd, BlockSignature, Event
from gateway.wire.openai_chat.decode_response import arguments_of, call_signature


class Holder(Protocol):
    """The choice that the calls belong to."""

    number: int

    def start(self, block: Block, out: list[Event]) -> int:
        """Open a block; its number."""


class _Call:
    """One call; its block opens when the name is known."""

    __slots__ = ("block", "given", "name", "signed", "text")

    def __init__(self, given: str | None) -> None:
        self.given = given
        self.name: str | None = None
        self.block = -1
        self.text: list[str] = []
        self.signed = False


class Calls:
    """All calls of a choice, in the order in which they came."""

    def __init__(self, holder: Holder, seed: str) -> None:
        self._holder = holder
        self._seed = seed
        self._all: list[_Call] = []
        self._by_index: dict[int, _Call] = {}

    @property
    def any(self) -> bool:
        """Whether there was a call."""
        return bool(self._all)

    @property
    def nameless(self) -> bool:
        """Whether a call never got its name."""
        return any(call.block < 0 for call in self._all)

    def feed(self, entries: Any, out: list[Event]) -> str | None:
        """Take the fragments of one delta; the complaint when they are none."""
        if not isinstance(entries, list):
            return "The provider's stream holds tool calls that are no list."
        for entry in entries:
            if not isinstance(entry, dict):
                return "The provider's stream holds a tool call that is no object."
            self._fragment(entry, out)
        return None

    def end(self, out: list[Event]) -> None:
        """Close every call."""
        out.extend(BlockEnd(call.block, self._holder.number) for call in self._all)

    def _fragment(self, entry: Mapping[str, Any], out: list[Event]) -> None:
        custom = entry.get("type") == "custom" or bool(entry.get("custom"))
        held = entry.get("custom" if custom else "function")
        if not isinstance(held, dict):
            held = {}
        name = held.get("name")
        call = self._of(entry, name if isinstance(name, str) and name else None)
        text = arguments_of(held.get("input" if custom else "arguments"))
        if text:
            call.text.append(text)
        if call.block < 0:
            self._open(call, name, entry, custom, out)
        elif text:
            out.append(BlockDelta(call.block, text, self._holder.number))
        if call.block >= 0 and not call.signed and (signature := call_signature(entry)) is not None:
            call.signed = True
            out.append(BlockSignature(call.block, signature, self._holder.number))

    def _open(self, call: _Call, name: Any, entry: Mapping[str, Any], custom: bool, out: list[Event]) -> None:
        if not isinstance(name, str) or not name:
            return
        call.name = name
        call_id = call.given or f"call_{self._seed}_{self._all.index(call)}"
        signature = call_signature(entry)
        call.signed = signature is not None
        call.block = self._holder.start(ToolCall(call_id, name, "", custom, signature), out)
        if call.text:
            out.append(BlockDelta(call.block, "".join(call.text), self._holder.number))

    def _of(self, entry: Mapping[str, Any], name: str | None) -> _Call:
        """The call that a fragment belongs to, a new one when it is the first."""
        index, given = entry.get("index"), entry.get("id")
        given = given if isinstance(given, str) and given else None
        if isinstance(index, int):
            call = self._by_index.get(index)
            if call is None or (given is not None and name is not None and call.given not in (None, given)):
                call = self._by_index[index] = self._new(given)
        elif given is not None:
            call = next((one for one in self._all if one.given == given), None) or self._new(given)
        elif self._all and not (name is not None and _whole(self._all[-1], name)):
            call = self._all[-1]
        else:
            call = self._new(None)
        if call.given is None and call.block < 0:
            call.given = given
        return call

    def _new(self, given: str | None) -> _Call:
        call = _Call(given)
        self._all.append(call)
        return call


def _whole(call: _Call, name: str) -> bool:
    """Whether nothing can be missing of a call, so that a fragment with a name begins the next one."""
    if call.name is not None and call.name != name:
        return True
    try:
        orjson.loads("".join(call.text))
    except orjson.JSONDecodeError:
        return False
    return True
