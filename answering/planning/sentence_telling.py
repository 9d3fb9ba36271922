"""Whether a sentence tells what a question asks: the pieces of both laid side by side, and small networks over them.

They read a Chinese question and one sentence. What is answered with several sentences, places or a heading, and
what is asked in English, they were not fitted on; there, and where no embedder tells pieces apart, they say nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from answering.judge import ClaimEvidence
from answering.judge.meaning import MeaningNetwork, entailment
from answering.values.answer import Language

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer

WEIGHTS = Path(__file__).parents[1] / "data" / "telling_network.npz"
SHARE = WEIGHTS.with_name("telling_weights.json")
OF_ONE_SENTENCE = frozenset(("fact", "figure", "agreed"))  # composers
_READ = 2  # sentences that an answer rests on that are read; the one that tells it best counts
_ASKED, _QUOTED, _HEADED = 80, 200, 30  # characters that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingShare:
    """What the networks' log-odds add to the decision on an answer: ``weight`` × odds − ``middle``."""

    weight: float
    middle: float

    def of(self, odds: float) -> float:
        """Return what log-odds add."""
        return self.weight * odds - self.middle


def telling(desk: QuestionContext, ranking: Ranking, answer: Answer, composer: str) -> float:
    """Return what is added to the log-odds that an answer answers; 0 where the networks say nothing."""
    if composer not in OF_ONE_SENTENCE or desk.question.language is Language.EN:
        return 0.0
    asked = question_read(desk, ranking)
    odds = [
        entailment(asked, [one], ranking.nearness, learned_telling()) for one in sentences_read(desk, answer)
    ]
    told = [one for one in odds if one is not None]
    return learned_share().of(max(told)) if told else 0.0


def question_read(desk: QuestionContext, ranking: Ranking) -> str:
    """Return the words of a question that are compared; of one that leans on those before it, what was sought."""
    return (ranking.reading.sought if desk.hypothesis.carried else desk.question.asked)[:_ASKED]


def sentences_read(desk: QuestionContext, answer: Answer) -> list[ClaimEvidence]:
    """Return the sentences that an answer rests on, with what they tell of."""
    held = (desk.seen.get((one.document, one.start)) for one in answer.citations)
    return [sentence_read(line) for line in held if line is not None][:_READ]


def sentence_read(line: Line) -> ClaimEvidence:
    """Return a sentence as it is compared: behind its place, its year and the last headings over it."""
    heading = "·".join((line.document.title, *line.passage.heading)[-2:])
    return told_evidence(line.text, heading, line.document.place or "", line.document.year)


def told_evidence(quote: str, heading: str = "", place: str = "", year: int | None = None) -> ClaimEvidence:
    """Return a sentence as it is compared."""
    return ClaimEvidence(quote=quote[:_QUOTED], heading=heading[-_HEADED:], place=place, year=year)


@cache
def learned_telling() -> tuple[MeaningNetwork, ...]:
    """Return the networks that ship."""
    return MeaningNetwork.read(WEIGHTS)


@cache
def learned_share() -> TellingShare:
    """Return the share that ships."""
    told = json.loads(SHARE.read_text("utf-8"))
    return TellingShare(weight=told["weight"], middle=told["middle"])
