"""Answers over the register: what is weighed over places, and what is left out and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.lexicon.thesaurus import load
from answering.question.subject import subject, variants
from answering.values.answer import Language, Outcome, Shape
from retrieval import Library
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.answer import Answer


def said(answer: Answer) -> str:
    return "\n".join(f"{one.lead}：{one.text}" for one in answer.statements)


def test_a_ranking_has_a_row_for_each_place_and_says_what_is_left_out(answerer: Answerer) -> None:
    answer = answerer.answer_now("各市老旧小区改造数量排名")
    told = said(answer)
    assert answer.shape is Shape.TABLE
    assert "宁波市最多（75个）" in told
    assert "统计口径不同，未列入比较：温州市3万余户（单位不同" in told
    assert all(one.citations for one in answer.statements if one.text[:1].isdigit())


def test_a_mean_of_inexact_figures_is_told_as_rough(answerer: Answerer) -> None:
    answer = answerer.answer_now("各市新增停车位平均是多少")
    assert answer.outcome is Outcome.COMPUTED
    assert "粗算，平均约1.55万个（宁波市1.1万个、绍兴市近2万个）" in said(answer)
    assert "所收材料没有提到的：温州市" in said(answer)


@pytest.fixture(scope="module")
def hailar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("hailar")
    texts = folder / "texts"
    texts.mkdir()
    for year, sum_ in ((2012, "198.5"), (2015, "274.4"), (2019, "192.3")):
        report = f"海拉尔区{year}年政府工作报告\n\n一、{year - 1}年工作回顾\n地区生产总值完成{sum_}亿元。"
        (texts / f"{year}年海拉尔区政府工作报告.txt").write_text(report, encoding="utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as library:
        library.ingest([texts])
        yield Answerer(library)


def test_a_thing_is_followed_through_the_years(hailar: Answerer) -> None:
    answer = hailar.answer_now("海拉尔区历年地区生产总值变化")
    told = said(answer)
    assert "2011—2018：减少6.2亿元（198.5亿元 → 192.3亿元）" in told
    assert [one.lead for one in answer.statements[1:]] == ["2011年", "2014年", "2018年"]


@pytest.mark.parametrize(
    "question",
    ["海拉尔区2011年和2014年地区生产总值相差多少？", "海拉尔区2014年地区生产总值比2011年增加了多少？"],
)
def test_two_years_are_set_apart_and_not_two_places(hailar: Answerer, question: str) -> None:
    answer = hailar.answer_now(question)
    assert answer.outcome is Outcome.COMPUTED
    assert "2011—2014：增加75.9亿元（198.5亿元 → 274.4亿元）" in said(answer)
    assert [one.lead for one in answer.statements[1:]] == ["2011年", "2014年"]


def test_a_year_that_is_not_told_of_is_set_apart_from_nothing(hailar: Answerer) -> None:
    answer = hailar.answer_now("海拉尔区2011年和2016年地区生产总值相差多少？")
    assert answer.outcome is not Outcome.COMPUTED


@pytest.mark.parametrize(
    ("content", "thing"),
    [
        ("哪个城市新增停车位最多", "新增停车位"),
        ("各市老旧小区改造数量排名", "老旧小区改造"),
        ("|历年地区生产总值变化", "地区生产总值"),
        ("|和|去年谁的财政收入增长快", "财政收入增长"),
        ("|和|森林覆盖率哪里高一些", "森林覆盖率"),
        ("前年公路通车里程有多长", "公路通车里程"),
    ],
)
def test_the_thing_is_what_is_left_without_the_asking(content: str, thing: str) -> None:
    assert subject(content) == thing
    assert variants(thing, load())[0] == thing


def test_a_name_that_sets_itself_apart_is_not_put_beside_what_is_asked(tmp_path: Path) -> None:
    told = {"清河市": "粮食产量达到30万吨", "临水市": "粮食产量达到20万吨", "山阳市": "粮食播种面积90万亩"}
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        for place, words in told.items():
            text = f"{place}政府工作报告\n\n一、2025年工作回顾\n\n{words}。"
            library.ingest_source(
                Source(key=place, digest=place, media="text/plain", encoding="utf-8", text=text, metadata={}),
                options={"place": place, "date": "2026-01-01"},
            )
        answer = Answerer(library).answer_now("各市粮食产量排名")
    assert "清河市" in answer.statements[0].text
    assert not any("90万亩" in one.text for one in answer.statements)


@pytest.mark.parametrize("question", ["各市飞船排名", "各市排名"])
def test_the_word_for_an_order_is_not_itself_what_is_sought(tmp_path: Path, question: str) -> None:
    text = "清河市政府工作报告\n\n一、2025年工作回顾\n\n每半年测评两次，既打分排名，又在媒体公示。"
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest_source(
            Source(key="a", digest="a", media="text/plain", encoding="utf-8", text=text, metadata={}),
            options={"place": "清河市", "date": "2026-01-01"},
        )
        answer = Answerer(library).answer_now(question)
    assert answer.outcome is Outcome.NOT_IN_CORPUS
    assert not any("打分排名" in one.text for one in answer.statements)


def told_by(tmp_path: Path, texts: dict[str, str], question: str) -> Answer:
    """Return the answer of a library that holds a report of 2026 for each place."""
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        for place, words in texts.items():
            text = f"{place}政府工作报告\n\n一、2025年工作回顾\n\n{words}。"
            library.ingest_source(
                Source(key=place, digest=place, media="text/plain", encoding="utf-8", text=text, metadata={}),
                options={"place": place, "date": "2026-01-01"},
            )
        return Answerer(library).answer_now(question)


def through(tmp_path: Path, reports: dict[int, str], question: str) -> Answer:
    """Return the answer of a library that holds a report of 海拉尔区 for each year."""
    texts = tmp_path / "texts"
    texts.mkdir()
    for year, words in reports.items():
        report = f"海拉尔区{year}年政府工作报告\n\n一、{year - 1}年工作回顾\n{words}。"
        (texts / f"{year}年海拉尔区政府工作报告.txt").write_text(report, encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([texts])
        return Answerer(library).answer_now(question)


def test_which_places_give_a_measure_is_told_from_the_register_and_no_likely_sentence_counts(
    tmp_path: Path,
) -> None:
    texts = {
        "清河市": "粮食产量达到30万吨",
        "临水市": "粮食播种面积稳定在90万亩",
        "山阳市": "粮食总产量再创新高",
    }
    answer = told_by(tmp_path, texts, "有几个城市提到粮食产量？")
    told = said(answer)
    assert answer.outcome is Outcome.COMPUTED
    assert "共2个地方提到：清河市、山阳市" in told
    assert "提到但没有给出这个数的：山阳市" in told
    assert "所收材料没有提到的：临水市" in told
    assert "90万亩" not in told


def test_all_places_are_listed_with_their_figures_also_where_but_one_gives_any(tmp_path: Path) -> None:
    texts = {"清河市": "拆除违法建筑600处", "临水市": "绿化更好", "山阳市": "老旧小区改造有序推进"}
    told = said(told_by(tmp_path, texts, "列出所有拆除违法建筑的城市和数字"))
    assert "清河市，2025年：拆除违法建筑600处" in told
    assert "所收材料没有提到的：临水市、山阳市" in told


def test_a_head_s_share_is_not_set_against_the_whole_nor_a_start_against_an_end(tmp_path: Path) -> None:
    texts = {
        "清河市": "地区生产总值从110亿元提高到145亿元",
        "临水市": "人均地区生产总值达到14万元",
        "山阳市": "地区生产总值迈上60亿元台阶，达到62亿元",
    }
    answer = told_by(tmp_path, texts, "哪个城市地区生产总值最高？")
    told = said(answer)
    assert "清河市最多（145亿元）" in told
    assert "62亿元" in told
    assert "14万元" not in told


def test_a_change_is_reckoned_under_one_name_and_other_names_are_shown_beside_it(tmp_path: Path) -> None:
    reports = {
        2012: "地方财政总收入完成16亿元",
        2015: "地方财政总收入完成24.9亿元，公共财政预算收入完成13.7亿元",
        2019: "老城更加宜居",
    }
    told = said(through(tmp_path, reports, "海拉尔区近几年财政收入变化趋势"))
    assert "增加8.9亿元（16亿元 → 24.9亿元）" in told
    assert "名称不同，不算入变化：公共财政预算收入13.7亿元" in told
    assert "所收的其他年份的报告没有提到" in told


def test_years_that_a_question_names_bound_its_rows_and_the_report_tells_of_the_year_before(
    tmp_path: Path,
) -> None:
    reports = {year: f"旅游收入完成{year - 1990}亿元" for year in (2012, 2013, 2015, 2019)}
    answer = through(tmp_path, reports, "海拉尔区2012到2015年旅游收入增长了多少")
    assert "增加3亿元（22亿元 → 25亿元）" in said(answer)
    assert [one.lead for one in answer.statements if one.level] == ["2011年", "2012年", "2014年"]


@pytest.mark.parametrize(
    "question",
    [
        "What is the ranking of all the cities by parking?",
        "What is the ranking of all the cities by 停车位?",
        "Which city added the most parking spaces?",
    ],
)
def test_an_english_question_is_answered_over_the_register_too(answerer: Answerer, question: str) -> None:
    answer = answerer.answer_now(question)
    told = said(answer)
    assert answer.language is Language.EN
    assert "Shaoxing (绍兴市) has the most (近2万个)" in told
    assert "新增停车位1.1万个" in told
    assert "The texts at hand do not say it of: Wenzhou (温州市)" in told


def test_a_share_is_highest_and_not_most(tmp_path: Path) -> None:
    texts = {"清河市": "森林覆盖率达到41.2%", "临水市": "森林覆盖率达到38.5%", "山阳市": "森林覆盖率达到29%"}
    told = said(told_by(tmp_path, texts, "哪个城市森林覆盖率最高"))
    assert "清河市最高（41.2%）" in told


def test_what_was_added_is_not_set_against_all_that_there_is(tmp_path: Path) -> None:
    texts = {
        "清河市": "图书馆达到30座",
        "临水市": "图书馆达到20座",
        "山阳市": "新增图书馆45座",
    }
    answer = told_by(tmp_path, texts, "各市图书馆排名")
    told = said(answer)
    assert "清河市最多（30座）" in told
    assert "统计口径不同，未列入比较：山阳市45座（是新增的数，不是总数）" in told


@pytest.mark.parametrize("question", ["清河市和山阳市哪个的图书馆多一些", "清河市跟山阳市谁图书馆多"])
def test_of_two_places_what_was_added_is_told_and_not_weighed(tmp_path: Path, question: str) -> None:
    answer = told_by(tmp_path, {"清河市": "图书馆达到30座", "山阳市": "新增图书馆45座"}, question)
    told = said(answer)
    assert "30座" in told
    assert "45座" in told
    assert "最多" not in told


def test_where_what_was_added_is_asked_for_it_counts_in_whatever_words_it_is_told(tmp_path: Path) -> None:
    texts = {"清河市": "新增停车泊位3200个", "临水市": "施划公共停车泊位4500个"}
    told = said(told_by(tmp_path, texts, "哪个城市新增停车泊位最多"))
    assert "临水市最多（4500个）" in told
