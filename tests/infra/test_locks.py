"""The locks: every package by hash, none from a named place, and each lock made of its own list. Checked without asking a registry."""

from __future__ import annotations

import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from infra.scripts.bundle import BUNDLES, FUNCTIONS, reachable, third_party
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.infra.sam import ROOT

LOCKS = ROOT / "infra" / "locks"
NAMES = sorted(path.stem for path in LOCKS.glob("*.in"))
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^ ;\\]+)")


def wanted(path: Path) -> list[Requirement]:
    """Requirements of a list, those of the lists it includes too."""
    found = []
    for line in path.read_text().splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("-r "):
            found.extend(wanted(path.parent / text[3:].strip()))
        elif text:
            found.append(Requirement(text))
    return found


def locked(name: str) -> dict[str, tuple[str, int, str]]:
    """Package → (version, number of hashes, its comment lines) of a lock."""
    found: dict[str, tuple[str, int, str]] = {}
    current = ""
    for line in (LOCKS / f"{name}.txt").read_text().splitlines():
        if match := PINNED.match(line):
            current = canonicalize_name(match["name"])
            found[current] = (match["version"], 0, "")
        elif current:
            version, hashes, comments = found[current]
            found[current] = (version, hashes + line.count("--hash=sha256:"), comments + line)
    return found


def test_there_is_a_lock_for_every_list_and_a_list_for_every_lock() -> None:
    assert {path.stem for path in LOCKS.glob("*.txt")} == set(NAMES)
    assert {"proxy", "admin", "rollup", "publisher", "dev", "sam", "ministack", "uv"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_pinned_by_hash(name: str) -> None:
    packages = locked(name)
    assert packages
    assert not [package for package, (_, hashes, _) in packages.items() if not hashes]


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_says_what_its_list_asks_for(name: str) -> None:
    packages = locked(name)
    for requirement in wanted(LOCKS / f"{name}.in"):
        package = canonicalize_name(requirement.name)
        assert package in packages, f"{requirement} is not in {name}.txt: compile it again"
        version = packages[package][0]
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{name}.txt has {package} {version}, {name}.in asks for {requirement}"
        )


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_holds_nothing_its_list_no_longer_asks_for(name: str) -> None:
    asked = {canonicalize_name(requirement.name) for requirement in wanted(LOCKS / f"{name}.in")}
    direct = {package for package, (_, _, comments) in locked(name).items() if re.search(r"-r \S+\.in", comments)}
    assert direct <= asked, f"compile {name}.txt again: {sorted(direct - asked)}"


@pytest.mark.parametrize(
    "path",
    [
        *(LOCKS / f"{name}.txt" for name in NAMES),
        *ROOT.glob("*/package-lock.json"),
        *ROOT.glob("tests/*/package-lock.json"),
    ],
)
def test_no_lock_names_a_place(path: Path) -> None:
    """Whoever installs decides where from; the hashes decide what."""
    lines = [
        line
        for line in path.read_text().splitlines()
        if '"resolved"' in line or "--index-url" in line or "--find-links" in line
    ]
    assert not lines


@pytest.mark.parametrize("name", ["proxy", "admin", "rollup"])
def test_tests_run_with_the_packages_that_are_deployed(name: str) -> None:
    """Where a package is in both, the tests' version is the deployed one."""
    development = locked("dev")
    different = {
        package: (version, development[package][0])
        for package, (version, _, _) in locked(name).items()
        if package in development and development[package][0] != version
    }
    assert not different


@pytest.mark.parametrize("function", sorted(BUNDLES))
def test_everything_a_function_imports_is_in_its_lock(function: str) -> None:
    """Found here in a second instead of by the first request after a deployment."""
    makers = packages_distributions()
    provided = set(locked(BUNDLES[function].lock.removesuffix(".txt")))
    missing = {
        f"{name} (by {path.relative_to(FUNCTIONS)})"
        for path in reachable(BUNDLES[function].entries)
        for name in third_party(path)
        if not provided & {canonicalize_name(maker) for maker in makers.get(name, [name])}
    }
    assert not missing


def test_everything_that_lies_beside_the_modules_is_shipped() -> None:
    """A bundle takes modules and what lies in a folder `data` beside them; a file anywhere else would be missed by the first request."""
    odd = [
        path.relative_to(FUNCTIONS)
        for path in (FUNCTIONS / "gateway").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".md", ".pyc"} and "data" not in path.parts
    ]
    assert odd == []
