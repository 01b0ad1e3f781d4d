"""What the words of the command line name as a side of a comparison: `dev`, `file:state.json`, `tenant:dev`.

A stack's name has no colon, so that no word has two meanings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..definitions.values import escaped, shown
from ..graph.errors import EntraError
from ..settings import SettingsError
from . import stack, state, stated, tenants
from .side import Side

FORMS = "NAME is a stack of the Pulumi project here, file:PATH an exported state, tenant:NAME the tenant of a stack"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Origin:
    """Where a side is read; `options` of configuration, given by the `option` of the command line, come before a
    stack's."""

    text: str
    options: Sequence[str] = ()
    option: str = "--config-a"

    @property
    def form(self) -> str:
        return self.text.partition(":")[0] if ":" in self.text else "stack"

    @property
    def name(self) -> str:
        return self.text.partition(":")[2] if ":" in self.text else self.text

    @property
    def label(self) -> str:
        return escaped(self.text if self.name else f"{self.text} ({self.option})")

    def read(self, tell: Tell) -> Side:
        """The side. Raises EntraError, SettingsError, which say of which side they are."""
        return _READERS[self.form](self, tell)


def refuse_senseless(left: Origin, right: Origin, *, switches: bool) -> None:
    """Before anything is read. Raises EntraError."""
    for one in (left, right):
        if one.form not in _READERS or not (one.name or one.form == "tenant"):
            raise EntraError("cannot compare", f"{shown(one.text)} is neither a stack nor a file nor a tenant", FORMS)
        if one.options and one.form != "tenant":
            what, reason = f"cannot use {one.option}", f"{one.label} is a state, and nobody signs in to read it"
            raise EntraError(what, reason, "leave it out, or name a tenant:")
    what = f"cannot compare {left.label} with {right.label}"
    if (left.text, left.options) == (right.text, right.options):
        raise EntraError(what, "both are one and the same", "name two sides")
    if switches and "tenant" in (left.form, right.form):
        raise EntraError(what, "a tenant has no switches of a program", "leave out --switches, or name two states")


def _of_stack(origin: Origin, tell: Tell) -> Side:
    try:
        return stated.side(origin.label, "stack", state.of_stack(origin.name))
    except EntraError as error:
        if Path(origin.name).is_file():
            error.advice = f"{error.advice}; the file of this name is file:{origin.label}"
        raise


def _of_file(origin: Origin, tell: Tell) -> Side:
    return stated.side(origin.label, "file", state.in_file(Path(origin.name)))


def _of_tenant(origin: Origin, tell: Tell) -> Side:
    with _said_of(origin.label):
        signed_in_as = stack.Stack(origin.name, stack.configuration(origin.name)) if origin.name else stack.Stack()
        settings = stack.settings(signed_in_as, origin.options)
        return tenants.side(origin.name and origin.label, settings, lambda text: tell(f"{origin.label}: {text}"))


@contextmanager
def _said_of(label: str) -> Iterator[None]:
    """What goes wrong in a tenant is said of that one, as there may be another."""
    try:
        yield
    except EntraError as error:
        error.what = f"{label}: {error.what}"
        raise
    except SettingsError as error:
        raise SettingsError(f"{label}: {error}") from None


_READERS = {"stack": _of_stack, "file": _of_file, "tenant": _of_tenant}
