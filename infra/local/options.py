"""What a start of the local stack was asked to do, read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.faults import StackError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Options:
    """PORT, GATEWAY_STATE_DIR, GATEWAY_ADMIN_PASSWORD, GATEWAY_DEMO_KEY, GATEWAY_CONFIG, GATEWAY_DEMO_WORD_MS.

    `port` 0 means any free one. `admin_password` and `demo_key` None mean: keep the generated ones. `demo_word_ms` is the demo
    upstream's pause between two words of a stream, in milliseconds.
    """

    port: int
    state_dir: Path
    admin_password: str | None
    demo_key: str | None
    config: Path | None
    demo_word_ms: float


def _number(environ: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = environ.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > largest:
        raise StackError(f"{name} must be a whole number between 0 and {largest}")
    return int(text)


def _secret(environ: Mapping[str, str], name: str, shortest: int) -> str | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    if len(text) < shortest or not text.isascii() or not text.isprintable() or " " in text:
        raise StackError(f"{name} must have at least {shortest} printable ASCII characters and no space")
    return text


def _config(environ: Mapping[str, str]) -> Path | None:
    text = environ.get("GATEWAY_CONFIG", "").strip()
    if not text:
        return None
    path = Path(text).expanduser()
    if not path.is_file():
        raise StackError(f"GATEWAY_CONFIG: there is no file {text}")
    return path.resolve()


def from_environ(environ: Mapping[str, str], root: Path = ROOT) -> Options:
    """The options of this start; StackError names the first variable that makes no sense, never a secret's value."""
    state_dir = Path(environ.get("GATEWAY_STATE_DIR", "").strip() or root / ".state").expanduser()
    return Options(
        port=_number(environ, "PORT", 8000, 65535),
        state_dir=Path(os.path.abspath(state_dir)),
        admin_password=_secret(environ, "GATEWAY_ADMIN_PASSWORD", 8),
        demo_key=_secret(environ, "GATEWAY_DEMO_KEY", 8),
        config=_config(environ),
        demo_word_ms=float(_number(environ, "GATEWAY_DEMO_WORD_MS", 15, 10_000)),
    )
