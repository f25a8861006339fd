"""The bundles of a real `sam build`: what is in them, what is not, that they import on Lambda's Python, and that building again gives the same."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.infra.sam import FUNCTIONS, ROOT, SamError, built, environment, python313

pytestmark = [pytest.mark.xdist_group("sam-build"), pytest.mark.slow]

MEGABYTE = 1024 * 1024
# Bytes of the zip; the proxy's is a promise, the others only watch for what slipped in.
ZIP_LIMITS = {
    "ProxyFunction": 20,
    "AdminFunction": 30,
    "ProbeFunction": 20,
    "IdentityFunction": 25,
    "EmbedderFunction": 25,
    "RollupFunction": 15,
    "SweepFunction": 15,
    "PublisherFunction": 10,
}
# Slow to import or large: the control plane's, never the data plane's.
NOT_IN_THE_PROXY = {
    "boto3",
    "botocore",
    "fastapi",
    "httpx",
    "moto",
    "pydantic",
    "pynamodb",
    "requests",
    "starlette",
    "aws_lambda_powertools",
}
NOT_ANYWHERE = {"pip", "setuptools", "wheel", "pytest", "mypy", "ruff", "uv", "moto", "hypothesis"}
ENTRIES = {
    "ProxyFunction": ["proxy.app", "proxy.bootstrap", "proxy.handler"],
    "AdminFunction": ["admin.app"],
    "ProbeFunction": ["probe.app"],
    "IdentityFunction": ["identity.app"],
    "EmbedderFunction": ["embedder.app"],
    "RollupFunction": ["rollup.app"],
    "SweepFunction": ["rollup.sweep"],
    "PublisherFunction": ["publisher.app"],
}
IMPORT_ALL = """
import importlib, json, sys
sys.path = [path for path in sys.path if "site-packages" not in path]
sys.path.insert(0, {folder!r})
for name in {names!r}:
    importlib.import_module(name)
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def bundle(name: str) -> Path:
    """The folder that sam deploys as this function."""
    return built() / name


def files(name: str) -> list[Path]:
    return [path for path in bundle(name).rglob("*") if path.is_file()]


def zipped(name: str, target: Path) -> Path:
    """The bundle as one zip, made the same way each time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files(name)):
            archive.write(path, path.relative_to(bundle(name)))
    return target


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_zip_stays_under_its_limit(name: str, tmp_path: Path) -> None:
    size = zipped(name, tmp_path / "bundle.zip").stat().st_size
    assert size <= ZIP_LIMITS[name] * MEGABYTE, f"{size / MEGABYTE:.1f} MB"


def packages(name: str) -> set[str]:
    return {path.name.partition(".")[0].partition("-")[0] for path in bundle(name).iterdir()}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_bundle_holds_tools_tests_or_start_up_hooks(name: str) -> None:
    assert not packages(name) & NOT_ANYWHERE
    assert not [
        path for path in files(name) if path.suffix == ".pth" or path.name in {"sitecustomize.py", "usercustomize.py"}
    ]
    assert not [path for path in files(name) if path.name.startswith("test_") or path.name == "RECORD"]
    assert not (bundle(name) / "tests").exists()
    assert not (bundle(name) / "bin").exists(), "console scripts name the Python of the machine that built them"


@pytest.mark.parametrize("name", ["ProxyFunction", "ProbeFunction"])
def test_the_data_plane_holds_nothing_of_the_control_plane(name: str) -> None:
    assert not packages(name) & NOT_IN_THE_PROXY
    assert not (bundle(name) / "gateway" / "admin").exists()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_bundle_holds_no_other_app(name: str) -> None:
    own = ENTRIES[name][0].partition(".")[0]
    assert packages(name) & {"proxy", "admin", "probe", "identity", "embedder", "rollup", "publisher"} == {own}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_source_has_its_byte_code(name: str) -> None:
    sources = [path for path in files(name) if path.suffix == ".py"]
    assert len(sources) > 5
    missing = [path for path in sources if not (path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc").is_file()]
    assert not missing
    # https://peps.python.org/pep-0552/: flags 0b01 = named by hash and never compared with the source.
    code = next(path for path in files(name) if path.suffix == ".pyc").read_bytes()
    assert int.from_bytes(code[4:8], "little") == 0b01


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_entries_import_from_the_bundle_alone(name: str) -> None:
    script = IMPORT_ALL.format(folder=str(bundle(name)), names=ENTRIES[name])
    settings = {
        "PATH": environment()["PATH"],
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "POWERTOOLS_TRACE_DISABLED": "1",
    }
    done = subprocess.run(
        [python313(), "-I", "-c", script], capture_output=True, text=True, env=settings, cwd="/", check=False
    )
    assert done.returncode == 0, done.stderr
    if name in {"ProxyFunction", "ProbeFunction", "SweepFunction"}:
        assert not set(json.loads(done.stdout.splitlines()[-1])) & NOT_IN_THE_PROXY


def test_what_is_no_module_is_there() -> None:
    wrapper = bundle("ProxyFunction") / "wrapper.sh"
    assert wrapper.stat().st_mode & 0o111, "Lambda executes it"
    assert (bundle("ProxyFunction") / "gateway" / "catalog" / "data" / "models.json").stat().st_size > 10_000
    assert (bundle("PublisherFunction") / "dashboard" / "index.html").is_file()


def _digests(folder: Path) -> dict[str, tuple[str, int, int]]:
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            int(path.stat().st_mtime),
            path.stat().st_mode,
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_building_again_gives_the_same_bit_for_bit(name: str, tmp_path: Path) -> None:
    function = name.removesuffix("Function").lower()
    command = [
        sys.executable,
        "infra/scripts/bundle.py",
        function,
        str(tmp_path / "again"),
        "--python",
        python313(),
        "--uv",
        ".venv-tools/bin/uv",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    assert _digests(tmp_path / "again") == _digests(bundle(name))


def test_a_changed_hash_stops_the_build(tmp_path: Path) -> None:
    """S5: one digit of one hash, and nothing is installed."""
    lock = (ROOT / "infra" / "locks" / "proxy.txt").read_text()
    changed = "".join(_with_wrong_hashes(lock, "mangum"))
    assert changed != lock
    (tmp_path / "lock.txt").write_text(changed)
    command = [
        ".venv-tools/bin/uv",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--python",
        python313(),
    ]
    done = subprocess.run(
        [*command, "--target", str(tmp_path / "out"), "-r", str(tmp_path / "lock.txt")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "mangum" in done.stderr
    assert not list((tmp_path / "out").glob("mangum*"))


def _with_wrong_hashes(lock: str, package: str) -> list[str]:
    """The lock with the first digit of each hash of one package changed."""
    lines, inside = [], False
    for line in lock.splitlines(keepends=True):
        inside = line.startswith(f"{package}==") if not line.startswith((" ", "#")) else inside
        head, mark, digits = line.partition("--hash=sha256:")
        lines.append(f"{head}{mark}{'1' if digits[0] == '0' else '0'}{digits[1:]}" if inside and mark else line)
    return lines


def test_sam_build_in_a_copy_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text((ROOT / "functions" / "Makefile").read_text())
    done = subprocess.run(
        ["make", "-C", str(tmp_path), "build-ProxyFunction"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode != 0
    assert "build-in-source" in done.stderr


def test_the_error_of_sam_is_shown() -> None:
    from tests.infra.sam import sam

    with pytest.raises(SamError, match="no-such-template"):
        sam("validate", "-t", "no-such-template.yaml")
