from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from town import HEADING, SENTENCES, Town

from answering.values.answer import Answer, Language, Outcome, Statement, StatementKind
from bot.errors import MessageError
from bot.messages import messages
from bot.presentation import rendering
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, plain, titled

SAID = messages(Language.HANS)
DETAILS = {"held": "清河市", "places": "清河市", "asked": "西安市", "years": "2019"}


def test_an_answer_is_its_statements_with_lead_and_markers() -> None:
    statements = (
        Statement(text="共两处：", manner=StatementKind.FRAME),
        Statement(text="新建停车泊位\n321个", citations=(1, 2), lead="清河市", level=1),
    )
    shown = rendering.blocks(Answer(question="", outcome=Outcome.ANSWERED, statements=statements), SAID)
    assert plain(shown) == "共两处：\n- 清河市：新建停车泊位 321个[1][2]"
    assert [run.style for run in shown[1].runs] == [
        TextStyle.STRONG,
        TextStyle.PLAIN,
        TextStyle.MARKER,
        TextStyle.MARKER,
    ]
    assert [run.number for run in shown[1].runs] == [None, None, 1, 2]


@pytest.mark.parametrize("language", list(Language))
def test_an_outcome_without_an_answer_is_told_in_words_and_lists_no_source(language: Language) -> None:
    answer = Answer(
        question="", outcome=Outcome.NOT_IN_CORPUS, language=language, reason="other_place", details=DETAILS
    )
    shown = rendering.blocks(answer, messages(language))
    assert len(shown) == 1
    assert "西安市" in shown[0].text
    assert "清河市" in shown[0].text
    assert rendering.sources(answer, SAID) == ()


@pytest.mark.parametrize("outcome", [one for one in Outcome if not one.is_answer])
def test_an_outcome_without_a_reason_has_words_too(outcome: Outcome) -> None:
    answer = Answer(question="", outcome=outcome, details=DETAILS | {"id": "abc"})
    assert rendering.message(answer, SAID)


def test_a_reason_without_a_message_and_a_missing_detail_are_errors() -> None:
    for reason, details in (("no_such_reason", DETAILS), ("other_place", {})):
        answer = Answer(question="", outcome=Outcome.NOT_IN_CORPUS, reason=reason, details=details)
        with pytest.raises(MessageError):
            rendering.message(answer, SAID)


def test_a_source_tells_where_it_stands_and_quotes() -> None:
    citation = Town().cite("新建停车泊位321个", 3)
    where, quote = rendering.source(citation, SAID)
    assert where.text == f"[3] 清河市 · 《把一座城过成一家人》 · {HEADING}"
    assert (quote.kind, quote.text) == (BlockKind.QUOTE, "新建停车泊位321个")


def test_a_source_without_a_place_begins_with_its_title() -> None:
    citation = replace(Town().cite("志愿者"), place=None, heading=())
    assert rendering.source(citation, SAID)[0].text == "[1] 《把一座城过成一家人》"


def test_an_opened_passage_marks_the_cited_words_between_its_faint_neighbours() -> None:
    town = Town()
    citation = town.cite("停车泊位321个")
    whole, passages = town.held["abcdefgh23"]
    shown = rendering.opened(citation, passages[1], whole, around=(passages[2], passages[0]))
    assert [block.text for block in shown] == [
        "清河市 · 《把一座城过成一家人》 · 2021-06-03",
        HEADING,
        *SENTENCES,
    ]
    assert [run.text for run in shown[3].runs if run.style is TextStyle.CITED] == ["停车泊位321个"]
    assert {run.style for block in (shown[2], shown[4]) for run in block.runs} == {TextStyle.FAINT}


@settings(max_examples=60, deadline=None)
@given(st.integers(-5, 80), st.integers(-5, 80))
def test_an_opened_passage_is_whole_wherever_a_citation_points(start: int, length: int) -> None:
    """A citation of a text that has changed since may point anywhere."""
    town = Town()
    whole, passages = town.held["abcdefgh23"]
    citation = replace(town.cite("停车泊位321个"), start=start, end=start + length)
    shown = rendering.opened(citation, passages[1], whole)
    assert shown[-1].text == passages[1].text


def test_plain_text_keeps_lines_apart_where_a_block_asks_for_it() -> None:
    shown = (
        Block((TextRun("一"),), apart=True),
        Block((TextRun("二"), TextRun("三")), BlockKind.ITEM, apart=True),
    )
    assert plain(shown) == "一\n\n- 二三"


@pytest.mark.parametrize(
    ("title", "shown"),
    [("幸福城", "《幸福城》"), ("在《幸福城》首发式上的讲话", "在《幸福城》首发式上的讲话")],
)
def test_a_title_gets_brackets_unless_it_brings_its_own(title: str, shown: str) -> None:
    assert titled(title) == shown


def test_a_passage_is_told_without_the_headings_above_it_and_without_the_marks_of_markdown() -> None:
    passage = replace(Town().held["abcdefgh23"][1][1], heading=("一、修路", "（一）补坑"))
    marked = replace(passage, text="## 一、修路\n\n### （一）补坑\n> 补了\n三百个坑。")
    assert rendering.body(marked) == "补了 三百个坑。"
    assert rendering.body(replace(passage, text="## 一、修路")) == "一、修路"
    assert rendering.body(replace(passage, text="一、修路靠大家。")) == "一、修路靠大家。"


def test_a_passage_shows_all_that_is_cited_of_it_below_its_headings() -> None:
    passage = replace(
        Town().held["abcdefgh23"][1][1],
        start=0,
        text="第九条 禁止下列行为：\n（一）随地吐痰；\n（二）乱扔果皮。",
        heading=("第二章 秩序", "第九条"),
    )
    spans = (passage.text.index("随地"), passage.text.index("乱扔"))
    cited = [replace(Town().cite("志愿者"), start=at, end=at + 4) for at in spans]
    shown = rendering.quoted(passage, cited)
    assert shown.text == "第九条 禁止下列行为：（一）随地吐痰；（二）乱扔果皮。"
    assert [run.text for run in shown.runs if run.style is TextStyle.CITED] == ["随地吐痰", "乱扔果皮"]
    whole = Town().held["abcdefgh23"][0]
    assert [one.text for one in rendering.head(whole, passage)][1:] == ["第二章 秩序"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("新局。\n今年目标是：\n（一）增收", "新局。今年目标是：（一）增收"),
        ("王伟 李娜\nGDP up", "王伟 李娜 GDP up"),
    ],
)
def test_no_blank_is_left_after_a_full_width_mark_where_a_line_ended(text: str, shown: str) -> None:
    assert rendering.squeezed(text) == shown
