"""What is shown of a sentence begins with what it tells of, not with the rest of what was said before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from answering.extractive.sentence_selection import SelectedSentence
from retrieval.quantities import figures
from retrieval.text.normalize import Span

if TYPE_CHECKING:
    from answering.evidence.lines import Line


@pytest.mark.parametrize(
    ("text", "from_", "shown"),
    [
        ("茶叶、水果产量分别增长4.1%、6.3%，竹材加工量达到88万吨", "6.3%", "竹材加工量达到88万吨"),
        ("全年主要目标是：粮食面积稳定在40万亩", "是：", "粮食面积稳定在40万亩"),
        ("新增床位为：护理型2100张", "为：", "护理型2100张"),
        ("其中，6.3%用于修路", "6.3%", "6.3%用于修路"),
    ],
)
def test_the_rest_of_what_was_said_before_is_left_out(text: str, from_: str, shown: str) -> None:
    line = cast("Line", SimpleNamespace(text=text))
    found = SelectedSentence(line, Span(text.index(from_), len(text)), 0.0)
    assert found.text == shown


def test_a_figure_that_was_asked_for_is_kept() -> None:
    text = "茶叶、水果产量分别增长4.1%、6.3%，位居前列"
    line = cast("Line", SimpleNamespace(text=text))
    asked = figures(text)[-1]
    found = SelectedSentence(line, Span(text.index("6.3%"), len(text)), 0.0, asked)
    assert found.text == "6.3%，位居前列"
