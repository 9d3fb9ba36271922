"""Whether what was found answers the question: boosted trees and a linear score over how it holds what is asked.

The mean of the two tells more than either: trees see which signals go together, the linear score is smoother. The
best sentence's own odds are added: they were learned on more kinds of texts. What networks over question and
sentence make of an answer of one sentence is added last: they were fitted beside the others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from answering.judge.trees import BoostedTrees
from answering.planning.answer_signals import NAMES, answer_signals
from answering.planning.sentence_telling import telling
from answering.scoring.linear_score import OddsScore, read_odds
from answering.values.hypothesis import QuestionKind
from retrieval.quantities.units import orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.question.intent import ExpectedAnswer
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer

FILE = "answer_weights.json"
_ODDS = NAMES.index("odds")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerScore:
    """Two scores over ``NAMES``, each a log-odds, and what their mean and the sentence's odds make at least."""

    trees: BoostedTrees
    linear: OddsScore
    threshold: float

    def of(self, told: Sequence[float]) -> float:
        """Return the log-odds above the threshold."""
        linear = float(self.linear.of(np.array([told]))[0])
        return (self.trees.total(told) + linear) / 2 + told[_ODDS] - self.threshold


def answers(desk: QuestionContext, ranking: Ranking, answer: Answer, composer: str) -> bool:
    """Tell whether what a composer answers is an answer to the question, and not something near it.

    What asks of the library itself, a rank, a rhythm or a number that names (3号线), of which too few were learned
    on, is left to what demands them. It was fitted with vectors, and refuses too much without.
    """
    if desk.hypothesis.kind is QuestionKind.LIBRARY or _names_an_order(desk.question.want):
        return True
    if not desk.library.embedder:
        return True
    odds = learned_answers().of(answer_signals(desk, ranking, answer, composer))
    return odds + telling(desk, ranking, answer, composer) >= 0


def _names_an_order(want: ExpectedAnswer) -> bool:
    return want.kind in ("rank", "frequency") or (want.named and orders(want.units[0]))


@cache
def learned_answers() -> AnswerScore:
    """Return the scores that ship. Raises ValueError where the trees were fitted on other signals."""
    told = json.loads(files("answering").joinpath("data", FILE).read_text("utf-8"))
    if tuple(told["signals"]) != NAMES:
        raise ValueError(FILE)
    return AnswerScore(
        trees=BoostedTrees.read(told["trees"]),
        linear=read_odds(FILE, NAMES, "signals"),
        threshold=float(told["threshold"]),
    )
