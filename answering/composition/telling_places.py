"""Which places tell of a thing, and how many: all that do by name, each with its sentence, of many the first ones."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.composition.facts import led
from answering.evidence.place_set import asked_of
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.sentence_selection import SelectedSentence, select
from answering.lexicon.phrases import join, phrase
from answering.question.intent import ExpectedAnswer
from answering.question.operation import COUNT
from answering.scoring.place_presence import places_telling
from answering.values.answer import Answer, Computation, Outcome, Shape, StatementKind
from retrieval.text.normalize import Span

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.scoring.place_presence import PlaceEvidence
    from answering.scoring.ranking import Ranking

_SHOWN = 8  # places whose sentence is shown
_WHOLE = 120  # characters: a sentence this short is shown whole
_EITHER = re.compile(r"[”》](或|或者|还是)[“《]")


def telling_places(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the places that tell of what is asked; None where none is taken to."""
    told = places_telling(context, asked_of(context), either=bool(_EITHER.search(context.question.folded)))
    if not told:
        return None
    draft = AnswerDraft(context.question)
    numbers = [draft.cite_line(one.line) for one in told]
    names = join(tuple(context.called(one.place) for one in told), draft.language)
    counted = bool(COUNT.search(context.question.folded))
    words = phrase("mentioned" if counted else "mention", draft.language, places=names, count=len(told))
    draft.say(words, *numbers, manner=StatementKind.FRAME)
    if counted:
        draft.computed.append(Computation(value=len(told), op="count", of=(1.0,) * len(told)))
    for one in told[:_SHOWN]:
        draft.quote(_shown(one, ranking), lead=led(context, one.best), level=1)
    if len(told) > _SHOWN:
        rest = phrase("more_items", draft.language, count=len(told) - _SHOWN)
        draft.say(rest, manner=StatementKind.FRAME)
    return replace(draft.done(Outcome.COMPUTED if counted else Outcome.ANSWERED), shape=Shape.LIST)


def counted_places(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer how many places tell of what is asked, and which; None where no places are counted."""
    every = context.hypothesis.everywhere and not context.question.places
    return telling_places(context, ranking) if every and COUNT.search(context.question.folded) else None


def _shown(one: PlaceEvidence, ranking: Ranking) -> SelectedSentence:
    """Return a sentence whole, or of a long one the clauses that tell of what is asked."""
    line = one.line
    if len(line.text) > _WHOLE and (found := select(line, ranking.reading.terms, ExpectedAnswer())):
        return found
    return SelectedSentence(line, Span(0, len(line.text)), 0.0)
