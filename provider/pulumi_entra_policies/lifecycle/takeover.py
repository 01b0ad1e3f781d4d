"""Taking over what is in the tenant, by its id, and writing nothing: Pulumi's `import_`, as far as a create can do it.

It has to mean what the program says: name, definition and default; policy and target. Never what only the program
knows. Stricter than the engine's own import, on purpose: an import that then updates can lock people out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ..definitions import Kind, codec
from ..definitions.paths import in_python
from ..definitions.targets import Slot, guid
from ..definitions.values import Problem, is_known, shown, snake
from ..graph import references
from ..graph.errors import AlreadyThere, ImportDiffers, Missing, NotFound
from ..graph.policies import Policy
from . import existing, refusals
from .outcomes import Bag
from .run import Run

IMPORT = "importId"
"""The input that carries `import_` to create, and is never an output."""
_DEFAULT = "isOrganizationDefault"

Difference = tuple[str, Any, Any]


def policy_problems(inputs: Bag) -> list[Problem]:
    """Why a policy's `import_` is refused."""
    return _problems(inputs, "ifExists", "the id of a policy, a GUID", guid)


def assignment_problems(inputs: Bag, kind: Kind | None) -> list[Problem]:
    """Why an assignment's `import_` is refused."""
    example = f"applications/<object id>/{kind.collection if kind else 'tokenIssuancePolicies'}"
    return _problems(inputs, "replaceExisting", f"the slot, {example}", lambda text: _is_slot(text, kind))


def _problems(inputs: Bag, excluded: str, what: str, fits: Any) -> list[Problem]:
    value = inputs.get(IMPORT)
    if IMPORT not in inputs:
        return []
    if not is_known(value):
        return [Problem("import_", "has to be known when the program is previewed: give the id itself")]
    if inputs.get(excluded) not in (None, False):
        return [
            Problem("import_", f"takes over what is there; leave out {snake(excluded)}, which is for what is created")
        ]
    return [] if isinstance(value, str) and fits(value) else [Problem("import_", f"must be {what}, not {shown(value)}")]


def _is_slot(text: str, kind: Kind | None) -> bool:
    try:
        slot, _ = Slot.parse(text)
    except ValueError:
        return False
    return kind is None or slot.collection == kind.collection


async def import_policy(run: Run, kind: Kind, inputs: Bag) -> Policy:
    """The policy, which means what the program says. One GET. Raises Missing, ImportDiffers, AlreadyThere."""
    id_ = inputs[IMPORT].lower()
    what = f"cannot import {kind.noun} {id_}"
    if id_ in run.deleted:
        raise _missing(what, "this run has deleted it")
    with _claimed(run, what, id_, inputs):
        found = await existing.look_at(run, kind, id_)
        if found is None:
            raise _missing(what, (await refusals.missing_policy(run, kind, id_)).reason)
        _refuse_differences(what, kind, _policy_differences(kind, found, inputs))
    return found


async def import_assignment(run: Run, kind: Kind, slot: Slot, inputs: Bag) -> None:
    """Nothing, if the slot has the program's policy. One GET. `slot` is the program's own.

    Raises Missing, ImportDiffers, AlreadyThere.
    """
    imported, asked = Slot.parse(inputs[IMPORT])
    what = f"cannot import the assignment {imported}"
    if run.is_gone(imported.object_id, inputs["policyId"]):
        raise _missing(what, "this run has removed it")
    with _claimed(run, what, str(imported), inputs):
        there = await _assigned(run, kind, imported)
        if not there or (asked and asked not in there):
            lacking = f"{kind.noun} {asked}" if asked else f"any {kind.noun}"
            raise _missing(what, f"{imported.carrier} does not have {lacking}")
        _refuse_differences(what, kind, _assignment_differences(imported, slot, there, inputs["policyId"]))


async def _assigned(run: Run, kind: Kind, slot: Slot) -> list[str]:
    """The policies of the slot; none, if two looks find none."""
    try:
        found = await run.patience.until(
            f"{slot.carrier} has no {kind.noun}",
            lambda: references.assigned(run.connection, kind, slot),
            settled=lambda found: bool(found.ids),
            not_yet=(NotFound,),
            seconds=run.patience.doubt(missing=lambda found: True),
        )
    except NotFound:
        return []
    return found.ids


@contextmanager
def _claimed(run: Run, what: str, id_: str, inputs: Bag) -> Iterator[None]:
    """What is imported is this resource's alone; a delete of this run leaves it."""
    advice = "keep one resource for it; if one of them is its old name, take that out of the program"
    with run.claim(id_, AlreadyThere(what, "another resource of this program has it", advice)):
        yield
    run.keep(id_, inputs)


def _missing(what: str, reason: str) -> Missing:
    advice = (
        "check the id and the tenant; if this resource is to be made, or made anew, take import_ out of its options"
    )
    return Missing(what, reason, advice)


def _policy_differences(kind: Kind, found: Policy, inputs: Bag) -> Iterable[Difference]:
    if found.display_name != inputs["displayName"]:
        yield "display_name", found.display_name, inputs["displayName"]
    yield from codec.differences(kind, codec.from_graph(kind, found.definition), inputs["definition"])
    if kind.has_default and found.is_organization_default != bool(inputs.get(_DEFAULT)):
        yield "is_organization_default", found.is_organization_default, bool(inputs.get(_DEFAULT))


def _assignment_differences(imported: Slot, own: Slot, there: list[str], wanted: str) -> Iterable[Difference]:
    if imported != own:
        yield "target", imported.carrier, own.carrier
    if wanted not in there:
        yield "policy_id", " and ".join(there), wanted


def _refuse_differences(what: str, kind: Kind, differences: Iterable[Difference]) -> None:
    lines = [
        f"\n    {in_python(kind, path)}: {_word(theirs)} in the tenant, {_word(ours)} in the program"
        for path, theirs, ours in differences
    ]
    if lines:
        advice = (
            "make the program say what the tenant has and run pulumi up, which takes it over and writes nothing; then "
            "take import_ out, and change the program to what it should be"
        )
        raise ImportDiffers(what, f"it is not what the program says:{''.join(lines)}", advice)


def _word(value: Any) -> str:
    return "nothing" if value is None else shown(value) if not isinstance(value, (dict, list)) else json.dumps(value)
