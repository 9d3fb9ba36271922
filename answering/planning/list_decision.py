"""Whether a list or a block of text answers a question, or only speaks of something near it: a learned score.

What chooses a list or a block compares those that there are; here it is asked whether what is asked for is in it.
The weights are fitted by ``python -m evaluation.training.learners.list_fit``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.composition.several import SEVERAL
from answering.planning.answer_signals import NAMES, answer_signals
from answering.scoring.linear_score import OddsScore, read_odds
from answering.values.answer import Language, StatementKind
from answering.values.hypothesis import QuestionKind
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer

FILE = "list_answer_weights.json"
COMPOSERS = ("several", "told_of_topic", "outlined", "summed_up")
_OWN = ("unseen", "of_text", "near")
_READ = 160  # characters of what is shown that its vector is made of
_TOLD = (
    "cover_shown", "cover_said", "cover_around", "grams_shown", "grams_said", "grams_around", "grams_text",
    "lost_said", "lost_around", "lost_text", "lost_seen", "known_lost", "known_lost_around", "needed_lost",
    "gap_said", "gap_around", "gap_text", "gap_rarity", "gap_near", "tail_said", "tail_shown", "tail_around", "lead_said",
    "rarest_shown", "rarest_said", "rarest_around", "rarest_text",
    "place_missing", "place_apart", "heading_said", "title_said", "document_named",
)  # fmt: skip
LIST_SIGNALS = (
    *_OWN,
    *_TOLD,
)  # how a question is put is none of them: of few questions it would tell too much


def is_asked_to_answer(desk: QuestionContext, composer: str) -> bool:
    """Tell whether it is asked of what a composer found whether it answers: of several things, or where they are asked for."""
    return composer in COMPOSERS or (composer == "fact" and desk.hypothesis.kind in SEVERAL)


def list_signals(desk: QuestionContext, ranking: Ranking, answer: Answer, composer: str) -> list[float]:
    """Return what tells a list that answers from one near it, by ``LIST_SIGNALS``."""
    told = dict(zip(NAMES, answer_signals(desk, ranking, answer, composer), strict=True))
    told["of_text"] = float(desk.hypothesis.kind in (QuestionKind.OUTLINE, QuestionKind.SUMMARY))
    told["unseen"] = ranking.reading.unseen
    shown = "|".join(one.text for one in answer.statements if one.manner is not StatementKind.FRAME)
    near = desk.library.nearness(ranking.reading.sought, [fold(shown)[:_READ]])
    told["near"] = 10 * (near[0] - 0.8) if near else 0.0
    return [told[name] for name in LIST_SIGNALS]


def list_answers(desk: QuestionContext, ranking: Ranking, answer: Answer, composer: str) -> bool:
    """Tell whether a list or block of a report answers; of other texts, in English and without vectors all do.

    It was fitted on reports: in a few speeches, many words of a question are in no text that answers it.
    """
    if not desk.library.embedder or desk.question.language is Language.EN:
        return True
    told = (desk.library.document(name) for name in dict.fromkeys(one.document for one in answer.citations))
    if not any(one is not None and one.genre is Genre.REPORT for one in told):
        return True
    row = np.array([list_signals(desk, ranking, answer, composer)])
    return float(_odds().of(row)[0]) >= 0


@cache
def _odds() -> OddsScore:
    return read_odds(FILE, LIST_SIGNALS)
