"""The one seam to the font: Noto Sans CJK from its package, else a Chinese font of the system.

Where there is neither, words are measured by an estimate, so that SVG, whose font is the reader's, works;
a PNG can't be painted, and ``font`` says why.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib import resources
from pathlib import Path

from PIL import ImageFont

from answering.values.answer import Language
from bot.errors import MissingPartError
from bot.messages import messages

PACKAGE = "manimgx_fonts_cjk"
_FACES = {
    "zh-Hans": 2,
    "zh-Hant": 3,
    "en": 2,
}  # within Noto's collections: SC, TC; digits are the same in all
_REGULAR, _BOLD = 400, 600
# What Linux, macOS and Windows carry, as Pillow looks them up; a face in a collection goes by the language.
_SYSTEM = (
    ("NotoSansCJK-Regular.ttc", True),
    ("PingFang.ttc", False),
    ("STHeiti Light.ttc", False),
    ("msyh.ttc", False),
    ("simsun.ttc", False),
    ("wqy-microhei.ttc", False),
    ("wqy-zenhei.ttc", False),
    ("uming.ttc", False),
    ("NotoSansSC-Regular.otf", False),
    ("SourceHanSansSC-Regular.otf", False),
)
_WIDE, _NARROW = 1.0, 0.56  # of a font's size, Chinese and Latin characters
_MEASURED = 100  # size that widths are measured at


@cache
def font_file(
    language: str, package: str = PACKAGE, system: tuple[tuple[str, bool], ...] = _SYSTEM
) -> tuple[str, int]:
    """Return the font's file and the face within it; raises MissingPartError where no font has Chinese."""
    try:
        path = Path(str(resources.files(package))) / "NotoSansCJK-VF.otf.ttc"
    except ModuleNotFoundError:
        path = Path()
    if path.is_file():
        return str(path), _FACES[language]
    for name, by_language in system:
        try:
            face = ImageFont.truetype(name, _MEASURED, index=_FACES[language] if by_language else 0)
        except OSError:
            continue
        return str(face.path), _FACES[language] if by_language else 0
    raise MissingPartError(messages(Language(language)).say("chart_no_font"))


def font(language: str, size: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return a face of its own for a language, since one face serves one thread; raises MissingPartError."""
    path, index = font_file(language)
    face = ImageFont.truetype(path, size, index=index)
    if path.endswith("-VF.otf.ttc"):
        face.set_variation_by_axes([_BOLD if bold else _REGULAR])
    return face


def estimate(text: str, size: float) -> float:
    """Return about how wide words are in pixels, by their characters alone."""
    return size * sum(_NARROW if char.isascii() else _WIDE for char in text)


class TextMeasure:
    """Measures words of one language, in whatever thread."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._own = threading.local()
        try:
            self._has_font = bool(font_file(language))
        except MissingPartError:
            self._has_font = False

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of words in pixels."""
        if not self._has_font:
            return estimate(text, size)
        faces = self._own.__dict__
        name = f"bold-{bold}"
        if name not in faces:
            faces[name] = font(self._language, _MEASURED, bold=bold)
        return float(faces[name].getlength(text)) * size / _MEASURED


@cache
def ruler(language: str) -> TextMeasure:
    """Return what measures words of a language."""
    return TextMeasure(language)
