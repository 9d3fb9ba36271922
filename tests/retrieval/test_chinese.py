"""Width, script and the pieces that words are matched by."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text.normalize import (
    bigrams,
    fold,
    is_chinese,
    is_english,
    is_traditional,
    name_in_traditional,
    sounds_english,
    squash,
    to_simplified,
    to_traditional,
)

ANY_TEXT = st.text(st.characters(), max_size=60) | st.text(
    "臺州台市　 ，。ＡＢa1９.\u0130\ud800⼀", max_size=60
)


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_folding_keeps_every_offset(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert folded == "".join(fold(char) for char in text)


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("臺州獲評", "台州获评"),
        ("５．７７％，ＧＤＰ！", "5.77%,gdp!"),
        ("全\u3000省\xa0和\t市\n", "全 省 和 市 "),
        ("「和合分」", "“和合分”"),
        ("\u2f00个\ufa0a", "一个见"),
        ("隨著與随着", "随着与随着"),
        ("薴苧", "苎苎"),  # one whose simpler form has a simpler one itself
    ],
)
def test_folding_unites_what_is_the_same_word(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_squashing_drops_all_white_space() -> None:
    assert squash(" 吉 林\u3000市\r\n ＡＢ ") == "吉林市ab"


def test_scripts_are_converted_by_phrase() -> None:
    assert to_simplified("延安現在新增了多少停車位？") == "延安现在新增了多少停车位？"
    assert to_traditional("头发和发展，台州与台湾") == "頭髮和發展，台州與臺灣"


@settings(max_examples=50, deadline=None)
@given(ANY_TEXT)
def test_converting_never_raises(text: str) -> None:
    assert isinstance(to_simplified(text) + to_traditional(text), str)


def test_a_name_keeps_the_characters_that_both_scripts_have_unless_it_surely_is_simplified() -> None:
    assert name_in_traditional("东台", surely=True) == "東臺"
    assert name_in_traditional("东台", surely=False) == "東台"


@pytest.mark.parametrize(
    ("text", "told"), [("國国", True), ("国國国", False), ("國國国", True), ("台", False)]
)
def test_of_a_mixed_text_the_script_with_more_characters_counts(text: str, *, told: bool) -> None:
    assert is_traditional(text) is told


@pytest.mark.parametrize("text", ["請問臺州拿過幾次", "延安現在新增了多少？", "臺州有多少", "萍鄉的後臺"])
def test_a_traditional_question_is_known(text: str) -> None:
    assert is_traditional(text)


@pytest.mark.parametrize(
    "text", ["", "台州有几个后台", "那延安呢", "What?", "吉林市这里有臺钟吗", "藉口", "「好」", "只要"]
)
def test_a_text_without_traditional_evidence_is_not_called_so(text: str) -> None:
    assert not is_traditional(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is the forest coverage in Yan'an?",
        "What does 最具幸福感城市 mean for Taizhou?",
        "GDP?",
        "and Jilin",
        "show me the 停车位",
        "GDP of 吉林 is",
    ],
)
def test_an_english_question_is_known(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    ["", "12345", "Taizhou 有多少个", "GDP多少", "把 the 字写三遍", "？", "把the of 字", "ABC def the 三"],
)
def test_other_questions_are_not_english(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("taizhou", False),
        ("an", False),  # a syllable, too
        ("can you", False),
        ("the taizhou", True),
        ("Jilin City", True),
        ("OK", True),
    ],
)
def test_a_word_of_english_is_told_from_pinyin(text: str, *, told: bool) -> None:
    assert sounds_english(text) is told


def test_chinese_characters_are_told_from_others() -> None:
    assert [char for char in "台a，〇1あ\U00020000。" if is_chinese(char)] == ["台", "〇", "\U00020000"]


def test_pieces_are_characters_pairs_and_whole_words() -> None:
    assert bigrams("和合“分”") == ["和", "合", "和合", "分"]
    assert bigrams("投入1,234.5万元") == ["投", "入", "投入", "1234.5", "万", "元", "万元"]
    assert bigrams("12345热线 5G ABC-d") == ["12345", "热", "线", "热线", "5g", "abc", "d"]
    assert bigrams("5.77、2021.6.3，１２，３４５") == ["5.77", "2021.6.3", "12345"]


def test_both_scripts_and_widths_give_the_same_pieces() -> None:
    assert bigrams("臺州獲評５．７７") == bigrams("台州获评5.77")


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_no_piece_is_empty_or_holds_white_space(text: str) -> None:
    assert all(piece.split() == [piece] for piece in bigrams(text))


def test_pieces_of_numbers_and_other_scripts_stay_whole() -> None:
    assert bigrams("カラ3,456.7万a1,234b １.２.３ 2,34") == [
        *("カ", "ラ", "カラ"), "3456.7", "万", "a1", "234b", "1.2.3", "2", "34",
    ]  # fmt: skip
