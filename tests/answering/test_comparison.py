"""Comparisons: one line a side, figures of one indicator, what comes of them, and who says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.composition.compared_parts import compared_parts
from answering.composition.figure_choice import FIGURE_FEATURES, chosen_figures, figure_rows
from answering.evidence.context import QuestionContext, known_of
from answering.lexicon.thesaurus import load
from answering.planning.plan import readings_of
from answering.question.decompose import things_of
from answering.question.operation import weighs, without_weighing
from answering.scoring.linear_score import read_odds
from answering.scoring.sentence_features import reading_of
from answering.values.answer import Shape
from answering.values.chart import Drawing
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def report(place: str, year: int, done: str, planned: str) -> str:
    return _REPORT.format(place=place, year=year, before=year - 1, done=done, planned=planned)


TEXTS = (
    report(
        "南通市",
        2032,
        "全市地区生产总值1.3万亿元、增长5.6%，规上工业增加值增长8.1%。新建口袋公园36个，清淤河道210公里。",
        "今年预期目标是：地区生产总值增长5.5%左右，城镇调查失业率5.5%以内。建设江海联运枢纽，试点无人机配送。",
    ),
    report(
        "扬州市",
        2032,
        "外贸出口增长12.4%，社会消费品零售总额增长6.7%。地区生产总值增长4.2%，新建口袋公园52个。",
        "今年预期目标是：地区生产总值增长6%左右。修复运河古镇，举办园艺节。",
    ),
    report("扬州市", 2031, "地区生产总值增长5.1%，新建口袋公园40个。", "地区生产总值增长5.5%左右。"),
    report("扬州市", 2030, "地区生产总值增长5.9%，新建口袋公园21个。", "地区生产总值增长6%左右。"),
    report(
        "泰州市",
        2032,
        "地区生产总值增长4.2%。整修老城街巷86条。涌现了市级工匠2名、市级工匠提名奖5名、“泰州好人”88人。",
        "地区生产总值增长5%左右。",
    ),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("compared")
    texts = folder / "texts"
    texts.mkdir()
    for number, text in enumerate(TEXTS):
        (texts / f"{number}.md").write_text(text, encoding="utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as held:
        held.ingest([texts])
        yield held


@pytest.fixture(scope="module")
def answerer(library: Library) -> Answerer:
    return Answerer(library)


def said(answer: Answer) -> str:
    return "\n".join(f"{one.lead}：{one.text}" for one in answer.statements)


def context_of(question: str, library: Library) -> QuestionContext:
    frame, (hypothesis, *_) = readings_of(question, (), known=known_of(library))[0]
    return QuestionContext(frame, library, load(), hypothesis)


def test_growth_is_set_against_growth_of_the_same_indicator(answerer: Answerer) -> None:
    answer = answerer.answer_now("去年南通和扬州谁的经济增速高，高多少")
    told = said(answer)
    assert answer.shape is Shape.TABLE
    assert "南通市最高（5.6%）" in told
    assert "相差1.4个百分点" in told
    assert "12.4%" not in "".join(one.text for one in answer.statements if "最高" in one.text)


def test_a_tie_names_no_winner(answerer: Answerer) -> None:
    told = said(answerer.answer_now("扬州和泰州去年经济增速哪个高"))
    assert "两者相同：4.2%" in told
    assert "最高" not in told


def test_targets_are_not_set_against_results(answerer: Answerer) -> None:
    told = said(answerer.answer_now("南通和扬州今年的GDP增长目标各是多少"))
    assert "5.5%左右" in told
    assert "6%左右" in told
    assert "5.6%" not in told
    assert told.count("目标") >= 2


def test_years_have_a_line_each_and_a_course(answerer: Answerer) -> None:
    answer = answerer.answer_now("2029年到2031年扬州的经济增速是往上走还是往下走")
    told = said(answer)
    assert "逐年下降：5.9% → 5.1% → 4.2%" in told
    assert [one.lead[:5] for one in answer.statements if one.level] == ["2029年", "2030年", "2031年"]
    assert answer.chart is not None
    assert answer.chart.drawing is Drawing.LINE


def test_a_plan_of_the_country_is_followed_through_its_own_reports(tmp_path: Path) -> None:
    """Years joined by 和 leave no word behind, the country is no part of the thing, a plan stays a plan."""
    for year, rate in ((2030, "2.9%"), (2031, "3.1%"), (2032, "3.4%")):
        (tmp_path / f"{year}.md").write_text(
            report("国务院", year, f"财政亏空率实际为{rate[0]}.0%。", f"亏空率拟按{rate}左右安排。").replace(
                "place: 国务院\n", ""
            ),
            encoding="utf-8",
        )
    with Library.open(tmp_path / "home", embedder=None, write=True) as held:
        held.ingest([tmp_path])
        asked = context_of("国家2030年和2032年亏空率各定多少", held)
        parts = compared_parts(asked)
        told = said(Answerer(held).answer_now("2030到2032这三年，国家亏空率每年定多少，怎么变的"))
    assert [part.year for part in parts] == [2030, 2032]
    assert not any("国家和" in part.content for part in parts)
    assert "2.9%左右 → 3.1%左右 → 3.4%左右" in told


def test_a_side_that_says_nothing_is_named_and_the_other_told(answerer: Answerer) -> None:
    answer = answerer.answer_now("南通和泰州去年各清淤了多少公里河道")
    told = said(answer)
    assert "210公里" in told
    assert "泰州市：所收材料没有提到" in told
    assert "86条" not in told


def test_two_things_of_one_sentence_are_added_each_by_the_words_beside_it(answerer: Answerer) -> None:
    answer = answerer.answer_now("泰州的市级工匠和提名奖加一块儿几个人")
    assert "合计7名" in said(answer)
    assert [(c.op, c.value) for c in answer.computed] == [("sum", 7)]


def test_what_two_places_do_is_told_in_their_own_words(answerer: Answerer) -> None:
    told = said(answerer.answer_now("江海联运枢纽南通怎么建，运河古镇扬州怎么修"))
    assert "建设江海联运枢纽" in told
    assert "修复运河古镇" in told


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("南通和扬州去年新建口袋公园各多少", [("南通市", None), ("扬州市", None)]),
        ("扬州2030年和2032年GDP增速分别是多少", [("扬州市", 2030), ("扬州市", 2032)]),
        ("扬州2029年到2031年经济增速的走势", [("扬州市", 2029), ("扬州市", 2030), ("扬州市", 2031)]),
    ],
)
def test_the_sides_are_places_or_years(
    question: str, sides: list[tuple[str, int | None]], library: Library
) -> None:
    found = compared_parts(context_of(question, library))
    assert [(part.place, part.year) for part in found] == sides


def test_two_things_of_one_place_are_sides_without_words_of_summing() -> None:
    found = things_of("拆除的违建和新修的步道,哪个多,各多少处")
    assert [label for label, _ in found] == ["拆除的违建", "新修的步道"]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("经济增速是往上走还是往下走", "经济增速|"),
        ("粮食产量高出多少", "粮食产量|"),
        ("外贸涨得快", "外贸涨|"),
    ],
)
def test_what_weighs_the_sides_is_not_asked_of_each(words: str, left: str) -> None:
    assert without_weighing(words) == left


def test_a_question_that_only_asks_of_both_weighs_nothing() -> None:
    assert weighs("谁的外贸涨得快")
    assert not weighs("两地新建公园分别有几个")


def test_the_figure_weights_that_ship_are_those_of_the_features(library: Library) -> None:
    odds = read_odds("figure_weights.json", FIGURE_FEATURES)
    assert odds.score.weights.shape == (len(FIGURE_FEATURES),)
    context = context_of("扬州去年经济增速多少", library)
    rows = figure_rows(context, reading_of(context))
    assert rows
    assert all(len(row) == len(FIGURE_FEATURES) for _, row in rows)


def test_the_likeliest_figure_is_the_indicator_and_not_the_largest(library: Library) -> None:
    context = context_of("扬州去年经济增速多少", library)
    best = chosen_figures(context, reading_of(context))[0]
    assert (best.figure.text, best.row.year if best.row else None) == ("4.2%", 2031)


def test_where_a_change_began_and_where_it_ended_are_no_two_things(tmp_path: Path) -> None:
    """从1.48元缩小至1.22元 is one figure: neither end of it is told of one of two things asked for."""
    done = "居民用水和企业用水的价差从1.48元缩小至1.22元。"
    (tmp_path / "a.md").write_text(report("南通市", 2032, done, "建设江海联运枢纽。"), encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as held:
        held.ingest([tmp_path / "a.md"])
        answer = Answerer(held).answer_now("南通市居民用水和企业用水的价差现在差多少")
    assert "1.22" in said(answer)
    assert "0.26" not in said(answer)
