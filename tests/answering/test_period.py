"""A year asks for texts of that year and for the reports of the next, which look back on it."""

from __future__ import annotations

import pytest

from answering import period
from retrieval.documents import Document, Genre


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
