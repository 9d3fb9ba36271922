"""A figure answers only when it is one of the thing, in the unit, and of the year that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.values.answer import Outcome
from retrieval import Library
from retrieval.values.documents import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answering.values.answer import Answer

REPORTS = {
    2025: """云岭省政府工作报告

——2025年1月15日在云岭省第十四届人民代表大会第三次会议上

各位代表：现在，我代表省人民政府作工作报告。

一、2024年工作回顾

粮食产量达到320亿斤。地区生产总值增长5.2%。青石市迈进地区生产总值三千亿级城市行列。

二、2025年目标任务

粮食产量330亿斤以上，城镇新增就业40万人。
""",
}
SPEECH = """清河市的经验

一、主要做法

支持书店店员返乡，新增经营主体13.9万户、带动就业36万人。吸引书店店员就业创业2万人。全市医院达到120家，老楼加装电梯86台。

劳动模范236名、五好家庭769户和护林员1.6万名成为人人学习的榜样。持续开展的安全巡查行动有60多项。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    home = tmp_path_factory.mktemp("measured")
    told = [(f"report{year}", text, "云岭省", str(year), "report") for year, text in REPORTS.items()]
    told.append(("speech", SPEECH, "清河市", "2022", "speech"))
    with Library.open(home, embedder=None, write=True) as library:
        for key, text, place, date, genre in told:
            library.ingest_source(
                Source(key=key, digest=key, media="text/plain", encoding="utf-8", text=text, metadata={}),
                options={"place": place, "date": date, "genre": genre},
            )
        yield Answerer(library)


def shown(answer: Answer) -> str:
    return "\n".join(one.text for one in answer.statements)


@pytest.mark.parametrize(
    "question", ["清河市有多少家书店？", "清河市有多少书店？", "清河市的书店有多少家", "清河市有几家书店"]
)
def test_another_thing_beside_the_words_asked_for_is_no_answer(answerer: Answerer, question: str) -> None:
    assert answerer.answer_now(question).outcome is Outcome.NOT_IN_CORPUS


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("清河市有多少家医院？", "120家"),
        ("清河市有多少所医院？", "120家"),
        ("清河市有多少医院", "120家"),
        ("清河市老楼加装了多少部电梯", "86台"),
        ("清河市吸引了多少书店店员？", "2万人"),
        ("清河市有多少护林员？", "1.6万名"),  # as it stands before its number, whatever follows
        ("清河市的护林员有多少人", "1.6万名"),
        ("清河市的安全巡查有多少项", "60多项"),
    ],
)
def test_the_thing_is_found_in_its_own_or_a_kindred_measure_word(
    answerer: Answerer, question: str, told: str
) -> None:
    assert told in shown(answerer.answer_now(question))


def test_a_target_is_of_the_year_it_is_for(answerer: Answerer) -> None:
    told = shown(answerer.answer_now("云岭省2024年粮食产量是多少？"))
    assert "320亿斤" in told
    assert "330" not in told
    assert not answerer.answer_now("云岭省2024年城镇新增就业多少人？").outcome.is_answer


def test_a_target_is_called_one_where_nobody_asked_for_it(answerer: Answerer) -> None:
    answer = answerer.answer_now("云岭省2025年粮食产量是多少？")
    assert "330亿斤" in shown(answer)
    assert "目标" in answer.statements[0].lead
    assert "320亿斤" not in shown(answer)


@pytest.mark.parametrize("question", ["云岭省地区生产总值是多少？", "云岭省2024年地区生产总值多少？"])
def test_neither_a_rank_nor_a_growth_is_a_value(answerer: Answerer, question: str) -> None:
    answer = answerer.answer_now(question)
    assert not answer.outcome.is_answer  # the nearest sentence may be shown under the refusal
    assert "5.2%" in shown(answerer.answer_now("云岭省2024年地区生产总值增长多少？"))
