"""Where the parts of a cloud are, as Azure Resource Manager tells it: `/metadata/endpoints`.

azuread's provider, and with it pulumi-azuread, knows no other way to be pointed somewhere: it asks its metadata host,
over https, and takes Graph's address and the authority's from the answer. It puts a path behind each as it is, so
neither ends in a slash; and it asks for tokens for the address that Graph has here (seen in its public source).
"""

from typing import Any

PATH = "/metadata/endpoints"


def endpoints(address: str, tenant_id: str) -> dict[str, Any]:
    """All that its provider insists on; of a resource manager there is only the address."""
    return {
        "name": "Emulator",
        "resourceManager": address,
        "microsoftGraphResourceId": address,
        "authentication": {
            "loginEndpoint": address,
            "audiences": [address],
            "tenant": tenant_id,
            "identityProvider": "AAD",
        },
    }
