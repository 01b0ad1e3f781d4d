"""One process at work in one tenant: its way to Graph, and all that it remembers of what it has done there.

Memory makes things cheaper and messages better. No promise rests on it: create and delete of what a user thinks of as
one thing may run in two processes.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from ..definitions import Kind
from ..graph.connection import Connection
from ..graph.consistency import Patience, Sleep, stamp
from ..graph.errors import EntraError
from ..graph.policies import Policy
from ..settings import Settings
from .allowance import Allowance
from .picture import Picture

Answer = TypeVar("Answer")


class Run:
    """Made by a host, once a process and set of settings; used on one event loop alone, but for `kept`."""

    def __init__(
        self,
        settings: Settings,
        sleep: Sleep = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
        tell: Callable[[str], None] = print,
    ) -> None:
        self.settings, self.tell, self._sleep = settings, tell, sleep
        self.patience = Patience(settings.waits, sleep, now, tell)
        self.picture = Picture(lambda: self.connection, now)
        self.claimed: set[str] = set()
        """Slots that creates of this run fill, and ids that they import."""
        self.made: set[str] = set()
        """Policies that this run has made: no reference to one is older than the run."""
        self.kept: dict[str, str] = {}
        """Policies, by resource id, of what this run has imported, changed or found unchanged: the program has it."""
        self.names: dict[tuple[str, str], str] = {}
        """Names, by collection and id, of the policies that this run has made, changed or seen: they exist."""
        self.written: dict[tuple[str, str], str] = {}
        """When this run has made or changed a policy, likewise."""
        self.creating: Counter[tuple[str, str]] = Counter()
        """Collection and name of the policies that this run makes, or has made."""
        self.locks: dict[tuple[str, str], asyncio.Lock] = {}
        """One for each collection and name that is being sent."""
        self.deleted: set[str] = set()
        """Policies that this run has deleted; Graph may show them a while longer."""
        self.assigned: set[str] = set()
        """Policies that this run has assigned, or may have."""
        self.removed: set[tuple[str, str]] = set()
        """Object and policy of the references that this run has removed; Graph may show them a while longer."""
        self.defaults: dict[str, str] = {}
        """Names of the policies that this run makes the organisation's default, by collection."""
        self.let_go: set[str] = set()
        """Policies that this run has made the default no more; Graph may show them as such a while longer."""
        self.allowance = Allowance(now)
        self.previews = False
        """Whether this is a preview, which a host is told by the program alone."""
        self.told: set[str] = set()
        """What the user has been told of, and need not hear of each resource."""
        self._lock = threading.Lock()
        self._answers: dict[object, asyncio.Future[Any]] = {}

    @cached_property
    def connection(self) -> Connection:
        """Made when it is first needed."""
        return Connection(self.settings, self._sleep, self.tell)

    async def listing(self, kind: Kind) -> list[Policy]:
        """The kind's policies as this run first found them. Asked once.

        Raises Forbidden and other errors of Graph; then the next one asks again.
        """
        return await self.once(kind.collection, lambda: self.picture.every(kind))

    async def once(self, key: object, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """The answer to a question that many have; if it has failed, the next one asks again."""
        found = self._answers.get(key)
        if found is None or (found.done() and (found.cancelled() or found.exception())):
            found = self._answers[key] = asyncio.ensure_future(ask())
            # It may fail when nobody waits for it any more, which asyncio would print.
            found.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(found)

    def tell_once(self, of: str, text: str) -> None:
        """Tell the user what is not about one resource."""
        if of not in self.told:
            self.told.add(of)
            self.tell(f"pulumi-entra-policies: {text}")

    def wrote(self, kind: Kind, policy_id: str, name: str, at: datetime) -> str:
        """Remember that a policy was written then; the time as a state keeps it."""
        key = kind.collection, policy_id
        self.names[key], self.written[key] = name, stamp(at)
        return self.written[key]

    def keep(self, id_: str, inputs: Mapping[str, Any]) -> None:
        """Remember that a resource of the program has this. Called from any of a host's workers."""
        with self._lock:
            self.kept[id_] = inputs.get("policyId", id_)

    @contextmanager
    def claim(self, id_: str, taken: EntraError) -> Iterator[None]:
        """While it is made or imported, and after, it is one resource's alone; raises `taken` if it is another's.

        What was found unchanged is no claim: it may be a resource that is to be replaced, and was deleted first.
        """
        if id_ in self.claimed:
            raise taken
        self.claimed.add(id_)  # before anything is awaited: creates run side by side
        try:
            yield
        except BaseException:
            self.claimed.discard(id_)
            raise

    def keeps(self, id_: str, state: Mapping[str, Any]) -> bool:
        """Whether a resource of the program has the very policy, or slot and policy, of one that is to be deleted."""
        return bool(self.kept.get(id_) == state.get("policyId", id_))

    def is_gone(self, object_id: str, policy_id: str) -> bool:
        """Whether this run has taken that reference away, itself or with its policy."""
        return policy_id in self.deleted or (object_id, policy_id) in self.removed

    async def close(self) -> None:
        """Close the connection, if there is one."""
        if "connection" in vars(self):
            await self.connection.close()
