import pytest
from tests.emulator.tenant import ISSUANCE, NOWHERE, Tenant, absent, assert_refused

TARGETS = pytest.mark.parametrize("targets", ["applications", "servicePrincipals"])
INVALID = (400, "Request_BadRequest", "Not a valid reference update")

ASSIGNABLE = [
    ("applications", "tokenIssuancePolicies"),
    ("applications", "tokenLifetimePolicies"),
    ("servicePrincipals", "tokenIssuancePolicies"),
    ("servicePrincipals", "tokenLifetimePolicies"),
    ("servicePrincipals", "claimsMappingPolicies"),
    ("servicePrincipals", "homeRealmDiscoveryPolicies"),
]
SHOWN = ("applications", "homeRealmDiscoveryPolicies")
NOT_ASSIGNABLE = [
    ("applications", "claimsMappingPolicies"),
    ("applications", "homeRealmDiscoveryPolicies"),
    ("applications", "activityBasedTimeoutPolicies"),
    ("servicePrincipals", "activityBasedTimeoutPolicies"),
]


@pytest.mark.parametrize(("targets", "collection"), ASSIGNABLE)
def test_assigned_policy_is_listed_and_can_be_removed(tenant: Tenant, targets: str, collection: str) -> None:
    target, policy = tenant.target(targets), tenant.policy(collection)
    response = tenant.assign(target, policy, collection)
    assert (response.status_code, response.content) == (204, b"")
    assert tenant.assigned(target, collection) == [policy["id"]]
    assert tenant.http.delete(f"{target}/{collection}/{policy['id']}/$ref").status_code == 204
    assert tenant.assigned(target, collection) == []


@pytest.mark.parametrize(("targets", "collection"), NOT_ASSIGNABLE)
def test_combination_that_graph_lacks_is_no_path(tenant: Tenant, targets: str, collection: str) -> None:
    target, policy = tenant.target(targets), tenant.policy(collection)
    refusal = (400, "Request_BadRequest", f"Resource not found for the segment '{collection}'.")
    assert_refused(tenant.assign(target, policy, collection), *refusal)
    if (targets, collection) != SHOWN:
        assert_refused(tenant.http.get(f"{target}/{collection}"), *refusal)


def test_set_that_the_metadata_shows_is_always_empty(tenant: Tenant) -> None:
    application, policy = tenant.application(), tenant.policy("homeRealmDiscoveryPolicies")
    path = f"applications/{application['id']}/homeRealmDiscoveryPolicies"
    assert tenant.get(path)["value"] == tenant.get(f"{path}/$ref")["value"] == []
    assert_refused(tenant.http.get(f"{path}/{policy['id']}"), *absent(policy["id"]))


@TARGETS
def test_assigned_policy_is_read_by_its_id_and_another_is_404(tenant: Tenant, targets: str) -> None:
    target, policy, other = tenant.target(targets), tenant.policy(), tenant.policy()
    tenant.assign(target, policy)
    assert tenant.get(f"{target}/{ISSUANCE}/{policy['id']}") == tenant.get(f"policies/{ISSUANCE}/{policy['id']}")
    assert_refused(tenant.http.get(f"{target}/{ISSUANCE}/{other['id']}"), *absent(other["id"]))


def test_reference_is_removed_by_its_address_too(tenant: Tenant) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    tenant.assign(target, policy)
    [reference] = tenant.get(f"{target}/{ISSUANCE}/$ref")["value"]
    response = tenant.http.delete(f"{target}/{ISSUANCE}/$ref", params={"@id": reference["@odata.id"]})
    assert (response.status_code, tenant.assigned(target)) == (204, [])
    assert_refused(tenant.http.delete(f"{target}/{ISSUANCE}/$ref"), *INVALID)


@TARGETS
@pytest.mark.parametrize("collection", [ISSUANCE, "owners"])
def test_post_that_forgets_ref_is_refused(tenant: Tenant, targets: str, collection: str) -> None:
    response = tenant.http.post(f"{tenant.target(targets)}/{collection}", json={"@odata.id": "x"})
    assert_refused(response, 400, "BadRequest", "Write requests are only supported on contained entities")


def test_object_that_has_a_policy_is_read_by_its_id_and_another_is_404(tenant: Tenant) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    tenant.assign(target, policy)
    path = f"policies/{ISSUANCE}/{policy['id']}/appliesTo"
    [user] = tenant.get(path)["value"]
    found = tenant.get(f"{path}/{user['id']}")
    assert found.pop("@odata.context").endswith("/v1.0/$metadata#directoryObjects/$entity")
    assert found == user
    assert_refused(tenant.http.get(f"{path}/{NOWHERE}"), *absent(NOWHERE))


@pytest.mark.parametrize(("targets", "collection"), NOT_ASSIGNABLE)
def test_combination_that_graph_lacks_is_refused_untyped_too(beta: Tenant, targets: str, collection: str) -> None:
    target, policy = beta.target(targets), beta.policy(collection)
    response = beta.http.post(f"{target}/policies/$ref", json={"@odata.id": f"x/policies/{policy['id']}"})
    message = f"Resource not found for the segment '{collection}'."
    assert_refused(response, 400, "Request_BadRequest", message)


@TARGETS
def test_target_by_client_id_is_the_same_target(tenant: Tenant, targets: str) -> None:
    target, policy = tenant.target(targets), tenant.policy()
    by_client_id = f"{targets}(appId='{tenant.get(target)['appId']}')"
    assert tenant.assign(by_client_id, policy).status_code == 204
    assert tenant.assigned(target) == tenant.assigned(by_client_id) == [policy["id"]]
    assert tenant.http.delete(f"{by_client_id}/{ISSUANCE}/{policy['id']}/$ref").status_code == 204
    assert tenant.assigned(target) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://graph.microsoft.com/v1.0/policies/tokenIssuancePolicies/{id}",
        "https://graph.microsoft.com/beta/policies/tokenIssuancePolicies/{id}",
        "https://graph.microsoft.us/v1.0/policies/TOKENISSUANCEPOLICIES/{id}",
        "https://graph.microsoft.com/v1.0/directoryObjects/{id}",
        "policies/tokenIssuancePolicies/{id}",
        "directoryObjects/{id}",
    ],
)
def test_reference_in_any_form_that_clients_send_is_taken(tenant: Tenant, address: str) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    body = {"@odata.id": address.format(id=policy["id"])}
    assert tenant.http.post(f"{target}/{ISSUANCE}/$ref", json=body).status_code == 204
    assert tenant.assigned(target) == [policy["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"@odata.id": None},
        {"@odata.id": "{id}"},
        {"@odata.id": "https://graph.microsoft.com/v1.0/policies/{id}"},
        {"@odata.id": "https://graph.microsoft.com/v1.0/policies/tokenLifetimePolicies/{id}"},
        {"@odata.id": f"https://graph.microsoft.com/{NOWHERE}/directoryObjects/{{id}}"},
        {"@odata.id": f"https://graph.microsoft.com/v1.0/{NOWHERE}/policies/tokenIssuancePolicies/{{id}}"},
    ],
)
def test_reference_that_is_none_is_refused(tenant: Tenant, body: dict[str, str | None]) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    filled = {name: value and value.format(id=policy["id"]) for name, value in body.items()}
    assert_refused(tenant.http.post(f"{target}/{ISSUANCE}/$ref", json=filled), *INVALID)
    assert tenant.assigned(target) == []


def test_policy_of_another_set_is_refused(tenant: Tenant) -> None:
    target, policy = tenant.target("applications"), tenant.policy("tokenLifetimePolicies")
    assert_refused(tenant.assign(target, policy), *INVALID)


@TARGETS
def test_unknown_policy_is_404(tenant: Tenant, targets: str) -> None:
    assert_refused(tenant.assign(tenant.target(targets), {"id": NOWHERE}), *absent(NOWHERE))


@TARGETS
def test_unknown_target_is_404(tenant: Tenant, targets: str) -> None:
    policy = tenant.policy()
    assert_refused(tenant.assign(f"{targets}/{NOWHERE}", policy), *absent(NOWHERE))
    assert_refused(tenant.assign(f"{targets}(appId='{NOWHERE}')", policy), *absent(NOWHERE))


@TARGETS
@pytest.mark.parametrize("status", [400, 409])
def test_second_policy_of_a_kind_is_refused(tenant: Tenant, targets: str, status: int) -> None:
    tenant.emulator.directory.second_policy_status = status
    target, first = tenant.target(targets), tenant.policy()
    tenant.assign(target, first)
    message = (
        "Request contains property changes that would result in property-uniqueness violation(s). "
        "Please retry your request with corrected values."
    )
    refusal = (status, "Request_MultipleObjectsWithSameKeyValue", message)
    assert_refused(tenant.assign(target, tenant.policy()), *refusal)
    assert tenant.assigned(target) == [first["id"]]


def test_policies_of_two_kinds_share_a_target(tenant: Tenant) -> None:
    target = tenant.target("applications")
    for collection in (ISSUANCE, "tokenLifetimePolicies"):
        assert tenant.assign(target, tenant.policy(collection), collection).status_code == 204


def test_same_reference_again_is_refused(tenant: Tenant) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    tenant.assign(target, policy)
    message = (
        "One or more added object references already exist for the following modified properties: "
        "'tokenIssuancePolicies'."
    )
    assert_refused(tenant.assign(target, policy), 400, "Request_BadRequest", message)


def test_removing_an_absent_reference_is_404(tenant: Tenant) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    response = tenant.http.delete(f"{target}/{ISSUANCE}/{policy['id']}/$ref")
    assert_refused(response, *absent(policy["id"]))


def test_removing_an_absent_reference_is_400_if_so_told(tenant: Tenant) -> None:
    tenant.emulator.directory.absent_reference_status = 400
    response = tenant.http.delete(f"{tenant.target('applications')}/{ISSUANCE}/{NOWHERE}/$ref")
    message = (
        "One or more removed object references do not exist for the following modified properties: "
        "'tokenIssuancePolicies'."
    )
    assert_refused(response, 400, "Request_BadRequest", message)


def test_references_of_a_target_are_listed_as_addresses(tenant: Tenant) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    tenant.assign(target, policy)
    [reference] = tenant.get(f"{target}/{ISSUANCE}/$ref")["value"]
    assert tenant.get(reference["@odata.id"])["id"] == policy["id"]


def test_applies_to_lists_both_types_of_targets(tenant: Tenant) -> None:
    policy = tenant.policy()
    for targets in ("applications", "servicePrincipals"):
        tenant.assign(tenant.target(targets), policy)
    users = tenant.get(f"policies/{ISSUANCE}/{policy['id']}/appliesTo")["value"]
    assert [user["@odata.type"] for user in users] == [
        "#microsoft.graph.application",
        "#microsoft.graph.servicePrincipal",
    ]
    assert all({"id", "displayName", "appId"} <= user.keys() for user in users)


@pytest.mark.parametrize(("method", "path"), [("POST", "$ref"), ("DELETE", f"{NOWHERE}/$ref")])
def test_writing_through_applies_to_is_refused(tenant: Tenant, method: str, path: str) -> None:
    address = f"policies/{ISSUANCE}/{tenant.policy()['id']}/appliesTo/{path}"
    message = "Property 'appliesTo' is read-only and cannot be set."
    assert_refused(tenant.http.request(method, address, json={}), 400, "Request_BadRequest", message)


def test_deleted_policy_is_unlinked_without_a_word(tenant: Tenant) -> None:
    target, policy = tenant.target("applications"), tenant.policy()
    tenant.assign(target, policy)
    assert tenant.http.delete(f"policies/{ISSUANCE}/{policy['id']}").status_code == 204
    assert tenant.assigned(target) == []


def test_deleted_target_is_no_longer_listed(tenant: Tenant) -> None:
    service_principal, policy = tenant.service_principal(), tenant.policy()
    tenant.assign(f"servicePrincipals/{service_principal['id']}", policy)
    tenant.http.delete(f"applications(appId='{service_principal['appId']}')")
    assert tenant.get(f"policies/{ISSUANCE}/{policy['id']}/appliesTo")["value"] == []


@pytest.mark.parametrize("form", ["policies/{id}", "policies/tokenIssuancePolicies/{id}", "directoryObjects/{id}"])
def test_untyped_reference_in_beta_is_taken_in_every_form(beta: Tenant, form: str) -> None:
    target, policy = beta.target("applications"), beta.policy()
    address = f"https://graph.microsoft.com/beta/{form.format(id=policy['id'])}"
    assert beta.http.post(f"{target}/policies/$ref", json={"@odata.id": address}).status_code == 204
    assert beta.assigned(target) == [policy["id"]]


def test_untyped_reference_to_no_policy_is_refused(beta: Tenant) -> None:
    target = beta.target("applications")
    response = beta.http.post(f"{target}/policies/$ref", json={"@odata.id": f"beta/directoryObjects/{target[13:]}"})
    assert_refused(response, *INVALID)


def test_untyped_reference_in_v1_is_no_path(tenant: Tenant) -> None:
    body = {"@odata.id": f"v1.0/policies/{tenant.policy()['id']}"}
    response = tenant.http.post(f"{tenant.target('applications')}/policies/$ref", json=body)
    assert_refused(response, 400, "Request_BadRequest", "Resource not found for the segment 'policies'.")
