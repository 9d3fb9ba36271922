"""The ranked candidates of one question, and how surely the best of them answers it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from answering.candidates.sentence_candidates import SentenceCandidate, sentence_candidates
from answering.judge.nearness import Nearness
from answering.scoring.abstention import answer_odds, signals
from answering.scoring.ranker import ScoredCandidate, ranked
from answering.scoring.second_look import looked_at_again
from answering.scoring.sentence_features import QuestionWords, reading_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext


@dataclass(frozen=True, eq=False)
class Ranking:
    """The sentences found for one question, ranked when they are first asked for."""

    context: QuestionContext

    @cached_property
    def reading(self) -> QuestionWords:
        """What the sentences are compared with."""
        return reading_of(self.context)

    @cached_property
    def nearness(self) -> Nearness:
        """What tells how near the pieces of texts are; keeps those of the question."""
        return Nearness(self.context.library.text_embedder)

    @cached_property
    def candidates(self) -> Sequence[SentenceCandidate]:
        """The sentences, in the order of their passages."""
        return sentence_candidates(self.context)

    @cached_property
    def first(self) -> Sequence[ScoredCandidate]:
        """The sentences as the first score ranks them."""
        return ranked(self.reading, self.candidates)

    @cached_property
    def best(self) -> Sequence[ScoredCandidate]:
        """The sentences, the best first."""
        return looked_at_again(self.reading, self.first, self.context.library)

    @cached_property
    def odds(self) -> float:
        """The log-odds that the best sentence answers; above 0 it is taken to."""
        if not self.best:
            return float("-inf")
        return answer_odds(signals(self.reading, self.best, self.context.library))
