from __future__ import annotations

import pytest

from pulumi_entra_policies.commands import naming


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Portal SAML tokens", "portal-saml-tokens"),
        ("  Größe: 8 h!  ", "groe-8-h"),
        ("1st", "1st"),
        ("class", "class"),
        ("大きさ", "otherwise"),
        ("\n\u202e", "otherwise"),
        ("x" * 200, "x" * 60),
        ("x" * 59 + " y", "x" * 59),
    ],
)
def test_slug(text: str, name: str) -> None:
    assert naming.slug(text, "otherwise") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1st", "policy-1st"),
        ("class", "class-policy"),
        ("None", "none"),
        ("entra", "entra-policy"),
        ("Pulumi", "pulumi-policy"),
        ("print", "print-policy"),
        ("???", "otherwise"),
    ],
)
def test_name_of_a_policy_is_a_python_name_of_its_own(text: str, name: str) -> None:
    assert naming.of_policy(text, "otherwise") == name
    assert name.replace("-", "_").isidentifier()


@pytest.mark.parametrize(
    ("candidates", "taken", "names"),
    [
        ([["a"], ["b"]], (), ["a", "b"]),
        ([["a", "a-1"], ["a", "a-2"], ["b"]], (), ["a-1", "a-2", "b"]),
        ([["a", "a-1"], ["a", "a-2"], ["a-1", "c"]], (), ["a-1-2", "a-2", "c"]),
        ([["a", "a-1"]], {"a"}, ["a-1"]),
        ([["a"], ["a"], ["a-2"]], {"a-3"}, ["a-4", "a-5", "a-2"]),
    ],
)
def test_each_gets_a_name_of_its_own(candidates: list[list[str]], taken: set[str], names: list[str]) -> None:
    assert naming.unique(candidates, taken) == names
