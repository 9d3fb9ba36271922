"""Whatever an answer says, its messages keep within Telegram's limits, lose nothing, show what was said."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stage.markup import parse
from stage.messages import content
from stage.people import bold
from stage.spec import units
from stage.texts import library_of

from answering.values.answer import Language
from bot.messages import messages
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle
from bot.telegram.formatting import html, limits
from bot.telegram.views.quotation_view import QuotationView
from bot.telegram.views.sources import card

ODD = [
    "👩‍👩‍👧‍👦",
    "🇨🇳🇯🇵",
    "é" * 3,
    "👍🏽",
    "﷽",
    "\u202eمرحبا\u202c",
    "<b>",
    "&amp;",
    "</i>",
    "&#60;",
    "\x00\x07",
    "\ud800",
    "1️⃣",
]
PIECES = st.one_of(
    st.sampled_from(ODD),
    st.text(alphabet="停车泊位。，；！？“” \u3000", max_size=40),
    st.text(max_size=20),
    st.builds(
        str.__mul__, st.sampled_from(["好", "好，", "word ", "🎉", "&", "a\u0301"]), st.integers(1, 1500)
    ),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=6).map("".join)
BLOCKS = st.builds(
    Block,
    st.lists(st.builds(TextRun, TEXTS, st.sampled_from(list(TextStyle))), min_size=1, max_size=5).map(tuple),
    st.sampled_from(list(BlockKind)),
    st.booleans(),
)


def folded(text):
    """A text without what may be lost at seams: white space, bullets, and what is never sent."""
    kept = (char for char in limits.clean(text) if not char.isspace() and char != "•")
    return "".join(kept)


@settings(max_examples=40, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=8))
def test_messages_keep_within_all_limits_and_say_all_that_was_to_be_said(blocks):
    sent = html.messages(blocks)
    shown = [content({"text": one, "parse_mode": "HTML"}) for one in sent]
    assert all(0 < units(one["text"]) <= 4096 for one in shown)
    assert all(len(one.get("entities", ())) <= 100 for one in shown)
    said = "".join(one["text"] for one in shown)
    assert folded(said) == folded("".join(block.text for block in blocks))


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.integers(2, 300))
def test_pieces_have_at_most_the_units_allowed_and_make_up_the_whole(text, limit):
    found = limits.pieces(text, limit)
    assert "".join(found) == text
    assert all(limits.units(piece) <= limit for piece in found)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_units_are_counted_as_telegram_counts(text):
    assert limits.units(text) == units(text)


@pytest.mark.parametrize("whole", ["👩‍👩‍👧‍👦", "🇨🇳", "e\u0301", "👍🏽", "1️⃣"])
def test_a_cut_never_falls_inside_a_character_as_people_see_it(whole):
    text = "字" * 7 + whole * 20
    for limit in range(20, 60):
        for piece in limits.pieces(text, limit)[1:]:
            assert unicodedata.category(piece[0]) not in ("Mn", "Me", "Mc")
            assert piece.startswith(whole)


def test_a_text_is_parted_after_a_sentence_before_a_clause_before_a_blank():
    assert limits.pieces("一二。四五六，七 八九", 8)[0] == "一二。四五六，"
    assert limits.pieces("一二三四。”五六，七", 8)[0] == "一二三四。”"
    assert limits.pieces("one two three", 9)[0] == "one two "


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.integers(1, 40))
def test_a_shortened_text_keeps_its_beginning_and_the_limit(text, limit):
    short = limits.shorten(text, limit)
    assert limits.units(short) <= limit
    assert text.startswith(short.removesuffix("…")) or short == text


def test_marks_are_escaped_and_styles_become_tags():
    block = Block((TextRun("<a> & "), TextRun("b>", TextStyle.STRONG), TextRun("[1]", TextStyle.MARKER)))
    assert html.messages([block]) == ["&lt;a&gt; &amp; <b>b&gt;</b>[1]"]


def test_quotations_are_set_off_and_members_of_a_list_get_a_bullet():
    blocks = [
        Block((TextRun("一"),), BlockKind.ITEM),
        Block((TextRun("引"),), BlockKind.QUOTE, apart=True),
        Block((TextRun("末"),)),
    ]
    assert html.messages(blocks) == ["• 一\n\n<blockquote>引</blockquote>\n末"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 6000), st.integers(1, 6000), st.integers(0, 6000))
def test_a_passage_without_end_is_shown_around_its_cited_words(before, cited, after):
    runs = (TextRun("前" * before), TextRun("引" * cited, TextStyle.CITED), TextRun("后" * after))
    block = Block(tuple(run for run in runs if run.text), BlockKind.QUOTE)
    shown, entities = parse(html.page([Block((TextRun("题" * 500),), BlockKind.TITLE), block]))
    assert units(shown) <= 4096
    (bold,) = [entity for entity in entities if entity["type"] == "bold"]
    assert set(shown[bold["offset"] : bold["offset"] + bold["length"]]) <= {"引", "…"}
    assert bold["length"] == min(cited, html.WINDOW)


def test_nothing_visible_is_no_message():
    assert html.messages([Block((TextRun(" \n\x00"),))]) == []


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS.filter(lambda text: bool(folded(text))), TEXTS, st.sampled_from(list(Language)))
def test_a_card_shows_the_cited_words_whatever_stands_around_them_and_its_quotation_fits(
    before, cited, after, language
):
    library, said = library_of(sentences=[before + cited + after]), messages(language)
    citation = library.cite(1, cited)
    shown = card(library, citation, at=citation.passage, said=said)
    page = content({"text": shown.page, "parse_mode": "HTML"})
    assert units(page["text"]) <= 4096
    marked = folded(bold(page)[-1].replace("…", ""))
    assert marked in folded(limits.clean(cited).replace("…", ""))
    quotation = QuotationView.cited(citation)
    assert all(
        units(content({"text": one, "parse_mode": "HTML"})["text"]) <= 4096 for one in quotation.pages(said)
    )
    copying = quotation.copying(said)
    assert copying is None or 1 <= units(copying.copy_text.text) <= 256
