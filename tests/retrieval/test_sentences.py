"""Where sentences and clauses end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text.normalize import Span, clauses, sentences, trimmed

if TYPE_CHECKING:
    from pathlib import Path

ANY_TEXT = st.text(st.characters(), max_size=80) | st.text(
    "甲乙。！？…，；：“”《》（）\"'\n\u3000 .1a", max_size=80
)


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


def parts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in clauses(text)]


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_sentences_tile_the_text(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(span.start < span.end for span in spans)


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, st.data())
def test_clauses_tile_what_they_were_cut_from(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = clauses(text, start, end)
    assert "".join(text[span.start : span.end] for span in spans) == text[start:end]
    assert all(span.start < span.end for span in spans)


@settings(max_examples=50, deadline=None)
@given(ANY_TEXT)
def test_trimming_leaves_what_strip_leaves(text: str) -> None:
    span = trimmed(text, Span(0, len(text)))
    assert text[span.start : span.end] == text.strip()


@pytest.mark.parametrize(
    "expected",
    [
        ["甲很好。", "乙呢？", "真的！！", "是……", "好"],
        ["投资5.77亿元，占1.5万个。", "见http://a.cn/b?c=d!e。", "完"],
        ["他说：“好。我们走！”", "然后走了。"],
        ["《怎么办？》一书。", "（见附件。）", "完"],
        ["回答“好不好？”的问题。", "去问“谁？”、“哪儿？”。"],
        ["第一行\n", "第二行\r\n\r\n", "第三行"],
        ["题目\u3000\u3000", "正文。 \u3000\u3000", "一、总则"],
        ["\n\n甲。", "乙。 "],
        ['他说"好。走。"', "完。"],
        ["Mr. Li left at 5.30 or so. ", "He came back. ", "Why? ", "No."],
        ["1. 总则\n", "2. 细则"],
        ["“没有收尾。", "下一句。"],
        ["   "],
        [],
        ["他说……，还要走。"],
        ["真好……的一天。"],
        ["“甲。\n", "乙。”", "丙。"],  # a quotation ends with its line
        ["（“甲）乙。”", "丙。"],  # what was opened inside a pair ends with it
        ["“《甲。》乙。丙”丁。"],
        ["甲。", "“乙。丙”丁。"],
        ["“甲。乙！”", "丙"],
        ["甲。”", "乙。"],
        ["甲。 ", "“乙。”"],
        ["他说“走。”和“来。”", "好。"],
        ["“走。”", "“来。”", "好"],
        ["wow!! ", "好"],
        ["甲\r\n", "乙\u2028", "丙"],
        ['"甲。乙"丙。', '丁"戊。', "己"],
        ['Say "Hi. You." ', "Then."],
        ["「甲。『乙。』丙」丁。", "[甲。乙]丙。"],
        ["见Fig. 3和No. 5。", "完"],
        ["\n1. 总则。\n ", "2. 细则。"],
        ["共三项。\n", "123456789012. 后十二个字。"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert cut("".join(expected)) == expected


def test_a_long_quotation_is_cut_inside() -> None:
    quotation = "“" + "这是一句引文。" * 60 + "”"
    assert len(cut(quotation)) == 60


@pytest.mark.parametrize(("length", "pieces"), [(199, 1), (200, 1), (201, 2)])
def test_two_hundred_characters_are_a_quotation_of_usual_length(length: int, pieces: int) -> None:
    quotation = "“好。" + "字" * (length - 4) + "”"
    assert len(quotation) == length
    assert len(cut(quotation + "完。")) == pieces


@pytest.mark.parametrize("unclosed", [0, 5, 205, 300])
def test_a_quotation_is_known_behind_however_many_that_were_never_closed(unclosed: int) -> None:
    assert cut("《" * unclosed + "“甲。乙”丙。")[-1].endswith("“甲。乙”丙。")


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        (" 甲 乙 ", (0, 5), (1, 4)),
        ("甲 乙 丙", (1, 4), (2, 3)),
        ("甲 乙 丙", (2, 5), (2, 5)),
        ("甲乙 ", (0, 3), (0, 2)),
        (" 甲乙", (0, 3), (1, 3)),
        ("甲乙", (1, 1), (1, 1)),
        ("甲  ", (1, 3), (3, 3)),
        ("", (0, 0), (0, 0)),
    ],
)
def test_a_span_is_narrowed_to_what_is_no_white_space(
    text: str, span: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert trimmed(text, Span(*span)) == expected


def test_a_text_of_nothing_but_opening_marks_is_read_in_line_with_its_length() -> None:
    assert cut("“《" * 50_000) == ["“《" * 50_000]


@pytest.mark.parametrize(
    "expected",
    [
        ["共1,234个，", "占5.77；", "其中：", "甲、乙。"],
        ["比例1：3，", "时间8:30，", "完"],
        ["“甲，乙”、《丙，丁》，", "（戊；己）庚"],
        ["Hello, ", "world: ", "12:30; ", "ok"],
        ["说“好。”，", "走了"],
        ["甲，”", "乙"],
        ["8：", "乙：", "3"],
        ["甲，\n", "乙,3,", "丙；；", "丁"],
        ["“好，”的人，", "来"],
        ["“好，”", "他说，", "来"],
    ],
)
def test_clauses_end_at_commas_outside_quotes_and_numbers(expected: list[str]) -> None:
    assert parts("".join(expected)) == expected


def test_clauses_of_a_part_know_nothing_of_what_is_outside_it() -> None:
    assert clauses("甲， 乙", 0, 2) == ((0, 2),)
    assert clauses("甲，乙，丙", 2, 5) == ((2, 4), (4, 5))
    assert clauses("甲，乙，丙", 2) == ((2, 4), (4, 5))
    assert clauses("“甲，乙”，丙", 1) == ((1, 3), (3, 6), (6, 7))  # the mark that opens is not in it
    assert clauses("“甲，乙”，丙", 0, 4) == ((0, 3), (3, 4))  # nor the one that closes


def test_every_quotation_of_the_source_stays_in_one_sentence(shared: Path) -> None:

    text = (shared / "corpus" / "2021-wenming-peixun-3.txt").read_text(encoding="utf-8")
    pieces = cut(text)
    assert all(piece.count("“") == piece.count("”") for piece in pieces)
    assert max(map(len, pieces)) < 260
