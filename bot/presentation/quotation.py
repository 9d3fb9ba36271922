"""A quotation to be copied: the words as they stand, and below them where they stand."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from bot.presentation.rendering import squeezed, titled, unmarked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.answer import Citation
    from bot.messages import Messages
    from retrieval.values.documents import Document


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
