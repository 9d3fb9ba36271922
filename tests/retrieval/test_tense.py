"""Done or planned, in passages and in questions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text.tense import Tense, asked, by_part, told
from retrieval.values.documents import Document, Genre, Passage


def _told(text: str, *heading: str, genre: Genre = Genre.REPORT) -> Tense:
    document = Document(id="d", source="s", text=text, title="t", genre=genre)
    passage = Passage(id="d-1", document="d", ordinal=0, start=0, end=len(text), text=text, heading=heading)
    return told(passage, document)


@pytest.mark.parametrize(
    ("text", "heading", "tense"),
    [
        ("新增就业三万人。", ("一、上年工作回顾",), Tense.DONE),
        ("新增就业三万人。", ("三、今年主要任务", "（一）成效"), Tense.PLANNED),
        ("新增就业三万人。", ("二、发展成就和主要目标", "（二）今后五年的目标"), Tense.PLANNED),
        ("新增就业三万人。", ("二、让城市更温暖",), Tense.OPEN),
        ("预期目标是：新增就业三万人。", (), Tense.PLANNED),
        ("新增就业三万人。", (), Tense.OPEN),
    ],
)
def test_headings_decide_then_words(text: str, heading: tuple[str, ...], tense: Tense) -> None:
    """The outermost heading that is of one kind decides; words count where no heading does."""
    assert _told(text, *heading) is tense


def test_a_report_without_headings_looks_back_until_it_sets_its_aims() -> None:
    """Where no heading decides, what comes before the words that open the second part was done."""
    first = "过去一年，全县新建公园三座，改造道路九条，群众的生活更加方便，各项事业都有新的进步。" * 4
    aims = "今年全县经济社会发展的主要预期目标是：新增就业三万人。"
    last = "新建学校两所。"
    text = first + aims + last
    document = Document(id="d", source="s", text=text, title="t", genre=Genre.REPORT, year=2031)
    cuts = [(0, len(first)), (len(first), len(first + aims)), (len(first + aims), len(text))]
    parts = [
        Passage(id=f"d-{n}", document="d", ordinal=n, start=a, end=b, text=text[a:b], heading=("二、惠民生",))
        for n, (a, b) in enumerate(cuts)
    ]
    assert [told(part, document) for part in parts] == [Tense.DONE, Tense.PLANNED, Tense.PLANNED]
    assert told(parts[2], replace(document, genre=Genre.OTHER)) is Tense.OPEN


def test_a_regulation_has_no_tense() -> None:
    """What a regulation orders is neither done nor aimed at."""
    assert _told("主管部门应当制定计划。", "第二章 工作目标", genre=Genre.REGULATION) is Tense.OPEN


@pytest.mark.parametrize(
    ("question", "lean"),
    [
        ("今年新增就业的目标是多少", 1.0),
        ("計劃新建多少所學校", 1.0),
        ("How many schools will be built?", 1.0),
        ("去年新增就业多少人", -1.0),
        ("新建了多少所学校", -1.0),
        ("How many schools were built last year?", -1.0),
        ("新增就业多少人", -0.5),
        ("有哪些便民措施", 0.0),
        ("Which parks are there?", 0.0),
    ],
)
def test_questions_lean(question: str, lean: float) -> None:
    """A question leans to what it says; an unmarked figure rather to what was reached."""
    assert asked(question) == lean


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_question_leans_somewhere(question: str) -> None:
    """No text breaks the reading, and the lean stays within its bounds."""
    assert -1.0 <= asked(question) <= 1.0


def test_a_report_without_telling_headings_is_done_until_its_aims_are_set() -> None:
    done, plan = "新建公园三个，修路五条，植树九百棵。", "二、今年工作安排。再建公园两个。这五年建园十个。"
    whole = Document(id="d", source="s", text=done + plan, title="t", genre=Genre.REPORT, year=2031)

    def part(start: int, end: int, document: Document = whole) -> Tense:
        words = document.text[start:end]
        return by_part(Passage(id="p", document="d", ordinal=0, start=start, end=end, text=words), document)

    middle, back = len(done), whole.text.index("这五年")
    assert part(0, middle) is Tense.DONE  # up to the very place where the aims begin
    assert part(middle, back) is Tense.PLANNED
    assert part(0, middle + 1) is Tense.PLANNED
    assert part(back, len(whole.text)) is Tense.OPEN  # it looks back among the plans
    assert part(0, middle, replace(whole, year=None)) is Tense.OPEN
    assert part(0, middle, replace(whole, genre=Genre.OTHER)) is Tense.OPEN
    assert part(0, 5, replace(whole, text=done)) is Tense.OPEN
