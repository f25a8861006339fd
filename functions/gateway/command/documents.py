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
    """The document in a file, or (`-`) on standard input; CommandFault when it cannot be read or names a variable that `environ` has not."""
    try:
        text = keyboard.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFault(f"cannot read {path}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None
    named = list(variables(text))
    values = {name: environ.get(name, "").strip() for _, name in named}
    if unset := [
        f"the environment variable {name} is not set here ({place})" for place, name in named if not values[name]
    ]:
        raise CommandFault("; ".join(unset))
    return Document("stdin" if path == "-" else path, text, values)


def variables(text: str) -> Iterator[tuple[str, str]]:
    """(place in the document, name) after `env`, `api_key_env` and within `header_env`. What is wrong with the document, the gateway will say."""
    if "env" not in text:  # what an export says nothing of
        return
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError, LookupError, AttributeError, TypeError):
        return  # also what PyYAML raises for `!!bool maybe`, `!!int ''`, `!!timestamp soon`
    found: list[tuple[str, Any]] = []
    for place, entry in _entries(document, "providers"):
        found.append((f"{place}.api_key_env", entry.get("api_key_env")))
        found += [(f"{place}.{key}.env", value.get("env")) for key, value in _entries(entry, "keys")]
        headers = entry.get("header_env")
        if isinstance(headers, dict):
            found += [(f"{place}.header_env.{header}", name) for header, name in headers.items()]
    found += [(f"{place}.env", entry.get("env")) for place, entry in _entries(document, "keys")]
    yield from ((place, name) for place, name in found if _is_name(name))


def _entries(part: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(`name[0]`, entry) of a list's objects."""
    found = part.get(name) if isinstance(part, dict) else None
    for at, entry in enumerate(found if isinstance(found, list) else []):
        if isinstance(entry, dict):
            yield f"{name}[{at}]", entry


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and _NAME.fullmatch(name) is not None
