"""Targets and results: only what is of one thing, period and kind is paired, in any order of ingest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from reports import CORRECTION, Y2031, Y2032, filled

from answering.ledger.promise import Promise, PromiseState
from answering.ledger.promise_ledger import PromiseLedger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval import Library

PLACE = "德清县"


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    with filled(home, Y2031, Y2032) as library:
        yield library


def of(promises: tuple[Promise, ...], words: str) -> Promise:
    """Return the promise whose target ends with these words, or else holds them."""
    aimed = [(one.target.quote, one) for one in promises if one.target is not None]
    found = [one for quote, one in aimed if quote.endswith(words)] or [
        o for quote, o in aimed if words in quote
    ]
    assert found, words
    return found[0]


def told(library: Library, year: int = 2031) -> tuple[Promise, ...]:
    return PromiseLedger(library).promises(places=(PLACE,), years=(year,))


def test_both_sides_are_bytes_of_their_documents(library: Library) -> None:
    sides = [side for one in told(library) for side in (one.target, one.result) if side is not None]
    assert len(sides) > 12
    for side in sides:
        document = library.document(side.document)
        assert document is not None
        assert document.text[side.start : side.end] == side.quote


@pytest.mark.parametrize(
    ("words", "result", "state"),
    [
        ("达到340亿元", "333", PromiseState.SHORT),
        ("同比增长8%", "7.4", PromiseState.SHORT),
        ("就业6200人", "6480", PromiseState.EXCEEDED),
        ("3%以内", "2.8", PromiseState.MET),
        ("涨幅3%左右", "0.4", PromiseState.MET),
        ("产量达到5.2万吨", "5.2", PromiseState.MET),
        ("老旧小区18个", "21", PromiseState.EXCEEDED),
    ],
)
def test_a_level_meets_a_level_and_a_change_a_change(
    library: Library, words: str, result: str, state: PromiseState
) -> None:
    one = of(told(library), words)
    assert one.result is not None
    assert (one.result.value, one.state) == (result, state)


def test_a_sum_of_years_is_not_taken_for_a_years_result(library: Library) -> None:
    one = of(told(library), "口袋公园9个")
    assert one.state in (PromiseState.COUNTED_OTHERWISE, PromiseState.NOT_TOLD)
    assert one.state is PromiseState.NOT_TOLD or one.note == "other_span"


def test_what_no_later_text_tells_is_said_to_be_untold(library: Library) -> None:
    assert of(told(library), "农村公路46公里").state is PromiseState.NOT_TOLD
    later = told(library, 2032)
    assert {(one.state, one.note) for one in later} == {(PromiseState.NOT_TOLD, "no_later_text")}


def test_an_undertaking_is_judged_by_how_far_it_has_come(library: Library) -> None:
    found = told(library)
    assert of(found, "北湖图书馆").state is PromiseState.SHORT
    assert of(found, "南门大桥").state is PromiseState.MET
    assert of(found, "民宿管理暂行办法").state is PromiseState.MET


LAKE = """---
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

RIVER = {
    "planned": "确保河西文化馆、城东汽车站年内投入使用。"
    "完成河口大街、新桥路两条道路改造。确保云水商城3万平方米主楼年内完工。"
    "启动晨光小学建设。制定河口旅游发展规划。居民收入稳步增长，主要污染物排放量和单位工业用水继续下降。城乡居民收入增长8%。"
    "新建果蔬大棚300亩。",
    "done": "河西文化馆、农机推广站投入使用，城东汽车站主体完工。"
    "云水商城主楼开工建设。育才小学建设启动。推进河口旅游发展。"
    "居民人均可支配收入增长5.2%，主要污染物排放量继续下降。城镇居民收入增长8.1%，农村居民收入增长7.5%。"
    "建成果蔬大棚120座。",
}


@pytest.fixture
def river(home: Path) -> Iterator[Library]:
    texts = [
        LAKE.format(year=2031, before=2030, done="新建水库一座。", planned=RIVER["planned"]),
        LAKE.format(year=2032, before=2031, done=RIVER["done"], planned="继续改造道路。"),
    ]
    with filled(home, *texts) as library:
        yield library


def test_each_work_of_a_list_is_followed_by_itself(river: Library) -> None:
    found = {one.metric: one.state for one in PromiseLedger(river).promises(years=(2031,))}
    hall, station = (
        next(state for name, state in found.items() if word in name) for word in ("文化馆", "汽车站")
    )
    assert (hall, station) == (PromiseState.MET, PromiseState.SHORT)


def test_the_size_of_a_named_work_is_no_target(river: Library) -> None:
    one = of(PromiseLedger(river).promises(years=(2031,)), "云水商城3万平方米主楼年内完工")
    assert (one.target and one.target.value, one.state) == ("", PromiseState.SHORT)


def test_works_that_only_end_alike_and_a_plan_of_a_thing_are_not_paired(river: Library) -> None:
    quotes = [one.result.quote for one in PromiseLedger(river).promises(years=(2031,)) if one.result]
    assert not any("育才小学" in quote or "推进河口旅游" in quote for quote in quotes)


@pytest.mark.parametrize(
    ("words", "state", "note", "others"),
    [
        ("居民收入稳步增长", PromiseState.MET, "by_direction", 0),
        ("继续下降", PromiseState.COUNTED_OTHERWISE, "in_part", 0),
        ("城乡居民收入增长8%", PromiseState.SHORT, "by_halves", 1),
        ("果蔬大棚300亩", PromiseState.COUNTED_OTHERWISE, "other_unit", 0),
    ],
)
def test_what_is_wanted_of_a_whole_or_in_a_direction_is_held_against_what_is_told(
    river: Library, words: str, state: PromiseState, note: str, others: int
) -> None:
    one = of(PromiseLedger(river).promises(years=(2031,)), words)
    assert (one.state, one.note, len(one.others)) == (state, note, others)


def test_a_target_of_a_later_year_is_none_of_this_year(library: Library) -> None:
    assert not any("60%" in one.target.figure for one in told(library) if one.target)
    far = PromiseLedger(library).promises(places=(PLACE,), years=(2035,))
    assert [one.since for one in far] == [2031]


def test_a_manner_of_speech_is_no_target(library: Library) -> None:
    assert not any("三件大事" in one.target.quote for one in told(library) if one.target)


def test_the_order_of_ingest_changes_no_pair(tmp_path: Path) -> None:
    def pairs(folder: str, *texts: str) -> set[tuple[object, ...]]:
        home = tmp_path / folder / "home"
        home.mkdir(parents=True)
        with filled(home, *texts) as library:
            found = PromiseLedger(library).promises()
        sides = [
            (one.year, one.state, *(s.quote if s else None for s in (one.target, one.result)))
            for one in found
        ]
        return set(sides)

    assert pairs("a", Y2031, Y2032, CORRECTION) == pairs("b", CORRECTION, Y2032, Y2031)


def test_a_third_text_with_another_value_makes_a_contradiction_appear(home: Path) -> None:
    with filled(home, Y2031, Y2032, CORRECTION) as library:
        one = of(told(library), "就业6200人")
    assert one.result is not None
    assert one.result.value == "6480"
    assert one.note == "other_value"
    assert [other.value for other in one.others] == ["6390"]


def lake(year: int, done: str, planned: str) -> str:
    return LAKE.format(year=year, before=year - 1, done=done, planned=planned)


def test_a_result_that_names_its_target_is_a_result_and_a_target_told_again_is_none(home: Path) -> None:
    first = lake(2031, "工业平稳。", "城镇新增就业3000人；单位产值能耗降低5%、废水排放减少4%。")
    later = lake(
        2032,
        "城镇新增就业3260人，超过预期目标。没有实现年初确定的单位产值能耗降低5%、废水排放减少4%的目标。",
        "城镇新增就业3100人。",
    )
    with filled(home, first, later) as library:
        promises = PromiseLedger(library).promises(places=("湖口县",), years=(2031,))
    jobs, energy = of(promises, "就业3000人"), of(promises, "能耗降低5%")
    assert jobs.result is not None
    assert jobs.result.value == "3260"
    assert energy.result is None


def test_a_sum_of_five_years_is_told_as_counted_otherwise(home: Path) -> None:
    first = lake(2031, "工业平稳。", "城镇新增就业3000人。")
    later = lake(2032, "五年全县新增城镇就业15100人。", "城镇新增就业3100人。")
    with filled(home, first, later) as library:
        promises = PromiseLedger(library).promises(places=("湖口县",), years=(2031,))
    one = of(promises, "就业3000人")
    assert (one.state, one.note) == (PromiseState.COUNTED_OTHERWISE, "other_span")


def test_incomes_that_are_to_keep_step_are_held_against_the_growth_of_both(home: Path) -> None:
    first = lake(2031, "工业平稳。", "居民收入增长与经济增长基本同步。")
    later = lake(
        2032, "地区生产总值增长6.2%，全县居民人均可支配收入增长5.1%。", "居民收入增长与经济增长同步。"
    )
    last = lake(2033, "地区生产总值增长5%，居民人均可支配收入增长5.3%。", "工业平稳。")
    with filled(home, first, later, last) as library:
        promises = PromiseLedger(library).promises(places=("湖口县",), years=(2031, 2032))
    told = [one for one in promises if one.note == "in_step"]
    assert [(one.year, one.state) for one in told] == [(2031, PromiseState.SHORT), (2032, PromiseState.MET)]
    assert [one.result.value for one in told if one.result] == ["5.1", "5.3"]
    assert [other.value for one in told for other in one.others] == ["6.2", "5"]


def test_reports_without_headings_are_paired_too(home: Path) -> None:
    """The words that set the aims of its year open the second part of a report."""
    bare = [re.sub(r"(?m)^## .*\n", "", text) for text in (Y2031, Y2032)]
    with filled(home, *bare) as library:
        one = of(told(library), "城镇新增就业6200人")
        assert one.result is not None
        assert "6480人" in one.result.quote
        assert one.state is PromiseState.EXCEEDED
