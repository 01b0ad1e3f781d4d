"""Programs under Pulumi's mocks: no host runs there, so its check is made here, and the mocks stand for the tenant.

What is an output is never judged: under mocks it is whatever they made up, such as `portal_id` for an object id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockCallArgs, MockMonitor
from pulumi.runtime.settings import get_monitor

from ..definitions import Kind
from ..definitions.paths import in_python
from ..definitions.values import Problem


def is_on() -> bool:
    """Whether the program runs under `pulumi.runtime.set_mocks`."""
    return isinstance(get_monitor(), MockMonitor)


def refuse(who: str, kind: Kind | None, problems: Iterable[Problem]) -> None:
    """Raises pulumi.RunError with all of the problems, as the engine shows them."""
    lines = [f"{in_python(kind, problem.path)}: {problem.reason}" for problem in problems]
    if lines:
        raise pulumi.RunError("\n".join(f"{who} has a problem: {line}" for line in lines))


def asked(function: str, **arguments: str) -> Mapping[str, Any]:
    """What the mocks' `call` answers for a function of this package. Raises pulumi.RunError for its failures."""
    token, monitor = f"entra-policies:index:{function}", get_monitor()
    answer: Any = monitor.mocks.call(MockCallArgs(token, arguments, ""))  # type: ignore[union-attr]
    found, failures = answer if isinstance(answer, tuple) else (answer, None)
    if failures:
        raise pulumi.RunError("\n".join(f"{token}: {reason}" for _, reason in failures))
    result: Mapping[str, Any] = found or {}
    return result


def told(answer: Mapping[str, Any], name: str) -> Any:
    """What an answer of the mocks cannot leave out."""
    if name in answer:
        return answer[name]
    raise pulumi.RunError(f"the mocks' `call` answers a lookup of policies without {name!r}; see docs/testing.md")
