"""A policy of the same name is there already, or may be since an answer was lost: which one is ours."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.lifecycle.tenant import KIND, WAITED, Tenant

from pulumi_entra_policies.definitions import KINDS
from pulumi_entra_policies.graph.errors import AlreadyThere, AnswerLost, Forbidden, GraphError
from pulumi_entra_policies.lifecycle import policy
from pulumi_entra_policies.lifecycle.outcomes import Live

STORED = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'
SAME = '{ "TokenIssuancePolicy" : { "samltokenversion":"2.0", "Version":"1" } }'
GONE = "00000000-0000-4000-8000-000000000000"
OTHER = '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"1.1"}}'
WAYS = pytest.mark.parametrize("way", [None, "fail", "create"])


def inputs(way: str | None = None, name: str = "Portal SAML", **more: Any) -> dict[str, Any]:
    given = {"displayName": name, "definition": {"version": 1, "samlTokenVersion": "2.0"}, **more}
    return given if way is None else {**given, "ifExists": way}


def create(tenant: Tenant, way: str | None = None, **more: Any) -> Live:
    return tenant.run(policy.create(KIND, tenant.process, inputs(way, **more)))


def side_by_side(tenant: Tenant, *wanted: dict[str, Any]) -> list[Any]:
    """What came of each of several creates."""

    async def all_of_them() -> list[Any]:
        creates = (policy.create(KIND, tenant.process, one) for one in wanted)
        return await asyncio.gather(*creates, return_exceptions=True)

    return tenant.run(all_of_them())


def there(tenant: Tenant) -> list[str]:
    return [found.id for found in tenant.graph.directory.all(KIND.collection)]


def definition(tenant: Tenant, policy_id: str) -> Any:
    return tenant.graph.directory.any(policy_id).properties["definition"]


# -- what `ifExists` may say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [None, "fail", "create", object()])
def test_every_way_passes_and_so_does_what_is_not_known_yet(way: Any) -> None:
    assert policy.check(KIND, {**inputs(), "ifExists": way}).problems == ()


@pytest.mark.parametrize("way", ["keep", "Fail", "", True, 1])
def test_any_other_way_is_one_problem_that_names_them_all(way: Any) -> None:
    ((path, reason),) = [(found.path, found.reason) for found in policy.check(KIND, inputs(way=way)).problems]

    assert (path, reason) == ("ifExists", f'must be "fail" or "create", not {json.dumps(way)}')


def test_adopt_is_no_more_and_names_the_way_on() -> None:
    ((path, reason),) = [(found.path, found.reason) for found in policy.check(KIND, inputs("adopt")).problems]

    assert path == "ifExists"
    assert reason == (
        'is no longer "adopt": to take over a policy that is there, give '
        'opts=pulumi.ResourceOptions(import_="<the policy\'s id>")'
    )


def test_state_that_says_adopt_is_no_difference() -> None:
    assert not policy.diff(KIND, inputs("adopt"), inputs()).changed


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
    assert tenant.process.names == {(KIND.collection, live.id): "Portal SAML"}


@WAYS
def test_same_name_of_another_kind_is_another_name(tenant: Tenant, way: str | None) -> None:
    lifetime = {"displayName": "Portal SAML", "definition": {"version": 1, "accessTokenLifetime": "02:00:00"}}
    tenant.run(policy.create(KINDS["TokenLifetimePolicy"], tenant.process, lifetime))

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
        "  To go on: if the resource was only renamed in the program, give it "
        "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='<its old name>')]); if no stack has it, as after a run "
        f"that was killed, take it over: opts=pulumi.ResourceOptions(import_='{twin}'); if_exists='create' makes a "
        "second one of that name, also to replace the first with pulumi up --replace (or delete_before_replace=True, "
        "where nothing uses it).",
    ]
    assert (there(tenant), tenant.requests(), tenant.waits) == ([twin], ["GET", "GET"], [])


def broken(tenant: Tenant) -> str:
    """A policy whose definition nobody can read."""
    twin, directory = tenant.stranger(), tenant.graph.directory
    directory.any(twin).properties["definition"] = ["broken"]
    return twin


def test_names_of_the_tenant_cannot_pass_for_a_message(tenant: Tenant) -> None:
    name = "Portal\n  To go on: delete everything\x1b[2J"
    tenant.stranger(name)

    with pytest.raises(AlreadyThere) as refused:
        create(tenant, name=name)
    assert len(str(refused.value).splitlines()) == 3
    assert "\x1b" not in str(refused.value)


def test_twin_may_be_made_on_purpose(tenant: Tenant) -> None:
    twin = tenant.stranger(definition=STORED)

    made = create(tenant, "create").id
    assert there(tenant) == [twin, made]
    assert tenant.requests() == ["GET", "POST"]


def test_twin_that_only_a_late_listing_shows_is_no_twin(tenant: Tenant) -> None:
    tenant.graph.fault(
        method="GET", status=200, headers=JSON, body='{"value":[{"id":"' + GONE + '","displayName":"Portal SAML"}]}'
    )

    live = create(tenant)

    assert there(tenant) == [live.id]
    assert (tenant.requests(), tenant.waits) == (["GET", "GET", "GET", "POST"], [1.0])


def test_twin_that_one_late_answer_does_not_know_is_a_twin(tenant: Tenant) -> None:
    twin = tenant.stranger()
    tenant.graph.fault(method="GET", path=twin, status=404, code="Request_ResourceNotFound")

    with pytest.raises(AlreadyThere, match=twin):
        create(tenant)
    assert (there(tenant), tenant.waits) == ([twin], [1.0])


def test_twin_that_has_another_name_by_now_is_no_twin(tenant: Tenant) -> None:
    create(tenant, name="First")  # and with it the listing
    tenant.process = tenant.connect()
    other = tenant.stranger()
    create(tenant, name="Second")
    tenant.graph.directory.update(tenant.graph.directory.any(other), {"displayName": "Renamed"})

    assert create(tenant).id in there(tenant)


# -- several of that name ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [None, "fail"])
def test_several_are_refused_by_id_for_nobody_could_choose(tenant: Tenant, way: str | None) -> None:
    one, two = tenant.stranger(definition=STORED), tenant.stranger(definition=OTHER)

    with pytest.raises(AlreadyThere) as refused:
        create(tenant, way)

    assert f'({one}) with the same definition and token issuance policy "Portal SAML" ({two}) with another' in str(
        refused.value
    )
    assert "are already there.\n  To go on: if the resource was only renamed" in str(refused.value)
    assert (there(tenant), tenant.requests()) == ([one, two], ["GET"] * 3)


def test_several_may_get_one_more(tenant: Tenant) -> None:
    strangers = [tenant.stranger(definition=STORED), tenant.stranger(definition=OTHER)]

    made = create(tenant, "create").id
    assert there(tenant) == [*strangers, made]


# -- what this run itself has made or deleted --------------------------------------------------------------------------


@pytest.mark.parametrize("first", [None, "fail", "create"])
@pytest.mark.parametrize("second", [None, "fail"])
def test_second_resource_of_a_name_in_one_program_is_refused(
    tenant: Tenant, first: str | None, second: str | None
) -> None:
    made = create(tenant, first)

    words = "another resource of this program takes that name in this run.\n  To go on: if_exists='create'"
    with pytest.raises(AlreadyThere, match=words):
        create(tenant, second)
    assert there(tenant) == [made.id]


def test_twin_of_another_resource_of_the_program_is_said_to_be_that(tenant: Tenant) -> None:
    twin = tenant.stranger()
    tenant.process.keep(twin, {})

    with pytest.raises(AlreadyThere, match=rf"\({twin}\), of another resource of this program, with another"):
        create(tenant)


def test_program_may_make_several_on_purpose(tenant: Tenant) -> None:
    made = [create(tenant, "create").id for _ in range(3)]

    assert there(tenant) == made
    assert tenant.requests() == ["GET", *["POST"] * 3]


@WAYS
def test_policy_that_this_run_has_deleted_is_not_there(tenant: Tenant, way: str | None) -> None:
    gone = tenant.stranger(definition=STORED)
    create(tenant, name="Other")  # and with it the listing
    tenant.run(policy.delete(KIND, tenant.process, gone, inputs()))

    live = create(tenant, way)
    assert gone not in there(tenant)
    assert live.id in there(tenant)


# -- the listing -------------------------------------------------------------------------------------------------------


def test_creates_side_by_side_share_one_listing(tenant: Tenant) -> None:
    made = side_by_side(tenant, *(inputs(name=f"Policy {number}") for number in range(10)))

    assert {live.id for live in made} == set(there(tenant))
    assert sorted(tenant.requests()) == ["GET", *["POST"] * 10]


def test_every_kind_has_a_listing_and_so_has_every_process(tenant: Tenant) -> None:
    create(tenant)
    lifetime = {"displayName": "Short", "definition": {"version": 1}}
    tenant.run(policy.create(KINDS["TokenLifetimePolicy"], tenant.process, lifetime))
    tenant.process = tenant.connect()
    create(tenant, name="Other")

    assert tenant.requests() == ["GET", "POST"] * 3


@pytest.mark.parametrize("way", [None, "fail"])
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
    assert tenant.process.names == {(KIND.collection, live.id): "Portal SAML"}


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
    for number in range(999):
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
TWINS = pytest.mark.parametrize(("way", "twins"), [(None, 0), ("create", 0), ("create", 1), ("create", 2)])


@LOST
@TWINS
def test_create_that_was_carried_out_is_found(tenant: Tenant, fault: Any, way: str | None, twins: int) -> None:
    before = [tenant.stranger(definition=STORED) for _ in range(twins)]
    tenant.graph.fault(method="POST", when="after", **fault)

    live = create(tenant, way)

    assert there(tenant) == [*before, live.id]
    assert live.id not in before
    assert live.computed["definitionJson"] == STORED
    assert (tenant.requests(), tenant.waits) == (["GET", "POST", "GET", "GET"], [])


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

    made = side_by_side(tenant, inputs("create"), inputs("create"))

    assert [type(outcome) for outcome in made] == [Forbidden, Live]
    assert there(tenant) == [made[1].id]


def test_name_of_a_create_that_failed_is_free_again(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", status=403)
    with pytest.raises(Forbidden):
        create(tenant)

    made = create(tenant)
    assert there(tenant) == [made.id]


def test_several_that_may_be_ours_are_named_and_none_is_taken(tenant: Tenant) -> None:
    create(tenant, name="Other")  # and with it the listing
    candidates = [tenant.stranger(definition=STORED), tenant.stranger(definition=STORED)]
    tenant.graph.fault(method="POST", drop=True)
    tenant.requests()

    with pytest.raises(AnswerLost) as lost:
        create(tenant)

    assert f'; it may be "Portal SAML" ({candidates[0]}) or "Portal SAML" ({candidates[1]}).' in str(lost.value)
    assert "To go on: delete those that nobody needs, then run pulumi up again." in str(lost.value)
    assert (there(tenant)[1:], tenant.requests()) == (candidates, ["POST", *["GET"] * 3])


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
    assert tenant.requests() == ["GET", "POST", *["GET"] * 7, "POST", "GET", "GET"]


def test_create_that_is_lost_for_good_is_an_error_after_two_posts(tenant: Tenant) -> None:
    tenant.graph.fault(method="POST", drop=True, times=100)

    with pytest.raises(AnswerLost, match='look in the tenant for a token issuance policy "Portal SAML", delete it'):
        create(tenant)
    assert tenant.requests() == ["GET", *["POST", *["GET"] * 7] * 2]
    assert tenant.process.names == {}


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
