"""`entra-policies compare` of two real stacks of one program, as its page shows it."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator

import pytest
from tests.engine.harness import PROJECT, Stack

from pulumi_entra_policies.emulator import Emulator

PAGE = (PROJECT / "docs" / "compare.md").read_text("utf-8")
(PROGRAM,) = re.findall(
    r"^```python\nimport pulumi\nimport pulumi_entra_policies as entra\n(.*?)^```$", PAGE, re.M | re.S
)
SHOWN = re.findall(r"^```\n\$ entra-policies (compare [^\n]*)\n(.*?)^```$", PAGE, re.M | re.S)
PORTAL = {"id": "00000000-0000-4000-8000-00000000000{}", "appId": "11111111-1111-4111-8111-111111111111"}
LEGACY = {"id": "99999999-0000-4000-8000-00000000000{}", "appId": "22222222-2222-4222-8222-22222222222{}"}


@pytest.fixture
def graph() -> Iterator[Emulator]:
    with Emulator(seed="dev") as emulator:
        yield emulator


def compare(stack: Stack, *arguments: str) -> tuple[int, str, str]:
    """The command, as a user runs it in the project's folder."""
    done = subprocess.run(
        ["entra-policies", *arguments],
        executable=stack.bin / "entra-policies",
        cwd=stack.folder / "project",
        env={**stack.variables(), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def without_ids(text: str) -> str:
    """Which policy gets which id is a matter of which one is made first."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", text)


def bring_up(stack: Stack, graph: Emulator, number: int, signing: str) -> None:
    """The program in a tenant where both applications are."""
    applications = [
        {"displayName": name, **{key: text.format(number) for key, text in ids.items()}}
        for name, ids in (("Portal", PORTAL), ("Legacy", LEGACY))
    ]
    graph.load({"applications": applications})
    stack.configuration |= {
        "entra-policies:graphEndpoint": graph.url,
        "tests:signing": signing,
        "tests:legacyId": applications[1]["id"],
    }
    stack.up()


def test_two_stacks_of_one_program(stack: Stack, graph: Emulator) -> None:
    stack.program(PROGRAM)
    bring_up(stack, graph, 1, "ResponseAndToken")
    with Emulator(seed="prod") as production:
        stack.select("prod")
        stack.run("stack", "init", "prod")
        bring_up(stack, production, 2, "TokenOnly")

        for command, output in SHOWN:
            code, said, told = compare(stack, *shlex.split(command))
            assert (code, without_ids(said), told) == (1, without_ids(output), "")

        stack.run("stack", "export", "--file", "exported.json")
        code, said, _ = compare(stack, "compare", "file:exported.json", "tenant:prod", "--all")
        assert (code, said.splitlines()[-1]) == (
            0,
            "Compared file:exported.json with tenant:prod: 3 same, 0 different, 0 missing, 0 not compared.",
        )
        assert compare(stack, "compare", "dev", "nope")[::2] == (
            2,
            "entra-policies: cannot read the stack nope:\n  error: no stack named 'nope' found.\n"
            "  To go on: correct that and try again; this project has the stacks dev, prod.\n",
        )
