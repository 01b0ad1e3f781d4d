"""A dynamic provider that does nothing: what Pulumi itself costs."""

from typing import Any

import pulumi
from pulumi import dynamic

Bag = dict[str, Any]


class Provider(dynamic.ResourceProvider):
    serialize_as_secret_always = False  # as ours: a ciphertext a resource is slow

    def create(self, props: Bag) -> dynamic.CreateResult:
        return dynamic.CreateResult(props["name"], props)

    def diff(self, _id: str, _olds: Bag, _news: Bag) -> dynamic.DiffResult:
        return dynamic.DiffResult(any(_olds.get(key) != _news[key] for key in _news if key != "__provider"))

    def read(self, id_: str, props: Bag) -> dynamic.ReadResult:
        return dynamic.ReadResult(id_, props, props)

    def update(self, _id: str, _olds: Bag, _news: Bag) -> dynamic.UpdateResult:
        return dynamic.UpdateResult(_news)


class Thing(dynamic.Resource, module="benchmark", name="Idle"):
    pass


def policy(name: str, display_name: str) -> pulumi.Resource:
    return Thing(Provider(), name, {"name": name, "displayName": display_name})


def assignment(name: str, to: pulumi.Resource, application_id: str) -> None:
    assert isinstance(to, dynamic.Resource)
    Thing(Provider(), name, {"name": name, "policyId": to.id, "applicationId": application_id})
