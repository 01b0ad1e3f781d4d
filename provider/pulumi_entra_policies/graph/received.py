"""What is read of Graph's answers, as models for the SDK.

To read one of its own models the SDK imports all of the 1,200 that it might be, which is a second of every run; and it
has a page a kind, where one does for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from kiota_abstractions.serialization import Parsable, ParseNode, SerializationWriter
from msgraph.generated.models.directory_object import DirectoryObject
from msgraph.generated.models.sts_policy import StsPolicy

Readers = dict[str, Callable[[ParseNode], None]]


class ReceivedPolicy(StsPolicy):
    """A policy of any kind."""

    @staticmethod
    def create_from_discriminator_value(parse_node: ParseNode) -> ReceivedPolicy:
        return ReceivedPolicy()

    def get_field_deserializers(self) -> Readers:
        return {
            "id": lambda node: setattr(self, "id", node.get_str_value()),
            "displayName": lambda node: setattr(self, "display_name", node.get_str_value()),
            "definition": lambda node: setattr(self, "definition", node.get_collection_of_primitive_values(str)),
            "isOrganizationDefault": lambda node: setattr(self, "is_organization_default", node.get_bool_value()),
            "appliesTo": lambda node: setattr(self, "applies_to", node.get_collection_of_object_values(ReceivedObject)),
        }


@dataclass
class ReceivedObject(DirectoryObject):
    """An application, a service principal, or whatever else has a policy."""

    display_name: str | None = None
    app_id: str | None = None
    unique_name: str | None = None
    app_owner_organization_id: str | None = None
    account_enabled: bool | None = None
    service_principal_type: str | None = None
    sign_in_audience: str | None = None
    accepts_mapped_claims: bool | None = None
    key_credentials: list[ReceivedKey] | None = None

    @staticmethod
    def create_from_discriminator_value(parse_node: ParseNode) -> ReceivedObject:
        return ReceivedObject()

    def get_field_deserializers(self) -> Readers:
        return {
            "id": lambda node: setattr(self, "id", node.get_str_value()),
            "displayName": lambda node: setattr(self, "display_name", node.get_str_value()),
            "@odata.type": lambda node: setattr(self, "odata_type", node.get_str_value()),
            "appId": lambda node: setattr(self, "app_id", node.get_str_value()),
            "uniqueName": lambda node: setattr(self, "unique_name", node.get_str_value()),
            "appOwnerOrganizationId": lambda node: setattr(self, "app_owner_organization_id", node.get_str_value()),
            "accountEnabled": lambda node: setattr(self, "account_enabled", node.get_bool_value()),
            "servicePrincipalType": lambda node: setattr(self, "service_principal_type", node.get_str_value()),
            "signInAudience": lambda node: setattr(self, "sign_in_audience", node.get_str_value()),
            "api": lambda node: setattr(self, "accepts_mapped_claims", _accepts_mapped_claims(node)),
            "keyCredentials": lambda node: setattr(
                self, "key_credentials", node.get_collection_of_object_values(ReceivedKey)
            ),
        }


def _accepts_mapped_claims(node: ParseNode) -> bool | None:
    settings = node.get_child_node("acceptMappedClaims")
    return settings.get_bool_value() if settings else None


@dataclass
class ReceivedKey(Parsable):
    """A key of a service principal, as far as it says what it is for."""

    usage: str | None = None

    @staticmethod
    def create_from_discriminator_value(parse_node: ParseNode) -> ReceivedKey:
        return ReceivedKey()

    def get_field_deserializers(self) -> Readers:
        return {"usage": lambda node: setattr(self, "usage", node.get_str_value())}

    def serialize(self, writer: SerializationWriter) -> None:
        """Keys are only read."""


@dataclass
class Page(Parsable):
    """A page of a listing; None for a value that is no list. An error may stand beside the value."""

    item: ClassVar[Any]
    value: list[Any] | None = None
    odata_next_link: str | None = None
    has_error: bool = False

    @classmethod
    def create_from_discriminator_value(cls, parse_node: ParseNode) -> Page:
        return cls()

    def get_field_deserializers(self) -> Readers:
        return {
            "value": lambda node: setattr(self, "value", node.get_collection_of_object_values(self.item)),
            "error": lambda node: setattr(self, "has_error", True),
            "@odata.nextLink": lambda node: setattr(self, "odata_next_link", node.get_str_value()),
        }

    def serialize(self, writer: SerializationWriter) -> None:
        """Pages are only read."""


class PolicyPage(Page):
    """A page of policies of any kind."""

    item = ReceivedPolicy


class ObjectPage(Page):
    """A page of whatever has a policy."""

    item = ReceivedObject
