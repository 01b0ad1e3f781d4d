"""`entra-policies explain`: which policy of each kind takes effect for an application, why, and what else decides."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..definitions import KINDS, Kind, codec
from ..definitions.effect import Said
from ..definitions.paths import in_graph
from ..graph import policies, targets
from ..graph.errors import GraphError, NotFound, told_to_operator
from ..lifecycle import application, holdings
from ..lifecycle.application import Application
from ..lifecycle.holdings import Holding
from ..lifecycle.refusals import a
from ..lifecycle.run import Run
from ..settings import Settings
from . import verdict
from .explanation import Explanation, KindExplained, Policy
from .verdict import Verdict

VERSION = 1
_DEFAULT = "isOrganizationDefault"
_WITHOUT_APPLICATION = ("ManagedIdentity", "Legacy")
"""Types of service principals that have no application in any tenant.

Source: https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals
"""


def read(settings: Settings, text: str, tell: Callable[[str], None]) -> Explanation:
    """All kinds, for the application that is named so. Reads alone. Raises EntraError, SettingsError.

    A kind that may not be read says so; only if that is all of them it is an error.
    """
    return asyncio.run(_read(settings, text, tell))


async def _read(settings: Settings, text: str, tell: Callable[[str], None]) -> Explanation:
    run = Run(settings, tell=tell)
    try:
        tenant_id = await run.connection.tenant_id()
        found = await application.find(run, text)
        answers = await asyncio.gather(*(_attempt(run, kind, found) for kind in KINDS.values()))
    finally:
        await run.close()
    refused = [answer for answer in answers if isinstance(answer, GraphError)]
    if len(refused) == len(answers):
        raise refused[0]
    kinds = [
        answer if isinstance(answer, KindExplained) else _unread(kind, answer)
        for kind, answer in zip(KINDS.values(), answers, strict=True)
    ]
    return _explanation(tenant_id, found, kinds)


def _explanation(tenant_id: str, found: Application, kinds: Sequence[KindExplained]) -> Explanation:
    own, principal = found.half("applications"), found.half("servicePrincipals")
    return Explanation(
        VERSION,
        tenant_id,
        found.client_id,
        found.name,
        own.id if own else None,
        principal.id if principal else None,
        list(_about(found, tenant_id)),
        kinds,
    )


def _about(found: Application, tenant_id: str) -> Iterator[Said]:
    """What decides before any policy does."""
    principal = found.half("servicePrincipals")
    if principal is None:
        yield Said(
            "Nobody can sign in to it in this tenant, which has no service principal of it "
            f"(az ad sp create --id {found.client_id}); what follows is what it would get.",
            "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals",
        )
        return
    if principal.facts["accountEnabled"] is False:
        yield Said(
            "Nobody can sign in to it: its service principal is disabled.",
            "https://learn.microsoft.com/graph/api/resources/serviceprincipal",
        )
    if _hides_application(found):
        owner = principal.facts["appOwnerOrganizationId"]
        where = f"registered in tenant {owner}" if owner and owner != tenant_id else "not found in this tenant"
        yield Said(
            f"Its application is {where}: what the application itself has there cannot be seen from here.",
            "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals",
        )


def _hides_application(found: Application) -> bool:
    """Whether there is an application somewhere that this tenant does not show."""
    principal = found.half("servicePrincipals")
    has_one = principal is None or principal.facts["servicePrincipalType"] not in _WITHOUT_APPLICATION
    return has_one and found.half("applications") is None


def _unread(kind: Kind, error: GraphError) -> KindExplained:
    return KindExplained(kind.name, kind.noun, "unread", source=kind.effect.source, error=told_to_operator(error))


async def _attempt(run: Run, kind: Kind, found: Application) -> KindExplained | GraphError:
    try:
        return await _kind(run, kind, found)
    except GraphError as refused:
        return refused


async def _kind(run: Run, kind: Kind, found: Application) -> KindExplained:
    held = await holdings.of_kind(run, kind, found)
    unseen = ["applications"] if _hides_application(found) else []
    judged = verdict.judged(kind, held, found.client_id, unseen)
    return KindExplained(
        kind.name,
        kind.noun,
        judged.outcome,
        policies=_policies(kind, found, judged.candidates),
        unseen=judged.unseen,
        why=judged.why,
        warnings=[*await _warnings(run, kind, found, judged), *verdict.crowds(kind, held)],
        not_in_effect=[_policy(kind, found, [lost.holding], lost.why) for lost in judged.beaten],
        built_in=kind.effect.built_in,
        also=kind.effect.also,
        source=kind.effect.source,
    )


async def _warnings(run: Run, kind: Kind, found: Application, judged: Verdict) -> list[Said]:
    """What keeps a policy that comes first from doing what it says."""
    if not judged.candidates:
        return []
    facts = {name: value for half in found.halves.values() for name, value in half.facts.items()}
    excepted = [one for one in kind.effect.excepted if facts.get(one.property) in one.values]
    return [*excepted, *await _needs(run, kind, found)]


async def _needs(run: Run, kind: Kind, found: Application) -> list[Said]:
    """What the application has to have for a policy of the kind, and has not."""
    principal = found.half("servicePrincipals")
    if not kind.assignment_doubt or principal is None:
        return []
    need = f"{a(kind.noun).capitalize()} {kind.assignment_doubt}"
    try:
        met = await targets.maps_claims(run.connection, principal)
    except NotFound:
        unseen = "Whether it has the former cannot be seen from this tenant; the latter it has not."
        return [Said(f"{need}. {unseen}", targets.MAPS_CLAIMS)]
    return [] if met else [Said(f"{need}. This one has neither.", targets.MAPS_CLAIMS)]


def _policies(kind: Kind, found: Application, candidates: Sequence[Holding]) -> list[Policy]:
    """Each policy once, with all its places."""
    by_id: dict[str, list[Holding]] = {}
    for held in candidates:
        by_id.setdefault(held.policy.id, []).append(held)
    return [_policy(kind, found, held) for held in by_id.values()]


def _policy(kind: Kind, found: Application, held: Sequence[Holding], why: str = "") -> Policy:
    policy = held[0].policy
    bag = codec.from_graph(kind, policy.definition)
    readable = codec.UNREADABLE not in bag
    counts = kind.effect.share(bag, found.client_id) if readable else None
    return Policy(
        policy.id,
        policy.display_name,
        [one.place for one in held],
        _in_graph(kind, bag) if readable else policy.definition,
        _in_graph(kind, counts or {}),
        why,
        list(_notes(kind, policy, bag)) if not why else [],
    )


def _in_graph(kind: Kind, bag: Mapping[str, Any]) -> Any:
    return json.loads(codec.to_graph(kind, bag))[kind.name]


def _notes(kind: Kind, policy: policies.Policy, bag: Mapping[str, Any]) -> Iterator[str]:
    """What of it the service ignores, or does otherwise than one might think."""
    if codec.UNREADABLE in bag:
        yield "Its definition has no reading here: what the service makes of it, nobody here can tell."
        return
    for problem in codec.warnings(kind, bag, policy.is_organization_default):
        if problem.path != _DEFAULT:  # which the order says
            yield f"{in_graph(kind, problem.path)} {problem.reason}."
    for path in codec.unknown_keys(kind, dict(bag)):
        yield f"{in_graph(kind, path)} is not known here: whether the service heeds it, nobody here can tell."
