"""The one seam to the font: Noto Sans CJK, a variable font that comes as a package."""

from __future__ import annotations

import threading
from functools import cache
from importlib import resources
from pathlib import Path

from PIL import ImageFont

_FACES = {"zh-Hans": 2, "zh-Hant": 3, "en": 2}  # within the collection: SC, TC; digits are the same in all
_REGULAR, _BOLD = 400, 600
_MEASURED = 100  # size that widths are measured at


def font(language: str, size: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the face for a language; each call gives one of its own, for faces are no thread's but one."""
    path = Path(str(resources.files("manimgx_fonts_cjk"))) / "NotoSansCJK-VF.otf.ttc"
    face = ImageFont.truetype(path, size, index=_FACES[language])
    face.set_variation_by_axes([_BOLD if bold else _REGULAR])
    return face


class TextMeasure:
    """Measures words of one language, in whatever thread."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._own = threading.local()

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of words in pixels."""
        faces = self._own.__dict__
        name = f"bold-{bold}"
        if name not in faces:
            faces[name] = font(self._language, _MEASURED, bold=bold)
        return float(faces[name].getlength(text)) * size / _MEASURED


@cache
def ruler(language: str) -> TextMeasure:
    """Return what measures words of a language."""
    return TextMeasure(language)
