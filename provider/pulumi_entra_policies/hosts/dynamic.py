"""Pulumi's dynamic host: its bags, floats and Unknowns to and from the verbs.

The host calls from four worker threads; everything that speaks to Graph runs on one loop thread with one connection.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import traceback
from collections.abc import Callable, Coroutine, Iterable
from functools import cached_property, wraps
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

from ..definitions.values import plain
from ..graph.errors import STORED, EntraError
from ..lifecycle import preflight
from ..lifecycle.outcomes import Bag, Question, Refusal
from ..lifecycle.run import Run
from ..lifecycle.takeover import IMPORT
from ..settings import Settings, SettingsError
from . import orphan
from .engine import Engine
from .verbs import LONGEST_CALL, VERBS, Verbs, as_message, debugging

_PROVIDER_KEY = "__provider"
PREVIEW = "_preview"
"""The input by which a program tells that this is a preview, and of which resource. Older SDKs keep back what starts
with two underscores."""
_STORED = ("read", "delete")  # what refresh and destroy call

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")


def provider(name: str) -> ResourceProvider:
    """The provider of a resource class. Raises LookupError for a name that is none."""
    if name not in VERBS:
        raise LookupError(f"pulumi-entra-policies has no resource {name!r}; it may need a newer version")
    return Provider(VERBS[name])


class _Process:
    """What lives as long as the host: the loop thread, and a run for each set of settings (in practice one)."""

    def __init__(self) -> None:
        self._watched = False
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.engine = Engine()
        self._runs: dict[Settings, Run] = {}

    def watch(self) -> None:
        """Once: end with the engine that started this host."""
        with self._lock:
            self._watched = self._watched or orphan.end_with_engine(sys.argv)

    def run_of(self, settings: Settings) -> Run:
        with self._lock:
            if settings not in self._runs:
                self._runs[settings] = Run(settings)
                if debugging():
                    print(f"pulumi-entra-policies: Graph is {settings.graph_endpoint}; signs in {settings.sign_in}")
            return self._runs[settings]

    def finish(self, verb: Coroutine[Any, Any, Result]) -> Result:
        """Run a verb to its end on the loop thread."""

        async def call() -> Result:
            return await asyncio.wait_for(verb, LONGEST_CALL)

        return asyncio.run_coroutine_threadsafe(call(), self._running_loop()).result()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="graph", daemon=True).start()
            return self._loop


_process = _Process()
_format_exc = traceback.format_exc


class Failed(Exception):
    """All that the user reads of a failure, its name too: an older SDK's host shows an exception's text alone."""


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _clean(verb: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A verb whose failures are one message: the host prints the whole chain of an exception, so there is none."""

    @wraps(verb)
    def wrapper(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return verb(*args, **kwargs)
        except Exception as error:
            more = STORED if isinstance(error, SettingsError) and verb.__name__ in _STORED else ""
            raise Failed(_format_exc() if debugging() else _named(as_message(error)) + more) from None

    return wrapper


def _show_ours_alone() -> None:
    """The host sends `traceback.format_exc()` to the user: of our failures the text, of anybody else's all.

    Other dynamic providers of a program live in the same process, and their tracebacks are theirs.
    """

    def format_exc(limit: int | None = None, chain: bool = True) -> str:
        error = sys.exc_info()[1]
        return str(error) if isinstance(error, Failed) else _format_exc(limit, chain)

    traceback.format_exc = format_exc


class Provider(ResourceProvider):
    """The host's six verbs for one resource class. Holds nothing but what this process has been told."""

    def __init__(self, verbs: Verbs) -> None:
        super().__init__()
        self._verbs = verbs
        self._config: Callable[[str], str | None] = lambda key: None
        self._told: dict[str, Bag] = {}

    def configure(self, req: ConfigureRequest) -> None:
        _show_ours_alone()
        self._config = req.config.get
        _process.watch()

    @_clean
    def check(self, _olds: Bag, news: Bag) -> CheckResult:
        told = news.pop(PREVIEW, None)
        # A resource that is in the state has been imported; the engine shows olds to all but what is to be created.
        checked = self._verbs.check(_bag(news, *([IMPORT] if _olds else [])), _bag(_olds))
        reasons = self._verbs.reasons(checked.problems)
        if _olds and IMPORT in news and not reasons and self._verbs.diff(_bag(_olds), checked.inputs).replaces:
            reasons.append("import_: this resource is to be replaced by another; take import_ out of its options")
        try:
            self._note(checked.inputs, told)
            self._sign_in()
            if not _olds and not reasons:
                questions = self._verbs.questions_of_new(self._run, checked.inputs)
                reasons += [error.text for error in self._ask(questions, told)]
        except SettingsError as error:
            reasons.append(str(error))
        except EntraError as error:
            reasons.append(_named(error))
        # Given a property, the engine prints its whole value, or a nil where the path is nested.
        return CheckResult(checked.inputs, [CheckFailure("", reason) for reason in reasons])

    @_clean
    def diff(self, _id: str, _olds: Bag, _news: Bag) -> DiffResult:
        old, new = _bag(_olds), _bag(_news)
        plan = self._verbs.diff(old, new)
        self._sign_in(_olds.get("tenantId"))
        if not plan.changed:
            self._run.keep(_id, _news)
            return DiffResult(changes=False)
        if not plan.replaces:  # else a check without olds comes next
            # The engine asks as well what another resource's replacement brings along: that no check has shown.
            told = self._told.get(_key(new))
            questions = self._verbs.questions_of_changed(self._run, _id, old, new, (told or {}).get("assignments"))
            for found in self._ask(questions, told):
                raise found.error
        # None lets the engine draw the nested diff; True would print the whole bag.
        return DiffResult(None, list(plan.replaces))

    @_clean
    def create(self, props: Bag) -> CreateResult:
        live = _process.finish(self._verbs.create(self._run, _bag(props)))
        return CreateResult(live.id, live.outputs)

    @_clean
    def read(self, id_: str, props: Bag) -> ReadResult:
        live = _process.finish(self._verbs.read(self._run, id_, _bag(props)))
        if live is not None:
            return ReadResult(live.id, live.outputs, live.inputs)
        if "tenantId" not in props:  # `get` has no outputs yet; a refresh has ours
            raise self._verbs.missing(id_)
        return ReadResult("", {})

    @_clean
    def update(self, _id: str, _olds: Bag, _news: Bag) -> UpdateResult:
        return UpdateResult(_process.finish(self._verbs.update(self._run, _id, _bag(_olds), _bag(_news))).outputs)

    @_clean
    def delete(self, _id: str, _props: Bag) -> None:
        note = _process.finish(self._verbs.delete(self._run, _id, _bag(_props)))
        if note:
            print(note)  # the engine shows it under the stack

    def _note(self, inputs: Bag, told: Bag | None) -> None:
        """Remember what the program tells in a preview alone; diff is shown the inputs, and not what came with them."""
        if told is not None:
            self._run.previews = True
            self._told[_key(inputs)] = told

    def _ask(self, questions: Iterable[Question], told: Bag | None) -> list[Refusal]:
        """Ask the tenant of what a preview tells; say what is no reason to stop, and hand on what is."""
        if told is None:
            return []
        preflight.note_permissions(self._run, self._verbs.writing, self._verbs.writes)
        found = _process.finish(preflight.ask(self._run, questions))
        for finding in found:
            if not isinstance(finding, Refusal):
                _process.engine.log(finding.severity, finding.text, told["urn"])
        return [finding for finding in found if isinstance(finding, Refusal)]

    def _sign_in(self, expected: Any = None) -> None:
        """The first one; after it no check or diff waits for the loop thread."""
        if not preflight.is_done(self._run, expected):
            _process.finish(preflight.sign_in(self._run, expected))

    @cached_property
    def _run(self) -> Run:
        """Made once: a host is configured once. Raises SettingsError."""
        return _process.run_of(Settings.load(self._config))


def _key(inputs: Bag) -> str:
    """The same of what check has returned and of what diff is shown."""
    return json.dumps(_bag(inputs), sort_keys=True, default=lambda unknown: None)


def _bag(props: Bag, *without: str) -> Bag:
    """The user's arguments or our outputs as plain data: without the host's own key, whole numbers as integers."""
    return {name: plain(value) for name, value in props.items() if name not in (_PROVIDER_KEY, *without)}
