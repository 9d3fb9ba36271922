"""How many items a list has: those of the list that is asked of, counted by code and shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.composition.several import listed
from answering.lexicon.phrases import phrase
from answering.scoring.list_choice import list_odds, scored_lists
from answering.values.answer import Computation, Outcome, Statement, StatementKind

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer


def counted_items(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the number of a list's items and the items; None where no list is taken to be asked of."""
    lists = scored_lists(ranking)
    if not lists or list_odds(lists[0]) <= 0:
        return None
    answer = listed(context, ranking, lists[0])
    if answer is None:
        return None
    count = len(lists[0].structure.items)
    cited = tuple(dict.fromkeys(n for s in answer.statements for n in s.citations))
    words = phrase("counted", answer.language, count=count)
    first = Statement(text=words, citations=cited, manner=StatementKind.COMPUTED)
    return replace(
        answer,
        outcome=Outcome.COMPUTED,
        statements=(first, *answer.statements),
        computed=(Computation(value=count, op="count", of=(1.0,) * count),),
    )
