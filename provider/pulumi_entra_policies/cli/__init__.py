"""The command line, `entra-policies`: prints, never decides."""

from __future__ import annotations

import argparse
import io
import signal
import sys
import traceback
from asyncio import CancelledError
from collections.abc import Sequence
from typing import cast

from .._version import __version__
from ..graph.errors import EntraError, told_to_operator
from ..settings import SettingsError
from . import comparing, emulator, explaining, importing

COMMANDS = (emulator, importing, comparing, explaining)
"""One module a command: `add` declares it, and what it runs prints."""

TROUBLE = 2  # argparse's own for a command that it cannot read; 1 is left for an answer, such as "they differ"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 if it did what was asked, and `TROUBLE` if it could not."""
    if sys.stdout is None:  # closed by whoever has called; an answer that nobody hears is none
        print("entra-policies: there is no standard output to write to", file=sys.stderr)
        return TROUBLE
    # Names in a tenant are anybody's text, and not every terminal has its characters.
    cast(io.TextIOWrapper, sys.stdout).reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (EntraError, SettingsError) as error:
        print(f"entra-policies: {told_to_operator(error)}", file=sys.stderr)
        return TROUBLE
    except (OSError, ValueError) as error:
        print(f"entra-policies: {error}", file=sys.stderr)
        return TROUBLE
    except KeyboardInterrupt:
        print("entra-policies: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    except (Exception, CancelledError) as error:  # unhandled, it would end with 1, which reads as an answer
        from ..hosts import verbs

        if verbs.debugging():
            traceback.print_exc()
        print(f"entra-policies: {told_to_operator(verbs.as_message(error))}", file=sys.stderr)
        return TROUBLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="entra-policies", description="Microsoft Entra token policies as code.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
