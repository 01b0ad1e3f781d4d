"""What a preview asks before it is believed: whether one can sign in, to which tenant, and what that would refuse.

Called by a host after the pure check or diff, never from inside them. It only reads, and never for longer than its
allowance. What may not be asked, or has no answer, is told once, and the preview goes on without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from ..definitions.values import escaped
from ..graph.errors import (
    AlreadyThere,
    DefaultTaken,
    EntraError,
    Forbidden,
    GraphError,
    NoAnswer,
    PolicyConflict,
    SignInError,
)
from .allowance import A_LOOK, LONGEST
from .outcomes import Excuses, Finding, Question, Refusal
from .run import Run

LONGEST_TRY = 3.0  # seconds, where nothing is configured; a look for each resource after those

_A_WAY = "az login would be a way"
_NOTHING = "nothing is configured to sign in to Microsoft Entra, and DefaultAzureCredential"
_OWN = "what is in the way is this resource's own, or of this program, and goes first"
_EXCUSED: Excuses = dict.fromkeys((AlreadyThere, DefaultTaken, PolicyConflict), _OWN)
"""What the state's own object could explain, which is to be replaced: no preview can tell."""
_ALL = frozenset({"Directory.ReadWrite.All", "Directory.AccessAsUser.All"})
"""With which nobody can tell: the one is broader, the other is what the user may do."""


async def sign_in(run: Run, expected: Any = None) -> None:
    """A token and its tenant, asked for once a run, and no request to Graph; unless the settings say `none`.

    Raises SignInError, SettingsError, and WrongTenant if configuration or `expected`, a state's tenant, name another
    one. Where nothing is configured, a preview may be all that is wanted: then it is tried for a while and told. So it
    is if nobody answers.
    """
    if run.settings.preflight == "none":
        return
    if run.settings.sign_in.is_asked_for or not run.settings.signs_in:
        await _sign_in_as_asked(run, expected)
        return
    seconds = A_LOOK if "sign-in" in run.told else LONGEST_TRY
    try:
        await asyncio.wait_for(run.connection.tenant_id(expected), seconds)
    except asyncio.TimeoutError:
        _go_on(run, f"{_NOTHING} has found nothing in {LONGEST_TRY:.0f} seconds ({_A_WAY})")
    except SignInError:
        _go_on(run, f"{_NOTHING} finds nothing ({_A_WAY})")


async def _sign_in_as_asked(run: Run, expected: Any) -> None:
    if not run.previews:
        await run.connection.tenant_id(expected)
        return
    try:
        await run.allowance.within(run.connection.tenant_id(expected))
    except asyncio.TimeoutError:
        _go_on(run, f"there was no answer to the sign-in within {LONGEST:.0f} seconds")
    except (NoAnswer, GraphError) as error:
        if error.answer:
            raise
        _go_on(run, f"{escaped(error.what)}: {escaped(error.reason)}")


def _go_on(run: Run, why: str) -> None:
    if run.previews:
        run.tell_once("sign-in", f"{why}, so this preview is not compared with a tenant; an up will need one")
    run.told.add("sign-in")  # an up says it by itself, as soon as it needs the tenant


def is_done(run: Run, expected: Any = None) -> bool:
    """Whether `sign_in` has nothing left to ask and nothing to say. May be called from any thread."""
    if run.settings.preflight == "none":
        return True
    return "connection" in vars(run) and run.connection.is_signed_in(expected)


async def ask(run: Run, questions: Iterable[Question]) -> list[Finding | Refusal]:
    """What the tenant has to say to a creation or a change, in a preview that asks it; else what needs no asking."""
    found: list[Finding | Refusal] = []
    for question in questions:
        found += await _answer(run, question) if _may_ask(run, question) else question.unasked
    return found


def _may_ask(run: Run, question: Question) -> bool:
    asks = run.settings.preflight == "tenant" and is_done(run) and question.about not in run.told
    if asks and run.allowance.left <= 0:
        _tell_that_time_is_up(run)
        return False
    return asks


async def _answer(run: Run, question: Question) -> Sequence[Finding | Refusal]:
    try:
        return await run.allowance.within(question.ask())
    except asyncio.TimeoutError:
        _tell_that_time_is_up(run)
    except Forbidden as refusal:
        run.told.add(question.about)
        needed = refusal.doing.permission
        text = f"may not ask {question.about}, so this preview tells nothing that takes the permission {needed}"
        run.tell_once(needed, text)
    except GraphError as failed:
        text = f"cannot ask {question.about}, so this preview does not tell: {escaped(failed.reason)}"
        run.tell_once(f"failed: {question.about}", text)  # of one; the others may have an answer
    except EntraError as refusal:
        return [_refused(question, refusal)]
    return question.unasked


def _refused(question: Question, refusal: EntraError) -> Finding | Refusal:
    """A warning, if something that no preview can tell would excuse it."""
    unless = question.excused.get(type(refusal)) or _EXCUSED.get(type(refusal))
    if unless is None:
        return Refusal(refusal)
    name = type(refusal).__name__
    text = f"as the tenant is now, pulumi up ends in {name}: {refusal}\n  It does not, if {unless}."
    return Finding("warning", text)


def _tell_that_time_is_up(run: Run) -> None:
    text = (
        f"Graph has taken {LONGEST:.0f} seconds of this preview, so what is not asked by now is not compared with the "
        "tenant (entra-policies:preflight = sign-in asks nothing)"
    )
    run.tell_once("time", text)


def note_permissions(run: Run, doing: str, any_of: frozenset[str]) -> None:
    """Say it once if the token, by its own word, does not permit what an up by the same sign-in would do.

    A preview may well run with less than an up.
    """
    asks = run.settings.preflight == "tenant" and is_done(run)
    granted = run.connection.permissions if asks else None
    if granted is not None and not (any_of | _ALL).intersection(granted):
        needed = " or ".join(sorted(any_of))
        run.tell_once(doing, f"the token of this preview does not permit to {doing}: an up needs one with {needed}")
