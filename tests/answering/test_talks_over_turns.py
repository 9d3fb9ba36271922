"""What carries from turn to turn: time and plan, what is taken back or doubted, the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.question.follow_up import doubted, spoken
from answering.values.answer import Language, Turn
from retrieval import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from answering.values.answer import Answer

REPORT = """---
place: 云岭省
title: 2031年云岭省政府工作报告
date: "2031-01-15"
genre: report
---

# 2031年云岭省政府工作报告

## 一、2030年工作回顾

茶叶产量达到82万吨。城镇新增就业36万人。加装电梯690部。渔港吞吐量突破500万吨。

## 二、2031年工作安排

今年的预期目标是：地区生产总值增长6%左右，茶叶产量85万吨以上，城镇新增就业33万人。加装电梯800部。

修缮古渡口。修缮木栈桥四座，重立石碑十二块。渡口两岸种桂花，夜里点灯。

发展竹编业。办竹编学堂六间，请老篾匠授课。
"""
OTHER = REPORT.replace("云岭省", "沧浪省").replace("增长6%左右", "增长4.5%左右").replace("33万人", "21万人")


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    root: Path = tmp_path_factory.mktemp("turns")
    (root / "report.md").write_text(REPORT, encoding="utf-8")
    with Library.open(root / "home", embedder=None, write=True) as library:
        library.ingest([root / "report.md"])
        yield Answerer(library)


def after(answerer: Answerer, asked: str, told: str, question: str) -> Answer:
    history = (Turn(role="user", content=asked), Turn(role="assistant", content=told))
    return answerer.answer_now(question, history)


def shown(answer: Answer) -> str:
    return "\n".join(one.text for one in answer.statements)


def test_a_target_spoken_of_is_still_asked_of_the_next_thing(answerer: Answerer) -> None:
    answer = after(answerer, "云岭省今年城镇新增就业目标", "33万人。", "茶叶产量多少万吨")
    assert "85万吨" in shown(answer)
    assert "82万吨" not in shown(answer)


def test_what_is_taken_back_keeps_its_topic_in_another_state(answerer: Answerer) -> None:
    answer = after(answerer, "云岭省城镇新增就业多少", "36万人。", "不是，我问的是今年的目标")
    assert "33万人" in shown(answer)


def test_a_doubt_is_answered_with_both_figures(answerer: Answerer) -> None:
    answer = after(answerer, "云岭省今年城镇新增就业目标多少", "33万人。", "不对吧，我看到的是36万人")
    assert "33万人" in shown(answer)
    assert "36万人" in shown(answer)
    assert answer.verdict == "false"


def test_a_question_whether_a_figure_still_holds_gets_a_verdict(answerer: Answerer) -> None:
    answer = after(answerer, "云岭省去年加装了多少部电梯", "690部。", "今年还是690部？")
    assert answer.verdict == "false"
    assert "800部" in shown(answer)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("你搞错了吧，不是420亿元吗", "420亿元"),
        ("不对，明明是8.5%", "8.5%"),
        ("去年增长8.5%吗", None),
        ("茶叶呢", None),
    ],
)
def test_only_a_figure_against_an_answer_is_a_doubt(text: str, figure: str | None) -> None:
    found = doubted(text)
    assert (found.text if found is not None else None) == figure


@pytest.mark.parametrize(
    ("text", "earlier", "language"),
    [
        ("wsdf ppqz", "去年茶叶多少", Language.HANS),
        ("wsdf ppqz", "去年茶葉產量與漁獲", Language.HANT),
        ("hubei ne", "北京去年怎么样", Language.HANS),
        ("And how much tea?", "去年茶叶多少", Language.EN),
        ("qwrt", "", Language.HANS),
        ("wsdf ppqz", "How much tea was grown?", Language.EN),
    ],
)
def test_letters_that_are_no_english_are_answered_in_the_language_of_the_talk(
    text: str, earlier: str, language: Language
) -> None:
    assert spoken(text, (Turn(role="user", content=earlier),) if earlier else ()) is language


def test_a_number_of_things_is_not_answered_with_an_outline(answerer: Answerer) -> None:
    assert not answerer.answer_now("云岭省的博物馆一共有几座").outcome.is_answer


@pytest.mark.parametrize("question", ["沧浪省呢", "不是云岭省，我问的是沧浪省"])
def test_another_place_is_asked_the_whole_question(tmp_path: Path, question: str) -> None:
    """The plan and the growth that were asked of stay asked of, though only a place is named."""
    for name, text in (("report", REPORT), ("other", OTHER)):
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "report.md", tmp_path / "other.md"])
        answer = after(Answerer(library), "云岭省今年经济增长目标多少", "增长6%左右。", question)
    assert "4.5%" in shown(answer)
    assert not any("6%" in one.text for one in answer.statements)


def test_a_member_that_is_pointed_to_is_told_by_its_paragraph(answerer: Answerer) -> None:
    """The sentence that names it says nothing more; its paragraph does, and no other paragraph."""
    told = "1. 加装电梯\n2. 修缮古渡口\n3. 发展竹编业"
    answer = after(answerer, "云岭省今年打算做哪些事", told, "第二个展开说说")
    assert "石碑十二块" in shown(answer)
    assert "篾匠" not in shown(answer)


def test_a_claim_with_its_own_place_thing_and_figure_takes_no_topic(answerer: Answerer) -> None:
    """After an article was checked, the next claim is checked alone."""
    article = "核实：云岭省加装电梯690部；云岭省茶叶产量达到95万吨。"
    answer = after(answerer, article, "属实。与原文不符。", "云岭省去年渔港吞吐量突破500万吨，对不对？")
    assert answer.verdict == "true"
    assert "渔港吞吐量突破500万吨" in shown(answer)
    assert "电梯" not in shown(answer)
    assert not answer.trace.frames[0].text.startswith("核实")
