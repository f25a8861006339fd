"""What is pure: no waiting, no clock, no chance, no network, no environment. Everything in it can be proved with values alone."""

from __future__ import annotations

import ast

from tests.laws.source import Module, imports, shipped, within

PURE = ("gateway.neutral", "gateway.wire", "gateway.routing", "gateway.rollups.fold")
IMPURE_IMPORTS = (
    "asyncio", "http", "multiprocessing", "os", "random", "secrets", "select", "selectors", "socket", "ssl", "subprocess", "sys.stdin", "tempfile",
    "threading", "time", "urllib.request",
)  # fmt: skip
IMPURE_CALLS = {"open", "input", "print"}
CLOCK_CALLS = {"now", "utcnow", "today"}


def pure() -> list[Module]:
    return [module for module in shipped() if within(module.name, PURE)]


def test_the_pure_rooms_are_there() -> None:
    assert {name for name in PURE if any(within(module.name, (name,)) for module in pure())} >= {
        "gateway.neutral",
        "gateway.wire",
    }


def test_no_pure_module_imports_what_is_impure() -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for module in pure()
        for name, line in imports(module)
        if within(name, IMPURE_IMPORTS)
    ]
    assert not found, "\n".join(found)


def test_no_pure_module_waits() -> None:
    found = [
        f"{module.path}:{getattr(node, 'lineno', 0)}"
        for module in pure()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    assert not found, "\n".join(found)


def _asks_the_world(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in IMPURE_CALLS
    return isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS


def test_no_pure_module_asks_the_clock_or_a_file() -> None:
    found = [
        f"{module.path}:{getattr(node, 'lineno', 0)}"
        for module in pure()
        for node in ast.walk(module.tree)
        if _asks_the_world(node)
    ]
    assert not found, "\n".join(found)
