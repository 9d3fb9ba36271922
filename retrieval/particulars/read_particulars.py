"""Read all particulars of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.particulars.meeting_lines import meeting_lines
from retrieval.particulars.official_marks import official_marks
from retrieval.particulars.tasks import tasks
from retrieval.particulars.text_lines import text_lines

if TYPE_CHECKING:
    from retrieval.particulars.particular import Particular


def particulars(text: str) -> tuple[Particular, ...]:
    """Return what a text tells of itself and of its items, in no order."""
    lines = text_lines(text)
    return (*official_marks(text, lines), *meeting_lines(text), *tasks(text, lines))
