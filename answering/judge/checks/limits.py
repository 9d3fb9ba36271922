"""The bound of a figure in its clause: its own (以上, 不超过), or one that words set which do not touch it (最长…, 上限为)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.quantities import Bound

if TYPE_CHECKING:
    from retrieval.quantities import Figure

_LEAST = re.compile(
    r"起罚|罚款起点|起步|至少|下限|不少于|不低于|起码|最[低少短](?=[^，]{0,4}$)|at least|no less than|minimum of"
)
_MOST = re.compile(
    r"上限|封顶|最[高多长晚大](?=[^，]{0,6}$)|不[得能可应宜准许]?超过|不高于|至多|within|up to|at most|no more than|maximum of"
)
_WITHIN = re.compile(r"\s?(?:以?内|之内)")


def limit_of(figure: Figure, left: str, right: str) -> Bound:
    """Return a figure's bound by its own words, else by those of its clause before (``left``) and behind it, folded."""
    if figure.bound is not Bound.EXACT:
        return figure.bound
    if _WITHIN.match(right) or _MOST.search(left):
        return Bound.BELOW
    return Bound.ABOVE if _LEAST.search(left) else Bound.EXACT
