"""A question in, a proved answer out: the facade of this package."""

from answering.answer import (
    Answer,
    Citation,
    Computation,
    Language,
    Manner,
    Outcome,
    Statement,
    Turn,
)
from answering.pipeline import Answerer

__all__ = [
    "Answer",
    "Answerer",
    "Citation",
    "Computation",
    "Language",
    "Manner",
    "Outcome",
    "Statement",
    "Turn",
]
