"""A statement is shown only when what it cites proves it; what fails is dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answering import Answer, Citation, Computation, Outcome, Statement, StatementKind
from answering.verification.extractive import passes, prove

QUOTE = "2020年以来，清理淤泥350余万立方米，拆除违法建筑1200处，改造老旧小区42个。"
CITED = Citation(
    number=1,
    document="d",
    passage="d-p",
    start=0,
    end=len(QUOTE),
    quote=QUOTE,
    title="水城的日常",
    place="绍兴市",
    year=2022,
    date="2022",
    section="一",
    point=None,
    heading=(),
)


def said(text: str, *numbers: int, manner: StatementKind = StatementKind.QUOTED) -> Statement:
    return Statement(text=text, citations=numbers or (1,), manner=manner)


@pytest.mark.parametrize(
    "text",
    ["清理淤泥350余万立方米", "清理淤泥 350余万立方米", QUOTE, "拆除违法建筑１２００处"],
)
def test_words_of_the_citation_pass_whatever_their_width(text: str) -> None:
    assert passes(said(text), (CITED,))


@pytest.mark.parametrize(
    "text",
    ["清理淤泥350万立方米", "清理淤泥360余万立方米", "拆除违法建筑1200个", "宁波改造老旧小区42个"],
)
def test_words_that_the_citation_lacks_do_not(text: str) -> None:
    assert not passes(said(text), (CITED,))


def test_a_statement_without_a_citation_or_with_an_unknown_one_does_not_pass() -> None:
    assert not passes(Statement(text=QUOTE), (CITED,))
    assert not passes(said(QUOTE, 2), (CITED,))
    assert not passes(said(QUOTE, 1, 2), (CITED,))


def test_a_frame_may_stand_alone_but_not_with_a_figure_of_its_own() -> None:
    frame = Statement(text="所收材料没有提到", manner=StatementKind.FRAME)
    assert passes(frame, (CITED,))
    assert not passes(replace(frame, text="共有42个"), (CITED,))


@pytest.mark.parametrize(
    ("text", "proved"),
    [
        ("绍兴市最多（1200处）", True),
        ("原文为1200处，不是5000处", True),
        ("绍兴市最多（1300处）", False),
        ("绍兴市最多（350万立方米）", False),
        ("合计1242个", False),
    ],
)
def test_a_computed_statement_stands_on_cited_asked_or_reckoned_figures(text: str, *, proved: bool) -> None:
    question = "绍兴拆了5000处违法建筑，对吧？"
    assert passes(said(text, manner=StatementKind.COMPUTED), (CITED,), (), question) is proved


def test_a_reckoned_figure_passes_when_the_reckoning_is_there() -> None:
    reckoned = Computation(value=1242, op="sum", of=(1200, 42))
    assert passes(said("合计1242个", manner=StatementKind.COMPUTED), (CITED,), (reckoned,))


def test_what_fails_is_dropped_with_the_citations_that_only_it_used() -> None:
    other = replace(CITED, number=2)
    answer = Answer(
        question="？",
        outcome=Outcome.ANSWERED,
        statements=(said(QUOTE), said("编造的话", 2)),
        citations=(CITED, other),
    )
    proved = prove(answer)
    assert [s.text for s in proved.statements] == [QUOTE]
    assert [c.number for c in proved.citations] == [1]


def test_an_answer_of_which_nothing_is_left_is_not_supported_and_cites_nothing() -> None:
    answer = Answer(
        question="？", outcome=Outcome.ANSWERED, statements=(said("编造的话"),), citations=(CITED,)
    )
    proved = prove(answer)
    assert proved.outcome is Outcome.NOT_SUPPORTED
    assert not proved.citations
    assert not proved.statements


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(QUOTE) - 1), digit=st.sampled_from("0123456789"))
def test_a_changed_digit_never_passes(at: int, digit: str) -> None:
    if QUOTE[at].isdigit() and QUOTE[at] != digit:
        assert not passes(said(QUOTE[:at] + digit + QUOTE[at + 1 :]), (CITED,))
