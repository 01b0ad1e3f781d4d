"""What is doubtful about a policy's arguments, said on its resource, unless the program says that it is meant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from ..definitions import Kind, codec, paths
from ..definitions.values import Problem, shown
from .arguments import holds_output


@dataclass(frozen=True)
class Doubts:
    """The warnings of one policy; `accepted` are the paths of those that are not to be given."""

    policy: pulumi.Resource
    who: str
    kind: Kind
    accepted: Sequence[str]
    _said: list[Problem] = field(default_factory=list)

    def checked(self, given: Any, definition: Any) -> Any:
        """The definition in its normal form, once every accepted path is seen to name something.

        `given` is the definition as the user wrote it. What is known of it in parts may yet have what a path names.
        Raises pulumi.RunError, or the output does.
        """
        if self.accepted and isinstance(definition, pulumi.Output):
            return pulumi.Output.all(given, definition).apply(lambda known: self.checked(*known))
        if not holds_output(definition):
            self._refuse_mistaken(given)
        return definition

    def tell(self, given: Any, definition: Any, organization_default: Any) -> None:
        """Warn now, and of what more there is when all is known."""
        self._tell(given, definition, organization_default)
        if holds_output([definition, organization_default]):
            pulumi.Output.all(given, definition, organization_default).apply(lambda known: self._tell(*known))

    def _refuse_mistaken(self, given: Any) -> None:
        if not self.accepted:
            return
        unknown = [self._spelled(problem.path) for problem in codec.read(self.kind, given).unknown]
        for path in self.accepted:
            if paths.normal(self.kind, path) is None and not self._covered(path, unknown):
                meant = paths.nearest_to(self.kind, path)
                found = f"did you mean {shown(self._spelled(meant))}?" if meant else ""
                raise pulumi.RunError(
                    f"{self.who}: accept_warnings has {shown(path)}, which names nothing here; "
                    + (found or "give the path that a warning begins with")
                )

    def _tell(self, given: Any, definition: Any, organization_default: Any) -> None:
        unknown = codec.read(self.kind, given).unknown
        for doubt in [*unknown, *codec.warnings(self.kind, definition, organization_default)]:
            if doubt not in self._said:
                self._said.append(doubt)
                self._warn(doubt)

    def _warn(self, doubt: Problem) -> None:
        path = self._spelled(doubt.path)
        if not any(self._covered(accepted, [path]) for accepted in self.accepted):
            advice = f"if that is meant, accept_warnings={json.dumps([path])} on this resource silences it"
            pulumi.log.warn(f"{path} {doubt.reason} ({advice})", resource=self.policy)

    def _covered(self, accepted: str, found: Sequence[str]) -> bool:
        return any(paths.covers(self._spelled(accepted), path) for path in found)

    def _spelled(self, path: str) -> str:
        return paths.in_python(self.kind, path)
