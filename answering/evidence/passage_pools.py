"""Passages for a hypothesis, from several pools: a place asked of is preferred, and no text is shut out for it.

A pool is one search. The texts of the places asked of are searched by themselves, each place with its own
depth, those of fitting years once more, then all texts. What comes out bears how its text stands to the places
asked of; what that is worth is for the score to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from answering.evidence.passage_score import passage_scores
from answering.evidence.pooled_passage import PlaceRelation, PooledPassage
from answering.evidence.year_range import names_text
from retrieval.places.table import COUNTRY, names_of
from retrieval.text.normalize import fold
from retrieval.values.documents import Filter, Genre, Hit, Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import SearchableLibrary
    from answering.values.hypothesis import Hypothesis
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.values.documents import Document

_PLACES = 48  # places searched by themselves for one question
_MANY = 4  # places from which on each is searched less deep
_LEAST = 3  # passages of each of them


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    limits: Filter
    depth: int


def pooled(
    hypothesis: Hypothesis, library: SearchableLibrary, *, depth: int = 12
) -> tuple[PooledPassage, ...]:
    """Return the passages found for a hypothesis, each once, by their learned score.

    ``depth`` is how many passages a pool brings.
    """
    found = unscored(hypothesis, library, depth=depth)
    scores = passage_scores(found, hypothesis, library)
    scored = (replace(one, score=float(score)) for one, score in zip(found, scores, strict=True))
    return tuple(sorted(scored, key=lambda one: -one.score))


def unscored(
    hypothesis: Hypothesis, library: SearchableLibrary, *, depth: int = 12
) -> tuple[PooledPassage, ...]:
    """Return the passages found for a hypothesis, each once, the best of each pool before any pool's second."""
    best: dict[str, tuple[int, Hit]] = {}
    for pool in _pools(hypothesis, library, depth):
        for rank, hit in enumerate(library.find(hypothesis.text, k=pool.depth, filter=pool.limits)):
            if hit.passage.id not in best or rank < best[hit.passage.id][0]:
                best[hit.passage.id] = (rank, hit)
    places = PlaceReader(library, hypothesis.places)
    ordered = sorted(best.values(), key=lambda found: found[0])
    return tuple(_pooled(hit, rank, places, hypothesis.years) for rank, hit in ordered)


def _pools(hypothesis: Hypothesis, library: SearchableLibrary, depth: int) -> list[_Pool]:
    """Return the searches for a hypothesis: each place by itself, once more in its years, what lies around, all.

    What asks of one text by its year (2003年的报告里) asks of no other: a report of the next year tells of that year, too.
    """
    if len(hypothesis.documents) == 1 and names_text(fold(hypothesis.asked), hypothesis.years):
        return [_Pool(limits=Filter(documents=hypothesis.documents), depth=2 * depth)]
    years = fitting_years(hypothesis.years)
    spoken = _spoken_for(hypothesis.places, library)
    own = depth if len(spoken) < _MANY else max(_LEAST, depth // 3)
    limits = [*spoken, *(_around(hypothesis.places, library) if len(spoken) < _MANY else ())]
    pools = [_Pool(limits=one, depth=own) for one in limits]
    if years:
        pools += [_Pool(limits=replace(one, years=years), depth=own) for one in spoken]
        pools.append(_Pool(limits=Filter(years=years), depth=depth))
    if hypothesis.documents:
        pools.append(_Pool(limits=Filter(documents=hypothesis.documents), depth=depth))
    return [*pools, _Pool(limits=Filter(), depth=depth)]


def _spoken_for(places: Sequence[str], library: SearchableLibrary) -> list[Filter]:
    """Return the limits of the texts that speak for each place asked of and held."""
    documents = library.documents()
    held = {document.place for document in documents}
    found = [Filter(places=(place,)) for place in places if place in held][:_PLACES]
    if COUNTRY.name in places:
        national = tuple(d.id for d in documents if speaker_of(d, library.gazetteer) == COUNTRY.name)
        found += [Filter(documents=national)] if national else []
    return found


def _around(places: Sequence[str], library: SearchableLibrary) -> list[Filter]:
    """Return the limits of the texts of the provinces around the places asked of, where they are held."""
    held = {document.place for document in library.documents()}
    known = (library.gazetteer.resolve(place) for place in places)
    around = dict.fromkeys(place.province for place in known if place is not None and place.province)
    return [Filter(places=(name,)) for name in around if name in held and name not in places]


def fitting_years(years: Sequence[int]) -> tuple[int, ...]:
    """Return the years of documents that may tell of these years: a report tells of the year before it, too."""
    return tuple(sorted({one for year in years for one in (year, year + 1)}))


class PlaceReader:
    """Tells how texts stand to the places that one question asks of."""

    def __init__(self, library: SearchableLibrary, places: Sequence[str]) -> None:
        self._gazetteer = library.gazetteer
        self._asked = tuple(places)
        self._names = {place: self._short_names(place) for place in places}
        self._around = {place: self._province(place) for place in places}

    def relation(self, passage: Passage, document: Document) -> tuple[PlaceRelation, str | None]:
        """Return the relation of a passage to the places asked of, and the one it holds with."""
        if not self._asked:
            return PlaceRelation.OPEN, None
        speaker = speaker_of(document, self._gazetteer)
        if speaker in self._asked:
            return PlaceRelation.OWN, speaker
        named = self._named(passage, document)
        if named is not None:
            return PlaceRelation.NAMED, named
        for asked in self._asked:
            if speaker is not None and self._province(speaker) == asked:
                return PlaceRelation.INNER, asked
            if speaker is not None and speaker in (self._around[asked], COUNTRY.name):
                return PlaceRelation.WIDER, asked
        return (PlaceRelation.OTHER if speaker else PlaceRelation.UNPLACED), None

    def is_of_another(self, document: Document, headings: Sequence[str] = ()) -> bool:
        """Tell whether a text speaks for another place than those asked of, named by neither title nor headings."""
        read = Passage(
            id="", document=document.id, ordinal=0, start=0, end=0, text="", heading=tuple(headings)
        )
        relation, _ = self.relation(read, document)
        return relation in (PlaceRelation.INNER, PlaceRelation.WIDER, PlaceRelation.OTHER)

    def _named(self, passage: Passage, document: Document) -> str | None:
        text = fold("|".join((document.title, *passage.heading, passage.text)))
        return next((place for place, names in self._names.items() if any(n in text for n in names)), None)

    def _short_names(self, place: str) -> tuple[str, ...]:
        known = self._gazetteer.resolve(place)
        if known is None:
            return (fold(place),)
        return tuple({fold(place), *(name.words for name in names_of(known))})

    def _province(self, place: str) -> str | None:
        known = self._gazetteer.resolve(place)
        return known.province if known is not None else None


def speaker_of(document: Document, gazetteer: Gazetteer) -> str | None:
    """Return the place that a document speaks for, "中国" for one of the whole country, None where it is not known."""
    if document.place is not None or document.genre is Genre.PREFACE:
        return document.place
    return COUNTRY.name if _is_national(gazetteer, document.title, document.source) else None


@lru_cache(maxsize=10_000)
def _is_national(gazetteer: Gazetteer, title: str, source: str) -> bool:
    found = gazetteer.place_of(title, source)
    return found is not None and found.name == COUNTRY.name


def _pooled(hit: Hit, rank: int, places: PlaceReader, years: Sequence[int]) -> PooledPassage:
    relation, place = places.relation(hit.passage, hit.document)
    fitting = fitting_years(years)
    return PooledPassage(
        hit=hit,
        relation=relation,
        place=place,
        rank=rank,
        in_year=not fitting or hit.document.year is None or hit.document.year in fitting,
    )
