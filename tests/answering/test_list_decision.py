"""A list or a block answers where what is asked for is in it, and not where it only stands nearest."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from reports import with_report

from answering import Answerer
from answering.planning.list_decision import FILE, LIST_SIGNALS
from answering.scoring.list_choice import asked_count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORT = """# 2024年石川市政府工作报告

## 一、2023年工作回顾

地区生产总值增长5.8%。芦笋种植面积达到3.2万亩，新建冷藏库12座。

## 二、2024年重点任务

### （一）扩大芦笋种植

芦笋种植面积扩大到4万亩。建设芦笋育苗基地两处，给种芦笋的农户每亩补贴三百元。芦笋加工厂投产一家。

### （二）改造老旧小区

改造老旧小区四十个，老旧小区加装电梯六十部。老旧小区都通上天然气。

### （三）办好养老服务

新建养老院三所，给八十岁以上老人每月发放高龄津贴。社区食堂开到二十家，养老护理员培训六百人。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    """An invented report of a few tasks."""
    folder: Path = tmp_path_factory.mktemp("lists")
    with with_report(folder, REPORT) as held:
        yield Answerer(held)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("石川市今年怎么扩大芦笋种植", "育苗基地"),
        ("石川市今年在老旧小区方面有哪些打算", "电梯"),
        ("石川市今年怎么办好养老服务", "社区食堂"),
        ("石川市政府工作报告分几部分", "重点任务"),
    ],
)
def test_a_topic_that_a_text_tells_of_is_answered(answerer: Answerer, question: str, told: str) -> None:
    """With the sentences under its heading."""
    answer = answerer.answer_now(question)
    assert answer.outcome.is_answer
    assert told in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "石川市潜水艇讲了哪几点",
        "说说石川市的蟋蟀斗赛",
        "石川市今年怎么发展邮轮",
        "石川市在驯鹿放牧方面有哪些举措",
    ],
)
def test_a_topic_that_no_text_tells_of_is_refused(answerer: Answerer, question: str) -> None:
    """Neither the outline of the report nor its nearest task is told instead."""
    assert not answerer.answer_now(question).outcome.is_answer


@pytest.mark.parametrize(
    ("question", "count"), [("2031十二件实事", 12), ("2031年的8项任务", 8), ("第2030号", None)]
)
def test_a_number_of_things_is_told_from_the_year_before_it(question: str, count: int | None) -> None:
    assert asked_count(question) == count


def test_the_weights_that_ship_are_those_of_the_signals() -> None:
    told = json.loads(files("answering").joinpath("data", FILE).read_text("utf-8"))
    assert tuple(told["features"]) == LIST_SIGNALS
