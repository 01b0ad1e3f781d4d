"""One tenant's Graph: the credential, the cloud, the SDK's client, and the one function that sends.

Knows no event loop: whoever calls owns it, and must always call from the same one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import AnonymousAuthenticationProvider, AuthenticationProvider
from kiota_abstractions.headers_collection import HeadersCollection
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.serialization import Parsable, ParsableFactory
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from kiota_http.middleware import HeadersInspectionHandler, ParametersNameDecodingHandler, UserAgentHandler
from kiota_http.middleware.options import HeadersInspectionHandlerOption
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory
from msgraph_core.middleware import GraphTelemetryHandler

from .._version import __version__
from ..definitions.targets import guid
from ..settings import Settings, SettingsError
from ..settings.methods import DEFAULT
from ..settings.sources import Value
from .consistency import Sleep
from .errors import (
    MISSING,
    STORED,
    Answer,
    AnswerLost,
    Doing,
    EntraError,
    Forbidden,
    GraphError,
    SignInError,
    WrongTenant,
    refused,
)
from .received import ObjectPage
from .transport import NOTHING_SENT, RedirectRefused, Retry
from .trust import trusted

if TYPE_CHECKING:
    from .credential import Credential

Model = TypeVar("Model", bound=Parsable)

REQUEST_TIMEOUT = httpx.Timeout(100.0, connect=30.0)  # seconds; the SDK's own figures
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)
"""httpx's own, but for the seconds: it gives up an idle connection after 5, and pauses for Graph are longer."""

STATE = "this resource's state"
NO_TENANT = "00000000-0000-0000-0000-000000000000"
"""What earlier versions took for the emulator's."""

_READS_USERS = {"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
_ERRORS: dict[str, type[ParsableFactory[Any]]] = {"XXX": ODataError}
_TRY_AGAIN = "check the network, proxy and DNS of this machine, then run pulumi up again"
_START_AGAIN = "start the emulator (entra-policies emulator), at the address that entra-policies:graphEndpoint says"


class Connection:
    """A signed-in way to one tenant's Graph. Remembers nothing but the tenant.

    Raises SettingsError for certificates, a proxy or a way to sign in that cannot be used.
    """

    def __init__(self, settings: Settings, sleep: Sleep = asyncio.sleep, tell: Callable[[str], None] = print) -> None:
        self.settings = settings
        self._http = _client(settings)
        # The SDK wraps them in transports of its own, which close nothing.
        self._pools = [pool for pool in (self._http._transport, *self._http._mounts.values()) if pool]
        self._credential = _credential(settings) if settings.signs_in else None
        self._signed_in: asyncio.Future[str] | None = None
        self.client = GraphServiceClient(request_adapter=self._adapter(Retry(sleep, tell)))

    @property
    def version_url(self) -> str:
        """Graph's address with the version, the stem of every `@odata.id`."""
        return f"{self.settings.graph_endpoint}/v1.0"

    def _adapter(self, retry: Retry) -> GraphRequestAdapter:
        pipeline = [
            HeadersInspectionHandler(),
            retry,
            ParametersNameDecodingHandler(),
            UserAgentHandler(),
            GraphTelemetryHandler(),
        ]
        adapter = GraphRequestAdapter(
            self._authentication(),
            GraphClientFactory.create_with_custom_middleware(pipeline, client=self._http),
        )
        adapter.base_url = self.version_url
        return adapter

    def _authentication(self) -> AuthenticationProvider:
        """Plain http is the emulator without sign-in; everywhere else the token goes to this one host."""
        if self._credential is None:
            return AnonymousAuthenticationProvider()
        host = httpx.URL(self.settings.graph_endpoint).host
        return AzureIdentityAuthenticationProvider(
            self._credential, options=self._token_options(), scopes=[self._scope], allowed_hosts=[host]
        )

    @property
    def _scope(self) -> str:
        return f"{self.settings.cloud.graph}/.default"

    def _token_options(self) -> dict[str, Any]:
        """Which tenant a person means who may sign in to several; the other ways to sign in belong to one."""
        tenant, method = self.settings.tenant, self.settings.sign_in.method
        return {"tenant_id": tenant.text} if tenant and method is DEFAULT else {}

    async def tenant_id(self, expected: str | None = None) -> str:
        """The tenant that the credential signs in to: the token's own word, not the configuration's. Asked once.

        Raises SignInError without a token, WrongTenant if configuration or `expected`, a state's, name another tenant.
        """
        if self._signed_in is None:
            self._signed_in = asyncio.ensure_future(self._sign_in())
            # It may fail when nobody waits for it any more, which asyncio would print.
            self._signed_in.add_done_callback(lambda done: done.cancelled() or done.exception())
        actual = await asyncio.shield(self._signed_in)
        if wanted := self._contradicting(actual, expected):
            raise _wrong_tenant(actual, wanted, self.settings)
        return actual

    @property
    def may_read_users(self) -> bool:
        """Whether the token says that appliesTo is told: without that, what is not in it proves nothing."""
        return self.permissions is None or bool(_READS_USERS.intersection(self.permissions))

    async def _sign_in(self) -> str:
        if self._credential is None:
            return await self._ask_emulator()
        from .credential import said

        token = await self._credential.get_token(self._scope, **self._token_options())
        found = guid(said(token.token).get("tid")) or guid(self.settings.tenant and self.settings.tenant.text)
        if found is None:
            raise SignInError(
                "cannot tell which tenant the credential signs in to",
                "its token does not say, and no tenant id is set",
                "set entra-policies:tenantId (or ARM_TENANT_ID) to the tenant's id, a GUID rather than a domain name",
            )
        return found

    async def _ask_emulator(self) -> str:
        """Where nobody signs in there is no token to tell the tenant, but there is one all the same."""
        doing = Doing("read the tenant's id from the emulator", "Organization.Read.All")
        page, _ = await self.fetch(doing, Method.GET, "/organization?$select=id", ObjectPage)
        (organization,) = page.value or [None]
        found = guid(organization.id) if organization else None
        if found is None:
            raise GraphError(doing, "its answer names no tenant", "check entra-policies:graphEndpoint")
        return found

    def is_signed_in(self, expected: str | None = None) -> bool:
        """Whether `tenant_id` would answer at once, and raise nothing. May be called from any thread."""
        known = self._signed_in
        if known is None or not known.done() or known.cancelled() or known.exception():
            return False
        return self._contradicting(known.result(), expected) is None

    def _contradicting(self, actual: str, expected: str | None) -> Value | None:
        """Who names another tenant, and which: the configuration, or a state."""
        state = Value(expected, STATE) if expected and expected != NO_TENANT else None
        named = (value for value in (self.settings.tenant, state) if value)
        return next((value for value in named if guid(value.text) not in (None, actual)), None)

    async def send(self, doing: Doing, method: Method, path: str, body: Parsable | None = None) -> datetime:
        """Send one request through the SDK, `path` below the version, whose answer has no content.

        The date of Graph's answer. Raises GraphError and its subclasses, SignInError.
        """
        (request, headers), adapter = self._request(method, path, body), self.client.request_adapter
        with self._ours(doing, method):
            await adapter.send_no_response_content_async(request, _ERRORS)
        return _date(headers.response_headers.get("date"))

    async def fetch(
        self, doing: Doing, method: Method, path: str, answer: ParsableFactory[Model], body: Parsable | None = None
    ) -> tuple[Model, datetime]:
        """As `send`, for a request that is answered with a model of the SDK's."""
        (request, headers), adapter = self._request(method, path, body), self.client.request_adapter
        with self._ours(doing, method):
            model = await adapter.send_async(request, answer, _ERRORS)
            if model is None:
                raise ValueError("it was empty")
        return model, _date(headers.response_headers.get("date"))

    @contextmanager
    def _ours(self, doing: Doing, method: Method) -> Iterator[None]:
        """Failures of the SDK, the wire or the sign-in become ours."""
        try:
            yield
        except (EntraError, SettingsError):  # of the sign-in
            raise
        except Exception as error:
            raise _translated(doing, method, error, self) from error

    @property
    def permissions(self) -> Sequence[str] | None:
        """What the token permits, in its own words; None where nobody signs in."""
        return self._credential.permissions if self._credential else None

    def _request(
        self, method: Method, path: str, body: Parsable | None
    ) -> tuple[RequestInformation, HeadersInspectionHandlerOption]:
        """The request, and where the headers of its answer will be."""
        request = RequestInformation(method)
        # No template: its expansion loses the commas of $select. A next page has its address whole.
        request.url = path if path.startswith(self.version_url) else self.version_url + path
        request.headers.try_add("Accept", "application/json")
        if body is not None:
            request.set_content_from_parsable(self.client.request_adapter, "application/json", body)
        headers = HeadersInspectionHandlerOption(inspect_request_headers=False, response_headers=HeadersCollection())
        request.add_request_options([headers])
        return request, headers

    async def close(self) -> None:
        """Close the connection pool and the credential's."""
        await self._http.aclose()
        for pool in self._pools:
            await pool.aclose()
        if self._credential is not None:
            await self._credential.close()


def _client(settings: Settings) -> httpx.AsyncClient:
    try:
        return httpx.AsyncClient(
            headers={"User-Agent": f"pulumi-entra-policies/{__version__}"},
            timeout=REQUEST_TIMEOUT,
            limits=LIMITS,
            verify=trusted(settings),
            trust_env=not settings.on_loopback,
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise SettingsError(f"HTTPS_PROXY, HTTP_PROXY or ALL_PROXY: the proxy cannot be used ({error})") from error


def _credential(settings: Settings) -> Credential:
    """Imported where somebody signs in: azure-identity takes longer to load than all the rest."""
    from .credential import Credential

    return Credential(settings)


def _date(values: Iterable[str]) -> datetime:
    """When Graph answered, from the header of that name; by our own clock if there is none."""
    try:
        return parsedate_to_datetime(next(iter(values), "")).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return datetime.now(timezone.utc)


def _wrong_tenant(actual: str, wanted: Value, settings: Settings) -> WrongTenant:
    if settings.signs_in:
        reason = f"the credential signs in to tenant {actual} ({settings.sign_in}); nothing was sent"
        advice = (
            "select the stack that belongs to this tenant, or correct entra-policies:tenantId and the credential. To "
            "move a stack to another tenant, destroy it in the old one first"
        )
    else:
        reason = f"the emulator at {settings.graph_endpoint} is tenant {actual}; nothing was written"
        advice = (
            "start the emulator as that tenant again (entra-policies emulator --tenant), or correct "
            "entra-policies:tenantId. If the tenant is gone with its emulator, drop the stack's state: "
            "pulumi state delete --all --force, then pulumi up"
        )
    stored = STORED if settings.is_configured or not settings.signs_in else ""  # http is by configuration alone
    return WrongTenant(f"cannot work in tenant {wanted.text}, as {wanted.source} says", reason, advice + stored)


def _translated(doing: Doing, method: Method, error: Exception, connection: Connection) -> EntraError:
    """Any failure of the SDK or the wire as an error of ours."""
    if isinstance(error, APIError):
        return refused(doing, _answer(error), write=method is not Method.GET, granted=connection.permissions)
    if isinstance(error, RedirectRefused):
        return GraphError(doing, f"was redirected to {error}, which is not Graph", "check the proxy of this machine")
    if isinstance(error, NOTHING_SENT):
        advice = _START_AGAIN if connection.settings.on_loopback else _TRY_AGAIN
        return GraphError(doing, f"Graph cannot be reached ({_short(error)})", advice)
    if method is Method.GET and isinstance(error, httpx.TransportError):
        return GraphError(doing, f"Graph's answer did not arrive ({_short(error)})", _TRY_AGAIN)
    if method is Method.GET:
        advice = MISSING.format(permission=doing.permission)
        return Forbidden(doing, f"Graph's answer made no sense ({_short(error)})", advice)
    reason = f"the request was sent, but its answer did not arrive or made no sense ({_short(error)})"
    return AnswerLost(doing, reason, doing.if_lost)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200].rstrip(": ")


def _answer(error: APIError) -> Answer:
    """What Graph said, from the SDK's error; a gateway's page has no code, but it has a status and often an id."""
    said = error.error if isinstance(error, ODataError) else None
    inner = said.inner_error if said else None
    headers = httpx.Headers(error.response_headers or {})
    return Answer(
        status=error.response_status_code or 0,
        code=(said.code if said else None) or "",
        message=(said.message if said else None) or "",
        request_id=(inner.request_id if inner else None) or headers.get("request-id"),
        at=_date(headers.get_list("date")),
    )
