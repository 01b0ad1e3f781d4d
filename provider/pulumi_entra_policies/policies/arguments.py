"""Typed definitions as a user writes them, and how every accepted form gets into its normal one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pulumi
from typing_extensions import dataclass_transform

from ..definitions import Kind, codec, forms
from ..definitions.values import plain

Class = TypeVar("Class")


class DefinitionArgs:
    """Base of the typed definitions and of their parts."""


@dataclass_transform(kw_only_default=True, field_specifiers=(pulumi.property,))
def arguments(cls: type[Class]) -> type[Class]:
    """A Pulumi input type whose keywords type checkers know."""
    return pulumi.input_type(cls)


def normal(kind: Kind, definition: Any) -> Any:
    """The definition in its normal form, now or when it is known; an invalid one as it is, for check to say why."""
    definition = _data(definition)
    whole = isinstance(definition, pulumi.Output)
    if whole or (_holds_output(definition) and not forms.is_told(kind, definition)):
        return pulumi.Output.from_input(definition).apply(lambda known: normal(kind, known))
    return codec.bag(kind, definition, _when_known)


def _data(value: Any) -> Any:
    """Plain data, but for outputs: typed arguments, at any depth, are the mappings that they stand for."""
    if isinstance(value, DefinitionArgs):
        value = vars(value)
    if isinstance(value, Mapping):
        return {key: _data(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_data(item) for item in value]
    return plain(value)


def _when_known(value: Any, read: Callable[[Any], Any]) -> Any:
    """An output's value is read when it is there."""

    def known(value: Any) -> Any:
        value = _data(value)
        try:
            return read(value)
        except forms.NotADefinition:
            return value

    return value.apply(known) if isinstance(value, pulumi.Output) else value


def _holds_output(definition: Any) -> bool:
    """Whether Graph's own form holds an output where its text or its object should be."""
    parts = definition.values() if isinstance(definition, Mapping) else definition
    return isinstance(definition, (list, tuple, Mapping)) and any(isinstance(part, pulumi.Output) for part in parts)
