"""The demo, recorded: `make recordings` runs it, and writes demo.md, what it prints, and demo.svg, a picture of a part.

Both show a real run. What no two runs have in common, ports and durations, is masked; ids are the emulator's, and the
same every time. The picture has no urns, which are too long for a phone; the page has all.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).parent
DEMO = DOCS.parent / "examples" / "demo.py"
PAGE, PICTURE = DOCS / "demo.md", DOCS / "demo.svg"
SHOWN = "A change"  # the step that the picture shows: its first preview
COLUMNS = 88
HEAD = """# What the demo prints

`make demo` takes [the quickstart](../examples/quickstart/__main__.py) from preview to destroy: the real engine, the
real provider, real HTTP, and an emulated Microsoft Graph. This is a recording of it. Durations, which differ each
time, are shown as `…`, and the port is shown as 8080.
"""
_ESCAPES = re.compile(r"\x1b\[[\d;]*m")
_PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+")
_SECONDS = re.compile(r"(?<=\()\d+(\.\d+)?s(?=\))|\b\d+s$", re.MULTILINE)
_URN = re.compile(r"(?<=\[urn=).*(?=\])")
_STEP = re.compile(r"^─+\n([^:\n]+): ([^\n]+)\n(.*?)(?=^─|\Z)", re.MULTILINE | re.DOTALL)


def main() -> None:
    output = record()
    PAGE.write_text(page(output), "utf-8")
    PICTURE.write_text(picture(output), "utf-8")


def record(python: str | Path = "python") -> str:
    """What the demo prints, in colour; an error if something is not as the demo says."""
    done = subprocess.run(  # noqa: S603
        [str(python), str(DEMO)],
        env={**os.environ, "PULUMI_OPTION_COLOR": "always"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout)
    return _PORT.sub("8080", _SECONDS.sub("…", done.stdout))


def steps(output: str) -> list[tuple[str, str, str]]:
    """Each step's title, what it says of itself, and what is printed in it."""
    return _STEP.findall(output)


def page(output: str) -> str:
    sections = (f"## {title}\n\n{text}\n\n```\n{_plain(printed)}\n```\n" for title, text, printed in steps(output)[:-1])
    return "\n".join([HEAD, *sections, steps(output)[-1][1] + "\n"])


def picture(output: str) -> str:
    """The preview of a change, as a terminal shows it. Its letters are the reader's own: no font is loaded."""
    (printed,) = (printed for title, _, printed in steps(output) if title == SHOWN)
    command, shown = printed.split("\n  $ ")[2].split("\n", 1)
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor", legacy_windows=False)
    console.print(Text.from_ansi(f"$ {command}\n\n{_URN.sub('…', shown.strip())}"))
    drawn = console.export_svg(title="A change, before it is made", unique_id="demo")
    return re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL)


def _plain(printed: str) -> str:
    lines = (line.rstrip() for line in _ESCAPES.sub("", printed).splitlines())
    return "\n".join(lines).strip("\n")


if __name__ == "__main__":
    main()
