"""What a preview asks before it is believed: whether one can sign in, and to which tenant.

Called by a host after the pure check or diff, never from inside them.
"""

from __future__ import annotations

import asyncio
from typing import Any

from ..graph.errors import SignInError
from .run import Run

LONGEST_TRY = 3.0  # seconds, where nothing is configured
A_LOOK = 0.05  # seconds for each resource after those: what is found late counts all the same


async def sign_in(run: Run, expected: Any = None) -> None:
    """A token and its tenant, asked for once a run, and no request to Graph; unless the settings say `none`.

    Raises SignInError, SettingsError, and WrongTenant if configuration or `expected`, a state's tenant, name another
    one. Where nothing is configured, a preview may be all that is wanted: then it is tried for a while and told.
    """
    if run.settings.preflight == "none":
        return
    if run.settings.sign_in.is_asked_for or not run.settings.signs_in:
        await run.connection.tenant_id(expected)
        return
    try:
        await asyncio.wait_for(run.connection.tenant_id(expected), A_LOOK if run.has_told_of_sign_in else LONGEST_TRY)
    except asyncio.TimeoutError:
        _tell(run, f"has found nothing in {LONGEST_TRY:.0f} seconds")
    except SignInError:
        _tell(run, "finds nothing")


def is_done(run: Run, expected: Any = None) -> bool:
    """Whether `sign_in` has nothing left to ask and nothing to say. May be called from any thread."""
    if run.settings.preflight == "none":
        return True
    return "connection" in vars(run) and run.connection.is_signed_in(expected)


def _tell(run: Run, found: str) -> None:
    """Once a run: it is not about one resource."""
    if not run.has_told_of_sign_in:
        run.has_told_of_sign_in = True
        run.tell(
            "pulumi-entra-policies: nothing is configured to sign in to Microsoft Entra, and DefaultAzureCredential "
            f"{found}, so this preview is not compared with a tenant; an up will need a way, such as az login"
        )
