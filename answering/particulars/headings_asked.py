"""Answer how many chapters a document has, or which parts one of its sections has, with their headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import phrase
from answering.particulars.asked_particular import CHAPTERS, PARTS, AskedParticular
from answering.values.answer import Language, StatementKind
from retrieval.quantities import spell_count
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.values.answer import Answer
    from retrieval.values.documents import Document, Section

_ARTICLES = re.compile(r"(?:几|多少)条")  # counted with the chapters, where a by-law is asked of
_FEWEST = 2  # headings that are parts
_SHORTEST = 3  # characters of a section's title that a question may name


def headings_asked(
    context: QuestionContext, documents: Sequence[Document], asked: Sequence[AskedParticular]
) -> Answer | None:
    """Return the chapters of the nearest document that has some, or the parts of the section that is named."""
    kinds = {one.kind for one in asked}
    counts = _ARTICLES.search(context.question.folded)
    for document in documents:
        if CHAPTERS in kinds and not counts and (chapters := _chapters(document)):
            return _said(context, document, chapters, "chapters")
        if PARTS in kinds and (parts := _parts(document, context.question.folded)):
            return _said(context, document, parts, "parts")
    return None


def _chapters(document: Document) -> list[Section]:
    found = [one for one in document.sections if one.numeral.startswith("第") and one.numeral.endswith("章")]
    return found if len(found) >= _FEWEST else []


def _parts(document: Document, folded: str) -> list[Section]:
    """Return the headings right below the section whose title a question names, the longest title first."""
    named = [one for one in document.sections if len(one.title) >= _SHORTEST and fold(one.title) in folded]
    for section in sorted(named, key=lambda one: -len(one.title)):
        inside = [one for one in document.sections if section.body <= one.start < section.end]
        top = min((one.level for one in inside), default=0)
        parts = [one for one in inside if one.level == top]
        if len(parts) >= _FEWEST:
            return parts
    return []


def _called(context: QuestionContext, document: Document, key: str) -> str:
    """Name what has these headings: a place by its speech, a by-law by its title."""
    return f"《{document.title}》" if key == CHAPTERS and document.title else context.called(document.place)


def _said(context: QuestionContext, document: Document, found: Sequence[Section], key: str) -> Answer | None:
    draft = AnswerDraft(context.question)
    shown = []
    for section in found:
        passage = next(
            (one for one in context.library.passages(document.id) if one.start <= section.start < one.end),
            None,
        )
        line = document.text[section.start : section.body]
        words = line.strip(" \t\u3000\n#*")
        if passage is not None and words:
            start = section.start + line.index(words)
            shown.append((words, draft.cite(document, passage, start, start + len(words))))
    if len(shown) < _FEWEST:
        return None
    language = context.question.language
    count = str(len(shown)) if language is Language.EN else spell_count(len(shown))
    draft.say(
        phrase(key, language, count=count),
        *(number for _, number in shown),
        lead=_called(context, document, key),
        manner=StatementKind.FRAME,
    )
    for words, number in shown:
        draft.say(words, number, level=1, manner=StatementKind.HEADING)
    return draft.done()
