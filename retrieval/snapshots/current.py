"""The newest view of a library, for readers in any thread; indexes found broken are made anew on the way."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from retrieval.index.sync.sync import silent
from retrieval.runtime.background_refresh import BackgroundRefresh
from retrieval.snapshots.snapshot import LibrarySnapshot
from retrieval.values.errors import IndexBroken, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.catalog.catalog import Catalogue
    from retrieval.index.index_set import Indexes
    from retrieval.runtime.writer_lock import WriterLock
    from retrieval.snapshots.snapshot import State

T = TypeVar("T")
_TRIES = 3  # while indexes are being changed under a reader
log = logging.getLogger(__name__)


class CurrentSnapshot:
    """Gives the view of what the catalogue and the indexes hold now."""

    def __init__(self, catalogue: Catalogue, indexes: Indexes, lock: WriterLock) -> None:
        self._catalogue = catalogue
        self._indexes = indexes
        self._lock = lock
        self._view: LibrarySnapshot | None = None
        self._refreshing = threading.Lock()
        self._mending = threading.Lock()
        self._renewal = BackgroundRefresh(self._renew)

    def now(self) -> LibrarySnapshot:
        """Return the view of what is held now; another process may have changed it a moment ago.

        In the midst of an ingest, which changes it all the time, it is one of some seconds ago: nobody waits
        for the next.
        """
        view, state = self._view, self._indexes.state
        if view is not None and view.state == state:
            return view
        if view is not None and (self._lock.busy or self._catalogue.shared):
            self._renewal.wish()
            return view
        with self._refreshing:
            if self._view is None or self._view.state != self._indexes.state:
                self._view = self._fresh()
            return self._view

    def close(self) -> None:
        """Wait for a view that is being made."""
        self._renewal.close()

    def _renew(self) -> None:
        with self._refreshing:
            self._follow()
            self._view = self._fresh()

    def use(self, ask: Callable[[LibrarySnapshot], T]) -> T:
        """Ask something of the newest view, again of a newer one where an index turns out to be broken."""
        for _ in range(_TRIES):
            view = self.now()
            try:
                return ask(view)
            except IndexBroken as error:
                self._mend(error, view.state)
        return ask(self.now())

    def _follow(self) -> None:
        """Bring this machine's indexes on to what another machine has written, as far as it has vectors."""
        if self._catalogue.shared and self._indexes.behind and not self._lock.held:
            with suppress(IndexLocked), self._lock:
                self._indexes.catch_up(silent, most=0)

    def _fresh(self) -> LibrarySnapshot:
        for _ in range(_TRIES):
            state = self._indexes.state
            try:
                return LibrarySnapshot(self._catalogue, self._indexes.legs(), state)
            except IndexBroken as error:
                self._mend(error, state)
        state = self._indexes.state
        return LibrarySnapshot(self._catalogue, self._indexes.legs(), state)

    def _mend(self, error: IndexBroken, state: State) -> None:
        """Make the indexes anew, unless another thread or process has changed them meanwhile."""
        with self._mending:
            if self._indexes.state != state:
                return
            log.warning("%s", error)
            if self._lock.held:
                self._indexes.mend()
                return
            try:
                with self._lock:
                    self._indexes.mend()
            except IndexLocked:
                raise error from None
