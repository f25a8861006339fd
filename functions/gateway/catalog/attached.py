"""Files in a request's body: how many pictures, and the most tokens that sound, films and documents may come to. Pure, for any JSON whatever.

Nothing is decoded: base64 is measured by its length. What is only named (by an address or an id) has a size that nobody here knows, but for a
picture, which vendors scale down: its tokens have a bound whatever its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["picture", "sound", "document", "stored"]

_DEPTH: Final = 5
_PICTURES: Final = frozenset({"image_url", "image", "input_image", "computer_screenshot", "image_generation_call"})
SOUNDS: Final = frozenset({"input_audio", "audio", "audio_url", "video", "video_url", "input_video"})
"""Types and members of blocks that hold sound or film."""
_MIMES: Final = ("media_type", "mimeType", "mime_type")
_DATA: Final = frozenset({"data", "bytes", "file_data", "result"})
_NAMED: Final = frozenset({"url", "uri", "fileUri", "file_uri", "file_id", "file_url", "id", *SOUNDS, *_PICTURES})
# Google's files may hold anything, whatever the request says of them.
_STORED: Final = frozenset({"fileData", "file_data"})
_SOUND_CHARACTERS: Final = (
    12  # of base64 in a token: 9 bytes, film of 20 kbit/s; sound has fewer tokens in a second than film has
)


@dataclass(frozen=True, slots=True)
class Attached:
    """What a body holds beside text.

    `pictures` of any kind; `carried`: the most tokens of documents, sound and film that lie in it, in `data` characters of base64 (those of
    pictures included); `elsewhere`: there are files of unknown size that it only names. `estimated`: what the estimate of the body counts
    for all of this.
    """

    pictures: int = 0
    carried: int = 0
    data: int = 0
    elsewhere: bool = False
    estimated: int = 0


class Attachments:
    """Collects what will be an `Attached`."""

    def __init__(self) -> None:
        self._pictures = self._carried = self._data = 0
        self._elsewhere = False

    def done(self, estimated: int = 0) -> Attached:
        """The collection, unchangeable."""
        return Attached(self._pictures, self._carried, self._data, self._elsewhere, estimated)

    def add(self, block: Mapping[str, Any], kinds: set[str]) -> None:
        """A block that holds a file; `kinds` are its type, or the names of its members."""
        before = self._pictures, self._data, self._elsewhere
        kind: Kind = "picture" if kinds & _PICTURES else "sound" if kinds & SOUNDS else "document"
        self._search(block, kind, 0)
        if kind == "picture" and before == (self._pictures, self._data, self._elsewhere):
            self._pictures += 1

    def _search(self, block: Mapping[str, Any], kind: Kind, depth: int) -> None:
        mime = next((block[name] for name in _MIMES if isinstance(block.get(name), str)), None)
        if mime is not None and kind != "stored":
            kind = _kind(mime)
        for name, value in block.items():
            if isinstance(value, str):
                self._text(name, value, kind)
            elif isinstance(value, Mapping) and depth < _DEPTH:
                self._search(value, "stored" if name in _STORED else kind, depth + 1)

    def _text(self, name: str, text: str, kind: Kind) -> None:
        if text.startswith("data:"):
            self._inline(text, _kind(text[5:80]))
        elif name in _DATA:
            self._inline(text, kind)
        elif name in _NAMED and not (name == "id" and kind != "sound") and text:
            self._name(text, kind)

    def _inline(self, data: str, kind: Kind) -> None:
        if " " in data[:10_000]:
            return  # a text: it counts as one
        self._data += len(data)
        if kind == "picture":
            self._pictures += 1
        else:
            self._carried += -(-len(data) // _SOUND_CHARACTERS) if kind == "sound" else len(data)

    def _name(self, name: str, kind: Kind) -> None:
        if kind == "picture" and _is_picture(name):
            self._pictures += 1
        else:
            self._elsewhere = True


def _kind(mime: str) -> Kind:
    mime = mime.lower()
    if mime.startswith("image/"):
        return "picture"
    return "sound" if mime.startswith(("audio/", "video/")) else "document"


def _is_picture(name: str) -> bool:
    """Whether what is said to be a picture can be no film: Gemini is given such addresses as they are, and sees for itself what they are."""
    return name.startswith(("http:", "https:", "file-", "file_")) and "youtu" not in name and "googleapis" not in name
