"""Pulumi's dynamic host: its bags, floats and Unknowns to and from the lifecycle.

The host calls from four worker threads; everything that speaks to Graph runs on one loop thread with one connection.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from ..definitions import KINDS, Kind
from ..definitions.values import plain
from ..graph.connection import Connection
from ..graph.errors import EntraError
from ..lifecycle import assignment, policy
from ..lifecycle.outcomes import Bag, Checked, Live, Missing, Plan
from ..settings import Settings, SettingsError
from . import orphan

DEBUG = "ENTRA_POLICIES_DEBUG"
LONGEST_CALL = 1800.0  # seconds; the host cannot be cancelled, so every wait needs a bound
_PROVIDER_KEY = "__provider"

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")


class InternalError(EntraError):
    """A mistake of ours, as one line instead of a traceback."""


def provider(name: str) -> ResourceProvider:
    """The provider of a resource class. Raises LookupError for a name that is none."""
    if name == "PolicyAssignment":
        return Provider(_ASSIGNMENT)
    if name in KINDS:
        return Provider(_of_policy(KINDS[name]))
    raise LookupError(f"pulumi-entra-policies has no resource {name!r}; it may need a newer version")


class _Process:
    """What lives as long as the host: the loop thread, and a connection for each set of settings (in practice one).

    `standing` holds the new inputs, by id, of the resources that this run has looked at and will keep, `kept` the ids
    of those that are as they should be.
    """

    def __init__(self) -> None:
        self.standing: dict[str, Bag] = {}
        self.kept: set[str] = set()
        self.watched = False
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections: dict[Settings, Connection] = {}

    def run(self, settings: Settings, verb: Callable[[Connection], Coroutine[Any, Any, Result]]) -> Result:
        """Run a verb to its end on the loop thread, with the connection of these settings."""

        async def call() -> Result:
            if settings not in self._connections:
                self._connections[settings] = Connection(settings)
            return await asyncio.wait_for(verb(self._connections[settings]), LONGEST_CALL)

        return asyncio.run_coroutine_threadsafe(call(), self._running_loop()).result()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="graph", daemon=True).start()
            return self._loop


_process = _Process()


def _clean(verb: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A verb whose failures are one message: the host prints the whole chain of an exception, so there is none."""

    @wraps(verb)
    def wrapper(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return verb(*args, **kwargs)
        except Exception as error:
            if os.environ.get(DEBUG):
                raise
            raise _shown(error) from None

    return wrapper


def _shown(error: Exception) -> Exception:
    if isinstance(error, (EntraError, SettingsError)):
        return error.with_traceback(None)
    if isinstance(error, asyncio.TimeoutError):
        return EntraError(
            f"Graph did not come to an end within {LONGEST_CALL:.0f} seconds, and what was sent may have been carried "
            "out.\n  To go on: run pulumi refresh, then pulumi up again."
        )
    return InternalError(
        f"unexpected {type(error).__name__} in pulumi-entra-policies: {error}\n"
        f"  To go on: set {DEBUG}=1 to see where, and report it at the project's issue tracker."
    )


@dataclass(frozen=True)
class Verbs:
    """The lifecycle of one resource class: check and diff are pure, the others get the connection first."""

    noun: str
    check: Callable[[Bag], Checked]
    diff: Callable[[Bag, Bag], Plan]
    create: Callable[[Connection, Bag, Mapping[str, Bag]], Coroutine[Any, Any, Live]]
    read: Callable[[Connection, str, Bag], Coroutine[Any, Any, Live | None]]
    update: Callable[[Connection, str, Bag, Bag], Coroutine[Any, Any, Live]]
    delete: Callable[[Connection, str, Bag], Coroutine[Any, Any, str | None]]
    stands_for: Callable[[Bag, Bag], bool] = lambda kept, gone: False
    """Whether a resource that is kept needs what another one of the same id, to be deleted, needed."""


def _of_policy(kind: Kind) -> Verbs:
    return Verbs(
        kind.noun,
        partial(policy.check, kind),
        partial(policy.diff, kind),
        partial(policy.create, kind),
        partial(policy.read, kind),
        partial(policy.update, kind),
        partial(policy.delete, kind),
        stands_for=lambda kept, gone: True,  # a policy that was adopted has two resources until the old one is deleted
    )


_ASSIGNMENT = Verbs(
    "assignment",
    assignment.check,
    assignment.diff,
    lambda connection, inputs, standing: assignment.create(connection, inputs),
    assignment.read,
    assignment.update,
    assignment.delete,
    stands_for=assignment.stands_for,
)


class Provider(ResourceProvider):
    """The host's six verbs for one resource class. Holds nothing but the configuration of this process."""

    def __init__(self, verbs: Verbs) -> None:
        super().__init__()
        self._verbs = verbs
        self._config: Callable[[str], str | None] = lambda key: None

    def configure(self, req: ConfigureRequest) -> None:
        if not os.environ.get(DEBUG):
            sys.tracebacklimit = 0  # the host sends format_exc() to the user
        self._config = req.config.get
        _process.watched = _process.watched or orphan.end_with_engine(sys.argv)

    @_clean
    def check(self, _olds: Bag, news: Bag) -> CheckResult:
        checked = self._verbs.check(_bag(news))
        reasons = [f"{problem.path}: {problem.reason}" for problem in checked.problems]
        try:
            Settings.load(self._config)
        except SettingsError as error:
            reasons.append(str(error))
        # Given a property, the engine prints its whole value, or a nil where the path is nested.
        return CheckResult(checked.inputs, [CheckFailure("", reason) for reason in reasons])

    @_clean
    def diff(self, _id: str, _olds: Bag, _news: Bag) -> DiffResult:
        plan = self._verbs.diff(_bag(_olds), _bag(_news))
        if not plan.replaces:
            _process.standing[_id] = _bag(_news)
        if not plan.changed:
            _process.kept.add(_id)
            return DiffResult(changes=False)
        # None lets the engine draw the nested diff; True would print the whole bag.
        return DiffResult(None, list(plan.replaces), delete_before_replace=plan.delete_first)

    @_clean
    def create(self, props: Bag) -> CreateResult:
        # What is kept as it is has its policy for itself, though another resource may say the very same.
        standing = {id_: {} if id_ in _process.kept else new for id_, new in _process.standing.items()}
        live = self._run(lambda connection: self._verbs.create(connection, _bag(props), standing))
        return CreateResult(live.id, live.outputs)

    @_clean
    def read(self, id_: str, props: Bag) -> ReadResult:
        live = self._run(lambda connection: self._verbs.read(connection, id_, _bag(props)))
        if live is not None:
            return ReadResult(live.id, live.outputs, live.inputs)
        if "tenantId" not in props:  # `get` has no outputs yet; a refresh has ours
            raise Missing(
                f"{self._verbs.noun} {id_} does not exist in this tenant.\n  To go on: check the id given to get()."
            )
        return ReadResult("", {})

    @_clean
    def update(self, _id: str, _olds: Bag, _news: Bag) -> UpdateResult:
        live = self._run(lambda connection: self._verbs.update(connection, _id, _bag(_olds), _bag(_news)))
        _process.kept.add(_id)
        return UpdateResult(live.outputs)

    @_clean
    def delete(self, _id: str, _props: Bag) -> None:
        standing = _process.standing.get(_id)
        if standing and _id in _process.kept and self._verbs.stands_for(standing, _bag(_props)):
            print(f"Left {_id} as it is: another resource of this program stands for it.")
            return
        note = self._run(lambda connection: self._verbs.delete(connection, _id, _bag(_props)))
        if note:
            print(note)  # the engine shows it under the stack

    def _run(self, verb: Callable[[Connection], Coroutine[Any, Any, Result]]) -> Result:
        return _process.run(Settings.load(self._config), verb)


def _bag(props: Bag) -> Bag:
    """The user's arguments or our outputs as plain data: without the host's own key, whole numbers as integers."""
    return {name: plain(value) for name, value in props.items() if name != _PROVIDER_KEY}
