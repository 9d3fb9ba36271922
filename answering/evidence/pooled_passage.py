"""A passage that was found for a reading of a question, and how its text stands to the places asked of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.values.documents import Hit


class PlaceRelation(StrEnum):
    """How a passage's text stands to the places that a question asks of."""

    OPEN = "open"  # the question names no place
    OWN = "own"  # the text speaks for a place asked of
    INNER = "inner"  # for a place inside one asked of
    NAMED = "named"  # for another place or for none, and the passage or the title names one asked of
    WIDER = "wider"  # for a place around one asked of, which the passage does not name
    UNPLACED = "unplaced"  # for no known place
    OTHER = "other"  # for another place


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledPassage:
    """A passage found for a hypothesis."""

    hit: Hit
    relation: PlaceRelation
    place: str | None  # the place asked of that it may tell of; None where it tells of none
    rank: int  # 0 for the best of its best pool
    in_year: bool  # its document may tell of a year asked of; True where none is
    score: float = 0.0  # learned: see ``passage_score``
