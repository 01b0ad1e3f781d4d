"""Tables, for a terminal or as Markdown. What stands in a cell is anybody's text.

It gets into a terminal without control characters, and into a pull request without markup, links or mentions.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

from prettytable import HRuleStyle, PrettyTable, TableStyle

from ..definitions.values import escaped

NARROWEST = 9  # characters of a column that has more; a terminal with less room than that shows lines that are too long
LONGEST_HEADING = 20
WITHOUT_TERMINAL = (120, 24)
# Neither markup nor a mention anywhere, nor a place where one is made a link, as GH-26 and what may be a commit is.
_PLAIN = re.compile(r"(?!.*([^\W\d_]\d|-\d|[\da-fA-F]{7}))([^\W_]([^\W_]|[ -])*)?")
_MARKUP = re.compile(r"[^\w -]|_")

Row = Sequence[str]


def for_terminal(headings: Row, rows: Sequence[Row]) -> str:
    """A table that fits the terminal's width: long cells go on in the next line."""
    shown = [[escaped(cell) for cell in row] for row in (headings, *rows)]
    natural = [_natural(*column) for column in zip(*shown, strict=True)]
    widths = _fitting(natural, shutil.get_terminal_size(WITHOUT_TERMINAL).columns - 1)
    fits = widths == natural
    table = PrettyTable(header=False, align="l", hrules=HRuleStyle.FRAME if fits else HRuleStyle.ALL)
    table.field_names = list(map(str, range(len(headings))))  # the library does not wrap its headings
    table.max_width = dict(zip(table.field_names, widths, strict=True))
    for row in shown:
        table.add_row(row, divider=fits and row is shown[0])
    return table.get_string()


def as_markdown(headings: Row, rows: Sequence[Row]) -> str:
    """The same for GitHub and Azure DevOps. No two headings may be the same."""
    table = PrettyTable(list(map(in_markdown, headings)), align="l")
    table.add_rows([list(map(in_markdown, row)) for row in rows])
    table.set_style(TableStyle.MARKDOWN)
    return table.get_string()


def in_markdown(text: str) -> str:
    """A text that Markdown shows as it is. GitHub looks for mentions in the page that it has made, but in no code."""
    plain = escaped(text)
    if _PLAIN.fullmatch(plain):
        return plain
    return f"<code>{_MARKUP.sub(lambda found: f'&#{ord(found[0])};', plain)}</code>"


def _natural(heading: str, *cells: str) -> int:
    """The width that a column has where there is room; a long heading takes none from what stands in other columns."""
    return max([min(len(heading), LONGEST_HEADING), *map(len, cells)])


def _fitting(natural: Sequence[int], room: int) -> list[int]:
    """Widths of columns: the narrow ones as they are, what is left in equal parts for the wide ones."""
    left, fitting = room - 3 * len(natural), {}
    for rank, column in enumerate(sorted(range(len(natural)), key=natural.__getitem__)):
        fair = max(NARROWEST, left // (len(natural) - rank))
        fitting[column] = min(natural[column], fair)
        left -= fitting[column]
    return [fitting[column] for column in range(len(natural))]
