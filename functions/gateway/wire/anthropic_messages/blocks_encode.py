"""Content blocks for an Anthropic upstream: https://platform.claude.com/docs/en/api/messages#body-messages"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.blocks import Block, Media, Opaque, Refusal, Text, Thinking, ToolCall, ToolResult
from gateway.wire import signatures
from gateway.wire.anthropic_messages.members import DIALECT, marked, own
from gateway.wire.arguments import as_object
from gateway.wire.carrying import Carrying

_IMAGES: Final = frozenset(["image/jpeg", "image/png", "image/gif", "image/webp"])
_TEXTUAL: Final = frozenset(["application/json", "application/xml", "application/yaml", "application/javascript"])
_NO_SPEECH: Final = "the provider takes neither sound nor film"


def adapted_id(call_id: str) -> str:
    """The id of a call in the vendor's alphabet (`^[a-zA-Z0-9_-]+$`): itself where it fits, else one made of it, always the same."""
    if call_id.isascii() and call_id.replace("_", "").replace("-", "").isalnum():
        return call_id
    return "toolu_" + hashlib.blake2s(call_id.encode(), digest_size=12).hexdigest()


class Blocks:
    """Writes the blocks of one request. `unsigned`: the upstream takes thoughts back without a signature."""

    def __init__(self, carrying: Carrying, *, unsigned: bool) -> None:
        self._carrying = carrying
        self._unsigned = unsigned

    def of(self, block: Block, role: str) -> dict[str, Any] | None:
        """One block in a message of `role`; None when nothing is left of it."""
        if isinstance(block, Text):
            return self._text(block)
        if isinstance(block, ToolCall):
            return self._call(block)
        if isinstance(block, ToolResult):
            return self._result(block)
        if isinstance(block, Thinking):
            return self._thinking(block)
        if isinstance(block, Media):
            if role != "user":
                self._carrying.refuse(
                    block.at, f"the provider takes media in messages of the user only, not of '{role}'"
                )
            return self.media(block)
        if isinstance(block, Refusal):
            self._carrying.approximate(block.at, "a refusal in the history is sent as text")
            return {"type": "text", "text": block.text} if block.text else None
        return self._opaque(block)

    def _leave(self, block: Text | Media | Thinking | ToolCall | ToolResult) -> None:
        if block.extras:
            self._carrying.leave_extras(block.extras, DIALECT, block.at)

    def _text(self, block: Text) -> dict[str, Any] | None:
        """The vendor refuses text without a visible character, which models of others like to write before a call."""
        self._leave(block)
        if not block.text.strip():
            if block.text:
                self._carrying.drop(block.at, "the provider refuses texts of white space alone")
            return None
        return marked({"type": "text", "text": block.text}, block.cache, block.extras)

    def _call(self, block: ToolCall) -> dict[str, Any]:
        self._leave(block)
        if block.signature is not None:
            self._carrying.drop(block.at, "the provider has no place for the signature of a call")
        given = {"type": "tool_use", "id": adapted_id(block.id), "name": block.name, "input": as_object(block)}
        return marked(given, block.cache, block.extras)

    def _result(self, block: ToolResult) -> dict[str, Any]:
        self._leave(block)
        result: dict[str, Any] = {"type": "tool_result", "tool_use_id": adapted_id(block.call_id)}
        content = [written for inner in block.blocks if (written := self.of(inner, "user")) is not None]
        if len(content) == 1 and content[0].keys() == {"type", "text"}:
            result["content"] = content[0]["text"]
        elif content:
            result["content"] = content
        if block.is_error is not None:
            result["is_error"] = block.is_error
        return marked(result, block.cache, block.extras)

    def _thinking(self, block: Thinking) -> dict[str, Any] | None:
        self._leave(block)
        if signatures.belongs(block.signature, DIALECT):
            assert block.signature is not None
            if block.redacted:
                return marked({"type": "redacted_thinking", "data": block.signature.data}, None, block.extras)
            given = {"type": "thinking", "thinking": block.text, "signature": block.signature.data}
            return marked(given, None, block.extras)
        if self._unsigned and block.text:
            return marked({"type": "thinking", "thinking": block.text}, None, block.extras)
        self._carrying.drop(block.at, "the provider takes back only thoughts that it signed itself")
        return None

    def _opaque(self, block: Opaque) -> dict[str, Any]:
        if block.dialect != DIALECT:
            self._carrying.refuse(block.at, f"a block of type '{block.type}' is known to the client's dialect alone")
        return dict(block.data)

    def media(self, block: Media) -> dict[str, Any]:
        """A picture or a document."""
        self._leave(block)
        if block.detail is not None and block.detail != "auto":
            self._carrying.drop(f"{block.at}.detail", "the provider chooses the resolution")
        mine = own(block.extras)
        if "source" in mine:
            source = mine["source"]
        elif block.file_id is not None:
            source = self._file(block)
        elif block.kind == "image":
            source = self._image(block)
        elif block.kind == "document":
            source = self._document(block)
        else:
            self._carrying.refuse(block.at, _NO_SPEECH)
        result: dict[str, Any] = {"type": block.kind, "source": source}
        if block.kind == "document" and block.name:
            result["title"] = block.name
        return marked(result, block.cache, block.extras)

    def _file(self, block: Media) -> Mapping[str, Any]:
        if block.file_dialect != DIALECT:
            self._carrying.refuse(block.at, "the file lies in another provider's file store")
        if block.kind not in ("image", "document"):
            self._carrying.refuse(block.at, _NO_SPEECH)
        return {"type": "file", "file_id": block.file_id}

    def _image(self, block: Media) -> Mapping[str, Any]:
        if block.url is not None:
            return self._url(block)
        if block.media_type not in _IMAGES:
            self._carrying.refuse(block.at, "pictures must be JPEG, PNG, GIF or WebP")
        return {"type": "base64", "media_type": block.media_type, "data": block.data}

    def _url(self, block: Media) -> Mapping[str, Any]:
        url = block.url or ""
        if not url.lower().startswith(("https://", "http://")):
            self._carrying.refuse(block.at, "the provider loads from web addresses only")
        return {"type": "url", "url": url}

    def _document(self, block: Media) -> Mapping[str, Any]:
        kind = (block.media_type or "").partition(";")[0].strip().lower()
        if block.url is not None:
            if kind not in ("", "application/pdf"):
                self._carrying.refuse(block.at, "documents at an address must be PDF")
            return self._url(block)
        if block.text is not None:
            return self._plain(block, kind, block.text)
        if kind == "application/pdf":
            return {"type": "base64", "media_type": kind, "data": block.data}
        if kind.startswith("text/") or kind in _TEXTUAL:
            return self._plain(block, kind, self._decoded(block))
        return self._carrying.refuse(block.at, "documents must be PDF or text")

    def _plain(self, block: Media, kind: str, text: str) -> Mapping[str, Any]:
        if kind not in ("", "text/plain"):
            self._carrying.approximate(f"{block.at}.media_type", "the provider knows one kind of text, text/plain")
        return {"type": "text", "media_type": "text/plain", "data": text}

    def _decoded(self, block: Media) -> str:
        try:
            return base64.b64decode(block.data or "", validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            self._carrying.refuse(block.at, "the text document is not UTF-8 in base64")
