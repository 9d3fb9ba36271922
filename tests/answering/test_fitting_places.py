"""Which places fit a condition and how many; how many items a list and articles a by-law have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.composition.fitting_places import meets
from answering.values.answer import Outcome
from retrieval import Library
from retrieval.quantities import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answering.values.answer import Answer

_REPORT = """---
place: {place}
title: {year}年{place}政府工作报告
date: "{year}-02-10"
genre: report
---

# {year}年{place}政府工作报告

## 一、{before}年工作回顾

{done}

## 二、{year}年工作安排

{planned}
"""
TOLD = (
    ("南通市", 2032, "地区生产总值增长6.2%。", "预期目标是：地区生产总值增长6%左右，城镇调查失业率5%以内。"),
    (
        "扬州市",
        2032,
        "地区生产总值增长4.8%。",
        "预期目标是：地区生产总值增长5%—5.5%，城镇调查失业率5.5%左右。",
    ),
    ("泰州市", 2032, "地区生产总值增长5.9%。", "预期目标是：经济增长6.5%左右，城镇调查失业率5%左右。"),
    ("盐城市", 2028, "地区生产总值增长9.9%。", "预期目标是：地区生产总值增长9%左右。"),
)
LISTED = """

今年重点抓好三项任务：

（一）疏浚老河道。清理淤泥，加固堤岸。

（二）修缮旧戏台。请回老匠人，恢复老唱腔。

（三）开通夜班船。方便居民夜间过江。
"""

UNNUMBERED = """

## 三、护湖的做法

护湖的做法如下：

（一）退塘还湖。拆除围网，恢复水面。

（二）截污纳管。雨水污水分开走。

（三）增殖放流。投放鱼苗，养护水草。

（四）联合巡湖。上下游一起值守。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("fitting")
    texts = folder / "texts"
    texts.mkdir()
    for place, year, done, planned in TOLD:
        more = {"泰州市": LISTED, "扬州市": UNNUMBERED}.get(place, "")
        text = _REPORT.format(place=place, year=year, before=year - 1, done=done, planned=planned + more)
        (texts / f"{place}.md").write_text(text, encoding="utf-8")
    articles = "\n\n".join(f"第{n}条 市民应当爱护湿地，遵守第{n}项约定。" for n in "一二三四五六七")
    (texts / "镇江市湿地公约条例(2030-05-01).md").write_text(
        f"# 镇江市湿地公约条例\n\n2030年5月1日 镇江市人民代表大会常务委员会通过\n\n{articles}\n",
        encoding="utf-8",
    )
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest([texts])
        yield Answerer(library)


def said(answer: Answer) -> str:
    return "\n".join(f"{one.lead}：{one.text}" for one in answer.statements)


def test_places_whose_figure_is_beyond_a_bound_are_counted_and_the_others_named(answerer: Answerer) -> None:
    answer = answerer.answer_now("去年GDP增速超过5%的有几个城市")
    told = said(answer)
    assert answer.outcome is Outcome.COMPUTED
    assert "符合的有2个" in told
    assert "南通市" in told.splitlines()[0]
    assert "泰州市" in told.splitlines()[0]
    assert "不符合的：扬州市4.8%" in told


def test_a_target_is_tested_where_targets_are_asked_of(answerer: Answerer) -> None:
    told = said(answerer.answer_now("2032年哪些城市把今年失业率目标定在5%以内"))
    assert "南通市" in told.splitlines()[0]
    assert "扬州市" not in told.splitlines()[0]
    assert "扬州市5.5%左右" in told


def test_a_figure_of_another_year_fits_nothing(answerer: Answerer) -> None:
    assert "9.9%" not in said(answerer.answer_now("去年GDP增速超过5%的有几个城市"))


@pytest.mark.parametrize(
    ("asked", "told", "fits"),
    [
        ("超过5.5%的", "5.6%", True),
        ("超过5.5%的", "5.5%", False),
        ("起步就有5%的", "5%—5.5%", True),
        ("起步就有5%的", "4.5%—5%", False),
        ("压到5%以内", "5%以内", True),
        ("压到5%以内", "5.5%左右", False),
        ("不到5%的", "4.9%", True),
        ("涨了5.5%的", "5.5%", True),
        ("涨了5.5%的", "5%—5.5%", False),
        ("超过5.5%的", "600元", False),
    ],
)
def test_a_condition_is_tested_with_its_bound(asked: str, told: str, fits: bool) -> None:
    assert meets(figures(told)[0], figures(asked)[0], asked) is fits


def test_a_number_that_the_text_tells_wins_over_a_count(answerer: Answerer) -> None:
    answer = answerer.answer_now("泰州2032年重点任务一共有几项")
    assert "三项任务" in said(answer)
    assert not answer.computed


def test_items_without_a_number_told_are_counted_and_shown(answerer: Answerer) -> None:
    answer = answerer.answer_now("扬州护湖的做法一共有几条")
    assert "共4项" in said(answer)
    assert [c.value for c in answer.computed] == [4]
    assert "退塘还湖" in said(answer)


def test_articles_of_a_by_law_are_counted_in_everyday_words(answerer: Answerer) -> None:
    answer = answerer.answer_now("镇江那部湿地公约条例一共多少条")
    assert "共七条" in said(answer)
