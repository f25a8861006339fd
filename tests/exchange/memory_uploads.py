"""`UploadStore` over a dictionary."""

from __future__ import annotations

from gateway.errors import Unavailable
from gateway.neutral.uploads import FileFacts, Offer, StoredFile, UploadPlace

SIGNATURE = "X-Amz-Signature=5ec4e7"


class MemoryUploads:
    """Offers that a test takes up by `put`; counts what is asked of it, can be down."""

    def __init__(self) -> None:
        self.offered: dict[UploadPlace, FileFacts] = {}
        self.files: dict[UploadPlace, bytes] = {}
        self.found: list[UploadPlace] = []
        self.read_whole: list[UploadPlace] = []
        self.down = False

    def put(self, owner: str, identifier: str, content: bytes) -> UploadPlace:
        place = UploadPlace(owner, identifier)
        self.files[place] = content
        return place

    async def offer(self, place: UploadPlace, facts: FileFacts) -> Offer:
        self._check()
        self.offered[place] = facts
        return Offer(
            f"https://store.test/{place.id}?{SIGNATURE}", {"content-length": str(facts.size)}, 1_790_000_900_000
        )

    async def find(self, place: UploadPlace) -> StoredFile | None:
        self._check()
        self.found.append(place)
        content = self.files.get(place)
        if content is None:
            return None
        facts = self.offered.get(place, FileFacts("a.wav", len(content), "audio/wav"))
        return StoredFile(FileFacts(facts.name, len(content), facts.type), str(hash(content)))

    async def read(self, place: UploadPlace, file: StoredFile) -> bytes | None:
        self._check()
        self.read_whole.append(place)
        content = self.files.get(place)
        return content if content is not None and str(hash(content)) == file.version else None

    def _check(self) -> None:
        if self.down:
            raise Unavailable("The store of uploads is out of reach; try again.")
