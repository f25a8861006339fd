"""Files that are larger than a request may be: announced, put into the deployment's own store by their client, and named in a request.

Theory of operation. `offer` answers `POST /v1/audio/uploads` with a URL that takes exactly the file that was announced. A request that names the
upload instead of carrying the file asks the store twice: `found` how large the file is, so that the worst case can be held, and `filled`, once
the request is admitted, for its bytes, which go into the form that the provider gets. A file of another virtual key, one that was never put and one
that is too old are the same to a client: there is no such upload, and no provider is called.

Memory: the file, the form around it, and the copy with the provider's name of the model; with the copy that a socket may hold, four times 25 MB.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import orjson

from gateway.clock import id_time_ms
from gateway.delivery import Asked
from gateway.errors import InvalidRequest, TooLarge, UploadNotFound
from gateway.ingress.draft import Draft
from gateway.neutral.uploads import LIVES_MS, MOST_BYTES, FileFacts, StoredFile, UploadPlace
from gateway.parts import Parts
from gateway.wire.json_body import parse
from gateway.wire.openai_media.multipart import File

_FIELDS: Final = frozenset(["filename", "bytes", "content_type"])
_LONGEST_NAME: Final = 200
_LONGEST_QUOTED: Final = 1_900
"""As the store has it, in 2 KB of metadata: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html"""
_ID: Final = re.compile(r"upload_[0-9a-f]{32}")
# https://www.rfc-editor.org/rfc/rfc6838#section-4.2, without parameters
_TYPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,63}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,63}")
_ANY: Final = "application/octet-stream"


class Uploading:
    """Offers places for files, and fetches the files that requests name. One instance per environment."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def offer(self, raw: bytes, draft: Draft) -> tuple[bytes, bytes]:
        """The answer to an announcement, and what of it may be written down: all but the URL, which is a credential."""
        assert draft.key is not None
        facts = announced(raw)
        place = UploadPlace(draft.key.id, self._parts.clock.new_id("upload"))
        offer = await self._parts.uploads.offer(place, facts)
        told: dict[str, Any] = {
            "id": place.id,
            "object": "gateway.upload",
            "url": offer.url,
            "method": "PUT",
            "headers": offer.headers,
            "expires_at": offer.expires_ms // 1000,
        }
        return orjson.dumps(told), orjson.dumps(told | {"url": None})

    async def found(self, asked: Asked) -> StoredFile | None:
        """The file that the request names, None when it names none. UploadNotFound, TooLarge."""
        return await self._found(_place(asked)) if asked.relay.attaching is not None and asked.peek.upload else None

    async def filled(self, asked: Asked, file: StoredFile | None) -> Asked:
        """The request as if the client had sent the file in it. UploadNotFound when that is gone, or another by now."""
        attaching = asked.relay.attaching
        if attaching is None or file is None:
            return asked
        content = await self._parts.uploads.read(_place(asked), file)
        if content is None:
            raise UploadNotFound
        boundary = f"gateway-{self._parts.clock.entropy(16).hex()}"
        return replace(
            asked, peek=attaching.filled(asked.peek, File(file.facts.name, file.facts.type, content), boundary)
        )

    async def _found(self, place: UploadPlace) -> StoredFile:
        if not _ID.fullmatch(place.id) or self._parts.clock.now_ms() - id_time_ms(place.id) > LIVES_MS:
            raise UploadNotFound
        file = await self._parts.uploads.find(place)
        if file is None:
            raise UploadNotFound
        if file.facts.size > MOST_BYTES:
            raise TooLarge(f"The uploaded file is larger than {_mb(MOST_BYTES)} MB.", param="upload")
        return file


def sized(asked: Asked, file: StoredFile | None) -> Asked:
    """The request with the size of the file that it names, which decides how much it may cost at most."""
    attaching = asked.relay.attaching
    return (
        asked
        if attaching is None or file is None
        else replace(asked, peek=attaching.sized(asked.peek, file.facts.size))
    )


def _place(asked: Asked) -> UploadPlace:
    assert asked.draft.key is not None
    return UploadPlace(asked.draft.key.id, asked.peek.upload)


def announced(raw: bytes) -> FileFacts:
    """The file that a client wants to upload; InvalidRequest or TooLarge names what is wrong with it."""
    data = parse(raw).data
    unknown = sorted(data.keys() - _FIELDS)
    if unknown:
        raise InvalidRequest(f"The field '{unknown[0][:64]}' is not known here.", param=unknown[0][:64])
    name, size, kind = data.get("filename"), data.get("bytes"), data.get("content_type", _ANY)
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidRequest(
            f"The field 'filename' must be a text of 1 to {_LONGEST_NAME} characters.", param="filename"
        )
    if len(quote(name, safe="")) > _LONGEST_QUOTED:
        raise InvalidRequest("The field 'filename' is too long when it is percent-encoded.", param="filename")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise InvalidRequest("The field 'bytes' must be the size of the file in bytes, at least 1.", param="bytes")
    if size > MOST_BYTES:
        raise TooLarge(
            f"The file is larger than {_mb(MOST_BYTES)} MB ({MOST_BYTES} bytes), the most that is taken.", param="bytes"
        )
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise InvalidRequest("The field 'content_type' must be a media type such as audio/mpeg.", param="content_type")
    return FileFacts(name, size, kind)


def _mb(size: int) -> int:
    return size // (1024 * 1024)
