"""Answer a question on a particular of a document, or leave it to others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.evidence.passage_pools import PlaceReader
from answering.extractive.draft_answer import AnswerDraft
from answering.particulars.asked_particular import (
    ANSWERED_BY,
    CHAPTERS,
    PARTS,
    SAID_BY,
    AskedParticular,
    asked_particulars,
)
from answering.particulars.headings_asked import headings_asked
from answering.particulars.table_cell import table_cell
from retrieval.particulars import Particular, ParticularKind, particulars, turns
from retrieval.particulars.text_lines import text_lines
from retrieval.quantities import parse_number
from retrieval.text.normalize import fold, sentences
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.evidence.context import QuestionContext
    from answering.lexicon.relevance import Terms
    from answering.values.answer import Answer
    from retrieval.particulars import SpeechTurn
    from retrieval.values.documents import Document, Passage

_DOCUMENTS = 6  # looked into, the nearest first
_HITS = 40
_NEAR = 0.2  # of the question's terms that a document must hold in its title, or a task in its words
_AHEAD = 0.08  # by which the best of several tasks must be nearer than the next
_OF_ANY = frozenset((ParticularKind.NUMBER, ParticularKind.ISSUED, ParticularKind.ISSUER))
_OF_TASKS = frozenset((ParticularKind.LEAD,))
_ALONE = frozenset(("lead", ANSWERED_BY, SAID_BY))  # the one that stands out, or none
_SAYS = re.compile(r"[说讲谈答]|回应|表示|介绍|解释")
_NAMED_SPEAKER = re.compile(r"[\u4e00-\u9fff]某{1,2}")
_MOST_SENTENCES = 3  # of a turn that are shown
_LONGEST = 400  # characters of one numbered item


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What answers: ``text[start:end]`` of a document, said by ``lead`` where somebody says it."""

    document: Document
    start: int
    end: int
    near: float
    rank: int = 0
    lead: str = ""


def answer_particular(context: QuestionContext) -> Answer | None:
    """Return the words of the document that is asked of, where it tells what is asked for; None otherwise."""
    question = context.question
    if question.reason or len(question.places) > 1 or question.all_places or question.confirm:
        return None
    if (told := table_cell(context)) is not None:
        return told
    asked = asked_particulars(question)
    names = _NAMED_SPEAKER.findall(question.folded)
    if not asked and not (names or _SAYS.search(question.folded)):
        return None
    documents = list(_documents(context))
    if (listed := headings_asked(context, documents, asked)) is not None:
        return listed
    for one in (*asked, AskedParticular(SAID_BY)):
        content = question.content
        for words in one.words:
            content = content.replace(words, "|")
        terms = context.terms(content)
        found = [told for document in documents for told in _told(context, document, one, terms)]
        if best := _best(found, alone=one.kind in _ALONE):
            return _said(context, best)
    return None


def _documents(context: QuestionContext) -> Iterator[Document]:
    """Yield the documents that may be asked of, whole, the nearest first; none of another place than the one named."""
    reader = PlaceReader(context.library, context.question.places or context.question.strangers)
    allowed = {
        one.id
        for one in context.documents()
        if one.genre is not Genre.PREFACE and not reader.is_of_another(one)
    }
    hits = context.library.find(
        context.question.text, k=_HITS, filter=context.filter(context.question.places)
    )
    nearest = dict.fromkeys(hit.document.id for hit in hits if hit.document.id in allowed)
    for name in list(nearest)[:_DOCUMENTS]:
        whole = context.library.document(name)
        if whole is not None:
            yield whole


def _told(
    context: QuestionContext, document: Document, asked: AskedParticular, terms: Terms
) -> Iterator[_Told]:
    if asked.kind in (CHAPTERS, PARTS):
        return
    if asked.kind in (ANSWERED_BY, SAID_BY):
        yield from _spoken(context, document, asked.kind, terms)
        return
    wanted = ParticularKind(asked.kind)
    if document.genre is Genre.REGULATION and wanted not in _OF_ANY:
        return  # what its articles say is answered as a by-law's
    number = int(parse_number(asked.number) or 0) if asked.number else 0
    title = fold(document.title)
    for one in particulars(document.text):
        if one.kind is not wanted or one.number != number:
            continue
        near = _near(one, document, title, terms)
        if near >= _NEAR or not terms.total:
            end = min(one.end, one.start + _LONGEST)
            yield _Told(document=document, start=one.start, end=end, near=near, rank=one.rank)


def _near(one: Particular, document: Document, title: str, terms: Terms) -> float:
    """Return how much of what is asked of is said where a particular stands."""
    if one.kind not in _OF_TASKS:
        return terms.coverage(title, title, fold(document.text[:400]))
    topic = fold(document.text[one.topic[0] : one.topic[1]])
    headings = [
        fold(document.text[section.start : section.body])
        for section in document.sections
        if section.start <= one.start < section.end
    ]
    return terms.coverage(topic, "|".join((topic, *headings)), "|".join((title, *headings)))


def _spoken(context: QuestionContext, document: Document, kind: str, terms: Terms) -> Iterator[_Told]:
    """Yield the turns that answer: those of the person named, or of those who spoke on what is asked."""
    text = document.text
    said = turns(text, text_lines(text))
    for one in said:
        if one.question < 0 or (kind == SAID_BY and not _named(one, context.question.folded)):
            continue
        asked = said[one.question]
        words = fold(text[asked.words : asked.end] + "|" + text[one.words : one.end])
        near = terms.coverage(words, words, fold(document.title))
        if near >= _NEAR:
            yield _Told(document=document, start=one.words, end=_shown(text, one), near=near, lead=one.who)


def _named(turn: SpeechTurn, folded: str) -> bool:
    """Tell whether a question names who speaks in a turn, with or without the office."""
    name = fold(turn.who)
    return name in folded or any(name.endswith(one) for one in _NAMED_SPEAKER.findall(folded))


def _shown(text: str, turn: SpeechTurn) -> int:
    spans = list(sentences(text[turn.words : turn.end]))[:_MOST_SENTENCES]
    return turn.words + spans[-1].end if spans else turn.end


def _best(found: Sequence[_Told], *, alone: bool) -> list[_Told]:
    """Return what answers: all of the nearest document of the lowest rank, or the one that stands out."""
    if not found:
        return []
    ranked = sorted(found, key=lambda one: (-one.near, one.rank))
    first = ranked[0]
    if alone:
        others = [one for one in ranked[1:] if first.near - one.near < _AHEAD and not _alike(first, one)]
        return [] if others else [first]
    if any(first.near == one.near and first.document.id != one.document.id for one in ranked):
        return []
    own = [one for one in ranked if one.document.id == first.document.id]
    lowest = min(one.rank for one in own)
    return [one for one in own if one.rank == lowest][:_MOST_SENTENCES]


def _alike(one: _Told, other: _Told) -> bool:
    """Tell whether two places say the same words, as a table and the text on it do."""
    mine = one.document.text[one.start : one.end]
    return mine == other.document.text[other.start : other.end]


def _said(context: QuestionContext, best: Sequence[_Told]) -> Answer | None:
    draft = AnswerDraft(context.question)
    for one in best:
        text = one.document.text
        passage = _passage(context, one)
        if passage is None:
            return None
        end = min(one.end, passage.end)
        lead = one.lead or context.called(one.document.place)
        words = text[one.start : end].strip().rstrip("；;")
        draft.say(words, draft.cite(one.document, passage, one.start, end), lead=lead)
    return draft.done()


def _passage(context: QuestionContext, one: _Told) -> Passage | None:
    return next((p for p in context.library.passages(one.document.id) if p.start <= one.start < p.end), None)
