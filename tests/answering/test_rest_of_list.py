"""Who asks on gets what was not shown yet, its sources counted again; where nothing is left, it is said."""

from __future__ import annotations

from dataclasses import replace

from answering.planning.rest_of_list import left_of
from answering.values.answer import Answer, Citation, Outcome, Statement, StatementKind

HEAD = Statement(text="二、今年的实事", citations=(1,), manner=StatementKind.HEADING)
MEMBERS = tuple(Statement(text=f"（{n}）修好{n}条路；", citations=(n + 1,), level=1) for n in (1, 2, 3))


def answer(*said: Statement) -> Answer:
    numbers = sorted({n for one in said for n in one.citations})
    cited = tuple(
        Citation(
            number=n,
            document="d",
            passage=f"d-{n}",
            start=n,
            end=n + 1,
            quote="x",
            title="t",
            place=None,
            year=None,
            date=None,
            section="",
            point=None,
            heading=(),
        )
        for n in numbers
    )
    return Answer(question="?", outcome=Outcome.ANSWERED, statements=said, citations=cited)


def test_what_was_shown_is_left_out_and_sources_are_counted_anew() -> None:
    left = left_of(answer(HEAD, *MEMBERS), "二、今年的实事[1]\n- （1）修好1条路[2]")
    assert left is not None
    assert [one.text for one in left.statements] == [HEAD.text, MEMBERS[1].text, MEMBERS[2].text]
    assert [one.citations for one in left.statements] == [(1,), (2,), (3,)]
    assert [(one.number, one.start) for one in left.citations] == [(1, 1), (2, 3), (3, 4)]


def test_nothing_is_left_of_what_was_shown_whole() -> None:
    shown = "\n".join(one.text for one in (HEAD, *MEMBERS))
    assert left_of(answer(HEAD, *MEMBERS), shown) is None
    assert left_of(answer(replace(HEAD, text="修好一百条路")), "修好一百条路。[1]") is None


def test_a_list_that_says_it_has_more_is_not_said_to_be_complete() -> None:
    more = Statement(text="还有5项", manner=StatementKind.FRAME)
    whole = answer(HEAD, *MEMBERS, more)
    assert left_of(whole, "\n".join(one.text for one in (HEAD, *MEMBERS))) == whole
