"""The plugin that says what was skipped, in runs of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.infra.sam import ROOT

SUITE = """
import pytest

def test_runs(): pass

def test_skips(): pytest.skip({reason!r})

@pytest.mark.xfail
def test_known_fault(): assert False
"""


def run(folder: Path, reason: str, ci: str, *options: str) -> tuple[int, str, str]:
    """Exit code, output, and the list handed over, of a run of SUITE."""
    (folder / "test_suite.py").write_text(SUITE.format(reason=reason))
    environ = {**os.environ, "CI": ci, "SKIPPED_TO": str(folder / "out" / "skipped.txt"), "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
        "-p",
        "tests.skips",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [*command, *options, str(folder)], env=environ, cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, (folder / "out" / "skipped.txt").read_text()


def test_a_skip_is_said_and_handed_over(tmp_path: Path) -> None:
    code, output, listed = run(tmp_path, "needs a browser", "")
    assert code == 0
    assert "SKIPPED test_suite.py::test_skips: needs a browser" in output
    assert listed == "test_suite.py::test_skips: needs a browser\n"


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "workers"])
def test_a_skip_fails_under_ci(tmp_path: Path, options: tuple[str, ...]) -> None:
    code, output, _ = run(tmp_path, "needs a browser", "true", *options)
    assert code == 1
    assert "1 skipped, which is a failure here" in output


def test_a_skip_for_want_of_docker_passes_under_ci(tmp_path: Path) -> None:
    code, output, _ = run(tmp_path, "Docker is not installed", "true")
    assert code == 0
    assert "SKIPPED" in output
