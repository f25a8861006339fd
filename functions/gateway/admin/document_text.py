"""Reading the configuration document: YAML or JSON text, with the line of every part for error messages."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import ValidationError

from gateway.admin.answers import field_path
from gateway.admin.document import Document, DocumentError, Parsed, place
from gateway.admin.wording import words

MAX_CHARACTERS = 2_000_000
_MAX_DEPTH = 20


def parse(text: str, name: str) -> Parsed:
    """The document; DocumentError with `name`, line and path when it is not one. JSON is YAML, too."""
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"{name}: the document is larger than {MAX_CHARACTERS} characters")
    lines: dict[str, int] = {}
    data = _data(_node(text, name), name, lines)
    try:
        return Parsed(Document.model_validate({} if data is None else data), name, lines)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = field_path(first["loc"])
        message = words(first, Document)
        raise DocumentError(f"{place(name, lines, path)}{f'{path}: ' if path else ''}{message}") from None


def _node(text: str, name: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise DocumentError(f"{name}{line}: not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError):
        raise DocumentError(f"{name}: not valid YAML") from None


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

    def value(self, node: yaml.Node, path: str, depth: int) -> Any:
        self._seen += 1
        line = node.start_mark.line + 1
        self._lines.setdefault(path, line)
        if depth > _MAX_DEPTH or self._seen > 200_000:
            raise DocumentError(f"{self._name}:{line}: nested too deeply or too large")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{path}[{at}]", depth + 1) for at, item in enumerate(node.value)]
        try:
            return self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError):
            raise DocumentError(f"{self._name}:{line}: {path}: not a plain value") from None

    def _mapping(self, node: yaml.MappingNode, path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise DocumentError(f"{self._name}:{line}: {path}: a name must be plain text")
            inner = f"{path}.{key.value}" if path else key.value
            if key.value in found:
                raise DocumentError(f"{self._name}:{line}: {inner}: is there twice")
            self._lines[inner] = line
            found[key.value] = self.value(item, inner, depth + 1)
        return found
