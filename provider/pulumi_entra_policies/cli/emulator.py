"""`entra-policies emulator`: a tenant on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import functools
import shlex
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..emulator import Emulator, SignIn


def add(commands: Any) -> None:
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
    emulator.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    try:
        from ..emulator import Throttle, serve, sign_in_on_the_fly
    except ModuleNotFoundError as error:
        needed = "the emulator needs an extra: pip install 'pulumi-entra-policies[emulator]'"
        raise ValueError(f"{needed} ({error})") from None
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
