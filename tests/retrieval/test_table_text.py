"""Tables of every format are read row by row, with the names of their columns, units and years."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import pptx
import pytest
import xlsxwriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from retrieval.loaders.formats.dispatch import contents
from retrieval.loaders.tables import table_text
from retrieval.values.errors import BrokenFile

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = ["指标", "单位", "2021年", "2022年", "增长（%）"]
ROWS = [["牛奶产量", "万吨", "11.2", "12.9", "15.2"], ["果园面积", "万亩", "7.4", "7.1", "-4.1"]]
FIRST = "牛奶产量（万吨）：2021年牛奶产量11.2万吨；2022年牛奶产量12.9万吨；牛奶产量增长15.2%。"


def test_a_row_names_its_columns_units_and_years() -> None:
    assert next(iter(table_text.lines([HEAD, *ROWS]))) == FIRST


def test_a_head_of_two_rows_and_a_group_of_rows_are_named_with_each_row() -> None:
    grid = [
        ["门类", "作物", "面积（万亩）", "面积（万亩）"],
        ["门类", "作物", "2020年", "2021年"],
        ["油料", "花生", "3.5", "3.8"],
        ["油料", "油菜", "2.2", "2.6"],
    ]
    assert list(table_text.lines(grid))[1] == "油料 油菜：2020年油菜面积2.2万亩；2021年油菜面积2.6万亩。"


def test_the_head_that_comes_again_on_a_new_page_is_no_row() -> None:
    assert len(list(table_text.lines([HEAD, ROWS[0], HEAD, ROWS[1]]))) == 2


def test_a_caption_gives_unit_and_thing_of_columns_that_are_years() -> None:
    grid = [["乡镇", "2023年", "2024年"], ["柳河镇", "4.1", "4.6"]]
    told = list(table_text.lines(grid, caption="表二 分乡镇蔬菜产量（万吨）"))
    assert told == ["柳河镇（万吨）：2023年柳河镇蔬菜产量4.1万吨；2024年柳河镇蔬菜产量4.6万吨。"] or (
        "2024年柳河镇蔬菜产量4.6万吨" in told[0]
    )


def test_a_table_of_words_gives_each_cell_with_its_head() -> None:
    grid = [["任务", "牵头单位", "时限"], ["修复石拱桥6座", "文物局", "11月底"]]
    assert list(table_text.lines(grid)) == ["修复石拱桥6座：牵头单位：文物局；时限：11月底。"]


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("表1 畜牧和果业")
    table = document.add_table(rows=0, cols=5)
    for row in (HEAD, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _xlsx() -> bytes:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["畜牧和果业"])
    for at, row in enumerate((HEAD, *ROWS), 1):
        sheet.write_row(
            at, 0, [float(one) if one.replace(".", "").lstrip("-").isdigit() else one for one in row]
        )
    book.close()
    return kept.getvalue()


def _html() -> bytes:
    head = "".join(f"<th>{one}</th>" for one in HEAD)
    rows = "".join(f"<tr>{''.join(f'<td>{one}</td>' for one in row)}</tr>" for row in ROWS)
    return f"<html><body><h1>畜牧</h1><table><tr>{head}</tr>{rows}</table></body></html>".encode("gbk")


def _markdown() -> bytes:
    lines = ["# 畜牧", "", "| " + " | ".join(HEAD) + " |", "|" + ":--|" * 5]
    return "\n".join((*lines, *("| " + " | ".join(row) + " |" for row in ROWS))).encode()


def _csv() -> bytes:
    return "\r\n".join(",".join(row) for row in (HEAD, *ROWS)).encode("gbk")


def _slides() -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "畜牧"
    table = slide.shapes.add_table(3, 5, 0, 0, 900_000, 900_000).table
    for at, row in enumerate((HEAD, *ROWS)):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    kept = io.BytesIO()
    show.save(kept)
    return kept.getvalue()


def _pdf(draw: Callable[[Any], None]) -> bytes:
    kept = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(kept, pagesize=A4)
    draw(page)
    page.save()
    return kept.getvalue()


def _draw_table(page: Any) -> None:
    page.setFont("STSong-Light", 11)
    for at, row in enumerate((HEAD, *ROWS)):
        for column, text in enumerate(row):
            page.drawString(70 + 95 * column, 700 - 20 * at, text)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (_docx, "a.docx"),
        (_xlsx, "a.xlsx"),
        (_html, "a.shtml"),
        (_html, "a.doc"),
        (_markdown, "a.md"),
        (_csv, "a.csv"),
        (_slides, "a.pptx"),
        (lambda: _pdf(_draw_table), "a.pdf"),
    ],
)
def test_the_same_table_reads_alike_in_every_format(make: Callable[[], bytes], name: str) -> None:
    assert FIRST in contents(make(), name)[1].text.split("\n")


LEFT = (
    "　　全年修缮古民居四十二栋，其中三十",
    "一栋对外开放。游客在老街上可以看到",
    "木雕、砖雕和石雕，也能住进民宿，听",
    "一段老戏。村里的手艺人开了十二间作",
    "坊，教孩子们编竹篮、做油纸伞。",
)
RIGHT = (
    "　　乡村公路通到了每个自然村，新增客",
    "运班车1",
    "8条，老人进城看病方便了，山货也能当",
    "天送到市场。沿线建成了九个小驿站，",
    "供人歇脚喝茶。",
)


def _draw_columns(page: Any) -> None:
    page.setFont("STSong-Light", 11)
    for at, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True)):
        page.drawString(60, 700 - 18 * at, one)
        page.drawString(310, 700 - 18 * at, other)


def test_two_columns_are_read_one_after_the_other() -> None:
    text = contents(_pdf(_draw_columns), "b.pdf")[1].text
    assert text.index("油纸伞") < text.index("乡村公路")
    assert "三十一栋对外开放" in text


BODIES = (
    ("　　今年巡查河道一千三百公里，清理漂浮物九百吨，新建生态护岸12", "6公里，沿岸的村庄都有了亲水步道。"),
    ("　　水库的除险加固同步推进，下游群众搬迁后住进了新居。", "　　明年还将疏浚排涝渠。"),
)


def _draw_pages(page: Any) -> None:
    for number, body in enumerate(BODIES, 1):
        page.setFont("STSong-Light", 9)
        page.drawString(80, 805, "河湖管护简报　第7期")
        page.drawString(280, 40, f"第 {number} 页")
        page.setFont("STSong-Light", 13)
        for at, line in enumerate(body):
            page.drawString(80, 740 - 21 * at, line)
        page.showPage()


def test_heads_and_page_numbers_of_two_pages_go_and_a_figure_cut_by_the_line_end_is_whole() -> None:
    text = contents(_pdf(_draw_pages), "c.pdf")[1].text
    assert "简报" not in text
    assert "第 1 页" not in text
    assert "新建生态护岸126公里" in text


def _ofd() -> bytes:
    kept = io.BytesIO()
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr(
            "OFD.xml",
            f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody>"
            "</ofd:OFD>",
        )
        packed.writestr(
            "D/Document.xml",
            f'<ofd:Document {space}><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>',
        )
        texts = "".join(
            f'<ofd:TextObject Boundary="20 {top} 100 6"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode>'
            "</ofd:TextObject>"
            for top, text in ((30, "西岭县防汛工作总结"), (40, "　　全县加固堤防27公里。"))
        )
        packed.writestr("P.xml", "")
        packed.writestr(
            "D/P.xml",
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{texts}</ofd:Layer></ofd:Content></ofd:Page>",
        )
    return kept.getvalue()


def test_an_ofd_document_is_read_line_by_line() -> None:
    assert contents(_ofd(), "a.ofd")[1].text.split("\n") == ["西岭县防汛工作总结", "全县加固堤防27公里。"]


def test_rich_text_is_read_in_its_code_page() -> None:
    body = "".join(f"\\'{byte:02x}" for byte in "加固堤防27公里。".encode("gbk"))
    assert (
        "加固堤防27公里。" in contents(f"{{\\rtf1\\ansi\\ansicpg936 {body}\\par}}".encode(), "a.rtf")[1].text
    )


@pytest.mark.parametrize("name", ["a.xlsx", "a.pptx", "a.epub", "a.ofd"])
def test_a_package_that_is_cut_off_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(BrokenFile, match="损坏"):
        contents(_xlsx()[:900], name)


def test_entities_of_a_package_are_not_followed(tmp_path: Any) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("不该读到", encoding="utf-8")
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr(
            "OFD.xml", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><x><DocRoot>&e;</DocRoot></x>'
        )
    with pytest.raises(BrokenFile):
        contents(kept.getvalue(), "a.ofd")
