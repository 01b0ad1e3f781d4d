"""States as `pulumi stack export` writes them, and `entra-policies compare` in this process."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from pulumi_entra_policies import _wire
from pulumi_entra_policies.cli import main
from pulumi_entra_policies.definitions import KINDS, codec

DEV, PROD = "aaaaaaaa-0000-4000-8000-00000000000d", "aaaaaaaa-0000-4000-8000-00000000000b"
PORTAL = "11111111-1111-4111-8111-111111111111"
LEGACY = "22222222-2222-4222-8222-222222222222"
ISSUANCE, LIFETIME = "TokenIssuancePolicy", "TokenLifetimePolicy"
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def closed(text: str = "v1:x") -> dict[str, str]:
    return {SIGNATURE: SECRET, "ciphertext": text}


def in_clear(value: Any) -> dict[str, str]:
    """As `--show-secrets` writes it."""
    return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}


class State:
    """Of one stack; ids are other ones than those of any other."""

    def __init__(self, stack: str = "dev", tenant_id: str = DEV) -> None:
        self.stack, self.tenant_id = stack, tenant_id
        root = {
            "urn": self.urn("pulumi:pulumi:Stack", f"tests-{stack}"),
            "type": "pulumi:pulumi:Stack",
            "custom": False,
        }
        self.resources: list[dict[str, Any]] = [root]

    def urn(self, types: str, name: str) -> str:
        return f"urn:pulumi:{self.stack}::tests::{types}::{name}"

    def id(self, name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.stack} {name}"))

    def add(self, class_name: str, name: str, id_: str, parent: str = "", **properties: Any) -> dict[str, Any]:
        """A resource; those of its properties that are no outputs begin with `of_`."""
        type_ = _wire.type_token(class_name)
        outputs = {key: value for key, value in properties.items() if not key.startswith("of_")}
        more = {key.removeprefix("of_"): value for key, value in properties.items() if key.startswith("of_")}
        provider = {_wire.PROVIDER: _wire.written(class_name) if class_name in KINDS else "x"}
        resource = {
            "urn": self.urn(f"{parent}{type_}", name),
            "custom": True,
            "id": id_,
            "type": type_,
            "inputs": {**outputs, **provider},
            "outputs": {**outputs, **provider, "tenantId": self.tenant_id, "writtenAt": "2026-01-01T00:00:00Z"},
            **more,
        }
        self.resources.append(resource)
        return resource

    def policy(self, name: str = "saml", kind: str = ISSUANCE, /, **properties: Any) -> dict[str, Any]:
        """A policy, whose resource has this name; in the tenant it is called `Portal SAML`."""
        definition = properties.setdefault("definition", {"version": 1, "samlTokenVersion": "2.0"})
        text = codec.to_graph(KINDS[kind], definition) if "version" in definition else "?"
        given = {"displayName": "Portal SAML", "definitionJson": text, **properties}
        return self.add(kind, name, self.id(f"{kind} {name}"), **given)

    def assignment(
        self, policy: dict[str, Any], name: str = "portal", target: str = "application", **properties: Any
    ) -> dict[str, Any]:
        """Of a policy, to an application whose object id is another one in every stack."""
        kind = KINDS[policy["type"].rpartition(":")[2]]
        object_id = properties.pop("object_id", self.id(name))
        collection = {"application": "applications", "servicePrincipal": "servicePrincipals"}[target]
        given = {f"{target}Id": object_id, "policyId": policy["id"], "policyType": kind.name, **properties}
        return self.add("PolicyAssignment", name, f"{collection}/{object_id}/{kind.collection}", **given)

    def document(self, **more: Any) -> dict[str, Any]:
        return {"version": 3, "deployment": {"manifest": {}, "resources": self.resources, **more}}

    @property
    def text(self) -> str:
        return json.dumps(self.document())


class Compare:
    """The command. `said` is what the last call printed, `told` what it wrote to stderr."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.said = self.told = ""

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What it printed, or, if there was trouble, the error."""
        found = main(["compare", *arguments])
        self.said, self.told = self._capsys.readouterr()
        assert found == code, self.said + self.told
        return self.told if code == 2 else self.said

    def file(self, name: str, content: Any) -> str:
        """A file with a state or any text, as a side is named."""
        text = content.text if isinstance(content, State) else content
        path = self.folder / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
        return f"file:{name}"

    def states(self, dev: State, prod: State, *options: str, code: int = 0) -> dict[str, Any]:
        """What is told to another program of two states."""
        sides = self.file("dev.json", dev), self.file("prod.json", prod)
        found: dict[str, Any] = json.loads(self(*sides, "--format", "json", *options, code=code))
        return found
