"""A definition read once, for tests that ask one thing of it."""

from __future__ import annotations

from typing import Any

from pulumi_entra_policies.definitions import Kind, codec
from pulumi_entra_policies.definitions.values import Problem


def bag(kind: Kind, value: Any) -> Any:
    return codec.read(kind, value).normal


def problems(kind: Kind, value: Any) -> list[Problem]:
    return list(codec.read(kind, value).problems)


def given(kind: Kind, value: Any) -> Any:
    return codec.read(kind, value, typed=True).given


def sent_unknown(kind: Kind, value: Any) -> list[Problem]:
    return codec.read(kind, value).unknown
