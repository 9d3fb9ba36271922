"""A stream is cut where its text says, whatever pieces it comes in, and nothing of it is lost."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from answering.generation.sentence_splitter import SentenceStream

WORDS = (
    '台州 改造 3.5 74个 。 ！ [1] [ ] 1 2 【3】 （1） (2) “ ” 《 》 " ** Dr. ， ： . ? … ``` --- ^'
    " 来源 <sup>1</sup>"
)
LAYOUT = ["\n", "\n\n", "- ", "1. ", "| a | b |", "# ", "end. ", "e.g. ", " "]
PIECES = st.lists(
    st.sampled_from(WORDS.split() + LAYOUT),
    max_size=25,
).map("".join)


def cut(text: str, *sizes: int) -> list[str]:
    stream, units, at = SentenceStream(), [], 0
    for size in sizes:
        units += stream.feed(text[at : at + size])
        at += size
    units += stream.feed(text[at:])
    return units + stream.close()


@settings(max_examples=400, deadline=None)
@given(text=PIECES, sizes=st.lists(st.integers(1, 6), max_size=40))
@example(text="好。[1", sizes=[1, 1, 1, 1])
def test_any_pieces_give_the_same_units_and_lose_nothing(text: str, sizes: list[int]) -> None:
    whole = cut(text)
    assert cut(text, *sizes) == whole
    assert cut(text, *[1] * len(text)) == whole
    assert text.startswith("".join(whole))
    assert not text[len("".join(whole)) :].strip()


def test_units_are_sentences_items_rows_and_headings() -> None:
    text = (
        "台州做了三件事：\n- 改造3.5万处。[1]\n- 建园。\n[2]\n1. 他说“好。真好。”这是第一。[3] 第二句 [4]。\n"
        "| 市 | 数 |\n|---|---|\nDr. Li built 3.5 km. [1] Then it grew.\n# 标题\n（1）加强。（2）完善。(3)\n"
    )
    assert [u.strip() for u in cut(text)] == [
        "台州做了三件事：",
        "- 改造3.5万处。[1]",
        "- 建园。\n[2]",
        "1. 他说“好。真好。”这是第一。[3]",
        "第二句 [4]。",
        "| 市 | 数 |",
        "|---|---|",
        "Dr. Li built 3.5 km. [1]",
        "Then it grew.",
        "# 标题",
        "（1）加强。",
        "（2）完善。(3)",
    ]


def test_a_sentence_comes_as_soon_as_no_marker_can_follow() -> None:
    stream = SentenceStream()
    assert stream.feed("改造小区74个。") == []
    assert stream.feed("[1]") == []
    assert stream.feed("投资") == ["改造小区74个。[1]"]
    assert stream.feed("5.77亿元[1]。\n\n") == []
    assert stream.feed("另") == ["投资5.77亿元[1]。"]
    assert stream.close() == ["\n\n另"]


def test_markers_in_a_row_stay_with_their_sentence() -> None:
    assert cut("改造小区。[3]、[5]、[6]\n投资。[1]，[2] 好") == [
        "改造小区。[3]、[5]、[6]",
        "\n投资。[1]，[2]",
        " 好",
    ]


def test_a_quotation_never_closed_does_not_hold_the_rest_back() -> None:
    text = "他说“" + "很长的话，" * 30 + "完了。后来好了。"
    assert cut(text)[-1] == "后来好了。"
