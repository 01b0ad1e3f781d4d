"""Typed definitions as a user writes them, and how every accepted form gets into its normal one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from inspect import isawaitable
from typing import Any, TypeVar

import pulumi
from typing_extensions import dataclass_transform

from ..definitions import Kind, codec, forms
from ..definitions.values import is_known, plain

Class = TypeVar("Class")


class DefinitionArgs:
    """Base of the typed definitions and of their parts."""


class DefinitionOutputs:
    """Base of the same as outputs, which can be given as arguments again."""


@dataclass_transform(kw_only_default=True, field_specifiers=(pulumi.property,))
def arguments(cls: type[Class]) -> type[Class]:
    """A Pulumi input type whose keywords type checkers know."""
    return pulumi.input_type(cls)


def normal(kind: Kind, definition: Any) -> Any:
    """The definition in its normal form, now or when it is known; what has none as it is, for check to say why.

    Raises pulumi.RunError for what is no definition of this kind, or cannot travel to check.
    """
    wanted = kind.name.replace("Policy", "DefinitionArgs")
    if isinstance(definition, DefinitionArgs) and type(definition).__name__ != wanted:
        raise pulumi.RunError(f"the definition of a {kind.name} is {wanted}, not {type(definition).__name__}")
    definition = _data(definition)
    if holds_output(definition) and not forms.is_told(kind, definition):
        return pulumi.Output.from_input(definition).apply(lambda known: normal(kind, known))
    return codec.read(kind, definition, _when_known, typed=True).given


def holds_output(value: Any) -> bool:
    """Whether there is an output anywhere in it."""
    if isinstance(value, Mapping):
        return any(map(holds_output, value.values()))
    return isinstance(value, pulumi.Output) or (isinstance(value, list) and any(map(holds_output, value)))


def _data(value: Any) -> Any:
    """Typed arguments and outputs, at any depth, as the mappings that they stand for; iterables as lists."""
    if isinstance(value, (DefinitionArgs, DefinitionOutputs)):
        value = vars(value)
    if isinstance(value, Mapping):
        return {key: _data(item) for key, item in value.items() if item is not None}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, pulumi.Output)) and not isawaitable(value):
        return [_data(item) for item in value]
    if isinstance(value, pulumi.Output) or isawaitable(value):
        return value
    if is_known(value) or isinstance(value, Enum):
        return plain(value)  # also in an invalid definition, which has to get to check
    raise pulumi.RunError(f"a definition holds a {type(value).__name__}, for which JSON has no word")


def _when_known(value: Any, read: Callable[[Any], Any]) -> Any:
    """An output's value is read when it is there."""

    def known(value: Any) -> Any:
        value = _data(value)
        try:
            return read(value)
        except forms.NotADefinition:
            return value

    return value.apply(known) if isinstance(value, pulumi.Output) else value
