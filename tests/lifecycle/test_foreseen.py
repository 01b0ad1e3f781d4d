"""What a preview says of creations and changes: what the verb itself would be refused with, and nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.output import Unknown
from tests.lifecycle.tenant import KIND, Tenant, slot, to

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.definitions.targets import TARGETS
from pulumi_entra_policies.emulator import Registration
from pulumi_entra_policies.lifecycle import allowance, assignment, foreseen, policy, preflight
from pulumi_entra_policies.lifecycle.outcomes import Finding, Refusal
from pulumi_entra_policies.lifecycle.run import Run

Bag = dict[str, Any]
Said = tuple[str, str]
UNKNOWN = Unknown()  # type: ignore[no-untyped-call]
NOWHERE = "00000000-0000-4000-8000-000000000000"
CLAIMS, LIFETIME = KINDS["ClaimsMappingPolicy"], KINDS["TokenLifetimePolicy"]
ENDS_IN = "as the tenant is now, pulumi up ends in "


@pytest.fixture(autouse=True)
def everything_granted(tenant: Tenant) -> Iterator[None]:
    yield
    tenant.graph.grant(None)
    tenant.graph.reset_faults()


def named(name: Any = "P", **more: Any) -> Bag:
    return {"displayName": name, "definition": {"version": 1}, **more}


class Preview:
    """A preview's run: what is asked of creations and changes, as words and the first of them."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.run: Run = tenant.connect()
        self.run.previews = True
        tenant.requests()

    def creates(self, inputs: Bag, kind: Any = KIND) -> list[Said]:
        return self._said(foreseen.of_new_policy(kind, self.run, inputs))

    def assigns(self, inputs: Bag) -> list[Said]:
        return self._said(foreseen.of_new_assignment(self.run, inputs))

    def changes(self, policy_id: str, old: Bag, new: Bag, assignments: int | None = None, kind: Any = KIND) -> Any:
        return self._said(foreseen.of_changed_policy(kind, self.run, policy_id, old, new, assignments))

    def swaps(self, id_: str, old: Bag, new: Bag) -> list[Said]:
        return self._said(foreseen.of_changed_assignment(self.run, id_, old, new))

    def _said(self, questions: Any) -> list[Said]:
        found = self.tenant.run(preflight.ask(self.run, questions))
        assert set(self.tenant.requests()) <= {"GET"}
        return [one(finding) for finding in found]


def one(finding: Finding | Refusal) -> Said:
    return (finding.severity, finding.text) if isinstance(finding, Finding) else ("error", finding.text)


@pytest.fixture
def preview(tenant: Tenant) -> Preview:
    return Preview(tenant)


def brief(said: list[Said]) -> list[Said]:
    """The severity, and of what is refused the error's name."""
    return [(severity, text.removeprefix(ENDS_IN).split(":")[0]) for severity, text in said]


# -- what is created ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exists", [None, "create"])
def test_name_that_is_taken_is_a_warning_unless_a_second_one_is_wanted(tenant: Tenant, exists: str | None) -> None:
    id_ = tenant.stranger("P")
    said = Preview(tenant).creates(named(ifExists=exists))
    assert brief(said) == ([] if exists else [("warning", "AlreadyThere")])
    assert exists or f'token issuance policy "P" ({id_}) with the same definition is already there' in said[0][1]


def test_name_that_two_resources_of_a_program_want_is_told_of_the_second(preview: Preview) -> None:
    assert [brief(preview.creates(named())) for _ in range(2)] == [[], [("warning", "AlreadyThere")]]


def test_second_default_is_a_warning_unless_this_program_is_seen_to_let_go(tenant: Tenant) -> None:
    directory = tenant.graph.directory
    body = {
        "displayName": "Old",
        "definition": ['{"TokenLifetimePolicy":{"Version":1}}'],
        "isOrganizationDefault": True,
    }
    holder = directory.create_policy(directory.policy_sets[LIFETIME.collection], body).id
    preview, new = Preview(tenant), named(isOrganizationDefault=True)
    assert brief(preview.creates(new, LIFETIME)) == [("warning", "DefaultTaken")]
    assert brief(preview.changes(NOWHERE, named(), new, kind=LIFETIME))[0] == ("warning", "DefaultTaken")
    assert preview.changes(holder, {**new, "displayName": "Old"}, named("Old"), kind=LIFETIME)[0][0] == "info"
    assert preview.creates({**new, "displayName": "New"}, LIFETIME) == []


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        (named("SAML"), None),
        (named("Other"), "ImportDiffers"),
        (named("SAML", definition={"version": 1, "samlTokenVersion": "1.1"}), "ImportDiffers"),
        (named("SAML", definition={"version": 1, "samlTokenVersion": UNKNOWN}), None),
        (named("SAML", definition={"version": 1, "claimsSchema": [UNKNOWN]}), None),
        (named("SAML", importId=NOWHERE), "Missing"),
    ],
    ids=["equal", "another name", "another definition", "not known yet", "an item not known yet", "not there"],
)
def test_import_that_differs_is_an_error(tenant: Tenant, inputs: Bag, error: str | None) -> None:
    id_ = tenant.stranger("SAML")
    said = Preview(tenant).creates({"importId": id_, **inputs})
    assert brief(said) == ([("error", error)] if error else [])


def test_default_whose_name_is_not_known_yet_is_told_in_words(tenant: Tenant, preview: Preview) -> None:
    new = named(UNKNOWN, isOrganizationDefault=True)
    said = [text for _ in range(2) for _, text in preview.creates(new, LIFETIME)]
    assert [text.partition(":")[2].splitlines()[0] for text in said] == [
        ' cannot make token lifetime policy "<not known yet>" the organisation\'s default:'
    ]


def test_what_is_not_known_yet_is_not_asked(tenant: Tenant, preview: Preview) -> None:
    preview.creates(named(UNKNOWN))
    preview.assigns({"policyId": NOWHERE, "policyType": UNKNOWN, "applicationId": NOWHERE})
    preview.assigns({"policyId": UNKNOWN, "policyType": KIND.name, "applicationId": UNKNOWN})
    preview.assigns({"policyId": UNKNOWN, "policyType": KIND.name, "applicationId": NOWHERE, "importId": "x"})
    assert tenant.graph.journal() == []


# -- assignments -------------------------------------------------------------------------------------------------------

WAYS_TO_FAIL: dict[str, tuple[Callable[[Tenant, Registration], Bag], list[Said]]] = {
    "nothing in the way": (lambda tenant, portal: to(portal, tenant.stranger()), []),
    "by client id": (lambda tenant, portal: by_client_id(tenant, portal.client_id), []),
    "by unique name": (lambda tenant, portal: by_unique_name(tenant, portal), []),
    "no such unique name, which this run may give": (
        lambda tenant, portal: {**by_unique_name(tenant, portal), "applicationUniqueName": "Portal"},
        [("warning", "TargetMissing")],
    ),
    "client id for a unique name": (
        lambda tenant, portal: {**by_unique_name(tenant, portal), "applicationUniqueName": portal.client_id},
        [("error", "WrongId")],
    ),
    "no such target": (
        lambda tenant, portal: to(portal, tenant.stranger(), applicationId=NOWHERE),
        [("error", "TargetMissing")],
    ),
    "no such client id": (lambda tenant, portal: by_client_id(tenant, NOWHERE), [("error", "TargetMissing")]),
    "no such service principal, which this run may make": (
        lambda tenant, portal: {
            "policyId": tenant.stranger(),
            "policyType": KIND.name,
            "servicePrincipalClientId": tenant.graph.create_application("New").client_id,
        },
        [("warning", "TargetMissing")],
    ),
    "client id for an object id": (
        lambda tenant, portal: to(portal, tenant.stranger(), applicationId=portal.client_id),
        [("error", "WrongId")],
    ),
    "deleted target": (lambda tenant, portal: deleted(tenant, portal), [("error", "TargetMissing")]),
    "policy of another kind": (
        lambda tenant, portal: to(portal, tenant.stranger(), policyType=LIFETIME.name),
        [("error", "WrongId")],
    ),
    "no such policy": (lambda tenant, portal: to(portal, NOWHERE), [("error", "WrongId")]),
    "another policy": (
        lambda tenant, portal: to(portal, placed(tenant, portal) and tenant.stranger("New")),
        [("warning", "PolicyConflict")],
    ),
    "another policy, ours not made yet": (
        lambda tenant, portal: {**to(portal, placed(tenant, portal)), "policyId": UNKNOWN},
        [("warning", "PolicyConflict")],
    ),
    "another policy, and it may go": (
        lambda tenant, portal: to(portal, placed(tenant, portal) and tenant.stranger("New"), replaceExisting=True),
        [("info", "replace_existing")],
    ),
    "exactly this": (lambda tenant, portal: to(portal, placed(tenant, portal)), [("warning", "AlreadyThere")]),
    "exactly this, and it may go": (
        lambda tenant, portal: to(portal, placed(tenant, portal), replaceExisting=True),
        [("warning", "AlreadyThere")],
    ),
    "import of what is there": (
        lambda tenant, portal: to(portal, placed(tenant, portal), importId=slot(portal)),
        [],
    ),
    "import of something else": (
        lambda tenant, portal: to(portal, placed(tenant, portal) and NOWHERE, importId=slot(portal)),
        [("error", "ImportDiffers")],
    ),
}


def placed(tenant: Tenant, portal: Registration) -> str:
    policy_id = tenant.stranger("Old")
    tenant.place(portal, policy_id)
    return policy_id


def by_client_id(tenant: Tenant, client_id: str) -> Bag:
    return {"policyId": tenant.stranger(), "policyType": KIND.name, "applicationClientId": client_id}


def by_unique_name(tenant: Tenant, portal: Registration) -> Bag:
    tenant.name(portal, "it's")
    return {"policyId": tenant.stranger(), "policyType": KIND.name, "applicationUniqueName": "it's"}


def deleted(tenant: Tenant, portal: Registration) -> Bag:
    directory = tenant.graph.directory
    directory.delete(directory.any(portal.object_id))
    return to(portal, tenant.stranger())


@pytest.mark.parametrize("others", [0, 100], ids=["all shown", "more than a page"])
@pytest.mark.parametrize("case", WAYS_TO_FAIL)
def test_assignment_that_would_be_refused(tenant: Tenant, portal: Registration, case: str, others: int) -> None:
    """In a tenant whose policies are all shown at once, and in one where each slot is read by itself."""
    make, expected = WAYS_TO_FAIL[case]
    inputs = make(tenant, portal)
    for number in range(others):
        tenant.stranger(f"Other {number}")
    assert brief(Preview(tenant).assigns(inputs)) == expected


def test_conflict_names_both_policies_and_the_target(tenant: Tenant, portal: Registration) -> None:
    old = placed(tenant, portal)
    (said,) = Preview(tenant).assigns({**to(portal, NOWHERE), "policyId": UNKNOWN})
    assert said == (
        "warning",
        f"{ENDS_IN}PolicyConflict: cannot assign token issuance policy that is to be made to application "
        f'"Portal" ({portal.object_id}):\n'
        f'  it already has token issuance policy "Old" ({old}), and Graph allows one per application.\n'
        "  To go on: remove that assignment, import it into this stack, or let this one take the place with "
        "replace_existing=True\n"
        "  (also when a policy moves between two resources of one program, or two assignments exchange their targets: "
        "Pulumi creates before it deletes).\n"
        "  It does not, if what is in the way is this resource's own, or of this program, and goes first.",
    )


def test_two_assignments_of_a_program_for_one_slot_are_told_of_the_second(tenant: Tenant, portal: Registration) -> None:
    inputs = to(portal, tenant.stranger())
    preview = Preview(tenant)
    assert [brief(preview.assigns(inputs)) for _ in range(2)] == [[], [("warning", "AlreadyThere")]]


@pytest.mark.parametrize(
    ("others", "expected"), [([], []), (["Third"], [("warning", "PolicyConflict")])], ids=["ours", "a third policy"]
)
def test_swap_in_a_slot_that_somebody_else_has_taken(
    tenant: Tenant, portal: Registration, others: list[str], expected: list[Said]
) -> None:
    old, new = placed(tenant, portal), tenant.stranger("New")
    for name in others:
        tenant.take_out(portal, old)
        tenant.place(portal, tenant.stranger(name))
    preview = Preview(tenant)
    assert brief(preview.swaps(slot(portal), to(portal, old), to(portal, new))) == expected
    assert brief(preview.swaps(slot(portal), to(portal, old), to(portal, NOWHERE)))[-1] == ("error", "WrongId")


def test_target_named_another_way_has_to_be_the_same(tenant: Tenant, portal: Registration) -> None:
    old, other = to(portal, tenant.stranger()), tenant.graph.create_application("Other")
    new = {name: value for name, value in old.items() if name != "applicationId"}
    preview = Preview(tenant)
    for target, expected in ((portal, []), (other, [("warning", "OtherTarget")])):
        tenant.name(target, f"{target.object_id}'s")
        for way, value in (("ClientId", target.client_id), ("UniqueName", f"{target.object_id}'s")):
            assert brief(preview.swaps(slot(portal), old, {**new, f"application{way}": value})) == expected


# -- what claims need --------------------------------------------------------------------------------------------------


def principal(portal: Registration, **target: Any) -> Bag:
    target = target or {"servicePrincipalId": portal.service_principal_id}
    return {"policyId": UNKNOWN, "policyType": CLAIMS.name, **target}


def accept(tenant: Tenant, portal: Registration) -> None:
    directory = tenant.graph.directory
    directory.update(directory.any(portal.object_id), {"api": {"acceptMappedClaims": True}})


def elsewhere(tenant: Tenant, portal: Registration) -> None:
    tenant.graph.fault(path=r"applications\(appId", status=404, code="Request_ResourceNotFound", times=1)


DOUBT = (
    "a claims mapping policy works only if the application has acceptMappedClaims in its manifest or a signing key of "
    "its own; else sign-in fails with AADSTS50146"
)


@pytest.mark.parametrize(
    ("arrange", "target", "said"),
    [
        (lambda tenant, portal: None, {}, [f'{DOUBT}; service principal "Portal" (<id>) has neither']),
        (accept, {}, []),
        (elsewhere, {}, [DOUBT]),
        (lambda tenant, portal: None, {"servicePrincipalId": UNKNOWN}, [DOUBT]),
        (lambda tenant, portal: tenant.graph.grant({"Policy.Read.All"}), {}, [DOUBT]),
    ],
    ids=["neither", "accepted", "application elsewhere", "target not known yet", "may not be asked"],
)
def test_what_claims_need_is_said_where_it_is_true(
    tenant: Tenant, portal: Registration, arrange: Any, target: Bag, said: list[str]
) -> None:
    arrange(tenant, portal)
    found = Preview(tenant).assigns(principal(portal, **target))
    assert found == [("warning", text.replace("<id>", portal.service_principal_id)) for text in said]


def test_what_claims_need_of_a_target_that_is_none_is_not_said(preview: Preview, portal: Registration) -> None:
    assert brief(preview.assigns(principal(portal, servicePrincipalId=NOWHERE))) == [("error", "TargetMissing")]
    mistaken = preview.assigns(principal(portal, servicePrincipalId=portal.client_id))
    assert brief(mistaken) == [("error", "WrongId")]


def test_what_claims_need_of_a_target_that_may_be_made_is_said_in_general(tenant: Tenant, preview: Preview) -> None:
    alone = tenant.graph.create_application("New")
    (_, text), doubt = preview.assigns(principal(alone, servicePrincipalClientId=alone.client_id))
    assert text.endswith("\n  It does not, if this program makes the service principal first.")
    assert doubt == ("warning", DOUBT)


# -- whom a change reaches ---------------------------------------------------------------------------------------------

OLD, NEW = named("SAML"), {"displayName": "SAML", "definition": {"version": 1, "samlTokenVersion": "1.1"}}


@pytest.mark.parametrize(
    ("applications", "principals", "assignments", "text"),
    [
        (0, 0, 0, "used by nobody"),
        (1, 0, None, "used by 1 application"),
        (2, 1, 1, "used by 2 applications and 1 service principal; this program assigns it once"),
        (25, 0, 3, "used by 25 applications; this program assigns it 3 times"),
    ],
)
def test_change_says_whom_it_reaches(
    tenant: Tenant, applications: int, principals: int, assignments: int | None, text: str
) -> None:
    policy_id = tenant.stranger("SAML")
    for number in range(max(applications, principals)):
        made = tenant.graph.create_application(f"App {number}", with_service_principal=True)
        for id_ in [made.object_id] * (number < applications) + [made.service_principal_id] * (number < principals):
            tenant.place(Registration(id_, ""), policy_id)
    preview = Preview(tenant)
    first, *more = preview.changes(policy_id, OLD, NEW, assignments)
    assert first == ("info", text)
    assert [severity for severity, _ in more] == (["debug"] if applications else [])
    assert all(f'application "App {number}" (' in more[0][1] for number in range(applications))


def test_change_of_the_default_reaches_the_whole_tenant(tenant: Tenant, preview: Preview) -> None:
    new = {**NEW, "isOrganizationDefault": True}
    whole = ("info", "as the organisation's default it reaches the whole tenant")
    timeout = KINDS["ActivityBasedTimeoutPolicy"]
    definition = {"definition": {"version": 1, "applicationPolicies": []}}
    assert preview.changes(NOWHERE, {**new, "displayName": "Old"}, {**new, **definition}, kind=timeout) == [whole]
    assert preview.changes(NOWHERE, OLD, {**OLD, "forceDestroy": True}, kind=timeout) == []


def test_change_of_what_is_gone_is_a_warning_since_it_may_be_replaced(preview: Preview) -> None:
    (said,) = preview.changes(NOWHERE, OLD, NEW)
    assert brief([said]) == [("warning", "Missing")]
    assert "run pulumi refresh; the next up makes it anew" in said[1]
    assert said[1].endswith("\n  It does not, if Pulumi replaces this resource, as replace_on_changes says.")


def test_nothing_to_send_is_nothing_to_ask(tenant: Tenant, preview: Preview) -> None:
    assert preview.changes(NOWHERE, OLD, OLD) == []
    assert tenant.graph.journal() == []


# -- what may not be asked ---------------------------------------------------------------------------------------------


def test_permission_that_is_missing_is_one_note(tenant: Tenant, portal: Registration) -> None:
    tenant.graph.grant({"Policy.Read.All"})
    preview = Preview(tenant)
    for number in range(3):
        assert preview.assigns({**to(portal, NOWHERE), "policyId": UNKNOWN}) == []
        assert preview.creates(named(f"P{number}")) == []
    assert tenant.told == [
        "pulumi-entra-policies: may not ask which application is meant, so this preview tells nothing that takes "
        "the permission Application.Read.All (or Application.ReadWrite.OwnedBy, if the application owns the target)"
    ]


def test_slot_that_may_not_be_read_hides_no_missing_target(tenant: Tenant, portal: Registration) -> None:
    """Where a page does not show all policies, the slot itself is read, which takes a permission to write."""
    for number in range(101):
        tenant.stranger(f"Other {number}")
    tenant.graph.grant({"Policy.Read.All", "Application.Read.All"})
    preview = Preview(tenant)
    assert preview.assigns({**to(portal, NOWHERE), "policyId": UNKNOWN}) == []
    lost = {**to(portal, NOWHERE), "policyId": UNKNOWN, "applicationId": NOWHERE}
    assert brief(preview.assigns(lost)) == [("error", "TargetMissing")]
    (told,) = tenant.told
    assert "may not ask what an application has, so this preview tells nothing that takes the permission" in told


def test_tenant_that_fails_is_one_note(tenant: Tenant) -> None:
    tenant.graph.fault(path="policies", status=400, code="Request_BadRequest", message="Not\nnow", times=20)
    preview = Preview(tenant)
    for number in range(3):
        assert preview.creates(named(f"P{number}")) == []
    assert tenant.told == [
        "pulumi-entra-policies: cannot ask whether the name of a token issuance policy is taken, so this preview does "
        "not tell: Not\\nnow"
    ]


def test_slow_tenant_is_given_up_after_ten_seconds_in_all(
    tenant: Tenant, portal: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "LONGEST", 0.2)
    monkeypatch.setattr(preflight, "LONGEST", 0.2)
    tenant.graph.fault(path="policies", delay=60, times=20)
    preview = Preview(tenant)
    preview.run.allowance = allowance.Allowance(lambda: tenant._loop.time())
    for number in range(3):
        assert preview.creates(named(f"P{number}")) == []
    assert brief(preview.assigns(principal(portal))) == [("warning", DOUBT)]
    (told,) = tenant.told
    assert told.startswith("pulumi-entra-policies: Graph has taken 0 seconds of this preview, so what is not asked by")


@pytest.mark.parametrize("preflight_", ["none", "sign-in"])
def test_preview_that_is_to_look_no_further_asks_nothing(tenant: Tenant, portal: Registration, preflight_: str) -> None:
    tenant.settings = tenant.settings.__class__(**{**vars(tenant.settings), "preflight": preflight_})
    preview = Preview(tenant)
    assert preview.creates(named()) == []
    assert preview.assigns(principal(portal)) == [("warning", DOUBT)]
    assert tenant.graph.journal() == []


class Token:
    """What a sign-in has given, as far as it says what it permits."""

    permissions = ("Policy.Read.All", "Application.ReadWrite.OwnedBy")

    async def close(self) -> None:
        """It holds nothing."""


def test_token_that_may_not_know_who_uses_policies_is_not_believed_that_nobody_does(
    tenant: Tenant, portal: Registration
) -> None:
    """Graph lists policies without their users then, which would make every slot free."""
    inputs = {**to(portal, placed(tenant, portal)), "policyId": UNKNOWN}
    preview = Preview(tenant)
    preview.run.connection._credential = Token()  # type: ignore[assignment]
    tenant.graph.grant(Token.permissions)
    assert brief(preview.assigns(inputs)) == [("warning", "PolicyConflict")]


def test_slot_is_read_by_itself_where_a_policy_may_have_more_users_than_are_shown(
    tenant: Tenant, portal: Registration
) -> None:
    busy = tenant.stranger("Busy")
    for number in range(20):
        tenant.place(tenant.graph.create_application(f"App {number}"), busy)
    tenant.place(portal, busy)
    assert brief(Preview(tenant).assigns({**to(portal, NOWHERE), "policyId": UNKNOWN})) == [
        ("warning", "PolicyConflict")
    ]


def test_targets_that_may_not_be_listed_are_looked_up_one_by_one(tenant: Tenant) -> None:
    applications = [tenant.graph.create_application(f"App {number}") for number in range(8)]
    tenant.graph.fault(path=r"/applications$", status=403, times=20)
    preview = Preview(tenant)
    for application in applications:
        assert preview.assigns({**to(application, NOWHERE), "policyId": UNKNOWN}) == []
    assert tenant.told == []
    assert preview.run.picture._targets[TARGETS[0]].is_whole


def test_policy_that_the_program_has_is_not_looked_for(tenant: Tenant, portal: Registration) -> None:
    preview = Preview(tenant)
    preview.run.keep(NOWHERE, {})
    assert preview.assigns(to(portal, NOWHERE)) == []


# -- how much is asked -------------------------------------------------------------------------------------------------


def ask_for(tenant: Tenant, policies: int, each: int, others: int = 0) -> list[str]:
    """The requests of a preview that makes so many policies, and assigns each to as many applications."""
    for number in range(others):
        tenant.stranger(f"Other {number}")
    targets = [tenant.graph.create_application(f"A{number}") for number in range(policies * each)]
    preview = Preview(tenant)

    async def ask() -> None:
        for number in range(policies):
            await preflight.ask(preview.run, foreseen.of_new_policy(KIND, preview.run, named(f"New {number}")))
        for target in targets:
            inputs = {**to(target, NOWHERE), "policyId": UNKNOWN}
            await preflight.ask(preview.run, foreseen.of_new_assignment(preview.run, inputs))

    tenant.run(ask())
    return tenant.requests()


@pytest.mark.parametrize(
    ("policies", "each", "others", "count"),
    [
        (1, 2, 0, 3),  # the policies and who has them, and each target
        (1, 2, 150, 6),  # a page of those, all names, and each target and its slot
        (100, 4, 0, 5),  # the policies, three targets, and then all of them
    ],
    ids=["three", "three in a large tenant", "five hundred"],
)
def test_preview_of_creations_asks_few_questions(
    tenant: Tenant, policies: int, each: int, others: int, count: int
) -> None:
    assert ask_for(tenant, policies, each, others) == ["GET"] * count


@pytest.mark.parametrize("way", ["applicationId", "applicationClientId", "applicationUniqueName"])
def test_many_targets_are_listed_rather_than_looked_up_by_whatever_key(tenant: Tenant, way: str) -> None:
    targets = [tenant.graph.create_application(f"A{number}") for number in range(100)]
    for target in targets:
        tenant.name(target, f"of {target.client_id}")
    preview = Preview(tenant)

    async def ask() -> None:
        for target in targets:
            keys = {"applicationId": target.object_id, "applicationClientId": target.client_id}
            inputs = {"policyId": UNKNOWN, "policyType": KIND.name, way: keys.get(way, f"of {target.client_id}")}
            await preflight.ask(preview.run, foreseen.of_new_assignment(preview.run, inputs))

    tenant.run(ask())
    assert len(tenant.requests()) == 5


def test_two_kinds_on_one_target_look_it_up_once(tenant: Tenant, portal: Registration) -> None:
    preview = Preview(tenant)

    async def ask() -> None:
        for kind in (KIND, LIFETIME):
            inputs = {**to(portal, NOWHERE), "policyId": UNKNOWN, "policyType": kind.name}
            await preflight.ask(preview.run, foreseen.of_new_assignment(preview.run, inputs))

    tenant.run(ask())
    assert len(tenant.requests()) == 3


def test_preview_and_up_say_the_same(tenant: Tenant, portal: Registration) -> None:
    """Every refusal of a creation that a preview foresees is the one that the create ends in."""
    for case, (make, expected) in WAYS_TO_FAIL.items():
        tenant.graph.reset()
        fresh = tenant.graph.create_application("Portal", with_service_principal=True)
        inputs = make(tenant, fresh)
        if UNKNOWN in inputs.values() or not expected or expected[0][0] == "info":
            continue
        (said,) = Preview(tenant).assigns(inputs)
        process = tenant.connect()
        with pytest.raises(Exception, match="cannot") as caught:
            tenant.run(assignment.create(process, inputs))
        assert type(caught.value).__name__ == brief([said])[0][1], case
    with pytest.raises(Exception, match="cannot"):
        tenant.run(policy.create(KIND, tenant.connect(), named("Old")))
