"""A comparison as JSON for other programs: keys and results stay as they are, notes are for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .comparing import RESULTS, Comparison, Entry
from .side import Assignment, Policy, Side

FORMAT = 1
"""Of the document; another one if a key is taken away or means something else."""


def document(found: Comparison, shown: Sequence[Entry]) -> dict[str, Any]:
    """All of what is shown, and the counts of everything."""
    return {
        "format": FORMAT,
        "sides": list(map(_side, found.sides)),
        "counts": {result: found.counts[result] for result in RESULTS},
        "switchesDiffer": found.switches,
        "policies": [_policy(entry, entry.item) for entry in shown if isinstance(entry.item, Policy)],
        "assignments": [_assignment(entry, entry.item) for entry in shown if isinstance(entry.item, Assignment)],
    }


def _side(side: Side) -> dict[str, Any]:
    of_policies, of_assignments = ({one.tenant_id for one in some} for some in (side.policies, side.assignments))
    tenants = {side.tenant_id, *of_policies, *of_assignments}
    return {"name": side.label, "origin": side.origin, "tenantIds": sorted(filter(None, tenants))}


def _policy(entry: Entry, policy: Policy) -> dict[str, Any]:
    ids = [one.id if isinstance(one, Policy) else None for one in entry.sides]
    return {"kind": policy.kind.name, "displayName": policy.name, "ids": ids, **_result(entry)}


def _assignment(entry: Entry, assignment: Assignment) -> dict[str, Any]:
    targets = [one.target if isinstance(one, Assignment) else None for one in entry.sides]
    target = {
        "type": assignment.target.noun,
        "displayName": next((one.display_name for one in targets if one and one.display_name), None),
        "names": {way: name for one in reversed(targets) if one for way, name in one.names.items()},
        "objectIds": [one and one.id for one in targets],
    }
    return {"kind": assignment.kind.name, "policy": assignment.policy_name, "target": target, **_result(entry)}


def _result(entry: Entry) -> dict[str, Any]:
    return {
        "result": entry.result,
        "there": [one is not None for one in entry.sides],
        "resources": [one.path or None if one else None for one in entry.sides],
        "differences": [{"property": one.property, "values": list(one.values)} for one in entry.differences],
        "notes": list(entry.notes),
    }
