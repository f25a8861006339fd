"""Reading the configuration document: YAML or JSON text, with the line of every part for error messages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final, Literal

import yaml
from pydantic import ValidationError

from gateway.admin.answers import field_path
from gateway.admin.document import Document, DocumentError, Parsed, place
from gateway.admin.wording import words

MAX_CHARACTERS: Final = 2_000_000
_MAX_DEPTH: Final = 40  # a rule alone may be 24 deep
_MAX_NODES: Final = 200_000
_HALF: Final = re.compile(r"\\\\|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_LONE: Final = re.compile("[\ud800-\udfff]")
# Written in C where there is such a one: four times as fast. It reads recursively, and is given only what `_measure` found shallow.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What PyYAML's constructors raise for a value that does not fit its tag, as in `!!bool maybe`, `!!int ''`, `!!timestamp soon`.
_UNFIT: Final = (yaml.YAMLError, ValueError, OverflowError, LookupError, AttributeError, TypeError)

Format = Literal["yaml", "json"]


def parse(text: str, name: str, kind: Format | None = None) -> Parsed:
    """The document; DocumentError with `name`, line and path when it is not one. `kind` None: JSON if it can be read as that, else YAML."""
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"{name}: the document is larger than {MAX_CHARACTERS} characters")
    lines: dict[str, int] = {}
    data = _read(text, name, kind, lines)
    try:
        return Parsed(Document.model_validate({} if data is None else data), name, lines)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = field_path(first["loc"])
        message = words(first, Document)
        raise DocumentError(f"{place(name, lines, path)}{f'{path}: ' if path else ''}{message}", path) from None


def _read(text: str, name: str, kind: Format | None, lines: dict[str, int]) -> Any:
    if kind != "json" and not text.lstrip().startswith("{"):
        return _data(_node(text, name), name, lines)
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if kind != "json" and not isinstance(error, _Twice):
            return _data(_node(text, name), name, lines)
        raise DocumentError(_unread(name, error)) from None
    # Every JSON text is YAML but for tabs between its parts and characters in two halves. Its values are JSON's (`1e5` is a number there), its
    # lines are YAML's.
    likewise = _HALF.sub(lambda found: found[0].removeprefix("\\u"), text.replace("\t", " "))
    _data(_node(likewise, name), name, lines)
    return _whole(found, name)


class _Twice(ValueError):
    """A name that is there twice."""


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _unread(name: str, error: Exception) -> str:
    if isinstance(error, _Twice):
        return f"{name}: {field_path((str(error),))}: is there twice"
    line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
    return f"{name}{line}: not valid JSON"


def _whole(value: Any, name: str) -> Any:
    """JSON escapes may be halves of characters."""
    if isinstance(value, str):
        if _LONE.search(value):
            raise DocumentError(f"{name}: a text in it is not valid")
        return value
    if isinstance(value, dict):
        return {_whole(key, name): _whole(item, name) for key, item in value.items()}
    return [_whole(item, name) for item in value] if isinstance(value, list) else value


def _node(text: str, name: str) -> yaml.Node | None:
    try:
        _measure(text, name)
        return yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        last = text.rstrip("\n").count("\n") + 1
        line = f":{min(error.problem_mark.line + 1, last)}" if error.problem_mark else ""
        raise DocumentError(f"{name}{line}: not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError, UnicodeError):
        raise DocumentError(f"{name}: not valid YAML") from None


def _measure(text: str, name: str) -> None:
    """Depth and size, without building anything."""
    depth = 0
    for seen, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH or seen > 2 * _MAX_NODES:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise DocumentError(f"{name}:{line}: nested too deeply or too large")


def _data(node: yaml.Node | None, name: str, lines: dict[str, int]) -> Any:
    """The plain data of a node, checked on the way: no duplicate keys, no aliases that grow without bound."""
    if node is None:
        return None
    walk = _Walk(name, lines)
    return walk.value(node, "", 0)


class _Walk:
    def __init__(self, name: str, lines: dict[str, int]) -> None:
        self._name = name
        self._lines = lines
        self._constructor = yaml.SafeLoader("")
        self._seen = 0
        self._characters = 0

    def value(self, node: yaml.Node, path: str, depth: int) -> Any:
        self._seen += 1
        line = node.start_mark.line + 1
        self._lines.setdefault(path, line)
        if isinstance(node, yaml.ScalarNode):  # more than there are in the text come of aliases
            self._characters += len(node.value)
        if depth > _MAX_DEPTH or self._seen > _MAX_NODES or self._characters > MAX_CHARACTERS:
            raise DocumentError(f"{self._name}:{line}: nested too deeply or too large")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{path}[{at}]", depth + 1) for at, item in enumerate(node.value)]
        try:
            return self._constructor.construct_object(node)
        except _UNFIT:
            raise DocumentError(f"{self._name}:{line}: {path}: not a plain value", path) from None

    def _mapping(self, node: yaml.MappingNode, path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise DocumentError(f"{self._name}:{line}: {path}: a name must be plain text", path)
            inner = f"{path}.{key.value}" if path else key.value
            if key.value in found:
                raise DocumentError(f"{self._name}:{line}: {inner}: is there twice", inner)
            self._lines[inner] = line
            found[key.value] = self.value(item, inner, depth + 1)
        return found
