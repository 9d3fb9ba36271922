"""A quotation: its words as they stand, where they stand, and the clause of them that answers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from bot.presentation.rendering import squeezed, titled, unmarked
from retrieval.text.normalize import bigrams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.values.answer import Answer, Citation
    from bot.messages import Messages
    from retrieval.values.documents import Document

    Span = tuple[int, int]


def quotation(
    words: str, document: Document, said: Messages, *, heading: Sequence[str] = (), link: str = ""
) -> str:
    """Return words of a document with their provenance; an address goes below where there is one."""
    told = said.say(
        "quoted", words=squeezed(unmarked(words)), source=provenance(document, said, heading=heading)
    )
    return f"{told}\n{link}" if link else told


def provenance(document: Document, said: Messages, *, heading: Sequence[str] = ()) -> str:
    """Return where words come from: place, title, occasion and date, then the headings inwards.

    Of a text that tells another again it is said too, for its words are not those of its speaker.
    """
    date = document.date or (str(document.year) if document.year else "")
    restated = said.say("restated") if document.restated else ""
    occasion = said.say("listed").join(part for part in (document.event, date, restated) if part)
    around = said.say("bracketed", text=occasion) if occasion else ""
    return said.say("inwards").join((f"{document.place or ''}{titled(document.title)}{around}", *heading))


def source_line(of: Citation | Document, said: Messages, *, restated: bool = False) -> str:
    """Return in one line where words come from: place, year and title, each once."""
    place = of.place if of.place and of.place not in of.title else ""
    year = str(of.year) if of.year and str(of.year) not in of.title else ""
    told = (place, said.say("chart_year", year=year) if year else "", titled(of.title))
    note = said.say("bracketed", text=said.say("restated")) if restated else ""
    return " · ".join(part for part in told if part) + note


def source_name(document: Document) -> str:
    """Return the name of the file a document was read from, without the folders of this machine."""
    return PurePath(document.source.replace("\\", "/")).name


_ENDS = "。；，;,. "
_CLAUSE = re.compile(r"[^，。；;！？：:\n]+")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def clause_of(citation: Citation, answer: Answer) -> Citation:
    """Narrow a citation to the clause that the statements resting on it tell.

    That is what they repeat to the letter; else the one clause that has the figures they tell, if no other
    is as near to their words and the question's. Where neither is so, the citation stays as it is.
    """
    texts = [one.text for one in answer.statements if citation.number in one.citations]
    quote = citation.quote
    if any(quote.strip(_ENDS) in one for one in texts):
        return citation
    told = (form for one in texts for form in (one, one.strip(_ENDS)))
    words = next((one for one in told if one and one in quote), "")
    start = quote.index(words) if words else 0
    span = (start, start + len(words)) if words else _with_figures(quote, texts, answer)
    if span is None:
        return citation
    return replace(
        citation,
        quote=quote[span[0] : span[1]],
        start=citation.start + span[0],
        end=citation.start + span[1],
    )


def _with_figures(quote: str, texts: list[str], answer: Answer) -> Span | None:
    figures = frozenset(one for text in texts for one in _FIGURE.findall(text))
    figures |= {f"{one:g}" for computed in answer.computed for one in computed.of}
    wanted = frozenset(bigrams(" ".join((answer.question, *texts))))
    ranked = sorted(_scored(quote, figures, wanted), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    return ranked[0][1]


def _scored(quote: str, figures: frozenset[str], wanted: frozenset[str]) -> Iterator[tuple[int, Span]]:
    for found in _CLAUSE.finditer(quote):
        if figures.intersection(_FIGURE.findall(found[0])):
            yield len(wanted.intersection(bigrams(found[0]))), found.span()
