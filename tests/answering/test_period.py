"""A year asks for texts of that year and for the reports of the next, which look back on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering import Answerer
from answering.evidence import year_range as period
from retrieval import Library
from retrieval.values.documents import Document, Genre

if TYPE_CHECKING:
    from collections.abc import Iterator


def text(year: int, genre: Genre = Genre.REPORT) -> Document:
    return Document(id=f"d{year}", source="s", text="…", title="t", genre=genre, year=year)


REPORTS = (text(2024), text(2025))


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2024年新增就业多少人", (2025,)),
        ("2024年的目标是多少", (2024,)),
        ("2024年政府工作报告讲了什么", (2024,)),
        ("2023年新增就业多少人", (2024,)),
        ("2019年新增就业多少人", ()),
    ],
)
def test_reports_answer_for_the_year_before_and_plan_for_their_own(
    question: str, years: tuple[int, ...]
) -> None:
    asked = (int(question[:4]),)
    assert period.limits(question, asked, REPORTS) == years


def test_a_speech_answers_for_its_own_year_alone() -> None:
    speeches = (text(2021, Genre.SPEECH),)
    assert period.limits("2021年建了多少公园", (2021,), speeches) == (2021,)
    assert period.limits("2020年建了多少公园", (2020,), speeches) == ()


def test_a_text_named_by_its_year_is_told_from_a_year() -> None:
    assert period.names_text("2025年政府工作报告里说新增就业多少人", (2025,))
    assert not period.names_text("2025年新增就业多少人", (2025,))


REPORT = """杭州市政府工作报告

——2026年1月20日在杭州市第十四届人民代表大会第五次会议上

杭州市市长　王一二

各位代表：现在，我代表市人民政府作工作报告。

一、2025年工作回顾

城镇新增就业12万人，新建公园35个。

二、2026年目标任务

今年经济社会发展的主要预期目标是：城镇新增就业15万人，地区生产总值增长5.5%左右。
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("report")
    (folder / "2026年杭州市政府工作报告.txt").write_text(REPORT, encoding="utf-8")
    with Library.open(folder / "home", embedder=None, write=True) as writer:
        writer.ingest([folder / "2026年杭州市政府工作报告.txt"])
    with Library.open(folder / "home", embedder=None) as reader:
        yield Answerer(reader)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("杭州2025年城镇新增就业多少人？", "12万人"),
        ("杭州2026年城镇新增就业的目标是多少？", "15万人"),
        ("杭州市地区生产总值增长目标是多少", "5.5%左右"),
        ("杭州的政府工作报告是谁作的", "王一二"),
    ],
)
def test_what_was_reached_and_what_is_aimed_at_are_told_apart(
    report: Answerer, question: str, said: str
) -> None:
    answer = report.answer_now(question)
    assert said in "".join(s.text for s in answer.statements)


def test_a_goal_that_was_not_set_is_not_answered_with_a_result(report: Answerer) -> None:
    assert not report.answer_now("杭州2026年新建公园的目标是多少个？").outcome.is_answer


def test_of_two_years_in_one_sentence_the_one_asked_for_is_told(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    (folder / "a.txt").write_text(
        "杭州市2024年渔业情况\n淡水鱼产量（万吨）：2023年淡水鱼产量6.1万吨；2024年淡水鱼产量6.8万吨。",
        encoding="utf-8",
    )
    with Library.open(folder / "home", embedder=None, write=True) as writer:
        writer.ingest([folder / "a.txt"])
    with Library.open(folder / "home", embedder=None) as reader:
        told = "".join(s.text for s in Answerer(reader).answer_now("杭州2024年淡水鱼产量是多少？").statements)
    assert "6.8万吨" in told
    assert "6.1万吨" not in told
