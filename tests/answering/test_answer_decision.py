"""Near misses are refused and answers are not: whether the words shown answer what is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from reports import with_report

from answering import Answerer
from answering.composition.several import announced_list, several
from answering.evidence.context import QuestionContext, known_of
from answering.judge.meaning import entailment
from answering.judge.nearness import Nearness
from answering.lexicon import thesaurus
from answering.planning.answer_by_code import decided, proposals
from answering.planning.answer_decision import learned_answers
from answering.planning.answer_signals import NAMES, answer_signals
from answering.planning.plan import likely_kinds, readings_of
from answering.planning.sentence_telling import learned_telling, telling, told_evidence
from answering.scoring.ranking import Ranking
from answering.values.answer import Shape
from evaluation.training.learners.telling_examples import ShownAnswer, without_clause
from evaluation.training.learners.telling_fit import fit_share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval import Library

REPORT = """# 2024年石川市政府工作报告

## 一、2023年工作回顾

地区生产总值增长5.8%。芦笋种植面积达到3.2万亩，新建冷藏库12座。城东污水处理厂建成投产，日处理能力4万吨。

全年接待游客增长13%。开通夜间公交6条。为1800名困难老人安装呼叫器。

## 二、2024年重点任务

新改建乡村道路90公里，培育智能车间15个。举办龙舟赛20场，支持企业参加展会。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """An invented report."""
    folder: Path = tmp_path_factory.mktemp("decision")
    with with_report(folder, REPORT) as held:
        yield held


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("石川市芦笋种了多少亩", "3.2万亩"),
        ("石川市新建了几座冷藏库", "12座"),
        ("石川市去年游客增长了多少", "13%"),
        ("石川市今年要培育多少个智能车间", "15个"),
        ("石川市给多少困难老人装了呼叫器", "1800名"),
    ],
)
def test_what_a_text_tells_is_answered(library: Library, question: str, answer: str) -> None:
    """The clause that tells it is shown."""
    given = Answerer(library).answer_now(question)
    assert given.outcome.is_answer
    assert answer in given.text


@pytest.mark.parametrize(
    "question",
    [
        "石川市芦笋卖多少钱一斤",
        "石川市冷藏库一共花了多少钱",
        "石川市去年游客总共有多少人",
        "石川市智能车间的工人一个月挣多少",
        "石川市呼叫器是哪家公司生产的",
        "石川市夜间公交的司机是谁",
        "石川市龙舟赛冠军奖金多少钱",
    ],
)
def test_an_attribute_that_no_text_gives_is_refused(library: Library, question: str) -> None:
    """Another figure of the same thing, or the thing without the attribute, is no answer."""
    assert not Answerer(library).answer_now(question).outcome.is_answer


def test_signals_tell_the_thing_asked_for_from_its_neighbour(library: Library) -> None:
    """A kind of unit that is asked for and not told, and a change that is told, are numbers of their own."""
    right = _signals(library, "石川市新建了几座冷藏库")
    near = _signals(library, "石川市冷藏库一共花了多少钱")
    assert right["untold_money"] == 0.0
    assert near["untold_money"] == 1.0
    assert right["metric_like"] > 0.5
    grown = _signals(library, "石川市去年游客增长了多少")
    assert grown["change_told"] == grown["change_asked"] == 1.0
    assert grown["level_asked_change_told"] == 0.0
    assert right["change_told"] == 0.0


def test_signals_tell_by_what_and_from_where_an_answer_was_made(library: Library) -> None:
    """One composer made it, and its text is of the place asked of where one is."""
    own = _signals(library, "石川市芦笋种了多少亩")
    open_ = _signals(library, "芦笋种了多少亩")
    for one in (own, open_):
        assert sum(value for name, value in one.items() if name.startswith("by_")) == 1.0
        assert one["genre_report"] == 1.0
    assert (own["place_own_told"], open_["place_own_told"]) == (1.0, 0.0)


def test_a_list_that_is_only_announced_has_yet_to_be_decided_on(library: Library) -> None:
    """The sentence that announces it may tell of something else; a list that was asked for has odds."""
    told = Answerer(library).answer_now("石川市新建了几座冷藏库")
    listed = replace(told, shape=Shape.LIST)
    assert told.verdict is None
    assert decided(several, listed)
    assert not decided(announced_list, listed)


def test_the_score_rests_on_the_signals_that_are_made() -> None:
    """Weights for other signals than those of the code would not load."""
    assert len(learned_answers().linear.score.weights) == len(NAMES)


@pytest.mark.parametrize(
    ("question", "told", "near"),
    [
        ("全市养了多少头奶牛", "奶牛存栏3.6万头。", "奶牛养殖小区全部通水通电。"),
        ("今年要修几座桥", "年内建成跨河桥梁4座。", "年内完成跨河桥梁选址。"),
        ("图书馆一年借出去多少册书", "图书馆全年外借图书52万册。", "图书馆全年开放310天。"),
    ],
)
def test_a_sentence_that_tells_has_higher_odds_than_one_on_the_same_thing(
    library: Library, question: str, told: str, near: str
) -> None:
    """Both speak of the thing; only one has what is asked of it."""
    nearness = Nearness(library.text_embedder)
    right, wrong = (
        entailment(question, [told_evidence(one)], nearness, learned_telling()) for one in (told, near)
    )
    assert right is not None
    assert wrong is not None
    assert right > wrong


def test_networks_add_to_answers_of_one_sentence_in_chinese_alone(library: Library) -> None:
    """They read a Chinese question and one sentence; of anything else they say nothing."""
    for question, composer, read in (
        ("石川市芦笋种了多少亩", "fact", True),
        ("石川市芦笋种了多少亩", "several", False),
        ("How many mu of asparagus are planted in 石川市", "fact", False),
    ):
        frame, kinds = readings_of(question, (), known=known_of(library))[0]
        desk = QuestionContext(frame, library, thesaurus.load(), kinds[0])
        ranking = Ranking(desk)
        _, found = next(iter(proposals(desk, likely_kinds(kinds), ranking)))
        assert (telling(desk, ranking, found, composer) != 0.0) is read


def test_what_networks_add_keeps_the_right_answers_and_sorts_out_wrong_ones() -> None:
    """Of the answers that the decision lets through, those the networks tell apart go."""
    shown = [ShownAnswer(odds=0.5, right=n % 2 == 0, examples=(n,)) for n in range(200)]
    odds = [3.0 if one.right else -3.0 for one in shown]
    share = fit_share(shown, odds)
    passed = [one for one, told in zip(shown, odds, strict=True) if one.odds + share.of(told) >= 0]
    assert sum(one.right for one in passed) >= 99
    assert not any(not one.right for one in passed)


def test_a_sentence_is_cut_where_it_answers() -> None:
    """What is left speaks of the thing and tells nothing; where nothing is left there is no example."""
    told = told_evidence("全市新建泵站，其中大型泵站9座，总投资2亿元。")
    (left,) = without_clause("新建几座大型泵站", told, ["9座"], "石川", 1.0)
    assert [one.quote for one in left.evidence] == ["全市新建泵站，总投资2亿元。"]
    assert not left.true
    assert not list(without_clause("新建几座", told_evidence("新建9座。"), ["9座"], "石川", 1.0))


def _signals(library: Library, question: str) -> dict[str, float]:
    frame, kinds = readings_of(question, (), known=known_of(library))[0]
    desk = QuestionContext(frame, library, thesaurus.load(), kinds[0])
    ranking = Ranking(desk)
    compose, found = next(iter(proposals(desk, likely_kinds(kinds), ranking)))
    return dict(zip(NAMES, answer_signals(desk, ranking, found, compose.__name__), strict=True))
