"""Answer a question that names a row of a table, and tells by words, unit or year which of its columns it asks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.extractive.draft_answer import AnswerDraft
from answering.values.answer import Language
from retrieval.quantities import years
from retrieval.text.normalize import bigrams, fold
from retrieval.values.documents import Filter
from retrieval.values.printed_layout import TABLES, layout_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.evidence.context import QuestionContext
    from answering.values.answer import Answer
    from retrieval.values.documents import Document
    from retrieval.values.printed_layout import DocumentTable, TableRow

_HITS = 40
_DOCUMENTS = 6  # looked into, the nearest first
_SHORTEST = 2  # characters of a cell that names a row
_NUMBER = re.compile(r"[-+]?[\d,.]+%?")
_YEAR = re.compile(r"(?:19|20)\d{2}年?")
_UNIT = re.compile(r"[（(](?P<unit>[^（）()]{1,12})[）)]")
# What a head says and a question leaves out: what growth is measured against, and that a level is one.
_SILENT = re.compile(r"(?:比|较)(?:上|去)[年期]|[同环]比|(?<=.)\s?绝对[量数值]$|(?<=.)\s数[量值]$")
_CHANGE = re.compile(r"增[长减速幅]|下降|降幅|涨幅|[同环]比|比上[年期]|±")  # of a column's head
_CHANGED = re.compile(r"增[长减速幅]|增加|下降|降幅|降低|减少|上?涨|[同环]比|变化")  # of a question
_DATED, _MEASURED = 0.4, 0.5  # what the year, and the unit, of a column count beside the words of its head
_FIGURE = ("figure", "date", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    document: Document
    row: TableRow
    column: int
    label: str
    score: float


def table_cell(context: QuestionContext) -> Answer | None:
    """Return the part of a row that the question asks for; None where it names no row, or no single column."""
    question = context.question
    if question.want.kind not in _FIGURE or len(question.places) > 1:
        return None
    limits = Filter(places=question.places)
    hits = context.library.find(question.text, k=_HITS, filter=limits)
    names = list(dict.fromkeys(hit.document.id for hit in hits))[:_DOCUMENTS]
    wholes = [one for name in names if (one := context.library.document(name)) is not None]
    cells = [
        cell for one in wholes if any(key == TABLES for key, _ in one.marks) for cell in _cells(context, one)
    ]
    if not cells:
        return None
    longest = max(len(cell.label) for cell in cells)
    best = sorted((cell for cell in cells if len(cell.label) == longest), key=lambda cell: -cell.score)
    if best[0].score <= 0 or (len(best) > 1 and best[1].score == best[0].score):
        return None
    return _said(context, best[0])


def _cells(context: QuestionContext, document: Document) -> Iterator[_Cell]:
    """Yield the cells of the rows that the question names, with how well each column is asked for."""
    question = context.question
    for table in layout_of(document).tables:
        dated = [set(years(fold(head))) for head in table.columns]
        own = set(years(fold(document.title))) | ({document.year} if document.year else set())
        if question.years and not any(dated) and own and not own & set(question.years):
            continue
        for row in table.rows:
            label = _label(row, question.folded, document)
            if not label:
                continue
            rest = question.folded.replace(label, "|", 1)
            for column, cell in enumerate(row.cells):
                if column >= len(table.columns) or not cell or fold(cell) == label:
                    continue
                fits = dated[column] & set(question.years)
                if dated[column] and question.years and not fits:
                    continue
                score = _asked(table, column, rest, context) + (_DATED if fits else 0.0)
                yield _Cell(document=document, row=row, column=column, label=label, score=score)


def _label(row: TableRow, folded: str, document: Document) -> str:
    """Return the longest cell of a row that the question names; none that the title of its text holds."""
    title = fold(document.title)
    named = [
        words
        for cell in row.cells
        if len(words := fold(cell).strip()) >= _SHORTEST
        and not _NUMBER.fullmatch(words)
        and words in folded
        and words not in title
    ]
    return max(named, key=len, default="")


def _asked(table: DocumentTable, column: int, rest: str, context: QuestionContext) -> float:
    """Return how much the words of a column's head, or its unit, are asked for."""
    head = fold(table.columns[column])
    found = _UNIT.search(head)
    unit = found["unit"] if found else ""
    named = _SILENT.sub("", _YEAR.sub("", _UNIT.sub("", head)).strip())
    words = [gram for gram in bigrams(named) if len(gram) > 1]
    share = sum(gram in rest for gram in words) / max(len(words), 1)
    if (_CHANGE.search(head) is None) is not (_CHANGED.search(rest) is None):
        share /= 2  # a rate of growth where the level is asked for, or the other way round
    elif _CHANGE.search(head):
        share += _MEASURED
    return share + (_MEASURED if unit and unit in context.question.want.units else 0.0)


def _said(context: QuestionContext, cell: _Cell) -> Answer | None:
    draft = AnswerDraft(context.question)
    text = cell.document.text
    start, end = _part(text, cell)
    passage = next(
        (one for one in context.library.passages(cell.document.id) if one.start <= start < one.end), None
    )
    if passage is None or end > passage.end:
        return None
    number = draft.cite(cell.document, passage, start, end)
    names = [context.called(cell.document.place), "" if cell.label in fold(text[start:end]) else cell.label]
    joint = ", " if draft.language is Language.EN else "，"
    draft.say(text[start:end], number, lead=joint.join(filter(None, names)))
    return draft.done()


def _part(text: str, cell: _Cell) -> tuple[int, int]:
    """Return the part of a row's line that gives the cell; the whole line where it can't be told."""
    row, value = cell.row, re.escape(cell.row.cells[cell.column])
    parts: Sequence[tuple[int, int]] = [
        (row.start + found.start(), row.start + found.end())
        for found in re.finditer(r"[^；]+", text[row.start : row.end])
    ]
    held = [part for part in parts if re.search(rf"(?<![\d.]){value}(?![\d.]*\d)", text[part[0] : part[1]])]
    if len(held) != 1:
        return row.start, row.end
    start, end = held[0]
    if start == row.start and len(parts) > 1:  # it begins with the name of the row
        return start, end
    return start, end - (text[end - 1] == "。")
