"""Numbers in Chinese text: figures with unit and bound, years, single numbers.

近5万个 and 1.5万余名 are figures with a bound; 统一, 十分 and 一是 are none.
"""

from __future__ import annotations

from retrieval.quantities.extractor import read
from retrieval.quantities.numerals import parse_number, spell, spell_count
from retrieval.quantities.units import is_count, unit_class
from retrieval.quantities.values import Bound, Figure, Sort, agrees
from retrieval.quantities.years import years

__all__ = [
    "Bound",
    "Figure",
    "Sort",
    "agrees",
    "figures",
    "is_count",
    "parse_number",
    "spell",
    "spell_count",
    "unit_class",
    "years",
]


def figures(text: str, *, every: bool = False) -> tuple[Figure, ...]:
    """Read the figures of a text in their order; ``every`` adds ordinals (第三) and articles (一个)."""
    return tuple(f for f in read(text) if every or f.sort not in (Sort.ORDINAL, Sort.ARTICLE))
