"""The environment variables by which a place that hands out identities tells its programs where to ask."""

from dataclasses import dataclass, field

from . import federation, managed_identity


@dataclass(frozen=True)
class Places:
    url: str
    request_token: str = field(repr=False)
    identity_header: str = field(repr=False)

    @property
    def github(self) -> dict[str, str]:
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}{federation.GITHUB_PATH}?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self.request_token,
        }

    @property
    def azure_devops(self) -> dict[str, str]:
        return {
            "SYSTEM_OIDCREQUESTURI": f"{self.url}{federation.AZURE_DEVOPS_PATH}",
            "SYSTEM_ACCESSTOKEN": self.request_token,
        }

    @property
    def virtual_machine(self) -> dict[str, str]:
        """A real one sets nothing: its metadata service has a fixed address. azure-identity takes another from here."""
        return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": self.url}

    @property
    def app_service(self) -> dict[str, str]:
        return {
            "IDENTITY_ENDPOINT": f"{self.url}{managed_identity.APP_SERVICE_PATH}",
            "IDENTITY_HEADER": self.identity_header,
        }
