"""Chains inside running text are found in their order, and what only looks like one is not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.parsing.enumerations import points
from retrieval.parsing.paragraphs import paragraphs
from retrieval.parsing.sections import sections


def chain(text: str) -> list[tuple[str, str]]:
    layout = paragraphs(text)
    return [
        (one.numeral, text[one.start : one.end])
        for one in points(text, layout, sections(text, layout, levels={}))
    ]


def test_members_run_to_the_next_marker_and_the_last_to_the_paragraphs_end() -> None:
    text = "我们做了三件事。一是修路。全长9公里。二是修桥。三是管水。江水清了。\n以后还要做。"
    assert chain(text) == [
        ("一", "一是修路。全长9公里。"),
        ("二", "二是修桥。"),
        ("三", "三是管水。江水清了。"),
    ]


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("要求：一要修路，二要修桥，三要管水。", "一二三"),
        ("首先修路，其次修桥，再次管水，最后种树。", "一二三四"),
        ("首先，修路。然后，修桥。", "一二"),
        ("第一，修路；第二，修桥。", "一二"),
        ("原因有二：其一，路远；其二，桥窄。", "一二"),
        ("".join(f"{one}是某事。" for one in [*"一二三四五六七八九十", "十一"]), "一二三四五六七八九十十一"),
    ],
)
def test_each_family_of_chains_is_known(text: str, numerals: str) -> None:
    assert "".join(numeral for numeral, _ in chain(text)) == numerals


@pytest.mark.parametrize(
    "text",
    [
        "唯一是他。之二是她。",
        "原因之一是路远，原因之二是桥窄。",
        "二是修桥。三是管水。",
        "一是修路，别的没有。",
        "一是修路。三是管水。",
        "全国第一，全省第二，令人振奋。",
        "统一要求，同一要素，十一要闻。",
        "最后，我们修了路。首先这样说。",
        "二十是个数，三十是个数。",
    ],
)
def test_what_only_looks_like_a_chain_is_none(text: str) -> None:
    assert chain(text) == []


def test_a_chain_begins_anew_and_none_goes_over_a_heading() -> None:
    assert [numeral for numeral, _ in chain("一是甲。二是乙。\n一是丙。二是丁。三是戊。")] == list(
        "一二一二三"
    )
    assert chain("一、街巷\n一是修路。\n二、江水\n二是管水。") == []
    assert [text for _, text in chain("一是甲。二是乙。另外，一是丙。二是丁。")] == [
        "一是甲。",
        "二是乙。另外，",
        "一是丙。",
        "二是丁。",
    ]


def test_members_may_begin_paragraphs_and_head_what_is_below_them() -> None:
    text = (
        "一是修路。\n全长9公里，三年修成。\n二是修桥。\n首先勘察，其次施工。\n三是管水。\n江水清了。\n如常。"
    )
    assert [one for _, one in chain(text)] == [
        "一是修路。\n全长9公里，三年修成。",
        "二是修桥。\n首先勘察，其次施工。",
        "三是管水。\n江水清了。",
    ]
    assert [one for _, one in chain("一是修路；\n二是修桥；\n三是管水。\n此后如常。")][-1] == "三是管水。"


def test_a_chain_inside_one_sentence_ends_with_it() -> None:
    assert [one for _, one in chain("目标：一是路通，二是水清，三是山绿。到2035年再上台阶。")] == [
        "一是路通，",
        "二是水清，",
        "三是山绿。",
    ]


PIECE = st.sampled_from(
    [
        "一是",
        "二是",
        "三是",
        "首先",
        "其次",
        "最后",
        "第一，",
        "第二，",
        "其一，",
        "其二，",
        "甲",
        "乙丙",
        "。",
        "；",
        "，",
        "\n",
        "\n一、丁\n",
        "唯",
    ]
)


@given(st.lists(PIECE, max_size=40).map("".join))
@settings(max_examples=100, deadline=None)
def test_points_are_apart_in_order_and_begin_with_their_markers(text: str) -> None:
    layout = paragraphs(text)
    found = points(text, layout, sections(text, layout, levels={}))
    for one in found:
        assert text[one.start : one.end].startswith(one.marker.rstrip())
    assert all(first.end <= second.start for first, second in pairwise(found))
