"""A figure in an answer is printed so that its reader finds it in the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answering.evidence.lines import lines
from answering.generation.figure_printing import in_digits, undated

if TYPE_CHECKING:
    from answering.evidence.lines import Line
    from retrieval import Library


@pytest.fixture
def silt(library: Library) -> Line:
    found = lines(library.find("绍兴市清理河道淤泥350余万立方米", k=5))
    return next(line for line in found if "350余万" in line.text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4.9 million residents", "4,900,000 residents"),
        ("more than 3.5-million", "more than 3,500,000"),
        ("1.2 Billion yuan", "1,200,000,000 yuan"),
        ("0.0001 thousand", "0.0001 thousand"),
        ("75 estates", "75 estates"),
        ("改造75个", "改造75个"),
    ],
)
def test_english_scales_are_spelt_out(text: str, shown: str) -> None:
    assert in_digits(text) == shown


def test_the_documents_year_is_left_out_where_the_source_does_not_print_it(silt: Line) -> None:
    assert undated("2022年清理河道淤泥350余万立方米", [silt]) == "清理河道淤泥350余万立方米"
    assert undated("2020年以来清理河道淤泥", [silt]) == "2020年以来清理河道淤泥"
    assert undated("2019年清理河道淤泥", [silt]) == "2019年清理河道淤泥"
