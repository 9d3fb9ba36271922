"""A text is laid out whole: every character stands in one block, cut where passages and cited words begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reader.printed import layout as laying
from bot.reader.printed.layout import ContentsEntry, DocumentLayout, bare, heading, layout
from bot.reader.printed.text_spans import SpanSplitter, flowing
from retrieval.library import Library
from retrieval.parsing.parser import parse
from retrieval.places.gazetteer import Gazetteer
from retrieval.text.normalize import squash
from retrieval.values.documents import Document, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.reader.printed.layout import LayoutBlock


def shown(document: Document) -> list[LayoutBlock]:
    return [block for part in layout(document).parts for block in part]


def lost(document: Document) -> str:
    """Return the characters that no block shows, without white space."""
    kept = [False] * len(document.text)
    for block in shown(document):
        assert not any(kept[block.start : block.end])
        kept[block.start : block.end] = [True] * (block.end - block.start)
    return "".join(c for c, is_kept in zip(document.text, kept, strict=True) if not is_kept).strip()


def test_no_word_is_left_out(stand) -> None:
    for head in stand.library.documents():
        assert lost(stand.library.document(head.id)) == ""


def test_a_line_that_repeats_the_title_is_known(stand) -> None:
    document = stand.speech("吉林市")
    (again,) = (block for block in shown(document) if block.repeats)
    assert bare(document.text[again.start : again.end]) == document.title


def test_real_documents_are_laid_out_whole(shared: Path, home: Path) -> None:
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest([shared / "data" / "gov" / "district_hailar_gbk", shared / "corpus"])
        for head in library.documents():
            assert lost(library.document(head.id)) == ""


def test_the_contents_lead_to_every_section_in_order(stand) -> None:
    document = stand.speech("吉林市")
    laid = layout(document)
    told = [heading(document, one) for one in document.sections if one.body > one.start]
    assert [entry.text for entry in laid.contents] == told
    anchors = [block.anchor for block in shown(document) if block.anchor]
    assert anchors == [entry.anchor for entry in laid.contents]


@pytest.fixture
def parted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Part texts as if a page held 12,000 characters."""
    monkeypatch.setattr(laying, "PART", 12_000)
    layout.cache_clear()
    yield
    layout.cache_clear()


@pytest.mark.usefixtures("parted")
def test_a_long_text_is_parted_and_each_place_known_by_its_part(stand) -> None:
    document = stand.speech("long.md")
    laid = layout(document)
    assert len(laid.parts) > 3
    for number, part in enumerate(laid.parts, 1):
        assert part[-1].end - part[0].start <= 12_000
        assert {laid.part_of(block.start) for block in part} == {number}
        assert {laid.part_of(block.end - 1) for block in part} == {number}


@pytest.mark.parametrize(("outer", "inner", "lines"), [(3, 5, 18), (5, 40, 5), (900, 0, None)])
def test_contents_are_as_long_as_can_be_read(outer: int, inner: int, lines: int | None) -> None:
    def entry(part: int, depth: int) -> ContentsEntry:
        return ContentsEntry(anchor="s", text="题", part=part, depth=depth)

    contents = tuple(entry(number // 10 + 1, depth) for number in range(outer) for depth in (0, *[1] * inner))
    shown = DocumentLayout(parts=(), contents=contents).outline(7)
    if lines is None:
        assert [one.part for one in shown if one.part != 7] == [n for n in range(1, 91) if n != 7]
        assert sum(one.part == 7 for one in shown) == 10
    else:
        assert len(shown) == lines


@pytest.mark.usefixtures("parted")
def test_a_part_ends_below_no_heading_and_begins_with_a_section_where_it_can(stand) -> None:
    parts = layout(stand.speech("long.md")).parts
    assert all(not part[-1].depth for part in parts)
    assert all(part[0].depth for part in parts[1:])


def test_a_report_is_one_page_however_long_reports_are(stand) -> None:
    document = stand.speech("long.md")
    assert len(document.text) > 50_000
    assert len(layout(document).parts) == 1


@pytest.mark.usefixtures("parted")
def test_a_heading_at_the_end_of_a_full_part_goes_on_to_the_next() -> None:
    text = f"{'字' * 5_000}。\n{'句' * 6_990}。\n第一章 总则\n{'条' * 100}。"
    (document,) = parse(Source(key="a", text=text, digest="", media="text/plain"), gazetteer=Gazetteer())
    first, second = layout(document).parts
    assert (first[-1].depth, second[0].depth) == (0, 2)


def test_an_empty_text_has_one_empty_part() -> None:
    document = Document(id="a", source="a", text="", title="空")
    assert len(layout(document).parts) == 1
    assert SpanSplitter("").cut(layout(document).parts[0])[0].pieces == ()


def test_a_heading_that_runs_into_its_paragraph_is_the_paragraphs_lead() -> None:
    text = "# 条例\n第一章 总则\n第一条 为了加强管理，制定本条例。\n第二条 本市适用本条例。"
    (document,) = parse(Source(key="a", text=text, digest="", media="text/plain"), gazetteer=Gazetteer())
    blocks = [(text[b.start : b.lead], b.depth) for b in shown(document) if b.anchor]
    assert blocks == [("", 2), ("第一条 ", 0), ("第二条 ", 0)]


def test_headings_deepen_one_level_at_a_time(stand) -> None:
    for head in stand.library.documents():
        before = 1
        for block in shown(stand.library.document(head.id)):
            if block.depth:
                assert block.depth <= before + 1
                before = block.depth


@pytest.mark.parametrize("quote", ["2018年以来", "抓好创城就是担当", "一、以创城引领民生工作"])
def test_the_marked_pieces_are_the_cited_words(stand, quote: str) -> None:
    document = stand.speech("吉林市")
    start = document.text.index(quote)
    span = (start, start + len(quote))
    laid = layout(document)
    pieces = [
        piece for block in SpanSplitter(document.text, span).cut(laid.parts[0]) for piece in block.pieces
    ]
    assert "".join(piece.text for piece in pieces if piece.cited) == quote
    assert next(piece.cited for piece in pieces if piece.cited) == "first"
    assert sum(piece.cited == "first" for piece in pieces) == 1


def test_of_a_cited_sentence_the_clause_is_marked_and_the_rest_around_it(stand) -> None:
    document = stand.speech("吉林市")
    start = document.text.index("新施划的公共停车泊位近5万个")
    sentence = (start - 6, start + 20)
    clause = (start, start + 15)
    cutter = SpanSplitter(document.text, sentence, clause)
    pieces = [piece for block in cutter.cut(layout(document).parts[0]) for piece in block.pieces]
    assert "".join(one.text for one in pieces if one.cited) == document.text[slice(*clause)]
    beside = "".join(one.text for one in pieces if one.around)
    assert beside == document.text[start - 6 : start] + document.text[start + 15 : start + 20]


@given(
    text=st.text("字，。\n 　a#>", max_size=60),
    span=st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_no_word_is_lost_however_a_text_is_cut(text: str, span: tuple[int, int]) -> None:
    document = Document(id="d", source="s", text=text, title="题")
    for part in layout(document).parts:
        for block in SpanSplitter(text, (min(span), max(span))).cut(part):
            own = bare(text[block.block.start : block.block.end])
            told = "".join(piece.text for piece in block.pieces)
            assert squash(told).replace("\n", "") == squash(own).replace("\n", "")


def test_broken_lines_are_joined_without_a_blank_in_chinese_and_with_one_in_english() -> None:
    assert flowing("两年来\n新建", 0, 6) == "两年来新建"
    assert flowing("two\nwords", 0, 9) == "two words"
