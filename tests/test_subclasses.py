"""A user's own class, derived from one of these: the same resource to Pulumi, unless it says otherwise."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockResourceArgs
from tests.test_doubts import warned
from tests.test_resources import GUID, monitored, registered

import pulumi_entra_policies as entra
from pulumi_entra_policies.hosts.dynamic import Provider

LIFETIME = "pulumi-python:dynamic/entra-policies:TokenLifetimePolicy"


class ShortLifetime(entra.TokenLifetimePolicy):
    """What many teams of one company write alike."""

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **arguments: Any) -> None:
        arguments = {"display_name": "P", "definition": {"access_token_lifetime": "01:00:00"}, **arguments}
        super().__init__(resource_name, opts, **arguments)


class Shorter(ShortLifetime):
    """Two steps away."""


class Renamed(ShortLifetime, module="company", name="Lifetime"):
    """With a type token of its own."""


class Slot(entra.PolicyAssignment):
    """An assignment."""


def registration(program: Callable[[], Any]) -> MockResourceArgs:
    return monitored(program).registrations[-1]


@pytest.mark.parametrize(
    ("resource", "token"),
    [
        (ShortLifetime, LIFETIME),
        (Shorter, LIFETIME),
        (Renamed, "pulumi-python:dynamic/company:Lifetime"),
    ],
)
def test_users_class_has_the_type_token_of_the_known_one_or_its_own(resource: Any, token: str) -> None:
    assert registration(lambda: resource("short").id).typ == token
    assert registration(lambda: resource.get("short", GUID).id).typ == token


@pytest.mark.parametrize("resource", [ShortLifetime, Shorter, Renamed])
def test_users_class_has_the_provider_of_the_known_one(resource: Any) -> None:
    provider = pickle.loads(base64.b64decode(registration(lambda: resource("short").id).inputs["__provider"]))  # noqa: S301

    assert isinstance(provider, Provider)
    assert provider._verbs.noun == "token lifetime policy"


def test_users_class_has_the_definition_and_the_doubts_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = {"max_inactive_time": "1"}

    assert registered(lambda: Shorter("short", definition=definition).id)["definition"]["maxInactiveTime"] == "1"
    assert len(warned(monkeypatch, lambda: Shorter("short", definition=definition).id)) == 1


def test_users_class_is_assigned_as_its_kind() -> None:
    assigned = registered(lambda: Slot("portal", policy=Shorter("short"), application_id=GUID).id)

    assert (assigned["policyId"], assigned["policyType"]) == (GUID, "TokenLifetimePolicy")


def test_users_class_can_be_the_default_only_beside_none_of_its_kind() -> None:
    def program() -> Any:
        one = entra.TokenLifetimePolicy("one", display_name="P", definition={}, is_organization_default=True)
        return pulumi.Output.all(one.id, Renamed("two", is_organization_default=True).id)

    with pytest.raises(pulumi.RunError, match="Renamed 'two' and 'one' are both the organisation's default"):
        registered(program)
