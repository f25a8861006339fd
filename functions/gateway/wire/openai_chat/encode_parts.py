"""Blocks as parts of a message for an upstream."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from gateway.neutral.blocks import Block, CacheMark, Media, Opaque, Refusal, Text
from gateway.wire.carrying import Carrying
from gateway.wire.openai_chat.thoughts import DIALECT

_AUDIO: Final = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/vnd.wave": "wav",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
}
# Files of one account's store, which both of OpenAI's dialects name alike.
_FILE_DIALECTS: Final = frozenset(["openai_chat", "openai_responses"])
_EXTENSIONS: Final = {"application/pdf": "pdf"}
NO_MARKS: Final = "marks have no form there; prompts are cached without them where the provider does so"

Part = dict[str, Any]


class Parts:
    """Writes parts for one upstream; what it cannot write is refused or noted in `carrying`."""

    def __init__(self, traits: frozenset[str], carrying: Carrying) -> None:
        self._traits = traits
        self._carrying = carrying

    def many(self, blocks: Sequence[Block]) -> list[Part]:
        """A part for every block."""
        return [self.one(block) for block in blocks]

    def one(self, block: Block) -> Part:
        """One block as a part."""
        if isinstance(block, Text):
            self._carrying.leave_extras(block.extras, DIALECT, block.at)
            return self._marked({"type": "text", "text": block.text, **block.extras.get(DIALECT, {})}, block.cache)
        if isinstance(block, Media):
            self._carrying.leave_extras(block.extras, DIALECT, block.at)
            return self._marked({**_MEDIA[block.kind](self, block), **block.extras.get(DIALECT, {})}, block.cache)
        if isinstance(block, Refusal):
            return {"type": "text", "text": block.text}
        if not isinstance(block, Opaque) or block.dialect != DIALECT:
            kind = block.type if isinstance(block, Opaque) else type(block).__name__
            self._carrying.refuse(block.at, f"blocks of the type {kind} have no form in Chat Completions there")
        return dict(block.data)

    def content(self, blocks: Sequence[Block]) -> str | list[Part]:
        """`content`: a string where nothing is lost by it, or where the upstream takes no lists of texts."""
        texts = [block for block in blocks if isinstance(block, Text)]
        if len(texts) != len(blocks):
            return self.many(blocks)
        marked = any(text.cache for text in texts) and "cache_control" in self._traits
        own = any(DIALECT in text.extras for text in texts)
        if len(texts) == 1 and not marked and not own:
            self._unmarked(texts)
            return texts[0].text
        if marked or "text_parts" in self._traits:
            return self.many(blocks)
        self._unmarked(texts)
        return "\n\n".join(text.text for text in texts)

    def _unmarked(self, texts: Sequence[Text]) -> None:
        for text in texts:
            self._carrying.leave_extras(text.extras, DIALECT, text.at)
            self.note_mark(text.cache)

    def note_mark(self, mark: CacheMark | None) -> None:
        """A cache mark that stands where this upstream takes none."""
        if mark is not None:
            self._carrying.drop("cache_control", NO_MARKS)

    def _marked(self, part: Part, mark: CacheMark | None) -> Part:
        if mark is None:
            return part
        if "cache_control" not in self._traits:
            self.note_mark(mark)
            return part
        control = {"type": "ephemeral"} if mark.ttl is None else {"type": "ephemeral", "ttl": mark.ttl}
        return {**part, "cache_control": control}

    def image(self, media: Media) -> Part:
        """`image_url`."""
        if "no_images" in self._traits:
            self._carrying.refuse(media.at, "this provider takes no images")
        held: dict[str, Any] = {"url": self._url(media)}
        if media.detail is not None:
            held["detail"] = media.detail
        return {"type": "image_url", "image_url": held}

    def audio(self, media: Media) -> Part:
        """`input_audio`, which holds data only."""
        if "audio" not in self._traits:
            self._carrying.refuse(media.at, "this provider takes no audio")
        if media.data is None:
            self._carrying.refuse(media.at, "audio must be sent as data in Chat Completions")
        shape = _AUDIO.get(media.media_type or "", (media.media_type or "").removeprefix("audio/"))
        if not shape:
            self._carrying.refuse(media.at, "the audio's format is not said")
        return {"type": "input_audio", "input_audio": {"data": media.data, "format": shape}}

    def video(self, media: Media) -> Part:
        """`video_url`."""
        if "video_url" not in self._traits:
            self._carrying.refuse(media.at, "this provider takes no video in Chat Completions")
        return {"type": "video_url", "video_url": {"url": self._url(media)}}

    def document(self, media: Media) -> Part:
        """`file` (or Mistral's `document_url`); a plain-text document is written into the prompt."""
        if (said := self.written_out(media)) is not None:
            return {"type": "text", "text": said}
        if "document_url" in self._traits and media.file_id is None:
            named = {"document_name": media.name} if media.name else {}
            return {"type": "document_url", "document_url": self._url(media), **named}
        if media.file_id is not None:
            return self._stored(media)
        if "files" not in self._traits:
            self._carrying.refuse(media.at, "this provider takes no documents in Chat Completions")
        if media.url is not None and "file_urls" not in self._traits:
            self._carrying.refuse(media.at, "documents must be sent as data in Chat Completions")
        name = media.name
        if name is None:
            name = f"document.{_EXTENSIONS.get(media.media_type or 'application/pdf', 'bin')}"
            self._carrying.default(media.at, "files are sent with a name in Chat Completions")
        return {"type": "file", "file": {"filename": name, "file_data": self._url(media)}}

    def written_out(self, media: Media) -> str | None:
        """A plain-text document as text of the prompt; None for any other."""
        said = _plain_text(media) if media.kind == "document" else None
        if said is None:
            return None
        self._carrying.approximate(media.at, "a plain-text document is sent as text")
        return f"{media.name}:\n\n{said}" if media.name else said

    def _stored(self, media: Media) -> Part:
        if "file_ids" not in self._traits or media.file_dialect not in _FILE_DIALECTS:
            self._carrying.refuse(media.at, "the file lies in another provider's store")
        named = {"filename": media.name} if media.name else {}
        return {"type": "file", "file": {"file_id": media.file_id, **named}}

    def _url(self, media: Media) -> str:
        if media.url is not None:
            return media.url
        if media.data is None:
            self._carrying.refuse(media.at, "the file lies in another provider's store")
        media_type = media.media_type
        if not media_type:
            media_type = _GUESSED[media.kind]
            self._carrying.default(media.at, "data is sent with its media type in Chat Completions")
        return f"data:{media_type};base64,{media.data}"


_GUESSED: Final = {
    "image": "image/png",
    "audio": "audio/wav",
    "video": "video/mp4",
    "document": "application/pdf",
}
_MEDIA: Final[Mapping[str, Callable[[Parts, Media], Part]]] = {
    "image": Parts.image,
    "audio": Parts.audio,
    "video": Parts.video,
    "document": Parts.document,
}


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
