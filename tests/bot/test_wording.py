"""What the bot says reads well: no doubled punctuation, no broken frame, nothing left over."""

from __future__ import annotations

import re

import pytest

from answering.values.answer import Answer, Language, Outcome
from bot.messages import messages
from bot.presentation.rendering import message

CHINESE = (Language.HANS, Language.HANT)
PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "《": "》", "(": ")", "[": "]"}
DOUBLED = re.compile(r"[，。；：、！？,;:!?][，。；：、,;:]|。[。！？]|[，、；：][”」）]?$")
HALF = re.compile(r"(?<=[一-鿿])[,;:!?](?=[一-鿿\s]|$)")  # half-width marks in Chinese
SPACED = re.compile(r"\s[，。；：、！？]|[，。；：、！？] (?=[一-鿿])")
# A number among Chinese words has no blank beside it.
APART = re.compile(r"[\u4e00-\u9fff）] 12(?=[\u4e00-\u9fff，。；、）]|$)|(?<![A-Za-z])12 [\u4e00-\u9fff]")
COUNTS = {
    *("count", "days", "ms", "seconds", "minutes", "hours", "documents", "sections", "points", "passages"),
    *("figures", "facts", "promises", "rows", "shown", "bad", "refused", "pages", "parts", "part", "page"),
    *("questions", "busy", "waiting", "inbox", "recent", "chats", "ahead", "most", "depth", "limit"),
}
LEFT = re.compile(r"\$|\{|\}|%s|None|TODO|\bundefined\b")
# Words of programs and of translations, each with what people say instead.
CLUMSY = {
    "领走": "导出",
    "能比的事": "可比较的指标",
    "错数": "数字不对",
    "错引": "出处不对",
    "漏答 ": "没答全",
    "先别说话": "暂停回答",
    "撑不起": "不足以支持",
    "丢弃": "舍弃",
}
# What readers of Taiwan and Hong Kong do not say, each with what they say.
ELSEWHERE = {
    "導出": "匯出",
    "用戶": "使用者",
    "識別": "辨識",
    "條回答": "則回答",
    "信息": "訊息",
    "回復": "回覆",
    "條訊息": "則訊息",
    "默認": "預設",
    "“": "「",
}
# Leads stand before what they announce, in one line or above it.
LEADS = re.compile(r"[：:]$")


def spoken(language: Language) -> list[tuple[str, str]]:
    """Return every message, filled with a word or a number in each place."""
    said = messages(language)
    return [
        (key, said.say(key, **{name: "12" if "count" in name else "台州" for name in said.names(key)}))
        for key in said.texts
    ]


@pytest.mark.parametrize("language", list(Language))
def test_no_message_has_a_mark_twice_or_anything_left_over(language: Language) -> None:
    for key, text in spoken(language):
        told = LEADS.sub("", text)
        found = DOUBLED.search(told) if language in CHINESE else None
        assert key in ("joint", "listed", "inwards", "why_between", "chart_joint", "colon") or not found, text
        assert LEFT.search(text) is None, text


@pytest.mark.parametrize("language", list(Language))
def test_every_bracket_and_quotation_mark_is_closed(language: Language) -> None:
    for _, text in spoken(language):
        waiting: list[str] = []
        for char in text:
            if char in PAIRS:
                waiting.append(PAIRS[char])
            elif char in PAIRS.values() and not (char == "’" and language is Language.EN):
                assert waiting, text
                assert waiting.pop() == char, text
        assert waiting == [], text


@pytest.mark.parametrize("language", CHINESE)
def test_chinese_has_chinese_marks_without_blanks_around_them(language: Language) -> None:
    for _, text in spoken(language):
        assert HALF.search(text) is None, text
        assert SPACED.search(text) is None, text


@pytest.mark.parametrize("language", CHINESE)
def test_a_number_has_no_blank_between_it_and_its_unit(language: Language) -> None:
    said = messages(language)
    for key in said.texts:
        text = said.say(key, **{name: "12" if name in COUNTS else "A" for name in said.names(key)})
        # of a label and its value ("读问题 12毫秒") the blank is all that parts them
        assert APART.search(text) is None, text


@pytest.mark.parametrize("language", list(Language))
def test_a_refusal_that_names_no_place_is_still_a_sentence(language: Language) -> None:
    said = messages(language)
    for key in ("not_found", "not_found_near", "figure_absent", "figure_absent_near"):
        answer = Answer(question="？", outcome=Outcome.NOT_IN_CORPUS, reason=key, details={"places": ""})
        text = message(answer, said)
        assert said.say("held_here") in text
        assert text == said.say(key, places=said.say("held_here"))


def test_what_an_editor_struck_out_does_not_come_back() -> None:
    told = "\n".join(text for _, text in spoken(Language.HANS))
    assert [clumsy for clumsy in CLUMSY if clumsy in told] == []


@pytest.mark.parametrize(
    ("text", "wrong"), [("好。。", True), ("好，。", True), ("好：，", True), ("好。真的？", False)]
)
def test_a_doubled_mark_is_found(text: str, wrong: bool) -> None:
    assert (DOUBLED.search(text) is not None) is wrong


def test_traditional_messages_have_the_words_of_their_readers() -> None:
    found = [(key, word) for key, text in spoken(Language.HANT) for word in ELSEWHERE if word in text]
    assert found == []
