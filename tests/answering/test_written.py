"""Every kept lie is refused for what is wrong with it, and every kept truth passes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from answering.generation.unit import utterance
from answering.judge import ClaimEvidence
from answering.judge.nearness import Nearness
from answering.values.trace import Verdict
from answering.verification.untold_plans import leaves_plan_untold
from answering.verification.weighing import weigh
from evaluation.datasets.material import rows
from evaluation.verification.shipped import ShippedSentences
from retrieval.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from answering.verification.written import Proof

REPLAY = Path(__file__).parent / "replay"


@pytest.fixture(scope="module")
def shipped() -> ShippedSentences:
    return ShippedSentences.open()


def proof(row: dict[str, Any], shipped: ShippedSentences) -> Proof:
    given = [shipped.holding(one["place"], one["holds"]) for one in row["evidence"]]
    return shipped.prove(row["text"], row["question"], given)


@pytest.mark.parametrize("row", rows(REPLAY / "lies.jsonl"), ids=lambda row: row["id"])
def test_a_lie_falls_at_its_gate(row: dict[str, Any], shipped: ShippedSentences) -> None:
    """A lie marked open is known to pass: its words are the source's, only who did what is not."""
    assert proof(row, shipped).verdict == row["verdict"]
    assert (row["verdict"] == Verdict.KEPT) == row.get("open", False)


@pytest.mark.parametrize("row", rows(REPLAY / "truths.jsonl"), ids=lambda row: row["id"])
def test_a_truth_passes_and_names_what_proves_it(row: dict[str, Any], shipped: ShippedSentences) -> None:
    """A truth marked open is known to be refused: it says more in words of its own than can be proved."""
    found = proof(row, shipped)
    assert found.verdict == row["verdict"]
    assert found.kept != row.get("open", False)
    assert found.cited
    assert bool(found.lines) == found.kept


def prove(
    text: str, shipped: ShippedSentences, *holds: str, place: str = "台州市", question: str = "台州做了什么？"
) -> Proof:
    return shipped.prove(text, question, [shipped.holding(place, words) for words in holds])


def test_a_citation_that_adds_nothing_is_dropped(shipped: ShippedSentences) -> None:
    found = prove("台州改造提升老旧小区74个。[1][2]", shipped, "467名", "74个老旧小区")
    assert (found.verdict, found.cited) == (Verdict.KEPT, (2,))


def test_numbers_that_name_no_evidence_are_dropped(shipped: ShippedSentences) -> None:
    found = prove("台州改造提升老旧小区74个。[1][9]", shipped, "74个老旧小区")
    assert (found.verdict, found.cited) == (Verdict.KEPT, (1,))


def test_marks_around_what_is_no_quotation_are_left_out(shipped: ShippedSentences) -> None:
    found = prove("台州改造提升了“74个全市老旧小区”。[1]", shipped, "74个老旧小区")
    kept = prove("台州深入开展“八大提升行动”。[1]", shipped, "74个老旧小区")
    assert "“" not in found.text
    assert kept.text == "台州深入开展“八大提升行动”。"


def test_what_only_leads_to_other_sentences_proves_nothing(shipped: ShippedSentences) -> None:
    for text in ("台州改造老旧小区的做法如下：[1]", "| 台州市 |[1]"):
        assert prove(text, shipped, "74个老旧小区").verdict is Verdict.UNCITED


def test_a_pronoun_needs_its_noun(shipped: ShippedSentences) -> None:
    found = prove("台州注重把它发挥出来，鼓励全民创新创业。[1]", shipped, "造富的优势")
    assert found.verdict is Verdict.SUPPORT


def test_a_sentence_that_says_the_texts_do_not_tell_is_silent() -> None:
    for text in (
        "资料没有提到台州的人口。[1]",
        "The evidence does not mention the population. [1]",
        "資料沒有提到。",
    ):
        said = utterance(text)
        assert said is not None
        assert said.silent


def test_a_question_on_another_place_is_not_answered_by_a_nameless_sentence(
    shipped: ShippedSentences,
) -> None:
    found = prove("改造提升老旧小区74个。[1]", shipped, "74个老旧小区", question="成都改造了多少老旧小区？")
    assert found.verdict is Verdict.PLACE


def test_a_figure_may_leave_its_thing_to_the_question(shipped: ShippedSentences) -> None:
    """萍乡：改造124个 tells of 老旧小区 where they are asked of, and of nothing else."""

    def told(text: str, question: str) -> Proof:
        return prove(text, shipped, "老旧小区改造完成124", place="萍乡市", question=question)

    assert told("萍乡：改造124个。[1]", "萍乡和台州各改造了多少老旧小区？").kept
    assert not told("萍乡：改造142个。[1]", "萍乡和台州各改造了多少老旧小区？").kept
    assert not told("萍乡：改造124个。[1]", "萍乡和台州各改造了多少农贸市场？").kept


def test_a_denied_figure_may_be_the_questions_own(shipped: ShippedSentences) -> None:
    found = prove(
        "台州改造提升的老旧小区为74个，不是100个。[1]",
        shipped,
        "74个老旧小区",
        question="台州改造了100个老旧小区，对吗？",
    )
    assert found.verdict is Verdict.KEPT


def test_a_wrong_number_is_set_right_by_what_carries_the_claim(
    shipped: ShippedSentences,
) -> None:
    found = prove("台州改造提升老旧小区74个。[1]", shipped, "467名", "74个老旧小区")
    assert (found.verdict, found.cited) == (Verdict.KEPT, (2,))


def test_figures_of_two_places_are_not_exchanged(shipped: ShippedSentences) -> None:
    given = [shipped.holding("台州市", "74个老旧小区"), shipped.holding("萍乡市", "老旧小区改造完成124")]
    question = "台州和萍乡各改造了多少老旧小区？"
    right = shipped.prove("台州改造老旧小区74个，萍乡改造老旧小区124个。[1][2]", question, given)
    wrong = shipped.prove("台州改造老旧小区124个，萍乡改造老旧小区74个。[1][2]", question, given)
    assert (right.verdict, wrong.verdict) == (Verdict.KEPT, Verdict.FIGURE)


PLANS = "二、2026年重点工作 / （一）扩大内需"


@pytest.mark.parametrize(
    ("claim", "quote", "heading", "untold"),
    [
        ("再建绿道120公里", "再建绿道120公里，改造公厕近300座。", PLANS, True),
        ("青川市再建绿道120公里", "再建绿道120公里，改造公厕近300座。", PLANS, True),
        ("青川市计划再建绿道120公里", "再建绿道120公里，改造公厕近300座。", PLANS, False),
        ("全面推行“路长制”", "全面推行“路长制”，每条街道有人管。", PLANS, True),
        ("新建绿道120公里", "新建绿道120公里，改造公厕近300座。", "一、2025年工作回顾", False),
        ("工业产值增长7%", "主要预期目标是：粮食总产稳定在90万吨，工业产值增长7%。", "", True),
        ("Build 120 kilometres of greenways", "再建绿道120公里。", PLANS, True),
        ("The city plans to build 120 kilometres of greenways", "再建绿道120公里。", PLANS, False),
    ],
)
def test_a_plan_repeated_without_a_word_of_it_is_seen(
    claim: str, quote: str, heading: str, *, untold: bool
) -> None:
    assert leaves_plan_untold(claim, [ClaimEvidence(quote=quote, heading=heading)]) is untold


@pytest.mark.parametrize(
    ("claim", "quote", "stands"),
    [
        ("青川市建成现代化水都", "青川市正在向现代化水都迈进。", False),
        ("青川市成功创建国家森林城市", "青川市正在争创国家森林城市。", False),
        ("青川市建成现代化水都", "历时三年，青川市建成了现代化水都。", True),
        ("青川市正在向现代化水都迈进", "青川市正在向现代化水都迈进。", True),
        ("青川市实际使用外资增长10%", "青川市实际使用外资增长10%。", True),
        ("青川市压减会议，使公厕增加到42座", "青川市压减会议，公厕增加到42座。", False),
    ],
)
def test_what_is_under_way_is_not_told_as_finished_nor_what_is_beside_as_cause(
    claim: str, quote: str, *, stands: bool
) -> None:
    evidence = [ClaimEvidence(quote=quote, place="青川市")]
    assert weigh(claim, evidence, Nearness(None), Gazetteer()).stands is stands
