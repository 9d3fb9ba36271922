"""What a face hears while an answer is being made; the last event holds the answer that counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from answering.values.answer import Answer, Citation, Statement


class Stage(StrEnum):
    """What is being done."""

    SEARCHING = "searching"
    READING = "reading"  # a model was called and has not said anything yet
    WRITING = "writing"
    MENDING = "mending"  # the repair round


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Work on the answer has come to a stage."""

    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement that is proved, with the citations that were not heard of before."""

    statement: Statement
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What was said so far will not stand in the answer: another text takes its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The answer; always the last event."""

    answer: Answer


Event = Step | Said | Withdrawn | Done
