"""Numbers in Chinese text: figures with unit and bound, years, single numbers.

近5万个 and 1.5万余名 are figures with a bound; 统一, 十分 and 一是 are none.
"""

from __future__ import annotations

from retrieval.number_words import parse_number, spell
from retrieval.quantities import Bound, Figure, Sort, agrees
from retrieval.quantity_reader import read
from retrieval.units import is_count, unit_class
from retrieval.years import years

__all__ = [
    "Bound",
    "Figure",
    "Sort",
    "agrees",
    "figures",
    "is_count",
    "parse_number",
    "spell",
    "unit_class",
    "years",
]


def figures(text: str, *, every: bool = False) -> tuple[Figure, ...]:
    """Read the figures of a text in their order; ``every`` adds ordinals (第三) and articles (一个)."""
    return tuple(f for f in read(text) if every or f.sort not in (Sort.ORDINAL, Sort.ARTICLE))
