"""What differs between the stacks, read once and checked as a whole: one message names everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pulumi

from pulumi_entra_policies import SigningAlgorithm

from .rules import EVERYWHERE, PRODUCTION, Rules

ALGORITHMS = {"rsa-sha256": SigningAlgorithm.RSA_SHA256, "rsa-sha1": SigningAlgorithm.RSA_SHA1}


@dataclass(frozen=True)
class Environment:
    """A stack's configuration."""

    production: bool
    signing_algorithm: SigningAlgorithm
    access_token_lifetime: timedelta

    @property
    def rules(self) -> Rules:
        return PRODUCTION if self.production else EVERYWHERE

    @classmethod
    def load(cls, config: pulumi.Config) -> Environment:
        """Raises pulumi.RunError that lists every value that is missing or wrong."""
        values: dict[str, Any] = {}
        problems = []
        for name, (key, read) in _VALUES.items():
            text = config.get(key)
            try:
                values[name] = read(text or "")
            except ValueError as error:
                problems.append(f"  {config.name}:{key} must be {error}, not {text or 'missing'}")
        if problems:
            raise pulumi.RunError(f"Pulumi.{pulumi.get_stack()}.yaml:\n" + "\n".join(problems))
        return cls(**values)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return text == "true"


def _algorithm(text: str) -> SigningAlgorithm:
    if text not in ALGORITHMS:
        raise ValueError(" or ".join(ALGORITHMS))
    return ALGORITHMS[text]


def _duration(text: str) -> timedelta:
    if not re.fullmatch(r"\d\d:[0-5]\d:[0-5]\d", text, re.ASCII):
        raise ValueError("of the form hh:mm:ss")
    hours, minutes, seconds = map(int, text.split(":"))
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not duration:
        raise ValueError("longer than nothing")
    return duration


_VALUES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "production": ("production", _boolean),
    "signing_algorithm": ("signingAlgorithm", _algorithm),
    "access_token_lifetime": ("accessTokenLifetime", _duration),
}
