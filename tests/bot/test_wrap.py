from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.terminal.console import wrap

TEXT = (
    "吉林市，2018年以来：累计完成民生实事117项，“大学区”管理实现全覆盖（新增财力的80%用于民生）。[1][12]"
    " See www.example.com for more, 5.77亿元."
)
ANY = st.text(st.sampled_from("城问市，。“”（）[1]23.5%abc \u3000é😀"), max_size=80)


def lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrap(text, width)]


def test_words_figures_and_markers_stay_whole() -> None:
    for width in range(16, 70):
        parts = lines(TEXT, width)
        for whole in ("2018", "117", "80%", "[12]", "www.example.com", "5.77"):
            assert any(whole in part for part in parts), (width, whole)


def test_no_line_begins_with_a_mark_that_closes_or_ends_with_one_that_opens() -> None:
    for width in range(16, 70):
        parts = lines(TEXT, width)
        assert not [part for part in parts if re.match(r"[，。：”）]|\[\d", part)]
        assert not [part for part in parts if part[-1] in "“（"]


def test_a_text_that_fits_and_an_empty_one_are_one_line() -> None:
    assert lines("短短的", 6) == ["短短的"]
    assert lines("", 10) == [""]


@settings(max_examples=100, deadline=None)
@given(ANY, st.integers(2, 40))
def test_lines_fit_and_nothing_but_blanks_is_lost(text: str, width: int) -> None:
    spans = wrap(text, width)
    assert all(cell_len(text[start:end]) <= width for start, end in spans)
    assert "".join(text[start:end] for start, end in spans).split() == "".join(text).split() or (
        re.sub(r"\s", "", "".join(text[a:b] for a, b in spans)) == re.sub(r"\s", "", text)
    )
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
