"""The documentation's site, built as `make site` does: its pages, its links, and what it loads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from docs import tables

import pulumi_entra_policies as entra
from pulumi_entra_policies import emulator

PROJECT = Path(__file__).parents[1]
SITE = PROJECT / "docs" / "site"
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
LOADED = re.compile(r'<(?:script|img|link)\b[^>]*?\b(?:src|href)="([^"]+)"|(?:@import|url\()\s*["\']?([^)"\';]+)')
pytestmark = pytest.mark.xdist_group("site")  # what they share takes long to make


def build(source: Path, output: Path) -> subprocess.CompletedProcess[str]:
    options = ("-c", SITE, "-W", "--keep-going", "--quiet", "-d", output.with_name("doctrees"))
    command = [sys.executable, "-m", "sphinx", *map(str, (*options, source, output))]
    unmeasured = {name: value for name, value in os.environ.items() if "COV" not in name}  # which takes half the time
    return subprocess.run(command, env=unmeasured, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("site") / "site"
    done = build(PROJECT, output)
    assert (done.returncode, done.stderr) == (0, "")
    return output


def links(page: Path) -> list[tuple[Path, str]]:
    """Where the links of a page lead inside the site, and to which anchor."""
    inside = [link for link in LINK.findall(page.read_text("utf-8")) if not re.match(r"\w+:", link)]
    parts = [unquote(link).partition("#") for link in inside]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parts]


def reached(first: Path) -> set[Path]:
    """Every page that links lead to, from the first one on."""
    found: set[Path] = set()
    ahead = {first}
    while ahead:
        page = ahead.pop()
        found.add(page)
        ahead |= {target for target, _ in links(page) if target.suffix == ".html"} - found
    return found


def test_every_page_is_reached_from_the_first_one(site: Path) -> None:
    pages = reached(site / "index.html")

    assert {site / page.relative_to(PROJECT).with_suffix(".html") for page in tables.PAGES} <= pages
    assert set(site.rglob("*.html")) - pages == {site / "search.html"}


def test_every_link_inside_leads_to_a_page_and_its_anchor(site: Path) -> None:
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', page.read_text("utf-8"))) for page in site.rglob("*.html")}
    dead = [
        f"{page.name}: {target.name}#{anchor}"
        for page in anchors
        for target, anchor in links(page)
        if not target.exists() or (anchor and target in anchors and anchor not in anchors[target])
    ]

    assert dead == []


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.suffix in (".html", ".css", ".svg")]
    loaded = {"".join(names) for path in files for names in LOADED.findall(path.read_text("utf-8"))}

    assert [name for name in loaded if re.match(r"(https?:)?//", name)] == []


def test_reference_has_every_public_name(site: Path) -> None:
    pages = "".join(page.read_text("utf-8") for page in (site / "docs" / "site" / "reference").glob("*.html"))
    public = [f"{module.__name__}.{name}" for module in (entra, emulator) for name in module.__all__]

    assert [name for name in public if f'id="{name}"' not in pages] == ["pulumi_entra_policies.__version__"]


def test_every_example_is_shown(site: Path) -> None:
    shown = (site / "docs" / "site" / "examples.html").read_text("utf-8")

    examples = [path.parent.name for path in (PROJECT / "examples").glob("*/__main__.py")]
    assert examples
    assert [name for name in examples if f"<h2>{name}<" not in shown] == []


def test_external_links_are_listed(site: Path) -> None:
    listed = (site / "external-links.txt").read_text("utf-8").splitlines()

    assert "https://learn.microsoft.com/graph/api/resources/tokenissuancepolicy" in listed
    assert all(link.startswith("http") for link in listed)


def test_what_is_broken_fails_the_build_and_is_named(tmp_path: Path) -> None:
    pages = {
        "README.md": "# First\n",
        "docs/README.md": "# All\n\n## Start\n\n- [First](../README.md)\n- [All](README.md)\n- [Page](page.md)\n",
        "docs/page.md": "# Page\n\n[a](gone.md) [b](README.md#gone) [c](../Makefile) [d](#nowhere)\n",
        "docs/alone.md": "# Alone\n",
        "Makefile": "",
    }
    pages |= {f"docs/site/{page}.md": f"# {page}\n" for page in ("reference/index", "examples", "license")}
    for name, text in pages.items():
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_text(text)

    done = build(tmp_path / "source", tmp_path / "site")

    assert done.returncode == 1
    named = [
        "alone.md: WARNING: document isn't included in any toctree",
        "'myst' cross-reference target not found: 'gone.md'",
        "local id not found in doc 'docs/README': 'gone'",
        "../Makefile is no page: say in docs/site/conf.py where the site shows it",
        "'myst' cross-reference target not found: 'nowhere'",
    ]
    assert [complaint for complaint in named if complaint not in done.stderr] == []
