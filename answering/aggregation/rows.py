"""A row of a table in an answer: the words of the text under its place and time, with its [n]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.answer import Language

if TYPE_CHECKING:
    from answering.aggregation.entries import Entry
    from answering.evidence.context import QuestionContext
    from answering.extractive.draft_answer import AnswerDraft


def cite(draft: AnswerDraft, entry: Entry) -> int:
    """Cite the sentence that a figure stands in."""
    start, end = entry.row.sentence
    return draft.cite(entry.document, entry.passage, start, end)


def say_row(draft: AnswerDraft, desk: QuestionContext, entry: Entry, *, lead: str = "") -> None:
    """Say one row of the table in the words of its text, under its place and time."""
    period = entry.row.period or ""
    year = f"{entry.row.year}年" if entry.row.year and not lead and draft.language is not Language.EN else ""
    when = "" if period and period in entry.words else period or year
    parts = (lead or desk.called(entry.place), when)
    joint = ", " if draft.language is Language.EN else "，"
    draft.say(entry.words, cite(draft, entry), lead=joint.join(p for p in parts if p), level=1)


def dated(entry: Entry) -> str:
    """Return the date of the text that a row is from, as far as it is known."""
    return entry.document.date or str(entry.document.year or "")
