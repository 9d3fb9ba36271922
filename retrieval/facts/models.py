"""The rows of the register: a figure or a measure of a document, tied to the characters it was read from.

``document.text[row.start:row.end]`` are the words of the figure or the clause of the measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from retrieval.facts.fact_state import FactState
    from retrieval.facts.figure_role import Direction, RoleKind
    from retrieval.quantities.values import Bound


class FigureKind(StrEnum):
    """What a figure tells of."""

    DONE = "done"
    TARGET = "target"
    COMPARISON = "comparison"  # a change against another time: 增长5.6%
    STATE = "state"  # a level that stands, or a rule
    NAME = "name"  # a part of a name: 八大行动, 12345热线


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure: what is measured, how much, and where it stands."""

    document: str
    passage: str
    start: int  # of the figure with its bound words, in document.text
    end: int
    clause: tuple[int, int]  # the clause it stands in
    sentence: tuple[int, int]
    place: str | None
    metric: str  # the measured thing, in the clause's own words
    value: Decimal
    high: Decimal | None  # the upper end of a range
    unit: str
    measure: str  # class of the unit: money, share, people, area …
    bound: Bound
    kind: FigureKind
    role: RoleKind  # what it says of the thing: a level, a change, the start or the end of one, a share …
    direction: Direction  # where a change goes
    start_value: Decimal | None  # what a change went from, in the same unit: 从77%提高到80%; at its end alone
    stock: bool  # its words say a total: 总数, 累计, 共有
    part: bool  # 其中 comes before it
    scope: (
        str  # the place that its words name where that is not the document's: 杭州市 in a text of 浙江省; ""
    )
    rank: str  # told beside it: "3" for 居全国第3位, "top10" for 前十; "" for none
    state: FactState
    period: str | None  # as printed: 2018年以来
    year: int | None  # the year it tells of, by its period, its heading or its document
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure: a clause that says what was done or is to be done."""

    document: str
    passage: str
    start: int  # of the clause in document.text
    end: int
    sentence: tuple[int, int]
    place: str | None
    field: str
    action: str
    object: str
    kind: FigureKind
    period: str | None
    year: int | None
    figures: tuple[str, ...]  # as printed
