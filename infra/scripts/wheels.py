"""Wheels that are only unzipped: pinned by hash in infra/locks, fetched by pip, neither installed nor imported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "infra" / "locks"


class WheelError(Exception):
    """A wheel cannot be had; the message says why."""


def _pip() -> str:
    """An interpreter that has pip: environments made by uv have none."""
    base = getattr(sys, "_base_executable", sys.executable)
    for python in (sys.executable, str(ROOT / ".venv-tools" / "bin" / "python"), base, shutil.which("python3")):
        if python and Path(python).exists():
            probe = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
            if probe.returncode == 0:
                return python
    raise WheelError("no Python with pip was found to download a wheel")


def download(package: str, lock: str, folder: Path, abi: str, platform: str = "manylinux_2_28_x86_64") -> Path:
    """The wheel of a package, one and the same whatever machine this runs on."""
    command = [_pip(), "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--platform", platform, "--python-version", "3.11"]
    command += ["--implementation", "cp", "--abi", abi, "--require-hashes", "--dest", str(folder)]
    done = subprocess.run([*command, "--requirement", str(LOCKS / lock)], capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob(f"{package}-*.whl"))
    if done.returncode or len(wheels) != 1:
        raise WheelError(f"the wheel of {package} could not be downloaded:\n{done.stderr.strip()}")
    return wheels[0]
