"""A page of the register's rows as a message: numbered lines, and under each number its passage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.evidence.printed_places import printed
from answering.values.answer import Citation
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line, squeezed, titled
from bot.telegram.formatting import keyboards, limits
from bot.telegram.formatting.keyboards import ButtonData
from bot.telegram.views.fact_list import (
    COMPARE,
    LIST,
    MOST,
    OPEN,
    ROWS,
    FactListKind,
    FactListQuery,
    choosing,
)
from retrieval.facts.models import FigureKind as Aim
from retrieval.facts.models import MeasureRow
from retrieval.values.printed_layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineKeyboardMarkup

    from bot.messages import Messages
    from bot.telegram.context.protocols import LibraryLike
    from bot.telegram.formatting.keyboards import Labelled
    from retrieval.catalog.fact_query import FoundFigure
    from retrieval.facts.models import FigureRow

TITLE = 24  # units of a text's title in a line


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One line: whose it is, what it says, what stands beside it, and the tap of its number."""

    number: int
    place: str
    words: str
    beside: str
    tap: ButtonData


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPage:
    """A page of rows, ready to be sent."""

    blocks: tuple[Block, ...]
    markup: InlineKeyboardMarkup | None


def page(library: LibraryLike, look: FactListQuery, said: Messages) -> FactPage:
    """Return what is looked at. Waits for the library."""
    found = _found(library, look)
    pages = -(-len(found) // ROWS)
    at = min(look.page, max(0, pages - 1))
    begin = at * ROWS
    shown = [
        _row(one, n, library=library, look=look, said=said)
        for n, one in enumerate(found[begin : begin + ROWS], begin + 1)
    ]
    turn = keyboards.turning(LIST, at, pages, look.tap(LIST).fields[1:], said)
    none = "look_none_c" if look.sort is FactListKind.THINGS else "look_none"
    hint = said.say(f"look_hint_{look.sort.value}" if found else none)
    return FactPage(
        blocks=(
            _head(look, len(found), said),
            *map(_line, shown),
            line(hint, style=TextStyle.FAINT, apart=True),
        ),
        markup=keyboards.rows([*_numbers(shown, look), turn, choosing(look, said)]),
    )


def _head(look: FactListQuery, count: int, said: Messages) -> Block:
    told = said.say("look_many", count=MOST) if count >= MOST else count
    title = said.say(f"look_title_{look.sort.value}", count=told)
    chosen = " · ".join(part for part in (look.place, look.field, look.words) if part)
    return Block(
        (TextRun(title, TextStyle.STRONG), *([TextRun(f" · {chosen}")] if chosen else [])), BlockKind.TITLE
    )


def _numbers(shown: Sequence[FactLine], look: FactListQuery) -> list[Sequence[Labelled]]:
    if look.sort is FactListKind.THINGS:
        return [[(row.words, row.tap)] for row in shown]
    return [[(str(row.number), row.tap) for row in shown]]


def _line(row: FactLine) -> Block:
    place = [TextRun(f"{row.place} ", TextStyle.STRONG)] if row.place else []
    beside = [TextRun(f" · {row.beside}", TextStyle.FAINT)] if row.beside else []
    return Block((TextRun(f"{row.number}. "), *place, TextRun(row.words), *beside))


def _found(library: LibraryLike, look: FactListQuery) -> Sequence[FoundFigure | MeasureRow | tuple[str, int]]:
    if look.sort is FactListKind.FIGURES:
        return library.register.figures(look.ask)
    if look.sort is FactListKind.MEASURES:
        return library.register.measures(look.ask)
    things = library.register.common(replace(look.ask, things=()))
    return [one for one in things if look.words in one[0] and _carried(look.place, one[0])]


def _carried(place: str, thing: str) -> bool:
    """Tell whether a button has room for a thing of a place."""
    return len(f"{COMPARE}:{place}:{thing}".encode()) <= limits.DATA_BYTES and ":" not in thing


def _row(
    one: FoundFigure | MeasureRow | tuple[str, int],
    number: int,
    *,
    library: LibraryLike,
    look: FactListQuery,
    said: Messages,
) -> FactLine:
    if isinstance(one, tuple):
        key = "look_years" if look.place else "look_places"
        beside, tap = said.say(key, count=one[1]), ButtonData(COMPARE, (look.place, one[0]))
        return FactLine(number=number, place="", words=one[0], beside=beside, tap=tap)
    if isinstance(one, MeasureRow):
        words = _words(library, one.document, one.start, one.end).strip("，；。、;,. ")
        return _told(
            one, words, (one.start, one.end), number=number, said=said, title=_title(library, one, said)
        )
    row = one.row
    figure = _words(library, row.document, row.start, row.end)
    words = row.metric if figure in row.metric else f"{row.metric} {figure}"
    return _told(row, words, row.clause, number=number, said=said, title=_title(library, row, said))


def _told(
    row: FigureRow | MeasureRow,
    words: str,
    span: tuple[int, int],
    *,
    number: int,
    said: Messages,
    title: str,
) -> FactLine:
    when = row.period or (said.say("chart_year", year=row.year) if row.year else "")
    aim = said.say("look_target") if row.kind is Aim.TARGET else ""
    beside = (when if when not in words else "", aim, title)
    return FactLine(
        number=number,
        place=row.place or "",
        words=words,
        beside=" · ".join(one for one in beside if one),
        tap=ButtonData(OPEN, (row.passage, str(span[0]), str(span[1]), str(number))),
    )


def _title(library: LibraryLike, row: FigureRow | MeasureRow, said: Messages) -> str:
    """Return the title of a row's text, short enough for a line, and whether it is a scan."""
    held = library.document(row.document)
    if held is None:
        return ""
    scanned = said.say("look_recognised") if layout_of(held).is_recognised(row.start) else ""
    return " · ".join(filter(None, (limits.shorten(titled(held.title), TITLE), scanned)))


def _words(library: LibraryLike, document: str, start: int, end: int) -> str:
    held = library.document(document)
    return squeezed(held.text[start:end]) if held else ""


def cited(library: LibraryLike, tap: ButtonData) -> Citation | None:
    """Return the words that a row's number leads to, as a citation; None where they stand there no more.

    Waits for the library.
    """
    name, start, end, number = (*tap.fields, "", "", "", "")[:4]
    passage = library.passage(name)
    document = library.document(passage.document) if passage else None
    if passage is None or document is None or not (start.isdecimal() and end.isdecimal()):
        return None
    first, last = int(start), int(end)
    if not passage.start <= first < last <= passage.end:
        return None
    citation = Citation(
        number=int(number) if number.isdecimal() else 0,
        document=document.id,
        passage=passage.id,
        start=first,
        end=last,
        quote=document.text[first:last],
        title=document.title,
        place=document.place,
        year=document.year,
        date=document.date,
        section=passage.section,
        point=passage.point,
        heading=passage.heading,
    )
    return printed(citation, document)
