"""Nearest by shared words: BM25 over Chinese characters and their pairs, in tantivy, on disk.

Words are made by ``chinese.bigrams`` for texts and questions alike, so width and script don't matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import Document, Occur, Query

from retrieval.index.sync.engine_errors import guarded
from retrieval.text.normalize import bigrams
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from retrieval.values.documents import Filter, IndexEntry

STAMP = "tantivy/1"  # raised with each change of fields or analysis
_HEAP = 64_000_000  # bytes that the writer fills before it writes a segment
_FACTS = ("id", "document", "place", "year", "genre")


class WordIndex:
    """BM25 over the passages of one generation of the word index."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._schema = index.schema

    @classmethod
    def create(cls, folder: Path) -> WordIndex:
        """Make an empty index in an empty folder."""
        with guarded("词语索引"):
            return cls(tantivy.Index(_schema(), path=str(folder)))

    @classmethod
    def open(cls, folder: Path) -> WordIndex:
        """Open the index in a folder; raise ``IndexBroken`` if it is damaged."""
        with guarded("词语索引"):
            index = tantivy.Index.open(str(folder))
            index.searcher()
            return cls(index)

    def close(self) -> None:
        """Do nothing: no file is held open between calls."""

    def count(self) -> int:
        """Return how many passages it holds."""
        with guarded("词语索引"):
            self._index.reload()
            return int(self._index.searcher().num_docs)

    def apply(self, entries: Iterable[IndexEntry], dropped: Sequence[str]) -> None:
        """Put entries in place of what was held under their ids, drop others; all of it or nothing."""
        with guarded("词语索引"):
            writer = self._index.writer(heap_size=_HEAP, num_threads=1)
            for name in dropped:
                writer.delete_documents_by_term("id", name)
            for entry in entries:
                writer.delete_documents_by_term("id", entry.id)
                writer.add_document(_document(entry))
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()

    def check(self, some: Sequence[IndexEntry]) -> None:
        """Raise ``IndexBroken`` if it does not hold these entries."""
        for entry in some:
            if entry.id not in self.scores(entry.text, [entry.id]) and bigrams(entry.text):
                raise IndexBroken(f"词语索引里没有段落 {entry.id}。它会由资料目录库自动重建。")

    def reload(self) -> None:
        """See what another process has written since."""
        with guarded("词语索引"):
            self._index.reload()

    def find(self, text: str, *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the passages that share most words with a text, with their BM25, best first."""
        return self._search(text, list(_limits(limits)), limit)

    def scores(self, text: str, ids: Collection[str]) -> dict[str, float]:
        """Return the BM25 of each of these passages that shares a word with a text."""
        return self._search(text, [("id", list(ids))], len(ids))

    def frequency(self, words: Iterable[str]) -> dict[str, float]:
        """Return the share of passages that hold each word; passages lately replaced may still be counted."""
        with guarded("词语索引"):
            searcher = self._index.searcher()
            total = max(1, searcher.num_docs)
            return {word: min(1.0, searcher.doc_freq("words", word) / total) for word in words}

    def _search(self, text: str, limits: list[tuple[str, list[str]]], limit: int) -> dict[str, float]:
        words = dict.fromkeys(bigrams(text))
        if not words or limit < 1:
            return {}
        with guarded("词语索引"):
            terms = [(Occur.Should, Query.term_query(self._schema, "words", word, "freq")) for word in words]
            query = Query.boolean_query(terms)
            if limits:
                query = Query.boolean_query([*(self._one_of(*one) for one in limits), (Occur.Must, query)])
            searcher = self._index.searcher()
            found = searcher.search(query, limit=limit, count=False)
            return {searcher.doc(address)["id"][0]: float(score) for score, address in found.hits}

    def _one_of(self, field: str, values: list[str]) -> tuple[Any, Any]:
        # Not a set of terms: that walks the whole list of terms, three times as long for a hundred values.
        wanted = [Query.term_query(self._schema, field, value, "basic") for value in values]
        either = Query.boolean_query([(Occur.Should, one) for one in wanted])
        return Occur.Must, Query.const_score_query(either, 0.0)


def _limits(limits: Filter) -> Iterator[tuple[str, list[str]]]:
    fields = {
        "place": limits.places,
        "year": tuple(map(str, limits.years)),
        "document": limits.documents,
        "genre": tuple(genre.value for genre in limits.genres),
    }
    yield from ((name, list(values)) for name, values in fields.items() if values)


def looks_whole(folder: Path) -> bool:
    """Tell, without opening it, whether a folder has a word index in it."""
    return (folder / "meta.json").is_file()


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for field in _FACTS:
        builder.add_text_field(field, stored=field == "id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(entry: IndexEntry) -> Any:
    document = Document()
    for field in _FACTS:
        value = getattr(entry, field)
        if value is not None:
            document.add_text(field, str(value))
    document.add_text("words", " ".join(bigrams(entry.text)))
    return document
