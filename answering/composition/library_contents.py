"""What the library itself holds: whose texts, of which years, each proved by the head of a document.

Of one report it is told who gave it, when and where, what is appended to it, and where the text came from.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.candidates.glossary import appended_entries, note_sections
from answering.composition.several import line_at
from answering.evidence.lines import of_passage
from answering.evidence.passage_pools import speaker_of
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import join, phrase
from answering.values.answer import Answer, Computation, Shape, StatementKind
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranking import Ranking
    from retrieval.values.documents import Document

_LINES = 40  # places told in one answer
_HEAD = 60  # characters of a line at the head of a report
_DASHES = " \u3000—―–-（）()\n"
_SOURCE = re.compile(r"^[（( \u3000]*(?:稿件|文章|信息)?来源[：:][^\n]{2,30}$", re.MULTILINE)


def one_report(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with what a report tells of itself, where one alone is asked of."""
    del ranking
    document = _only_report(context)
    sourced = document is not None and _SOURCE.search(document.text)
    if document is None or (context.question.needed and not sourced):
        return None
    return _told_of(context, document)


def library_contents(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the places asked of, or all, each with the years and kinds of its texts."""
    del ranking
    if context.question.needed:
        return None
    asked = set(context.hypothesis.places)
    held: dict[str, list[Document]] = {}
    for document in context.library.documents():
        place = speaker_of(document, context.library.gazetteer)
        if document.genre is not Genre.PREFACE and (not asked or place in asked):
            held.setdefault(place or "", []).append(document)
    draft = AnswerDraft(context.question)
    for place, unsorted in list(held.items())[:_LINES]:
        documents = sorted(unsorted, key=lambda one: one.year or 0)
        numbers = [n for document in documents if (n := _head(draft, context, document)) is not None]
        if numbers:
            draft.say(
                _titles(documents, draft),
                *numbers,
                lead=context.called(place),
                manner=StatementKind.FRAME,
                level=min(1, len(held) - 1),
            )
    return replace(draft.done(), shape=Shape.LIST) if draft.statements else None


def _only_report(context: QuestionContext) -> Document | None:
    """Return the one report that is named, or that the place asked of has for the years asked of, whole."""
    hypothesis = context.hypothesis
    named = set(hypothesis.documents)
    reports = [
        d
        for d in context.library.documents()
        if d.genre is Genre.REPORT
        and (d.id in named if named else speaker_of(d, context.library.gazetteer) in hypothesis.places)
    ]
    return context.library.document(reports[0].id) if len(reports) == 1 else None


def _told_of(context: QuestionContext, document: Document) -> Answer | None:
    """Return what a report tells of itself: its head, what is appended with its entries counted, its source."""
    draft = AnswerDraft(context.question)
    lead = context.called(speaker_of(document, context.library.gazetteer)) or document.title
    for line in _head_lines(context, document):
        draft.say(line.text.strip(_DASHES), draft.cite_line(line), lead=lead)
        lead = ""
    for section in note_sections(document):
        entries = len(appended_entries(document, section))
        passage = next((p for p in context.library.passages(document.id) if section.start < p.end), None)
        if passage is not None and entries:
            words = phrase("appended", draft.language, title=section.title, count=entries)
            draft.computed.append(Computation(value=entries, op="count", of=(1.0,) * entries))
            number = draft.cite(document, passage, section.start, min(section.body, passage.end))
            draft.say(words, number, manner=StatementKind.COMPUTED)
    for match in _SOURCE.finditer(document.text):
        source = line_at(context, document, match.start())
        if source is not None:
            draft.say(source.text.strip(), draft.cite_line(source))
    return replace(draft.done(), shape=Shape.LIST) if draft.statements else None


def _head_lines(context: QuestionContext, document: Document) -> list[Line]:
    """Return the first sentences of a report that name it, its day and occasion, or who gave it."""
    told = [document.title, document.event or "", (document.speaker or "").split(" ")[-1]]
    marks = [mark for mark in ("".join(one.split()) for one in told) if mark]
    found: dict[tuple[str, int], Line] = {}
    for passage in context.library.passages(document.id):
        if passage.section != "0":
            break
        for line in of_passage(passage, document):
            if any(mark in "".join(line.text.split()) for mark in marks) and len(line.text) <= _HEAD:
                found.setdefault(line.key, line)
    return list(found.values())[: len(told)]


def _titles(documents: list[Document], draft: AnswerDraft) -> str:
    """Return the reports by their years, other texts by their titles."""
    years = sorted({d.year for d in documents if d.genre is Genre.REPORT and d.year})
    reports = phrase("reports_of", draft.language, years=join(tuple(map(str, years)), draft.language))
    others = tuple(f"《{d.title}》" for d in documents if d.genre is not Genre.REPORT or not d.year)
    return join((*((reports,) if years else ()), *others), draft.language)


def _head(draft: AnswerDraft, context: QuestionContext, document: Document) -> int | None:
    whole = context.library.document(document.id)
    line = line_at(context, whole, 0) if whole is not None else None
    return draft.cite_line(line) if line is not None else None
