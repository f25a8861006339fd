"""How long things may be and what they may be called. Past a limit, split by direction or by noun."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.laws.source import ROOT, everything

FILE_LINES = 400
FUNCTION_LINES = 50
PARAMETERS = 6
# A name that holds anything holds everything in the end.
REFUSED = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "shared"}


def test_no_file_is_longer_than_it_may_be() -> None:
    long = [
        f"{module.path}: {lines} lines" for module in everything() if (lines := module.text.count("\n")) > FILE_LINES
    ]
    assert not long, "\n".join(long)


def test_no_function_is_longer_than_it_may_be() -> None:
    long = [
        f"{module.path}:{node.lineno} {node.name}: {lines} lines"
        for module in everything()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def test_no_function_takes_more_than_it_may() -> None:
    """FastAPI's query functions and pytest's tests name one parameter per field or fixture; those are declarations, not calls."""
    many = [
        f"{module.path}:{node.lineno} {node.name}: {count} parameters"
        for module in everything()
        if not module.path.startswith("tests/") and "gateway/admin/routers" not in module.path
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (count := _parameters(node)) > PARAMETERS
    ]
    assert not many, "\n".join(many)


def test_nothing_is_called_by_a_refused_name() -> None:
    named = [module.path for module in everything() if REFUSED & set(Path(module.path).with_suffix("").parts)]
    source = [path for path in (ROOT / "admin_ui" / "src").rglob("*") if REFUSED & {path.stem.lower()}]
    assert not [*named, *source]


def test_every_module_says_what_it_holds() -> None:
    silent = [module.path for module in everything() if module.text.strip() and not ast.get_docstring(module.tree)]
    assert not silent, "\n".join(silent)
