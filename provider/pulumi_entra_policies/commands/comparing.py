"""`entra-policies compare`: what differs between two sides, by meaning: policy by policy, assignment by assignment.

What cannot be told, because a value is a secret or an id is of one tenant alone, is said and never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

from ..definitions import KINDS
from ..graph.errors import EntraError
from . import differing, pairing
from .differing import Difference
from .matching import Matching
from .pairing import Assignments
from .side import Assignment, Policy, Side

Result = Literal["same", "different", "missing", "notCompared"]
RESULTS: tuple[Result, ...] = get_args(Result)
HIDDEN = "not compared: a secret; in a file that pulumi stack export --show-secrets has written, it is (and not shown)"
UNTOLD = "not compared: it has no name that is good on both sides"
BY_RESOURCE = f"{UNTOLD}; the program has it in the same resource"
UNNAMED = "not compared: what names it is a secret"
NAMELESS = "not compared: its name or that of another one is a secret, so nobody can tell which is which"
_ORDER = list(KINDS)

Item = TypeVar("Item", Policy, Assignment)
Left = tuple[Item, tuple[Item | None, Item | None], bool]


@dataclass(frozen=True)
class Entry:
    """A policy or an assignment, as each side has it. `notes` say what could not be compared, and why."""

    sides: tuple[Policy | Assignment | None, Policy | Assignment | None]
    differences: Sequence[Difference] = ()
    notes: Sequence[str] = ()
    is_told: bool = True
    """Whether all could be compared that has to be."""

    which: str = ""
    """What tells it from others of its name, if there are any."""

    @property
    def result(self) -> Result:
        if self.differences:
            return "different"
        if not self.is_told:
            return "notCompared"
        return "missing" if None in self.sides else "same"

    @property
    def item(self) -> Policy | Assignment:
        """As the first side has it that does."""
        return next(one for one in self.sides if one is not None)

    def __str__(self) -> str:
        return f"{self.item} ({self.which})" if self.which else str(self.item)


@dataclass(frozen=True)
class Comparison:
    """All that was compared. `switches`: how many differ in what their programs alone know, where that was left out."""

    sides: tuple[Side, Side]
    entries: Sequence[Entry]
    switches: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        return Counter(entry.result for entry in self.entries)

    @property
    def is_same(self) -> bool:
        return all(entry.result == "same" for entry in self.entries)


def compare(left: Side, right: Side, *, switches: bool = False) -> Comparison:
    """Everything of both. Raises EntraError if there is nothing to compare."""
    _refuse_senseless(left, right)
    policies = pairing.policies(left, right)
    assignments = Assignments(left, right, policies)
    pairs: list[tuple[Policy | Assignment, Policy | Assignment]]
    pairs = [*policies.pairs, *assignments.matching.pairs]
    of_states = "tenant" not in (left.origin, right.origin)
    left_out = sum(one.switches != other.switches for one, other in pairs) if of_states and not switches else 0
    entries = [*_policies(_Twins(left, right), policies, switches), *_assignments(assignments, switches)]
    return Comparison((left, right), sorted(entries, key=_place), left_out)


def _refuse_senseless(left: Side, right: Side) -> None:
    what = f"cannot compare {left.label} with {right.label}"
    if left.tenant_id and left.tenant_id == right.tenant_id:
        raise EntraError(what, f"both are the tenant {left.tenant_id}", "name two tenants, or a tenant and a state")
    if left.origin == right.origin == "stack" and left.resources and left.resources == right.resources:
        raise EntraError(what, "both are one and the same stack", "name two stacks; pulumi stack ls lists them")
    if not any((left.policies, left.assignments, right.policies, right.assignments)):
        reason = "neither has a policy or an assignment of this package"
        raise EntraError(what, reason, "check that these are the stacks, files or tenants that you mean")


class _Twins:
    """How many policies of each side have a name: display names are not unique."""

    def __init__(self, *sides: Side) -> None:
        self._labels = [side.label for side in sides]
        self._names = [Counter((one.kind.name, one.name) for one in side.policies) for side in sides]

    def which(self, one: Policy) -> str:
        """What tells it from the others of its name, if there are any."""
        return one.resource if one.name is not None and max(self._counts(one)) > 1 else ""

    def note(self, one: Policy, *, is_told: bool) -> list[str]:
        if not self.which(one):
            return []
        (here, left), (there, right) = zip(self._counts(one), self._labels, strict=True)
        then = "told apart by id, resource or definition" if is_told else "which of them is which cannot be told"
        return [f"{here} of this name in {left}, {there} in {right}: {then}"]

    def _counts(self, one: Policy) -> list[int]:
        return [names[one.kind.name, one.name] for names in self._names]


def _policies(twins: _Twins, found: Matching[Policy], switches: bool) -> Iterator[Entry]:
    for one, other in found.pairs:
        differences = [*differing.of_policies(one, other), *_switches(one, other, switches)]
        entry = _entry(one, other, differences, twins.note(one, is_told=True))
        yield replace(entry, which=twins.which(one))
    for one, sides, is_untold in _left(found, pairing.untold):
        notes = twins.note(one, is_told=not is_untold) or ([NAMELESS] if is_untold else [])
        yield Entry(sides, notes=notes, is_told=not is_untold, which=twins.which(one))


def _assignments(found: Assignments, switches: bool) -> Iterator[Entry]:
    matching = found.matching
    for one, other in matching.pairs:
        yield _assignment(found, one, other, switches)
    for _, sides, is_untold in _left(matching, found.untold):
        yield Entry(sides, notes=[f"target or policy {UNTOLD}"] if is_untold else [], is_told=not is_untold)


def _left(found: Matching[Item], untold: Callable[[Sequence[Item], Sequence[Item]], set[Item]]) -> Iterator[Left[Item]]:
    """What only one side has, as far as that can be told."""
    for_left, for_right = untold(found.left, found.right), untold(found.right, found.left)
    yield from ((one, (one, None), one in for_left) for one in found.left)
    yield from ((one, (None, one), one in for_right) for one in found.right)


def _assignment(found: Assignments, one: Assignment, other: Assignment, switches: bool) -> Entry:
    """What cannot be told of two with one resource in the program is as good as the same; of others it is not."""
    is_one_resource = bool(one.path) and one.path == other.path
    differences, notes, is_told = [*_switches(one, other, switches)], list[str](), True
    for name, same, values in (
        ("policyType", one.kind == other.kind, (one.kind.name, other.kind.name)),
        ("policy", found.same_policy(one, other), _policies_of(one, other)),
        ("target", found.same_target(one, other), (str(one.target), str(other.target))),
    ):
        if same is False:
            differences.append(Difference(name, values))
        if same is None:
            is_hidden = name in one.hidden | other.hidden
            notes.append(f"{name} {UNNAMED if is_hidden else BY_RESOURCE if is_one_resource else UNTOLD}")
            is_told = is_told and is_one_resource and not is_hidden
    return _entry(one, other, differences, notes, is_told=is_told)


def _policies_of(one: Assignment, other: Assignment) -> tuple[str | None, str | None]:
    """By name, or, if both have one name, by id."""
    names = one.policy_name, other.policy_name
    return (one.policy_id, other.policy_id) if names[0] == names[1] else names


def _entry(
    one: Policy | Assignment,
    other: Policy | Assignment,
    found: Sequence[Difference],
    notes: Sequence[str],
    *,
    is_told: bool = True,
) -> Entry:
    secrets = [f"{difference.property} {HIDDEN}" for difference in found if not difference.is_told]
    differences = [difference for difference in found if difference.is_told]
    return Entry((one, other), differences, [*notes, *secrets], is_told and not secrets)


def _switches(one: Policy | Assignment, other: Policy | Assignment, are_wanted: bool) -> Iterator[Difference]:
    """What only the programs know: it does not take effect in a tenant."""
    if are_wanted:
        yield from differing.of_properties(one.switches, other.switches)


def _place(entry: Entry) -> tuple[bool, int, str]:
    return isinstance(entry.item, Assignment), _ORDER.index(entry.item.kind.name), str(entry.item)
