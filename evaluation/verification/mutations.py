"""True sentences made untrue by one small change: a digit, a unit, a bound, a place, two figures swapped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.quantities import Bound, Sort, agrees, figures, unit_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from retrieval.quantities import Figure

_UNITS = ("个", "处", "条", "人", "户", "家", "项", "件", "公里", "元", "%", "吨", "亩", "次", "平方米")
_VAGUE = re.compile(r"[余多]|近|约|超过?|以上|以下|左右")
_DIGIT = re.compile(r"\d|[二三四五六七八九]")
_SPOKEN = "二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class MutatedSentence:
    """A sentence that its source does not bear out, and what was changed."""

    kind: str
    text: str


def mutants(text: str, places: tuple[str, ...], chance: Random) -> Iterator[MutatedSentence]:
    """Give changed forms of a true sentence; ``places`` are others than the one it is true of."""
    counted = [f for f in figures(text) if f.sort is Sort.QUANTITY]
    for figure in counted:
        for kind, change in _CHANGES.items():
            words = change(figure, chance)
            if words and not _same(words, figure):
                yield MutatedSentence(kind=kind, text=text[: figure.start] + words + text[figure.end :])
    yield from _swapped(text, counted)
    if places:
        yield MutatedSentence(kind="place", text=f"{chance.choice(places)}，{text}")


def _same(words: str, figure: Figure) -> bool:
    """Tell whether the change came to nothing: 2.50 for 2.5."""
    found = figures(words)
    return len(found) == 1 and agrees(found[0], figure)


def _digit(figure: Figure, chance: Random) -> str:
    spots = [m.start() for m in _DIGIT.finditer(figure.text)]
    if not spots:
        return ""
    at = chance.choice(spots)
    old = figure.text[at]
    among = "0123456789" if old.isascii() else _SPOKEN
    new = chance.choice([d for d in among if d != old and not (d == "0" and at == 0)])
    return figure.text[:at] + new + figure.text[at + 1 :]


def _unit(figure: Figure, chance: Random) -> str:
    if not figure.unit or not figure.text.endswith(figure.unit):
        return ""
    new = chance.choice([u for u in _UNITS if unit_class(u) != unit_class(figure.unit)])
    return figure.text[: -len(figure.unit)] + new


def _bound(figure: Figure, _chance: Random) -> str:
    if figure.high is not None:
        return ""
    if figure.bound is Bound.EXACT:
        return "近" + figure.text
    bare = _VAGUE.sub("", figure.text)
    return bare if bare != figure.text else ""


def _scale(figure: Figure, _chance: Random) -> str:
    if "万亿" in figure.text:
        return figure.text.replace("万亿", "亿")
    if "亿" in figure.text:
        return figure.text.replace("亿", "万")
    return figure.text.replace("万", "亿") if "万" in figure.text else ""


def _swapped(text: str, counted: list[Figure]) -> Iterator[MutatedSentence]:
    """Exchange neighbours that count alike in all but number, so that only what they belong to is wrong."""
    for one, other in pairwise(counted):
        alike = unit_class(one.unit) == unit_class(other.unit) and one.text != other.text
        if alike and one.bound is other.bound and text[one.end : other.start].strip("、，和"):
            changed = text[: one.start] + other.text + text[one.end : other.start] + one.text
            yield MutatedSentence(kind="swapped", text=changed + text[other.end :])


_CHANGES: dict[str, Callable[[Figure, Random], str]] = {
    "digit": _digit,
    "unit": _unit,
    "bound": _bound,
    "scale": _scale,
}
