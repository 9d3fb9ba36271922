"""The newest view of a library, for readers in any thread; indexes found broken are made anew on the way."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from retrieval.index.sync.sync import silent
from retrieval.ranking.hybrid import search
from retrieval.runtime.background_refresh import BackgroundRefresh
from retrieval.values.documents import Hit, document_id
from retrieval.values.errors import IndexAway, IndexBroken, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from retrieval.catalog.catalog import Catalogue
    from retrieval.catalog.models import StoredDocument
    from retrieval.index.index_set import Indexes
    from retrieval.ranking.hybrid import Query, Retrievers
    from retrieval.runtime.writer_lock import WriterLock
    from retrieval.values.documents import Document, Filter, Passage


log = logging.getLogger(__name__)


State = tuple[int | str | None, ...]  # what the catalogue and the indexes stood at: see Indexes.state

_HELD = 2_000  # documents kept in memory, whole


class LibrarySnapshot:
    """What a library holds at one version; made anew when the catalogue or an index has changed."""

    def __init__(self, catalogue: Catalogue, legs: Retrievers, state: State) -> None:
        self.legs = legs
        self.state = state
        self._catalogue = catalogue
        self._held: dict[str, StoredDocument] = {}

    @cached_property
    def heads(self) -> tuple[Document, ...]:
        """The documents in the order of sources and text, with sections but without text and points."""
        return self._catalogue.heads()

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The places that documents speak for, in the order of the documents."""
        return tuple(dict.fromkeys(head.place for head in self.heads if head.place))

    def whole(self, name: str) -> StoredDocument | None:
        """Return a document with its passages."""
        return self._wholes([name]).get(name)

    def passage(self, name: str) -> Passage | None:
        """Return a passage."""
        whole = self.whole(document_id(name))
        return whole.passage(name) if whole else None

    def find(self, query: Query, *, k: int, limits: Filter, per_place: int | None) -> tuple[Hit, ...]:
        """Return the best hits; what is gone or lies outside the limits by now is left out."""
        if per_place is not None and not limits.places:
            limits = replace(limits, places=self.places)
        try:
            ranked = search(self.legs, query, k=k, limits=limits, per_place=per_place)
        except IndexAway:  # of which the log tells once
            words = replace(self.legs, nearest=None)
            ranked = search(words, query, k=k, limits=limits, per_place=per_place)
        held = self._pieces([one.passage for one in ranked])
        known = ((one, held.get(document_id(one.passage))) for one in ranked)
        found = ((one, whole.document, whole.passage(one.passage)) for one, whole in known if whole)
        return tuple(
            Hit(passage=passage, document=document, score=one.score, dense=one.dense, words=one.words)
            for one, document, passage in found
            if passage is not None and limits.admits(document)
        )

    def _wholes(self, names: Iterable[str]) -> dict[str, StoredDocument]:
        """Return documents with all their passages."""
        wanted = dict.fromkeys(names)
        held = self._held  # other threads may put another in its place meanwhile
        missing = [name for name in wanted if name not in held or not held[name].complete]
        if missing:
            held = self._keep(held, wanted, self._catalogue.wholes(missing))
        return _some(held, wanted)

    def _pieces(self, passages: Collection[str]) -> dict[str, StoredDocument]:
        """Return documents with these of their passages at least."""
        wanted = {name: document_id(name) for name in passages}
        held = self._held
        missing = [name for name, document in wanted.items() if not _has(held.get(document), name)]
        if missing:
            read = self._catalogue.pieces(missing)
            joined = {name: piece.joined(held.get(name)) for name, piece in read.items()}
            held = self._keep(held, wanted.values(), joined)
        return _some(held, wanted.values())

    def _keep(
        self, held: dict[str, StoredDocument], wanted: Iterable[str], read: dict[str, StoredDocument]
    ) -> dict[str, StoredDocument]:
        kept = held if len(held) + len(read) <= _HELD else _some(held, wanted)
        self._held = {**kept, **read}
        return self._held


def _has(whole: StoredDocument | None, passage: str) -> bool:
    return whole is not None and (whole.complete or passage in whole)


def _some(held: dict[str, StoredDocument], names: Iterable[str]) -> dict[str, StoredDocument]:
    return {name: held[name] for name in names if name in held}


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
