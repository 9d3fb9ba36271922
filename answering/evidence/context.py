"""What one question is worked on with: library, lexicon, and searches within its own limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING

from answering.evidence import year_range as period
from answering.evidence.lines import Line, SearchableLibrary, lines
from answering.evidence.passage_pools import pooled, speaker_of
from answering.lexicon.phrases import join, phrase, place_name
from answering.lexicon.relevance import Terms, terms
from answering.question.parser import COINED, Known, TitledDocument
from answering.values.answer import Language
from retrieval.text.normalize import bigrams
from retrieval.text.tense import asked
from retrieval.values.documents import Document, Filter, Genre, Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.pooled_passage import PooledPassage
    from answering.lexicon.thesaurus import Lexicon
    from answering.question.parser import Question
    from answering.values.hypothesis import Hypothesis
    from retrieval.places.gazetteer import Gazetteer


_YEAR = re.compile(r"(?<!\d)(?:20|19)?\d\d年(?:度)?")
_MANY, _FIRST = 8, 3  # places that are all named in one message, and those named of more


@dataclass
class QuestionContext:
    """One question with what is needed to answer it."""

    question: Question
    library: SearchableLibrary
    lexicon: Lexicon
    hypothesis: Hypothesis
    seconds: dict[str, float] = field(default_factory=dict)
    hits: dict[str, Hit] = field(default_factory=dict)  # all that was found so far, by passage
    seen: dict[tuple[str, int], Line] = field(default_factory=dict)  # and its sentences

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of documents that a search keeps to; none where no document is of a fitting year."""
        return self.limits(self.question.years)

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """What the question puts in quotation marks, the asker's own coinages (“三化”) left out."""
        grams = {q: bigrams(q) for q in self.question.quoted}
        shares = self.library.frequency(sorted({g for cut in grams.values() for g in cut}))
        held = {q: all(shares.get(g, 0.0) > 0 for g in cut) for q, cut in grams.items()}
        return tuple(q for q in self.question.quoted if held[q] or not COINED.search(q))

    @cached_property
    def lean(self) -> float:
        """How much the question asks for what is planned (1) or done (−1)."""
        return asked(self.question.folded)

    def limits(self, years: Sequence[int]) -> tuple[int, ...]:
        """Return the years of documents that can answer for ``years``."""
        return period.limits(self.question.folded, years, self._held)

    def terms(self, content: str) -> Terms:
        """Return the terms of ``content`` (folded, without places)."""
        quoted = tuple(q for q in self.quoted if q in content)
        if self.years:
            content = _YEAR.sub("|", content)
        return terms(content, self.lexicon, self.library.frequency, quoted=quoted)

    def search(
        self,
        query: str,
        *,
        places: Sequence[str] = (),
        years: Sequence[int] | None = None,
        k: int = 12,
        per_place: int | None = None,
    ) -> list[Line]:
        """Return the sentences of what is found for ``query`` within ``places`` and the question's years."""
        began = perf_counter()
        if self.question.language is Language.EN:
            query = f"{query} {self.lexicon.translate(query)}"
        limits = self.filter(places, years)
        hits = self.library.find(query, k=k, filter=limits, per_place=per_place)
        found = lines(hits)
        for hit in hits:
            self.hits.setdefault(hit.passage.id, hit)
        for line in found:
            self.seen.setdefault(line.key, line)
        self.seconds["search"] = self.seconds.get("search", 0.0) + perf_counter() - began
        return found

    @cached_property
    def searched(self) -> Hypothesis:
        """The hypothesis as passages are searched with it: an English one with its terms in Chinese."""
        reading = self.hypothesis
        if reading.language is Language.EN:
            return replace(reading, text=f"{reading.text} {self.lexicon.translate(reading.text)}")
        return reading

    def pooled(self, *, depth: int = 12) -> tuple[PooledPassage, ...]:
        """Return the passages found for the hypothesis, ``depth`` of each pool."""
        began = perf_counter()
        found = pooled(self.searched, self.library, depth=depth)
        for one in found:
            self.hits.setdefault(one.hit.passage.id, one.hit)
        self.seconds["search"] = self.seconds.get("search", 0.0) + perf_counter() - began
        return found

    def filter(self, places: Sequence[str] = (), years: Sequence[int] | None = None) -> Filter:
        """Return the hard limits of a search in ``places`` and, unless given, the question's own years."""
        return Filter(
            places=tuple(places),
            years=self.years if years is None else tuple(years),
            documents=() if places else self._placeless,
        )

    @cached_property
    def _all(self) -> tuple[Document, ...]:
        return self.library.documents()

    @cached_property
    def _placeless(self) -> tuple[str, ...]:
        """The texts that a question keeps to which no text of a place can answer; empty where none is held.

        Those of the whole country for a question on it, all of no place for one on a place that has none.
        """
        reports = self.question.national
        if not (reports or self.question.unplaced):
            return ()
        fitting = (d for d in self._all if d.place is None and d.genre is not Genre.PREFACE)
        return tuple(d.id for d in fitting if not reports or d.genre is Genre.REPORT)

    @cached_property
    def _held(self) -> tuple[Document, ...]:
        """The texts that the question may be about, whatever their year."""
        places = self.question.places
        return tuple(
            d
            for d in self._all
            if d.genre is not Genre.PREFACE
            and (not places or d.place in places)
            and (places or not self._placeless or d.id in self._placeless)
        )

    def documents(self) -> list[Document]:
        """Return the heads of the documents that the question names, or else of those of its places and years.

        Prefaces are left out.
        """
        if named := self.hypothesis.documents:
            return [d for d in self._all if d.id in named]
        return [d for d in self._held if not self.years or d.year in self.years]

    def document(self, name: str) -> Document:
        """Return the head of a document that was found or cited."""
        return next(d for d in self._all if d.id == name)

    def called(self, place: str | None) -> str:
        """Return a place's name in the language of the question."""
        return place_name(place, self.question.language, self.library.gazetteer)

    def named(self, places: Sequence[str]) -> str:
        """Return a list of places in the language of the question; of many, the first ones and their number."""
        many = len(places) > _MANY
        shown = join(
            tuple(self.called(p) for p in places[: _FIRST if many else _MANY]), self.question.language
        )
        if not many:
            return shown
        return phrase("places_of", self.question.language, places=shown, count=len(places))


def known_of(library: SearchableLibrary) -> Known:
    """Return what a library holds, as reading a question needs it.

    In a library whose texts mostly speak for no place, another place than those of its texts is a word like
    any other, that the texts of no place may tell of.
    """
    documents = [d for d in library.documents() if d.genre is not Genre.PREFACE]
    placed = sum(d.place is not None for d in documents)
    loose = 2 * placed < len(documents)
    return Known(
        gazetteer=library.gazetteer,
        places=tuple(library.places()),
        loose=loose,
        newest=_newest(documents, library.gazetteer),
        documents=tuple(
            TitledDocument(id=d.id, title=d.title, place=speaker_of(d, library.gazetteer), year=d.year)
            for d in documents
        ),
    )


def _newest(documents: Sequence[Document], gazetteer: Gazetteer) -> dict[str, int]:
    """Map each place to the year of its newest text that is no by-law, the country to "中国", all to ""."""
    found: dict[str, int] = {}
    for document in documents:
        if document.year is None or document.genre is Genre.REGULATION:
            continue
        for name in (speaker_of(document, gazetteer), ""):
            if name is not None:
                found[name] = max(found.get(name, 0), document.year)
    return found
