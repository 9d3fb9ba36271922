"""What a sentence tells of: done or planned, and for which years, from headings, words and the text's year together."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from answering.evidence.year_range import titled_year
from retrieval.text.normalize import fold
from retrieval.text.tense import told
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.values.documents import Document, Passage

_YEAR = re.compile(r"(?:(?:19|20)\d\d)年?")
_SPAN = re.compile(r"(?:[一二三四五六七八九十]年来|过去[一二三四五]年|“?十[一二三四五六]五”?)")
_PLAN_END = {"十一五": 2010, "十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030}


class SentenceState(StrEnum):
    """Whether a sentence tells of what was done, is planned, or is required by a rule."""

    DONE = "done"
    PLANNED = "planned"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """The state and the time of one sentence."""

    state: SentenceState
    planned: float  # log-odds that the words tell of a plan and not of a result, without the headings
    heading: int  # 1 under a heading that plans, −1 under one that looks back, else 0
    first: int | None  # years told of
    last: int | None

    def covers(self, year: int) -> bool:
        """Tell whether the sentence may tell of a year; one of no known time may tell of any."""
        return self.first is None or self.last is None or self.first <= year <= self.last


def annotate(text: str, passage: Passage, document: Document) -> Annotation:
    """Return the state and time of the sentence ``text`` of a passage."""
    folded = fold(text)
    heading = int(told(passage, document))
    planned = planned_odds(folded, document.year)
    state = _state(planned, heading, document)
    first, last = _years(folded, passage, document, state)
    return Annotation(state=state, planned=planned, heading=heading, first=first, last=last)


def planned_odds(folded: str, written: int | None) -> float:
    """Return the log-odds that a sentence (folded) of a text of the year ``written`` tells of a plan."""
    weights = _weights()
    marks = state_marks(folded, written)
    return weights[""] + sum(weights.get(mark, 0.0) for mark in marks) / math.sqrt(len(marks) or 1)


def state_marks(folded: str, written: int | None) -> frozenset[str]:
    """Return what the state of a sentence is read from: pairs of characters, years as told from ``written``."""
    marks = set()
    for match in _YEAR.finditer(folded):
        if written is not None:
            apart = int(match[0][:4]) - written
            marks.add(
                "@past" if apart < -1 else "@last" if apart == -1 else "@this" if apart == 0 else "@next"
            )
    bare = re.sub(r"[\d.%]+", "0", _YEAR.sub("", folded))
    return frozenset(marks | {a + b for a, b in pairwise(bare)})


def _state(planned: float, heading: int, document: Document) -> SentenceState:
    if document.genre is Genre.REGULATION:
        return SentenceState.REQUIRED
    return SentenceState.PLANNED if planned + heading * _weights()["heading"] > 0 else SentenceState.DONE


def _years(
    folded: str, passage: Passage, document: Document, state: SentenceState
) -> tuple[int | None, int | None]:
    if document.genre is Genre.REGULATION or document.year is None:
        return None, None
    named = [int(m[0][:4]) for m in _YEAR.finditer(folded)]
    if named:
        return min(named), max(named)
    around = folded + "".join(passage.heading[-1:])
    plan = next((end for name, end in _PLAN_END.items() if name in around), None)
    if plan is not None:
        return plan - 4, plan
    if _SPAN.search(around):
        return document.year - 5, document.year - 1
    if state is SentenceState.PLANNED:
        return document.year, document.year
    own = titled_year(document) or (document.year - 1 if document.genre is Genre.REPORT else document.year)
    return own, own


@cache
def _weights() -> Mapping[str, float]:
    """Read the weights of the words; see ``evaluation/training`` for how they are learned."""
    text = files("answering").joinpath("data/state_weights.json").read_text("utf-8")
    weights: dict[str, float] = json.loads(text)["weights"]
    return weights
