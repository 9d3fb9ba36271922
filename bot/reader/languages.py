"""The language of the interface: chosen by the person, told by the browser, or the program's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.values.answer import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRADITIONAL = re.compile(r"zh-(?:hant|tw|hk|mo)", re.IGNORECASE)
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)")


def known(name: str) -> Language | None:
    """Return the language of this name, in any case, or None."""
    return next((one for one in Language if one.value.lower() == name.lower()), None)


def accepted(header: str, default: Language) -> Language:
    """Return the language of an Accept-Language header that a person likes best."""
    wanted = sorted(_wanted(header), key=lambda one: -one[0])
    found = (_spoken(name) for quality, name in wanted if quality > 0)
    return next((one for one in found if one), default)


def _wanted(header: str) -> Iterator[tuple[float, str]]:
    for entry in header[:400].split(","):
        quality = _QUALITY.search(entry)
        yield float(quality[1]) if quality else 1.0, entry.partition(";")[0].strip()


def _spoken(name: str) -> Language | None:
    if name.lower().startswith("zh"):
        return Language.HANT if _TRADITIONAL.match(name) else Language.HANS
    return Language.EN if name.lower().partition("-")[0] == "en" else None
