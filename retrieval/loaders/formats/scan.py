"""Scanned pages to text by character recognition (OCR): seam of rapidocr, which carries its models.

It is an extra: ``available`` tells whether it is installed. The engine is loaded once a process, by ``load``,
before that process is confined.
"""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.loaders.formats.extracted import ExtractedText, assemble
from retrieval.loaders.formats.pdf_layout import PdfFragment, Row, lines_of, rows_of
from retrieval.values.errors import BrokenFile, EmptyFile, TooLargeFile, UnsupportedFile
from retrieval.values.printed_layout import RECOGNISED

if TYPE_CHECKING:
    from PIL import Image

HOW = "请先安装文字识别组件（在项目目录运行 .venv/bin/pip install -e '.[ocr]'），再读入一次"
_MOST_PIXELS = 80_000_000
_ALIKE = 0.22  # of a height, by which boxes around letters of one size differ
_UNIT = 10.0  # text height that pixels are scaled to
# The engine keeps what it was told last: each call says all.
_WHOLE = {"use_det": True, "use_cls": True, "use_rec": True}
_LINE = {"use_det": False, "use_cls": False, "use_rec": True}
_WELL = 0.9  # of a line: below it, it is read a second time
_MARGIN = 3  # pixels around such a line
_SURE = 0.5  # of a line: below it, what looks like letters is a stain

_engine: Any = None


def available() -> bool:
    """Tell whether the extra is installed."""
    return find_spec("rapidocr") is not None


def loaded() -> bool:
    """Tell whether this process can recognise text."""
    return _engine is not None


def load() -> None:
    """Load the engine and its models; a second and some hundred megabytes."""
    global _engine  # noqa: PLW0603 - one engine a process, loaded before it is confined
    from PIL import Image, ImageOps  # noqa: F401, PLC0415 - here too, for the confined process
    from rapidocr import RapidOCR  # noqa: PLC0415 - an extra, and heavy

    _engine = RapidOCR(params={"Global.log_level": "critical"})
    _engine(np.full((64, 256, 3), 255, np.uint8))  # what is loaded at the first use is loaded now


def read_image(data: bytes, name: str) -> ExtractedText:
    """Read the text of a picture of a page. Raises UnsupportedFile where the extra is missing."""
    if not loaded():
        raise UnsupportedFile(f"“{name}”是一张图片，要先识别文字才能读。{HOW}。")
    from PIL import Image  # noqa: PLC0415 - see load

    try:
        with Image.open(io.BytesIO(data)) as picture:
            rows = rows_in(picture, name)
    except (OSError, ValueError, SyntaxError) as error:
        raise BrokenFile(
            f"“{name}”是图片，但不完整或已损坏，打不开。请重新扫描或重新保存后再读入。"
        ) from error
    if not rows:
        raise EmptyFile(f"“{name}”里没有认出文字。请换一张更清楚的图片。")
    return assemble(lines_of([rows]), **{RECOGNISED: "1"})


def _read_again(page: Image.Image, box: Any, text: str, score: float) -> tuple[Any, str, float]:
    """Return a line as it reads best: one that was taken to stand on its head is read as the page stands."""
    if score >= _WELL:
        return box, text, score
    left, top = (max(0, int(one) - _MARGIN) for one in box.min(axis=0))
    right, bottom = (int(one) + _MARGIN for one in box.max(axis=0))
    cut = np.asarray(page.crop((left, top, min(right, page.width), min(bottom, page.height))))
    found = _engine(cut[:, :, ::-1], **_LINE)
    if found.txts and found.scores and found.scores[0] > score:
        return box, found.txts[0], float(found.scores[0])
    return box, text, score


def rows_in(picture: Image.Image, name: str) -> list[Row]:
    """Recognise the lines of a page, from top to bottom; positions are in tenths of a text height."""
    if picture.width * picture.height > _MOST_PIXELS:
        raise TooLargeFile(
            f"“{name}”里有一页图片太大（{picture.width}×{picture.height}）。请降低分辨率再读入。"
        )
    from PIL import ImageOps  # noqa: PLC0415 - see load

    upright: Image.Image = ImageOps.exif_transpose(picture).convert("RGB")
    found = _engine(np.asarray(upright)[:, :, ::-1], **_WHOLE)
    if found.boxes is None or found.txts is None:
        return []
    again = (
        _read_again(upright, np.asarray(box), text, score)
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
    )
    sure = [(box, text) for box, text, score in again if score >= _SURE and text.strip()]
    if not sure:
        return []
    heights = [float(np.linalg.norm(box[3] - box[0])) for box, _ in sure]
    scale = _UNIT / max(float(np.median(heights)) * 0.85, 1.0)
    pieces = [
        PdfFragment(
            x=float(box[:, 0].min()) * scale,
            y=-float(box[:, 1].mean()) * scale,
            size=_UNIT if abs(height * scale * 0.85 - _UNIT) < _UNIT * _ALIKE else height * scale * 0.85,
            text=text,
        )
        for (box, text), height in zip(sure, heights, strict=True)
    ]
    return rows_of(pieces)
