"""Questions on target and result: both sides quoted, a target called one, the verdict the texts allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reports import Y2031, Y2032, filled

from answering import Answerer
from answering.ledger.promise_match import is_asked_of
from answering.ledger.promise_question import on_both_sides
from answering.ledger.target_choice import repeated_figures
from answering.values.answer import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.answer import Answer


@pytest.fixture
def answerer(home: Path) -> Iterator[Answerer]:
    with filled(home, Y2031, Y2032) as library:
        yield Answerer(library)


def said(answer: Answer) -> str:
    return "".join(f"{one.lead}{one.text}" for one in answer.statements)


@pytest.mark.parametrize(
    ("question", "verdict", "words"),
    [
        ("德清2031年地区生产总值的目标是340亿，最后完成了吗", "false", ("340亿元", "333亿元")),
        ("德清2031年城镇新增就业目标完成没有，目标和结果各是多少", "true", ("6200人", "6480人")),
        ("德清2031年说要改造老旧小区18个，实际改了多少", "true", ("18个", "21个")),
        ("德清2031年说北湖图书馆年内投入使用，最后做到了吗", "false", ("主体完工",)),
    ],
)
def test_both_sides_are_quoted_with_a_verdict(
    answerer: Answerer, question: str, verdict: str, words: tuple[str, ...]
) -> None:
    answer = answerer.answer_now(question)
    assert answer.verdict == verdict
    assert all(word in said(answer) for word in words)
    assert "2031年目标" in said(answer)
    quotes = {one.number: one.quote for one in answer.citations}
    assert all(any(word in quote for quote in quotes.values()) for word in words)


def test_a_target_whose_figure_is_repeated_may_be_called_otherwise() -> None:
    assert is_asked_of(0.9, 0.05, repeated=True)
    assert not is_asked_of(0.9, 0.05, repeated=False)
    assert not is_asked_of(0.6, 0.05, repeated=True)
    assert is_asked_of(0.6, 0.3, repeated=False)


def test_a_year_without_its_word_is_no_figure_that_is_repeated() -> None:
    assert repeated_figures("危机那年(2008)保住了增速") == ()
    assert [one.low for one in repeated_figures("年初许了2008亿元")] == [200_800_000_000]


def test_a_result_that_is_not_told_is_no_answer_and_shows_the_target(answerer: Answerer) -> None:
    answer = answerer.answer_now("德清2031年说要新建农村公路46公里，最后完成了多少公里")
    assert not answer.outcome.is_answer
    assert answer.verdict == "unknown"
    assert answer.reason == "result_not_told"


def test_a_target_that_is_asked_for_is_told_where_its_result_is_not(answerer: Answerer) -> None:
    answer = answerer.answer_now("德清2031年计划新建多少公里农村公路，最后完成了多少公里")
    assert answer.outcome.is_answer
    assert "46公里" in said(answer)
    assert "没有写到2031年的结果" in said(answer)
    assert answer.verdict == "unknown"
    told = answerer.answer_now("德清2031年说要新建农村公路46公里，后来的报告里写了完成多少没有")
    assert told.outcome.is_answer


def test_a_result_whose_report_is_not_held_is_not_guessed(answerer: Answerer) -> None:
    answer = answerer.answer_now("德清2032年城镇新增就业6500人的目标最后完成了吗")
    assert not answer.outcome.is_answer
    assert answer.reason == "result_not_held"


def test_all_main_targets_are_counted_by_state(answerer: Answerer) -> None:
    answer = answerer.answer_now("德清2031年几个主要预期目标里，哪些没有完成？")
    assert "333亿元" in said(answer)
    assert "6480人" not in said(answer)


def test_a_question_on_a_figure_alone_is_none_on_target_and_result() -> None:
    assert on_both_sides("全市有多少个口袋公园") < on_both_sides(
        "去年说要建的口袋公园，目标完成了没有，实际建了多少"
    )


def test_a_follow_up_asks_for_the_result_of_what_was_spoken_of(answerer: Answerer) -> None:
    history = (
        Turn(role="user", content="德清2031年城镇新增就业计划多少？"),
        Turn(role="assistant", content="2031年报告提出城镇新增就业6200人以上。"),
    )
    answer = answerer.answer_now("后来够数了吗？", history)
    assert "6480人" in said(answer)
    assert answer.verdict == "true"


def test_the_economy_alone_stands_for_its_product(answerer: Answerer) -> None:
    answer = answerer.answer_now("德清2031年定的经济增速目标做到了没有，实际多少")
    assert "生产总值" in said(answer)
    other = answerer.answer_now("德清2031年定的出口增速目标做到了没有，实际多少")
    assert "生产总值" not in said(other)


def test_figures_of_two_years_are_no_target_and_result(answerer: Answerer) -> None:
    answer = answerer.answer_now("德清2031年城镇新增就业多少人，2032年又安排多少人")
    assert answer.reason != "result_not_held"


def test_a_span_of_years_repeats_no_target(answerer: Answerer) -> None:
    answer = answerer.answer_now("德清2026到2031这3年改造了多少口袋公园")
    assert "居民消费价格" not in said(answer)


CANAL = """---
place: 湖口县
title: {year}年湖口县政府工作报告
date: "{year}-02-10"
genre: report
---

# {year}年湖口县政府工作报告

## 一、{before}年工作回顾

{done}

## 二、{year}年工作安排

{planned}
"""


@pytest.fixture
def canal(home: Path) -> Iterator[Answerer]:
    first = CANAL.format(
        year=2031,
        before=2030,
        done="全年地区生产总值增长5%。",
        planned="地区生产总值增长6%左右；居民消费价格涨幅3%左右。再解决12万农村人口的饮水问题，新增2万天然气用户。城乡居民养老保险试点要扩大到40%的乡镇。",
    )
    later = CANAL.format(
        year=2032,
        before=2031,
        done="地区生产总值增长6.4%；物价涨幅得到有效控制。解决13.5万农村人口饮水问题，新增2.3万天然气用户。城乡居民养老保险试点覆盖27个乡镇。",
        planned="地区生产总值增长6%。",
    )
    with filled(home, first, later) as library:
        yield Answerer(library)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("湖口2031年说要解决12万农村人口的饮水问题，实际解决了多少人", ("12万农村人口", "13.5万农村人口")),
        ("湖口2031年天然气用户计划新增多少，最后新增多少", ("2万天然气用户", "2.3万天然气用户")),
        ("湖口2031年的经济目标定了多少，最后涨了多少", ("增长6%左右", "增长6.4%")),
    ],
)
def test_people_and_households_counted_without_a_unit_are_paired(
    canal: Answerer, question: str, words: tuple[str, ...]
) -> None:
    answer = canal.answer_now(question)
    assert all(word in said(answer) for word in words)
    assert answer.outcome.is_answer


def test_a_result_in_another_unit_is_shown_and_not_judged(canal: Answerer) -> None:
    answer = canal.answer_now("湖口2031年养老保险试点说要扩大到40%的乡镇，后来试点了多少个乡镇，完成了吗")
    assert "40%" in said(answer)
    assert "27个乡镇" in said(answer)
    assert answer.verdict not in ("true", "false")


def test_what_no_target_names_is_not_answered_by_one(canal: Answerer) -> None:
    answer = canal.answer_now("湖口2031年说要修的环城铁路，目标完成了吗")
    assert "2031年目标" not in said(answer)
