"""What a term means: a note of a document, or a sentence that explains it, led by whose text it is.

A term that the texts of the place asked of don't explain is explained by those of another, which are named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.candidates.glossary import counted, explained, glossary, note_sections, quoted_terms
from answering.composition.facts import short_title
from answering.composition.several import head_of
from answering.evidence.lines import document_lines
from answering.evidence.passage_pools import speaker_of
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import phrase
from answering.scoring.list_choice import asked_count
from answering.values.answer import Language
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answering.candidates.glossary import GlossaryEntry
    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer
    from retrieval.values.documents import Document

_DOCUMENTS = 24  # whose notes are looked at
_HITS = 24  # passages in which a term is looked for
_LOOKED_AT = 48  # sentences in which terms in quotation marks are looked for
_TERMS = 4  # explained in one answer
_ROOM = 400  # characters of one explanation
_LEAST = 60
_LONG = 160  # characters of a sentence from which its clause that names the term is shown
_NEAR = 120  # characters of a note that are compared with an English question
_NOTE = 1.2  # what a note counts against a sentence that explains a term, from 0 to 1
_OWN = 0.5  # what a text of a place asked of counts more
_FRESH = 0.01  # what a year counts more


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Words of a document that explain ``key``; ``text[start:end]`` of the document."""

    key: str
    document: Document  # whole
    start: int
    end: int
    worth: float


def defined(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with what the terms of a question mean; None where no text held explains any of them."""
    found = sorted(_explanations(context, ranking), key=lambda one: -one.worth)
    best: dict[str, Explanation] = {}
    for one in found:
        best.setdefault(one.key, one)
    asked = _bare(context.question.folded)
    kept = [one for key, one in best.items() if not any(key in other and key != other for other in best)]
    kept.sort(key=lambda one: asked.find(one.key))
    draft = AnswerDraft(context.question)
    for one in kept[:_TERMS]:
        _say(draft, context, one)
    return draft.done() if draft.statements else None


def members_defined(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with a term's explanation where a question asks for as many members as the term counts: 三区是哪三个."""
    asked = _bare(context.question.folded)
    keys = {one.key for one in _noted(context, ranking)}
    counts = {key for key in keys if counted(key) and asked_count(asked.replace(key, "|", 1)) == counted(key)}
    return defined(context, ranking) if counts else None


def _bare(folded: str) -> str:
    return "".join(char for char in folded if char not in '“”"「」『』')


def _explanations(context: QuestionContext, ranking: Ranking) -> Iterator[Explanation]:
    yield from _noted(context, ranking)
    for key in _keys(context, ranking):
        yield from _told(context, key)


def _noted(context: QuestionContext, ranking: Ranking) -> Iterator[Explanation]:
    """Yield the notes on terms of the question, of the documents that were found or speak for a place asked of."""
    asked = _bare(context.question.folded)
    for document in _documents(context, ranking):
        entries = glossary(document)
        if context.question.language is Language.EN and (near := _nearest(context, document)) is not None:
            entries = (replace(near, keys=(asked,)),)
        for entry in entries:
            key = max((key for key in entry.keys if key in asked), key=len, default="")
            if key:
                worth = _NOTE + _standing(context, document)
                yield Explanation(key=key, document=document, start=entry.start, end=entry.end, worth=worth)


def _nearest(context: QuestionContext, document: Document) -> GlossaryEntry | None:
    """Return the note that is nearest to an English question, where its term and the whole of it both are."""
    entries = glossary(document)
    own = speaker_of(document, context.library.gazetteer) in context.hypothesis.places
    terms = context.library.nearness(context.question.asked, [one.term for one in entries]) if own else None
    texts = [document.text[one.start : one.end][:_NEAR] for one in entries]
    wholes = context.library.nearness(context.question.asked, texts) if terms else None
    if not terms or not wholes:
        return None
    first = terms.index(max(terms))
    return entries[first] if first == wholes.index(max(wholes)) else None


def _documents(context: QuestionContext, ranking: Ranking) -> Iterator[Document]:
    places = context.hypothesis.places
    own = [d for d in context.documents() if speaker_of(d, context.library.gazetteer) in places]
    found = [one.line.document for one in ranking.candidates]
    noted = [d for d in context.library.documents() if note_sections(d)]
    names = dict.fromkeys(d.id for d in (*own, *found, *noted) if note_sections(d))
    for name in list(names)[:_DOCUMENTS]:
        whole = context.library.document(name)
        if whole is not None:
            yield whole


def _keys(context: QuestionContext, ranking: Ranking) -> list[str]:
    """Return what the question puts in quotation marks, or else what the sentences found do and it names."""
    own = [_bare(key) for key in context.hypothesis.quoted]
    if own:
        return own
    asked = _bare(context.question.folded)
    found = (quoted_terms(one.candidate.line.folded) for one in ranking.best[:_LOOKED_AT])
    return list(dict.fromkeys(key for keys in found for key in keys if key in asked))


def _told(context: QuestionContext, key: str) -> Iterator[Explanation]:
    """Yield the sentences that explain a term."""
    places = context.question.places
    lines = [*context.search(key, places=places, k=_HITS), *(context.search(key, k=_HITS) if places else ())]
    for line in {
        line.key: line for line in lines if not line.is_heading and key in _bare(line.folded)
    }.values():
        near = document_lines(line, context.library)
        after = next((one for one in near if one.start >= line.end), None)
        follows = after if after is not None and after.passage.heading == line.passage.heading else None
        alone = explained(line.folded, key)
        worth = alone or explained(line.folded, key, fold(follows.text) if follows else "")
        whole = context.library.document(line.document.id)
        if worth and whole is not None:
            end = line.end if alone or follows is None else follows.end
            start, end = _clipped(whole, key, line.start, end)
            worth += _standing(context, whole)
            yield Explanation(key=key, document=whole, start=start, end=end, worth=worth)


def _clipped(document: Document, key: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a long explanation from the clause that names the term to the next stop."""
    if end - start <= _LONG:
        return start, end
    folded = fold(document.text[start:end])
    at = max(0, folded.find(key))
    first = max(folded.rfind(mark, 0, at) for mark in ",;:。\n") + 1
    stops = [stop for mark in ";。" if (stop := folded.find(mark, at)) >= 0]
    return start + first, start + min(stops, default=len(folded))


def _standing(context: QuestionContext, document: Document) -> float:
    """Return what a document counts by its place and year."""
    hypothesis = context.hypothesis
    own = speaker_of(document, context.library.gazetteer) in hypothesis.places
    dated = document.year in hypothesis.years if hypothesis.years else False
    return _OWN * own + _OWN * dated + _FRESH * ((document.year or 2000) - 2000)


def _say(draft: AnswerDraft, context: QuestionContext, one: Explanation) -> None:
    """Say an explanation, one statement for each passage that it stands in."""
    lead, left = _lead(context, one.document), _ROOM
    for passage in context.library.passages(one.document.id):
        start, end = max(passage.start, one.start), min(passage.end, one.end)
        text = "".join(one.document.text[start:end].split()) if start < end else ""
        if text and left > 0:
            shown = head_of(text, max(left, _LEAST))
            draft.say(shown, draft.cite(one.document, passage, start, end), lead=lead)
            lead, left = "", left - len(shown)


def _lead(context: QuestionContext, document: Document) -> str:
    place = context.called(speaker_of(document, context.library.gazetteer)) or short_title(document.title)
    if document.genre is not Genre.REPORT or document.year is None:
        return place
    return phrase("led_report", context.question.language, place=place, year=document.year)
