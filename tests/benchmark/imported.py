"""A stack too large to be made: one policy with its four assignments is made, and the rest is written like it.

Nothing here knows the form of a state: ids, names and numbers are replaced in its text, and in the tenant's.
"""

from __future__ import annotations

import json
from typing import Any

from tests.benchmark.graph import Graph
from tests.emulator import large
from tests.engine.harness import Stack

GROUP = 4  # assignments of one policy


def fill(stack: Stack, graph: Graph, policies: int, first: int) -> None:
    """Make a state with so many policies out of the stack's one, and the tenant that fits; `first`: its application."""
    tenant, state = graph.state(), json.loads(stack.run("stack", "export").text)
    kept = tenant["policies"]["tokenIssuancePolicies"]
    own = [policy for policy in kept if policy["displayName"] == "Policy 0000"]  # the do-nothing provider has none
    resources = state["deployment"]["resources"]
    pattern = [one for one in resources if one["urn"].rpartition("::")[2].startswith(("policy-", "assignment-"))]
    references = tenant["references"][-GROUP:] if own else []
    for number in range(1, policies):
        changes = _changes(number, first) + [(one["id"], large.guid(large.POLICY, first + number)) for one in own]
        for lines, copied in ((resources, pattern), (kept, own), (tenant["references"], references)):
            lines += json.loads(_replaced(json.dumps(copied), changes))
    graph.load(tenant)
    file = stack.folder / "state.json"
    file.write_text(json.dumps(state))
    stack.run("stack", "import", "--file", str(file))


def _changes(number: int, first: int) -> list[tuple[str, str]]:
    """Old text and new for the group of this number; no new one is an old one of another group."""
    changes = [(f"{word}0000", f"{word}{number:04}") for word in ("policy-", "Policy ")]
    for n in range(GROUP):
        other = GROUP * number + n
        changes.append((f"assignment-{n:04}", f"assignment-{other:04}"))
        changes.append((large.guid(large.APPLICATION, first + n), large.guid(large.APPLICATION, first + other)))
    return changes


def _replaced(text: str, changes: list[tuple[Any, Any]]) -> str:
    for old, new in changes:
        text = text.replace(old, new)
    return text
