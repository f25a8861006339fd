"""Finds what the process tests need on this machine: python3.13 as Lambda has it, and the emulator from the aws-sam-cli wheel.

Absent is SKIPPED with the reason on a developer's machine and a failure where CI=true: a check that silently did not run is worse than none.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).parents[2]
_PROBE = "import sys, orjson; assert sys.version_info[:2] == (3, 13); print(sys.executable)"


def absent(what: str) -> NoReturn:
    """Skip, or fail where CI=true."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{what}; with CI=true this check must run")
    pytest.skip(f"NOT CHECKED: {what}")


def python313() -> str:
    """A python3.13 that has the proxy's packages; the first candidate that really runs (a version manager's shim may not)."""
    for candidate in _pythons():
        try:
            found = subprocess.run([candidate, "-c", _PROBE], capture_output=True, text=True, timeout=30, check=False)
        except OSError:
            continue
        if found.returncode == 0:
            return candidate
    return absent("no python3.13 with orjson was found (.venv-lambda, PATH, pyenv, uv)")


def _pythons() -> Iterator[str]:
    yield str(REPOSITORY / ".venv-lambda" / "bin" / "python")
    if on_path := shutil.which("python3.13"):
        yield on_path
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, timeout=30, check=False).stdout.strip()
        yield from map(str, sorted(Path(root or "/nonexistent").glob("versions/3.13*/bin/python3.13"), reverse=True))
    if uv := shutil.which("uv"):
        found = subprocess.run(
            [uv, "python", "find", "--no-project", "3.13"], capture_output=True, text=True, timeout=30, check=False
        )
        if found.returncode == 0:
            yield found.stdout.strip()


def emulator() -> str:
    """The Lambda Runtime Interface Emulator that the aws-sam-cli wheel carries."""
    architecture = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    pattern = f"lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-{architecture}"
    for found in sorted((REPOSITORY / ".venv-sam").glob(pattern)):
        return str(found)
    return absent("no .venv-sam with aws-sam-cli's emulator (infra/locks/sam.txt)")
