"""Figures asked for are answered from the fact of the thing, place, state and period asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reports import filled

from answering import Answerer
from answering.evidence.context import QuestionContext, known_of
from answering.figures.fact_candidates import fact_candidates
from answering.figures.figure_answer import chosen_facts, figure, told_otherwise
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.scoring.ranking import Ranking
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.answer import Answer

Y2017 = """2017年清溪市政府工作报告
——2017年2月3日在清溪市第九届人民代表大会第五次会议上
清溪市市长 某某

各位代表：
现在，我代表市人民政府，向大会报告工作。
一、2016年工作回顾
2016年，全市地区生产总值增长5.2%，规模以上工业增加值增长7.4%，外贸出口增长11%。
改造老旧小区62个，其中拆除重建9个；新建口袋公园31个，公园总数达到140个。
最低工资标准每月提高120元，城镇登记失业率2.9%。
供水管网漏损率由9.8%下降到7.1%，铁路里程达到612公里。
二、2017年重点工作
地区生产总值增长5.5%左右，改造老旧小区70个，新建口袋公园25个，铁路里程达到650公里。
"""
Y2018 = """2018年清溪市政府工作报告
——2018年2月6日在清溪市第九届人民代表大会第六次会议上
清溪市市长 某某

各位代表：
现在，我代表市人民政府，向大会报告工作。
一、2017年工作回顾
2016年铁路里程达到598公里，2017年达到655公里。
2017年，全市地区生产总值增长5.6%，改造老旧小区71个。
二、2018年重点工作
地区生产总值增长5%左右，改造老旧小区50个。
"""


@pytest.fixture
def answerer(home: Path) -> Iterator[Answerer]:
    with filled(home, Y2017) as library:
        yield Answerer(library)


def said(answer: Answer) -> str:
    return "".join(f"{one.lead}{one.text}" for one in answer.statements)


@pytest.mark.parametrize(
    ("question", "words", "never"),
    [
        ("清溪市2016年地区生产总值增长百分之几？", "5.2%", "5.5%"),
        ("清溪市2017年地区生产总值增长目标是多少？", "5.5%", "5.2%"),
        ("清溪市去年改造了多少个老旧小区？", "62个", "70个"),
        ("清溪市今年要新建多少个口袋公园？", "25个", "31个"),
        ("清溪市公园总数有多少个？", "140个", "25个"),
        ("清溪市供水管网漏损率降到了多少？", "7.1%", "2.9%"),
    ],
)
def test_the_fact_of_the_thing_state_and_year_answers(
    answerer: Answerer, question: str, words: str, never: str
) -> None:
    told = said(answerer.answer_now(question))
    assert words in told
    assert never not in told


def test_a_thing_that_no_fact_counts_gets_no_figure(answerer: Answerer) -> None:
    answer = answerer.answer_now("清溪市2016年高速公路通车里程有多少公里？")
    assert not answer.outcome.is_answer or "612" not in said(answer)


@pytest.mark.parametrize("question", ["清溪市有多少教师？", "清溪市的宽带普及率是多少？"])
def test_some_of_a_thing_or_another_rate_is_not_the_fact_asked_for(home: Path, question: str) -> None:
    told = "1998年，64名年轻教师奔赴白沙岛，在岛上办起学校。燃气普及率达到93%。"
    with filled(home, Y2017.replace("最低工资", told + "最低工资")) as library:
        assert not Answerer(library).answer_now(question).outcome.is_answer
        assert "93%" in said(Answerer(library).answer_now("清溪市燃气普及率达到多少？"))


def test_texts_that_disagree_are_found_beside_each_other(home: Path) -> None:
    """A text that tells the same thing, place, year and state otherwise is found; taken away, it is not."""
    with filled(home, Y2017, Y2018) as library:
        assert _otherwise(library) == ["598公里"]
        library.remove(next(d.source for d in library.documents() if d.year == 2018))
        assert _otherwise(library) == []


def _context(library: Library, question: str) -> QuestionContext:
    frame, (hypothesis, *_) = readings_of(question, (), known=known_of(library))[0]
    return QuestionContext(frame, library, thesaurus.load(), hypothesis)


def _otherwise(library: Library) -> list[str]:
    context = _context(library, "清溪市2016年铁路里程有多少公里？")
    found = fact_candidates(context, Ranking(context))
    best = next(one for one in found if one.printed == "612公里")
    return [one.printed for one in told_otherwise(best, found)]


@pytest.mark.parametrize(("lead", "answered"), [(0.01, True), (50.0, False)])
def test_a_sentence_goes_before_the_facts_only_by_the_greater_lead(
    home: Path, monkeypatch: pytest.MonkeyPatch, lead: float, answered: bool
) -> None:
    """The ranking is made to put another sentence that tells of the thing first, by a little or by much."""
    with filled(home, Y2017, Y2018) as library:
        context = _context(library, "清溪市2017年改造老旧小区多少个？")
        ranking = Ranking(context)
        chosen = chosen_facts(context, ranking)
        assert chosen is not None
        own = next(x for x in ranking.best if x.candidate.line.key == chosen.best.line.key)
        rival = next(
            x
            for x in ranking.best
            if "改造老旧小区70个" in x.candidate.line.text and x.candidate.line.key != own.candidate.line.key
        )
        others = [x for x in ranking.best if x is not own and x is not rival]
        monkeypatch.setitem(ranking.__dict__, "best", [rival.with_score(own.score + lead), own, *others])
        found = figure(context, ranking)
    assert chosen.best.printed == "71个"
    assert (found is not None) == answered


def test_a_fact_is_chosen_for_each_year_asked_for(home: Path) -> None:
    with filled(home, Y2017) as library:
        context = _context(library, "清溪市2016年和2017年各新建口袋公园多少个？")
        chosen = chosen_facts(context, Ranking(context))
    assert chosen is not None
    assert {one.printed for one in (chosen.best, *chosen.in_years)} == {"31个", "25个"}


def test_words_of_another_year_before_the_fact_are_left_out(home: Path) -> None:
    text = Y2018.replace("改造老旧小区71个", "改造老旧小区71个；2016年客运量31万人次；2017年客运量36万人次")
    with filled(home, text) as library:
        told = said(Answerer(library).answer_now("清溪市2017年客运量是多少？"))
        shared = said(Answerer(library).answer_now("清溪市2017年铁路里程达到多少公里？"))
    assert "36万人次" in told
    assert "31万人次" not in told
    assert "铁路里程" in shared  # its thing is named in the clause of the other year
    assert "655公里" in shared


def test_a_number_that_the_text_tells_goes_before_headings_counted(tmp_path: Path) -> None:
    text = (
        "# 山城的秋天\n\n## 一、修路\n\n新建公共厕所26座，新增公交车90辆。\n\n## 二、办学\n\n学校通了校车。\n"
    )
    (tmp_path / "a.md").write_text(f"---\nplace: 丽水市\ndate: 2023-05-01\n---\n\n{text}", encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "a.md"])
        told = said(Answerer(library).answer_now("How many buses did Lishui add?"))
    assert "90辆" in told
    assert "办学" not in told


def test_the_figures_of_other_things_of_a_list_are_not_shown(home: Path) -> None:
    """Of things that one clause lists, each with its figure, the one asked for is told."""
    text = Y2017.replace("最低工资", "启动城中村改造2.6万户、危旧房屋改造8.36万户。最低工资")
    with filled(home, text) as library:
        told = said(Answerer(library).answer_now("清溪市去年危旧房屋改造了多少万户？"))
    assert "8.36万户" in told
    assert "2.6万户" not in told


def test_a_sum_of_years_is_no_figure_of_one_of_them(home: Path) -> None:
    with filled(home, Y2017.replace("最低工资", "五年来，累计栽种行道树84万株。最低工资")) as library:
        answerer = Answerer(library)
        assert not answerer.answer_now("清溪市2016年栽种了多少株行道树？").outcome.is_answer
        assert "84万株" in said(answerer.answer_now("清溪市五年来累计栽种了多少株行道树？"))


def test_a_figure_added_up_within_its_year_is_one_of_that_year(home: Path) -> None:
    text = Y2017.replace("最低工资", "全年累计栽种行道树3600株。最低工资")
    with filled(home, text) as library:
        assert "3600株" in said(Answerer(library).answer_now("清溪市2016年栽种了多少株行道树？"))


def test_a_period_asked_for_takes_the_figure_of_the_paragraph_that_sums_it_up(home: Path) -> None:
    text = Y2017.replace(
        "二、2017年重点工作", "过去五年，我们提升环境，新建口袋公园118个。\n二、2017年重点工作"
    )
    with filled(home, text) as library:
        answerer = Answerer(library)
        assert "118个" in said(answerer.answer_now("清溪市过去五年新建了多少个口袋公园？"))
        of_year = said(answerer.answer_now("清溪市2016年新建了多少个口袋公园？"))
    assert "31个" in of_year
    assert "118个" not in of_year


def test_what_was_planned_is_no_result_though_the_question_says_done(answerer: Answerer) -> None:
    assert "70个" in said(answerer.answer_now("清溪市2017年计划完成多少个老旧小区改造？"))


def test_a_sentence_whose_figure_is_of_another_thing_gives_way_to_the_fact(home: Path) -> None:
    text = Y2017.replace(
        "全市地区生产总值增长5.2%，规模以上", "全市经济向好，发电量增长7.7%。地区生产总值增长5.2%，规模以上"
    )
    with filled(home, text) as library:
        told = said(Answerer(library).answer_now("清溪市2016年GDP涨了百分之几？"))
    assert "5.2%" in told
    assert "7.7%" not in told
