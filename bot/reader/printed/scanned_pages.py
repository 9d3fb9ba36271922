"""The pictures of scanned pages, with the cited lines boxed. Calls block."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from bot.reader.found_words import SearchLimiter
from retrieval.loaders.page_pictures import page_picture
from retrieval.values.documents import original_of
from retrieval.values.printed_layout import FULL, layout_of

if TYPE_CHECKING:
    from bot.reader.reader_library import DocumentSource
    from retrieval.values.documents import Document
    from retrieval.values.printed_layout import LineBox

KEPT = 24  # pictures that are kept at hand, some 200 kB each
_MARGIN = 600  # ten-thousandths of a page's height around the boxed lines
_LOWEST = 1_400  # of a page's height that are shown at least


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedPage:
    """A scanned page as a page of the reader shows it; lengths are in pixels of the picture."""

    page: int
    width: int
    height: int
    boxes: tuple[tuple[int, int, int, int], ...] = ()  # left, top, width and height of each cited line
    top: int = 0  # of the strip around them
    strip: int = 0  # its height
    is_here: bool = True  # whether the file that it was read from is at hand


@dataclass(frozen=True)
class ScannedPages:
    """Draws the scanned pages of ``texts``, the last ones from memory."""

    texts: DocumentSource
    _crowd: SearchLimiter = field(default_factory=lambda: SearchLimiter(patience=20.0))
    _drawn: OrderedDict[tuple[str, int], bytes] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def pages(self, document: Document) -> dict[int, ScannedPage]:
        """Return the scanned pages of a document by number, where its file is still where it was."""
        path = original_of(document.source)
        if path is None or not path.is_file():
            return {}
        return {
            page: ScannedPage(page=page, width=width, height=height)
            for page, width, height in layout_of(document).pictures
        }

    def cited(self, document: Document, span: tuple[int, int]) -> ScannedPage | None:
        """Return the scanned page that cited words begin on, with their lines boxed, or None."""
        layout = layout_of(document)
        page = layout.page_of(span[0]) or 1
        size = layout.size_of(page)
        if size is None or not layout.is_recognised(span[0]):
            return None
        boxes = [one for one in layout.boxes_of(*span) if one.page == page]
        if not boxes:
            return None
        width, height = size
        top = max(0, min(one.top for one in boxes) - _MARGIN)
        foot = min(FULL, max(max(one.bottom for one in boxes) + _MARGIN, top + _LOWEST))
        return ScannedPage(
            page=page,
            width=width,
            height=height,
            boxes=tuple(_pixels(one, width, height) for one in boxes),
            top=top * height // FULL,
            strip=(foot - top) * height // FULL,
            is_here=self.picture(document, page) is not None,
        )

    def picture(self, document: Document, page: int) -> bytes | None:
        """Return a scanned page as a JPEG; None where its file is gone or is another one now.

        Raises TooManySearchesError where too many are being drawn.
        """
        about = next((one for one in self.texts.sources() if one.key == document.source), None)
        if about is None or layout_of(document).size_of(page) is None:
            return None
        key = (about.digest, page)
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return self._drawn[key]
        with self._crowd.turn():
            drawn = page_picture(about.key, about.digest, page)
        if drawn is not None:
            with self._lock:
                self._drawn[key] = drawn
                while len(self._drawn) > KEPT:
                    self._drawn.popitem(last=False)
        return drawn


def _pixels(box: LineBox, width: int, height: int) -> tuple[int, int, int, int]:
    left, top = box.left * width // FULL, box.top * height // FULL
    return left, top, box.right * width // FULL - left, box.bottom * height // FULL - top
