"""What a text tells of a topic: the block of text that is asked of, its head and the sentences behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.candidates.annotation import SentenceState, annotate
from answering.composition.facts import short_title
from answering.composition.several import head_of
from answering.evidence.lines import of_passage
from answering.evidence.passage_pools import speaker_of
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import phrase
from answering.question.message_classifier import load
from answering.question.scope import told_by
from answering.scoring.block_choice import chosen_block
from answering.scoring.key_sentences import key_sentences
from answering.scoring.list_choice import list_odds, scored_lists
from answering.scoring.part_choice import whole_asked
from answering.values.answer import Answer, Shape
from answering.values.hypothesis import QuestionKind
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.block_choice import ScoredBlock
    from answering.scoring.ranking import Ranking

_ROOM = 700  # characters of one answer
_SENTENCES = 8  # shown of a block
_LONG = 240  # characters from which only the first clauses of a sentence are shown
_SLIGHT = 0.3  # weight of all terms that is too little to ask of
_OF_TEXTS = (QuestionKind.OUTLINE.value, QuestionKind.SUMMARY.value)
_WHOLE = 0.5  # probability that a whole text is asked of, from which none of its blocks is
_OF_SUMMARY = -1.0  # log-odds from which a block is the summary asked for: of those at least .78 are right
_ONE_FACT = ("figure", "date", "person", "name", "place", "company", "organisation")


def told_of_topic(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the block of text that a question on a topic asks of; None where the odds are against any.

    What asks for one fact, for the rest of a list or for one of its members is left to others.
    """
    question = context.question
    if question.item or question.shown or ranking.reading.want.kind in _ONE_FACT:
        return None
    topic = load().without_words_for(question.content, "kind", _OF_TEXTS)
    if context.terms(topic).total < _SLIGHT or whole_asked(ranking) > _WHOLE:
        return None
    chosen = chosen_block(ranking)
    if chosen is None or chosen.odds <= _least(context, ranking):
        return None
    lines = _lines(context, chosen)
    if not lines:
        return None
    draft = AnswerDraft(question)
    lead = _lead(context, chosen, lines)
    for line in _shown(lines, ranking):
        draft.say(head_of(line.text, _LONG), draft.cite_line(line), lead=lead, level=1)
        lead = ""
    return replace(draft.done(), shape=Shape.LIST) if draft.statements else None


def _least(context: QuestionContext, ranking: Ranking) -> float:
    """Return the log-odds that a block needs: those of a list of a place asked of, where that is likelier to be asked for.

    What asks for a summary gets one of a larger part otherwise, which costs a reader more.
    """
    if context.hypothesis.kind is QuestionKind.SUMMARY:
        return _OF_SUMMARY
    lists, places = scored_lists(ranking), context.hypothesis.places
    if not lists or (places and speaker_of(lists[0].document, context.library.gazetteer) not in places):
        return 0.0
    return max(0.0, list_odds(lists[0]))


def _lines(context: QuestionContext, chosen: ScoredBlock) -> list[Line]:
    """Return the sentences of a block, in their order; none that gives orders to an answerer."""
    head = context.document(chosen.document.id)
    found = (line for passage in context.library.passages(head.id) for line in of_passage(passage, head))
    inside = [line for line in found if chosen.block.start <= line.start < chosen.block.end]
    return [line for line in inside if not told_by(line.folded)[1]]


def _shown(lines: Sequence[Line], ranking: Ranking) -> list[Line]:
    """Return the sentences to show: all of a short block, of a long one its first and those that stand for the others."""
    if len(lines) <= _SENTENCES and sum(min(len(line.text), _LONG) for line in lines) <= _ROOM:
        return list(lines)
    room = _ROOM - min(len(lines[0].text), _LONG)
    rest = key_sentences(lines[1:], ranking.reading.grams, most=_SENTENCES - 1, room=room)
    return [lines[0], *rest]


def _lead(context: QuestionContext, chosen: ScoredBlock, lines: Sequence[Line]) -> str:
    """Return what is told before a block: the place, the report's year, and that it is a target."""
    document = chosen.document
    place = context.called(speaker_of(document, context.library.gazetteer)) or short_title(document.title)
    if document.genre is not Genre.REPORT or document.year is None:
        return place
    states = [annotate(line.text, line.passage, document).state for line in lines]
    planned = 2 * sum(state is SentenceState.PLANNED for state in states) > len(states)
    key = "led_target" if planned else "led_report"
    return phrase(key, context.question.language, place=place, year=document.year)
