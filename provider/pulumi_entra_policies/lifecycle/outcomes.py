"""The plain values that the lifecycle hands to a host."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..definitions.values import Problem
from ..graph.errors import EntraError

Bag = dict[str, Any]

Excuses = Mapping[type[EntraError], str]
"""What may keep a refusal from happening, in words."""


@dataclass(frozen=True)
class Checked:
    """Inputs in their normal form, or everything that is wrong with them."""

    inputs: Bag
    problems: Sequence[Problem] = ()


@dataclass(frozen=True)
class Plan:
    """Whether old and new differ in meaning, and which properties force a replacement."""

    changed: bool
    replaces: Sequence[str] = ()


@dataclass(frozen=True)
class Finding:
    """What a preview has found out of the tenant, and goes on. `severity` is a word of Pulumi's."""

    severity: Literal["debug", "info", "warning"]
    text: str


@dataclass(frozen=True)
class Refusal:
    """What stops a preview: it would stop the verb itself, whatever else becomes of this run."""

    error: EntraError

    @property
    def text(self) -> str:
        return f"{type(self.error).__name__}: {self.error}"


@dataclass(frozen=True)
class Question:
    """What a preview may ask of the tenant, and what it says where it cannot.

    An EntraError is what the verb itself would be refused with; one that is `excused`, unless what that says happens.
    """

    about: str
    ask: Callable[[], Awaitable[Sequence[Finding]]]
    unasked: Sequence[Finding] = ()
    excused: Excuses = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """A resource as it is in the tenant: what the program would have to say to get it, and what else is known of it."""

    id: str
    inputs: Bag
    computed: Bag = field(default_factory=dict)

    @property
    def outputs(self) -> Bag:
        return {**self.inputs, **self.computed}
