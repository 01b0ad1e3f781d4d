"""All there is behind one address: what `app` serves and `control` manages."""

from dataclasses import dataclass, field

from .directory import Directory
from .faults import Faults
from .journal import Journal
from .signin import Authority


@dataclass
class Service:
    directory: Directory
    authority: Authority | None = None
    """None: nobody needs to sign in."""
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal)

    def reset(self) -> None:
        with self.directory.lock:
            self.directory.reset()
        self.faults.clear()
        self.journal.clear()
