"""The picture of a scanned page is drawn again from its file, and each recognised line has its box on it."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING

import rapidocr  # noqa: F401 - without the extra there is nothing to test
from PIL import Image
from test_scan import LINES, page, pdf_of_scans, png

from retrieval.library import Library
from retrieval.loaders.page_pictures import page_picture
from retrieval.values.printed_layout import FULL, PrintedLayout, layout_of

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.values.documents import Document


def taken(home: Path, file: Path) -> Document:
    with Library.open(home, embedder=None, write=True) as library:
        library.ingest([file])
        whole = library.document(library.documents()[-1].id)
        assert whole is not None
        return whole


def ink(layout: PrintedLayout, drawn: bytes, start: int, end: int) -> list[float]:
    """Return the share of dark pixels inside the box of each line of some words."""
    with Image.open(io.BytesIO(drawn)) as picture:
        grey = picture.convert("L")
    shares = []
    for box in layout.boxes_of(start, end):
        corners = (
            box.left * grey.width,
            box.top * grey.height,
            box.right * grey.width,
            box.bottom * grey.height,
        )
        cut = grey.crop(tuple(one // FULL for one in corners))
        shares.append(sum(cut.histogram()[:128]) / (cut.width * cut.height))
    return shares


def test_a_figure_over_two_lines_has_two_boxes_full_of_ink(tmp_path: Path) -> None:
    file = tmp_path / "work.pdf"
    file.write_bytes(pdf_of_scans())
    document = taken(tmp_path / "home", file)
    layout = layout_of(document)
    start = document.text.index("封山育林12.3万亩")
    assert layout.size_of(2) == (1100, 700)
    drawn = page_picture(document.source, sha256(file.read_bytes()).hexdigest(), 2)
    assert drawn is not None
    boxes = ink(layout, drawn, start, start + len("封山育林12.3万亩"))
    assert len(boxes) == 2
    assert all(one > 0.05 for one in boxes)
    middle = document.text.index("12.3")
    assert len(layout.boxes_of(middle, middle + 4)) == 1


def test_each_line_of_a_picture_has_the_box_it_was_drawn_in(tmp_path: Path) -> None:
    file = tmp_path / "page.png"
    file.write_bytes(png())
    document = taken(tmp_path / "home", file)
    tops = [one.top * page().height / FULL for one in layout_of(document).boxes]
    assert len(tops) == len(LINES)
    assert all(abs(top - (100 + 80 * at)) < 25 for at, top in enumerate(tops))


def test_a_file_that_is_gone_or_another_one_now_gives_no_picture(tmp_path: Path) -> None:
    file = tmp_path / "page.png"
    file.write_bytes(png())
    digest = sha256(file.read_bytes()).hexdigest()
    assert page_picture(str(file), digest, 1) is not None
    assert page_picture(str(file), digest, 2) is None
    file.write_bytes(png() + b" ")
    assert page_picture(str(file), digest, 1) is None
    file.unlink()
    assert page_picture(str(file), digest, 1) is None


def test_a_cover_of_text_and_a_text_file_are_no_pictures(tmp_path: Path) -> None:
    scan, text = tmp_path / "work.pdf", tmp_path / "a.txt"
    scan.write_bytes(pdf_of_scans())
    text.write_text("河东县造林4.76万亩。", encoding="utf-8")
    for file, number in ((scan, 1), (scan, 9), (scan, 0), (text, 1)):
        assert page_picture(str(file), sha256(file.read_bytes()).hexdigest(), number) is None
