"""The token that a pipeline gives out about itself, which Entra exchanges for one of the application's."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from azure.core.exceptions import ClientAuthenticationError

from ..settings import Settings, SettingsError
from ..settings.sources import Value
from .trust import trusted

AUDIENCE = "api://AzureADTokenExchange"
"""What pulumi-azuread asks for in every cloud."""

_TIMEOUT = 10.0  # seconds; azure-identity wants it on the event loop, where it must not hang


def asked(settings: Settings, verb: str, query: dict[str, str], answer: str) -> Callable[[], str]:
    """A question for azure-identity to put whenever it needs an assertion. It raises ClientAuthenticationError.

    Raises SettingsError for a bearer that cannot be sent.
    """
    given = settings.sign_in.find("oidcRequestUrl") or Value("", "")
    bearer = settings.sign_in.find("oidcRequestToken") or Value("", "")
    if not (bearer.text.isascii() and bearer.text.isprintable()):  # httpx would show it
        raise SettingsError(f"{bearer.source}: it has a line break, or another character that no such token has")
    headers = {
        "Authorization": f"Bearer {bearer.text}",
        "Accept": "application/json",
        "X-TFS-FedAuthRedirect": "Suppress",
    }

    def ask() -> str:
        try:
            url = httpx.URL(given.text)
            added = {name: value for name, value in query.items() if name not in url.params}
            with httpx.Client(verify=trusted(settings), timeout=_TIMEOUT, headers=headers) as client:
                response = client.request(verb, url.copy_merge_params(added)).raise_for_status()
            token = response.json()[answer]
            if not token or not isinstance(token, str):
                raise ValueError(f"{answer} is none")
            return token
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError) as error:
            reason = f"{given.source} gave no token for this job ({type(error).__name__}: {error})"
            raise ClientAuthenticationError(message=reason) from error

    return ask
