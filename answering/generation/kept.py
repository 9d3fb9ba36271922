"""A sentence of a model that stands, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from answering.evidence.lines import Line
    from answering.values.answer import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A statement that was proved, and the sentences that prove it; a line that only leads to others has none."""

    statement: Statement
    lines: tuple[Line, ...] = ()
