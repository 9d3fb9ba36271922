"""Text is decoded by what comes out of it, and keeps every character that is no line end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.loaders.decoding import decode
from retrieval.loaders.formats.extracted import seen
from retrieval.loaders.formats.plain_text import front_matter
from retrieval.loaders.load import read_bytes
from retrieval.values.errors import BrokenFile

TEXT = (
    "二〇三一年，全市城镇新增就业２４万人。\n一、坚持以人为本\u3000\u00a0推进“七边”治理，森林覆盖率53.07%。\n"
)
TRADITIONAL = "臺灣的讀者問：這座城市的衛生與綠化經驗，能不能寫成報告？我們願意學習，並且廣為宣傳。\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb18030", "gb2312"],
)
def test_each_usual_encoding_gives_the_same_text(encoding: str) -> None:
    text = TEXT.replace("\u00a0", " ") if encoding.startswith("gb") and encoding != "gb18030" else TEXT
    text = text.replace("〇", "零") if encoding == "gb2312" else text
    assert decode(text.encode(encoding), "x.txt")[0] == text


def test_big5_and_western_text_are_not_taken_for_gbk() -> None:
    assert decode(TRADITIONAL.encode("big5hkscs"), "x.txt")[0] == TRADITIONAL
    western = "Yan’an – a naïve façade, déjà vu. " * 5
    assert decode(western.encode("cp1252"), "x.txt")[0] == western


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_an_incomplete_last_character_is_left_out(encoding: str) -> None:
    whole = TEXT.rstrip("\n") * 4 + "完"
    assert decode(whole.encode(encoding)[:-1], "x.txt")[0] == whole[:-1]


def test_a_wrong_byte_order_mark_does_not_mislead() -> None:
    text = TEXT.replace("\u00a0", "") * 3
    assert decode(b"\xef\xbb\xbf" + text.encode("gb18030"), "x.txt")[0] == text


def test_a_bad_byte_in_a_long_file_costs_one_character_only() -> None:
    data = (TEXT * 60).encode()
    text, encoding = decode(data[:1000] + b"\xff" + data[1000:], "x.txt")
    assert encoding == "utf-8"
    assert 1 <= text.count("\ufffd") <= 3


def test_line_ends_become_plain_and_other_white_space_stays() -> None:
    assert (
        decode("甲\r\n乙\r丙\n\u3000\u3000丁\u00a0\u00a0戊".encode(), "x")[0]
        == "甲\n乙\n丙\n\u3000\u3000丁\u00a0\u00a0戊"
    )


def test_front_matter_becomes_metadata_as_written_and_the_body_stays() -> None:
    head = "place: 云溪市\ndate: 2031-05\nyear: 2031\ntags: [街巷, 江水]\nnested: {a: b}"
    source = read_bytes(f"---\n{head}\n---\n\n# 题目\n正文。".encode(), "x.md")
    assert source.metadata == {"place": "云溪市", "date": "2031-05", "year": "2031", "tags": "街巷、江水"}
    assert source.text == "\n# 题目\n正文。"


def test_dashes_that_are_no_front_matter_stay_in_the_text() -> None:
    for text in ("---\n分隔线下面是正文。\n---\n再见。", "----\na: b\n----\n", "---\na: b\n没有结束"):
        assert front_matter(text, "x") == ({}, text)


@pytest.mark.parametrize("head", ["title: [未闭合", "a: b: c", "a: " + "[" * 1200])
def test_broken_front_matter_is_told_with_what_to_do(head: str) -> None:
    with pytest.raises(BrokenFile, match="请改正后再读入"):
        front_matter(f"---\n{head}\n---\n正文", "x.md")


@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=["Cc", "Cs"]), min_size=1
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_in_utf8_comes_back_unchanged(text: str) -> None:
    if text.count("\ufffd") <= 3:
        assert decode(text.encode(), "x")[0] == seen(text)


@given(st.text("天地人和城市文明一二三，。：“”0123456789%\n", min_size=8, max_size=300))
@settings(max_examples=100, deadline=None)
def test_chinese_text_in_gb18030_comes_back_unchanged(text: str) -> None:
    assert decode(text.encode("gb18030"), "x")[0] == text
