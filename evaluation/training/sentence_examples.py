"""Training questions with their candidate sentences, as features, and which of them hold the evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

from answering.evidence.context import QuestionContext, known_of
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.scoring.ranking import Ranking
from answering.values.answer import Turn
from evaluation.datasets.material import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from retrieval import Library

_SEVERAL = ("list", "howwhy", "outline", "procedure")
_LEAST = 8  # characters of a sentence that counts as held by a longer quotation
_SHARED = 0.6  # of a quotation in one run: the sentence holds it


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceExample:
    """One question with its candidates."""

    id: str
    document: str  # of its first evidence, by which examples are split; "" without evidence
    answerable: bool
    single: bool  # one sentence is its evidence
    several: bool  # it asks for several things: a list, measures or reasons, an outline
    quotes: tuple[str, ...]  # its evidence, without white space
    ranking: Ranking
    rows: NDArray[np.float64]  # (candidates, features)
    labels: NDArray[np.float64]  # 1 for a candidate that holds evidence


def examples(library: Library, paths: Iterable[Path]) -> Iterator[SentenceExample]:
    """Yield the questions of these files that a search can answer, in their order."""
    known, words = known_of(library), thesaurus.load()
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            history = [Turn(role=one["role"], content=one["content"]) for one in told["history"]]
            frame, (hypothesis, *_) = readings_of(told["question"], history, known=known)[0]
            if not frame.reason:
                yield _example(told, Ranking(QuestionContext(frame, library, words, hypothesis)))


def _example(told: Mapping[str, object], ranking: Ranking) -> SentenceExample:
    gold = told["gold"]
    assert isinstance(gold, list)
    quotes = [squeezed(one["quote"]) for one in gold]
    best = ranking.best
    labels = [float(any(holds(squeezed(x.candidate.line.text), q) for q in quotes)) for x in best]
    return SentenceExample(
        id=str(told["id"]),
        document=str(gold[0]["doc"]) if gold else "",
        answerable=bool(told["answerable"]),
        single=len(gold) == 1,
        several=told["type"] in _SEVERAL,
        quotes=tuple(quotes),
        ranking=ranking,
        rows=np.array([x.row for x in best]),
        labels=np.array(labels),
    )


def holds(sentence: str, quote: str) -> bool:
    """Tell whether a sentence holds a quotation, is held by it, or shares most of it in one run."""
    if not sentence or not quote:
        return False
    if quote in sentence or (len(sentence) >= _LEAST and sentence in quote):
        return True
    matcher = SequenceMatcher(None, quote, sentence, autojunk=False)
    return matcher.find_longest_match().size >= _SHARED * len(quote)
