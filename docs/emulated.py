"""What the emulator's page says beside its prose: each path and rule, how it is known, and what is not emulated.

Paths, refusals, switches and faults are the emulator's own; the rules are told here, each with the test that shows it.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pulumi_entra_policies.emulator import Directory, refusals
from pulumi_entra_policies.emulator.faults import CODES, KINDS
from pulumi_entra_policies.emulator.permissions import Need
from pulumi_entra_policies.emulator.routes import ROUTES

EVIDENCE = ("doc", "seen", "open")

Row = tuple[str, ...]
Table = tuple[Row, Iterable[Row]]


class Rule(NamedTuple):
    says: str
    source: str
    test: str
    """Of tests/emulator."""


class Switch(NamedTuple):
    values: str
    """Beside its default."""
    decides: str
    source: str


SWITCHES = {
    "second_policy_status": Switch("`409`", "the status of a second policy of a kind on an object", "open"),
    "absent_reference_status": Switch("`400`", "the status of removing what is not assigned", "seen: both"),
    "unreplicated_policy_status": Switch("`404`", "the status of assigning what a replica has not seen", "seen: both"),
    "default_patch_status": Switch("`500`", "whether a PATCH of `isOrganizationDefault` fails", "seen: sibling type"),
    "creator_owns": Switch(
        "`False`",
        "whether a client with a service principal here owns what it creates",
        "seen: msgraph-sdk-powershell#829, terraform-provider-azuread#529",
    ),
    "restores_policies": Switch(
        "`True`",
        "whether an object comes back from the deleted items with its policies",
        "open: the page on restoring says no, of policies of another type",
    ),
    "default_audience": Switch(
        "`AzureADandPersonalMicrosoftAccount`", "the audience of an application that names none", "open"
    ),
}
NOT_SWITCHES = {"policy_sets", "seed", "tenant_id"}

RULES = (
    Rule(
        "A refusal is Graph's envelope, as plain `application/json`; any other body comes with `OData-Version: 4.0`.",
        "doc: Combine multiple HTTP requests",
        "test_refusal_carries_the_envelope",
    ),
    Rule(
        "A path with a method that it lacks is 405 in the same envelope, whatever the method.",
        "doc: Combine multiple HTTP requests",
        "test_known_path_with_another_method_is_405",
    ),
    Rule(
        "An unknown path is 400 and names the first segment that is unknown.",
        "open: 400 is seen",
        "test_unknown_path_names_the_segment",
    ),
    Rule(
        "201 says in `Location` where the new object is.",
        "doc: OData 4.0",
        "test_create_answers_with_its_location",
    ),
    Rule(
        "A key stands after a slash or in parentheses, ids and names have no letter case.",
        "doc: OData 4.0",
        "test_key_in_parentheses_is_the_same_key",
    ),
    Rule(
        "A read under the own tenant's id, `/v1.0/{tenant}/…`, is the same read; a write there is refused.",
        "seen: microsoft-graph-docs-contrib#1703",
        "test_write_under_the_tenant_is_refused",
    ),
    Rule(
        "A definition comes back byte for byte.",
        "seen: live tenants",
        "test_valid_definition_comes_back_byte_for_byte",
    ),
    Rule(
        "`description` of a policy gets a misleading 404, in POST and PATCH.",
        "seen: live tenants",
        "test_description_gets_the_misleading_404",
    ),
    Rule("Names of policies are not unique.", "doc: policyBase resource type", "test_same_name_twice_makes_a_twin"),
    Rule(
        "One policy of a kind on an object; of claims mapping policies it is open.",
        "seen: live tenants",
        "test_second_policy_of_a_kind_is_refused",
    ),
    Rule(
        "One organization default of a kind, where the service follows it.",
        "doc: activityBasedTimeoutPolicy resource type",
        "test_second_default_is_refused",
    ),
    Rule(
        "What a kind cannot be assigned to is no path; home realm discovery on applications is one, always empty.",
        "doc: metadata",
        "test_set_that_the_metadata_shows_is_always_empty",
    ),
    Rule(
        "A deleted policy is unlinked everywhere, and gone for good.",
        "seen: live tenants",
        "test_deleted_policy_is_unlinked_without_a_word",
    ),
    Rule(
        "appliesTo cannot be written.",
        "seen: live tenants",
        "test_writing_through_applies_to_is_refused",
    ),
    Rule(
        "appliesTo without a permission to read all applications is 200 with broken JSON.",
        "seen: live tenants",
        "test_applies_to_without_reading_applications_is_a_broken_200",
    ),
    Rule(
        "A deleted application or service principal can be restored for 30 days; the application takes its own along.",
        "doc: Delete application, Restore deleted item",
        "test_deleted_item_is_gone_after_30_days",
    ),
    Rule(
        "A service principal does not come back with its application, and not without it (open).",
        "doc: Restore deleted item",
        "test_restored_application_is_as_it_was_and_its_service_principal_comes_apart",
    ),
    Rule(
        "What is restored has its owners again.",
        "open",
        "test_restored_application_has_its_owners_and_its_policies_if_so_told",
    ),
    Rule(
        "Owners are service principals, as there are no users here; the last one can be removed.",
        "doc: Add owner",
        "test_added_owner_is_listed_and_can_be_removed",
    ),
    Rule(
        "`owners@odata.bind` of a new object names its only owners.",
        "open",
        "test_bound_owners_are_the_only_ones",
    ),
    Rule(
        "PATCH by `uniqueName`, or by a service principal's `appId`, creates what is missing if `Prefer` says so.",
        "doc: Upsert application, Upsert servicePrincipal",
        "test_missing_application_is_created_under_its_name",
    ),
    Rule(
        "A unique name is unique among what is not deleted, and never changes.",
        "doc: application resource type",
        "test_unique_name_is_immutable",
    ),
    Rule(
        "A batch has 1 to 20 requests with relative addresses and different ids; else all of it is refused.",
        "doc: Combine multiple HTTP requests",
        "test_malformed_batch_is_refused_as_a_whole",
    ),
    Rule(
        "So it is if a POST, PATCH or PUT in it has no body or no content type; `{}` is a body.",
        "seen: msgraph-sdk-dotnet#1038, #2628",
        "test_write_without_body_or_content_type_spoils_the_batch",
    ),
    Rule(
        "A request of a batch depends on earlier ones only, and is 424 if one of them fails.",
        "doc: Combine multiple HTTP requests, OData JSON 4.01",
        "test_request_that_depends_on_a_failed_one_is_424",
    ),
    Rule(
        "Requests of a batch are done in their order, and answered in the opposite one: no order is promised.",
        "doc: Combine multiple HTTP requests",
        "test_requests_are_done_in_their_order_and_answered_in_another",
    ),
    Rule(
        "Each request of a batch has its own status, throttling and faults; a dropped connection is the whole batch's.",
        "doc: Combine multiple HTTP requests",
        "test_batch_is_throttled_request_by_request",
    ),
    Rule(
        "Replicas show a write late, and old and new alternate.",
        "seen: live tenants",
        "test_late_replica_shows_what_was_and_then_what_is",
    ),
    Rule(
        "Requests cost units that come back evenly, and writes have a limit of their own.",
        "doc: Microsoft Graph service-specific throttling limits",
        "test_reads_cost_what_the_page_says",
    ),
    Rule(
        "An option without `$`, an unknown one and one twice are refused; beta takes those that it knows without `$`.",
        "seen: microsoft-graph-docs#4488",
        "test_option_without_dollar_is_refused_in_v1",
    ),
    Rule(
        "What asks of collections is refused for one object, for references, and in writes (open).",
        "doc: Use query parameters; seen: microsoft-graph-docs#22100",
        "test_option_of_collections_is_refused_elsewhere",
    ),
    Rule(
        "`@odata.context` names what is selected and expanded; an unknown property is not selected.",
        "doc: OData JSON Format; seen: microsoft-graph-docs#9988",
        "test_select_keeps_the_named_properties_and_the_context_names_them",
    ),
    Rule(
        "`$filter` of applications and service principals knows `eq`, `ge`, `le`, `in`, `startswith`, `and`, `or` and "
        "`any`, of the properties whose page says so.",
        "doc: application resource type, servicePrincipal resource type",
        "test_simple_filter_needs_no_header",
    ),
    Rule(
        "`ne`, `not`, parts of complex properties, `$orderby` beside `$filter` and some properties take "
        "`ConsistencyLevel: eventual` and `$count=true`.",
        "doc: Advanced query capabilities on directory objects",
        "test_advanced_filter_needs_header_and_count",
    ),
    Rule(
        "`$search` takes the header alone, and looks for the beginnings of a name's words.",
        "doc: Use the $search query parameter; beginnings are open",
        "test_search_needs_the_header_alone",
    ),
    Rule(
        "Without the header `$count=true` is ignored, and `/$count` refused.",
        "seen: microsoft-graph-docs#8586, #13195",
        "test_count_without_the_header_is_ignored",
    ),
    Rule(
        "Policies know `eq`, joined by `and`, and no option of advanced queries.",
        "open: their pages name no operators",
        "test_policies_know_no_advanced_options",
    ),
    Rule("Filters compare without letter case.", "open", "test_filter_keeps_what_fits"),
    Rule(
        "What is expanded has 20 items at most, without a word that there are more, and pages of 100.",
        "doc: Use query parameters",
        "test_expand_holds_20_items_and_shrinks_the_page_to_100",
    ),
    Rule(
        "A next link names a place: what goes between two pages takes nothing else along.",
        "open",
        "test_nothing_is_lost_or_twice_when_objects_go_between_pages",
    ),
    Rule(
        "A body that is no JSON by its content type is refused; without a content type it is not read.",
        "seen: microsoft-graph-docs-contrib#6337",
        "test_body_of_another_content_type_is_refused",
    ),
    Rule(
        "Properties that the type does not have, that are read-only, or whose value the type or the page excludes are "
        "refused, and so is another object's `@odata.type`.",
        "doc: metadata, application resource type, Validation differences by supported account types",
        "test_wrong_property_is_refused_in_post_and_patch",
    ),
    Rule(
        "A new application or service principal has what the page prints, and a date.",
        "doc: Create application, Create servicePrincipal",
        "test_new_application_has_what_the_page_prints",
    ),
    Rule(
        "A part of a complex property leaves its others; null stands for what is filled in (open).",
        "doc: OData 4.0",
        "test_part_of_a_complex_property_leaves_its_others",
    ),
    Rule(
        "An identifier URI is unique in the tenant.",
        "doc: Validation differences by supported account types",
        "test_unique_uris_are_not_given_twice",
    ),
    Rule(
        "An enabled role or scope is neither changed nor removed until it is disabled.",
        "seen: msgraph-sdk-powershell#1054",
        "test_enabled_entitlement_is_not_changed",
    ),
    Rule(
        "A service principal copies names, addresses, roles, scopes and tags of its application, also later.",
        "doc: servicePrincipal resource type",
        "test_service_principal_follows_its_application_and_keeps_its_own",
    ),
    Rule(
        "Keys of certificates are null unless `$select` names the list; a list that comes back keeps its keys.",
        "doc: keyCredential resource type; seen: terraform-provider-azuread",
        "test_list_as_it_was_read_keeps_the_keys",
    ),
    Rule(
        "With sign-in, `/metadata/endpoints` says where Graph and the authority are.",
        "seen: hashicorp/go-azure-sdk",
        "test_application_and_service_principal_are_made",
    ),
)

CREDENTIALS = "who may sign in is told to the emulator, not to its tenant"
NO_GROUPS = "no users, groups or roles are in the tenant"
ELSEWHERE = "has nothing to do with policies"
OWNERS_SAY = "the same objects are found by their owners"
NOT_EMULATED = {
    "*.add_key.*": CREDENTIALS,
    "*.add_password.*": CREDENTIALS,
    "*.add_token_signing_certificate.*": CREDENTIALS,
    "*.remove_key.*": CREDENTIALS,
    "*.remove_password.*": CREDENTIALS,
    "*.federated_identity_credentials*": CREDENTIALS,
    "*.app_role_assign*": NO_GROUPS,
    "*.check_member_*": NO_GROUPS,
    "*.created_on_behalf_of.*": NO_GROUPS,
    "*.get_member_*": NO_GROUPS,
    "*.member_of.*": NO_GROUPS,
    "*.oauth2_permission_grants.*": NO_GROUPS,
    "*.transitive_member_of.*": NO_GROUPS,
    "*.created_objects.*": OWNERS_SAY,
    "*.owned_objects.*": OWNERS_SAY,
    "*.app_management_policies.*": "another type of policy, with other paths and rules",
    "*.delta.*": "changes are found by reading again",
    "applications.*.restore.*": "documented under directory/deletedItems alone",
    "service_principals.*.restore.*": "documented under directory/deletedItems alone",
    "*.delegated_permission_classifications.*": ELSEWHERE,
    "*.endpoints.*": ELSEWHERE,
    "*.extension_properties*": ELSEWHERE,
    "*.get_available_extension_properties.*": ELSEWHERE,
    "*.get_by_ids.*": ELSEWHERE,
    "*.logo.*": ELSEWHERE,
    "*.remote_desktop_security_configuration.*": ELSEWHERE,
    "*.set_verified_publisher.*": ELSEWHERE,
    "*.synchronization.*": ELSEWHERE,
    "*.unset_verified_publisher.*": ELSEWHERE,
    "*.validate_properties.*": ELSEWHERE,
}
"""Patterns of the calls that msgraph-sdk has for policies, applications, service principals and deleted items."""


def tables() -> dict[str, Table]:
    return {
        "trust": (("", *EVIDENCE), _trust()),
        "paths": (("request", "permissions", "known from"), _paths()),
        "rules": (("rule", "known from"), ((rule.says, rule.source) for rule in RULES)),
        "refusals": (("status", "code", "message", "known from"), _refusals()),
        "switches": (("switch of `Directory`", "default", "or", "decides", "known from"), _switches()),
        "faults": (("fault", "code", "message"), _faults()),
        "not emulated": (("calls of msgraph-sdk", "because"), _not_emulated()),
    }


def evidence(source: str) -> str:
    return source.partition(":")[0]


def _trust() -> Iterator[Row]:
    known = {
        "paths": [route.source for route in ROUTES],
        "rules": [rule.source for rule in RULES],
        "refusals": [source for _, _, source in refused()],
        "switches": [switch.source for switch in SWITCHES.values()],
    }
    for name, sources in known.items():
        counted = Counter(map(evidence, sources))
        yield name, *(str(counted[word]) for word in EVIDENCE)


def _paths() -> Iterator[Row]:
    for route in ROUTES:
        versions = "" if len(route.versions) > 1 else f" ({route.versions[0]} only)"
        content = f"; for its content {_permissions(route.needs_for_content)}" if route.needs_for_content else ""
        yield f"`{route.method} {route.template}`{versions}", _permissions(route.needs) + content, route.source


def _permissions(need: Need) -> str:
    return "; ".join(" or ".join(f"`{name}`" for name in sorted(any_of)) for any_of in need) or "none"


def refused() -> Iterator[tuple[str, refusals.Refusal, str]]:
    """Each function that refuses, by name: what with, and how that is known."""
    for name, function in vars(refusals).items():
        if inspect.isfunction(function):
            parameters = inspect.signature(function).parameters
            refusal = function(**{key: _example(parameter) for key, parameter in parameters.items()})
            yield name, refusal, " ".join((inspect.getdoc(function) or "").split()).removesuffix(".")


def _example(parameter: inspect.Parameter) -> object:
    """A status is one that a switch gives, a text its own name in braces."""
    return {int: 400, int | None: None, bool: False}.get(parameter.annotation, f"{{{parameter.name}}}")


def _refusals() -> Iterator[Row]:
    for _, refusal, source in refused():
        yield str(refusal.status), f"`{refusal.code}`", refusal.message, source


def _switches() -> Iterator[Row]:
    parameters = inspect.signature(Directory).parameters
    for name, switch in SWITCHES.items():
        yield f"`{name}`", f"`{parameters[name].default}`", switch.values, switch.decides, switch.source


def _faults() -> Iterator[Row]:
    for status, (code, message) in CODES.items():
        yield f"`status={status}`", f"`{code}`", message
    for name in KINDS:
        yield f'`kind="{name}"`', "", f"status {KINDS[name]['status']}, a body that breaks off"


def _not_emulated() -> Iterator[Row]:
    for reason in dict.fromkeys(NOT_EMULATED.values()):
        patterns = (pattern for pattern, because in NOT_EMULATED.items() if because == reason)
        yield ", ".join(f"`{pattern.strip('*._')}`" for pattern in patterns), reason
