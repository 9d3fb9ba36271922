"""Pages and tables are kept beside the text, and found again by offsets, also from the catalogue."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from retrieval import Library
from retrieval.loaders.load import read_bytes
from retrieval.parsing.parser import parse
from retrieval.places.gazetteer import Gazetteer
from retrieval.values.printed_layout import PrintedLayout, layout_of

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.values.documents import Document

MARKDOWN = """# 舟山市2031年码头改造情况

发布时间：2031年2月11日

| 码头 | 泊位（个） | 投资（万元） |
|---|---|---|
| 东港 | 12 | 860 |
| 西港 | 7 | 455 |

其余码头2032年改造。
"""


def document_of(data: bytes, name: str) -> Document:
    return parse(read_bytes(data, name), gazetteer=Gazetteer())[0]


def word() -> bytes:
    made = docx.Document()
    made.add_paragraph("舟山市2031年码头改造情况")
    table = made.add_table(rows=3, cols=3)
    rows = (("码头", "泊位（个）", "投资（万元）"), ("东港", "12", "860"), ("西港", "7", "455"))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


HTML = (
    "<html><body><h1>舟山市2031年码头改造情况</h1><table><tr><th>码头</th><th>泊位（个）</th><th>投资（万元）</th></tr>"
    "<tr><td>东港</td><td>12</td><td>860</td></tr><tr><td>西港</td><td>7</td><td>455</td></tr></table></body></html>"
)
CSV = "码头,泊位（个）,投资（万元）\n东港,12,860\n西港,7,455\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [(MARKDOWN.encode(), "a.md"), (word(), "a.docx"), (HTML.encode(), "a.html"), (CSV.encode(), "a.csv")],
)
def test_a_table_keeps_its_cells(data: bytes, name: str) -> None:
    document = document_of(data, name)
    (table,) = layout_of(document).tables
    assert table.columns == ("码头", "泊位（个）", "投资（万元）")
    assert [row.cells for row in table.rows] == [("东港", "12", "860"), ("西港", "7", "455")]
    for row in table.rows:
        line = document.text[row.start : row.end]
        assert all(cell in line for cell in row.cells)
        assert layout_of(document).table_at(row.start + 1) is table


def test_a_text_without_tables_has_none() -> None:
    assert layout_of(document_of("舟山市码头改造12个。\n".encode(), "a.txt")) == PrintedLayout()


def pdf() -> bytes:
    """Give two pages; a sentence of the first goes on in the second."""
    held = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(held, pagesize=A4)
    lines = (
        (
            "舟山市码头改造情况报告",
            "　　全年改造码头十二座，新增泊位四十个，清淤航道三十公里，整治岸线与道路",
        ),
        ("建设同步完成，惠及渔民一千余户。", "　　明年再改造码头九座。"),
    )
    for texts in lines:
        page.setFont("STSong-Light", 12)
        for at, text in enumerate(texts):
            page.drawString(60, 780 - 24 * at, text)
        page.showPage()
    page.save()
    return held.getvalue()


def test_a_paragraph_over_two_pages_knows_where_the_second_begins() -> None:
    document = document_of(pdf(), "a.pdf")
    layout = layout_of(document)
    assert layout.page_of(document.text.index("新增泊位")) == 1
    assert layout.page_of(document.text.index("惠及渔民")) == 2
    assert layout.page_of(document.text.index("明年再改造")) == 2
    assert not layout.is_recognised(0)


def test_the_catalogue_keeps_the_layout(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(MARKDOWN, encoding="utf-8")
    with Library.open(tmp_path / "home", embedder=None, write=True) as library:
        library.ingest([tmp_path / "a.md"])
        whole = library.document(library.documents()[0].id)
        assert whole is not None
        assert [len(table.rows) for table in layout_of(whole).tables] == [2]


def test_few_rows_are_shown_around_the_one_cited() -> None:
    rows = "\n".join(f"| 泊位{n} | {n + 3} |" for n in range(40))
    document = document_of(f"# 表\n\n| 名称 | 数量（个） |\n|---|---|\n{rows}\n".encode(), "a.md")
    (table,) = layout_of(document).tables
    offset = document.text.index("泊位31")
    assert [row.cells[0] for row in table.near(offset, most=5)] == [f"泊位{n}" for n in range(29, 34)]
    assert [row.cells[0] for row in table.near(table.rows[39].start, most=5)][-1] == "泊位39"
