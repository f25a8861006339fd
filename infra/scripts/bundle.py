"""Makes one function's bundle: its locked packages, the modules it reaches by import, and their byte code.

    python infra/scripts/bundle.py <function> <artifacts folder> --python <python3.13> --uv <uv>

Called by functions/Makefile. Two runs give the same files bit for bit: packages come by hash from infra/locks, byte code is of the kind that names
its source by hash, and every file carries one fixed time, so that the zip made of them is the same too and an unchanged function is not deployed.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = ROOT / "functions"
# Lambda's python3.13 is Amazon Linux 2023, whose C library is glibc 2.34: any wheel made for that or an older one runs there.
PLATFORMS = {"x86_64": "x86_64-manylinux_2_34", "arm64": "aarch64-manylinux_2_34"}
EPOCH = 946684800  # 2000-01-01: zip cannot say less than 1980
# Written into the byte code instead of this machine's path, so that tracebacks name the file as it is on Lambda.
TASK_ROOT = "/var/task"
# botocore carries the description of every AWS service (20 MB); only these are ever asked for. sso*, sts: its credential chain imports them.
BOTOCORE_SERVICES = frozenset(
    {"dynamodb", "dynamodbstreams", "kms", "lambda", "s3", "secretsmanager", "sso", "sso-oidc", "sts"}
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes into a function: the packages whose modules are its entries, its lock, and folders or files copied as they are (source → name)."""

    entries: tuple[str, ...]
    lock: str
    copies: dict[str, str] = field(default_factory=dict)


BUNDLES = {
    "proxy": Bundle(("proxy",), "proxy.txt", {"functions/proxy/wrapper.sh": "wrapper.sh"}),
    "admin": Bundle(("admin",), "admin.txt"),
    "rollup": Bundle(("rollup",), "rollup.txt"),
    "sweep": Bundle(("rollup",), "rollup.txt"),  # another entry of the same app
    "probe": Bundle(("probe",), "proxy.txt"),
    "identity": Bundle(("identity",), "identity.txt"),
    "embedder": Bundle(("embedder",), "embedder.txt"),
    "publisher": Bundle(("publisher",), "publisher.txt", {"admin_ui/dist": "dashboard"}),
}


class BundleError(Exception):
    """The bundle cannot be made; the message says what is missing."""


def _module_file(name: str) -> Path | None:
    path = FUNCTIONS.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _imports(node: ast.AST, package: str) -> Iterator[str]:
    """Absolute names that the code under `node` may import, also inside functions; not those for the type checker alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - child.level + 1] if child.level else []
            base = ".".join([*parts, *([child.module] if child.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in child.names)
        elif _typing_only(child):
            yield from (name for other in getattr(child, "orelse", []) for name in _imports(other, package))
        else:
            yield from _imports(child, package)


def _parents(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def reachable(entries: tuple[str, ...]) -> set[Path]:
    """Source files under functions/ that importing every module of `entries` can load."""
    todo = [
        ".".join(path.relative_to(FUNCTIONS).with_suffix("").parts)
        for entry in entries
        for path in (FUNCTIONS / entry).rglob("*.py")
    ]
    seen: set[str] = set()
    files: set[Path] = set()
    while todo:
        for name in _parents(todo.pop().removesuffix(".__init__")):
            path = _module_file(name)
            if name in seen or path is None:
                continue
            seen.add(name)
            files.add(path)
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            todo.extend(_imports(ast.parse(path.read_bytes()), package))
    return files


def third_party(path: Path) -> set[str]:
    """Top-level names, neither Python's nor ours, that a source file may import. Relative imports are ours."""
    ours = {"gateway", *BUNDLES, ""}
    names = {name.partition(".")[0] for name in _imports(ast.parse(path.read_bytes()), "gateway")}
    return names - ours - sys.stdlib_module_names


def copy_sources(files: set[Path], artifacts: Path) -> None:
    """The modules themselves, and data kept in a folder named `data` beside them."""
    data = {path for file in files for path in (file.parent / "data").rglob("*") if path.is_file()}
    for path in files | {path for path in data if path.suffix not in {".py", ".pyc", ".md"}}:
        target = artifacts / path.relative_to(FUNCTIONS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def copy_extras(copies: dict[str, str], artifacts: Path) -> None:
    """Files and folders that are no modules; BundleError when one was not built."""
    for source, name in copies.items():
        path = ROOT / source
        if path.is_dir():
            shutil.copytree(path, artifacts / name)
        elif path.is_file():
            shutil.copy(path, artifacts / name)
        else:
            raise BundleError(f"{source} is not there: run `make setup` first")


def install(lock: str, artifacts: Path, python: str, uv: str, architecture: str) -> None:
    """The locked packages as wheels for Lambda's Python, each by its hash."""
    command = [uv, "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    command += ["--python", python, "--python-version", "3.13", "--python-platform", PLATFORMS[architecture]]
    # Copied, not linked: the fixed times below must not reach uv's cache.
    command += ["--link-mode", "copy", "--target", str(artifacts), "-r", str(ROOT / "infra" / "locks" / lock)]
    subprocess.run(command, check=True)


def _is_ballast(path: Path, artifacts: Path) -> bool:
    """What a function never reads: console scripts (which also name this machine's Python), installers' notes, tests, type stubs, start-up hooks."""
    parts = path.relative_to(artifacts).parts
    if (
        parts[0] in {"bin", ".lock"}
        or path.suffix in {".pth", ".pyi", ".pyx", ".pxd", ".c", ".h"}
        or path.name == "sitecustomize.py"
    ):
        return True
    if "dist-info" in str(parts[0]):
        # entry_points.txt: opentelemetry finds its context through it.
        return not path.name.startswith(("METADATA", "entry_points.txt", "LICENSE", "NOTICE", "COPYING"))
    if "__pycache__" in parts or path.name.startswith("test_") or {"tests", "testing", "_tests"} & set(parts[1:-1]):
        return True
    if parts[:2] == ("botocore", "data") and len(parts) > 3:
        return parts[2] not in BOTOCORE_SERVICES
    return parts[:2] == ("boto3", "examples")


def prune(artifacts: Path) -> None:
    """Remove the ballast and the folders it leaves empty."""
    for path in sorted(artifacts.rglob("*"), reverse=True):
        if path.is_file() or path.is_symlink():
            if _is_ballast(path, artifacts):
                path.unlink()
        elif not any(path.iterdir()):
            path.rmdir()


def compile_all(artifacts: Path, python: str) -> None:
    """Byte code beside every source: without it each cold start compiles, 1.6 to 2.4 times the import time. Never compared with the source's time."""
    command = [python, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*command, "-s", str(artifacts), "-p", TASK_ROOT, str(artifacts)], check=True)


def settle(artifacts: Path) -> None:
    """One time and two modes for everything: what differs between two builds must be the content."""
    for path in [artifacts, *artifacts.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.suffix == ".sh" else 0o644)
        os.utime(path, (EPOCH, EPOCH))


def build(function: str, artifacts: Path, python: str, uv: str, architecture: str) -> None:
    """Make the bundle of `function` in the empty folder `artifacts`; BundleError or CalledProcessError when it cannot be made."""
    bundle = BUNDLES[function]
    artifacts.mkdir(parents=True, exist_ok=True)
    install(bundle.lock, artifacts, python, uv, architecture)
    prune(artifacts)
    copy_sources(reachable(bundle.entries), artifacts)
    copy_extras(bundle.copies, artifacts)
    compile_all(artifacts, python)
    settle(artifacts)


def main() -> int:
    """Exit 1 with one line when a bundle cannot be made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("function", choices=sorted(BUNDLES))
    parser.add_argument("artifacts", type=Path)
    parser.add_argument("--python", required=True)
    parser.add_argument("--uv", required=True)
    parser.add_argument("--architecture", choices=sorted(PLATFORMS), default="x86_64")
    args = parser.parse_args()
    try:
        build(args.function, args.artifacts.resolve(), args.python, args.uv, args.architecture)
    except (BundleError, subprocess.CalledProcessError) as error:
        print(f"bundle {args.function}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
