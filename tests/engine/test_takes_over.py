"""What Pulumi lets users do with resources, on the real engine.

After each the tenant is as the program declares it, and the next preview is empty.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.engine.harness import Stack, Step

from pulumi_entra_policies.emulator import Emulator
from pulumi_entra_policies.emulator.server import Registration

Assigned = dict[str, str]


def policy(name: str = "saml", version: str = "2.0", *, variable: str = "saml", **options: Any) -> str:
    """A policy called SAML; further keywords are resource options, `force` and `exists` arguments of its own."""
    force, exists = options.pop("force", None), options.pop("exists", None)
    return (
        f"{variable} = entra.TokenIssuancePolicy({name!r}, display_name={'SAML ' + variable!r}, "
        f"definition={{'saml_token_version': {version!r}}}, force_destroy={force}, if_exists={exists!r}, "
        f"opts={_options(options)})\n"
    )


def assignment(name: str = "portal", *, of: str = "saml", to: str = "application", **options: Any) -> str:
    replace = options.pop("replace", None)
    return (
        f"entra.PolicyAssignment({name!r}, policy={of}, application_id=pulumi.Config().require({to!r}), "
        f"replace_existing={replace}, opts={_options(options)})\n"
    )


def _options(options: dict[str, Any]) -> str:
    return f"pulumi.ResourceOptions(**{options!r})"


@pytest.fixture
def other(graph: Emulator) -> Registration:
    return graph.create_application("Other")


@pytest.fixture
def job(stack: Stack, portal: Registration, other: Registration) -> Stack:
    stack.configuration |= {"tests:application": portal.object_id, "tests:other": other.object_id}
    stack.program(policy() + assignment())
    stack.up()
    stack.requests()
    return stack


def tenant(graph: Emulator) -> tuple[list[str], Assigned]:
    """The names of all policies, and who has which: the application's name to the policy's name and version."""
    state = graph.directory.snapshot()
    policies = {one["id"]: one for one in state["policies"]["tokenIssuancePolicies"]}
    applications = {one["id"]: one["displayName"] for one in state["applications"]}
    assigned = {
        applications[reference["target"].split("/")[1]]: _described(policies[reference["policyId"]])
        for reference in state["references"]
    }
    return sorted(one["displayName"] for one in policies.values()), assigned


def _described(one: dict[str, Any]) -> str:
    definition = json.loads(one["definition"][0])["TokenIssuancePolicy"]
    return f"{one['displayName']} {definition['SamlTokenVersion']}"


DECLARED = (["SAML saml"], {"Portal": "SAML saml 2.0"})


def assert_as_declared(stack: Stack, declared: tuple[list[str], Assigned] = DECLARED) -> None:
    assert tenant(stack.graph) == declared
    assert stack.preview() == []
    assert [text for text in stack.said if not text.startswith("imports ")] == []


@pytest.mark.parametrize(
    ("renamed", "steps"),
    [
        (policy() + assignment("renamed", import_="<slot>"), {("create", "renamed"), ("delete", "portal")}),
        (
            policy("renamed", exists="create") + assignment(),
            {("create", "renamed"), ("update", "portal"), ("delete", "saml")},
        ),
        (
            policy("renamed", import_="<policy>") + assignment(),
            {("create", "renamed"), ("update", "portal"), ("delete", "saml")},
        ),
        (
            policy("saml2", exists="create") + assignment("portal2", replace=True),
            {("create", "saml2"), ("create", "portal2"), ("delete", "saml"), ("delete", "portal")},
        ),
        (
            policy("saml2", import_="<policy>") + assignment("portal2", import_="<slot>"),
            {("create", "saml2"), ("create", "portal2"), ("delete", "saml"), ("delete", "portal")},
        ),
    ],
    ids=["assignment imported", "policy anew", "policy imported", "both anew", "both imported"],
)
def test_renamed_without_alias(job: Stack, renamed: str, steps: set[tuple[str, str]]) -> None:
    job.program(with_ids(job, renamed))

    assert {(step.op, step.name) for step in job.preview()} == steps
    job.up()

    assert_as_declared(job)
    assert job.preview("--refresh") == []


def with_ids(job: Stack, text: str) -> str:
    """The ids that a user would paste."""
    ids = {name: found["id"] for name, found in job.resources().items()}
    return text.replace("<policy>", ids["saml"]).replace("<slot>", ids["portal"])


def test_policy_renamed_without_alias_is_a_clash_of_names_that_says_how(job: Stack) -> None:
    job.program(policy("renamed") + assignment())

    refused = job.up(ok=False)

    assert 'AlreadyThere: cannot create token issuance policy "SAML saml":' in refused
    assert "with the same definition is already there" in refused
    assert "aliases=[pulumi.Alias(name='<its old name>')]" in refused
    assert tenant(job.graph) == DECLARED


def test_renamed_both_without_alias_or_take_over_is_a_conflict_that_says_how(job: Stack, portal: Registration) -> None:
    job.program(policy("saml2", exists="create") + assignment("portal2"))

    refused = job.up(ok=False)

    assert 'PolicyConflict: cannot assign token issuance policy "SAML saml" (' in refused
    assert f'to application "Portal" ({portal.object_id}):' in refused
    assert "replace_existing=True" in refused
    assert tenant(job.graph)[1] == DECLARED[1]
    job.program(policy("saml2", exists="create") + assignment("portal2", replace=True))
    job.up()
    assert_as_declared(job)


def test_renamed_with_aliases_changes_nothing(job: Stack) -> None:
    aliases = "aliases=[pulumi.Alias(name={!r})]"
    text = policy("saml2").replace("**{}", aliases.format("saml")) + assignment("portal2").replace(
        "**{}", aliases.format("portal")
    )
    job.program(text)

    job.up()

    assert job.requests() == []
    assert_as_declared(job)


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("saml", policy(exists="create") + assignment()),
        ("portal", policy() + assignment(delete_before_replace=True)),
    ],
)
def test_replaced_by_the_command_line(job: Stack, name: str, program: str) -> None:
    job.program(program)

    job.up("--replace", job.urn(name))

    assert_as_declared(job)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("saml", "if_exists='create' makes a second one of that name, also to replace the first with pulumi up --re"),
        (
            "portal",
            "to replace it with pulumi up --replace, or if two assignments exchange their targets, give each of",
        ),
    ],
)
def test_replaced_by_the_command_line_says_what_it_takes(job: Stack, name: str, words: str) -> None:
    refused = job.up("--replace", job.urn(name), ok=False)

    assert words in refused
    assert_as_declared(job)


def test_policy_imported_in_a_run_that_failed_is_not_deleted_by_the_next_one(job: Stack, graph: Emulator) -> None:
    renamed = policy("renamed", import_="<policy>") + assignment() + policy("other", variable="next_")
    job.program(with_ids(job, renamed))
    graph.fault(method="POST", path="policies", status=403, times=20)

    job.up(ok=False)
    graph.reset_faults()
    job.up()

    assert tenant(graph) == (["SAML next_", "SAML saml"], {"Portal": "SAML saml 2.0"})
    assert job.preview("--refresh") == []


def test_replaced_on_changes(job: Stack) -> None:
    changed = policy(version="1.1", exists="create", replace_on_changes=["definition.samlTokenVersion"])
    job.program(changed + assignment(replace_on_changes=["policyId"], delete_before_replace=True))

    job.up()

    assert_as_declared(job, (["SAML saml"], {"Portal": "SAML saml 1.1"}))


def test_change_that_is_ignored_inside_the_definition(job: Stack) -> None:
    job.program(policy(version="1.1", ignore_changes=["definition.samlTokenVersion"]) + assignment())

    job.up()

    assert job.requests() == []
    assert_as_declared(job)


def test_protected_resources_survive_a_destroy(job: Stack) -> None:
    job.program(policy(protect=True) + assignment(protect=True))
    job.up()
    job.requests()

    refused = job.destroy(ok=False)

    assert "protect" in refused
    assert job.requests() == []
    assert_as_declared(job)


def test_retained_resources_stay_in_the_tenant(job: Stack) -> None:
    job.program(policy(retain_on_delete=True) + assignment(retain_on_delete=True))
    job.up()
    job.requests()

    job.destroy()

    assert job.requests() == []
    assert tenant(job.graph) == DECLARED


def test_deleted_before_replaced(job: Stack) -> None:
    options: dict[str, Any] = {"delete_before_replace": True}
    job.program(policy(force=True, **options) + assignment(**options))
    job.up()
    job.up("--replace", job.urn("saml"), "--replace", job.urn("portal"))

    assert_as_declared(job)


def test_policy_in_use_is_not_deleted_before_it_is_replaced(job: Stack, portal: Registration) -> None:
    job.program(policy(delete_before_replace=True) + assignment())
    job.up()

    refused = job.up("--replace", job.urn("saml"), ok=False)

    assert "StillUsed: cannot delete token issuance policy" in refused
    assert f'it is still assigned to application "Portal" ({portal.object_id})' in refused
    assert "delete_before_replace on the policy (replace it with if_exists='create' instead)" in refused
    assert_as_declared(job)


def test_policy_is_not_deleted_with_its_assignment_there(job: Stack) -> None:
    deleted_with = "pulumi.ResourceOptions(deleted_with=saml)"
    job.program(policy() + assignment().replace("pulumi.ResourceOptions(**{})", deleted_with))
    job.up()

    refused = job.destroy(ok=False)

    assert "deleted_with on the assignment deletes the policy while its assignment is there" in refused
    assert tenant(job.graph) == DECLARED


TARGET = """
import json, urllib.request
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

def ask(url, method, body=None):
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "{}")

class Applications(ResourceProvider):
    def create(self, props):
        made = ask(props["url"], "POST", {"displayName": "Made"})
        return CreateResult(made["id"], {**props, "objectId": made["id"]})
    def diff(self, id, olds, news):
        return DiffResult(replaces=["revision"] if olds["revision"] != news["revision"] else [])
    def delete(self, id, props):
        ask(f"{props['url']}/{id}", "DELETE")

class Application(Resource):
    objectId: pulumi.Output[str]

config = pulumi.Config()
url = config.require("graph") + "/v1.0/applications"
made = Application(Applications(), "made", {"url": url, "revision": config.require("revision"), "objectId": None})
entra.PolicyAssignment("made", policy=saml, application_id=made.objectId)
"""


def test_target_replaced_in_the_same_run(job: Stack) -> None:
    job.configuration |= {"tests:graph": job.graph.url, "tests:revision": "1"}
    job.program(policy() + TARGET)
    job.up()
    job.configuration["tests:revision"] = "2"

    (step,) = (step for step in job.preview() if "PolicyAssignment" in step.type and step.op == "replace")
    assert step == Step("replace", "made", ("applicationId",), ("applicationId",), step.type)
    job.up()

    assert tenant(job.graph)[1] == {"Made": "SAML saml 2.0"}
    assert job.preview() == []


def test_policy_moved_between_two_resources_of_one_program(job: Stack) -> None:
    both = policy() + policy("next", "1.1", variable="next_")
    job.program(both + assignment() + assignment("elsewhere", of="next_", to="other"))
    job.up()
    job.program(
        both + assignment("elsewhere", of="next_", replace=True) + assignment("portal", to="other", replace=True)
    )
    job.up()

    assert_as_declared(job, (["SAML next_", "SAML saml"], {"Portal": "SAML next_ 1.1", "Other": "SAML saml 2.0"}))


def test_moved_between_stacks(job: Stack, tmp_path: Path) -> None:
    moved = [job.urn("saml"), job.urn("portal")]
    shutil.copy(tmp_path / "project" / "Pulumi.dev.yaml", tmp_path / "project" / "Pulumi.next.yaml")
    job.run("stack", "init", "next")
    job.select("dev")

    job.run("state", "move", "--yes", "--source", "dev", "--dest", "next", *moved)
    job.program("")
    job.up()
    job.select("next")
    job.program(policy() + assignment())
    job.up()

    assert job.requests() == []
    assert_as_declared(job)


def test_update_plan_is_carried_out_as_previewed(job: Stack, tmp_path: Path) -> None:
    plan = str(tmp_path / "plan.json")
    job.program(policy(version="1.1") + assignment())
    job.run("preview", "--save-plan", plan)

    job.up("--plan", plan)

    assert_as_declared(job, (["SAML saml"], {"Portal": "SAML saml 1.1"}))


def test_destroyed_together(job: Stack) -> None:
    job.destroy()

    assert tenant(job.graph) == ([], {})
    assert [request.split()[0] for request in job.requests()] == ["DELETE", "GET", "DELETE"]


def test_swap_that_failed_half_way_is_continued(job: Stack, graph: Emulator) -> None:
    job.program(policy() + policy("next", "1.1", variable="next_") + assignment(of="next_"))
    graph.fault(method="POST", path=r"\$ref$", status=403, code="Authorization_RequestDenied")

    refused = job.up(ok=False)

    assert "has been put back, so application" in refused
    assert tenant(graph)[1] == DECLARED[1]
    job.up()
    assert_as_declared(job, (["SAML next_", "SAML saml"], {"Portal": "SAML next_ 1.1"}))


def test_destroy_that_failed_half_way_is_continued(job: Stack, graph: Emulator) -> None:
    graph.fault(method="DELETE", path=r"tokenIssuancePolicies/[^/]+$", status=403, code="Authorization_RequestDenied")

    job.destroy(ok=False)

    assert tenant(graph) == (["SAML saml"], {})
    assert list(job.resources()) == ["saml"]
    job.destroy()
    assert tenant(graph) == ([], {})


def test_policy_that_others_use_survives_destroy_until_it_is_forced(job: Stack, other: Registration) -> None:
    directory = job.graph.directory
    (saml,) = directory.all("tokenIssuancePolicies")
    directory.add_reference(directory.any(other.object_id), directory.policy_sets["tokenIssuancePolicies"], saml.id)

    refused = job.destroy(ok=False)

    assert f'it is still assigned to application "Other" ({other.object_id})' in refused
    assert "force_destroy=True" in refused
    job.program(policy(force=True) + assignment())
    job.up()
    job.destroy()
    assert tenant(job.graph) == ([], {})


def test_two_resources_for_one_slot_stop_the_preview(job: Stack) -> None:
    job.program(policy() + assignment() + assignment("again"))

    refused = job.run("preview", ok=False)

    assert "PolicyAssignment 'again' and PolicyAssignment 'portal' have the same slot, applications/" in refused
    assert "Traceback" not in refused
    assert job.requests() == []


def test_one_slot_named_in_two_ways_stops_and_removing_one_keeps_the_assignment(
    job: Stack, portal: Registration
) -> None:
    again = f"entra.PolicyAssignment('again', policy=saml, application_client_id={portal.client_id!r})"
    job.program(policy() + assignment() + again)

    refused = job.up(ok=False)
    assert "exactly this assignment is there already" in refused
    assert tenant(job.graph) == DECLARED
    job.program(policy() + assignment())
    job.up()

    assert_as_declared(job)
