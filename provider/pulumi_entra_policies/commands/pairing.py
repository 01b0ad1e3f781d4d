"""Which policy and which assignment of one side is which of the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from itertools import chain

from ..definitions.values import plain
from .matching import Index, Matching
from .secrecy import Secret
from .side import Assignment, Names, Policy, Side, in_tenant, same


def policies(left: Side, right: Side) -> Matching[Policy]:
    """By id in one tenant, else by kind and name; several of one name by what tells them apart; what was renamed by
    its resource in the program."""
    found = Matching([*left.policies], [*right.policies])
    found.by(lambda one: in_tenant(one.tenant_id, one.kind.name, one.id).items())
    found.by(_named)
    found.by(lambda one: [(*name, one.path) for name in _named(one) if one.path])
    found.by(lambda one: [(*name, _meaning(one)) for name in _named(one)], alike=True)
    found.by(_named)
    found.by(lambda one: [(one.kind.name, one.path)] if one.path else [])
    return found


def untold(some: Iterable[Policy], others: Iterable[Policy]) -> set[Policy]:
    """Those of some that may be any of the others, as their names are the same or a secret."""
    known = {(one.kind.name, one.name) for one in others}
    kinds = {kind for kind, _ in known}

    def may_be(one: Policy) -> bool:
        if one.name is None:
            return one.kind.name in kinds
        return not known.isdisjoint({(one.kind.name, one.name), (one.kind.name, None)})

    return set(filter(may_be, some))


class Assignments:
    """Those of both sides, whose policies have been paired."""

    def __init__(self, left: Side, right: Side, paired: Matching[Policy]) -> None:
        numbers = {one: number for number, pair in enumerate(paired.pairs) for one in pair}
        self._policies: dict[Assignment, Names] = {}
        shared = {*_shared_names(left), *_shared_names(right)}
        for side in (left, right):
            managed = {(one.kind.name, one.id): numbers[one] for one in side.policies if one in numbers}
            self._policies |= {one: _policy_names(one, managed, shared) for one in side.assignments}
        self.matching = Matching([*left.assignments], [*right.assignments])
        self.matching.by(lambda one: [(*policy, *target) for policy in self._of(one) for target in _targets(one)])
        self.matching.by(lambda one: [(one.kind.name, *target) for target in _targets(one)])
        self.matching.by(lambda one: [one.path] if one.path else [])

    def same_policy(self, one: Assignment, other: Assignment) -> bool | None:
        """Whether both have one policy; None if that cannot be told."""
        return same(self._policies[one], self._policies[other])

    def same_target(self, one: Assignment, other: Assignment) -> bool | None:
        """Likewise."""
        if one.target.noun != other.target.noun:
            return False
        return same(one.target_names, other.target_names)

    def untold(self, some: Iterable[Assignment], others: Iterable[Assignment]) -> set[Assignment]:
        """Those of some that may be any of the others for all that anybody can tell."""
        indexes = Index(others, self._policies.__getitem__), Index(others, lambda other: other.target_names)

        def may_be(one: Assignment) -> bool:
            alike = indexes[0].like(self._policies[one]), indexes[1].like(one.target_names)
            fewest = min(alike, key=lambda groups: sum(map(len, groups)))
            return any(self._may_be(one, other) for other in chain.from_iterable(fewest))

        return set(filter(may_be, some))

    def _may_be(self, one: Assignment, other: Assignment) -> bool:
        return (
            one.kind == other.kind
            and self.same_policy(one, other) is not False
            and self.same_target(one, other) is not False
        )

    def _of(self, one: Assignment) -> Iterable[tuple[str, Hashable]]:
        return self._policies[one].items()


def _shared_names(side: Side) -> Iterable[tuple[str, str | None]]:
    """Kinds and names that several policies have, with those that are only assigned."""
    assigned = {(one.kind.name, one.policy_name, one.policy_id) for one in side.assignments}
    known = assigned | {(one.kind.name, one.name, one.id) for one in side.policies}
    names = Counter((kind, name) for kind, name, _ in known)
    return (name for name, number in names.items() if number > 1)


def _policy_names(
    one: Assignment, managed: Mapping[tuple[str, str], int], shared: Collection[tuple[str, str | None]]
) -> Names:
    """The policy's names: the pair that it is of, else its name, if no other one has it."""
    ids, pair = in_tenant(one.tenant_id, one.kind.name, one.policy_id), managed.get((one.kind.name, one.policy_id))
    if pair is not None:
        return {"policy": pair, **ids}
    name = one.kind.name, one.policy_name
    return ids if one.policy_name is None or name in shared else {"policy": name, **ids}


def _targets(one: Assignment) -> Iterable[tuple[str, Hashable]]:
    return one.target_names.items()


def _named(one: Policy) -> list[tuple[Hashable, ...]]:
    return [] if one.name is None else [(one.kind.name, one.name)]


def _meaning(one: Policy) -> Hashable:
    if isinstance(one.definition, Secret):
        return id(one)  # like no other
    return json.dumps([plain(one.definition), one.properties["isOrganizationDefault"] is True], sort_keys=True)
