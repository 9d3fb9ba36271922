"""Training questions with their candidate sentences, as features, and which of them hold the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

from answering.evidence.context import QuestionContext, known_of
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.scoring.ranking import Ranking
from evaluation.datasets.material import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from answering.candidates.sentence_candidates import SentenceCandidate
    from evaluation.datasets.training_questions import TrainingQuestion
    from retrieval import Library

_LEAST = 8  # characters of a sentence that counts as held by a longer quotation
_SHARED = 0.6  # of a quotation in one run: the sentence holds it


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceExample:
    """One question with its candidates, in the order of the first score that ships."""

    question: TrainingQuestion
    ranking: Ranking
    rows: NDArray[np.float64]  # (candidates, features)
    labels: NDArray[np.float64]  # 1 for a candidate that holds evidence

    @property
    def document(self) -> str:
        """The file of its first evidence, by which examples are split; "" without evidence."""
        return self.question.files[0] if self.question.files else ""

    @property
    def answerable(self) -> bool:
        """Whether a text answers it."""
        return bool(self.question.quotes)

    @property
    def single(self) -> bool:
        """Whether one sentence is its evidence."""
        return len(set(self.question.files)) == 1 and (
            len(self.question.quotes) == 1 or not self.question.whole
        )


def examples(library: Library, asked: Iterable[TrainingQuestion]) -> Iterator[SentenceExample]:
    """Yield the questions that a search of the library can answer, in their order.

    Those whose files the library does not hold are left out.
    """
    known, words = known_of(library), thesaurus.load()
    held = {document.source.rpartition("/")[2] for document in library.documents()}
    for one in asked:
        frame, (hypothesis, *_) = readings_of(one.text, one.history, known=known)[0]
        if not frame.reason and held.issuperset(one.files):
            ranking = Ranking(QuestionContext(frame, library, words, hypothesis))
            yield SentenceExample(
                question=one,
                ranking=ranking,
                rows=np.array([x.row for x in ranking.first]),
                labels=np.array([float(answers(x.candidate, one)) for x in ranking.first]),
            )


def answers(candidate: SentenceCandidate, question: TrainingQuestion) -> bool:
    """Tell whether a sentence holds a quotation that answers, in the file that it is of."""
    line = candidate.line
    file, text = line.document.source.rpartition("/")[2], squeezed(line.text)
    quotes = (quote for name, quote in zip(question.files, question.quotes, strict=True) if name == file)
    return any(holds(text, quote) if question.whole else quote in text for quote in quotes)


def holds(sentence: str, quote: str) -> bool:
    """Tell whether a sentence holds a quotation, is held by it, or shares most of it in one run."""
    if not sentence or not quote:
        return False
    if quote in sentence or (len(sentence) >= _LEAST and sentence in quote):
        return True
    matcher = SequenceMatcher(None, quote, sentence, autojunk=False)
    return matcher.find_longest_match().size >= _SHARED * len(quote)
