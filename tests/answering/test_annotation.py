"""A sentence of a report is told as done or planned, and for which years: by heading, words and year."""

from __future__ import annotations

import pytest

from answering.candidates.annotation import SentenceState, annotate
from retrieval.values.documents import Document, Genre, Passage


def note(text: str, *, heading: str = "", genre: Genre = Genre.REPORT):
    document = Document(
        id="aaaaaaaaaa", source="x", text=text, title="临海镇工作报告", year=2024, genre=genre
    )
    passage = Passage(
        id="aaaaaaaaaa-b", document=document.id, ordinal=0, start=0, end=len(text), text=text,
        heading=(heading,) if heading else (),
    )  # fmt: skip
    return annotate(text, passage, document)


@pytest.mark.parametrize(
    ("text", "heading", "state", "year"),
    [
        ("新建渔港码头3座。", "一、2023年工作回顾", SentenceState.DONE, 2023),
        ("新建渔港码头3座。", "二、2024年主要任务", SentenceState.PLANNED, 2024),
        ("今年要确保新建码头5座，力争全部投用。", "", SentenceState.PLANNED, 2024),
        ("去年累计新建码头5座，顺利投用，成功入选示范港。", "", SentenceState.DONE, 2023),
    ],
)
def test_state_and_year(text: str, heading: str, state: SentenceState, year: int) -> None:
    told = note(text, heading=heading)
    assert told.state is state
    assert told.covers(year)


def test_years_named_go_before_the_year_of_the_report() -> None:
    told = note("到2030年，渔获量达到8万吨。", heading="二、目标任务")
    assert told.covers(2030)
    assert not told.covers(2024)


def test_a_rule_requires() -> None:
    assert note("船舶应当报港。", genre=Genre.REGULATION).state is SentenceState.REQUIRED
