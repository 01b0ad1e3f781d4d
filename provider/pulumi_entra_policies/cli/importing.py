"""`entra-policies import`: what a tenant has, as a file for `pulumi import` and the program that fits it."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commands.stack import OLDEST

if TYPE_CHECKING:
    from ..commands.files import Files
    from ..commands.importing import Import
    from ..commands.stack import Stack

SHOWN = 20  # oddities that are printed; the program has them all


def add(commands: Any) -> None:
    existing = commands.add_parser(
        "import",
        help="write what a tenant has as a file for `pulumi import` and the program that fits it",
        description="Reads the policies and assignments of a tenant, and writes two files: what `pulumi import --file` "
        "takes, and the Python program that fits it. Changes nothing, neither in the tenant nor in a stack.",
    )

    def repeatable(option: str, **more: str) -> None:
        existing.add_argument(option, action="append", default=[], **more)

    existing.add_argument(
        "--stack", metavar="NAME", help="sign in as this stack of the Pulumi project here, and leave out what it has"
    )
    repeatable("--config", metavar="KEY=VALUE", help="an option as in a stack's configuration, such as tenantId=…")
    repeatable("--kind", help="policies of this kind, such as TokenIssuancePolicy")
    repeatable("--name", help="the policy with exactly this display name")
    repeatable("--id", help="the policy with this id")
    existing.add_argument(
        "--target",
        metavar="ID",
        help="only what this application or service principal has: its object id, or a client id, which means both",
    )
    existing.add_argument("--by-client-id", action="store_true", help="name targets by client id, not by object id")
    existing.add_argument("--out", default=".", metavar="FOLDER", help="where the two files are written (%(default)s)")
    existing.epilog = "--config, --kind, --name and --id can be given several times."
    existing.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from ..commands import importing, stack
    from ..commands.files import Files
    from ..commands.selection import selection

    files = Files(Path(options.out))
    files.refuse_existing()
    wanted = selection(options.kind, options.name, options.id, options.target, by_client_id=options.by_client_id)
    stack.refuse_old_command()
    chosen = stack.read(options.stack) if options.stack else stack.Stack()
    settings = stack.settings(chosen, options.config)
    return _finish(importing.read(settings, wanted, chosen, _progress), files, chosen)


def _finish(found: Import, files: Files, stack: Stack) -> int:
    if found.policies or found.assignments:
        files.write(found.program, found.file)
    _show_import(found, files, stack)
    return 0


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _show_import(found: Import, files: Files, stack: Stack) -> None:
    if found.in_stack:
        print(f"Stack {stack.name} has {_counted(found.in_stack, 'policy', 'policies')} of these already.")
    if not (found.policies or found.assignments):
        print(f"There is nothing to import from tenant {found.tenant_id}, and nothing was written.")
        return
    print(
        f"Tenant {found.tenant_id}: {_counted(found.policies, 'policy', 'policies')} and "
        f"{_counted(found.assignments, 'assignment', 'assignments')} to import.\n"
        f"{files.resources} says which, and {files.program} is the program that fits."
    )
    if found.notes:
        more = [f"and {len(found.notes) - SHOWN} more"] if found.notes[SHOWN:] else []
        print("\n  ".join(["\nOdd, and said in the program too:", *found.notes[:SHOWN], *more]))
    _show_what_to_do(files, _of(stack))


def _show_what_to_do(files: Files, stack: str) -> None:
    """The program first: an `up` without what the stack has would delete it; one that is early creates nothing."""
    module = files.program.stem
    print(f"""
To take them over:

1. Let your program declare them. With {module}.py beside its __main__.py, that takes a line:
     import {module}
2. Put them into the stack (Pulumi CLI {".".join(map(str, OLDEST))} or later; the tenant is neither asked nor changed):
     pulumi import --file {shlex.quote(str(files.resources))} --generate-code=false --protect=false{stack}
   --generate-code=false, since the program is there; --protect=false, since it protects nothing from deletion.
3. Look: nothing changes.
     pulumi preview{stack}
4. Tell the stack which assignment needs which policy; nothing is sent.
     pulumi up{stack}""")


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _of(stack: Stack) -> str:
    return f" --stack {shlex.quote(stack.name)}" if stack.name else ""
