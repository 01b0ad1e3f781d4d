"""All there is behind one address: what `app` serves and `control` manages."""

from dataclasses import dataclass, field

from . import loading
from .clock import Clock
from .contents import Contents
from .directory import Directory
from .faults import Faults
from .journal import Journal
from .replicas import Replicas
from .signin import Authority
from .throttle import Meter


@dataclass
class Service:
    directory: Directory
    authority: Authority | None = None
    """None: nobody needs to sign in."""
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal)
    clock: Clock = field(default_factory=Clock)
    replicas: Replicas | None = None
    meter: Meter | None = None
    permissions: frozenset[str] | None = None
    """What the caller is granted where nobody signs in. None: everything."""

    def view(self) -> Contents:
        """What the next request gets to see."""
        return self.replicas.view() if self.replicas else self.directory.contents

    def grant(self, permissions: frozenset[str] | None) -> None:
        self.permissions = permissions
        if self.authority:
            self.authority.tokens.grant(permissions)

    def load(self, document: object) -> None:
        """A tenant in place of this one, as `Directory.snapshot` gives it; every replica has it at once."""
        with self.directory.lock:
            loading.load(self.directory, document)
            if self.replicas:
                self.replicas.catch_up()

    def reset(self) -> None:
        with self.directory.lock:
            self.directory.reset()
            if self.replicas:
                self.replicas.catch_up()
            if self.meter:
                self.meter.reset()
        self.faults.clear()
        self.journal.clear()
