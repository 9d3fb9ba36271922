"""Paragraphs are parted where a source parts them, and joined where only its width does."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.parsing.paragraphs import paragraphs


def parted(text: str) -> list[str]:
    return [text[one.start : one.end] for one in paragraphs(text)]


def test_runs_of_wide_spaces_part_a_long_line() -> None:
    note = "\u00a0\u00a0\u3000——编\u00a0\u00a0者\u3000\u3000\u3000\u3000下一段。"
    line = "云溪市\u3000\u3000让江水更清\u3000\u3000云溪市临江而建。" + note
    assert parted(line) == ["云溪市", "让江水更清", "云溪市临江而建。", "——编\u00a0\u00a0者", "下一段。"]


def test_wide_spaces_inside_a_short_line_part_nothing() -> None:
    assert parted("\u3000\u3000云溪市市长\u3000\u3000林一舟\n第一章\u3000\u3000总\u3000则") == [
        "云溪市市长\u3000\u3000林一舟",
        "第一章\u3000\u3000总\u3000则",
    ]


def test_a_sentence_that_goes_on_below_is_one_paragraph() -> None:
    assert parted("江水清了，PM\n2.5\n年均浓度下降。\n下一段。") == [
        "江水清了，PM\n2.5\n年均浓度下降。",
        "下一段。",
    ]
    assert parted("经济社会发展的\n主要目标\n是：增长5%。") == ["经济社会发展的\n主要目标\n是：增长5%。"]
    assert parted("这叫作“双向\n揭榜\n挂帅”行动。") == ["这叫作“双向\n揭榜\n挂帅”行动。"]


def test_headings_titles_and_lists_are_not_joined() -> None:
    lines = [
        "政府工作报告",
        "云溪市市长 林一舟",
        "一、过去一年，江水清了",
        "全市新建公园12个，整治街巷88条。",
        "1.公园",
        "2.街巷",
    ]
    assert parted("\n".join(lines)) == lines


def test_a_blank_line_parts_what_would_be_joined() -> None:
    assert parted("全市新建公园12个，整治\n\n街巷88条。") == ["全市新建公园12个，整治", "街巷88条。"]


@given(st.text("字，。：“”（）一二、12.\n \u3000\u00a0#>—", max_size=300))
@settings(max_examples=100, deadline=None)
def test_paragraphs_hold_each_character_that_is_not_white_space_once(text: str) -> None:
    found = paragraphs(text)
    assert "".join("".join(part.split()) for part in parted(text)) == "".join(text.split())
    assert all(first.end <= second.start for first, second in pairwise(found))
