"""The emulator as a running server, in a thread.

It binds to loopback only, since anybody who reaches it may change everything. With a certificate it speaks
https and wants tokens from its own sign-in authority (`clients` may sign in); without, it speaks http and
asks for nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from . import loopback
from .app import build
from .assertions import AUDIENCE
from .clients import Client
from .clock import Clock
from .directory import Directory
from .faults import Declarations, Path, listed
from .federation import CLUSTER_ACCOUNT
from .latency import Late
from .managed_identity import Identities
from .places import Places
from .replicas import Replicas
from .service import Service
from .signin import Authority
from .throttle import Meter, Throttle
from .tokens import LIFETIME


@dataclass(frozen=True)
class Registration:
    """An application in the tenant, as `Emulator.create_application` returns it."""

    object_id: str
    client_id: str
    service_principal_id: str = ""
    """Empty if none was asked for."""


class Emulator:
    """A tenant of its own, while it runs.

    ```python
    with Emulator(seed=1) as graph:                                  # http, no sign-in
    with Emulator(certificate=pem, key=pem, clients={id: secret}):   # https with sign-in; more than a secret: `Client`
    Emulator(..., managed_identities={"": {"Policy.Read.All"}})      # system-assigned, with its permissions
    Emulator(tenant_id="…")                                          # the tenant of another run
    Emulator(directory=Directory(second_policy_status=409))          # a tenant of your own making
    Emulator(seed=1, replicas=(0, 3, 6))                             # three replicas, and how late each is: `replicas`
    Emulator(throttle=Throttle(units=20), clock=Clock())             # throttled, in a time that stands still
    Emulator(permissions={"Policy.Read.All"})                        # what the caller is granted; None: everything
    Emulator(faults=[{"status": 503}])                               # as in `fault`, or the path of a JSON file of them
    Emulator(latency=0.1)                                            # each answer is 0.1 real seconds late
    ```

    Time runs as on the machine; with replicas and without a clock given it stands still, so that what they answer
    does not depend on the machine's speed. Either way `clock.advance(seconds)` lets it pass.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int | str | None = None,
        directory: Directory | None = None,
        tenant_id: str | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
        clients: Mapping[str, str | Client] | None = None,
        managed_identities: Identities | None = None,
        token_lifetime: int = LIFETIME,
        clock: Clock | None = None,
        replicas: Sequence[float] = (),
        throttle: Throttle | None = None,
        permissions: Iterable[str] | None = None,
        faults: Declarations | Path = (),
        latency: float = 0,
    ) -> None:
        if (clients or managed_identities) and not certificate:
            raise ValueError("clients and identities sign in over https only: give certificate= and key= as well")
        if directory and tenant_id:
            raise ValueError("a directory has its tenant already: Directory(tenant_id=...)")
        self._address = loopback.address(host), port
        self._certificate, self._key = certificate, key
        self.directory = directory or Directory(seed=seed, tenant_id=tenant_id)
        self.clock = clock or Clock(running=not replicas)
        self.directory.now = self.clock.date
        self._authority = (
            Authority(self.directory, self.clock, clients or {}, managed_identities or {}, token_lifetime)
            if certificate
            else None
        )
        self._service = Service(
            self.directory,
            authority=self._authority,
            clock=self.clock,
            replicas=Replicas(replicas, self.directory, self.clock, seed) if replicas else None,
            meter=Meter(throttle, self.clock) if throttle else None,
        )
        self.grant(permissions)
        self._service.faults.declare(*listed(faults))
        self._app = Late(build(self._service), latency) if latency else build(self._service)
        self._server: loopback.Server | None = None

    # -- running -----------------------------------------------------------------------------------

    def start(self) -> None:
        config = loopback.config(self._app, self._certificate, self._key)
        listener = loopback.listener(*self._address)
        self._address = listener.getsockname()[:2]
        self._server = loopback.Server(config, listener)
        self._server.begin()

    def stop(self) -> None:
        if self._server:
            self._server.end()

    def wait(self) -> None:
        """Until somebody stops it."""
        if self._server:
            self._server.thread.join()

    def __enter__(self) -> "Emulator":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        host, port = self._address
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    # -- what a test wants to know and to do -------------------------------------------------------

    @property
    def tenant_id(self) -> str:
        return self.directory.tenant_id

    def create_application(self, display_name: str, *, with_service_principal: bool = False) -> Registration:
        with self.directory.lock:
            application = self.directory.create_application({"displayName": display_name})
            app_id = application.properties["appId"]
            if not with_service_principal:
                return Registration(application.id, app_id)
            return Registration(application.id, app_id, self.directory.create_service_principal({"appId": app_id}).id)

    def register(self, client_id: str, display_name: str) -> Registration:
        """Who signs in as an application of the tenant: then its tokens name its service principal."""
        with self.directory.lock:
            application = self.directory.create_application({"displayName": display_name}, app_id=client_id)
            principal = self.directory.create_service_principal({"appId": client_id})
            return Registration(application.id, client_id, principal.id)

    def load(self, document: object) -> None:
        """A tenant of any size in place of this one, as `directory.snapshot()` or GET /emulator/state gives it."""
        self._service.load(document)

    def grant(self, permissions: Iterable[str] | None) -> None:
        """What the caller may do from now on, in place of what was granted before; None: everything.

        With sign-in it is what the tokens say that are given out from now on; None: all that the policies need.
        """
        self._service.grant(None if permissions is None else frozenset(permissions))

    def fault(self, **declaration: Any) -> None:
        """The fields of `faults.Fault`: fault(method="POST", path=r"\\$ref$", status=503, when="after")."""
        self._service.faults.declare(declaration)

    def reset_faults(self) -> None:
        """Nothing goes wrong from now on."""
        self._service.faults.clear()

    def pending_faults(self) -> int:
        """How many declared faults no request has used up yet."""
        return self._service.faults.pending()

    def journal(self) -> list[dict[str, Any]]:
        return self._service.journal.entries()

    def clear_journal(self) -> None:
        self._service.journal.clear()

    def tokens(self) -> set[str]:
        """Every token that its sign-in has given out, to look for where none should be."""
        return self._authority.tokens.issued() if self._authority else set()

    @property
    def places(self) -> Places:
        """What pipelines and machines set in the environment of programs that run there."""
        authority = self._signing()
        return Places(self.url, authority.federation.request_token, authority.identities.header)

    def assertion(
        self,
        subject: str = CLUSTER_ACCOUNT[1],
        *,
        issuer: str = CLUSTER_ACCOUNT[0],
        audience: str = AUDIENCE,
        lifetime: float = 3600,
    ) -> str:
        """Such as a cluster writes into a pod's token file; lifetime in seconds of the emulator's clock."""
        return self._signing().federation.assertion(issuer, subject, audience, lifetime)

    def _signing(self) -> Authority:
        if self._authority is None:
            raise ValueError("nobody signs in over http: give certificate= and key=")
        return self._authority

    def reset(self) -> None:
        self._service.reset()
