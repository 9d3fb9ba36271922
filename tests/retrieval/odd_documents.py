"""Invented documents in the shapes that people really have, as files: ``write`` makes them in a folder.

``evaluation/questions/documents-blind.jsonl`` has what is right of each, in the form of ``python -m evaluation
documents``. The scan needs Pillow, which the OCR extra brings.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from odd_texts import CONTACTS, COPIED, MINUTES, PLAN, TRANSCRIPT, WEB

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _minutes() -> bytes:
    made = docx.Document()
    for line in MINUTES:
        made.add_paragraph(line)
    return _word(made)


def _notice_with_rules() -> bytes:
    made = docx.Document()
    for line in (
        "巴中市住房和城乡建设局",
        "关于印发《巴中市既有住宅增设电梯实施细则》的",
        "通　　知",
        "巴住建发〔2031〕22号",
        "各县（区）住房城乡建设局：",
        "《巴中市既有住宅增设电梯实施细则》已经局务会审议通过，现印发给你们，请遵照执行。",
        "巴中市住房和城乡建设局",
        "2031年7月8日",
        "巴中市既有住宅增设电梯实施细则",
        "第一章　总　则",
        "第一条　为规范既有住宅增设电梯，制定本细则。",
        "第二条　本市城市规划区内四层以上的住宅适用本细则。",
        "第三条　增设电梯应当经本单元三分之二以上业主同意。",
        "第二章　补助标准",
        "第四条　每台电梯补助16万元，其中市级财政承担10万元。",
        "第五条　申请人应当自竣工验收合格之日起30日内提出补助申请，逾期不予受理。",
        "第六条　区住房城乡建设部门应当在15个工作日内完成审核。",
        "第三章　附　则",
        "第七条　本细则自2031年8月10日起施行，有效期三年。",
        "附件：补助申请表",
    ):
        made.add_paragraph(line)
    return _word(made)


def _numbered_word() -> bytes:
    """Make a list that starts again, roman numbers and letters, a footnote, and a table of merged cells."""
    made = docx.Document()
    made.add_paragraph("崇左市口岸建设2030年工作总结")
    made.add_paragraph("崇左市商务局")
    made.add_paragraph("2031年1月16日")
    ids = [_list(made, form) for form in ("decimal", "decimal", "upperRoman", "lowerLetter")]
    for heading, items, number in (
        ("一、口岸通行", ("友谊关口岸新增通道6条。", "全年出入境车辆71.8万辆次。"), ids[0]),
        ("二、边贸发展", ("互市贸易额达到163亿元。", "新增落地加工企业19家。"), ids[1]),
        ("三、智慧口岸", ("无人驾驶车辆投用45台。", "通关时间压缩到22分钟。"), ids[2]),
        ("四、下一步", ("新建查验场地80亩。", "培训关务人员600人次。"), ids[3]),
    ):
        made.add_paragraph(heading)
        for item in items:
            _numbered(made.add_paragraph(item), number)
    made.add_paragraph("附表：主要口岸货运量")
    table = made.add_table(rows=4, cols=4)
    rows = (
        ("口岸", "货运量（万吨）", "", "备注"),
        ("", "2029年", "2030年", ""),
        ("友谊关", "512.4", "588.9", "公路口岸"),
        ("凭祥", "203.7", "231.2", "铁路口岸"),
    )
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 3).merge(table.cell(1, 3))
    return _with_footnote(
        _word(made), after="互市贸易额达到163亿元", note="不含旅游购物商品出口，2029年同口径为148亿元。"
    )


def _list(made: Any, form: str) -> int:
    numbering = made.part.numbering_part.element
    number = len(numbering.findall(qn("w:num"))) + 50
    pattern = "%1)" if form == "lowerLetter" else "%1."
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
    )
    return number


def _numbered(paragraph: Any, number: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    held = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", "0"), ("w:numId", str(number))):
        one = OxmlElement(name)
        one.set(qn("w:val"), value)
        held.append(one)
    properties.append(held)


def _with_footnote(data: bytes, *, after: str, note: str) -> bytes:
    """Return a Word file with a footnote behind some words."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {space}>'
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{note}</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    form = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/document.xml":
                mark = f'{after}</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>'
                text = text.replace(after.encode(), mark.encode())
            elif name == "[Content_Types].xml":
                told = f'<Override PartName="/word/footnotes.xml" ContentType="{form}"/></Types>'
                text = text.replace(b"</Types>", told.encode())
            elif name == "word/_rels/document.xml.rels":
                told = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                text = text.replace(b"</Relationships>", told.encode())
            new.writestr(name, text)
        new.writestr("word/footnotes.xml", notes)
    return made.getvalue()


def _word(made: Any) -> bytes:
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _long_table() -> bytes:
    """Make a PDF whose ruled table goes on over three pages with its head again, below a head and above numbers."""
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("body", fontName="STSong-Light", fontSize=13, leading=22, wordWrap="CJK")
    names = [
        "河源",
        "源城",
        "东源",
        "和平",
        "龙川",
        "紫金",
        "连平",
        "高新",
        "江东",
        "灯塔",
        "忠信",
        "义合",
        "仙塘",
        "柳城",
        "蓝口",
        "黄村",
        "康禾",
        "叶潭",
        "船塘",
        "漳溪",
        "骆湖",
        "顺天",
        "双江",
        "涧头",
        "新回",
        "新港",
        "锡场",
        "半江",
        "黄田",
        "曾田",
        "柳溪",
        "上莞",
        "下屯",
        "船埠",
        "大湖",
        "三角",
        "绣缎",
        "高莞",
        "油溪",
        "陂头",
        "内莞",
        "上坪",
        "元善",
        "田源",
        "隆街",
        "溪山",
        "崧岭",
        "麻布",
    ]
    rows = [["项目名称", "总投资（亿元）", "2031年计划投资（亿元）", "责任单位"]]
    rows += [
        [f"{name}产业园配套工程", f"{7 + at * 0.3:.1f}", f"{1 + at * 0.1:.1f}", f"{name}管委会"]
        for at, name in enumerate(names)
    ]

    def frame(page: Any, document: Any) -> None:
        page.setFont("STSong-Light", 9)
        page.drawString(72, 800, "河源市重点项目汇编")
        page.drawCentredString(297, 30, f"— {document.page} —")

    table = Table(rows, repeatRows=1, colWidths=[150, 80, 130, 90])
    table.setStyle(
        [("FONT", (0, 0), (-1, -1), "STSong-Light", 10), ("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
    )
    held = io.BytesIO()
    SimpleDocTemplate(held).build(
        [
            Paragraph(
                "河源市2031年重点建设项目计划表",
                ParagraphStyle("t", parent=body, fontSize=18, alignment=1, leading=30),
            ),
            Paragraph("河源市发展和改革局　2031年2月10日", ParagraphStyle("d", parent=body, alignment=1)),
            Paragraph("本计划共安排项目48个，年度计划投资161亿元。", body),
            table,
            Paragraph("说明：投资额为不含税口径。", body),
        ],
        onFirstPage=frame,
        onLaterPages=frame,
    )
    return held.getvalue()


def _workbook() -> bytes:
    """Make a sheet with a title, a line of units, a head of two rows with merged cells, and a note below."""
    rows = (
        ("三门峡市2030年规模以上工业主要指标",),
        ("单位：亿元",),
        ("行业", "营业收入", "", "利润总额", ""),
        ("", "绝对量", "增长（%）", "绝对量", "增长（%）"),
        ("有色金属", 1286.4, 9.3, 61.7, 12.5),
        ("黄金", 344.2, 15.8, 28.9, 21.4),
        ("装备制造", 97.6, -2.1, 4.3, -8.8),
        ("注：数据来源于市统计局，2031年2月20日整理。",),
    )
    cells = []
    for at, row in enumerate(rows, 1):
        inside = "".join(
            f'<c r="{"ABCDE"[n]}{at}" t="inlineStr"><is><t>{one}</t></is></c>'
            if isinstance(one, str)
            else f'<c r="{"ABCDE"[n]}{at}"><v>{one}</v></c>'
            for n, one in enumerate(row)
            if one != ""
        )
        cells.append(f'<row r="{at}">{inside}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    form = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return _packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{form}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{form}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="工业" sheetId="1" '
            'r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData><mergeCells>'
            '<mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/><mergeCell ref="D3:E3"/></mergeCells></worksheet>',
        }
    )


def _layout_document() -> bytes:
    """Make an OFD document of two pages with page numbers; a sentence goes on over the page."""
    pages = (
        (
            (30, "平凉市2030年地质灾害防治工作情况"),
            (42, "平凉市自然资源局　2031年3月5日"),
            (54, "　　2030年，全市排查地质灾害隐患点612处，完成工程治理28处，实施"),
            (62, "避险搬迁1473户，争取中央和省级资金1.84亿元，新建监测预警设备"),
            (280, "- 1 -"),
        ),
        (
            (30, "395套，成功预警9起。"),
            (42, "　　2031年，计划完成工程治理35处，避险搬迁900户。"),
            (280, "- 2 -"),
        ),
    )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    files = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    for n, lines in enumerate(pages):
        texts = "".join(
            f'<ofd:TextObject ID="{n}{at}" Boundary="20 {top} 170 8" Font="1" Size="5"><ofd:TextCode X="0" Y="5">{text}'
            "</ofd:TextCode></ofd:TextObject>"
            for at, (top, text) in enumerate(lines)
        )
        files[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{texts}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return _packed(files)


def _book() -> bytes:
    chapter = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>第二章</title></head><body>
<h1>黄石市2030年统计手册</h1><h2>二、交通运输</h2><p>2030年末，全市公路总里程8126公里。</p>
<table><tr><th rowspan="2">运输方式</th><th colspan="2">货运量（万吨）</th></tr><tr><th>2029年</th><th>2030年</th></tr>
<tr><td>公路</td><td>5210</td><td>5488</td></tr><tr><td>水路</td><td>1876</td><td>2034</td></tr></table></body></html>"""
    return _packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "OEBPS/a.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            "<dc:title>黄石市2030年统计手册</dc:title><dc:date>2031-05-20</dc:date></metadata><manifest>"
            '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>',
            "OEBPS/c.xhtml": chapter,
        }
    )


def _rich_text() -> bytes:
    def told(text: str) -> str:
        return "".join(f"\\'{byte:02x}" for byte in text.encode("gbk"))

    rows = (("乡镇", "脱贫户（户）", "帮扶资金（万元）"), ("曲水镇", "212", "96.5"), ("茶坪乡", "187", "88"))
    table = "".join(
        "\\trowd\\cellx2000\\cellx4000\\cellx6000 "
        + "".join(f"\\intbl {told(cell)}\\cell " for cell in row)
        + "\\row\n"
        for row in rows
    )
    paragraphs = (
        "陇南市2030年乡村振兴资金使用公告",
        "陇南市农业农村局",
        "2031年1月9日",
        "2030年全市安排衔接资金14.7亿元，支付率97.3%。",
    )
    text = "\\par\n".join(map(told, paragraphs))
    return f"{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0 SimSun;}}}}\n{text}\\par\n{table}\\pard {told('公告期内可向市农业农村局反映。')}\\par}}".encode(
        "ascii"
    )


def _scan() -> bytes:
    """Make a picture of a printed notice, a little askew, with a seal over its signature."""
    from PIL import Image, ImageDraw, ImageFont

    face = next(iter(sorted(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"))))
    page = Image.new("L", (1240, 1754), 250)
    draw = ImageDraw.Draw(page)
    big, body = ImageFont.truetype(str(face), 44, index=2), ImageFont.truetype(str(face), 30, index=2)
    draw.text((250, 150), "池州市人民政府关于禁渔的通告", font=big, fill=20)
    lines = (
        "　　为保护渔业资源，现将2031年禁渔有关事项通告如下：",
        "　　一、禁渔期为2031年3月1日至6月30日。",
        "　　二、禁渔水域为秋浦河干流92公里和升金湖13300公顷水面。",
        "　　三、违反本通告的，处3000元以上5万元以下罚款。",
        "　　四、举报属实的，奖励500元。",
    )
    for at, line in enumerate(lines):
        draw.text((130, 290 + 62 * at), line, font=body, fill=25)
    draw.text((760, 700), "池州市人民政府", font=body, fill=25)
    draw.text((760, 760), "2031年2月14日", font=body, fill=25)
    draw.ellipse((770, 610, 990, 830), outline=150, width=6)
    held = io.BytesIO()
    page.rotate(0.7, fillcolor=250).save(held, "PNG")
    return held.getvalue()


def _packed(files: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return held.getvalue()


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "minutes.docx": _minutes,
    "transcript.txt": TRANSCRIPT.encode,
    "notice_with_rules.docx": _notice_with_rules,
    "plan.md": PLAN.encode,
    "long_table.pdf": _long_table,
    "saved_page.html": lambda: WEB.encode("gb18030"),
    "copied.txt": COPIED.encode,
    "numbered.docx": _numbered_word,
    "workbook.xlsx": _workbook,
    "layout.ofd": _layout_document,
    "book.epub": _book,
    "rich.rtf": _rich_text,
    "contacts.md": CONTACTS.encode,
    "scan.png": _scan,
}


def write(folder: Path) -> None:
    """Make every document in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in DOCUMENTS.items():
        (folder / name).write_bytes(made())


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the documents in the folder that is named; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    write(parser.parse_args(arguments).folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
