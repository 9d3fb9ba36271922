"""The pages, each a template with what it is filled with. Calls block. Seam: Jinja."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from answering.ledger.promise import Promise, PromiseState
from answering.ledger.promise_ledger import held_promises, ledger_places
from answering.lexicon import thesaurus as lexicon
from answering.values.answer import Language, Shape
from bot.charts.pictures import sheet
from bot.charts.promise_chart import reached
from bot.charts.svg import inline
from bot.messages import messages
from bot.presentation.quotation import provenance, quotation, source_line, source_name
from bot.presentation.rendering import squeezed, unmarked
from bot.reader import citations as citing
from bot.reader.assets import assets
from bot.reader.citations import CitedText, MissingCitation
from bot.reader.feeds import feed
from bot.reader.figure_lines import by_section, shown_of
from bot.reader.found_words import SearchLimiter, TooManySearchesError, marked
from bot.reader.printed.layout import bare, layout
from bot.reader.printed.printed_items import printed_items
from bot.reader.printed.scanned_pages import ScannedPages
from bot.reader.printed.text_spans import SpanSplitter
from bot.reader.sharing import twins
from bot.reader.sharing.corrections import LONGEST
from bot.reader.sharing.coverage import coverage, measured
from retrieval.catalog.fact_query import Ask
from retrieval.text.normalize import fold, is_english, is_traditional
from retrieval.values.documents import Genre
from retrieval.values.printed_layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.messages import Messages
    from bot.reader.figure_lines import FigureLine
    from bot.reader.found_words import Marked
    from bot.reader.page_context import PageContext
    from bot.reader.printed.layout import LayoutBlock
    from bot.reader.reader_library import ReaderLibrary
    from bot.reader.sharing.corrections import CorrectionDesk
    from retrieval.values.documents import Document, Hit, Passage


JSON = "application/json"
TOPICS, TOPIC_TEXTS = 24, 12  # topics on the page of a place, and its texts that they are sought in
CARD, CARD_WIDTH, CARD_HEIGHT = 600, 480, 240  # characters of a card, and its size in CSS pixels
SELECTED = 2_000  # characters of selected words that are quoted
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
    desk: CorrectionDesk | None = None  # takes corrections; None where nobody would read them
    is_open: bool = True  # to everybody

    def corpus(self, visit: PageContext) -> ReaderPage:
        """Make the list of texts."""
        place = visit.given("place")
        listed = self.shelf.listed(page=visit.number("page"), place=place)
        twin = partial(twins.list_twin, listed, visit.public)
        return self._page("corpus.html", visit, twin=twin, listed=listed, place=place)

    def place(self, visit: PageContext, name: str) -> ReaderPage:
        """Make the page of a place: its texts, newest first, and the topics that they speak of."""
        heads = [one for one in self.shelf.texts.documents() if one.place == name]
        heads = [one for one in heads if one.genre is not Genre.PREFACE]
        if not heads:
            return self.missing(visit)
        heads.sort(key=lambda one: (one.date or str(one.year or ""), one.title), reverse=True)

        def twin() -> dict[str, object]:
            return {"place": name, "documents": [twins.head_twin(one, visit.public) for one in heads]}

        return self._page(
            "place.html",
            visit,
            twin=twin,
            place=name,
            heads=heads,
            topics=self._topics_of(heads[:TOPIC_TEXTS]),
            has_promises=name in ledger_places(self.shelf.texts),
        )

    def topics(self, visit: PageContext) -> ReaderPage:
        """Make the list of topics."""
        names = [one.name for one in lexicon.load().topics()]
        return self._page("topics.html", visit, twin=lambda: {"topics": names}, names=names)

    def topic(self, visit: PageContext, name: str) -> ReaderPage:
        """Make the page of a topic: what each place's texts say of it, of one place or of all."""
        if not any(one.name == name for one in lexicon.load().topics()):
            return self.missing(visit)
        place = visit.given("place")
        try:
            with self.crowd.turn():
                hits = self.shelf.on_topic(name, place)
        except TooManySearchesError:
            return self._page("crowded.html", visit, status=503, words=name)
        of: defaultdict[str, list[tuple[Hit, Marked]]] = defaultdict(list)
        for hit in hits:
            of[hit.document.place or ""].append((hit, marked(squeezed(unmarked(hit.passage.text)), name)))
        twin = partial(twins.found_twin, name, hits, visit.public)
        return self._page("topic.html", visit, twin=twin, topic=name, place=place, groups=list(of.items()))

    def coverage(self, visit: PageContext) -> ReaderPage:
        """Make the page of what is held, and how often which kind of answer was wrong."""
        places, results = coverage(self.shelf.texts.documents()), measured()

        def twin() -> dict[str, object]:
            return {"held": [asdict(one) for one in places], "measured": asdict(results)}

        texts = sum(one.texts for one in places)
        return self._page("coverage.html", visit, twin=twin, places=places, texts=texts, results=results)

    def card(self, visit: PageContext, name: str) -> ReaderPage:
        """Make a quotation as a card that other sites may show in a frame."""
        document = self.shelf.texts.document(name)
        span = citing.span_of(visit.given("c"), document) if document else None
        if document is None or span is None or span[1] - span[0] > CARD:
            return self._page("card.html", visit, status=404, document=None)
        words = squeezed(unmarked(document.text[slice(*span)]))
        return self._page("card.html", visit, document=document, words=words, span=span)

    def oembed(self, visit: PageContext) -> ReaderPage:
        """Tell how a quotation of ours is embedded (oEmbed 1.0, JSON)."""
        own = urlsplit(visit.given("url"))
        base = urlsplit(visit.public.base)
        name = own.path.removeprefix(base.path).rpartition("/")[2]
        document = self.shelf.texts.document(name) if own.netloc == base.netloc else None
        given = dict(parse_qsl(own.query))
        span = citing.span_of(given.get("c", ""), document) if document else None
        if document is None or span is None or visit.given("format") not in ("", "json"):
            return ReaderPage(html=json.dumps({"error": "not found"}), status=404, media=JSON)
        told = {
            "version": "1.0",
            "type": "rich",
            "provider_name": visit.said.say("page_site"),
            "title": source_line(document, visit.said),
            "html": self._frame(visit, document, span),
            "width": CARD_WIDTH,
            "height": CARD_HEIGHT,
        }
        return ReaderPage(html=json.dumps(told, ensure_ascii=False), media=JSON)

    def _frame(self, visit: PageContext, document: Document, span: tuple[int, int]) -> str:
        title = escape(source_line(document, visit.said))
        address = escape(visit.public.card(document.id, cited=span))
        size = f'width="{CARD_WIDTH}" height="{CARD_HEIGHT}"'
        return f'<iframe src="{address}" title="{title}" {size} loading="lazy"></iframe>'

    def correction(self, visit: PageContext, name: str, *, said: str = "", status: int = 200) -> ReaderPage:
        """Make the form by which something is said to be wrong; ``said`` keys what was told to it."""
        document = self.shelf.texts.document(name)
        if document is None or self.desk is None:
            return self.missing(visit)
        span = citing.span_of(visit.given("c"), document)
        return self._page(
            "correction.html",
            visit,
            status=status,
            document=document,
            span=span,
            reported=squeezed(unmarked(document.text[slice(*span)]))[:CARD] if span else "",
            stamp=self.desk.stamp(document.id),
            said=said,
            longest=LONGEST,
        )

    def _topics_of(self, heads: Sequence[Document]) -> list[str]:
        """Return the topics whose words stand in texts, the most first."""
        texts = [fold(whole.text) for one in heads if (whole := self.shelf.texts.document(one.id))]
        counts = {
            one.name: sum(text.count(word) for text in texts for word in (one.name, *one.words))
            for one in lexicon.load().topics()
        }
        found = sorted((one for one in counts if counts[one]), key=lambda one: -counts[one])
        return found[:TOPICS]

    def document(self, visit: PageContext, name: str) -> ReaderPage:
        """Make a text's page, or a part of it; ``c`` in the address marks words."""
        document = self.shelf.texts.document(name)
        if document is None:
            return self.missing(visit)
        span = citing.span_of(visit.given("c"), document)
        return self._text(visit, CitedText(document=document, span=span))

    def picture(self, name: str, page: int) -> bytes | None:
        """Return the picture of a scanned page as a JPEG; None where there is none."""
        document = self.shelf.texts.document(name)
        return self._scans.picture(document, page) if document else None

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
        """Make a quotation to be copied: of a passage, or of words of a document.

        ``c`` in the address gives their offsets, or ``w`` themselves and ``near`` an offset before them.
        """
        passage = citing.by_passage(self.shelf, name)
        document = passage.document if passage else self.shelf.texts.document(name)
        if document is None:
            return self.missing(visit)
        words = visit.given("w")[:SELECTED]
        span = citing.span_of(visit.given("c"), document)
        if span is None and words:
            span = citing.by_words(words, document, near=visit.number("near"))
        span = span or (passage.span if passage else None)
        if span is None:
            return self.missing(visit)
        start, end = span
        headings = _headings(self.shelf.texts.passages(document.id), start)
        link = visit.public.document(document.id, cited=(start, end), words=document.text[start:end])
        text = quotation(document.text[start:end], document, visit.said, heading=headings, link=link)
        back = visit.links.document(document.id, cited=(start, end))
        return self._page(
            "quotation.html",
            visit,
            text=text,
            back=back,
            document=document,
            frame=self._frame(visit, document, span) if self.is_open and end - start <= CARD else "",
            embedded=visit.public.oembed(visit.public.quotation(document.id, cited=span)),
            span=span,
            twin=lambda: {"text": text, "start": start, "end": end, "url": link},
        )

    def search(self, visit: PageContext) -> ReaderPage:
        """Make the page of what was found for the words ``q``."""
        words = " ".join(visit.given("q")[:QUERY].split())
        try:
            with self.crowd.turn():
                hits = self.shelf.find(words) if words else ()
        except TooManySearchesError:
            return self._page("crowded.html", visit, status=503, words=words)
        found = [(hit, marked(squeezed(unmarked(hit.passage.text)), words)) for hit in hits]
        twin = partial(twins.found_twin, words, hits, visit.public)
        return self._page("search.html", visit, twin=twin, words=words, found=found)

    def feed(self, visit: PageContext) -> ReaderPage:
        """Make the Atom feed of a place, or of the texts that speak of ``q``."""
        words = " ".join(visit.given("q")[:QUERY].split())
        try:
            with self.crowd.turn():
                hits = self.shelf.find(f"{visit.given('place')} {words}".strip()) if words else ()
        except TooManySearchesError:
            return self._page("crowded.html", visit, status=503, words=words)
        return ReaderPage(html=feed(self.shelf, visit, hits=hits), media="application/atom+xml")

    def answer(self, visit: PageContext, name: str) -> ReaderPage:
        """Make the page of an answer: its sentences, linked to what they cite, and what can be drawn of it.

        The question is not told: anyone who has an address of a source has this one too.
        """
        answer = self.shelf.recall(name)
        if answer is None:
            return self.missing(visit)
        chart = answer.chart
        picture = sheet(chart, answer.citations, messages(answer.language)) if chart else None
        return self._page(
            "answer.html",
            visit,
            twin=partial(twins.answer_twin, name, answer, visit.public),
            statements=[] if picture and answer.shape is Shape.TABLE else answer.statements,
            cited={one.number: one for one in answer.citations},
            chart=chart,
            drawing=Markup(inline(picture)) if picture else "",  # noqa: S704 - made by us  # nosec B704
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
            twin=partial(twins.promises_twin, place, found, visit.public),
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
        cutter = SpanSplitter(document.text, cited.span or (-1, -1), cited.clause)
        try:
            scan = self._scans.cited(document, cited.clause or cited.span) if cited.span else None
        except TooManySearchesError:
            scan = None
        figures = self._figures(document, laid.parts[part - 1])
        return self._page(
            "document.html",
            visit,
            twin=partial(twins.text_twin, cited, visit.public),
            can_correct=self.desk is not None,
            scan=scan,
            scans=self._scans.pages(document),
            document=document,
            cited=cited,
            items=printed_items(document, cutter.cut(laid.parts[part - 1])),
            layout=laid,
            figures={
                anchor: (lines[: shown_of(len(lines), len(figures))], len(lines))
                for anchor, lines in figures.items()
            },
            part=part,
            preface=self.shelf.preface(document),
            address=visit.public.document(document.id, part=part, cited=cited.span),
        )

    def _figures(
        self, document: Document, blocks: Sequence[LayoutBlock]
    ) -> Mapping[str, Sequence[FigureLine]]:
        found = self.shelf.texts.register.figures(Ask(documents=(document.id,)))
        return by_section(document, (one.row for one in found), blocks)

    def _page(
        self,
        name: str,
        visit: PageContext,
        *,
        status: int = 200,
        twin: Callable[[], Mapping[str, object]] | None = None,
        **told: object,
    ) -> ReaderPage:
        if visit.as_json:
            data = twin() if twin else {"error": HTTPStatus(status if status >= 400 else 404).phrase}
            status = status if twin or status >= 400 else 404
            return ReaderPage(html=json.dumps(data, ensure_ascii=False), status=status, media=JSON)
        html = self._templates.get_template(name).render(
            visit=visit, say=visit.said.say, links=visit.links, has_twin=twin is not None, **told
        )
        return ReaderPage(html=html, status=status)

    @cached_property
    def _scans(self) -> ScannedPages:
        return ScannedPages(self.shelf.texts)

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
            "assets": assets(),
            "bare": bare,
            "is_recognised": lambda document: bool(layout_of(document).recognised),
            "languages": tuple(Language),
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
