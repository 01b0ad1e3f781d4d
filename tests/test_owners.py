"""What a tenant has once: two of it in one program stop it, unless they have two providers, so perhaps two tenants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from tests.test_resources import GUID, registered

import pulumi_entra_policies as entra
from pulumi_entra_policies.resources.owners import owner

Options = pulumi.ResourceOptions
Way = Callable[[pulumi.ProviderResource, str], pulumi.ResourceOptions]


def provider(name: str, package: str = "pulumi-python") -> pulumi.ProviderResource:
    return pulumi.ProviderResource(package, name, {})


def parent(name: str, **options: Any) -> pulumi.Resource:
    return pulumi.ComponentResource("tests:index:Parent", name, {}, Options(**options))


def nested(given: pulumi.ProviderResource, name: str) -> pulumi.ResourceOptions:
    return Options(parent=parent(f"{name}-inner", parent=parent(f"{name}-outer", providers=[given])))


def overruling(given: pulumi.ProviderResource, name: str) -> pulumi.ResourceOptions:
    return Options(provider=given, parent=parent(f"{name}-parent", providers=[provider(f"{name}-other")]))


WAYS: dict[str, Way] = {
    "provider": lambda given, name: Options(provider=given),
    "list": lambda given, name: Options(providers=[given]),
    "mapping": lambda given, name: Options(providers={"pulumi-python": given}),
    "parent": lambda given, name: Options(parent=parent(f"{name}-parent", providers=[given])),
    "grandparent": nested,
    "its own before the parent's": overruling,
}


def policy(name: str, options: pulumi.ResourceOptions | None) -> pulumi.Output[str]:
    return entra.TokenLifetimePolicy(name, options, display_name="P", definition={}, is_organization_default=True).id


def assignment(name: str, options: pulumi.ResourceOptions | None) -> pulumi.Output[str]:
    arguments: dict[str, Any] = {"policy_id": GUID, "policy_type": "TokenIssuancePolicy", "application_id": GUID}
    return entra.PolicyAssignment(name, options, **arguments).id


@pytest.fixture(params=[policy, assignment])
def make(request: pytest.FixtureRequest) -> Any:
    return request.param


def both(
    make: Any, one: Callable[[], Options | None], two: Callable[[], Options | None], names: str = "one two"
) -> Any:
    first, second = names.split()
    return registered(lambda: pulumi.Output.all(make(first, one()), make(second, two())))


STOPPED = "TokenLifetimePolicy 'two' and 'one' are both|'two' and PolicyAssignment 'one' have the same slot"


@pytest.mark.parametrize(
    "options",
    [
        lambda: None,
        lambda: Options(protect=True),
        lambda: Options(parent=parent("plain")),
        lambda: Options(provider=provider("random", "random")),
        lambda: Options(parent=parent("random", providers=[provider("random", "random")])),
    ],
    ids=["none", "no provider", "a parent without one", "one of another package", "a parent's of another package"],
)
def test_two_with_the_default_provider_stop_the_program(make: Any, options: Callable[[], Any]) -> None:
    with pytest.raises(pulumi.RunError, match=STOPPED):
        both(make, lambda: None, options)


@pytest.mark.parametrize("second", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("first", [WAYS["provider"], WAYS["parent"]], ids=["provider", "parent"])
def test_two_with_one_provider_stop_the_program(make: Any, first: Way, second: Way) -> None:
    given: list[Any] = []

    def one() -> Options:
        given.append(provider("tenant"))
        return first(given[0], "one")

    with pytest.raises(pulumi.RunError, match=STOPPED):
        both(make, one, lambda: second(given[0], "two"))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_two_providers_may_be_two_tenants(make: Any, way: Way) -> None:
    both(make, lambda: None, lambda: way(provider("b"), "two"))
    both(make, lambda: Options(provider=provider("a")), lambda: way(provider("b"), "two"))


def test_two_of_one_name_under_two_parents_are_two(make: Any) -> None:
    with pytest.raises(pulumi.RunError, match="'same'"):
        both(make, lambda: Options(parent=parent("a")), lambda: Options(parent=parent("b")), names="same same")


def test_nothing_is_claimed_outside_a_program() -> None:
    for name in ("one", "two"):
        assert owner("slot", object.__new__(entra.PolicyAssignment), name) is None


def test_next_program_of_the_process_starts_anew(make: Any) -> None:
    for name in ("one", "two"):
        registered(lambda name=name: make(name, None))  # type: ignore[misc]
