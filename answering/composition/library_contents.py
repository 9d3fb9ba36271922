"""What the library itself holds: whose texts, of which years, each proved by the head of a document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.composition.several import line_at
from answering.evidence.passage_pools import speaker_of
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import join, phrase
from answering.values.answer import Answer, Shape, StatementKind
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from retrieval.values.documents import Document

_LINES = 40  # places told in one answer


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
    for place, documents in list(held.items())[:_LINES]:
        numbers = [n for document in documents if (n := _head(draft, context, document)) is not None]
        if numbers:
            draft.say(
                _titles(documents, draft),
                *numbers,
                lead=context.called(place),
                manner=StatementKind.FRAME,
                level=1,
            )
    return replace(draft.done(), shape=Shape.LIST) if draft.statements else None


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
