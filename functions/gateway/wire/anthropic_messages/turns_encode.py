"""The conversation for an Anthropic upstream: a system prompt and turns. https://platform.claude.com/docs/en/api/messages#body-messages

The vendor wants the system prompt apart, a user's turn first, and all results of one turn's calls together at the beginning of the next
message of the user. Neighbouring messages of one role are joined, which the vendor would do itself. System messages in the middle go where
they stand when the model has the word `mid_system` and the place is allowed, else as a marked message of the user:
https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gateway.neutral.request import Message, Request
from gateway.wire.anthropic_messages.blocks_encode import Blocks
from gateway.wire.anthropic_messages.members import ATTRIBUTION, DIALECT, own
from gateway.wire.carrying import Carrying
from gateway.wire.codec import Upstream

_SYSTEM: Final = ("system", "developer")
_OPENING: Final = "(The conversation begins with the assistant.)"


class Turns:
    """Writes `system` and `messages` of one request."""

    def __init__(self, request: Request, upstream: Upstream, carrying: Carrying) -> None:
        self._native = request.dialect == DIALECT
        known = upstream.capabilities
        self._mid_system = self._native if known is None else "mid_system" in known
        self._blocks = Blocks(carrying, unsigned="unsigned_thinking" in upstream.traits)
        self._carrying = carrying
        self.system: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        leading = 0
        while leading < len(request.messages) and request.messages[leading].role in _SYSTEM:
            leading += 1
        self._lead(request.messages[:leading])
        self._follow(request.messages[leading:])
        self._mend()

    def instruct(self, text: str) -> None:
        """One more instruction at the end of the system prompt."""
        self.system.append({"type": "text", "text": text})

    @property
    def prefilled(self) -> bool:
        """Whether the model is to go on with words of its own that the client gave."""
        return bool(self.messages[-1]["role"] == "assistant")

    @property
    def unthought_calls(self) -> bool:
        """Whether the turn to go on with made calls without a thought before them, which the vendor refuses while it thinks by budget."""
        if len(self.messages) < 2 or self.messages[-1]["content"][0]["type"] != "tool_result":
            return False
        before = self.messages[-2]["content"][0]["type"]
        return before not in ("thinking", "redacted_thinking")

    def _lead(self, messages: Sequence[Message]) -> None:
        for message in messages:
            attribution = own(message.extras).get(ATTRIBUTION)
            if attribution is not None:
                self.system.append({"type": "text", "text": attribution})
            self.system += self._written(message, "system")

    def _written(self, message: Message, role: str) -> list[dict[str, Any]]:
        if message.name is not None:
            self._carrying.drop(f"{message.at}.name", "the provider's messages carry no names")
        if message.extras:
            self._carrying.leave_extras(message.extras, DIALECT, message.at)
        return [written for block in message.blocks if (written := self._blocks.of(block, role)) is not None]

    def _follow(self, messages: Sequence[Message]) -> None:
        for index, message in enumerate(messages):
            if message.role not in _SYSTEM:
                self._add(message.role, self._written(message, message.role), message)
                continue
            written = self._written(message, "system")
            if self._mid_system and self._may_stand(messages, index):
                self._add("system", written, message)
            else:
                self._carrying.approximate(
                    message.at, "an instruction in mid-conversation is sent as a marked message of the user"
                )
                self._add("user", [_as_words(block) for block in written], message)

    def _may_stand(self, messages: Sequence[Message], index: int) -> bool:
        """Behind a message of the user, and last or before one of the assistant (neighbouring instructions are joined)."""
        if not self.messages or self.messages[-1]["role"] == "assistant":
            return False
        following = next((message.role for message in messages[index + 1 :] if message.role not in _SYSTEM), None)
        return following in (None, "assistant")

    def _add(self, role: str, content: list[dict[str, Any]], message: Message) -> None:
        if not content:
            return
        if self.messages and self.messages[-1]["role"] == role:
            self.messages[-1]["content"] += content
            return
        self.messages.append({"role": role, "content": content, **own(message.extras)})

    def _mend(self) -> None:
        """What the vendor demands of the whole."""
        for message in self.messages:
            content = message["content"]
            if message["role"] == "user" and any(block["type"] == "tool_result" for block in content[1:]):
                content.sort(key=lambda block: block["type"] != "tool_result")
        if not self.messages:
            self._only_instructions()
        elif self.messages[0]["role"] != "user" and not self._native:
            self._carrying.default("messages", "the provider's conversations begin with the user")
            self.messages.insert(0, {"role": "user", "content": [{"type": "text", "text": _OPENING}]})
        self._trim()

    def _only_instructions(self) -> None:
        if not self.system:
            self._carrying.refuse("messages", "nothing is left to send")
        self._carrying.approximate("messages", "without a message of the user, the last instruction is sent as one")
        self.messages.append({"role": "user", "content": [self.system.pop()]})

    def _trim(self) -> None:
        """A last message of the assistant may not end with white space."""
        last = self.messages[-1]
        block = last["content"][-1]
        if last["role"] != "assistant" or block["type"] != "text" or block["text"] == block["text"].rstrip():
            return
        self._carrying.approximate("messages", "white space at the end of the assistant's last message is cut off")
        block["text"] = block["text"].rstrip()
        if not block["text"]:
            last["content"].pop()
        if not last["content"]:
            self.messages.pop()


def _as_words(block: dict[str, Any]) -> dict[str, Any]:
    """An instruction where only the user may speak."""
    return {**block, "text": f"<system>\n{block['text']}\n</system>"}
