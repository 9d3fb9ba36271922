"""A claim with one slot changed is never supported; what it says in other words is."""

from __future__ import annotations

import pytest

from answering.judge import ClaimEvidence, ClaimVerdict, load

JUDGE = load(None)
DONE = ClaimEvidence(
    quote="全市生产总值达到726.4亿元、增长6.3%，城镇、农村居民人均收入分别增长5.1%、7.4%。",
    place="临江市",
    year=2023,
    heading="一、2022年工作回顾",
)
PLANNED = ClaimEvidence(
    quote="今年新建农村公路240公里，改造老旧小区31个，新增城镇就业9500人以上。",
    place="临江市",
    year=2023,
    heading="二、2023年工作安排",
)
SPAN = ClaimEvidence(
    quote="森林覆盖率从38.2%提高到44.6%，高速公路里程从510公里增加到760公里。",
    place="临江市",
    year=2023,
    heading="一、过去五年工作回顾",
)


@pytest.mark.parametrize(
    ("claim", "item"),
    [
        ("2022年临江市生产总值达到726.4亿元，增长6.3%。", DONE),
        ("2022年临江农村居民人均收入增长7.4%。", DONE),
        ("临江市2023年计划新建农村公路240公里。", PLANNED),
        ("临江市2023年计划改造老旧小区31个。", PLANNED),
        ("临江市森林覆盖率提高到44.6%。", SPAN),
    ],
)
def test_what_the_evidence_says_is_supported(claim: str, item: ClaimEvidence) -> None:
    """Each claim says one fact of the evidence."""
    assert JUDGE(claim, (item,)).verdict is ClaimVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("slot", "claim", "item"),
    [
        ("figure", "2022年临江市生产总值达到762.4亿元。", DONE),
        ("other figure of the sentence", "2022年临江市城镇居民人均收入增长7.4%。", DONE),
        ("level for change", "2022年临江市生产总值增长到6.3%。", DONE),
        ("direction", "2022年临江市生产总值下降6.3%。", DONE),
        ("place", "2022年长春市生产总值达到726.4亿元。", DONE),
        ("year", "2019年临江市生产总值达到726.4亿元。", DONE),
        ("state", "2023年临江市已改造老旧小区31个。", PLANNED),
        ("bound", "临江市2023年计划新增城镇就业不超过9500人。", PLANNED),
        ("unit", "临江市2023年计划新建农村公路240亩。", PLANNED),
        ("start for end", "临江市森林覆盖率为38.2%。", SPAN),
    ],
)
def test_one_slot_changed_is_never_supported(slot: str, claim: str, item: ClaimEvidence) -> None:
    """Each claim differs from a true one in one slot."""
    assert JUDGE(claim, (item,)).verdict is not ClaimVerdict.SUPPORTED, slot


def test_the_right_value_is_named() -> None:
    """A wrong figure is answered with the printed one of the same thing."""
    found = JUDGE("2022年临江市生产总值达到900亿元。", (DONE,))
    assert found.right == "726.4亿元"


def test_without_evidence_nothing_is_found() -> None:
    """No evidence, no support."""
    assert JUDGE("临江市有一座机场。", ()).verdict is ClaimVerdict.NOT_FOUND


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("临江市鼓励单位和个人使用再生建材", "鼓励单位和个人使用再生建材，推广装配式建筑。"),
        ("临江市任何人不得损毁公共座椅", "第九条 任何人不得损毁公共座椅，不得在座椅上张贴广告。"),
    ],
)
def test_a_clause_without_figures_that_stands_in_the_evidence_is_supported(claim: str, quote: str) -> None:
    """Words that are in a by-law need no figure to be true; told of another city they are not."""
    item = ClaimEvidence(quote=quote, place="临江市", year=2021, heading="第二章 管理")
    assert JUDGE(claim, (item,)).verdict is ClaimVerdict.SUPPORTED
    assert JUDGE(claim.replace("临江市", "长春市"), (item,)).verdict is not ClaimVerdict.SUPPORTED


AIM = ClaimEvidence(
    quote="是：粮食总产量增长3.5%，在工作中争取更好；外贸进出口总额增长6%左右。",
    place="临江市",
    year=2024,
    heading="二、2024年工作安排",
)


def test_a_plan_word_for_word_behind_its_place_and_year_needs_no_vote() -> None:
    """Place, year and that it is planned are compared by themselves; the rest stands in the text."""
    found = JUDGE("临江市2024年的目标是粮食总产量增长3.5%。", (AIM,))
    assert found.verdict is ClaimVerdict.SUPPORTED
    assert found.score > 0.9


@pytest.mark.parametrize(
    "claim",
    [
        "临江市2025年的目标是粮食总产量增长3.5%。",
        "长春市2024年的目标是粮食总产量增长3.5%。",
        "临江市2024年的目标是粮食总产量增长5.3%。",
        "临江市2024年的目标是外贸进出口总额增长3.5%。",
    ],
)
def test_behind_a_plan_s_lead_a_changed_slot_is_seen(claim: str) -> None:
    """Year, place, figure and thing are each changed."""
    assert JUDGE(claim, (AIM,)).verdict is not ClaimVerdict.SUPPORTED


def test_a_result_told_as_a_plan_is_not_supported() -> None:
    """The lead alone makes no plan of what the text tells as done."""
    done = ClaimEvidence(
        quote="粮食总产量增长3.5%。", place="临江市", year=2024, heading="一、2023年工作回顾"
    )
    assert JUDGE("临江市2023年的目标是粮食总产量增长3.5%。", (done,)).verdict is not ClaimVerdict.SUPPORTED
