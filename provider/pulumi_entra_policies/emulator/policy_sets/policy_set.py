"""One set of policies as data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .checks import Check, one_of, record

APPLICATIONS = "applications"
SERVICE_PRINCIPALS = "servicePrincipals"

VERSION = {"Version": one_of("1")}


@dataclass(frozen=True)
class PolicySet:
    collection: str
    root_key: str
    targets: tuple[str, ...] = ()
    """The collections whose objects can carry a policy of this set."""
    shown_on: tuple[str, ...] = ()
    """Those that show the set, always empty: it is in the metadata, but nothing can be assigned there."""
    per_object: int = 1
    requires_version: bool = True
    honours_default: bool = False
    """The service follows isOrganizationDefault, so one policy at most may have it; without, it is only stored."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """For the known keys of a definition."""

    def accepts(self, definition: object) -> bool:
        """Whether this is an array of exactly one string of JSON with exactly this set's root key."""
        if not (isinstance(definition, list) and len(definition) == 1 and isinstance(definition[0], str)):
            return False
        content = _parsed(definition[0])
        if not (isinstance(content, dict) and list(content) == [self.root_key]):
            return False
        required = tuple(VERSION) if self.requires_version else ()
        return record({**VERSION, **self.checks}, required=required)(content[self.root_key])


def _parsed(text: str) -> Any:
    """The JSON value, or None if it is not JSON."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is Python's, not JSON's")
