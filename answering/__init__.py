"""A question in, a proved answer out: the facade of this package.

The values load at once; ``Answerer``, which brings the whole walk along, when it is first asked for, so
that a program which only shows answers starts quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from answering.values.answer import (
    Answer,
    Citation,
    Computation,
    Language,
    Outcome,
    Statement,
    StatementKind,
    Turn,
)

if TYPE_CHECKING:
    from answering.pipeline import Answerer

__all__ = [
    "Answer",
    "Answerer",
    "Citation",
    "Computation",
    "Language",
    "Outcome",
    "Statement",
    "StatementKind",
    "Turn",
]


def __getattr__(name: str) -> object:
    if name != "Answerer":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("answering.pipeline").Answerer
