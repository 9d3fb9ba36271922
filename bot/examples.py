"""Questions to start with, drawn from the texts at hand, so that each has an answer there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.answer import Language
from answering.phrases import place_name
from retrieval.chinese import clauses
from retrieval.documents import Genre
from retrieval.numerals import Sort, figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.messages import Messages
    from retrieval.documents import Document, Passage
    from retrieval.library import Library

LOOKED_AT = 12  # documents
_PLAIN = re.compile(r"[一-鿿]{4,14}")  # words that read well in a question: no marks, no Latin, not too long

_WHOSE = re.compile(r"^[全我本][市县区省州旗]")


def examples(library: Library, said: Messages) -> tuple[str, ...]:
    """Return up to three questions, each on another document where there are several."""
    heads = [one for one in library.documents() if one.place and one.genre is not Genre.PREFACE][:LOOKED_AT]
    makers = (_figure, _outline) if said.language is Language.EN else (_figure, _outline, _section)
    found: list[str] = []
    for number, make in enumerate(makers):
        turned = heads[number % len(heads) :] + heads[: number % len(heads)] if heads else []
        made = (one for head in turned if (one := make(head, library, said)))
        if (question := next(made, None)) is not None:
            found.append(question)
    return tuple(found)


def _figure(head: Document, library: Library, said: Messages) -> str | None:
    """Ask for the figure of a clause that ends in one: 完成民生实事117项 becomes 完成民生实事多少项."""
    asked = (found for passage in library.passages(head.id) for found in _countable(passage))
    before, unit = next(asked, ("", ""))
    return said.say("example_figure", place=head.place, before=before, unit=unit) if before else None


def _countable(passage: Passage) -> Iterator[tuple[str, str]]:
    for span in clauses(passage.text):
        clause = passage.text[span.start : span.end].strip(" \u3000，。；：、！？")
        counted = figures(clause)
        if len(counted) == 1 and counted[0].sort is Sort.QUANTITY and counted[0].unit:
            one = counted[0]
            before = _WHOSE.sub("", clause[: one.start])
            if one.end == len(clause) and _PLAIN.fullmatch(before):
                yield before, one.unit


def _outline(head: Document, library: Library, said: Messages) -> str | None:
    """Ask what the parts of a text are."""
    parts = sum(1 for section in head.sections if section.level == 1 and section.title)
    place = place_name(head.place, said.language, library.gazetteer)
    return said.say("example_outline", place=place) if parts > 1 else None


def _section(head: Document, _library: Library, said: Messages) -> str | None:
    """Ask how a place did what one of its headings says."""
    titles = (re.split(r"[，；：、\s]", section.title)[0] for section in head.sections if section.level == 1)
    heading = next((title for title in titles if _PLAIN.fullmatch(title)), None)
    return said.say("example_section", place=head.place, heading=heading) if heading else None
