"""Pictures, sound, films and documents as Converse's blocks.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html: bytes (base64 in JSON) or an S3 location; no other URL.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from gateway.neutral.blocks import Media
from gateway.wire.carrying import Carrying

_IMAGES: Final = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
}
_DOCUMENTS: Final = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/x-markdown": "md",
}
_VIDEOS: Final = {
    "video/x-matroska": "mkv",
    "video/quicktime": "mov",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/x-flv": "flv",
    "video/mpeg": "mpeg",
    "video/x-ms-wmv": "wmv",
    "video/3gpp": "three_gp",
}
_SOUNDS: Final = {
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/opus": "opus",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/mp4": "mp4",
    "audio/ogg": "ogg",
    "audio/m4a": "m4a",
    "audio/x-m4a": "m4a",
    "audio/pcm": "pcm",
    "audio/webm": "webm",
}
_FORMATS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "image": ("image", _IMAGES),
    "document": ("document", _DOCUMENTS),
    "video": ("video", _VIDEOS),
    "audio": ("audio", _SOUNDS),
}
# How the base64 text of a picture begins, by the format's magic bytes: clients may leave the media type out.
_BEGINNINGS: Final = (("iVBORw0KGgo", "png"), ("/9j/", "jpeg"), ("R0lGOD", "gif"), ("UklGR", "webp"))
_NAME_LIMIT: Final = 64


def _format(media: Media, formats: Mapping[str, str], carrying: Carrying) -> str:
    given = (media.media_type or "").partition(";")[0].strip().lower()
    found = formats.get(given)
    if found is None and media.kind == "document" and media.name:
        ending = media.name.rpartition(".")[2].lower()
        found = ending if ending in formats.values() else None
    if found is None and media.kind == "image" and not given and media.data:
        found = next((name for start, name in _BEGINNINGS if media.data.startswith(start)), None)
    if found is None:
        carrying.refuse(media.at, f"it takes {', '.join(dict.fromkeys(formats.values()))} as {media.kind}")
    return found


def _source(media: Media, carrying: Carrying) -> dict[str, Any]:
    if media.data:
        return {"bytes": media.data}
    if media.url is not None and media.url.startswith("s3://"):
        return {"s3Location": {"uri": media.url}}
    reason = "there is no data in it" if media.file_id is None else "it keeps no files"
    return carrying.refuse(media.at, reason if media.url is None else "it takes data and S3 locations, no other URLs")


class DocumentNames:
    """Names of one request's documents: letters, digits, single spaces, hyphens, brackets; each name once.

    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, wanted: str | None) -> str:
        """A name that Bedrock takes and that no other document of the request has."""
        stem = (wanted or "").rpartition(".")[0] or wanted or "document"
        kept = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-()[]") else " " for sign in stem)
        base = " ".join(kept.split())[: _NAME_LIMIT - 8].rstrip() or "document"
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base} {number}"
        self._taken.add(name)
        return name


def encode(media: Media, names: DocumentNames, carrying: Carrying) -> dict[str, Any]:
    """`{"image": …}`, `{"document": …}`, `{"video": …}` or `{"audio": …}`."""
    carrying.leave_extras(media.extras, "bedrock_converse", media.at)
    if media.detail not in {None, "auto"}:
        carrying.drop(f"{media.at}.detail", "pictures have no level of detail there")
    kind, formats = _FORMATS[media.kind]
    if media.kind == "document" and media.text is not None:
        data = base64.b64encode(media.text.encode()).decode()
        return {kind: {"format": "txt", "name": names.name(media.name), "source": {"bytes": data}}}
    source = _source(media, carrying)
    block: dict[str, Any] = {"format": _format(media, formats, carrying), "source": source}
    if media.kind == "document":
        block["name"] = names.name(media.name)
    return {kind: block}
