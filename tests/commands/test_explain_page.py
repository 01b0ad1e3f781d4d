"""The page of `entra-policies explain` shows what the command prints, and every key of its JSON."""

from __future__ import annotations

import pytest
from docs import explained

from pulumi_entra_policies.commands.explanation import Explanation, KindExplained, Policy, as_json
from pulumi_entra_policies.definitions.effect import Said

PAGE = explained.PAGE.read_text("utf-8")
PARTS = [
    Explanation(1, "", "", "", None, None, (), ()),
    KindExplained("", "", "unread"),
    Policy("", "", (), {}, {}),
    Said("", ""),
]


def test_output_is_what_the_command_prints() -> None:
    assert explained.current(PAGE) == PAGE, "run make docs"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_keys_of_the_json_are_on_the_page(part: object) -> None:
    assert [key for key in as_json(part) if f"`{key}`" not in PAGE] == []
