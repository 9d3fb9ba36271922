"""A text whose title names the year before its own tells of that year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering.evidence.year_range import limits, titled_year
from answering.pipeline import Answerer
from retrieval import Library
from retrieval.values.documents import Document, Genre

if TYPE_CHECKING:
    from pathlib import Path

BULLETIN = """舟山市2031年海洋经济运行情况
舟山市统计局　2032年3月2日
一、渔业
水产品总产量达到84.6万吨，远洋渔业产值61亿元。
二、港口
港口货物吞吐量达到6.1亿吨。
"""


def of(title: str, year: int | None, genre: Genre = Genre.OTHER) -> Document:
    return Document(id="a", source="a", text="", title=title, year=year, genre=genre)


@pytest.mark.parametrize(
    ("title", "year", "told"),
    [
        ("舟山市2031年海洋经济运行情况", 2032, 2031),
        ("舟山市2032年工作计划", 2032, None),
        ("舟山市行动计划（2030—2032年）", 2033, 2032),
        ("2030年和2031年情况", 2032, None),
        ("舟山市海洋经济运行情况", 2032, None),
        ("舟山市2031年情况", None, None),
    ],
)
def test_the_year_of_a_title(title: str, year: int | None, told: int | None) -> None:
    assert titled_year(of(title, year)) == told


def test_a_search_for_that_year_keeps_the_text() -> None:
    others = (of("舟山市2031年工作情况", 2031), of("舟山市2031年海洋经济运行情况", 2032))
    assert limits("舟山2031年水产品总产量是多少", (2031,), others) == (2031, 2032)


async def test_a_question_on_that_year_is_answered(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BULLETIN, encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "a.txt"])
        answer = await Answerer(library).answer("舟山2031年水产品总产量是多少？")
        other = await Answerer(library).answer("舟山2029年水产品总产量是多少？")
    assert answer.outcome.is_answer
    assert "84.6万吨" in answer.statements[0].text
    assert not other.outcome.is_answer
