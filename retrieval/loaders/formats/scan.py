"""Scanned pages to text by character recognition (OCR): seam of rapidocr, which carries its models.

It is an extra: ``available`` tells whether it is installed. The engine is loaded once a process, by ``load``,
before that process is confined.
"""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.loaders.formats.extracted import Box, ExtractedText, assemble
from retrieval.loaders.formats.pdf_layout import PdfFragment, Row, lines_of, rows_of
from retrieval.values.errors import BrokenFile, EmptyFile, TooLargeFile, UnsupportedFile
from retrieval.values.printed_layout import FULL, PICTURES, RECOGNISED

if TYPE_CHECKING:
    from PIL import Image

HOW = "请先安装文字识别组件（在项目目录运行 .venv/bin/pip install -e '.[ocr]'），再读入一次"
_MOST_PIXELS = 80_000_000
WIDEST, HIGHEST = 1_240, 2_480  # pixels of a page as it is shown: 150 to an inch of A4
_QUALITY = 70  # of a JPEG, of 100
_ORIENTATION, _TURNED = 0x0112, (5, 6, 7, 8)  # the tag that says how a camera was held, and its quarter turns
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
    load_pictures()
    from rapidocr import RapidOCR  # noqa: PLC0415 - an extra, and heavy

    _engine = RapidOCR(params={"Global.log_level": "critical"})
    _engine(np.full((64, 256, 3), 255, np.uint8))  # what is loaded at the first use is loaded now


def load_pictures() -> None:
    """Load what opens pictures, before the process is confined."""
    from PIL import Image, ImageOps  # noqa: F401, PLC0415 - an extra

    Image.init()


def read_image(data: bytes, name: str) -> ExtractedText:
    """Read the text of a picture of a page. Raises UnsupportedFile where the extra is missing."""
    if not loaded():
        raise UnsupportedFile(f"“{name}”是一张图片，要先识别文字才能读。{HOW}。")
    from PIL import Image  # noqa: PLC0415 - see load

    try:
        with Image.open(io.BytesIO(data)) as picture:
            rows, size = rows_in(picture, name), size_of(picture)
    except (OSError, ValueError, SyntaxError) as error:
        raise BrokenFile(
            f"“{name}”是图片，但不完整或已损坏，打不开。请重新扫描或重新保存后再读入。"
        ) from error
    if not rows:
        raise EmptyFile(f"“{name}”里没有认出文字。请换一张更清楚的图片。")
    return assemble(lines_of([rows]), **{RECOGNISED: "1", PICTURES: f"1:{size[0]}:{size[1]}"})


def size_of(picture: Image.Image) -> tuple[int, int]:
    """Return the width and height that ``shown`` gives a picture, without unpacking it."""
    width, height = picture.size
    if picture.getexif().get(_ORIENTATION, 1) in _TURNED:
        width, height = height, width
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def shown(picture: Image.Image) -> bytes:
    """Return a page's picture as a JPEG that a browser can show: upright, in the size that it needs."""
    from PIL import ImageOps  # noqa: PLC0415 - see load

    upright = ImageOps.exif_transpose(picture)
    small = upright.convert("L" if upright.mode in ("1", "L", "LA", "I;16") else "RGB").resize(
        size_of(picture)
    )
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    return kept.getvalue()


def _boxed(box: Any, number: int, size: tuple[int, int]) -> Box:
    """Return the box around the four corners of a line, in ten-thousandths of the page."""
    low, high = box.min(axis=0), box.max(axis=0)

    def share(value: Any, whole: int) -> int:
        return min(FULL, max(0, round(float(value) * FULL / whole)))

    left, right = share(low[0], size[0]), share(high[0], size[0])
    return Box(
        page=number, left=left, top=share(low[1], size[1]), right=right, bottom=share(high[1], size[1])
    )


def page_picture(data: bytes, name: str) -> bytes:
    """Return a picture of a page as a JPEG that a browser can show. Raises BrokenFile."""
    from PIL import Image  # noqa: PLC0415 - see load

    try:
        with Image.open(io.BytesIO(data)) as picture:
            return shown(picture)
    except (OSError, ValueError, SyntaxError) as error:
        raise BrokenFile(f"“{name}”的图像打不开。") from error


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


def rows_in(picture: Image.Image, name: str, *, number: int = 1) -> list[Row]:
    """Recognise the lines of page ``number`` from top to bottom; positions are in tenths of a text height."""
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
            box=_boxed(box, number, upright.size),
        )
        for (box, text), height in zip(sure, heights, strict=True)
    ]
    return rows_of(pieces)
