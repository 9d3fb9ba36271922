"""The shared scorer is run from where it stands, on the records that a batch writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.answer import Answer, Citation, Outcome
from bot.presentation.answer_records import answer_record
from evaluation.datasets.material import SharedMaterial
from evaluation.reporting.shared_scorer import Scorer

if TYPE_CHECKING:
    from pathlib import Path

ASKED = [
    {
        "id": "1",
        "type": "single",
        "question": "青禾市修了多少条路？",
        "answerable": True,
        "facts": [["12条"]],
        "gold": [{"city": "青禾市", "section": "一", "point": None}],
    },
    {"id": "2", "type": "oos", "question": "写首诗", "answerable": False, "facts": [], "gold": []},
]


def cited() -> Answer:
    citation = Citation(
        number=1,
        document="d",
        passage="d-1",
        start=0,
        end=7,
        quote="修了12条路。",
        title="t",
        place="青禾市",
        year=2030,
        date=None,
        section="一",
        point=None,
        heading=(),
    )
    return Answer(question="青禾市修了多少条路？", outcome=Outcome.ANSWERED, citations=(citation,))


def test_records_of_a_batch_are_what_the_scorer_reads(shared: Path) -> None:
    scorer = Scorer.load(SharedMaterial(folder=shared).scorer)
    refused = Answer(question="写首诗", outcome=Outcome.OUT_OF_SCOPE)
    records = [
        answer_record("1", cited(), "修了12条路。[1]", seconds=0.01),
        answer_record("2", refused, "我只回答资料里有的事。", seconds=0.02),
    ]
    score = scorer.score(ASKED, records, corpus="他们修了12条路。")
    perfect = ("correct", "concise", "cite_recall", "cite_precision", "abstain_recall", "abstain_precision")
    assert {name: score.figures[name] for name in perfect} == dict.fromkeys(perfect, 1.0)
    assert score.figures["number_faith"] == score.figures["quote_verbatim"] == 1.0
    assert score.by_type == {"single": (1.0, 1), "oos": (1.0, 1)}
    assert score.remarks == ()


def test_an_answer_that_is_wrong_or_missing_costs_and_is_remarked(shared: Path) -> None:
    scorer = Scorer.load(SharedMaterial(folder=shared).scorer)
    score = scorer.score(ASKED, [answer_record("1", cited(), "修了13条路。[1]", seconds=0.01)], corpus="无")
    assert score.figures["correct"] == 0.0
    assert score.figures["number_faith"] == 0.0
    assert score.figures["quote_verbatim"] == 0.0
    assert len(score.remarks) == 2


def test_the_scorer_tells_whether_a_fact_is_named(shared: Path) -> None:
    naming = Scorer.load(SharedMaterial(folder=shared).scorer).naming(["12条", "12"])
    assert naming("修了12条路")
    assert not naming("修了112个")
