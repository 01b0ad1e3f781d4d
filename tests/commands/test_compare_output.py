"""How a comparison is printed."""

from __future__ import annotations

import json

import pytest
from tests.commands.states import DEV, ISSUANCE, PORTAL, PROD, Compare, State, closed

HOSTILE = "@octocat <img src=x> `|` [x](http://evil.example)\n\x1b[31m #1 \u202e"


def different() -> tuple[State, State]:
    dev, prod = State("dev", DEV), State("prod", PROD)
    dev.assignment(dev.policy(), applicationClientId=PORTAL)
    prod.assignment(prod.policy(definition={"version": 1, "x": True}), applicationClientId=PORTAL)
    dev.policy("new", displayName=HOSTILE)
    return dev, prod


def run(compare: Compare, dev: State, prod: State, *options: str, code: int = 1) -> str:
    sides = compare.file("dev.json", dev), compare.file("prod.json", prod)
    return compare(*sides, *options, code=code)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_table_has_a_row_a_property(compare: Compare) -> None:
    lines = run(compare, *different()).splitlines()

    rows = [cells(line) for line in lines if line.startswith("|") and "octocat" not in line]
    assert rows == [
        ["result", "what", "property", "file:dev.json", "file:prod.json"],
        ["different", 'token issuance policy "Portal SAML"', "definition.samlTokenVersion", '"2.0"', ""],
        ["", "", "definition.x", "", "true"],
    ]
    assert [line for line in lines if "octocat" in line and "| missing" in line and "| there" in line]
    assert lines[-1] == "Compared file:dev.json with file:prod.json: 1 same, 1 different, 1 missing, 0 not compared."


def test_what_is_the_same_is_shown_if_wanted(compare: Compare) -> None:
    said = run(compare, *different(), "--all")

    assert f'| same      | token issuance policy "Portal SAML" on application {PORTAL}' in said


def test_nothing_differs_is_a_line(compare: Compare) -> None:
    dev, _ = different()

    said = run(compare, dev, dev, code=0)

    assert said == "Compared file:dev.json with file:prod.json: 3 same, 0 different, 0 missing, 0 not compared.\n"


def test_no_character_of_a_name_reaches_the_terminal_as_more_than_that(compare: Compare) -> None:
    said = run(compare, *different())

    assert said.isascii()
    assert all(char.isprintable() for char in said.replace("\n", ""))


def test_no_character_of_a_target_reaches_the_terminal_as_more_than_that(compare: Compare) -> None:
    dev, prod = State("dev", DEV), State("prod", PROD)
    for state in (dev, prod):
        policy = State(state.stack).policy("elsewhere")
        state.assignment(policy, applicationClientId="\x1b[31m")

    said = run(compare, dev, prod, code=0)

    assert "on application \\x1b[31m: policy not compared" in said


def test_no_character_of_a_name_is_markup_in_a_pull_request(compare: Compare) -> None:
    said = run(compare, *different(), "--format", "markdown")

    row = next(line for line in said.splitlines() if "octocat" in line)
    assert "<code>token issuance policy &#34;&#64;octocat &#60;img src&#61;x&#62; &#96;&#124;&#96;" in row
    assert row.count("|") == 6
    assert said.splitlines()[-1].endswith(": 1 same, 1 different, 1 missing, 0 not compared.")


def test_notes_of_a_pull_request_are_a_list(compare: Compare) -> None:
    dev, prod = State("dev", DEV), State("prod", PROD)
    for state in (dev, prod):
        state.assignment(state.policy(displayName="<b>"))

    said = run(compare, dev, prod, "--format", "markdown", code=0)

    table, *rest = said.split("\n\n")
    assert table.startswith("Compared ")
    assert rest[0].startswith(
        "- <code>token issuance policy &#34;&#60;b&#62;&#34; on the target of resource portal</code>"
    )


def test_note_about_many_names_the_first_ones(compare: Compare) -> None:
    dev, prod = State("dev", DEV), State("prod", PROD)
    for state in (dev, prod):
        policy = state.policy()
        for number in range(8):
            state.assignment(policy, f"portal-{number}")

    said = run(compare, dev, prod, code=0)

    assert "on the target of resource portal-4; and 3 more: target not compared: it has no name" in said
    assert said.count("\n") == 2


def test_what_cannot_be_compared_is_in_the_table(compare: Compare) -> None:
    dev, prod = State("dev", DEV), State("prod", PROD)
    dev.assignment(dev.policy(definition=closed()), "a")
    prod.assignment(prod.policy(), "b")

    rows = [cells(line) for line in run(compare, dev, prod).splitlines() if line.startswith("| not compared")]

    assert [row[2:] for row in rows] == [["", "", ""], ["", "there", "not known"], ["", "not known", "there"]]


def test_policies_of_one_name_are_told_apart(compare: Compare) -> None:
    dev, prod = State("dev", DEV), State("prod", PROD)
    for name in ("a", "b"):
        dev.policy(name, definition={"version": 1, "x": name})

    rows = [cells(line)[1] for line in run(compare, dev, prod).splitlines() if line.startswith("| missing")]

    assert rows == [f'token issuance policy "Portal SAML" (resource {name})' for name in ("a", "b")]


@pytest.mark.parametrize("options", [(), ("--all",)])
def test_document_for_other_programs(compare: Compare, options: tuple[str, ...]) -> None:
    dev, prod = different()

    found = json.loads(run(compare, dev, prod, "--format", "json", *options))

    assert {key: found[key] for key in ("format", "counts", "switchesDiffer")} == {
        "format": 1,
        "counts": {"same": 1, "different": 1, "missing": 1, "notCompared": 0},
        "switchesDiffer": 0,
    }
    assert found["sides"][0] == {"name": "file:dev.json", "origin": "file", "tenantIds": [DEV]}
    assert [one["displayName"] for one in found["policies"]] == [HOSTILE, "Portal SAML"]
    resource = f"tests::pulumi-python:dynamic/entra-policies:{ISSUANCE}::saml"
    assert found["policies"][1] == {
        "kind": ISSUANCE,
        "displayName": "Portal SAML",
        "ids": [dev.id(f"{ISSUANCE} saml"), prod.id(f"{ISSUANCE} saml")],
        "result": "different",
        "there": [True, True],
        "resources": [resource, resource],
        "differences": [
            {"property": "definition.samlTokenVersion", "values": ["2.0", None]},
            {"property": "definition.x", "values": [None, True]},
        ],
        "notes": [],
    }
    assert [one["target"] for one in found["assignments"]] == (
        [
            {
                "type": "application",
                "displayName": None,
                "names": {"applicationClientId": PORTAL},
                "objectIds": [dev.id("portal"), prod.id("portal")],
            }
        ]
        if options
        else []
    )
