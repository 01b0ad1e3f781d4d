"""What Graph knows of each type of object, as tables: what may be written, what is filled in, what may be asked."""

from .application import APPLICATION
from .credentials import Credentials
from .entity import Entity, Properties, Property
from .policy import ANYTHING, ORGANIZATION, policy
from .service_principal import SERVICE_PRINCIPAL

__all__ = [
    "ANYTHING",
    "APPLICATION",
    "ORGANIZATION",
    "SERVICE_PRINCIPAL",
    "Credentials",
    "Entity",
    "Properties",
    "Property",
    "policy",
]
