"""What is odd about what a tenant has: it is said, in the program and to whoever asks, and never a reason to stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..definitions.values import escaped, named
from ..graph.policies import User
from ..lifecycle.inventory import Found
from ..lifecycle.refusals import a
from . import definition


class Oddities:
    """Of the policies of one tenant; some are odd only beside the others."""

    def __init__(self, everything: Sequence[Found]) -> None:
        self._names = Counter((one.kind.name, one.name) for one in everything)
        self._users = Counter((one.kind.name, user.id) for one in everything for user in one.users)

    def notes(self, found: Found) -> list[str]:
        """Everything about one policy, in sentences; a line each, whatever is in its names."""
        return list(map(escaped, self._notes(found)))

    def obstacle(self, found: Found, user: User) -> str | None:
        """Why no program can say that this object has the policy, if none can."""
        if user.target is None:
            return "which is neither an application nor a service principal"
        if user.target.collection not in found.kind.targets:
            return f"which {a(found.kind.noun)} cannot be assigned to"
        return "which has several policies of this kind" if self._users[found.kind.name, user.id] > 1 else None

    def _notes(self, found: Found) -> Iterator[str]:
        of_that_name = self._names[found.kind.name, found.name]
        if of_that_name > 1:
            yield f"{of_that_name} policies of this kind have this name; this one is {found.policy.id}."
        yield from definition.doubts(found.kind, found.policy)
        for user in found.users:
            if obstacle := self.obstacle(found, user):
                yield f"Also assigned to {user.noun} {named(user.name, user.id)}, {obstacle}: that is left as it is."
