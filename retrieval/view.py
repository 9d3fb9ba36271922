"""One state of a library as its readers see it: heads, both legs of a search, the documents read so far."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.documents import Hit
from retrieval.entries import document_id
from retrieval.errors import IndexAway
from retrieval.search import search

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.catalogue import Catalogue
    from retrieval.catalogue_values import Whole
    from retrieval.documents import Document, Filter
    from retrieval.search import Legs, Query

State = tuple[int | str | None, ...]  # what the catalogue and the indexes stood at: see Indexes.state
_HELD = 2_000  # documents kept in memory, whole


class View:
    """What a library holds at one version; made anew when the catalogue or an index has changed."""

    def __init__(self, catalogue: Catalogue, legs: Legs, state: State) -> None:
        self.legs = legs
        self.state = state
        self._catalogue = catalogue
        self._held: dict[str, Whole] = {}

    @cached_property
    def heads(self) -> tuple[Document, ...]:
        """The documents in the order of sources and text, with sections but without text and points."""
        return self._catalogue.heads()

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The places that documents speak for, in the order of the documents."""
        return tuple(dict.fromkeys(head.place for head in self.heads if head.place))

    def whole(self, name: str) -> Whole | None:
        """Return a document with its passages."""
        return self._wholes([name]).get(name)

    def find(self, query: Query, *, k: int, limits: Filter, per_place: int | None) -> tuple[Hit, ...]:
        """Return the best hits; what is gone or lies outside the limits by now is left out."""
        if per_place is not None and not limits.places:
            limits = replace(limits, places=self.places)
        try:
            ranked = search(self.legs, query, k=k, limits=limits, per_place=per_place)
        except IndexAway:  # of which the log tells once
            words = replace(self.legs, nearest=None)
            ranked = search(words, query, k=k, limits=limits, per_place=per_place)
        wholes = self._wholes(document_id(one.passage) for one in ranked)
        known = {p.id: (p, whole.document) for whole in wholes.values() for p in whole.passages}
        found = ((one, *known[one.passage]) for one in ranked if one.passage in known)
        return tuple(
            Hit(passage=passage, document=document, score=one.score, dense=one.dense, words=one.words)
            for one, passage, document in found
            if limits.admits(document)
        )

    def _wholes(self, names: Iterable[str]) -> dict[str, Whole]:
        wanted = dict.fromkeys(names)
        held = self._held  # other threads may put another in its place meanwhile
        missing = [name for name in wanted if name not in held]
        if missing:
            kept = held if len(held) + len(missing) <= _HELD else _some(held, wanted)
            self._held = held = {**kept, **self._catalogue.wholes(missing)}
        return _some(held, wanted)


def _some(held: dict[str, Whole], names: Iterable[str]) -> dict[str, Whole]:
    return {name: held[name] for name in names if name in held}
