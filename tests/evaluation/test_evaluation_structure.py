"""The figures on structure see what is wrong with a reading."""

from __future__ import annotations

from dataclasses import replace

from evaluation.quality.structure import ParsedDocument
from retrieval.values.documents import Document, Passage, Point, Section

TEXT = "开头。\n一、路\n一是修。二是扫。"
DOCUMENT = Document(
    id="d",
    source="s.txt",
    text=TEXT,
    title="t",
    place="青禾市",
    sections=(
        Section(numeral="0", title="", level=1, start=0, end=4, body=0),
        Section(numeral="一", title="路", level=1, start=4, end=16, body=8),
    ),
    points=(
        Point(numeral="一", marker="一是", start=8, end=12),
        Point(numeral="二", marker="二是", start=12, end=16),
    ),
)


def passage(start: int, end: int) -> Passage:
    return Passage(id=f"d-{start}", document="d", ordinal=start, start=start, end=end, text=TEXT[start:end])


def read(*spans: tuple[int, int]) -> ParsedDocument:
    return ParsedDocument(document=DOCUMENT, passages=tuple(passage(*span) for span in spans))


def test_parts_are_the_headed_sections_of_the_first_level() -> None:
    assert read().parts == 1


def test_the_body_is_all_but_the_headings() -> None:
    assert "".join(TEXT[start:end] for start, end in read().body) == "开头。\n一是修。二是扫。"


def test_a_passage_over_the_edge_of_a_point_or_section_is_counted() -> None:
    assert read((0, 3), (8, 12), (12, 16)).crossing == 0
    assert read((0, 3), (8, 16)).crossing == 1
    assert read((0, 12), (12, 16)).crossing == 1


def test_a_heading_may_lead_the_passage_of_its_first_point() -> None:
    assert read((0, 3), (4, 12), (12, 16)).crossing == 0


def test_a_passage_that_is_not_the_text_at_its_offsets_is_seen() -> None:
    good = read((0, 3))
    bad = ParsedDocument(document=DOCUMENT, passages=(replace(good.passages[0], text="开头！"),))
    assert good.exact
    assert not bad.exact
