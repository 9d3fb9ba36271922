"""What rows of the register are wanted, and a row that was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.facts.name_similarity import FLOOR

if TYPE_CHECKING:
    from retrieval.facts.models import FigureKind, FigureRow

_MOST = 100_000  # rows given at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What rows are wanted; an empty tuple sets no limit."""

    places: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    things: tuple[str, ...] = ()  # words for one thing: a row has to be of a name like one of them
    years: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    kinds: tuple[FigureKind, ...] = ()
    documents: tuple[str, ...] = ()
    floor: float = FLOOR
    limit: int = _MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFigure:
    """A figure that was asked for, and how alike its name is to the words asked with: 1 where none were."""

    row: FigureRow
    likeness: float = field(default=1.0)
