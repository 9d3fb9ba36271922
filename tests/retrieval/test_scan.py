"""Pictures of pages are read by character recognition, in the confined process, alone or inside a PDF."""

from __future__ import annotations

import io

import rapidocr  # noqa: F401 - without the extra there is nothing to test
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from bot.charts.font import font_file
from retrieval.loaders.load import read_bytes
from retrieval.values.printed_layout import RECOGNISED

LINES = (
    "河东县2023年林业工作总结",
    "全县完成人工造林4.76万亩，封山育林",
    "12.3万亩，森林防火队伍增加到38支。",
)


def page() -> Image.Image:
    path, face = font_file("zh-Hans")
    font = ImageFont.truetype(path, 36, index=face)
    made = Image.new("RGB", (1100, 700), "white")
    draw = ImageDraw.Draw(made)
    for at, line in enumerate(LINES):
        draw.text((120, 100 + 80 * at), line, fill="black", font=font)
    return made


def png() -> bytes:
    kept = io.BytesIO()
    page().save(kept, "PNG")
    return kept.getvalue()


def pdf_of_scans() -> bytes:
    kept = io.BytesIO()
    made = canvas.Canvas(kept, pagesize=(550, 350))
    made.drawString(60, 300, "Cover")
    made.showPage()
    made.drawImage(ImageReader(page()), 0, 0, 550, 350)
    made.save()
    return kept.getvalue()


def test_a_picture_gives_its_words_and_a_figure_over_two_lines() -> None:
    source = read_bytes(png(), "a.png")
    assert source.text.startswith("河东县2023年林业工作总结\n")
    assert "封山育林12.3万亩" in source.text
    assert source.metadata[RECOGNISED] == "1"


def test_the_scanned_pages_behind_a_cover_of_text_are_read_and_named() -> None:
    data = pdf_of_scans()
    source = read_bytes(data, "b.pdf")
    assert "4.76万亩" in source.text
    assert source.metadata[RECOGNISED] == "2"


def test_a_blank_page_of_a_scan_costs_nothing_but_itself() -> None:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf_of_scans())))
    writer.add_blank_page()
    kept = io.BytesIO()
    writer.write(kept)
    assert "38支" in read_bytes(kept.getvalue(), "c.pdf").text
