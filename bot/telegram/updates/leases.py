"""What a process holds of the inbox: renewed while it lives, and what dead ones left is looked for."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from bot.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.store import ReceivedUpdate, Store

    Put = Callable[[Iterable[ReceivedUpdate]], None]

Found = TypeVar("Found")
LOG = logging.getLogger(__name__)
STUCK = 12  # leases: two minutes
RENEWALS = 5  # in the time for which something is held


class InboxLeases:
    """Holds updates for ``lease`` seconds at a time; from ``run`` on, others' too where nobody holds them."""

    def __init__(
        self, store: Store, bot: int, *, lease: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._inbox, self._bot, self._owner, self._lease = store.inbox, bot, store.owner, lease
        # A thread of its own: its turn comes whatever else waits for one.
        self._thread = ThreadPoolExecutor(1, "holding")
        self._clock = clock  # seconds; must not run backwards
        self._steady = self._renewed = clock()  # since when nothing was late; the last renewal

    async def begin(self) -> tuple[ReceivedUpdate, ...]:
        """Return what was held under this process's name and what nobody holds. Raises StoreError."""
        own = await self._call(self._renew)
        self._steady = self._renewed - self._lease
        return tuple(sorted((*own, *await self._call(self._adopt)), key=lambda one: one.update_id))

    async def run(self, put: Put) -> None:
        """Renew, and hand what is found to ``put``, until cancelled.

        It is a thread that renews: an event loop with much to do may be late for longer than a lease. Where
        the loop does not move at all for ``STUCK`` leases, what it holds is left to others.
        """
        loop, over = asyncio.get_running_loop(), Event()
        moved = self._clock()

        def beat(found: Iterable[ReceivedUpdate]) -> None:
            nonlocal moved
            moved = self._clock()
            put(found)

        def renewing() -> None:
            while not over.wait(self._lease / RENEWALS):
                found: tuple[ReceivedUpdate, ...] = ()
                try:
                    if self._clock() - moved < STUCK * self._lease:
                        found = self._looked()
                except StoreError:
                    LOG.exception("the inbox can't be asked")
                loop.call_soon_threadsafe(beat, found)

        try:
            await loop.run_in_executor(self._thread, renewing)
        finally:
            over.set()

    async def look(self) -> tuple[ReceivedUpdate, ...]:
        """Renew once, and return what is held now, others' included. Raises StoreError.

        What is this process's own and not in its hands was kept by a commit that seemed to fail. Where it
        was late itself, as after an outage of the database, the others may be: it gives them time to renew.
        """
        return await self._call(self._looked)

    def _looked(self) -> tuple[ReceivedUpdate, ...]:
        own = self._renew()
        if self._renewed - self._steady <= self._lease / 2:
            return own
        if found := self._adopt():
            LOG.info("%s updates that nobody holds any more are taken over", len(found))
        return (*own, *found)

    async def release(self) -> None:
        """Let go of everything, so that others may have it at once."""
        with suppress(StoreError):
            await self._call(partial(self._inbox.release, self._bot, owner=self._owner))
        self._thread.shutdown(wait=False)

    def _renew(self) -> tuple[ReceivedUpdate, ...]:
        own = self._inbox.renew(self._bot, owner=self._owner, lease=self._lease)
        before, self._renewed = self._renewed, self._clock()
        if self._renewed - before > self._lease / 2:
            self._steady = self._renewed
        return own

    def _adopt(self) -> tuple[ReceivedUpdate, ...]:
        return self._inbox.adopt(self._bot, owner=self._owner, lease=self._lease)

    async def _call(self, work: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
