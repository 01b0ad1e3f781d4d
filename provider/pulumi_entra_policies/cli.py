"""The command line, `entra-policies`: prints, never decides."""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import shlex
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ._version import __version__
from .commands.stack import OLDEST
from .graph.errors import EntraError
from .settings import SettingsError

if TYPE_CHECKING:
    from .commands.files import Files
    from .commands.importing import Import
    from .commands.stack import Stack
    from .emulator import Emulator, SignIn

SHOWN = 20  # oddities that are printed; the program has them all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 if it did what was asked."""
    # Names in a tenant are anybody's text, and not every terminal has its characters.
    cast(io.TextIOWrapper, sys.stdout).reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (EntraError, SettingsError) as error:
        words = str(error).replace("run pulumi up again", "try again")  # most of them are met in a run of Pulumi's
        which = "" if type(error) is EntraError else f"{type(error).__name__}: "
        print(f"entra-policies: {which}{words}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"entra-policies: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("entra-policies: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="entra-policies", description="Microsoft Entra token policies as code.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    emulator = commands.add_parser("emulator", help="run a Microsoft Graph emulator on this machine, until Ctrl-C")
    emulator.add_argument("--address", default="127.0.0.1:8080", help="loopback address and port (%(default)s)")
    emulator.add_argument("--seed", help="give objects the same ids at every start")
    emulator.add_argument("--tenant", metavar="ID", help="the tenant's id, such as that of an earlier start")
    emulator.add_argument(
        "--sign-in", action="store_true", help="speak https and want a token, of a client that is made up"
    )
    emulator.add_argument(
        "--replicas",
        type=_seconds,
        default=(),
        metavar="SECONDS,…",
        help="how late each replica shows a write, such as 0,3,6; a request may meet any of them",
    )
    emulator.add_argument(
        "--permissions", type=_names, metavar="NAME,…", help="the caller's permissions; others are refused"
    )
    emulator.add_argument("--throttle", type=float, metavar="UNITS", help="resource units in 10 seconds; beyond: 429")
    emulator.add_argument(
        "--faults", default=(), metavar="FILE", help="JSON: what goes wrong, one fault or a list of them"
    )
    emulator.add_argument("--latency", type=float, default=0, metavar="SECONDS", help="how late each answer comes")
    emulator.set_defaults(run=_emulator)
    _add_import(commands)
    return parser


def _add_import(commands: Any) -> None:
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
    existing.set_defaults(run=_import)


def _emulator(options: argparse.Namespace) -> int:
    try:
        from .emulator import Throttle, serve, sign_in_on_the_fly
    except ModuleNotFoundError as error:
        needed = "the emulator needs an extra: pip install 'pulumi-entra-policies[emulator]'"
        print(f"entra-policies: {needed} ({error})", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever started it as a service stops it so
    with contextlib.ExitStack() as files:
        sign_in = files.enter_context(sign_in_on_the_fly()) if options.sign_in else None
        serve(
            options.address,
            seed=options.seed,
            tenant_id=options.tenant,
            certificate=sign_in.server if sign_in else None,
            key=sign_in.server if sign_in else None,
            clients={sign_in.client_id: sign_in.client_secret} if sign_in else None,
            replicas=options.replicas,
            permissions=options.permissions,
            throttle=options.throttle and Throttle(units=options.throttle),
            faults=options.faults,
            latency=options.latency,
            on_ready=functools.partial(_greet, sign_in),
        )
    return 0


def _import(options: argparse.Namespace) -> int:
    from .commands import importing, stack
    from .commands.files import Files
    from .commands.selection import selection

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


def _seconds(text: str) -> tuple[float, ...]:
    return tuple(map(float, text.split(",")))


def _names(text: str) -> list[str]:
    return text.split(",")


def _greet(sign_in: SignIn | None, emulator: Emulator) -> None:
    print(f"Graph emulator: {emulator.url}   tenant: {emulator.tenant_id}")
    print("Use it:")
    _set("graphEndpoint", emulator.url)
    _set("tenantId", emulator.tenant_id)
    if sign_in:
        _set("caBundle", shlex.quote(str(sign_in.ca_bundle)))
        _set("clientId", sign_in.client_id)
        _set("clientSecret", sign_in.client_secret, "--secret ")
    print("Make an application in it, whose id a stack can then name:")
    _show_application(sign_in, emulator)
    print("Everything is forgotten at the end. Ctrl-C stops it.", flush=True)


def _show_application(sign_in: SignIn | None, emulator: Emulator) -> None:
    trusting = f" --cacert {shlex.quote(str(sign_in.ca_bundle))}" if sign_in else ""
    if sign_in:
        print(f"""  token=$(curl -s{trusting} {emulator.url}/{emulator.tenant_id}/oauth2/v2.0/token \\
    -u {sign_in.client_id}:{sign_in.client_secret} \\
    -d grant_type=client_credentials -d scope=https://graph.microsoft.com/.default |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')""")
    bearer = ' -H "Authorization: Bearer $token"' if sign_in else ""
    print(f"""  curl -sX POST{trusting}{bearer} {emulator.url}/v1.0/applications -H 'Content-Type: application/json' \\
    -d '{{"displayName": "Portal"}}'""")


def _set(key: str, value: str, option: str = "") -> None:
    print(f"  pulumi config set {option}entra-policies:{key} {value}")
