"""A policy of the same name is there already, or may be since an answer was lost: which one is ours."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, WAITED, Tenant

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.graph.errors import AnswerLost, Forbidden, GraphError
from pulumi_entra_policies.lifecycle import policy
from pulumi_entra_policies.lifecycle.outcomes import AlreadyThere, DefaultTaken, Live

SURE = ["GET"] * 8  # the listing, and the policy itself until Graph has had its time
STORED = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'
SAME = '{ "TokenIssuancePolicy" : { "samltokenversion":"2.0", "Version":"1" } }'
OTHER = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"1.1"}}'
WAYS = pytest.mark.parametrize("way", [None, "fail", "adopt", "create"])


def inputs(way: str | None = None, name: str = "Portal SAML", **more: Any) -> dict[str, Any]:
    given = {"displayName": name, "definition": {"version": 1, "samlTokenVersion": "2.0"}, **more}
    return given if way is None else {**given, "ifExists": way}


def create(tenant: Tenant, way: str | None = None, **more: Any) -> Live:
    return tenant.run(policy.create(KIND, tenant.connection, inputs(way, **more)))


def side_by_side(tenant: Tenant, *wanted: dict[str, Any]) -> list[Any]:
    """What came of each of several creates."""

    async def all_of_them() -> list[Any]:
        creates = (policy.create(KIND, tenant.connection, one) for one in wanted)
        return await asyncio.gather(*creates, return_exceptions=True)

    return tenant.run(all_of_them())


def there(tenant: Tenant) -> list[str]:
    return [found.id for found in tenant.graph.directory.all(KIND.collection)]


def definition(tenant: Tenant, policy_id: str) -> Any:
    return tenant.graph.directory.any(policy_id).properties["definition"]


# -- what `ifExists` may say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [None, "fail", "adopt", "create", object()])
def test_every_way_passes_and_so_does_what_is_not_known_yet(way: Any) -> None:
    assert policy.check(KIND, {**inputs(), "ifExists": way}).problems == ()


@pytest.mark.parametrize("way", ["keep", "Adopt", "", True, 1])
def test_any_other_way_is_one_problem_that_names_them_all(way: Any) -> None:
    ((path, reason),) = [(found.path, found.reason) for found in policy.check(KIND, inputs(way=way)).problems]

    assert (path, reason) == ("ifExists", f'must be "fail" or "adopt" or "create", not {json.dumps(way)}')


@WAYS
def test_way_is_kept_in_the_state_and_no_difference(tenant: Tenant, way: str | None) -> None:
    live = create(tenant, way)

    assert live.outputs.get("ifExists") == way
    assert not policy.diff(KIND, live.outputs, inputs()).changed


# -- nothing of that name ----------------------------------------------------------------------------------------------


@WAYS
def test_name_that_nobody_has_is_created(tenant: Tenant, way: str | None) -> None:
    tenant.stranger("portal saml", STORED)
    live = create(tenant, way)

    assert (there(tenant)[1:], tenant.requests(), tenant.waits) == ([live.id], ["GET", "POST"], [])
    assert tenant.connection.created == {live.id: (KIND.collection, "Portal SAML")}
    assert tenant.connection.adopted == set()


@WAYS
def test_same_name_of_another_kind_is_another_name(tenant: Tenant, way: str | None) -> None:
    lifetime = {"displayName": "Portal SAML", "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}}
    tenant.run(policy.create(KINDS["TokenLifetimePolicy"], tenant.connection, lifetime))

    live = create(tenant, way)
    assert there(tenant) == [live.id]


# -- one of that name --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [None, "fail"])
@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (STORED, "the same definition"),
        (SAME, "the same definition"),
        (OTHER, f"another definition, {OTHER}"),
        ("broken", "another definition, broken"),
    ],
)
def test_twin_is_refused_with_everything_that_helps(tenant: Tenant, way: str | None, stored: str, words: str) -> None:
    twin = tenant.stranger(definition=stored) if stored != "broken" else broken(tenant)

    with pytest.raises(AlreadyThere) as refused:
        create(tenant, way)

    assert str(refused.value).splitlines() == [
        'cannot create token issuance policy "Portal SAML":',
        f'  token issuance policy "Portal SAML" ({twin}) with {words} is already there.',
        "  To go on: if_exists='adopt' takes it over, as after a run that was killed; if_exists='create' makes a "
        "second one, also to replace the first with pulumi up --replace; "
        "if the resource was only renamed in the program, give it "
        "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='<its old name>')]).",
    ]
    assert (there(tenant), tenant.requests()) == ([twin], SURE)


def broken(tenant: Tenant) -> str:
    """A policy whose definition nobody can read."""
    twin, directory = tenant.stranger(), tenant.graph.directory
    directory.any(twin).properties["definition"] = ["broken"]
    return twin


def test_twin_may_be_made_on_purpose(tenant: Tenant) -> None:
    twin = tenant.stranger(definition=STORED)

    made = create(tenant, "create").id
    assert there(tenant) == [twin, made]
    assert tenant.requests() == ["GET", "POST"]


@pytest.mark.parametrize("stored", [STORED, SAME])
def test_adopted_policy_that_is_as_wanted_is_left_as_it_is(tenant: Tenant, stored: str) -> None:
    twin = tenant.stranger(definition=stored)

    live = create(tenant, "adopt")

    assert (live.id, live.computed["definitionJson"], there(tenant)) == (twin, stored, [twin])
    assert tenant.requests() == SURE
    assert tenant.run(policy.read(KIND, tenant.connection, twin, live.outputs)) is not None


@pytest.mark.parametrize("stored", [OTHER, "broken"])
def test_adopted_policy_is_made_as_wanted(tenant: Tenant, stored: str) -> None:
    twin = tenant.stranger(definition=stored) if stored != "broken" else broken(tenant)

    live = create(tenant, "adopt")

    assert (live.id, live.computed["definitionJson"], definition(tenant, twin)) == (twin, STORED, [STORED])
    assert tenant.requests() == [*SURE, "PATCH"]


def test_adopting_sends_what_differs_and_nothing_else(tenant: Tenant) -> None:
    tenant.stranger(definition=OTHER)

    create(tenant, "adopt", forceDestroy=True)

    assert tenant.graph.journal()[-1]["body"].keys() == {"@odata.type", "definition"}


def test_adopted_policy_stays_when_its_old_resource_is_deleted_in_the_same_run(tenant: Tenant) -> None:
    twin = tenant.stranger(definition=STORED)
    live = create(tenant, "adopt")
    tenant.requests()

    note = tenant.run(policy.delete(KIND, tenant.connection, twin, live.outputs))

    assert note == (
        f'Left token issuance policy "Portal SAML" ({twin}) as it is: this run has adopted it for another resource.'
    )
    assert (there(tenant), tenant.requests()) == ([twin], [])


def test_adopted_policy_is_deleted_by_a_later_run(tenant: Tenant) -> None:
    tenant.stranger(definition=STORED)
    live = create(tenant, "adopt")
    tenant.connection = tenant.connect()

    assert tenant.run(policy.delete(KIND, tenant.connection, live.id, live.outputs)) is None
    assert there(tenant) == []


def test_adopting_that_fails_is_an_error_and_keeps_the_policy(tenant: Tenant) -> None:
    twin = tenant.stranger(definition=OTHER)
    tenant.graph.fault(method="PATCH", status=403)

    with pytest.raises(Forbidden, match=f"cannot update token issuance policy {twin}"):
        create(tenant, "adopt")
    assert definition(tenant, twin) == [OTHER]


# -- the organisation's default ----------------------------------------------------------------------------------------

LIFETIME = KINDS["TokenLifetimePolicy"]
LIFETIME_STORED = '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"02:00:00"}}'


def lifetime(tenant: Tenant, name: str = "Short", *, default: bool = False) -> str:
    directory = tenant.graph.directory
    body = {"displayName": name, "definition": [LIFETIME_STORED], "isOrganizationDefault": default}
    return directory.create_policy(directory.policy_sets[LIFETIME.collection], body).id


def adopt_lifetime(tenant: Tenant, **more: Any) -> Live:
    wanted = {"displayName": "Short", "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}, **more}
    return tenant.run(policy.create(LIFETIME, tenant.connection, {**wanted, "ifExists": "adopt"}))


def is_default(tenant: Tenant, policy_id: str) -> bool:
    return bool(tenant.graph.directory.any(policy_id).properties["isOrganizationDefault"])


@pytest.mark.parametrize("was", [False, True])
@pytest.mark.parametrize("wanted", [{}, {"isOrganizationDefault": True}], ids=["no default", "default"])
def test_adopted_policy_becomes_the_default_or_ceases_to_be(tenant: Tenant, was: bool, wanted: dict[str, Any]) -> None:
    twin = lifetime(tenant, default=was)

    assert adopt_lifetime(tenant, **wanted).id == twin
    assert (is_default(tenant, twin), tenant.waits) == (bool(wanted), WAITED)
    patched = [entry["body"].keys() for entry in tenant.graph.journal() if entry["method"] == "PATCH"]
    assert patched == ([{"@odata.type", "isOrganizationDefault"}] if was != bool(wanted) else [])


def test_adopted_policy_cannot_be_a_second_default(tenant: Tenant) -> None:
    other, twin = lifetime(tenant, "Other", default=True), lifetime(tenant)

    with pytest.raises(DefaultTaken, match=other):
        adopt_lifetime(tenant, isOrganizationDefault=True)
    assert not is_default(tenant, twin)


# -- several of that name ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [None, "fail", "adopt"])
def test_several_are_refused_by_id_for_nobody_could_choose(tenant: Tenant, way: str | None) -> None:
    one, two = tenant.stranger(definition=STORED), tenant.stranger(definition=OTHER)

    with pytest.raises(AlreadyThere) as refused:
        create(tenant, way)

    assert f'({one}) with the same definition and token issuance policy "Portal SAML" ({two}) with another' in str(
        refused.value
    )
    assert "are already there.\n  To go on: delete or rename those that are too many; if_exists='create'" in str(
        refused.value
    )
    assert (there(tenant), tenant.requests()) == ([one, two], ["GET", *["GET", "GET"] * 7])


def test_several_may_get_one_more(tenant: Tenant) -> None:
    strangers = [tenant.stranger(definition=STORED), tenant.stranger(definition=OTHER)]

    made = create(tenant, "create").id
    assert there(tenant) == [*strangers, made]


# -- what this run itself has made or deleted --------------------------------------------------------------------------


@pytest.mark.parametrize("first", [None, "fail", "adopt", "create"])
@pytest.mark.parametrize("second", [None, "fail", "adopt"])
def test_second_resource_of_a_name_in_one_program_is_refused(
    tenant: Tenant, first: str | None, second: str | None
) -> None:
    made = create(tenant, first)

    words = f"another resource of this program has just taken {made.id} of that name.\n  To go on: if_exists='create'"
    with pytest.raises(AlreadyThere, match=words):
        create(tenant, second)
    assert there(tenant) == [made.id]


def test_policy_is_adopted_once_in_a_program(tenant: Tenant) -> None:
    twin = tenant.stranger(definition=STORED)
    create(tenant, "adopt")

    with pytest.raises(AlreadyThere, match=f"another resource of this program has just taken {twin}"):
        create(tenant, "adopt")


def test_program_may_make_several_on_purpose(tenant: Tenant) -> None:
    made = [create(tenant, "create").id for _ in range(3)]

    assert there(tenant) == made
    assert tenant.requests() == ["GET", *["POST"] * 3]


@WAYS
def test_policy_that_this_run_has_deleted_is_not_there(tenant: Tenant, way: str | None) -> None:
    gone = tenant.stranger(definition=STORED)
    create(tenant, name="Other")  # and with it the listing
    tenant.run(policy.delete(KIND, tenant.connection, gone, inputs()))

    live = create(tenant, way)
    assert gone not in there(tenant)
    assert live.id in there(tenant)


@WAYS
def test_policy_that_this_run_has_made_and_deleted_is_not_there(tenant: Tenant, way: str | None) -> None:
    made = create(tenant)
    tenant.run(policy.delete(KIND, tenant.connection, made.id, made.outputs))

    live = create(tenant, way)
    assert there(tenant) == [live.id]


@pytest.mark.parametrize("way", [None, "fail", "create"])
def test_policy_to_be_replaced_does_not_count(tenant: Tenant, way: str | None) -> None:
    old = tenant.stranger(definition=STORED)

    new = tenant.run(policy.create(KIND, tenant.connection, inputs(way), {old: inputs(way)}))
    assert there(tenant) == [old, new.id]


def test_policy_that_was_adopted_can_be_replaced(tenant: Tenant) -> None:
    old = tenant.stranger(definition=STORED)

    live = tenant.run(policy.create(KIND, tenant.connection, inputs("adopt"), {old: inputs("adopt")}))
    assert there(tenant) == [old, live.id]


@pytest.mark.parametrize("way", ["fail", "adopt"])
def test_policy_of_another_resource_of_the_program_is_not_taken(tenant: Tenant, way: str) -> None:
    theirs = tenant.stranger(definition=STORED)

    with pytest.raises(AlreadyThere, match=rf"another resource of this program has .*\({theirs}\)"):
        tenant.run(policy.create(KIND, tenant.connection, inputs(way), {theirs: inputs("fail", force=True)}))
    assert there(tenant) == [theirs]


# -- the listing -------------------------------------------------------------------------------------------------------


def test_creates_side_by_side_share_one_listing(tenant: Tenant) -> None:
    made = side_by_side(tenant, *(inputs(name=f"Policy {number}") for number in range(10)))

    assert {live.id for live in made} == set(there(tenant))
    assert sorted(tenant.requests()) == ["GET", *["POST"] * 10]


def test_every_kind_has_a_listing_and_so_has_every_process(tenant: Tenant) -> None:
    create(tenant)
    adopt_lifetime(tenant)
    tenant.connection = tenant.connect()
    create(tenant, name="Other")

    assert tenant.requests() == ["GET", "POST"] * 3


@pytest.mark.parametrize("way", [None, "fail", "adopt"])
def test_listing_that_is_forbidden_is_an_error_with_the_permission(tenant: Tenant, way: str | None) -> None:
    tenant.graph.fault(method="GET", status=403)

    with pytest.raises(Forbidden, match=r"cannot list every token issuance policy(?s:.)*Policy\.Read\.All"):
        create(tenant, way)
    assert (there(tenant), tenant.requests()) == ([], ["GET"])


LIST_OF_NOTHING = {"status": 200, "body": '{"error":{"code":"x"}}', "headers": {"Content-Type": "application/json"}}


@pytest.mark.parametrize("answer", [{"status": 403}, LIST_OF_NOTHING], ids=["refused", "error inside"])
def test_who_wants_a_twin_needs_no_listing(tenant: Tenant, answer: dict[str, Any]) -> None:
    tenant.graph.fault(method="GET", **answer, times=100)

    live = create(tenant, "create")

    assert (there(tenant), tenant.requests()) == ([live.id], ["GET", "POST"])
    assert tenant.connection.created == {live.id: (KIND.collection, "Portal SAML")}


def test_lost_answer_without_a_listing_is_an_error_and_no_second_post(tenant: Tenant) -> None:
    tenant.graph.fault(method="GET", status=403, times=100)
    tenant.graph.fault(method="POST", drop=True)

    with pytest.raises(AnswerLost, match='look in the tenant for a token issuance policy "Portal SAML", delete it'):
        create(tenant, "create")
    assert tenant.requests() == ["GET", "POST"]


def test_listing_that_failed_is_asked_again(tenant: Tenant) -> None:
    tenant.graph.fault(method="GET", status=403)
    with pytest.raises(Forbidden):
        create(tenant)

    create(tenant)
    assert tenant.requests() == ["GET", "GET", "POST"]


def test_listing_that_failed_is_an_error_of_everybody_who_shares_it(tenant: Tenant) -> None:
    tenant.graph.fault(method="GET", status=403)

    failed = side_by_side(tenant, inputs(name="One"), inputs(name="Two"))

    assert [type(error) for error in failed] == [Forbidden, Forbidden]
    assert tenant.requests() == ["GET"]


def test_twin_on_a_later_page_counts(tenant: Tenant) -> None:
    for number in range(100):
        tenant.stranger(f"Policy {number}")
    twin = tenant.stranger()

    with pytest.raises(AlreadyThere, match=twin):
        create(tenant)


# -- answers that are lost ---------------------------------------------------------------------------------------------

LOST = pytest.mark.parametrize(
    "fault",
    [{"drop": True}, {"drop": "body"}, {"status": 503}, {"status": 404, "code": "Request_ResourceNotFound"}],
    ids=["dropped", "half", "503", "404"],
)
TWINS = pytest.mark.parametrize(
    ("way", "twins"), [(None, 0), ("adopt", 0), ("create", 0), ("create", 1), ("create", 2)]
)


@LOST
@TWINS
def test_create_that_was_carried_out_is_found(tenant: Tenant, fault: Any, way: str | None, twins: int) -> None:
    before = [tenant.stranger(definition=STORED) for _ in range(twins)]
    tenant.graph.fault(method="POST", when="after", **fault)

    live = create(tenant, way)

    assert there(tenant) == [*before, live.id]
    assert live.id not in before
    assert live.computed == {"definitionJson": STORED, "tenantId": tenant.graph.tenant_id}
    assert (tenant.requests(), tenant.waits) == (["GET", "POST", "GET"], [])


@LOST
@TWINS
def test_create_that_was_not_carried_out_is_made_anew(tenant: Tenant, fault: Any, way: str | None, twins: int) -> None:
    before = [tenant.stranger(definition=STORED) for _ in range(twins)]
    tenant.graph.fault(method="POST", **{"status": 503, **fault})

    live = create(tenant, way)

    assert there(tenant) == [*before, live.id]
    assert live.id not in before
    assert (tenant.requests(), tenant.waits) == (["GET", "POST", *["GET"] * 7, "POST"], WAITED)
    assert tenant.told[0].endswith('whether token issuance policy "Portal SAML" was created, since the answer was lost')


def test_create_that_graph_lists_late_is_found_late(tenant: Tenant) -> None:
    create(tenant, name="Other")
    tenant.graph.fault(method="POST", when="after", drop=True)
    tenant.graph.fault(method="GET", status=200, body='{"value":[]}', headers=JSON, times=3)

    live = create(tenant)

    assert there(tenant)[1:] == [live.id]
    assert tenant.waits == [1.0, 2.0, 4.0]


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("wanted", [inputs("create"), inputs("create", name="Other")], ids=["same name", "other name"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_two_creates_side_by_side_get_a_policy_each_if_one_is_lost(
    tenant: Tenant, wanted: dict[str, Any], when: str
) -> None:
    tenant.graph.fault(method="POST", when=when, drop=True)

    made = side_by_side(tenant, inputs("create"), wanted)

    assert {live.id for live in made} == set(there(tenant))
    assert len(there(tenant)) == 2
    names = [tenant.graph.directory.any(live.id).properties["displayName"] for live in made]
    assert names == ["Portal SAML", wanted["displayName"]]


def test_two_lost_creates_side_by_side_get_a_policy_each(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", when="after", drop=True, times=2)

    made = side_by_side(tenant, inputs("create"), inputs("create"))

    assert sorted(live.id for live in made) == sorted(there(tenant))
    assert len(there(tenant)) == 2


def test_two_creates_of_one_name_side_by_side_are_one_too_many(tenant: Tenant) -> None:
    made = side_by_side(tenant, inputs(), inputs())

    assert [type(outcome) for outcome in made] == [Live, AlreadyThere]
    assert there(tenant) == [made[0].id]


def test_waiting_create_goes_on_when_the_one_before_it_fails(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", status=403)

    made = side_by_side(tenant, inputs(), inputs())

    assert [type(outcome) for outcome in made] == [Forbidden, Live]
    assert there(tenant) == [made[1].id]


def test_several_that_may_be_ours_are_named_and_none_is_taken(tenant: Tenant) -> None:
    create(tenant, name="Other")  # and with it the listing
    candidates = [tenant.stranger(definition=STORED), tenant.stranger(definition=STORED)]
    tenant.graph.fault(method="POST", drop=True)
    tenant.requests()

    with pytest.raises(AnswerLost) as lost:
        create(tenant)

    assert f'; it may be "Portal SAML" ({candidates[0]}) or "Portal SAML" ({candidates[1]}).' in str(lost.value)
    assert "To go on: delete those that nobody needs, then run pulumi up again." in str(lost.value)
    assert (there(tenant)[1:], tenant.requests()) == (candidates, ["POST", "GET"])


@pytest.mark.parametrize("made", [{"name": "Other"}, {"definition": OTHER}], ids=["name", "definition"])
def test_what_somebody_else_makes_meanwhile_is_not_ours(tenant: Tenant, made: dict[str, str]) -> None:
    create(tenant, name="First")
    foreign = tenant.stranger(**{"definition": STORED, **made})
    tenant.graph.fault(method="POST", when="after", drop=True)

    live = create(tenant)
    assert there(tenant)[1:] == [foreign, live.id]


@LOST
def test_second_answer_that_is_lost_is_looked_for_as_well(tenant: Tenant, fault: Any) -> None:
    tenant.graph.fault(method="POST", drop=True)
    tenant.graph.fault(method="POST", when="after", **fault)

    live = create(tenant)

    assert there(tenant) == [live.id]
    assert tenant.requests() == ["GET", "POST", *["GET"] * 7, "POST", "GET"]


def test_create_that_is_lost_for_good_is_an_error_after_two_posts(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", drop=True, times=100)

    with pytest.raises(AnswerLost, match='look in the tenant for a token issuance policy "Portal SAML", delete it'):
        create(tenant)
    assert tenant.requests() == ["GET", *["POST", *["GET"] * 7] * 2]
    assert tenant.connection.created == {}


def test_second_post_that_is_refused_is_that_refusal(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", drop=True)
    tenant.graph.fault(method="POST", status=403)

    with pytest.raises(Forbidden, match="cannot create token issuance policy"):
        create(tenant)
    assert there(tenant) == []


@pytest.mark.parametrize("answer", [{"status": 403}, {"status": 503}, {"drop": True}])
def test_lost_create_that_cannot_be_looked_for_stays_a_lost_create(tenant: Tenant, answer: dict[str, Any]) -> None:
    create(tenant, name="Other")
    tenant.graph.fault(method="POST", when="after", drop=True)
    tenant.graph.fault(method="GET", **answer, times=100)
    tenant.requests()

    with pytest.raises(AnswerLost, match='look in the tenant for a token issuance policy "Portal SAML", delete it'):
        create(tenant)
    assert tenant.requests().count("POST") == 1


def test_refused_create_is_an_error_at_once(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", status=400, message="Property definition has an invalid value.")

    with pytest.raises(GraphError, match="check the definition"):
        create(tenant)
    assert tenant.requests() == ["GET", "POST"]
