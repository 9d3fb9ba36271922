"""A clause is laid beside the stretch it repeats, and what was changed is told by what it does."""

from __future__ import annotations

import pytest

from answering.judge.alignment import alignments, word_for_word
from answering.judge.checks.changes import alignment_features
from retrieval.text.normalize import fold

QUOTE = "全市建成充电站85座，从每月3次增加到每周2次的公交班线有41条，企业应当公布线路调整方案。"


def _features(claim: str) -> dict[str, float]:
    return alignment_features(alignments(claim, [QUOTE], ("临江市", "临江")), fold(QUOTE))


def test_a_repeated_clause_is_exact_whatever_place_and_year_are_put_before_it() -> None:
    found = _features("临江市2022年建成充电站85座")
    assert found["exact_least"] == 1.0
    assert not [name for name in found if name.startswith(("pair_", "put_", "cut_", "swap"))]


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        ("建成充电站58座", "pair_other_value"),
        ("建成充电站85公里", "pair_other_unit"),
        ("建成充电站不足85座", "pair_other_bound"),
        ("没有建成充电站85座", "put_denial"),
        ("企业可以公布线路调整方案", "swap_modality"),
        ("企业应当公布票价调整方案", "swapped_words"),
    ],
)
def test_a_change_is_told_by_what_it_does(claim: str, name: str) -> None:
    """Each clause is one of the quote with one thing changed."""
    found = _features(claim)
    assert found.get(name, 0.0) > 0.3, found
    assert found["exact_least"] == 0.0 or name.startswith("pair_")


@pytest.mark.parametrize(
    ("claim", "quote", "same"),
    [
        ("临江市添置轮椅64辆", "清运垃圾9吨，为病人添置轮椅64辆。", True),
        ("临江市投资增长7%", "消费稳定，对外投资增长7%。", False),
        ("临江市发放补助64元", "为孤老每月发放补助64元。", False),
        ("临江市添置轮椅64辆", "为病人计划添置轮椅64辆。", False),
    ],
)
def test_only_for_whom_a_count_was_done_may_be_left_out(claim: str, quote: str, *, same: bool) -> None:
    assert word_for_word(alignments(claim, [quote], ("临江市", "临江"))) is same
