"""`entra-policies explain`: which policy of each kind takes effect for an application, why, and what else decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ..definitions import KINDS, Kind
from ..definitions.effect import Said
from ..graph import targets
from ..graph.errors import GraphError, NotFound, told_to_operator
from ..lifecycle import application, holdings
from ..lifecycle.application import Application
from ..lifecycle.refusals import a
from ..lifecycle.run import Run
from ..settings import Settings
from . import halves, policy, verdict
from .explanation import Explanation, KindExplained
from .verdict import Verdict

VERSION = 1


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
        list(halves.about(found, tenant_id)),
        kinds,
    )


def _unread(kind: Kind, error: GraphError) -> KindExplained:
    return KindExplained(kind.name, kind.noun, "unread", source=kind.effect.source, error=told_to_operator(error))


async def _attempt(run: Run, kind: Kind, found: Application) -> KindExplained | GraphError:
    try:
        return await _kind(run, kind, found)
    except GraphError as refused:
        return refused


async def _kind(run: Run, kind: Kind, found: Application) -> KindExplained:
    held = await holdings.of_kind(run, kind, found)
    unseen = ["applications"] if halves.hides_application(found) else []
    judged = verdict.judged(kind, held, found.client_id, unseen)
    return KindExplained(
        kind.name,
        kind.noun,
        judged.outcome,
        policies=policy.each_once(kind, found.client_id, judged.candidates),
        unseen=judged.unseen,
        why=judged.why,
        warnings=[*await _warnings(run, kind, found, judged), *verdict.crowds(kind, held)],
        not_in_effect=[policy.said(kind, found.client_id, [lost.holding], lost.why) for lost in judged.beaten],
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
