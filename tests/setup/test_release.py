"""What has to agree before a tag is released."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATED = "# Changelog\n\n## 1.2.3 (2026-01-31)\n\n### Added\n\n## 1.2.2 (2025-01-31)\n"


@pytest.fixture(scope="module")
def release() -> Any:
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("tag", "version", "changelog", "said"),
    [
        ("v1.2.3", "1.2.3", DATED, []),
        ("1.2.3", "1.2.3", DATED, ["the tag is '1.2.3'"]),
        ("v1.2.4", "1.2.3", DATED, ["the tag is 'v1.2.4', and _version.py says '1.2.3'"]),
        ("v1.2.4", "1.2.4", DATED, ["the newest entry of CHANGELOG.md is '1.2.3', and _version.py says '1.2.4'"]),
        ("v1.2.3", "1.2.3", "## 1.2.3 (unreleased)\n", ["has 'unreleased' where its date belongs"]),
        ("v1.2.3", "1.2.3", "## 1.2.3\n", ["has '' where its date belongs"]),
        ("v2", "1.2.3", "", ["the tag", "the newest entry", "its date"]),
    ],
)
def test_tag_version_and_changelog_have_to_agree(
    release: Any, tag: str, version: str, changelog: str, said: list[str]
) -> None:
    found = release.problems(tag, version, changelog)

    assert len(found) == len(said)
    assert all(words in problem for words, problem in zip(said, found, strict=True))


def test_what_does_not_agree_ends_the_command(tmp_path: Path) -> None:
    for name in (".ci/release.py", "CHANGELOG.md", "provider/pulumi_entra_policies/_version.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)

    done = subprocess.run(
        [sys.executable, tmp_path / ".ci" / "release.py", "v0.0.1"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("This cannot be released:\n  the tag is 'v0.0.1'")
