"""Sentences that could answer: what is told of them, which comes first, and when none is an answer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from answering.candidates.sentence_candidates import sentence_candidates
from answering.evidence.context import QuestionContext, known_of
from answering.evidence.pooled_passage import PlaceRelation
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.scoring import second_look as again
from answering.scoring.abstention import SIGNALS, answer_odds, confidence, signals
from answering.scoring.linear_score import LinearScore
from answering.scoring.list_choice import list_odds, promised, scored_lists
from answering.scoring.membership import MEMBER_FEATURES, member_row
from answering.scoring.offers import ASKS, OFFERS, asks_of, offers_of
from answering.scoring.ranking import Ranking
from answering.scoring.sentence_features import NAMES, covered, features
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from answering.scoring.ranker import ScoredCandidate

HARBOUR = """# 2024年临海市政府工作报告

## 一、2023年工作回顾

渔港码头新建3座，渔获量达到8万吨。因为航道淤积，客运班轮停航两个月。海带加工园由蓝湾公司承建。

## 二、2024年重点任务

（一）振兴渔业。渔获量力争达到9万吨。要做好三件事：一是疏浚航道，二是建设冷库，三是培训船员。

（二）保护海湾。海湾水质优良比例提高到92%。建立湾长制，每季度巡查一次。
"""
HILLS = """# 2024年高岭市政府工作报告

## 一、2023年工作回顾

茶园新增2万亩，茶叶产量达到4万吨。建成山区公路120公里。

## 二、2024年重点任务

茶叶产量达到5万吨。新建乡村民宿300家。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Give a library of two small reports, by words alone."""
    folder: Path = tmp_path_factory.mktemp("scores")
    for name, text in {"临海市": HARBOUR, "高岭市": HILLS}.items():
        (folder / f"2024年{name}政府工作报告.md").write_text(text, "utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as opened:
        opened.ingest(sorted(folder.glob("*.md")))
        yield opened


@pytest.fixture
def asked(library: Library) -> Callable[[str], Ranking]:
    """Give the ranking of a question."""

    def ranking(text: str) -> Ranking:
        frame, (hypothesis, *_) = readings_of(text, (), known=known_of(library))[0]
        return Ranking(QuestionContext(frame, library, thesaurus.load(), hypothesis))

    return ranking


def _texts(found: list[ScoredCandidate]) -> list[str]:
    return [one.candidate.line.text for one in found]


def _offered(ranking: Ranking, words: str) -> dict[str, float]:
    one = next(x for x in ranking.first if words in x.candidate.line.text)
    told = offers_of(ranking.reading, one.candidate, ranking.context.library)
    return dict(zip(OFFERS, told, strict=True))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("临海市2023年渔获量多少", "8万吨"),
        ("临海市今年渔获量要达到多少", "9万吨"),
        ("高岭市茶叶产量去年是多少", "4万吨"),
        ("临海海湾水质优良比例定到多少", "92%"),
        ("临海市的海带加工园是谁承建的", "蓝湾公司"),
    ],
)
def test_the_sentence_that_answers_comes_first(
    asked: Callable[[str], Ranking], question: str, answer: str
) -> None:
    """Proves that subject, year, state and place together choose, by words alone."""
    ranking = asked(question)
    assert answer in ranking.best[0].candidate.line.text
    assert ranking.odds > 0


@pytest.mark.parametrize(
    "question",
    ["临海市地铁票价是多少", "高岭市引进了几名院士", "临海市养老院有多少张床位", "高岭市的机场什么时候通航"],
)
def test_what_no_text_tells_is_not_answered(asked: Callable[[str], Ranking], question: str) -> None:
    assert asked(question).odds < 0


def test_candidates_of_another_place_are_left_out(asked: Callable[[str], Ranking]) -> None:
    ranking = asked("临海市茶叶产量多少")
    assert ranking.candidates
    assert {one.found.relation for one in ranking.candidates} == {PlaceRelation.OWN}
    assert all("茶园" not in one.line.text for one in sentence_candidates(ranking.context))


def test_every_candidate_has_a_finite_row(asked: Callable[[str], Ranking]) -> None:
    ranking = asked("临海市2023年渔获量多少")
    rows = features(ranking.reading, ranking.candidates)
    assert rows.shape == (len(ranking.candidates), len(NAMES))
    assert np.isfinite(rows).all()
    assert features(ranking.reading, []).shape == (0, len(NAMES))


def test_features_tell_what_their_names_say(asked: Callable[[str], Ranking]) -> None:
    ranking = asked("临海市2023年渔获量多少")
    of = {
        x.candidate.line.text: dict(zip(NAMES, features(ranking.reading, [x.candidate])[0], strict=True))
        for x in ranking.first
    }
    caught = next(row for text, row in of.items() if "8万吨" in text)
    pledged = next(row for text, row in of.items() if "9万吨" in text)
    bay = next(row for text, row in of.items() if "湾长制" in text)
    assert caught["figure_any"] == 1
    assert caught["coverage"] > bay["coverage"]
    assert bay["figure_any"] <= caught["figure_any"]
    assert caught["last_head"] * pledged["last_head"] <= 0


def test_coverage_is_weighed_by_rarity() -> None:
    grams = {"渔获": 3.0, "数量": 1.0}
    assert covered(grams, "渔获八万吨") == pytest.approx(0.75)
    assert covered({}, "渔获") == 0


def test_what_is_asked_and_offered_is_told_apart(asked: Callable[[str], Ranking]) -> None:
    """Proves that reason, body, time, list and neighbours are read where they stand, and only there."""
    ranking = asked("临海市客运班轮为什么停航")
    why, built = _offered(ranking, "航道淤积"), _offered(ranking, "蓝湾公司")
    assert (why["reason"], built["reason"]) == (1, 0)
    assert (why["body"], built["body"]) == (0, 1)
    three = _offered(ranking, "三件事")
    assert three["members"] >= 0
    assert _offered(ranking, "蓝湾公司")["before"] > 0  # the sentence before speaks of the liner
    assert dict(zip(ASKS, asks_of(ranking.reading), strict=True))["wants_reason"] == 1


def test_the_second_look_reorders_only_the_first_ones(asked: Callable[[str], Ranking]) -> None:
    ranking = asked("临海市2023年渔获量多少")
    scores = np.arange(3.0)
    found = again.reordered(ranking.first, scores)
    assert _texts(found[:3]) == _texts(list(ranking.first[:3]))[::-1]
    assert _texts(found[3:]) == _texts(list(ranking.first[3:]))
    assert found[0].score == pytest.approx(ranking.first[0].score)
    assert all(a.score >= b.score for a, b in pairwise(found))


def test_a_clear_lead_is_not_looked_at_again(
    asked: Callable[[str], Ranking], monkeypatch: pytest.MonkeyPatch
) -> None:
    ranking = asked("临海市2023年渔获量多少")
    turned = LinearScore(
        mean=np.zeros(len(again.SECOND)),
        spread=np.ones(len(again.SECOND)),
        weights=-np.eye(len(again.SECOND))[NAMES.index("coverage")],
    )
    lead = ranking.first[0].score - ranking.first[1].score
    for enough, same in ((lead - 0.01, True), (lead + 0.01, False)):
        look = again.SecondLook(score=turned, settled=enough)
        monkeypatch.setattr(again, "second_look", lambda look=look: look)
        found = again.looked_at_again(ranking.reading, ranking.first, ranking.context.library)
        assert (_texts(found) == _texts(list(ranking.first))) is same


def test_cosines_are_of_each_sentence_and_absent_without_vectors(asked: Callable[[str], Ranking]) -> None:
    class Near:
        def __init__(self, library: Library) -> None:
            self.passages = library.passages

        def nearness(self, question: str, texts: list[str]) -> tuple[float, ...]:
            assert "渔获量" in question
            return tuple(float("9万吨" in text) for text in texts)

    ranking = asked("临海市2023年渔获量多少")
    some = ranking.first[:5]
    at = again.SECOND.index("cosine_gap")
    plain = again.second_rows(ranking.reading, some, ranking.context.library)
    near = again.second_rows(ranking.reading, some, Near(ranking.context.library))
    assert (plain[:, at] == 0).all()
    assert [x == 0 for x in near[:, at]] == ["9万吨" in text for text in _texts(list(some))]


def test_signals_of_a_near_miss_differ_from_those_of_an_answer(asked: Callable[[str], Ranking]) -> None:
    def told(question: str) -> dict[str, float]:
        ranking = asked(question)
        row = signals(ranking.reading, ranking.best, ranking.context.library)
        return dict(zip(SIGNALS, row, strict=True))

    answered, missed = told("临海市2023年渔获量多少"), told("临海市2023年养老床位多少")
    assert answered["rare_near"] > missed["rare_near"]
    assert answered["coverage"] > missed["coverage"]
    assert missed["unseen"] > answered["unseen"]
    assert answer_odds(list(answered.values())) > answer_odds(list(missed.values()))


def test_confidence_is_a_share() -> None:
    assert confidence(0) == 0.5
    assert 0 < confidence(-1e9) < confidence(1) < confidence(1e9) <= 1


def test_an_announced_list_is_found_whole(asked: Callable[[str], Ranking]) -> None:
    ranking = asked("临海市振兴渔业要做好哪三件事")
    best = next(one for one in scored_lists(ranking) if one.structure.style == "是")
    shown = [best.document.text[i.start : i.end] for i in best.structure.items]
    assert len(shown) == 3
    assert "疏浚航道" in shown[0]
    assert "培训船员" in shown[2]
    assert np.isfinite(list_odds(best))
    assert promised("要做好三件事") == 3


def test_members_are_near_and_under_the_same_heading(asked: Callable[[str], Ranking]) -> None:
    ranking = asked("临海市怎么保护海湾")
    best = next(x for x in ranking.best if "水质" in x.candidate.line.text)
    beside = next(x for x in ranking.best if "湾长制" in x.candidate.line.text)
    apart = next(x for x in ranking.best if "蓝湾公司" in x.candidate.line.text)
    near, far = (
        dict(zip(MEMBER_FEATURES, member_row(x, best, 1, several=True), strict=True)) for x in (beside, apart)
    )
    assert near["same_heading"] == 1
    assert far["same_heading"] == 0
    assert near["near"] > far["near"]
