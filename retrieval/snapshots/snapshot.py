"""One state of a library as its readers see it: heads, both legs of a search, the documents read so far."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.ranking.hybrid import search
from retrieval.values.documents import Hit
from retrieval.values.entry import document_id
from retrieval.values.errors import IndexAway

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrieval.catalog.catalog import Catalogue
    from retrieval.catalog.models import StoredDocument
    from retrieval.ranking.hybrid import Query, Retrievers
    from retrieval.values.documents import Document, Filter, Passage

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
