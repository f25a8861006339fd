"""The remaining rules of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.laws.source import Module, imports, shipped, within

# Names of vendors and of model families: a comparison with one of them is behaviour that belongs to a provider's file or to the catalog's data.
VENDORS = {
    "anthropic", "azure", "bedrock", "claude", "deepseek", "gemini", "google", "gpt", "groq", "mistral", "ollama", "openai", "openrouter", "together",
    "vertex", "vllm", "xai",
}  # fmt: skip
SUBJECTS = {
    "provider",
    "provider_id",
    "provider_name",
    "provider_kind",
    "kind",
    "vendor",
    "model",
    "model_name",
    "upstream_model",
}
CHANGING = {"append", "add", "update", "setdefault", "pop", "popitem", "clear", "extend", "remove", "insert", "discard"}
# The environment is read at the outermost edge and handed on.
ENVIRONMENT_READERS = (
    "gateway.command.__main__",
    "gateway.runtime",
    "proxy",
    "admin",
    "probe",
    "identity",
    "rollup",
    "publisher",
)


def _subject(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _strings(node: ast.expr) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value.lower()


def _vendor_comparisons(module: Module) -> Iterator[int]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_subject(side) in SUBJECTS for side in sides) and VENDORS & {
                text for side in sides for text in _strings(side)
            }:
                yield node.lineno


def test_no_comparison_with_a_vendor_outside_providers() -> None:
    """`if provider == "openai"` spreads a vendor over the house; the next vendor then touches every room."""
    found = [
        f"{module.path}:{line}"
        for module in shipped()
        if not within(module.name, ("gateway.providers", "gateway.wire"))
        for line in _vendor_comparisons(module)
    ]
    assert not found, "\n".join(found)


def _broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else []
    if isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None:
        return False  # it tidies up and lets the fault go on
    return handler.type is None or any(_subject(kind) in {"Exception", "BaseException"} for kind in caught)


# Where a fault has nobody left to go to. A comment alone makes no door: a new one is named here, with its reason.
DOORS = {
    "functions/gateway/exchange.py": "the data plane's ASGI door: a fault becomes a 500 in the dialect of the path",
    "functions/gateway/settlement.py": "the after-work: the client has its answer, and the row must not be lost to a fault beside it",
    "functions/gateway/runtime/loop.py": "the process: a fault of one invocation must not end the environment",
    "functions/gateway/admin/door.py": "the control plane's ASGI door",
    "functions/publisher/app.py": "the custom resource: CloudFormation must be answered, or the stack hangs for an hour",
}


def test_everything_is_caught_only_at_an_outermost_door() -> None:
    """A broad catch anywhere else hides faults. At a door it says so on its line, and says why."""
    found = [
        f"{module.path}:{node.lineno}"
        for module in shipped()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and _broad(node)
        and not (_is_door(module) and "outermost door" in module.text.splitlines()[node.lineno - 1])
    ]
    assert not found, "\n".join(
        ["only a door of DOORS may, and says `outermost door` and the reason on the line:", *found]
    )


def _is_door(module: Module) -> bool:
    return any(str(module.path).endswith(door) for door in DOORS)


def _module_names(module: Module) -> set[str]:
    targets = [
        target
        for node in module.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _changes(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.Global):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in CHANGING and isinstance(node.func.value, ast.Name) and node.func.value.id in names
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return isinstance(node.value, ast.Name) and node.value.id in names
    return False


def _local_names(function: ast.AST) -> set[str]:
    stores = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stores | {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}


def _changed_globals(module: Module) -> Iterator[int]:
    names = _module_names(module)
    for function in ast.walk(module.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            outer = names - _local_names(function)
            yield from (getattr(node, "lineno", 0) for node in ast.walk(function) if _changes(node, outer))


def test_no_module_global_changes() -> None:
    """State that belongs to nobody survives between requests of different callers; objects made in an app hold what lasts."""
    found = {f"{module.path}:{line}" for module in shipped() for line in _changed_globals(module)}
    assert not found, "\n".join(sorted(found))


def test_the_environment_is_read_by_the_apps_alone() -> None:
    found = [
        f"{module.path}:{line}"
        for module in shipped()
        if not within(module.name, ENVIRONMENT_READERS)
        for name, line in imports(module)
        if name in {"os.environ", "os.getenv"}
    ]
    found += [
        f"{module.path}:{node.lineno}"
        for module in shipped()
        if not within(module.name, ENVIRONMENT_READERS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and _subject(node.value) == "os"
    ]
    assert not found, "\n".join(found)


def _dataclass_arguments(node: ast.ClassDef) -> dict[str, bool] | None:
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        if _subject(call.func if call else decorator) == "dataclass":
            return {
                word.arg or "": isinstance(word.value, ast.Constant) and word.value.value is True
                for word in (call.keywords if call else [])
            }
    return None


def test_shared_values_are_frozen() -> None:
    """A value that two rooms hold and one of them changes is a fault nobody can find."""
    found = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in shipped()
        if within(
            module.name,
            ("gateway.neutral", "gateway.catalog", "gateway.routing", "gateway.policies", "gateway.settings"),
        )
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and (given := _dataclass_arguments(node)) is not None
        and not given.get("frozen")
    ]
    assert not found, "\n".join(found)


def test_nothing_runs_code_made_of_data() -> None:
    """No exec, eval, pickle or shell in what is deployed."""
    banned = ("pickle", "marshal", "shelve", "subprocess", "code", "pty")
    found = [
        f"{module.path}:{line} {name}" for module in shipped() for name, line in imports(module) if within(name, banned)
    ]
    found += [
        f"{module.path}:{node.lineno}"
        for module in shipped()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"exec", "eval", "compile", "__import__"}
    ]
    assert not found, "\n".join(found)
