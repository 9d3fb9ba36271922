"""Texts to choose from, and the outline of one: its headings as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line, squeezed
from bot.telegram.formatting import keyboards, limits
from bot.telegram.formatting.bot_texts import dated, newest_first, spoken
from bot.telegram.formatting.keyboards import ButtonData, SourceRef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineKeyboardMarkup

    from bot.messages import Messages
    from bot.telegram.context.protocols import LibraryLike
    from retrieval.values.documents import Document, Passage, Section

LINES = 60  # headings shown; of more, only the upper levels are
PAGE = 8  # texts to choose from at a time
NUMERAL = 8  # units of a section's number on a button, eight of which stand in a row
LABEL = 60  # units of a button's label
STEP = "\u3000"  # one level in: Telegram keeps an ideographic space at the beginning of a line


def asked_for(library: LibraryLike, words: str) -> tuple[Document, ...]:
    """Return the texts of the places that ``words`` name, or with them in their titles; all for no words."""
    texts = spoken(library.documents())
    if not words:
        return texts
    named = {one.place.name for one in library.gazetteer.find(words, prefer=library.places())}
    of_places = newest_first([one for one in texts if one.place in named])
    dates = tuple(one for one in of_places if one.year and str(one.year) in words)
    return dates or of_places or tuple(one for one in texts if words in one.title)


def choice(
    texts: Sequence[Document], asked: str, *, page: int, said: Messages
) -> InlineKeyboardMarkup | None:
    """Make a button for each text of a page, and those that turn it; ``asked`` is what was asked for."""
    shown = texts[page * PAGE : (page + 1) * PAGE]
    rows = [[(_label(one, said), ButtonData("ol", (one.id,)))] for one in shown]
    way = keyboards.turning("olp", page, -(-len(texts) // PAGE), (asked,), said)
    return keyboards.rows([*rows, way])


def outline(document: Document, said: Messages) -> tuple[Block, ...]:
    """Return the headings of a text, each as printed and as far in as its level is."""
    headed = [one for one in document.sections if one.title]
    levels = sorted({one.level for one in headed})
    depth = len(levels)
    while depth > 1 and sum(one.level in levels[:depth] for one in headed) > LINES:
        depth -= 1
    shown = [one for one in headed if one.level in levels[:depth]]
    place = [TextRun(f"{document.place} · ", TextStyle.STRONG)] if document.place else []
    head = Block((*place, TextRun(dated(document), TextStyle.STRONG)), BlockKind.TITLE)
    if not shown:
        return (head, line(said.say("outline_plain")))
    tree = (line(STEP * levels.index(one.level) + printed(document, one)) for one in shown)
    cut = [line(said.say("outline_cut", depth=depth), style=TextStyle.FAINT)] if depth < len(levels) else []
    return (head, *tree, *cut)


def ways_in(document: Document, passages: Sequence[Passage]) -> InlineKeyboardMarkup | None:
    """Make a button for each section of the highest level: it opens the passage with which that begins."""
    headed = [one for one in document.sections if one.title]
    top = [one for one in headed if one.level == min(other.level for other in headed)]
    first = ((one, next((at for at in passages if one.start <= at.start < one.end), None)) for one in top)
    taps = [
        (limits.shorten(one.numeral, NUMERAL), SourceRef(answer="", number=0, passage=at.id).tap("s"))
        for one, at in first
        if at is not None
    ]
    return keyboards.keyboard(taps[: limits.KEYBOARD_BUTTONS])


def printed(document: Document, section: Section) -> str:
    """Return a section's heading as the text prints it, numeral and all; ``document`` is whole."""
    return squeezed(document.text[section.start : section.body].lstrip("# ")) or section.title


def _label(document: Document, said: Messages) -> str:
    named = said.say("lead", lead=document.place) if document.place else ""
    return limits.shorten(named + dated(document), LABEL)
