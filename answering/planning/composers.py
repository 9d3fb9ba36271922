"""Which composers may answer a question of each kind, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from answering.composition.comparison import compared, summed
from answering.composition.definitions import defined, members_defined
from answering.composition.facts import agreed, fact
from answering.composition.fitting_places import fitting_places
from answering.composition.library_contents import library_contents, one_report
from answering.composition.outlines import (
    counted_headings,
    numbered_headings,
    outlined,
    summed_up,
)
from answering.composition.several import announced_list, counted_items, several
from answering.composition.telling_places import counted_places, telling_places
from answering.composition.topic import told_of_topic
from answering.composition.unplaced import each_place
from answering.composition.yes_no import yes_or_no
from answering.extractive import outline
from answering.figures.figure_answer import figure
from answering.question.intent import Intent
from answering.scoring.ranking import Ranking
from answering.values.hypothesis import QuestionKind

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.values.answer import Answer

Composer = Callable[["QuestionContext", Ranking], "Answer | None"]


def _without_ranking(way: Callable[[QuestionContext], Answer | None]) -> Composer:
    return lambda context, _: way(context)


def _outline(context: QuestionContext, ranking: Ranking) -> Answer | None:
    del ranking
    ways = {
        Intent.TITLE: (outline.title,),
        Intent.CORPUS: (outline.corpus,),
        Intent.OUTLINE: (outline.headings_with,),
    }
    made = (way(context) for way in ways.get(context.question.intent, ()))
    return next((answer for answer in made if answer is not None), None)


def _title(context: QuestionContext, ranking: Ranking) -> Answer | None:
    return _outline(context, ranking) if context.question.intent is Intent.TITLE else None


_NAMED_HEADINGS = _without_ranking(outline.headings_with)

# These tell of a text, or count a list of it, whatever else a question asks.
OF_WHOLE_TEXTS = frozenset((outlined, counted_headings, summed_up, counted_items))

_FACT: tuple[Composer, ...] = (
    _outline,
    _NAMED_HEADINGS,
    summed,
    announced_list,
    each_place,
    figure,
    fact,
    agreed,
    told_of_topic,
)
_SEVERAL: tuple[Composer, ...] = (
    _outline,
    _NAMED_HEADINGS,
    members_defined,
    numbered_headings,
    several,
    told_of_topic,
    fact,
)
_HOW: tuple[Composer, ...] = tuple(dict.fromkeys((*_SEVERAL[:-3], told_of_topic, *_SEVERAL)))

COMPOSERS: Mapping[QuestionKind, tuple[Composer, ...]] = {
    QuestionKind.FACT: _FACT,
    QuestionKind.LIST: _SEVERAL,
    QuestionKind.HOW: _HOW,
    QuestionKind.OUTLINE: (_title, _NAMED_HEADINGS, outlined, _outline, *_SEVERAL),
    QuestionKind.SUMMARY: (_NAMED_HEADINGS, told_of_topic, summed_up, _outline, *_SEVERAL),
    QuestionKind.DEFINITION: (defined, *_FACT),
    QuestionKind.COMPARISON: (_outline, compared, fact),
    QuestionKind.WHICH_PLACES: (fitting_places, _outline, telling_places),
    QuestionKind.COUNT: (
        fitting_places,
        _outline,
        _NAMED_HEADINGS,
        counted_places,
        summed,
        figure,  # a number that a text tells goes before headings counted
        counted_headings,
        fact,
        counted_items,
    ),
    QuestionKind.YES_NO: (yes_or_no,),
    QuestionKind.RULE: _FACT,
    QuestionKind.CLAIM: _FACT,
    QuestionKind.PROMISE: _FACT,
    QuestionKind.LIBRARY: (one_report, _outline, library_contents),
}
