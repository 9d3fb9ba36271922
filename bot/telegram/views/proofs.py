"""The passages that prove an answer, folded away under the sentences that rest on them."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from bot.messages import messages
from bot.presentation import rendering
from bot.presentation.quotation import clause_of, source_line
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, line
from bot.telegram.formatting import html, limits
from bot.telegram.formatting.rich import rich
from bot.telegram.views.sources import cited_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.values.answer import Answer, Citation, Statement
    from bot.telegram.context.protocols import LibraryLike

LEAST, MOST = 90, 900  # units of a passage that is worth folding away; of a longer one a window is shown
FOLDS = 24  # in a message: its entities are limited too
RICH_ROOM, RICH_FOLDS = 6_000, 60  # the same of a rich message, whose bytes are limited


def proved(
    library: LibraryLike, answer: Answer, *, title: Sequence[Block] = (), room: int = limits.MESSAGE_UNITS
) -> tuple[Block, ...]:
    """Return an answer, each passage folded under the sentence that rests on it most; waits for the library.

    What has no room in ``room`` units is left out from the end: its number opens it.
    """
    said = messages(answer.language)
    lines, notes = rendering.blocks(answer, said), rendering.notes(answer, said)
    bare = (*title, *lines, *notes)
    folds = _folds(library, answer, room - sum(limits.units(one.text) + 2 + one.apart for one in bare))
    ahead = len(lines) - len(answer.statements)
    shown = list(chain(title, lines[:ahead]))
    for block, numbers in zip(lines[ahead:], _shared(answer), strict=True):
        shown.append(block)
        shown += [one for number in numbers for one in folds.get(number, ())]
    return (*shown, *notes)


def proved_richly(library: LibraryLike, answer: Answer, *, title: Sequence[Block] = ()) -> str:
    """Return an answer as a rich message with its passages; "" where it has no room. Waits for the library.

    A comparison is a table with a column of years, and its passages follow.
    """
    said = messages(answer.language)
    folds = _folds(library, answer, RICH_ROOM, most=RICH_FOLDS)
    lines, after = rendering.blocks(answer, said), rendering.notes(answer, said)
    ahead = len(lines) - len(answer.statements)
    shown = list(chain(title, lines[:ahead]))
    kept: list[Block] = []
    for block, statement, numbers in zip(lines[ahead:], answer.statements, _shared(answer), strict=True):
        own = [one for number in numbers for one in folds.get(number, ())]
        shown += [_dated(block, answer, statement)] if block.cells else [*kept, block, *own]
        kept = [*kept, *own] if block.cells else []
    return rich((*shown, *kept, *after))


def _shared(answer: Answer) -> list[list[int]]:
    """Return the first citation of each passage that is shown under a statement.

    Statements in a row that rest on one passage, such as the members of a list, have it once, under the last.
    A statement that cites the number under which a passage is shown elsewhere needs no other for it.
    """
    passages = {one.number: one.passage for one in answer.citations}
    own = _own(answer)
    under = [
        list({passages[number]: number for number in reversed(numbers)}.values())[::-1] for numbers in own
    ]
    for at in range(len(under) - 1):
        following = own[at + 1]
        if (
            under[at]
            and following
            and {passages[one] for one in (*under[at], *following)} == {passages[following[0]]}
        ):
            under[at + 1], under[at] = under[at], []
    shown = {passages[n]: n for n in sorted({n for numbers in under for n in numbers}, reverse=True)}
    return [
        [n for n in numbers if shown[passages[n]] == n or shown[passages[n]] not in statement.citations]
        for numbers, statement in zip(under, answer.statements, strict=True)
    ]


def _own(answer: Answer) -> list[list[int]]:
    """Return the citations that are shown under each statement: those of no other that cites fewer."""
    own: list[list[int]] = [[] for _ in answer.statements]
    for citation in answer.citations:
        citing = [at for at, one in enumerate(answer.statements) if citation.number in one.citations]
        if citing:
            own[min(citing, key=lambda at: (len(answer.statements[at].citations), at))].append(
                citation.number
            )
    return own


def _dated(block: Block, answer: Answer, statement: Statement) -> Block:
    """Return a row of a table with the years of what it rests on before its markers."""
    years = dict.fromkeys(
        one.year for one in answer.citations if one.number in statement.citations and one.year
    )
    told = "、".join(messages(answer.language).say("chart_year", year=year) for year in years)
    *first, markers = block.cells
    return replace(block, cells=(*first, (TextRun(told),), markers))


def _folds(
    library: LibraryLike, answer: Answer, room: int, *, most: int = FOLDS
) -> dict[int, tuple[Block, ...]]:
    shown = {number for numbers in _shared(answer) for number in numbers}
    used = {number for one in answer.statements for number in one.citations}
    wanted = [one for one in answer.citations if one.number in shown][:most]
    made: dict[int, tuple[Block, ...]] = {}
    for at, first in enumerate(wanted):
        again = next((one for one in wanted[:at] if one.passage == first.passage), None)
        citations = _beside(first, answer, shown, used)
        share = min(MOST, room // (len(wanted) - at))
        if share < LEAST and room < LEAST:
            break
        same = again.number if again else 0
        made[first.number] = folded = tuple(_fold(library, citations, answer, max(share, LEAST), same=same))
        room -= sum(limits.units(one.text) + 1 for one in folded)
    return made


def _beside(first: Citation, answer: Answer, shown: set[int], used: set[int]) -> list[Citation]:
    """Return a citation and those of the same passage after it that have no fold of their own."""
    of_passage = [one for one in answer.citations if one.passage == first.passage and one.number in used]
    after = of_passage[of_passage.index(first) + 1 :]
    return [first, *takewhile(lambda one: one.number not in shown, after)]


def _fold(
    library: LibraryLike, citations: Sequence[Citation], answer: Answer, room: int, *, same: int = 0
) -> Iterator[Block]:
    """Yield where a passage stands, then the passage around the cited words, within ``room`` units.

    One that is shown above under the number ``same`` is not shown again.
    """
    citation, said = citations[0], messages(answer.language)
    document = library.document(citation.document)
    where = source_line(citation, said, restated=document is not None and document.restated)
    where = limits.shorten(where, max(room // 2, LEAST // 2))
    markers = [TextRun(f"[{one.number}]", TextStyle.MARKER, one.number) for one in citations]
    above = said.say("same_passage", number=same) if same else ""
    yield Block((*markers, TextRun(f" {where}{above}")), BlockKind.FOLD)
    left = room - limits.units(where) - sum(len(one.text) for one in markers) - 3
    if left <= 0 or same:
        return
    passage = library.passage(citation.passage)
    if passage is not None and document is not None:
        shown = cited_words([clause_of(one, answer) for one in citations], passage, document)
    else:
        shown = line(rendering.squeezed(citation.quote), style=TextStyle.CITED, kind=BlockKind.FOLD)
    yield html.window(Block(shown.runs, BlockKind.FOLD), left)
