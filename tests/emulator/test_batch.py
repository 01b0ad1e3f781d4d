"""Many requests in one."""

import json
from typing import Any

import httpx
import pytest
from tests.emulator.tenant import ISSUANCE, NOWHERE, Json, Tenant, absent, assert_refused, definition

from pulumi_entra_policies.emulator import Clock, Emulator, Throttle

JSON = {"Content-Type": "application/json"}
POLICIES = f"/policies/{ISSUANCE}"
POLICY = {"displayName": "P", "definition": [definition()]}


def get(identifier: str = "1", url: str = POLICIES, **others: Any) -> Json:
    return {"id": identifier, "method": "GET", "url": url} | others


def post(identifier: str = "1", url: str = POLICIES, body: object = POLICY, **others: Any) -> Json:
    return {"id": identifier, "method": "POST", "url": url, "headers": JSON, "body": body} | others


def sent(tenant: Tenant, requests: object) -> httpx.Response:
    return tenant.http.post("$batch", content=json.dumps({"requests": requests}), headers=JSON)


def done(tenant: Tenant, *requests: Json) -> dict[str, Json]:
    """The responses by their ids."""
    response = sent(tenant, list(requests))
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/json")
    return {one["id"]: one for one in response.json()["responses"]}


def statuses(responses: dict[str, Json]) -> dict[str, int]:
    return {identifier: response["status"] for identifier, response in responses.items()}


def test_each_request_has_its_own_answer(tenant: Tenant) -> None:
    application = tenant.application()
    path = f"/applications/{application['id']}"
    answered = done(
        tenant, get("1", path), get("2", f"/applications/{NOWHERE}"), {"id": "3", "method": "DELETE", "url": path}
    )
    assert statuses(answered) == {"1": 200, "2": 404, "3": 204}
    assert answered["1"]["body"] == application
    assert answered["1"]["headers"]["Content-Type"].startswith("application/json;odata.metadata=minimal")
    assert answered["1"]["headers"]["OData-Version"] == "4.0"
    assert answered["2"]["body"]["error"]["message"] == absent(NOWHERE)[2]
    assert answered["2"]["headers"] == JSON
    assert "body" not in answered["3"]


def test_requests_are_done_in_their_order_and_answered_in_another(tenant: Tenant) -> None:
    responses = sent(tenant, [post("1"), get("2"), get("3")]).json()["responses"]
    assert [one["id"] for one in responses] == ["3", "2", "1"]
    created = responses[2]
    assert created["headers"]["Location"] == f"{tenant.http.base_url}policies/{ISSUANCE}/{created['body']['id']}"
    assert [one["displayName"] for one in responses[1]["body"]["value"]] == ["P"]


def test_address_without_a_slash_with_a_query_and_encoded_is_read(tenant: Tenant) -> None:
    for name in ("A & B", "C"):
        tenant.policy(displayName=name)
    url = f"policies/{ISSUANCE}?$filter=displayName%20eq%20'A%20%26%20B'&$select=displayName"
    [found] = done(tenant, get(url=url))["1"]["body"]["value"]
    assert found == {"displayName": "A & B"}
    assert done(tenant, get(url="applications(uniqueName='https://x')"))["1"]["status"] == 404


def test_headers_of_a_request_are_its_own(tenant: Tenant) -> None:
    patch = {"id": "1", "method": "patch", "url": "applications(uniqueName='x')", "body": {"displayName": "X"}}
    answered = done(tenant, patch | {"headers": JSON | {"Prefer": "create-if-missing"}})
    assert (answered["1"]["status"], answered["1"]["body"]["uniqueName"]) == (201, "x")


def test_batch_of_beta_stays_in_beta(beta: Tenant) -> None:
    target, policy = beta.target("applications"), beta.policy()
    body = {"@odata.id": f"beta/policies/{policy['id']}"}
    assert statuses(done(beta, post(url=f"{target}/policies/$ref", body=body))) == {"1": 204}
    assert "/beta/$metadata" in done(beta, get())["1"]["body"]["@odata.context"]


def test_request_is_done_after_those_it_depends_on(tenant: Tenant) -> None:
    requests = [post("a"), get("B", dependsOn=["A"]), get("c", dependsOn=["a", "b"])]
    assert statuses(done(tenant, *requests)) == {"a": 201, "B": 200, "c": 200}


def test_request_that_depends_on_a_failed_one_is_424(tenant: Tenant) -> None:
    requests = [get("1", "/colours"), post("2", dependsOn=["1"]), post("3", dependsOn=["2"]), get("4")]
    answered = done(tenant, *requests)
    assert statuses(answered) == {"1": 400, "2": 424, "3": 424, "4": 200}
    assert answered["2"]["body"]["error"]["code"] == "FailedDependency"
    assert tenant.names(f"policies/{ISSUANCE}") == []


@pytest.mark.parametrize(
    "requests",
    [
        None,
        {},
        [],
        ["x"],
        [get()] * 21,
        [get("a"), get("A")],
        [{"method": "GET", "url": POLICIES}],
        [{"id": "1", "url": POLICIES}],
        [{"id": "1", "method": "GET"}],
        [get() | {"id": 1}],
        [get(url="https://graph.microsoft.com/v1.0/applications")],
        [get(headers=["x"])],
        [get(headers={"x": "\ud800"})],
        [get(headers={"\ud800": "x"})],
        [get(url="/applications?\ud800")],
        [get(dependsOn=["2"]), get("2")],
        [get(dependsOn=["1"])],
        [get(dependsOn=[1])],
        [get(dependsOn=7)],
        [get("2"), get(dependsOn="2")],
    ],
)
def test_malformed_batch_is_refused_as_a_whole(tenant: Tenant, requests: object) -> None:
    everything = [post("0"), *requests] if isinstance(requests, list) and 0 < len(requests) < 20 else requests
    assert_refused(sent(tenant, everything), 400, "BadRequest", "Invalid batch payload format.")
    assert tenant.names(f"policies/{ISSUANCE}") == []


@pytest.mark.parametrize(
    "bare",
    [
        post(body=None),
        post(headers={}),
        post(headers=None, method="patch"),
        {"id": "1", "method": "POST", "url": f"/directory/deletedItems/{NOWHERE}/restore"},
    ],
)
def test_write_without_body_or_content_type_spoils_the_batch(tenant: Tenant, bare: Json) -> None:
    message = "Write request id : 1 does not contain Content-Type header or body."
    assert_refused(sent(tenant, [post("0"), bare]), 400, "BadRequest", message)
    assert tenant.names(f"policies/{ISSUANCE}") == []


def test_post_that_needs_no_body_has_an_empty_one_in_a_batch(tenant: Tenant) -> None:
    path = tenant.target("applications")
    restored = post("2", f"/directory/deletedItems/{path.partition('/')[2]}/restore", {})
    answered = done(tenant, {"id": "1", "method": "DELETE", "url": path}, restored)
    assert statuses(answered) == {"1": 204, "2": 200}


def test_twenty_requests_are_one_batch(tenant: Tenant) -> None:
    assert len(done(tenant, *(get(str(number)) for number in range(20)))) == 20


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get(method="FETCH"), 405),
        (post(method="PUT"), 405),
        (post(body="text"), 400),
        (post(url="/$batch", body={"requests": [get()]}), 400),
    ],
)
def test_wrong_request_fails_alone(tenant: Tenant, request_: Json, status: int) -> None:
    assert statuses(done(tenant, request_, get("2"))) == {"1": status, "2": 200}


def test_batch_is_throttled_request_by_request() -> None:
    with Emulator(clock=Clock(), throttle=Throttle(units=2, window=10)) as emulator:
        tenant = Tenant(emulator)
        answered = done(tenant, *(get(number) for number in "123"))
        tenant.http.close()
    assert statuses(answered) == {"1": 200, "2": 200, "3": 429}
    assert answered["3"]["headers"]["Retry-After"] == "5"
    assert answered["1"]["headers"]["x-ms-resource-unit"] == "1"


def test_request_in_a_batch_meets_its_fault(tenant: Tenant) -> None:
    tenant.emulator.fault(method="POST", path=f"{ISSUANCE}$", status=503, headers={"Retry-After": "7"})
    answered = done(tenant, post("1"), post("2"))
    assert statuses(answered) == {"1": 503, "2": 201}
    assert answered["1"]["headers"]["Retry-After"] == "7"


def test_answer_that_is_no_json_is_text(tenant: Tenant) -> None:
    tenant.emulator.fault(path=f"{ISSUANCE}$", status=502, body="<html>")
    assert done(tenant, get())["1"]["body"] == "<html>"


@pytest.mark.parametrize("drop", [True, "body"])
def test_dropped_request_drops_the_batch(tenant: Tenant, drop: bool | str) -> None:
    tenant.emulator.fault(path=f"{ISSUANCE}$", drop=drop)
    with pytest.raises(httpx.RemoteProtocolError):
        sent(tenant, [get()])


def test_caller_may_do_in_a_batch_what_they_may_do_outside(tenant: Tenant) -> None:
    tenant.emulator.grant({"Policy.Read.All"})
    assert statuses(done(tenant, get("1"), get("2", "/applications"))) == {"1": 200, "2": 403}


def test_journal_has_the_batch_as_it_came(tenant: Tenant) -> None:
    done(tenant, get())
    [entry] = tenant.emulator.journal()
    assert (entry["path"], entry["body"]) == ("/v1.0/$batch", json.loads(json.dumps({"requests": [get()]})))
