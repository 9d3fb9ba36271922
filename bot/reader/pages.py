"""The pages, each a template with what it is filled with. Calls block. Seam: Jinja."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from answering.ledger.promise import Promise, PromiseState
from answering.ledger.promise_ledger import held_promises, ledger_places
from answering.values.answer import Language
from bot.charts.pictures import sheet
from bot.charts.promise_chart import reached
from bot.charts.svg import inline
from bot.messages import messages
from bot.presentation.page_links import anchor_of
from bot.presentation.passage_search import fitting
from bot.presentation.quotation import provenance, quotation, source_name
from bot.presentation.rendering import squeezed, unmarked
from bot.reader import citations as citing
from bot.reader.assets import assets
from bot.reader.citations import CitedText, MissingCitation
from bot.reader.feeds import feed
from bot.reader.layout import bare, layout
from bot.reader.printed_items import printed_items
from bot.reader.text_spans import SpanSplitter
from retrieval.catalog.fact_query import Ask
from retrieval.facts.models import FigureKind
from retrieval.text.normalize import bigrams, fold, is_english, is_traditional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.messages import Messages
    from bot.reader.layout import LayoutBlock
    from bot.reader.page_context import PageContext
    from bot.reader.reader_library import ReaderLibrary
    from retrieval.values.documents import Document, Passage

    Span = tuple[int, int]
    from collections.abc import Iterable, Iterator

    from retrieval.facts.models import FigureRow

    Marked = tuple[tuple[str, bool], ...]


_LEAST = 2  # characters of a word that is worth a mark


def marked(text: str, words: str) -> Marked:
    """Part a text into runs, each with whether the search has its words; together they are the text."""
    grams = sorted({one for one in bigrams(words) if len(one) >= _LEAST}, key=len, reverse=True)
    if not grams:
        return ((text, False),)
    pattern = re.compile("|".join(re.escape(fold(one)) for one in grams))
    return tuple(_runs(text, _spans(fold(text), pattern)))


def _spans(folded: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where the words stand, those that touch or overlap as one."""
    spans: list[tuple[int, int]] = []
    at = 0
    while found := pattern.search(folded, at):
        start, end = found.span()
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        at = start + 1
    return spans


def _runs(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in spans:
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """A figure as the page lists it; ``span`` are its offsets in the document."""

    metric: str
    words: str
    span: tuple[int, int]
    aimed: bool


def by_section(
    document: Document, rows: Iterable[FigureRow], blocks: Sequence[LayoutBlock]
) -> Mapping[str, Sequence[FigureLine]]:
    """Return the figures of a page's blocks by the anchor of the section that they stand in."""
    wanted = iter(sorted((row for row in rows if row.kind is not FigureKind.NAME), key=lambda row: row.start))
    found: defaultdict[str, list[FigureLine]] = defaultdict(list)
    row, anchor = next(wanted, None), ""
    for block in blocks:
        anchor = block.anchor or anchor
        while row is not None and row.start < block.end:
            if anchor and row.start >= block.start:
                found[anchor].append(_told(document, row))
            row = next(wanted, None)
    return found


def _told(document: Document, row: FigureRow) -> FigureLine:
    words = " ".join(document.text[row.start : row.end].split())
    return FigureLine(
        metric="" if words in row.metric else row.metric,
        words=row.metric if words in row.metric else words,
        span=(row.start, row.end),
        aimed=row.kind is FigureKind.TARGET,
    )


class TooManySearchesError(Exception):
    """Too many search at once."""


class SearchLimiter:
    """Lets ``most`` in at a time; anyone who waits longer than ``patience`` seconds gets a CrowdedError."""

    def __init__(self, most: int = 2, patience: float = 3.0) -> None:
        self._free = BoundedSemaphore(most)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and give it back at the end."""
        if not self._free.acquire(timeout=self._patience):
            raise TooManySearchesError
        try:
            yield
        finally:
            self._free.release()


FIGURES = 12  # of a section that are listed beside it; the text holds them all
QUERY = 200  # characters of a search that are read
_SAMPLE = 2_000  # characters that tell a text's language


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPage:
    """A page ready to be sent."""

    html: str
    status: int = 200
    media: str = "text/html"


@dataclass(frozen=True)
class PageRenderer:
    """Makes the pages of what stands on a shelf."""

    shelf: ReaderLibrary
    crowd: SearchLimiter = field(default_factory=SearchLimiter)

    def corpus(self, visit: PageContext) -> ReaderPage:
        """Make the list of texts."""
        place = visit.given("place")
        listed = self.shelf.listed(page=visit.number("page"), place=place)
        return self._page("corpus.html", visit, listed=listed, place=place)

    def document(self, visit: PageContext, name: str) -> ReaderPage:
        """Make a text's page, or a part of it; ``c`` in the address marks words."""
        document = self.shelf.texts.document(name)
        if document is None:
            return self.missing(visit)
        span = citing.span_of(visit.given("c"), document)
        return self._text(visit, CitedText(document=document, span=span))

    def passage(self, visit: PageContext, name: str) -> ReaderPage:
        """Make the page of a passage; ``a`` and ``n`` in the address mark what source n of answer a cites."""
        cited = citing.by_answer(self.shelf, visit.given("a"), visit.given("n"))
        if isinstance(cited, MissingCitation):
            return self._page("gone.html", visit, status=410, citation=cited.citation)
        cited = cited or citing.by_passage(self.shelf, name)
        if cited is None:
            return self.missing(visit)
        return self._text(visit, cited)

    def quotation(self, visit: PageContext, name: str) -> ReaderPage:
        """Make a quotation to be copied: of a passage, or of the words that ``c`` in the address names."""
        passage = citing.by_passage(self.shelf, name)
        document = passage.document if passage else self.shelf.texts.document(name)
        span = citing.span_of(visit.given("c"), document) if document else None
        span = span or (passage.span if passage else None)
        if document is None or span is None:
            return self.missing(visit)
        start, end = span
        headings = _headings(self.shelf.texts.passages(document.id), start)
        link = visit.public.document(document.id, cited=(start, end))
        text = quotation(document.text[start:end], document, visit.said, heading=headings, link=link)
        back = visit.links.document(document.id, cited=(start, end))
        return self._page("quotation.html", visit, text=text, back=back, document=document)

    def search(self, visit: PageContext) -> ReaderPage:
        """Make the page of what was found for the words ``q``."""
        words = " ".join(visit.given("q")[:QUERY].split())
        try:
            with self.crowd.turn():
                hits = self.shelf.find(words) if words else ()
        except TooManySearchesError:
            return self._page("crowded.html", visit, status=503, words=words)
        found = [(hit, marked(squeezed(unmarked(hit.passage.text)), words)) for hit in fitting(hits, words)]
        return self._page("search.html", visit, words=words, found=found)

    def feed(self, visit: PageContext) -> ReaderPage:
        """Make the Atom feed of a place, or of the texts that speak of ``q``."""
        words = " ".join(visit.given("q")[:QUERY].split())
        try:
            with self.crowd.turn():
                hits = self.shelf.find(f"{visit.given('place')} {words}".strip()) if words else ()
        except TooManySearchesError:
            return self._page("crowded.html", visit, status=503, words=words)
        return ReaderPage(
            html=feed(self.shelf, visit, hits=fitting(hits, words)), media="application/atom+xml"
        )

    def chart(self, visit: PageContext, name: str) -> ReaderPage:
        """Make the page of what can be drawn of an answer, with its rows as words and links."""
        answer = self.shelf.recall(name)
        if answer is None or answer.chart is None:
            return self.missing(visit)
        cited = {one.number: one for one in answer.citations}
        picture = sheet(answer.chart, answer.citations, messages(answer.language))
        return self._page(
            "chart.html",
            visit,
            chart=answer.chart,
            drawing=Markup(inline(picture)),  # noqa: S704 - made by us, its words are escaped  # nosec B704
            rows=[(mark, cited.get(mark.number)) for mark in answer.chart.marks],
            answer=name,
        )

    def promises(self, visit: PageContext) -> ReaderPage:
        """Make the page of a place's targets with their results, of the year in the address or of all."""
        held = ledger_places(self.shelf.texts)
        place = visit.given("place") or (held[0] if held else "")
        everything = held_promises(self.shelf.texts, place) if place in held else ()
        year = visit.number("year")
        found = [one for one in everything if year in (1, one.year)]
        year = year if year > 1 else 0
        counts = Counter(one.state.value for one in found)
        title = visit.said.say("page_promises_of", place=place)
        chart = reached([one for one in found if one.year == year], title, visit.said) if year else None
        picture = sheet(chart, (), visit.said) if chart else None
        return self._page(
            "promises.html",
            visit,
            place=place,
            year=year,
            held=held,
            years=sorted({one.year for one in everything}),
            counts=[(one.value, counts[one.value]) for one in PromiseState if counts[one.value]],
            groups=_by_result(found, visit.said),
            drawing=Markup(inline(picture)) if picture else "",  # noqa: S704 - made by us  # nosec B704
        )

    def missing(self, visit: PageContext) -> ReaderPage:
        """Make the page for an address that leads nowhere."""
        return self._page("missing.html", visit, status=404)

    def shut(self, visit: PageContext) -> ReaderPage:
        """Make the page for anyone who may not read."""
        return self._page("shut.html", visit, status=403)

    def failed(self, visit: PageContext, number: str) -> ReaderPage:
        """Make the page for when something broke; its trace stands in the log under ``number``."""
        return self._page("failed.html", visit, status=500, number=number)

    def _text(self, visit: PageContext, cited: CitedText) -> ReaderPage:
        document, laid = cited.document, layout(cited.document)
        part = (
            laid.part_of(cited.span[0]) if cited.span else min(max(visit.number("part"), 1), len(laid.parts))
        )
        cutter = SpanSplitter(document.text, self.shelf.texts.passages(document.id), cited.span or (-1, -1))
        return self._page(
            "document.html",
            visit,
            document=document,
            cited=cited,
            items=printed_items(document, cutter.cut(laid.parts[part - 1])),
            layout=laid,
            figures=self._figures(document, laid.parts[part - 1]),
            part=part,
            preface=self.shelf.preface(document),
            address=visit.public.document(document.id, part=part, cited=cited.span),
        )

    def _figures(
        self, document: Document, blocks: Sequence[LayoutBlock]
    ) -> Mapping[str, Sequence[FigureLine]]:
        found = self.shelf.texts.register.figures(Ask(documents=(document.id,)))
        return by_section(document, (one.row for one in found), blocks)

    def _page(self, name: str, visit: PageContext, *, status: int = 200, **told: object) -> ReaderPage:
        html = self._templates.get_template(name).render(
            visit=visit, say=visit.said.say, links=visit.links, **told
        )
        return ReaderPage(html=html, status=status)

    @cached_property
    def _templates(self) -> Environment:
        made = Environment(
            loader=PackageLoader("bot.reader"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals |= {
            "anchor_of": anchor_of,
            "assets": assets(),
            "bare": bare,
            "languages": tuple(Language),
            "most_figures": FIGURES,
            "provenance": provenance,
            "script_of": script_of,
            "source_name": source_name,
        }
        return made


def _by_result(found: Sequence[Promise], said: Messages) -> list[tuple[str, list[Promise]]]:
    """Return the promises with a result by year, then those whose result is not told."""
    told: defaultdict[str, list[Promise]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.result is None, one.year)):
        told[str(one.year) if one.result is not None else said.say("promise_state_not_told")].append(one)
    return list(told.items())


def script_of(document: Document) -> str:
    """Return the language that a text is marked with, for fonts and voices."""
    sample = document.text[:_SAMPLE] or document.title
    if is_english(sample):
        return "en"
    return "zh-Hant" if is_traditional(sample) else "zh-Hans"


def _headings(passages: Sequence[Passage], start: int) -> tuple[str, ...]:
    """Return the headings above a place of the text, from the outermost inwards."""
    at = bisect_right(passages, start, key=lambda one: one.start) - 1
    return passages[at].heading if at >= 0 else ()
