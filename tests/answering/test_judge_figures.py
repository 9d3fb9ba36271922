"""When two figures say the same: equal, converted, rounded with a word for it, reckoned, or a digit moved."""

from __future__ import annotations

import pytest

from answering.judge.checks.parts import shifted_digits
from answering.judge.quantity_match import MatchLevel, alike, comparable, computed, match
from retrieval.quantities import Figure, figures

NONE, BOUND, ROUNDED, SAME = MatchLevel.NONE, MatchLevel.BOUND, MatchLevel.ROUNDED, MatchLevel.SAME


def one(text: str) -> Figure:
    (figure,) = figures(text)
    return figure


@pytest.mark.parametrize(
    ("said", "printed", "level"),
    [
        ("5公里", "5公里", SAME),
        ("5000米", "5公里", SAME),
        ("5公里", "5000米", SAME),
        ("5公里", "5000公斤", NONE),
        ("2吨", "4000斤", SAME),
        ("1.5公顷", "22.5亩", SAME),
        ("2年", "24个月", SAME),
        ("48小时", "2天", SAME),
        ("3倍", "300%", SAME),
        ("5元/人", "5元/人", SAME),
        ("5元/人", "5元/户", NONE),
        ("5%", "5个百分点", NONE),
        ("2434", "2434部", SAME),
        ("2434", "2434%", NONE),
        ("2434", "2434个百分点", NONE),
        ("35条", "35个", SAME),
        ("35条", "35座", NONE),
        ("5家", "5户", SAME),
        ("5场", "5次", SAME),
        ("5名", "5", SAME),
        ("5万元", "5万个", NONE),
    ],
)
def test_a_number_is_the_same_in_units_that_measure_the_same(
    said: str, printed: str, level: MatchLevel
) -> None:
    assert match(one(said), one(printed)) is level
    assert comparable(one(said), one(printed)) is (level is not NONE)


@pytest.mark.parametrize(
    ("said", "printed", "level"),
    [
        ("5万余人", "5万多人", SAME),
        ("超过5万人", "5万余人", SAME),
        ("近5万人", "不到5万人", SAME),
        ("约5万人", "5万人", SAME),
        ("约5万人", "5万余人", SAME),
        ("约5万人", "5万人以上", BOUND),
        ("5万人", "5万余人", BOUND),
        ("5万余人", "近5万人", BOUND),
        ("5万人以上", "5万人以下", BOUND),
    ],
)
def test_a_number_bounded_otherwise_is_not_quite_the_same(said: str, printed: str, level: MatchLevel) -> None:
    assert match(one(said), one(printed)) is level


@pytest.mark.parametrize(
    ("said", "printed", "level"),
    [
        ("超过5万人", "5.3万人", ROUNDED),
        ("超过5万人", "4.9万人", NONE),
        ("超过5万人", "6.1万人", NONE),  # six would have been said
        ("超过5万人", "近5.3万人", NONE),
        ("近6万人", "5.8万人", ROUNDED),
        ("近6万人", "6.1万人", NONE),
        ("近6万人", "5万人", NONE),
        ("近6万人", "5.8万余人", NONE),
        ("约6万人", "6.2万人", ROUNDED),
        ("约6万人", "6.4万人", NONE),  # more than a twentieth
        ("约2万人", "2.4万人", NONE),
        ("超过1万人", "1.3万人", ROUNDED),
        ("超过1万人", "1.4万人", NONE),  # more than a third of it
        ("超过4500人", "4900人", ROUNDED),  # a number in fifties: 5000 would be the next
        ("超过4500人", "5100人", NONE),
        ("六成居民", "61.5%", ROUNDED),
        ("六成居民", "62.5%", NONE),
        ("6.27万亿元", "62661亿元", ROUNDED),
        ("6.27万亿元", "62600亿元", NONE),
        ("6.3万亿元", "62661亿元", NONE),  # two digits say no rounding
        ("62.7%", "62.66%", NONE),  # nor may a share be cut
        ("不低于30%", "不低于35%", NONE),
        ("不低于30%", "32%", ROUNDED),
        ("约0个", "5个", NONE),
    ],
)
def test_a_rounded_number_has_a_word_that_says_so_and_is_near(
    said: str, printed: str, level: MatchLevel
) -> None:
    assert match(one(said), one(printed)) is level


@pytest.mark.parametrize(
    ("said", "printed", "level"),
    [
        ("3至5个", "3至5个", SAME),
        ("3个", "3至5个", ROUNDED),
        ("5个", "3至5个", ROUNDED),
        ("4个", "3至5个", NONE),
        ("3至5个", "5个", ROUNDED),
        ("3至5个", "4个", NONE),
        ("3至6个", "3至5个", NONE),
        ("3000至5000米", "3至5公里", SAME),
    ],
)
def test_one_end_of_a_range_is_half_of_it(said: str, printed: str, level: MatchLevel) -> None:
    assert match(one(said), one(printed)) is level


@pytest.mark.parametrize(
    ("said", "printed", "found"),
    [
        ("200个", ["1000个", "1200个"], True),  # a difference
        ("2200个", ["1000个", "1200个"], True),  # a sum
        ("300个", ["1000个", "1200个"], False),
        ("约200个", ["1000个", "1205个"], True),
        ("200个", ["1000个", "1205个"], False),
        ("2倍", ["1000个", "2000个"], True),
        ("1倍", ["1000个", "2000个"], True),  # grown by that much
        ("50%", ["1000个", "2000个"], True),
        ("100%", ["1000个", "2000个"], True),
        ("70%", ["1000个", "2000个"], False),
        ("2倍", ["1000个", "2000元"], False),
        ("3个百分点", ["61%", "64%"], True),
        ("2个百分点", ["61%", "64%"], False),
        ("3个百分点", ["61个", "64个"], False),
        ("125%", ["61%", "64%"], False),  # shares don't add up
        ("64%", ["61%", "3个百分点"], True),
        ("58%", ["61%", "3个百分点"], True),
        ("65%", ["61%", "3个百分点"], False),
        ("2倍", ["0个", "2000个"], False),
    ],
)
def test_a_number_may_be_reckoned_from_two_that_are_printed(
    said: str, printed: list[str], *, found: bool
) -> None:
    assert (computed(one(said), [one(text) for text in printed]) is not None) is found


def test_measure_words_of_one_thing_are_alike() -> None:
    assert alike("家", "户")
    assert alike("户", "家")
    assert not alike("家", "条")


@pytest.mark.parametrize(
    ("said", "printed", "shifted"),
    [
        ("4600亿元", "4.6万亿元", True),
        ("46000亿元", "4.6万亿元", False),
        ("4700亿元", "4.6万亿元", False),
        ("4000亿元", "4万亿元", False),  # a single digit proves nothing
        ("4600亿元", "46个", False),
        ("120个", "1200个", True),
    ],
)
def test_a_number_with_its_point_moved_is_known(said: str, printed: str, *, shifted: bool) -> None:
    assert shifted_digits(one(said), [one("7个"), one(printed)]) is shifted
