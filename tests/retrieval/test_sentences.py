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
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert cut("".join(expected)) == expected


def test_a_long_quotation_is_cut_inside() -> None:
    quotation = "“" + "这是一句引文。" * 60 + "”"
    assert len(cut(quotation)) == 60


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
    ],
)
def test_clauses_end_at_commas_outside_quotes_and_numbers(expected: list[str]) -> None:
    assert parts("".join(expected)) == expected


def test_every_quotation_of_the_source_stays_in_one_sentence(shared: Path) -> None:

    text = (shared / "corpus" / "2021-wenming-peixun-3.txt").read_text(encoding="utf-8")
    pieces = cut(text)
    assert all(piece.count("“") == piece.count("”") for piece in pieces)
    assert max(map(len, pieces)) < 260
