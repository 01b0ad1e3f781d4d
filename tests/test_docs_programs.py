"""The programs on the pages, run under Pulumi's mocks, where an argument that is not valid is an error."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pulumi
import pytest
from docs import tables
from pulumi.runtime import mocks
from tests.test_resources import GRAPHS, GUID, monitored
from tests.test_with_azuread import Tenant

import pulumi_entra_policies as entra

ELSEWHERE = {
    "README.md",  # tests/engine/test_wheel.py, against the emulator
    "adding-a-kind.md",  # what it declares is no program
    "compare.md",  # tests/engine/test_compare_command.py, in two stacks
    "testing.md",  # tests/test_mocked.py
}
PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROGRAMS = {page.name: PROGRAM.findall(page.read_text("utf-8")) for page in tables.PAGES if page.name not in ELSEWHERE}


class Looked(Tenant):
    """A tenant that has a policy of every name that is looked up."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        found = {"id": GUID, "displayName": args.args.get("displayName", "Some"), "definitionJson": GRAPHS}
        answers: dict[str, Any] = {
            "entra-policies:index:getPolicy": found,
            "entra-policies:index:getPolicies": {"policies": [found]},
        }
        return answers.get(args.token) or super().call(args)


@pytest.mark.parametrize("page", [name for name, programs in PROGRAMS.items() if programs])
def test_programs_of_a_page_are_taken(page: str) -> None:
    """In their order, a later one with what an earlier one has named; what the reader is to fill in is an id."""

    def program() -> None:
        names: dict[str, Any] = {"pulumi": pulumi, "entra": entra}
        for code in PROGRAMS[page]:
            exec(compile(re.sub(r"<[a-z ]+>", GUID, code), Path(page).stem, "exec"), names)  # noqa: S102

    monitored(program, Looked())
