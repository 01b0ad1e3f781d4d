"""A create never shares, on the real engine: across two runs, two hosts and `--target`, with a person in between.

The state never says what the tenant does not have, and nothing is lost: whatever is refused is as it was.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.engine.harness import Run, Stack

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.emulator.server import Registration

SAML = (
    "saml = entra.TokenIssuancePolicy('saml', display_name='SAML', definition={'saml_token_version': '2.0'})\n"
    "application = pulumi.Config().require('application')\n"
)
COLLECTION = "tokenIssuancePolicies"
IMPORT = re.compile(r"opts=(pulumi\.ResourceOptions\(import_='[^']+'\))")


def assignment(name: str = "portal", more: str = "", opts: str = "None") -> str:
    return f"entra.PolicyAssignment({name!r}, policy=saml, application_id=application{more}, opts={opts})\n"


def elsewhere(stack: Stack) -> str:
    """A provider of its own, and so a second host, for the same tenant."""
    return (
        "elsewhere = pulumi.ProviderResource('pulumi-python', 'elsewhere', "
        f"{{'entra-policies:graphEndpoint': {stack.graph.url!r}, 'entra-policies:waits': '1'}})\n"
    )


@pytest.fixture
def job(stack: Stack, portal: Registration) -> Stack:
    stack.configuration["tests:application"] = portal.object_id
    stack.program(SAML + assignment())
    stack.up()
    stack.requests()
    return stack


def assigned(graph: Emulator) -> list[str]:
    """The names of the policies that are assigned to anything."""
    state = graph.directory.snapshot()
    names = {one["id"]: one["displayName"] for one in state["policies"][COLLECTION]}
    return [names[reference["policyId"]] for reference in state["references"]]


def policies(graph: Emulator) -> list[str]:
    return sorted(one.properties["displayName"] for one in graph.directory.all(COLLECTION))


def assert_truthful(job: Stack) -> None:
    """What the state says is what a look at the tenant finds."""
    before = {name: found["outputs"] for name, found in job.resources().items()}
    job.refresh()
    assert {name: found["outputs"] for name, found in job.resources().items()} == before


def new_urn(job: Stack, name: str, old: str) -> str:
    return job.urn(old).removesuffix(old) + name


# -- a rename without alias, in whatever pieces it is run --------------------------------------------------------------


@pytest.mark.parametrize("more", ["", ", replace_existing=True"], ids=["plain", "replace_existing"])
@pytest.mark.parametrize("second", ["up", "destroy"])
def test_renamed_assignment_in_two_targeted_runs_keeps_its_reference(job: Stack, more: str, second: str) -> None:
    job.program(SAML + assignment("renamed", more))

    refused = job.up("--target", new_urn(job, "renamed", "portal"), ok=False)

    assert "exactly this assignment is there already" in refused
    assert "aliases=[pulumi.Alias(name='<its old name>')]" in refused
    assert IMPORT.search(refused.text)
    assert (assigned(job.graph), "renamed" in job.resources()) == (["SAML"], False)
    job.run(second, "--yes", "--skip-preview", "--target", job.urn("portal"))
    assert (assigned(job.graph), list(job.resources())) == ([], ["saml"])
    assert_truthful(job)


def test_renamed_assignment_with_a_host_of_its_own_keeps_its_reference(job: Stack) -> None:
    job.program(elsewhere(job) + SAML + assignment("renamed", opts="pulumi.ResourceOptions(provider=elsewhere)"))

    refused = job.up(ok=False)

    assert "exactly this assignment is there already" in refused
    assert assigned(job.graph) == ["SAML"]
    assert_truthful(job)


@pytest.mark.parametrize("with_host", [False, True], ids=["targeted", "two hosts"])
def test_renamed_policy_is_never_shared(job: Stack, with_host: bool) -> None:
    opts = ", opts=pulumi.ResourceOptions(provider=elsewhere)" if with_host else ""
    renamed = SAML.replace("'saml',", "'renamed',").replace("'2.0'})", f"'2.0'}}{opts})")
    job.program((elsewhere(job) if with_host else "") + renamed + assignment())

    target = [] if with_host else ["--target", new_urn(job, "renamed", "saml")]
    refused = job.up(*target, ok=False)

    assert 'AlreadyThere: cannot create token issuance policy "SAML"' in refused
    assert (policies(job.graph), assigned(job.graph)) == (["SAML"], ["SAML"])
    assert_truthful(job)


@pytest.mark.parametrize("replaced", [False, True], ids=["renamed", "replaced"])
def test_lost_answer_does_not_make_ours_what_was_there_before(job: Stack, graph: Emulator, replaced: bool) -> None:
    graph.fault(method="POST", path=r"\$ref$", status=503)
    job.program(SAML + assignment("portal" if replaced else "renamed"))

    refused = job.up(*(["--replace", job.urn("portal")] if replaced else []), ok=False)

    assert "exactly this assignment is there already" in refused
    assert assigned(graph) == ["SAML"]
    graph.reset_faults()
    assert_truthful(job)


def test_replacement_that_failed_after_its_delete_is_made_by_the_next_run(job: Stack, graph: Emulator) -> None:
    job.program(SAML + assignment(opts="pulumi.ResourceOptions(delete_before_replace=True)"))
    graph.fault(method="POST", path=r"\$ref$", status=403)

    job.up("--replace", job.urn("portal"), ok=False)
    job.up()

    assert assigned(graph) == ["SAML"]
    assert job.preview("--refresh") == []


def test_managed_resource_that_becomes_a_get_stays_in_the_tenant(job: Stack, graph: Emulator) -> None:
    ids = {name: found["id"] for name, found in job.resources().items()}
    (saml,) = graph.directory.all(COLLECTION)
    job.program(
        f"entra.TokenIssuancePolicy.get('saml', {ids['saml'].upper()!r})\n"
        f"entra.PolicyAssignment.get('portal', '{ids['portal']}/{saml.id}')\n"
    )

    job.up()

    assert (policies(graph), assigned(graph)) == (["SAML"], ["SAML"])


# -- copies ------------------------------------------------------------------------------------------------------------


def test_copy_that_is_created_before_its_original_is_looked_at_is_refused(job: Stack) -> None:
    late = "late = entra.TokenIssuancePolicy('late', display_name='Late', definition={'saml_token_version': '1.1'})\n"
    waiting = SAML.replace("'2.0'})", "'2.0'}, opts=pulumi.ResourceOptions(depends_on=[late]))")
    copy = SAML.replace("saml = ", "").replace("'saml',", "'copy',")
    job.program(late + copy + waiting + assignment())

    refused = job.up(ok=False)

    assert 'AlreadyThere: cannot create token issuance policy "SAML"' in refused
    assert policies(job.graph).count("SAML") == 1


def test_copy_of_what_its_original_becomes_in_the_same_run_makes_no_twin(job: Stack) -> None:
    changed = SAML.replace("'2.0'", "'1.1'")
    job.program(changed + assignment() + changed.replace("saml = ", "").replace("'saml',", "'copy',"))

    refused = job.up(ok=False)

    assert 'AlreadyThere: cannot create token issuance policy "SAML"' in refused
    assert policies(job.graph) == ["SAML"]


def test_adopt_is_no_more_and_says_what_to_do(job: Stack) -> None:
    job.program(SAML.replace("'2.0'}", "'2.0'}, if_exists='adopt'") + assignment())

    refused = job.run("preview", ok=False)

    assert (
        'is no longer "adopt": to take over a policy that is there, give opts=pulumi.ResourceOptions(import_='
        in refused
    )
    assert job.requests() == []


# -- destroying and exchanging -----------------------------------------------------------------------------------------


def test_delete_that_may_not_ask_who_uses_the_policy_is_refused(job: Stack, graph: Emulator) -> None:
    other = graph.create_application("Other")
    directory = graph.directory
    (saml,) = directory.all(COLLECTION)
    directory.add_reference(directory.any(other.object_id), directory.policy_sets[COLLECTION], saml.id)
    graph.fault(method="GET", path="appliesTo", status=403, times=10)

    refused = job.destroy(ok=False)

    assert "nothing was deleted, since Graph does not say what still uses it" in refused
    assert "Application.Read.All" in refused
    assert "force_destroy=True" in refused
    assert (policies(graph), assigned(graph)) == (["SAML"], ["SAML"])


def test_swap_to_a_policy_that_does_not_exist_leaves_the_slot_alone(job: Stack, graph: Emulator) -> None:
    nowhere = "00000000-0000-4000-8000-000000000000"
    by_id = assignment().replace("policy=saml", f"policy_id={nowhere!r}, policy_type='TokenIssuancePolicy'")
    job.program(SAML + by_id)

    refused = job.up(ok=False)

    assert f"{nowhere} is not the id of a token issuance policy in this tenant" in refused
    assert assigned(graph) == ["SAML"]
    assert "DELETE" not in {request.split()[0] for request in job.requests()}


def test_update_after_this_run_has_deleted_the_old_policy_waits_for_nothing(job: Stack, graph: Emulator) -> None:
    job.configuration["entra-policies:waits"] = "60"
    job.program(SAML.replace("'2.0'}", "'2.0'}, force_destroy=True") + assignment())
    job.up()
    replaced = SAML.replace(
        "'2.0'}", "'1.1'}, force_destroy=True, opts=pulumi.ResourceOptions(delete_before_replace=True)"
    )
    job.program(replaced + assignment())

    run = job.up("--replace", job.urn("saml"))

    assert "Waiting up to" not in run
    assert (policies(graph), assigned(graph)) == (["SAML"], ["SAML"])
    assert job.preview("--refresh") == []


DEFAULT = (
    "{0} = entra.TokenLifetimePolicy('{0}', display_name='{0}', definition={{'access_token_lifetime': '02:00:00'}}, "
    "is_organization_default={1}, opts=pulumi.ResourceOptions(depends_on={2}))\n"
)


def test_default_moves_in_one_run_however_busy_the_workers_are(stack: Stack, graph: Emulator) -> None:
    stack.program(DEFAULT.format("first", True, "[]") + DEFAULT.format("second", False, "[]"))
    stack.up()
    stack.program(DEFAULT.format("first", False, "[]") + DEFAULT.format("second", True, "[first]"))

    run = stack.up("--parallel", "1")

    assert "Waiting up to" not in run
    lifetimes = graph.directory.all("tokenLifetimePolicies")
    assert {one.properties["displayName"]: one.properties["isOrganizationDefault"] for one in lifetimes} == {
        "first": False,
        "second": True,
    }


def test_default_that_another_resource_still_has_says_how_to_go_on(stack: Stack) -> None:
    stack.program(DEFAULT.format("first", True, "[]") + DEFAULT.format("second", False, "[]"))
    stack.up()
    stack.program(DEFAULT.format("second", True, "[]") + DEFAULT.format("first", False, "[second]"))

    refused = stack.up(ok=False)

    assert re.search(
        r'token lifetime policy "first" \([0-9a-f-]{36}\) is it, and a tenant has one of a kind', refused.text
    )
    assert "depends_on=[<that resource>]" in refused


# -- import ------------------------------------------------------------------------------------------------------------


def policy_program(kind: str, definition: dict[str, Any], opts: str) -> str:
    return f"entra.{kind}('taken', display_name='There', definition={definition!r}, opts={opts})\n"


KINDS = [
    ("TokenIssuancePolicy", {"saml_token_version": "2.0"}),
    ("TokenLifetimePolicy", {"access_token_lifetime": "02:00:00"}),
    ("ClaimsMappingPolicy", {"include_basic_claim_set": True}),
    ("HomeRealmDiscoveryPolicy", {"preferred_domain": "example.com"}),
    (
        "ActivityBasedTimeoutPolicy",
        {"application_policies": [{"web_session_idle_timeout": "01:00:00", "application_id": "default"}]},
    ),
]


def test_what_is_there_is_imported_by_all_classes_and_nothing_is_written(
    stack: Stack, graph: Emulator, portal: Registration
) -> None:
    stack.configuration["tests:application"] = portal.object_id
    program = "".join(
        f"{kind} = entra.{kind}({kind!r}, display_name='There', definition={definition!r}, opts=None)\n"
        for kind, definition in KINDS
    )
    program += (
        "entra.PolicyAssignment('portal', policy=TokenIssuancePolicy, "
        "application_id=pulumi.Config().require('application'), opts=None)\n"
    )
    stack.program(program)
    stack.up()
    ids = {name: found["id"] for name, found in stack.resources().items()}
    for name in ["portal", *(kind for kind, _ in KINDS)]:
        stack.run("state", "delete", "--yes", stack.urn(name))
    before = graph.directory.snapshot()
    for name, id_ in ids.items():
        kept = f"pulumi.ResourceOptions(import_={id_!r})"
        program = re.sub(rf"(\(\'{name}\'.*)opts=None", rf"\1opts={kept}", program)
    stack.program(program)
    stack.requests()

    run = stack.up()

    assert {request.split()[0] for request in stack.requests()} == {"GET"}
    assert graph.directory.snapshot() == before
    assert {name: found["id"] for name, found in stack.resources().items()} == ids
    assert all(f"imports {id_}: it is read and compared with the program, and nothing" in run for id_ in ids.values())
    assert all("importId" not in found["outputs"] for found in stack.resources().values())
    assert stack.preview("--refresh") == []
    stack.program(re.sub(r"import_='[^']+'", "", program))
    assert stack.preview() == []
    stack.destroy()
    assert graph.directory.snapshot()["references"] == []


NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("opts", "more", "words"),
    [
        (f"import_={NOWHERE!r}", "", [f"cannot import token issuance policy {NOWHERE}", "take import_ out"]),
        ("import_='<other kind>'", "", ["is a token lifetime policy, not a token issuance policy"]),
        ("import_='saml'", "", ["import_: must be the id of a policy, a GUID", '"saml"']),
        ("import_='<policy>'", "", ['definition.saml_token_version: "2.0" in the tenant, "1.1" in the program']),
        ("import_='<policy>'", ", if_exists='create'", ["import_: takes over what is there; leave out if_exists"]),
        ("import_=unknown", "", ["import_: has to be known when the program is previewed"]),
    ],
    ids=["not there", "other kind", "malformed", "different", "with if_exists", "not known"],
)
def test_bad_import_is_one_error_and_changes_nothing(
    stack: Stack, graph: Emulator, opts: str, more: str, words: list[str]
) -> None:
    directory = graph.directory
    ids = {
        f"<{name}>": directory.create_policy(
            directory.policy_sets[collection], {"displayName": "There", "definition": [text]}
        ).id
        for name, collection, text in [
            ("policy", COLLECTION, '{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}'),
            ("other kind", "tokenLifetimePolicies", '{"TokenLifetimePolicy":{"Version":1}}'),
        ]
    }
    for mark, id_ in ids.items():
        opts = opts.replace(mark, id_)
    unknown = (
        "unknown = entra.TokenLifetimePolicy('u', display_name='U', definition={}).id\n" if "unknown" in opts else ""
    )
    stack.program(
        f"{unknown}entra.TokenIssuancePolicy('taken', display_name='There', definition={{'saml_token_version': '1.1'}}"
        f"{more}, opts=pulumi.ResourceOptions({opts}))\n"
    )
    before = graph.directory.snapshot()

    refused = stack.run("preview", ok=None) if unknown else stack.up(ok=False)

    assert all(word in refused for word in words), refused.text
    assert "Traceback" not in refused
    assert (graph.directory.snapshot(), stack.resources()) == (before, {})


def test_imported_resource_that_is_replaced_ends_in_an_error_and_no_state_that_lies(
    job: Stack, graph: Emulator
) -> None:
    (saml,) = graph.directory.all(COLLECTION)
    opts = f"pulumi.ResourceOptions(import_={saml.id!r})"
    job.program(SAML.replace("'2.0'}", f"'2.0'}}, force_destroy=True, opts={opts}") + assignment())
    job.up()

    refused = job.up("--replace", job.urn("saml"), ok=False)

    assert "this run has deleted it" in refused
    assert "take import_ out" in refused
    assert policies(graph) == []
    assert job.resources()["saml"]["pendingReplacement"]
    job.program(SAML + assignment())
    job.up()
    assert (policies(graph), assigned(graph)) == (["SAML"], ["SAML"])
    assert job.preview("--refresh") == []


def paste(run: Run) -> str:
    found = IMPORT.search(run.text)
    assert found, run.text
    return found[1]


def test_error_of_a_reference_that_no_stack_has_can_be_pasted(job: Stack, graph: Emulator) -> None:
    job.run("state", "delete", "--yes", job.urn("portal"))

    opts = paste(job.up(ok=False))
    job.program(SAML + assignment(opts=opts))
    job.requests()
    job.up()

    assert {request.split()[0] for request in job.requests()} == {"GET"}
    assert assigned(graph) == ["SAML"]
    assert job.preview("--refresh") == []
