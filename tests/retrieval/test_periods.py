"""The time that a figure is told of: where it is said, for how long it holds, and which year it is."""

from __future__ import annotations

import pytest

from retrieval.facts.models import FigureKind
from retrieval.facts.periods import period_of, times, year_told


def told(text: str) -> list[str]:
    return [text[start:end] for start, end in times(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2031年以来新建公园3个，去年新建5个", ["2031年以来", "去年"]),
        ("比去年增长3%", []),
        ("较上年增长3%", []),
        ("人数同去年持平", []),
        ("总数不低于去年", []),
        ("比预期好，去年新建5个", ["去年"]),
        ("不低于五个，去年新建5个", ["去年"]),
        ("新建公园3个", []),
    ],
)
def test_a_time_that_is_only_compared_with_is_none(text: str, found: list[str]) -> None:
    assert told(text) == found


def at_end(text: str, clause: str) -> str | None:
    begins = text.index(clause)
    return period_of(text, times(text), (begins, len(text)), len(text) - 2)


def test_a_time_holds_until_another_is_told_unless_it_is_one_of_its_clause() -> None:
    assert at_end("2031年新建公园3个，修路5条", "修路") == "2031年"
    assert at_end("2031年新建公园3个，去年修路5条", "去年") == "去年"
    assert at_end("2031年建园，每年修路5条", "每年") == "每年"
    assert at_end("2031年建园，每年植树9棵，修路5条", "修路") == "2031年"
    assert period_of("3个公园建于2031年", times("3个公园建于2031年"), (0, 11), 0) is None  # it comes after
    assert period_of("2031年3个", ((0, 5),), (0, 7), 5) == "2031年"  # directly before


def year(
    period: str | None, *headings: str, written: int | None, kind: FigureKind = FigureKind.DONE
) -> int | None:
    return year_told(period, kind, headings=headings, written=written)


def test_the_year_is_told_by_the_words_then_by_headings_then_by_the_text() -> None:
    assert year("2025年至2029年", "2024年工作", written=2031) == 2029
    assert year("到“十五五”末", written=2031) == 2030
    assert year("去年", "2024年工作", written=2031) == 2030
    assert year("前年", written=2031) == 2029
    assert year("今年以来", "2024年工作", written=2031) == 2031
    assert year("目前", "2024年工作", "2026年任务", written=2031) == 2026
    assert year("去年", "2024年工作", written=None) == 2024
    assert year("目前", written=None) is None
    assert year(None, written=2031) == 2031


def test_what_a_report_looks_back_on_is_of_the_year_before_but_its_aims_are_not() -> None:
    assert year(None, "过去一年工作回顾", written=2031) == 2030
    assert year(None, "工作回顾", "产业", written=2031) == 2030
    assert year(None, "工作回顾", written=2031, kind=FigureKind.TARGET) == 2031
