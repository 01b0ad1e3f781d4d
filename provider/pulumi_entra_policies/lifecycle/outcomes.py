"""The plain values that the lifecycle hands to a host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..definitions.values import Problem

Bag = dict[str, Any]


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
class Live:
    """A resource as it is in the tenant: what the program would have to say to get it, and what else is known of it."""

    id: str
    inputs: Bag
    computed: Bag = field(default_factory=dict)

    @property
    def outputs(self) -> Bag:
        return {**self.inputs, **self.computed}
