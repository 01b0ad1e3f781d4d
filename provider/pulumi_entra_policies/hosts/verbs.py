"""What every host needs, whoever it is: the six verbs of each resource as a table, and how a failure is shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..definitions import KINDS, Kind
from ..definitions.paths import in_python
from ..definitions.values import Problem
from ..graph import policies, references
from ..graph.errors import EntraError, InternalError, Missing
from ..lifecycle import assignment, foreseen, policy
from ..lifecycle.outcomes import Bag, Checked, Live, Plan, Question
from ..lifecycle.run import Run
from ..settings import SettingsError

DEBUG = "ENTRA_POLICIES_DEBUG"
LONGEST_CALL = 1800.0  # seconds; a host may not be able to cancel, so every wait needs a bound


@dataclass(frozen=True)
class Verbs:
    """The lifecycle of one resource class: check and diff are pure, the others get the run first.

    The questions are for previews; whoever is `writing` needs one of the permissions of `writes`.
    """

    noun: str
    check: Callable[[Bag, Bag], Checked]
    """The program's inputs, and those that the state has."""

    diff: Callable[[Bag, Bag], Plan]
    create: Callable[[Run, Bag], Coroutine[Any, Any, Live]]
    read: Callable[[Run, str, Bag], Coroutine[Any, Any, Live | None]]
    update: Callable[[Run, str, Bag, Bag], Coroutine[Any, Any, Live]]
    delete: Callable[[Run, str, Bag], Coroutine[Any, Any, str | None]]
    questions_of_new: Callable[[Run, Bag], Iterable[Question]]
    questions_of_changed: Callable[[Run, str, Bag, Bag, int | None], Iterable[Question]]
    writing: str
    writes: frozenset[str]
    kind: Kind | None = None

    def reasons(self, problems: Iterable[Problem]) -> list[str]:
        """What check has found, as a user reads it."""
        return [f"{in_python(self.kind, problem.path)}: {problem.reason}" for problem in problems]

    def missing(self, id_: str) -> Missing:
        """The answer to a `get` of what is not there."""
        what = f"cannot read {self.noun} {id_}"
        return Missing(what, "it does not exist in this tenant", "check the id given to get()")


def _of_policy(kind: Kind) -> Verbs:
    return Verbs(
        kind.noun,
        partial(policy.check, kind),
        partial(policy.diff, kind),
        partial(policy.create, kind),
        partial(policy.read, kind),
        partial(policy.update, kind),
        partial(policy.delete, kind),
        partial(foreseen.of_new_policy, kind),
        partial(foreseen.of_changed_policy, kind),
        "write policies",
        policies.WRITES,
        kind,
    )


VERBS = {
    "PolicyAssignment": Verbs(
        "assignment",
        lambda inputs, _old: assignment.check(inputs),
        assignment.diff,
        assignment.create,
        assignment.read,
        assignment.update,
        assignment.delete,
        foreseen.of_new_assignment,
        foreseen.of_changed_assignment,
        "assign policies",
        references.ASSIGNS,
    ),
    **{name: _of_policy(kind) for name, kind in KINDS.items()},
}
"""By the name of the resource class."""


def debugging() -> bool:
    """Whether the user wants tracebacks."""
    return bool(os.environ.get(DEBUG))


def as_message(error: BaseException) -> Exception:
    """A failure as one message for the user."""
    if isinstance(error, (EntraError, SettingsError)):
        return error.with_traceback(None)
    if isinstance(error, asyncio.TimeoutError):
        return EntraError(
            "cannot wait any longer for Graph",
            f"it did not come to an end within {LONGEST_CALL:.0f} seconds; what was sent may have been carried out",
            "run pulumi refresh, then pulumi up again",
        )
    return InternalError(
        "cannot go on, through a mistake in pulumi-entra-policies",
        f"unexpected {type(error).__name__}: {error}",
        f"set {DEBUG}=1 to see where, and report it at the project's issue tracker",
    )
