"""The emulator's page: each path, rule, refusal and switch says how it is known, and each rule has its test."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from docs import emulated

from pulumi_entra_policies.emulator import Directory
from pulumi_entra_policies.emulator.routes import ROUTES

TESTS = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))

SOURCES = [
    *((f"{route.method} {route.template}", route.source) for route in ROUTES),
    *((rule.says, rule.source) for rule in emulated.RULES),
    *((name, source) for name, _, source in emulated.refused()),
    *((name, switch.source) for name, switch in emulated.SWITCHES.items()),
]


@pytest.mark.parametrize(("what", "source"), SOURCES)
def test_each_says_how_it_is_known(what: str, source: str) -> None:
    assert emulated.evidence(source) in emulated.EVIDENCE, what
    assert re.fullmatch(r"open|\w+: \S.*", source), what


@pytest.mark.parametrize("rule", emulated.RULES, ids=lambda rule: rule.test)
def test_each_rule_has_its_test(rule: emulated.Rule) -> None:
    assert re.search(rf"^def {rule.test}\(", TESTS, re.MULTILINE)


def test_each_switch_of_the_tenant_is_on_the_page() -> None:
    switches = inspect.signature(Directory).parameters.keys() - emulated.NOT_SWITCHES
    assert switches == emulated.SWITCHES.keys()


def test_every_table_is_on_the_page() -> None:
    page = (Path(emulated.__file__).parent / "emulator.md").read_text("utf-8")
    assert re.findall(r"<!-- table: (.+) -->", page) == list(emulated.tables())
