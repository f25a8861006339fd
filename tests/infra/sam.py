"""SAM as the tests use it: the template as data, what SAM makes of it, and the real `sam build`."""

from __future__ import annotations

import copy
import fcntl
import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from infra.local.template import load

ROOT = Path(__file__).resolve().parents[2]
SAM_BIN = ROOT / ".venv-sam" / "bin"
BUILD = ROOT / ".aws-sam" / "build"
FUNCTIONS = (
    "ProxyFunction",
    "AdminFunction",
    "ProbeFunction",
    "IdentityFunction",
    "EmbedderFunction",
    "RollupFunction",
    "SweepFunction",
    "PublisherFunction",
)
# What a bundle is made of; a build older than any of it is made again.
_SOURCES = ("template.yaml", "samconfig.toml", "functions", "infra/locks", "infra/scripts/bundle.py", "admin_ui/dist")


class SamError(Exception):
    """A command of SAM failed; the message is its output."""


@cache
def template() -> dict[str, Any]:
    """template.yaml as data, short tags in their long form. Not to be changed: it is shared."""
    return load(ROOT / "template.yaml")


def transform(source: dict[str, Any]) -> dict[str, Any]:
    """The CloudFormation that SAM makes of `source`; SamError with SAM's own words when it refuses."""
    command = [str(SAM_BIN / "python"), str(ROOT / "infra" / "scripts" / "transform_template.py")]
    done = subprocess.run(command, input=json.dumps(source), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SamError(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@cache
def transformed() -> dict[str, Any]:
    """What CloudFormation gets at a deployment. Not to be changed: it is shared."""
    source = copy.deepcopy(template())
    for name in FUNCTIONS:
        # Where `sam deploy` would have put the bundle.
        source["Resources"][name]["Properties"]["CodeUri"] = f"s3://bundles/{name}.zip"
    return transform(source)


def sam(*arguments: str) -> str:
    """Run the sam CLI in the repository; its output, or SamError."""
    done = subprocess.run(
        [str(SAM_BIN / "sam"), *arguments], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SamError(done.stdout + done.stderr)
    return done.stdout


def environment() -> dict[str, str]:
    """The environment of the build tools: python3.13 first on PATH, no telemetry, no AWS account."""
    path = f"{Path(python313()).parent}{os.pathsep}{SAM_BIN}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MAKE", "MFLAGS"))}
    return {**kept, "PATH": path, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"}


@cache
def python313() -> str:
    """A python3.13 that works; SamError when there is none."""
    done = subprocess.run(
        [str(ROOT / "infra/scripts/find_python313")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SamError(done.stderr)
    return done.stdout.strip()


def _newest() -> float:
    paths = [ROOT / source for source in _SOURCES]
    files = [path for source in paths for path in ([source] if source.is_file() else source.rglob("*"))]
    return max(path.stat().st_mtime for path in files if path.is_file() and path.suffix != ".pyc")


@cache
def built() -> Path:
    """The folder of a `sam build` that is not older than its sources; builds when there is none. Asked once per run; safe among parallel workers."""
    mark = ROOT / ".build" / "sam-build"
    mark.parent.mkdir(exist_ok=True)
    with (ROOT / ".build" / "sam-build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = _newest()
        if not mark.exists() or not BUILD.is_dir() or float(mark.read_text()) < newest:
            sam("build")
            mark.write_text(str(newest))
    return BUILD
