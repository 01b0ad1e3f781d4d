"""The measured seconds as bars, one picture of SVG: a panel for each case, a group for each operation."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import Any

from tests.benchmark.table import PROVIDERS

Row = dict[str, Any]

COLOURS = {"idle": "#b8b8b8", "bare": "#7a9cc6", "ours": "#c1502e"}
BAR, GAP, LEFT, WIDTH, TITLE = 10, 8, 170, 760, 26
STYLE = "text{font:11px sans-serif;fill:#333}.title{font-weight:bold}"


def drawn(rows: list[Row]) -> str:
    """Rows of one case stand together, as they are measured."""
    parts, top = [_legend()], 2 * TITLE
    cases = sorted(rows, key=_case)
    for case, panel in groupby(cases, key=_case):
        lines = list(panel)
        parts.append(_panel(case, lines, top))
        top += TITLE + len(lines) * BAR + len({row["operation"] for row in lines}) * GAP
    size = f'width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}"'
    ground = f'<rect width="{WIDTH}" height="{top}" fill="white"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{STYLE}</style>\n{ground}\n' + (
        "\n".join(parts) + "\n</svg>\n"
    )


def _case(row: Row) -> tuple[int, int, int]:
    return row["size"], row["tenant"], row["latency"]


def _legend() -> str:
    keys = []
    for number, (provider, colour) in enumerate(COLOURS.items()):
        left = LEFT + 150 * number
        keys.append(f'<rect x="{left}" y="8" width="{BAR}" height="{BAR}" fill="{colour}"/>')
        keys.append(_text(left + 2 * BAR, 17, PROVIDERS[provider]))
    return "\n".join(keys)


def _panel(case: tuple[int, int, int], rows: list[Row], top: int) -> str:
    size, tenant, latency = case
    title = f"{size:,} resources, {tenant:,} others in the tenant, {latency} ms a request: seconds"
    parts = [_text(LEFT, top + 12, title, "title")]
    scale = (WIDTH - LEFT - 60) / max(row["seconds"] for row in rows)
    operations = list(dict.fromkeys(row["operation"] for row in rows))
    top += TITLE
    for operation in operations:
        bars = [row for row in rows if row["operation"] == operation]
        parts.append(_text(LEFT - 8, top + len(bars) * BAR / 2 + 4, operation, "name"))
        for row in bars:
            parts.append(_bar(row, scale, top))
            top += BAR
        top += GAP
    return "\n".join(parts)


def _bar(row: Row, scale: float, top: float) -> str:
    length, colour = row["seconds"] * scale, COLOURS[row["provider"]]
    bar = f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR - 1}" fill="{colour}"/>'
    return bar + _text(LEFT + length + 4, top + BAR - 1, f"{row['seconds']:.1f}")


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    anchor = ' text-anchor="end"' if kind == "name" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{anchor}>{escape(text)}</text>'
