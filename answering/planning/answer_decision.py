"""Whether what was found answers the question: boosted trees and a linear score over how it holds what is asked.

The mean of the two tells more than either: trees see which signals go together, the linear score is smoother.
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
from answering.scoring.linear_score import OddsScore, read_odds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer

FILE = "answer_weights.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerScore:
    """Two scores over ``NAMES``, each a log-odds, and the mean of them from which something is taken for an answer."""

    trees: BoostedTrees
    linear: OddsScore
    threshold: float

    def of(self, told: Sequence[float]) -> float:
        """Return the log-odds above the threshold."""
        linear = float(self.linear.of(np.array([told]))[0])
        return (self.trees.total(told) + linear) / 2 - self.threshold


def answers(desk: QuestionContext, ranking: Ranking, answer: Answer) -> bool:
    """Tell whether an answer that a search made is one to the question, and not something near it."""
    return learned_answers().of(answer_signals(desk, ranking, answer)) >= 0


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
