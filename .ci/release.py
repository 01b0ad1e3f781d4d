"""Whether a tag may be released: it, `_version.py` and the changelog's newest entry have to say the same.

`python .ci/release.py v1.2.3`. Runs before anything is installed, so with the standard library alone.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VERSION = PROJECT / "provider" / "pulumi_entra_policies" / "_version.py"
CHANGELOG = PROJECT / "CHANGELOG.md"


def problems(tag: str, version: str, changelog: str) -> list[str]:
    """Everything that has to be mended first, each with its place."""
    found = []
    if tag != f"v{version}":
        found.append(f"the tag is {tag!r}, and _version.py says {version!r}: it has to be 'v{version}'")
    newest, date = _newest(changelog)
    if newest != version:
        found.append(f"the newest entry of CHANGELOG.md is {newest!r}, and _version.py says {version!r}")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        found.append(f"the newest entry of CHANGELOG.md has {date!r} where its date belongs, such as (2026-01-31)")
    return found


def _newest(changelog: str) -> tuple[str, str]:
    """Version and date of the first entry, as in `## 1.2.3 (2026-01-31)`."""
    heading = re.search(r"^## (\S+)(?: \((.*)\))?$", changelog, re.MULTILINE)
    return (heading[1], heading[2] or "") if heading else ("", "")


def main(tag: str) -> str | None:
    version = re.findall(r'^__version__ = "(.+)"$', VERSION.read_text("utf-8"), re.MULTILINE)[0]
    found = problems(tag, version, CHANGELOG.read_text("utf-8"))
    return "\n".join(["This cannot be released:", *(f"  {problem}" for problem in found)]) if found else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
