"""Dynamic providers that send the requests of ours with bare httpx, and do nothing else that ours does."""

from typing import Any

import httpx
import pulumi
from pulumi import dynamic
from tests.benchmark.peers import idle

Bag = dict[str, Any]
SET = "tokenIssuancePolicies"
DEFINITION = ['{"TokenIssuancePolicy":{"Version":1,"SamlTokenVersion":"2.0"}}']

_graph: list[httpx.Client] = []  # one for the four workers of the host


def send(method: str, path: str, body: Bag | None = None) -> Any:
    response = _graph[0].request(method, path, json=body)
    response.raise_for_status()
    return response.json() if response.content else None


class Bare(idle.Provider):
    def configure(self, req: dynamic.ConfigureRequest) -> None:
        endpoint = req.config.require("entra-policies:graphEndpoint")
        if not _graph:
            _graph.append(httpx.Client(base_url=f"{endpoint}/v1.0/", timeout=100, trust_env=False))


class Policies(Bare):
    def create(self, props: Bag) -> dynamic.CreateResult:
        body = {"displayName": props["displayName"], "definition": DEFINITION}
        return dynamic.CreateResult(send("POST", f"policies/{SET}", body)["id"], props)

    def read(self, id_: str, props: Bag) -> dynamic.ReadResult:
        found = {**props, "displayName": send("GET", f"policies/{SET}/{id_}")["displayName"]}
        return dynamic.ReadResult(id_, found, found)

    def update(self, _id: str, _olds: Bag, _news: Bag) -> dynamic.UpdateResult:
        send("PATCH", f"policies/{SET}/{_id}", {"displayName": _news["displayName"]})
        return dynamic.UpdateResult(_news)

    def delete(self, _id: str, _props: Bag) -> None:
        send("GET", f"policies/{SET}/{_id}/appliesTo")
        send("DELETE", f"policies/{SET}/{_id}")


class Assignments(Bare):
    def create(self, props: Bag) -> dynamic.CreateResult:
        slot = f"applications/{props['applicationId']}/{SET}"
        send("POST", f"{slot}/$ref", {"@odata.id": f"{_graph[0].base_url}policies/{SET}/{props['policyId']}"})
        return dynamic.CreateResult(slot, props)

    def read(self, id_: str, props: Bag) -> dynamic.ReadResult:
        (found,) = send("GET", id_)["value"]
        now = {**props, "policyId": found["id"]}
        return dynamic.ReadResult(id_, now, now)

    def delete(self, _id: str, _props: Bag) -> None:
        send("DELETE", f"{_id}/{_props['policyId']}/$ref")


class Thing(dynamic.Resource, module="benchmark", name="Bare"):
    pass


def policy(name: str, display_name: str) -> pulumi.Resource:
    return Thing(Policies(), name, {"displayName": display_name})


def assignment(name: str, to: pulumi.Resource, application_id: str) -> None:
    assert isinstance(to, dynamic.Resource)
    Thing(Assignments(), name, {"policyId": to.id, "applicationId": application_id})
