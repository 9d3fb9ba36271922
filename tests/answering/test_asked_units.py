"""What a question counts with decides which numbers of a sentence may answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.extractive.printed_labels import labels
from answering.lexicon.thesaurus import load
from answering.question.intent import ExpectedAnswer, want_of
from retrieval import Library
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORT = """---
place: 云岭省
title: 2031年云岭省政府工作报告
date: "2031-01-15"
genre: report
---

# 2031年云岭省政府工作报告

## 一、2030年工作回顾

茶叶总产量1640亿斤，蜂蜜产量3.2万吨。渔民人均可支配收入达到20793元。湖区常住人口由上年729万人增加到732万人。

白鹭湖水质稳定保持在地表水Ⅲ类。清水镇发生5.4级地震，救援及时。云岭钢铁集团在全国五百强排名由369位上升到235位。

普通高中升学率达到77%。云杉算力中心规模突破15万P。

## 二、2031年工作安排

办好第17届省运会。青石地铁3号线开通运营。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    root: Path = tmp_path_factory.mktemp("units")
    (root / "report.md").write_text(REPORT, encoding="utf-8")
    with Library.open(root / "home", embedder=None, write=True) as library:
        library.ingest([root / "report.md"])
        yield Answerer(library)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("云岭省去年茶叶产了多少亿斤", "1640亿斤"),
        ("云岭渔民人均可支配收入到了多少块", "20793元"),
        ("云岭湖区常住人口去年底有多少", "732万人"),
        ("云岭白鹭湖水质保持在几类水", "Ⅲ类"),
        ("云岭省清水镇地震是几级的", "5.4级"),
        ("云岭钢铁集团在全国五百强排多少位", "235位"),
        ("云岭省普高升学率去年是多少", "77%"),
        ("云岭云杉算力中心规模多大", "15万P"),
        ("云岭省运会今年办第几届", "第17届"),
        ("云岭省青石地铁新开的是几号线", "3号线"),
    ],
)
def test_a_number_answers_in_the_unit_that_is_asked_for(answerer: Answerer, question: str, told: str) -> None:
    answer = answerer.answer_now(question)
    assert answer.outcome.is_answer
    assert any(told in one.text for one in answer.statements)


@pytest.mark.parametrize("question", ["云岭省去年卖了多少瓶蜂蜜", "云岭省蜂蜜去年卖了多少块钱"])
def test_a_number_in_another_unit_is_no_answer(answerer: Answerer, question: str) -> None:
    assert not answerer.answer_now(question).outcome.is_answer


@pytest.mark.parametrize(
    ("question", "units", "named"),
    [
        ("招了多少万人", ("人",), True),
        ("酿了多少瓶酒", ("瓶",), True),
        ("每月补几百块钱", ("元",), False),
        ("接待几亿游客", (), False),
        ("规模有多大", (), False),
    ],
)
def test_the_unit_asked_for_is_told_without_its_scale(
    question: str, units: tuple[str, ...], named: bool
) -> None:
    assert want_of(fold(question), load()) == ExpectedAnswer("figure", units, named)


def test_labels_are_read_as_they_are_printed() -> None:
    found = labels("第十二届、Ⅳ类和13号线", "届")
    assert [(one.text, int(one.value)) for one in found] == [("第十二届", 12)]
    assert [int(one.value) for one in labels("水质为Ⅳ类", "类")] == [4]


@pytest.mark.parametrize(
    ("question", "units"),
    [("入园率从多少升到多少", ()), ("每天节水多少升", ("升",)), ("排名几级跳", ())],
)
def test_a_measure_word_that_begins_another_word_is_none(question: str, units: tuple[str, ...]) -> None:
    assert want_of(fold(question), load()).units == units
