"""Invented texts and files that several tests read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
from pypdf import PdfReader, PdfWriter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

if TYPE_CHECKING:
    from docx.document import Document as Word

SPEECH = (
    "让清风吹进每一条街巷\n"
    "——2031年5月6日在全省城市工作座谈会上\n"
    "云溪市市长　　林一舟\n"
    "各位领导：\n"
    "云溪市三面环山，一面临江，去年获评省级卫生城市。\n"
    "一、坚持以人为本，把街巷修好\n"
    "一是摸清底数。全市排查背街小巷126条，建立台账。二是分类整治。投入资金2.4亿元，整治88条。"
    "三是长效管护。聘请街巷长300余名。\n"
    "二、坚持绿色发展，把江水管好\n"
    "关停沿江码头9个，断面水质达标率98.5%。首先治源头，其次治管网，最后治河道。\n"
)

_SENTENCE = "全市新建公园12个，改造老旧小区85个，惠及群众3.6万余户，城区优良天数达到321天。"


def word_bytes(document: Word) -> bytes:
    """Save a Word document to bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word_speech() -> bytes:
    """Make a Word document with a title, headings, paragraphs and a table."""
    document = docx.Document()
    document.add_heading("云溪市创建工作汇报", 0)
    document.add_paragraph("云溪市三面环山，去年获评省级卫生城市。")
    document.add_heading("一、街巷整治", 1)
    document.add_paragraph("整治背街小巷88条。")
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, (("项目", "数量"), ("公园", "12个")), strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.add_heading("二、江水治理", 1)
    document.add_paragraph("关停码头9个。")
    return word_bytes(document)


def pdf_report(*, pages: int = 3) -> bytes:
    """Make a PDF report of several pages with a running head, page numbers, and wrapped lines."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle(
        "body", fontName="STSong-Light", fontSize=14, leading=22, wordWrap="CJK", firstLineIndent=28
    )
    centred = ParagraphStyle("centred", parent=body, fontSize=18, alignment=1, firstLineIndent=0)
    story: list[Flowable] = [
        Paragraph("政府工作报告", centred),
        Paragraph("——2031年1月5日在云溪市第三届人民代表大会第一次会议上", body),
        Paragraph("云溪市市长 林一舟", centred),
        Paragraph("各位代表：", body),
    ]
    for numeral in "一二三四五六"[:pages]:
        story.append(Paragraph(f"{numeral}、把第{numeral}件事办好", body))
        story += [Paragraph(_SENTENCE * 5, body) for _ in range(5)]
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer).build(story, onFirstPage=_frame, onLaterPages=_frame)
    return buffer.getvalue()


def _frame(page: canvas.Canvas, document: SimpleDocTemplate) -> None:
    page.setFont("STSong-Light", 9)
    page.drawString(200, 810, "云溪市人民政府公报")
    page.drawCentredString(300, 30, f"- {document.page} -")


def pdf_pictures() -> bytes:
    """Make a PDF whose pages hold only a drawing."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer)
    for _ in range(2):
        page.rect(100, 100, 300, 300, fill=1)
        page.showPage()
    page.save()
    return buffer.getvalue()


def pdf_locked(password: str) -> bytes:
    """Encrypt a PDF; with "" as the user's password anyone may read it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_report(pages=1))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
