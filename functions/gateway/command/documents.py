"""The document as the command sends it: its text as it is, and beside it the values of the environment variables that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

import yaml

from gateway.command.faults import CommandFault

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_PREFIX: Final = "document:"


@dataclass(frozen=True, slots=True)
class Document:
    """`name` is for messages; `variables` are secrets."""

    name: str
    text: str = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)

    def body(self, *, prune: bool) -> dict[str, Any]:
        """What planning and applying take."""
        kind = "json" if self.name.endswith(".json") else None
        return {"document": self.text, "format": kind, "prune": prune, "variables": dict(self.variables)}

    def named(self, fault: CommandFault) -> CommandFault:
        """A fault of the document with the name of its file."""
        told = str(fault)
        return CommandFault(self.name + told[len(_PREFIX) - 1 :]) if told.startswith(_PREFIX) else fault


def read(path: str, keyboard: TextIO, environ: Mapping[str, str]) -> Document:
    """The document in a file, or (`-`) on standard input; CommandFault when it cannot be read."""
    try:
        text = keyboard.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFault(f"cannot read {path}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None
    values = {name: environ.get(name, "").strip() for name in set(variables(text))}
    return Document("stdin" if path == "-" else path, text, {name: value for name, value in values.items() if value})


def variables(text: str) -> Iterator[str]:
    """The names after `env`, `api_key_env` and within `header_env`. What is wrong with the document, the gateway will say."""
    if "env" not in text:  # what an export says nothing of
        return
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError, LookupError, AttributeError, TypeError):
        return  # also what PyYAML raises for `!!bool maybe`, `!!int ''`, `!!timestamp soon`
    for entry in _entries(document, "providers"):
        headers = entry.get("header_env")
        found = [entry.get("api_key_env"), *(headers.values() if isinstance(headers, dict) else [])]
        found += [key.get("env") for key in _entries(entry, "keys")]
        yield from (name for name in found if _is_name(name))
    yield from (entry["env"] for entry in _entries(document, "keys") if _is_name(entry.get("env")))


def _entries(part: Any, name: str) -> list[dict[str, Any]]:
    found = part.get(name) if isinstance(part, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and _NAME.fullmatch(name) is not None
