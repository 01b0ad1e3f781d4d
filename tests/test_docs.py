"""What the pages say about the code, as far as a machine can tell."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from docs import tables

import pulumi_entra_policies as entra
from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.settings.sources import OPTIONS

PAGES = pytest.mark.parametrize("page", tables.PAGES, ids=lambda page: str(page.name))
EXAMPLE = tables.DOCS.parent / "examples" / "testing"
PAGES_AND_CONTRIBUTING = pytest.mark.parametrize(
    "page", [*tables.PAGES, tables.DOCS.parent / "CONTRIBUTING.md"], ids=lambda page: str(page.name)
)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)#?([^)\s]*)\)")
LOOKUPS = [name for name in entra.__all__ if name.startswith("get_")]


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@PAGES
def test_tables_are_as_the_code_declares(page: Path) -> None:
    text = page.read_text("utf-8")

    assert text == tables.current(text), "run make docs"


@PAGES
def test_links_lead_somewhere(page: Path) -> None:
    for name, anchor in LINK.findall(prose(page)):
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), name
        assert not anchor or anchor in anchors(target), f"{name}#{anchor}"


@PAGES
def test_python_examples_compile(page: Path) -> None:
    for language, code in FENCED.findall(page.read_text("utf-8")):
        if language == "python":
            compile(code, page.name, "exec")


def test_page_of_testing_shows_the_files_of_its_example() -> None:
    blocks = [code for language, code in FENCED.findall((tables.DOCS / "testing.md").read_text("utf-8")) if language]
    shown = {name.removeprefix("# "): text for name, _, text in (code.partition("\n") for code in blocks)}

    assert shown == {name: (EXAMPLE / name).read_text("utf-8") for name in shown}
    assert {f"tests/{path.name}" for path in EXAMPLE.glob("tests/*.py")} < set(shown)


@pytest.mark.parametrize("name", KINDS)
def test_page_of_a_kind_has_its_table(name: str) -> None:
    assert f"<!-- table: properties of {name} -->\n" in tables.page_of(name).read_text("utf-8")


def test_lookups_are_on_their_page() -> None:
    page = prose(tables.DOCS / "lookups.md")
    properties = [field.name for field in fields(entra.PolicyResult)]

    assert [name for name in LOOKUPS if f"`{name}(" not in page] == []
    assert [name for name in properties if f"`{name}`" not in page] == []


@pytest.mark.parametrize("table", ["ways to sign in", "clouds"])
def test_page_of_signing_in_has_its_tables(table: str) -> None:
    assert f"<!-- table: {table} -->\n" in (tables.DOCS / "sign-in.md").read_text("utf-8")


@pytest.mark.parametrize("key", OPTIONS)
def test_option_and_its_variables_are_on_the_page_of_signing_in(key: str) -> None:
    page = prose(tables.DOCS / "sign-in.md")

    assert [name for name in (key, *OPTIONS[key].near, *OPTIONS[key].far) if f"`{name}`" not in page] == []


@PAGES_AND_CONTRIBUTING
def test_commands_of_make_exist(page: Path) -> None:
    fenced = [text for _, text in FENCED.findall(page.read_text("utf-8"))]
    code = "\n".join([*fenced, *re.findall(r"`([^`]+)`", prose(page))])
    targets = re.findall(r"^([a-z-]+):", (tables.DOCS.parent / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert set(re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)) <= set(targets)


def test_every_page_is_linked() -> None:
    linked = {target for page in tables.PAGES for target, _ in LINK.findall(prose(page))}

    assert {page.name for page in tables.DOCS.glob("*.md")} <= {Path(target).name for target in linked}
