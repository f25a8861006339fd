"""The project's source, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ROOT / "functions"


@dataclass(frozen=True, slots=True)
class Module:
    """A source file: its dotted name under functions/ (or the repository), its path from the repository, text and tree."""

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The name against which its relative imports count."""
        return self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]


def _module(path: Path, base: Path) -> Module:
    parts = path.relative_to(base).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Module(name, path.relative_to(ROOT).as_posix(), text, ast.parse(text))


@cache
def shipped() -> tuple[Module, ...]:
    """Every module under functions/."""
    return tuple(_module(path, FUNCTIONS) for path in sorted(FUNCTIONS.rglob("*.py")))


@cache
def everything() -> tuple[Module, ...]:
    """Every module of the repository that people wrote."""
    others = [
        path
        for top in ("infra", "tests")
        for path in sorted((ROOT / top).rglob("*.py"))
        if "node_modules" not in path.parts
    ]
    return (*shipped(), *(_module(path, ROOT) for path in others))


def imports(module: Module) -> Iterator[tuple[str, int]]:
    """(absolute name, line) of everything the module imports, also inside functions and for the type checker alone."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = module.package.split(".")
            base = parents[: len(parents) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{origin}.{alias.name}", node.lineno) for alias in node.names)


def within(name: str, rooms: tuple[str, ...]) -> bool:
    """True when the dotted name is one of the rooms or lies in one."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)
