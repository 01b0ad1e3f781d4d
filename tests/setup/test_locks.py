"""The locks: all that is installed, with hashes; one has the newest versions, the other the lowest that are allowed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
OLDEST = "requirements-oldest.lock"
BOTH = pytest.mark.parametrize("lock", ["requirements-dev.lock", OLDEST])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
OF_USERS = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["emulator"]]
OF_DEVELOPERS = [*PROJECT["build-system"]["requires"], *PROJECT["dependency-groups"]["dev"]]


def locked(lock: str) -> Iterator[tuple[str, str, str]]:
    """Name, version and the rest of every entry of a lock."""
    without_comments = re.sub(r"(?m)^ *#.*\n", "", (ROOT / lock).read_text())
    for entry in without_comments.replace("\\\n", "").splitlines():
        pinned, _, rest = entry.partition(" ")
        name, _, version = pinned.partition("==")
        yield canonicalize_name(name), version, rest


def versions(lock: str, requirement: Requirement) -> list[str]:
    return [version for name, version, _ in locked(lock) if name == canonicalize_name(requirement.name)]


@BOTH
def test_lock_names_no_host(lock: str) -> None:
    named = r"^.*(?:://|--index|--extra-index|--find-links|@ ).*$"

    assert not re.findall(named, (ROOT / lock).read_text(), re.MULTILINE)


@BOTH
def test_lock_pins_everything_with_hashes(lock: str) -> None:
    assert [name for name, version, rest in locked(lock) if not version or "--hash=sha256:" not in rest] == []


@BOTH
def test_lock_pins_what_pyproject_asks_for(lock: str) -> None:
    for requirement in map(Requirement, [*OF_USERS, *OF_DEVELOPERS]):
        found = versions(lock, requirement)
        assert found, f"{requirement} is not in {lock}: make lock"
        assert all(map(requirement.specifier.contains, found)), f"{requirement}: make lock"


@pytest.mark.parametrize("requirement", [*map(Requirement, OF_USERS)], ids=str)
def test_oldest_lock_has_the_lowest_version_that_pyproject_allows(requirement: Requirement) -> None:
    (lowest,) = (bound.version for bound in requirement.specifier if bound.operator == ">=")

    assert [Version(found) for found in versions(OLDEST, requirement)] == [Version(lowest)], "make lock"
