"""What an operator wants of a tenant: by kind, name, id and target. All that is said has to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..definitions import KINDS, Kind
from ..definitions.nearest import nearest
from ..definitions.targets import guid
from ..definitions.values import shown
from ..graph.errors import Ambiguous, EntraError, Missing, TargetMissing
from ..graph.policies import User
from ..lifecycle.inventory import Found, is_target
from ..lifecycle.run import Run


@dataclass(frozen=True)
class Selection:
    """Policies of these kinds; if any are given, with one of the names or ids; if one is given, those that it has.

    `target` is the object id or the client id of an application or service principal: an application and its service
    principal have the same client id. `by_client_id` says how targets are named.
    """

    kinds: Sequence[Kind]
    names: Sequence[str] = ()
    ids: Sequence[str] = ()
    target: str | None = None
    by_client_id: bool = False

    async def of(self, run: Run, everything: Sequence[Found]) -> list[Found]:
        """What is wanted, with the assignments that are wanted. Raises Missing, Ambiguous, TargetMissing."""
        chosen = [*everything] if not (self.names or self.ids) else self._named(everything)
        return chosen if self.target is None else await self._on_target(run, self.target, chosen)

    def _named(self, everything: Sequence[Found]) -> list[Found]:
        ids = {one.policy.id for name in self.names for one in self._of_name(everything, name)}
        for id_ in self.ids:
            if id_ not in (one.policy.id for one in everything):
                raise self._missing(f"with the id {id_}")
        return [one for one in everything if one.policy.id in {*ids, *self.ids}]

    def _of_name(self, everything: Sequence[Found], name: str) -> list[Found]:
        """One policy, or one of each kind."""
        found = [one for one in everything if one.name == name]
        if not found:
            raise self._missing(f"named {shown(name)}")
        for kind in self.kinds:
            twins = [one.policy.id for one in found if one.kind == kind]
            if len(twins) > 1:
                what = f"cannot tell which {kind.noun} {shown(name)} is meant"
                advice = f"say --id instead of --name, such as --id {twins[0]}; several times for several policies"
                raise Ambiguous(what, f"{len(twins)} have this name: {', '.join(twins)}", advice)
        return found

    def _missing(self, which: str) -> Missing:
        kinds = " or ".join(kind.noun for kind in self.kinds)
        advice = "check it, letter by letter, and the tenant; entra-policies import without it reads all there are"
        return Missing(f"cannot find a policy {which}", f"the tenant has no such {kinds}", advice)

    async def _on_target(self, run: Run, target: str, chosen: Sequence[Found]) -> list[Found]:
        """Those that it has, assigned to nobody else."""
        reduced = [replace(one, users=[user for user in one.users if _is(user, target)]) for one in chosen]
        on_it = [one for one in reduced if one.users]
        if not on_it and not await is_target(run, target):
            reason = f"there is no application or service principal with object id or client id {target}"
            raise TargetMissing("cannot find the target", reason, "check the id and the tenant")
        return on_it


def selection(
    kinds: Sequence[str], names: Sequence[str], ids: Sequence[str], target: str | None, *, by_client_id: bool
) -> Selection:
    """What the words of the command line mean. Raises EntraError for a kind that there is not, and for no id."""
    found = tuple(dict.fromkeys(map(_kind, kinds))) or tuple(KINDS.values())
    as_ids = [_guid("--id", id_) for id_ in ids]
    on = _guid("--target", target) if target is not None else None
    return Selection(found, names, as_ids, on, by_client_id)


def _kind(word: str) -> Kind:
    known = {spelling.lower(): kind for kind in KINDS.values() for spelling in (kind.name, kind.collection)}
    if word.lower() in known:
        return known[word.lower()]
    meant = nearest(word, KINDS)
    advice = f"did you mean {meant}? " if meant else ""
    raise EntraError(
        "cannot use --kind", f"there is no policy kind {shown(word)}", f"{advice}There are {', '.join(KINDS)}"
    )


def _guid(option: str, text: str) -> str:
    found = guid(text)
    if found is None:
        advice = "give a GUID, such as 00000000-0000-0000-0000-000000000000"
        raise EntraError(f"cannot use {option}", f"{shown(text)} is no id", advice)
    return found


def _is(user: User, target: str) -> bool:
    return target in (user.id.lower(), (user.client_id or "").lower())
