"""What the dashboard's files are to a browser: their types, how long they may be kept, and the order in which they are put in place."""

from __future__ import annotations

from pathlib import Path

# An own table: Python's `mimetypes` also reads the machine's files, so its answers differ from place to place.
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
FOREVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"


def content_type(key: str) -> str:
    """The media type by the name's ending; unknown ones are downloads, never pages."""
    return CONTENT_TYPES.get(Path(key).suffix.lower(), "application/octet-stream")


def cache_control(key: str) -> str:
    """The build names what lies in `assets/` by its content, so it never changes; everything else is asked for again each time."""
    return FOREVER if key.startswith("assets/") else ASK_EACH_TIME


def in_order(folder: Path) -> list[str]:
    """Keys of all files, what is referred to before what refers to it: assets, the rest, index.html. FileNotFoundError when there is none."""
    keys = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    if "index.html" not in keys:
        raise FileNotFoundError(f"there is no index.html in the dashboard's folder {folder.name}")
    return sorted(keys, key=lambda key: (key == "index.html", not key.startswith("assets/"), key))
