"""Which collection of a Chroma server serves a catalogue: a mark in the catalogue itself, so that all see it.

A new collection is filled beside the old one, and the mark is replaced in one transaction of the catalogue.
The version that a collection has come to is noted on the server first: one that knows less than its mark
says has lost something, such as a server that was put back from an older copy.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from retrieval.catalog import queries
from retrieval.index.chroma.served_collection import ServedCollection, drop, names
from retrieval.index.sync.serving_mark import CHROMA, CatalogueMark, ServingMark, parsed
from retrieval.values.errors import IndexGone, IndexLocked

if TYPE_CHECKING:
    from retrieval.catalog.catalog import Catalogue
    from retrieval.index.chroma.http_client import ChromaServer
    from retrieval.index.sync.generations import GenerationMark

GRACE = 60.0  # seconds for which readers may go on with the collection that served before


class ChromaMarks:
    """The collections of one catalogue on a server, and the mark; its one writer alone changes them."""

    def __init__(
        self, catalogue: Catalogue, server: ChromaServer, model: str, *, grace: float = GRACE
    ) -> None:
        self._catalogue = catalogue
        self._mark = CatalogueMark(catalogue)
        self._server = server
        self._model = model
        self._grace = grace
        self._filling = ""

    @property
    def _family(self) -> str:
        return f"chengwen-{self._catalogue.noted('identity')}-"

    def mark(self) -> ServingMark | None:
        """Return the mark; None where there is none."""
        return self._mark.mark()

    def place(self, name: str) -> str:
        """Return the name of a collection."""
        return name

    def fresh(self) -> str:
        """Return a name that no collection ever had."""
        self._filling = f"{self._family}{secrets.token_hex(4)}"
        return self._filling

    def switch(self, mark: GenerationMark) -> None:
        """Note on the server, and then for all readers, what serves and how far it is.

        Raises ``IndexLocked`` where another writer has put another collection in this one's place meanwhile.
        """
        collection = ServedCollection.open(self._server, mark.folder, self._model)
        collection.note(stands=mark.version)
        with self._catalogue.writing() as connection:
            standing = parsed(queries.told(connection, CHROMA))
            same = standing is not None and standing.folder == mark.folder
            overtaken = standing is not None and same and standing.version > mark.version
            if overtaken or not (same or mark.folder == self._filling):
                raise IndexLocked("另一个进程也在写向量，而且已经走到前面。这次的更改会由它接着完成。")
            since = standing.since if standing is not None and same else time.time()
            facts = {name: getattr(mark, name) for name in ("folder", "stamp", "catalogue", "version")}
            queries.note(connection, CHROMA, json.dumps(asdict(ServingMark(**facts, since=since))))
            queries.note(connection, "model", self._model)
        self._filling = ""

    def sound(self, name: str) -> bool:
        """Tell whether the server holds a collection, and as far as the mark says."""
        mark = self.mark()
        try:
            collection = ServedCollection.open(self._server, name, self._model)
        except IndexGone:
            return False
        return (
            mark is None or mark.folder != name or int(collection.metadata.get("stands", -1)) >= mark.version
        )

    def litter(self) -> list[str]:
        """Return the collections of this catalogue that don't serve, once no reader goes on with them."""
        mark = self.mark()
        if mark is None or abs(time.time() - mark.since) < self._grace:
            return []
        return [name for name in names(self._server, self._family) if name != mark.folder]

    def sweep(self) -> None:
        """Delete the collections that don't serve. Only for who holds the writer's lock."""
        for name in self.litter():
            drop(self._server, name)
