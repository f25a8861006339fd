"""Blocks as parts of a message, or of a tool's output, for an upstream. Responses takes text, images and files; no sound and no films."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Any, Final

from gateway.neutral.blocks import Block, CacheMark, Media, Opaque, Refusal, Text
from gateway.wire.carrying import Carrying
from gateway.wire.openai_responses.names import DIALECT

# Files of one account's store, which both of OpenAI's dialects name alike.
_FILE_DIALECTS: Final = frozenset(["openai_chat", DIALECT])

Part = dict[str, Any]


class Parts:
    """Writes parts; what it cannot write is refused or noted in `carrying`. `own`: the client spoke this dialect."""

    def __init__(self, carrying: Carrying, *, own: bool) -> None:
        self._carrying = carrying
        self._own = own

    def many(self, blocks: Iterable[Block]) -> list[Part]:
        """A part for every block of a user's, a system message's or a tool's."""
        return [self.one(block) for block in blocks]

    def one(self, block: Block) -> Part:
        """One block."""
        if isinstance(block, Text):
            self._carrying.leave_extras(block.extras, DIALECT, block.at)
            return self._marked(
                {"type": "input_text", "text": block.text, **block.extras.get(DIALECT, {})}, block.cache
            )
        if isinstance(block, Media):
            self._carrying.leave_extras(block.extras, DIALECT, block.at)
            return self._marked({**self._media(block), **block.extras.get(DIALECT, {})}, block.cache)
        if isinstance(block, Refusal):
            return {"type": "input_text", "text": block.text}
        if not isinstance(block, Opaque) or block.dialect != DIALECT:
            kind = block.type if isinstance(block, Opaque) else type(block).__name__
            self._carrying.refuse(block.at, f"blocks of the type {kind} have no form in Responses there")
        return dict(block.data)

    def said(self, block: Text | Refusal) -> Part:
        """A part of an earlier answer."""
        if isinstance(block, Refusal):
            return {"type": "refusal", "refusal": block.text}
        self._carrying.leave_extras(block.extras, DIALECT, block.at)
        self.note_mark(block.cache)
        own = {name: value for name, value in block.extras.get(DIALECT, {}).items() if name != "phase"}
        return {"type": "output_text", "text": block.text, "annotations": [], **own}

    def output(self, blocks: tuple[Block, ...]) -> str | list[Part]:
        """A tool's output: a string where it is one text."""
        if not blocks:
            return ""
        first = blocks[0]
        if len(blocks) == 1 and isinstance(first, Text) and DIALECT not in first.extras:
            self._carrying.leave_extras(first.extras, DIALECT, first.at)
            if not self._own:
                self.note_mark(first.cache)
            return first.text
        return self.many(blocks)

    def note_mark(self, mark: CacheMark | None) -> None:
        """A cache mark that is not sent."""
        if mark is not None:
            self._carrying.drop("cache_control", "this provider caches prompts on its own, without marks")

    def _marked(self, part: Part, mark: CacheMark | None) -> Part:
        if mark is None or not self._own:
            self.note_mark(mark)
            return part
        return {**part, "prompt_cache_breakpoint": {"mode": "explicit"}}

    def _media(self, media: Media) -> Part:
        if media.kind not in ("image", "document"):
            self._carrying.refuse(media.at, f"Responses takes no {media.kind}")
        return self._image(media) if media.kind == "image" else self._document(media)

    def _image(self, media: Media) -> Part:
        part: Part = {"type": "input_image", "detail": media.detail or "auto"}
        if media.file_id is not None:
            return part | {"file_id": self._stored(media)}
        return part | {"image_url": media.url if media.url is not None else self._inline(media, "image/png")}

    def _document(self, media: Media) -> Part:
        said = _plain_text(media)
        if said is not None:
            self._carrying.approximate(media.at, "a plain-text document is sent as text")
            return {"type": "input_text", "text": f"{media.name}:\n\n{said}" if media.name else said}
        part: Part = {"type": "input_file"}
        if media.file_id is not None:
            return part | {"file_id": self._stored(media)}
        if media.url is not None:
            return part | {"file_url": media.url}
        name = media.name
        if name is None:
            name = "document.pdf" if (media.media_type or "application/pdf") == "application/pdf" else "document"
            self._carrying.default(media.at, "files are sent with a name in Responses")
        return part | {"filename": name, "file_data": self._inline(media, "application/pdf")}

    def _stored(self, media: Media) -> str | None:
        if media.file_dialect not in _FILE_DIALECTS:
            self._carrying.refuse(media.at, "the file lies in another provider's store")
        return media.file_id

    def _inline(self, media: Media, guessed: str) -> str:
        if media.data is None:
            self._carrying.refuse(media.at, "it holds no data")
        if media.media_type is None:
            self._carrying.default(media.at, "data is sent with its media type in Responses")
        return f"data:{media.media_type or guessed};base64,{media.data}"


def _plain_text(media: Media) -> str | None:
    """The text of a document that is text."""
    if media.text is not None:
        return media.text
    if media.data is None or not (media.media_type or "").startswith("text/"):
        return None
    try:
        return base64.b64decode(media.data).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
