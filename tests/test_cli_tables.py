"""Tables as they are printed, of text that anybody may have written."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from pulumi_entra_policies.cli import tables
from pulumi_entra_policies.definitions.values import escaped

HEADINGS = ("result", "what", "dev")
ROWS = [
    ("different", 'policy "Portal SAML tokens of the whole organisation, by year"', '"2.0"'),
    ("same", "policy", ""),
]


def test_table_that_fits_has_a_line_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")

    lines = tables.for_terminal(HEADINGS, ROWS).splitlines()

    assert len(lines) == 6
    assert [line.split("|")[1].strip() for line in lines if line[0] == "|"] == ["result", "different", "same"]


@pytest.mark.parametrize("columns", [60, 50])
def test_wide_column_gets_what_the_narrow_ones_leave(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    lines = tables.for_terminal(HEADINGS, ROWS).splitlines()

    assert {len(line) for line in lines} <= set(range(columns - 10, columns + 1))
    assert any("different" in line and '"2.0"' in line for line in lines)


def test_table_without_rows_is_its_headings() -> None:
    assert "| result | what | dev |" in tables.for_terminal(HEADINGS, [])


def test_narrowest_terminal_still_shows_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "5")

    assert "| different | policy" in tables.for_terminal(HEADINGS, ROWS)


def test_long_heading_takes_no_room_from_the_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    lines = tables.for_terminal(
        ("what", "tenant " + "9" * 36), [("a policy with a name of 31 signs", "there")]
    ).splitlines()

    assert [line for line in lines if "a policy with a name of 31 signs | there" in line]
    assert sum(line.count("9") for line in lines) == 36


@pytest.mark.parametrize("columns", [40, 120])
def test_wide_characters_and_long_headings_stay_in_their_columns(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    lines = tables.for_terminal(("", "heading " * 9), [("x", "大きさ" * 30)]).splitlines()

    assert {line.count("+") + line.count("|") for line in lines} == {3}
    assert sum(line.count("大") for line in lines) == 30


def test_control_characters_do_not_reach_the_terminal() -> None:
    shown = tables.for_terminal(["name"], [["a\x1b[31m\r\n\u202eb"]])

    assert r"| a\x1b[31m\r\n\u202eb |" in shown


def test_markdown_has_a_line_a_row() -> None:
    head, rule, *rows = tables.as_markdown(HEADINGS, ROWS).splitlines()

    assert head.startswith("| result ")
    assert set(rule) == set("| :-")
    assert [row.split("|")[1].strip() for row in rows] == ["different", "same"]


@pytest.mark.parametrize("text", ["", "different", "2 policies", "Größe 大きさ", "a-b"])
def test_plain_words_are_themselves_in_markdown(text: str) -> None:
    assert tables.in_markdown(text) == text


TEXTS = pytest.mark.parametrize(
    "text",
    [
        *(
            "a|b",
            "a\\|b",
            "`x`",
            "``",
            "<img src=x>",
            "&lt;",
            "@octocat",
            "#1",
            "GH-26",
            "ABC123",
            "see 3e4ba32",
            "!7",
            "[x](http://evil.example)",
            "_a_",
            "b _a_",
        ),
        *(
            "www.evil.example",
            "http://evil.example",
            "*b*",
            "~~c~~",
            "$x$",
            "- a",
            "-",
            " ",
            ":smile:",
            "a\nb",
            "\u202e",
        ),
    ],
)


@TEXTS
def test_markup_is_shown_and_not_obeyed(text: str) -> None:
    shown = tables.in_markdown(text)

    inside = shown.removeprefix("<code>").removesuffix("</code>")
    assert len(inside) == len(shown) - len("<code></code>")
    assert not set(inside) & set("|`<>@\n\\*_~$[]()!:./\u202e")
    assert inside.count("#") == inside.count("&#")


class Cells(HTMLParser):
    """The text of a page's table, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.elements.add(tag)
        self.texts += [""] if tag in ("td", "th") else []

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data.strip("\n")


@TEXTS
def test_page_that_is_made_of_it_has_the_text(text: str) -> None:
    page = MarkdownIt("commonmark").enable("table").render(tables.as_markdown(["name", text], [(text, "dev")]))

    cells = Cells(page)

    assert cells.texts == ["name", escaped(text), escaped(text), "dev"]
    assert cells.elements == {"table", "thead", "tbody", "tr", "th", "td", "code"}
