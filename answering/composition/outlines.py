"""The outline or the gist of a document, or of the part of one that is asked of: its headings and key sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.composition.facts import short_title
from answering.composition.several import head_of, with_count
from answering.evidence.lines import Line, of_passage
from answering.evidence.passage_pools import speaker_of
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import phrase
from answering.scoring.key_sentences import key_sentences
from answering.scoring.list_choice import asked_count
from answering.scoring.part_choice import chosen_part
from answering.values.answer import Answer, Language, Shape, StatementKind
from answering.values.hypothesis import QuestionKind
from retrieval.quantities import spell_count
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.scoring.part_choice import DocumentPart
    from answering.scoring.ranking import Ranking
    from retrieval.values.documents import Document, Section

_ITEMS = 16  # headings shown
_ROOM = 700  # characters of one answer
_ITEM = 60  # characters of a member of a list
_SENTENCE = 90  # characters of a key sentence
_KEY = 5  # key sentences of a part without headings
_PARAGRAPHS = 2  # of a part from which the sentences that open them are told
_OPENINGS = 8  # paragraphs told
_BRIEF = 24  # characters of a sentence that does no more than open its paragraph
_LEAST = 24  # characters of a key sentence below a heading, where headings leave room for one


def outlined(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the headings of the part that is asked of; None where it has none."""
    part = chosen_part(ranking, QuestionKind.OUTLINE)
    if part is None:
        return None
    return _headings(context, ranking, part) if part.children else _gist(context, ranking, part)


def counted_headings(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with how many headings the part has that is asked of, and with the headings; None where it has none."""
    part = chosen_part(ranking, QuestionKind.OUTLINE)
    made = outlined(context, ranking)
    if part is None or made is None or part.section is None or not part.children:
        return made
    return with_count(made, len(part.children))


def numbered_headings(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the headings below a part that has just as many as a question asks for: 抓的十个方面."""
    count = asked_count(context.question.folded)
    part = chosen_part(ranking, QuestionKind.OUTLINE) if count is not None else None
    if part is None or part.section is None or len(part.children) != count:
        return None
    return _headings(context, ranking, part)


def summed_up(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the headings of the part that is asked of and a key sentence of each, or with its key sentences."""
    part = chosen_part(ranking, QuestionKind.SUMMARY)
    if part is None:
        return None
    return _headings(context, ranking, part, gist=True) if part.children else _gist(context, ranking, part)


def _headings(
    context: QuestionContext, ranking: Ranking, part: DocumentPart, *, gist: bool = False
) -> Answer | None:
    """Return the headings below a part, of many the first; with ``gist`` a key sentence below each."""
    draft, lines = AnswerDraft(context.question), _lines(context, part.document)
    found = [(one, line) for one in part.children if (line := _heading(one, lines)) is not None]
    shown = found[:_ITEMS]
    if not shown:
        return None
    told = _called(context, part)
    _title(draft, part, lines, found, told)
    if gist:
        _overview(draft, context, ranking, part, lines)
    numbers = [draft.cite_line(line) for _, line in shown]
    heads = [_head(section, line, part) for section, line in shown]
    room = min(_SENTENCE, (_ROOM - sum(map(len, heads))) // max(1, len(shown)))
    for (section, _), head, number in zip(shown, heads, numbers, strict=True):
        draft.say(
            head, number, level=1, manner=StatementKind.QUOTED if part.listed else StatementKind.HEADING
        )
        if gist and room >= _LEAST:
            inside = [one for one in lines if section.body <= one.start < section.end]
            for key in key_sentences(inside, ranking.reading.grams, most=1, room=_ROOM):
                draft.say(head_of(key.text, room), draft.cite_line(key), level=1)
    if len(found) > len(shown):
        rest = phrase("more_items", draft.language, count=len(found) - len(shown))
        draft.say(rest, manner=StatementKind.FRAME)
    return replace(draft.done(), shape=Shape.LIST)


def _title(
    draft: AnswerDraft,
    part: DocumentPart,
    lines: Sequence[Line],
    found: Sequence[tuple[Section, Line]],
    told: str,
) -> None:
    """Say how many parts a whole document has, or the heading of a part that has headings below it."""
    if part.section is None:
        count = str(len(found)) if draft.language is Language.EN else spell_count(len(found))
        numbers = [draft.cite_line(line) for _, line in found[:_ITEMS]]
        draft.say(
            phrase("parts", draft.language, count=count), *numbers, lead=told, manner=StatementKind.FRAME
        )
        return
    title = _heading(part.section, lines)
    if title is not None and title.key != found[0][1].key:
        draft.say(head_of(title.text, _SENTENCE), draft.cite_line(title), lead=told)


def _overview(
    draft: AnswerDraft, context: QuestionContext, ranking: Ranking, part: DocumentPart, lines: Sequence[Line]
) -> None:
    """Say the sentence that stands for what a part tells before its first heading."""
    first = min(one.start for one in part.children)
    before = [one for one in lines if part.start <= one.start < first] if part.section is not None else []
    figured = [one for one in before if one.figures] or before
    for key in key_sentences(figured, ranking.reading.grams, most=1, room=_ROOM):
        lead = "" if draft.statements else _called(context, part)
        draft.say(head_of(key.text, _ROOM // _KEY), draft.cite_line(key), lead=lead)


def _head(section: Section, line: Line, part: DocumentPart) -> str:
    """Return the words of a heading, or the head of a member of a list that stands inside a line."""
    if not part.listed:
        return line.text
    return head_of(line.text[max(0, section.start - line.start) :], _ITEM)


def _gist(context: QuestionContext, ranking: Ranking, part: DocumentPart) -> Answer | None:
    """Return the heading of a part and its key sentences."""
    lines = _lines(context, part.document)
    draft, told = AnswerDraft(context.question), _called(context, part)
    end = part.end if part.end is not None else max((one.end for one in lines), default=0)
    heading = _heading(part.section, lines) if part.section else None
    if heading is not None:
        draft.say(heading.text, draft.cite_line(heading), lead=told, manner=StatementKind.HEADING)
    inside = [one for one in lines if part.start <= one.start < end]
    for key in _spoken_for(context, inside, part.document, _unheaded(ranking, part)):
        draft.say(head_of(key.text, _ROOM // _KEY), draft.cite_line(key), level=1)
    return replace(draft.done(), shape=Shape.LIST) if draft.statements else None


def _spoken_for(
    context: QuestionContext, inside: Sequence[Line], document: Document, grams: dict[str, float]
) -> list[Line]:
    """Return the sentences that stand for a stretch of text: of several paragraphs those that open them.

    Where a paragraph opens with a few words (扩大渔港。), its key sentence is told as well, while there is room.
    """
    paragraphs = _paragraphs(context, inside, document)
    if len(paragraphs) < _PARAGRAPHS:
        return key_sentences(inside, grams, most=_KEY, room=_ROOM)
    shown = paragraphs[:_OPENINGS]
    room = _ROOM - sum(min(len(lines[0].text), _ROOM // _KEY) for lines in shown)
    found: list[Line] = []
    for lines in shown:
        found.append(lines[0])
        for key in key_sentences(lines[1:], grams, most=1, room=room) if len(lines[0].text) <= _BRIEF else ():
            if len(key.text) <= room:
                found.append(key)
                room -= len(key.text)
    return found


def _paragraphs(context: QuestionContext, inside: Sequence[Line], document: Document) -> list[list[Line]]:
    """Return the sentences of each paragraph, headings left out."""
    whole = context.library.document(document.id)
    text = whole.text if whole is not None else ""
    found: list[list[Line]] = []
    last = -1
    for line in (one for one in inside if not one.is_heading):
        if not found or "\n" in text[last : line.start]:
            found.append([])
        found[-1].append(line)
        last = line.end
    return found


def _unheaded(ranking: Ranking, part: DocumentPart) -> dict[str, float]:
    """Return the pairs of characters asked for that the headings of a part do not hold themselves."""
    heads = "|".join(part.path)
    return {gram: weight for gram, weight in ranking.reading.grams.items() if gram not in heads}


def _lines(context: QuestionContext, document: Document) -> list[Line]:
    return [
        line for passage in context.library.passages(document.id) for line in of_passage(passage, document)
    ]


def _heading(section: Section | None, lines: Sequence[Line]) -> Line | None:
    """Return the line of a heading: where it runs on in its paragraph, the first sentence."""
    if section is None:
        return None
    return next((one for one in lines if section.start < one.end), None)


def _called(context: QuestionContext, part: DocumentPart) -> str:
    document = part.document
    place = context.called(speaker_of(document, context.library.gazetteer)) or short_title(document.title)
    if document.genre is not Genre.REPORT or document.year is None:
        return place
    return phrase("led_report", context.question.language, place=place, year=document.year)
