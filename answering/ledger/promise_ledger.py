"""The ledger: every target of a place with what a later text tells of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from answering.evidence.report_parts import ReportParts
from answering.ledger.indicators import Indicator, indicators
from answering.ledger.pair_score import PairWeights, shipped
from answering.ledger.undertakings import Undertaking, in_step, trends, undertakings
from answering.ledger.year_pairs import YearFigures, paced, paired, trending, undertaken
from retrieval.catalog.fact_query import Ask
from retrieval.facts.sentence_reading import COUNTRY
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from answering.ledger.promise import Promise
    from retrieval.catalog.fact_query import FoundFigure
    from retrieval.values.documents import Document, Passage


class FigureFinder(Protocol):
    """What the ledger needs of a register."""

    def figures(self, ask: Ask, /) -> Sequence[FoundFigure]:
        """Return the figures asked for."""


class ReportLibrary(Protocol):
    """What the ledger needs of a library."""

    @property
    def register(self) -> FigureFinder:
        """The figures of all documents."""

    def documents(self) -> Sequence[Document]:
        """Return the heads of all documents."""

    def document(self, name: str, /) -> Document | None:
        """Return a document, whole."""

    def passages(self, document: str, /) -> Sequence[Passage]:
        """Return a document's passages in the order of its text."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PlaceLedger:
    """The promises of a place, with the reports and the figures that they were worked out from."""

    promises: tuple[Promise, ...]
    reports: Mapping[str, ReportParts]  # by Document.id
    figures: tuple[Indicator, ...]


_held: WeakKeyDictionary[ReportLibrary, tuple[object, dict[str, PlaceLedger]]] = WeakKeyDictionary()


def held_promises(library: ReportLibrary, place: str) -> tuple[Promise, ...]:
    """Return the promises of a place; they are worked out once for each state of a library."""
    return held_ledger(library, place).promises


def held_ledger(library: ReportLibrary, place: str) -> PlaceLedger:
    """Return the ledger of a place; it is worked out once for each state of a library."""
    state = tuple((head.id, len(head.sections)) for head in library.documents())
    known = _held.get(library)
    if known is None or known[0] != state:
        known = (state, {})
        _held[library] = known
    if place not in known[1]:
        known[1][place] = PromiseLedger(library).of_place(place)
    return known[1][place]


def ledger_places(library: ReportLibrary) -> tuple[str, ...]:
    """Return the places of which reports of two years or more are held, the country first."""
    places = PromiseLedger(library).places()
    return tuple(sorted(places, key=lambda place: (place != COUNTRY, place)))


class PromiseLedger:
    """Pairs the targets and results of a library, place by place; nothing is kept between calls."""

    def __init__(self, library: ReportLibrary, model: PairWeights | None = None) -> None:
        self._library = library
        self._model = model or shipped()

    def places(self) -> tuple[str, ...]:
        """Return the places of which reports of two years or more are held."""
        return tuple(sorted(place for place, held in self._reports().items() if len(held) > 1))

    def promises(self, *, places: Sequence[str] = (), years: Sequence[int] = ()) -> tuple[Promise, ...]:
        """Return the promises of these places, or of all, for these years, or for all, in the order of the texts."""
        held = self._reports()
        found: list[Promise] = []
        for place in sorted(held.keys() & set(places) if places else held):
            found += self._of(place, held[place], frozenset(years)).promises
        return tuple(found)

    def of_place(self, place: str) -> PlaceLedger:
        """Return the ledger of one place."""
        return self._of(place, self._reports().get(place, []), frozenset())

    def _reports(self) -> dict[str, list[Document]]:
        """Return the heads of the reports of each place, by year."""
        held: dict[str, list[Document]] = defaultdict(list)
        for head in self._library.documents():
            if head.genre is Genre.REPORT and head.year is not None:
                held[head.place or COUNTRY].append(head)
        for heads in held.values():
            heads.sort(key=lambda one: (one.year or 0, one.date or "", one.id))
        return held

    def _of(self, place: str, heads: Sequence[Document], years: frozenset[int]) -> PlaceLedger:
        read = [one for head in heads if (one := self._library.document(head.id)) is not None]
        parts = {one.id: ReportParts(one) for one in read}
        figures = self._figures(place, list(parts.values()))
        written = max((head.year or 0 for head in heads), default=0)
        found: list[Promise] = []
        for year, over in sorted({(one.year, one.over_years) for one in figures if one.aimed}):
            if not years or year in years:
                told = YearFigures.of(figures, year, over_years=over, written=written)
                found += paired(place, told, self._model)
        found += self._undertaken(place, list(parts.values()), years, figures)
        return PlaceLedger(promises=tuple(found), reports=parts, figures=tuple(figures))

    def _undertaken(
        self, place: str, reports: Sequence[ReportParts], years: frozenset[int], figures: Sequence[Indicator]
    ) -> list[Promise]:
        """Return the undertakings without a figure that the report of the next year speaks of again."""
        by_year: dict[int, list[ReportParts]] = defaultdict(list)
        for one in reports:
            by_year[one.document.year or 0].append(one)
        aimed: dict[str, list[int]] = defaultdict(list)
        for figure in figures:
            if figure.aimed:
                aimed[figure.document.id].append(figure.row.start)
        told: dict[str, tuple[list[Undertaking], list[Undertaking]]] = {}
        found: list[Promise] = []
        for year in sorted(by_year.keys() & years if years else by_year):
            after = by_year.get(year + 1, ())
            for one in (*by_year[year], *after) if after else ():
                name = one.document.id
                told[name] = told.get(name) or undertakings(
                    one, self._library.passages(name), figures=aimed[name]
                )
            if after:
                wanted = [
                    w for one in by_year[year] for w in in_step(one, self._library.passages(one.document.id))
                ]
                found += paced(place, year, wanted, figures)
                found += self._trending(place, year, (by_year[year], after), figures)
                planned = [clause for one in by_year[year] for clause in told[one.document.id][0]]
                done = [clause for one in after for clause in told[one.document.id][1]]
                found += undertaken(place, year, planned, done)
        return found

    def _trending(
        self,
        place: str,
        year: int,
        reports: tuple[Sequence[ReportParts], Sequence[ReportParts]],
        figures: Sequence[Indicator],
    ) -> list[Promise]:
        """Return the directions that the reports of a year want and those of the next tell."""
        wanted, told = (
            [way for one in side for way in trends(one, self._library.passages(one.document.id))[at]]
            for at, side in enumerate(reports)
        )
        return trending(place, year, wanted, told, figures)

    def _figures(self, place: str, reports: Sequence[ReportParts]) -> list[Indicator]:
        rows = defaultdict(list)
        for one in self._library.register.figures(Ask(places=(place,))):
            rows[one.row.document].append(one.row)
        figures: list[Indicator] = []
        for report in reports:
            figures += indicators(report, sorted(rows[report.document.id], key=lambda row: row.start))
        return figures
