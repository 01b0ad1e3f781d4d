"""The benchmark judges nothing, but it runs: each provider, the imported state, the table and the plot."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.benchmark import cases
from tests.benchmark.__main__ import main
from tests.benchmark.table import COLUMNS, PROVIDERS

SVG = "{http://www.w3.org/2000/svg}"
EACH = {
    "up": {"idle": 0, "bare": 3, "ours": 5},
    "refresh": {"idle": 0, "bare": 3, "ours": 4},
    "destroy": {"idle": 0, "bare": 4, "ours": 5},
}
"""Requests; of ours one asks the emulator for its tenant. They may become fewer."""


def test_each_provider_is_measured_and_shown(tmp_path: Path) -> None:
    main(
        ["--latencies=1", f"--operations={','.join(EACH)}", f"--rows={tmp_path / 'rows.json'}", "--docs", str(tmp_path)]
    )
    rows = json.loads((tmp_path / "rows.json").read_text())["rows"]
    assert {row["provider"] for row in rows} == set(PROVIDERS)
    assert all(row["requests"] <= EACH[row["operation"]][row["provider"]] for row in rows)
    assert all(row["seconds"] > 0 and row["peak"] > 10 and row["cpu"]["host"] > 0 for row in rows)

    lines = (tmp_path / "benchmark.md").read_text().splitlines()
    assert f"| {' | '.join(COLUMNS)} |" in lines
    assert len([line for line in lines if line.startswith("| 3 | 0 | 1 |")]) == len(rows) == 9
    texts = [text.text for text in ElementTree.parse(tmp_path / "benchmark.svg").iter(f"{SVG}text")]  # noqa: S314
    assert {*PROVIDERS.values(), *EACH} <= set(texts)


def test_imported_stack_is_as_if_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "LARGEST_MADE", 5)
    operations = [one for one in cases.OPERATIONS if one.name in ("up", "preview", "refresh")]
    rows = list(cases.measured(cases.Case(10, 3, 0), ["ours"], operations))
    assert [row["operation"] for row in rows] == ["preview", "refresh"]
    assert rows[1]["requests"] <= 10
