"""Every operation, with every fault at every one of its requests; afterwards as Pulumi would go on.

An operation is repeated like an `up` after a failed one: by a new process, with the state that the failed run has left,
which is the old one. Then the tenant has to be as declared, with nothing twice, and a refresh has to see no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from tests.lifecycle.tenant import KIND, Tenant

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.graph.errors import AlreadyThere, EntraError
from pulumi_entra_policies.lifecycle import assignment, policy
from pulumi_entra_policies.lifecycle.outcomes import Live

Bag = dict[str, Any]
LIFETIME = KINDS["TokenLifetimePolicy"]
PORTAL = {"displayName": "Portal", "definition": {"version": 1, "samlTokenVersion": "2.0"}}
OLDER = {"displayName": "Older", "definition": {"version": 1, "samlTokenVersion": "1.1"}}
IDLE = {"displayName": "Idle", "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}}

FAULTS: dict[str, Bag] = {
    **{f"{status} before": {"status": status} for status in (500, 502, 503, 504)},
    **{f"{status} after the commit": {"status": status, "when": "after"} for status in (500, 502, 503, 504)},
    "429": {"status": 429},
    "429, Retry-After 7": {"status": 429, "headers": {"Retry-After": "7"}},
    "429, Retry-After 315": {"status": 429, "headers": {"Retry-After": "315"}},
    "409 concurrency": {"status": 409},
    "403": {"status": 403},
    "404 of a late replica": {
        "status": 404,
        "code": "Request_ResourceNotFound",
        "message": "Resource '' does not exist",
    },
    "400 not replicated yet": {"status": 400, "code": "Request_BadRequest", "message": "Not a valid reference update"},
    "connection closed before": {"drop": True},
    "connection closed after the commit": {"drop": True, "when": "after"},
    "closed in the middle of the body": {"drop": "body"},
    "200 with broken JSON": {"status": 200, "body": '{"value":[{"error":'},
    "a gateway's page": {"status": 502, "body": "<html>Bad gateway</html>"},
    "slow answer": {"delay": 0.01},
}


@dataclass
class World:
    """A tenant with a portal, and what Pulumi's state says."""

    tenant: Tenant
    portal: Registration
    ids: dict[str, str] = field(default_factory=dict)

    def run(self, verb: Coroutine[Any, Any, Any]) -> Any:
        return self.tenant.run(verb)

    def made(self, inputs: Bag, kind: Any = KIND) -> Live:
        live: Live = self.run(policy.create(kind, self.tenant.process, inputs))
        self.ids[inputs["displayName"]] = live.id
        return live

    def assigned(self, name: str, **more: Any) -> Bag:
        target = {} if "applicationClientId" in more else {"applicationId": self.portal.object_id}
        return {"policyId": self.ids[name], "policyType": KIND.name, **target, **more}

    def new_process(self) -> None:
        self.run(self.tenant.process.close())
        self.tenant.process = self.tenant.connect()

    @property
    def process(self) -> Any:
        return self.tenant.process


@dataclass(frozen=True)
class Operation:
    """`prepare` gives the state before; `act` runs the verb on it, and returns the state after, None for nothing.

    `declared` is what the tenant then has: the names of policies, and of those that the portal carries. `inputs` are
    what the program says, for the preview that must be empty.
    """

    name: str
    prepare: Callable[[World], Live | None]
    act: Callable[[World, Live | None], Any]
    policies: tuple[str, ...]
    carried: tuple[str, ...] = ()
    kind: Any = KIND
    inputs: Callable[[World], Bag] | None = None


def _create(inputs: Bag, kind: Any = KIND) -> Callable[[World, Live | None], Live]:
    def act(world: World, state: Live | None) -> Live:
        return world.made(inputs, kind)

    return act


def _import_policy(world: World, state: Live | None) -> Live:
    return world.made({**PORTAL, "importId": world.ids["Portal"]})


def _import_assignment(world: World, state: Live | None) -> Live:
    slot = f"applications/{world.portal.object_id}/{KIND.collection}"
    live: Live = world.run(assignment.create(world.process, world.assigned("Portal", importId=slot)))
    return live


def _assign(name: str, **more: Any) -> Callable[[World, Live | None], Live]:
    def act(world: World, state: Live | None) -> Live:
        target = {way: world.portal.client_id for way in ("applicationClientId",) if more.get("by") == "client id"}
        taking = {"replaceExisting": True} if more.get("replace") else {}
        live: Live = world.run(assignment.create(world.process, world.assigned(name, **target, **taking)))
        return live

    return act


def _assign_again(world: World, state: Live | None) -> None:
    """A create of what is there: never a success, whatever is lost on the way."""
    try:
        world.run(assignment.create(world.process, world.assigned("Portal")))
    except AlreadyThere:
        return
    raise AssertionError("shared")


def _portal_has(name: str) -> Callable[[World], Live]:
    def prepare(world: World) -> Live:
        for inputs in (PORTAL, OLDER):
            world.made(inputs)
        live: Live = world.run(assignment.create(world.process, world.assigned(name)))
        return live

    return prepare


def _only_policies(world: World) -> None:
    for inputs in (PORTAL, OLDER):
        world.made(inputs)


def _update(kind: Any, new: Bag) -> Callable[[World, Live | None], Live]:
    def act(world: World, state: Live | None) -> Live:
        assert state is not None
        live: Live = world.run(policy.update(kind, world.process, state.id, state.outputs, new))
        return live

    return act


def _read(verb: Any) -> Callable[[World, Live | None], Live]:
    def act(world: World, state: Live | None) -> Live:
        assert state is not None
        live: Live = world.run(verb(world.process, state.id, state.outputs))
        return live

    return act


def _delete(verb: Any) -> Callable[[World, Live | None], None]:
    def act(world: World, state: Live | None) -> None:
        assert state is not None
        world.run(verb(world.process, state.id, state.outputs))

    return act


def _shared(act: Callable[[World, Live | None], Any]) -> Callable[[World, Live | None], Any]:
    """As one of so many that the run looks at all of them at once."""

    def among_many(world: World, state: Live | None) -> Any:
        world.process.picture._questions = 1000
        return act(world, state)

    return among_many


def _swap(world: World, state: Live | None) -> Live:
    assert state is not None
    live: Live = world.run(assignment.update(world.process, state.id, state.outputs, world.assigned("Portal")))
    return live


def _of(kind: Any, verb: Any) -> Callable[..., Any]:
    return lambda connection, id_, state: verb(kind, connection, id_, state)


BOTH = ("Older", "Portal")
CHANGED = {**PORTAL, "definition": {"version": 1, "samlTokenVersion": "1.1"}}
DEFAULT = {**IDLE, "isOrganizationDefault": True}
OPERATIONS = (
    Operation("create a policy", lambda world: None, _create(PORTAL), ("Portal",), inputs=lambda world: PORTAL),
    Operation(
        "create the organisation's default",
        lambda world: None,
        _create(DEFAULT, LIFETIME),
        ("Idle",),
        kind=LIFETIME,
        inputs=lambda world: DEFAULT,
    ),
    Operation(
        "import a policy",
        lambda world: world.made(PORTAL) and None,
        _import_policy,
        ("Portal",),
        inputs=lambda world: PORTAL,
    ),
    Operation("read a policy", lambda world: world.made(PORTAL), _read(_of(KIND, policy.read)), ("Portal",)),
    Operation(
        "change a policy",
        lambda world: world.made(PORTAL),
        _update(KIND, CHANGED),
        ("Portal",),
        inputs=lambda world: CHANGED,
    ),
    Operation(
        "make a policy the default",
        lambda world: world.made(IDLE, LIFETIME),
        _update(LIFETIME, DEFAULT),
        ("Idle",),
        kind=LIFETIME,
        inputs=lambda world: DEFAULT,
    ),
    Operation("delete a policy", lambda world: world.made(PORTAL), _delete(_of(KIND, policy.delete)), ()),
    Operation("assign", _only_policies, _assign("Portal"), BOTH, ("Portal",)),
    Operation(
        "assign what is there already",
        lambda world: _portal_has("Portal")(world) and None,
        _assign_again,
        BOTH,
        ("Portal",),
    ),
    Operation("assign by client id", _only_policies, _assign("Portal", by="client id"), BOTH, ("Portal",)),
    Operation(
        "take a taken slot",
        lambda world: _portal_has("Older")(world) and None,
        _assign("Portal", replace=True),
        BOTH,
        ("Portal",),
    ),
    Operation(
        "import an assignment",
        lambda world: _portal_has("Portal")(world) and None,
        _import_assignment,
        BOTH,
        ("Portal",),
    ),
    Operation("read an assignment", _portal_has("Portal"), _read(assignment.read), BOTH, ("Portal",)),
    Operation("swap the policy of a slot", _portal_has("Older"), _swap, BOTH, ("Portal",)),
    Operation("remove an assignment", _portal_has("Portal"), _delete(assignment.delete), BOTH),
    Operation(
        "read a policy, one of many",
        lambda world: world.made(PORTAL),
        _shared(_read(_of(KIND, policy.read))),
        ("Portal",),
    ),
    Operation(
        "delete a policy, one of many", lambda world: world.made(PORTAL), _shared(_delete(_of(KIND, policy.delete))), ()
    ),
    Operation(
        "read an assignment, one of many", _portal_has("Portal"), _shared(_read(assignment.read)), BOTH, ("Portal",)
    ),
)


def cells(world: Callable[[], World], operation: Operation) -> tuple[int, Counter[str]]:
    """How many requests the operation sends when all goes well, and how its cells ended."""
    requests = _requests(world(), operation)
    ended = Counter(
        _cell(world(), operation, request, fault) for request in range(requests) for fault in FAULTS.values()
    )
    return requests, ended


def _requests(world: World, operation: Operation) -> int:
    state = _prepared(world, operation)
    operation.act(world, state)
    return len(world.tenant.requests())


def _prepared(world: World, operation: Operation) -> Live | None:
    state = operation.prepare(world)
    world.tenant.pass_time(3600)  # all of it was long ago
    world.new_process()
    world.tenant.graph.clear_journal()
    return state


def _cell(world: World, operation: Operation, request: int, fault: Bag) -> str:
    """`at once`, or `by the next up`; anything else is an exception."""
    state = _prepared(world, operation)
    world.tenant.graph.fault(skip=request, **fault)
    ended = "at once"
    try:
        state_after = operation.act(world, state)
    except EntraError:
        ended = "by the next up"
        world.new_process()
        state_after = operation.act(world, state)
    _compare(world, operation, state_after)
    return ended


def _compare(world: World, operation: Operation, state: Live | None) -> None:
    """Tenant, state and program say the same."""
    snapshot = world.tenant.graph.directory.snapshot()
    names = {one["id"]: one["displayName"] for one in snapshot["policies"][operation.kind.collection]}
    assert sorted(names.values()) == sorted(operation.policies)
    assert [names[reference["policyId"]] for reference in snapshot["references"]] == list(operation.carried)
    if state is None:
        return
    world.new_process()
    verb = assignment.read if "policyId" in state.inputs else _of(operation.kind, policy.read)
    seen = world.run(verb(world.process, state.id, state.outputs))
    declared = operation.inputs(world) if operation.inputs else state.inputs
    plan = assignment.diff if "policyId" in state.inputs else lambda old, new: policy.diff(operation.kind, old, new)
    assert seen is not None
    assert not plan(seen.outputs, declared).changed
    assert not plan(state.outputs, declared).changed
