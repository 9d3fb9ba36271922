"""What the library holds, and how often which kind of answer was wrong when it was measured."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.values.documents import Document

MEASURED = "measured.json"  # written by ``python -m evaluation kinds --save``


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCoverage:
    """The texts of one place: how many, of which years, and the newest date told."""

    place: str  # "" for texts of no place
    texts: int
    first: int | None
    last: int | None
    newest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfAnswer:
    """How answers of one kind fared: shares of the questions, each between 0 and 1."""

    kind: str
    questions: int
    right: float
    misled: float  # told something untrue


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredErrors:
    """Results that were packaged; without kinds where none were."""

    date: str
    kinds: tuple[KindOfAnswer, ...]


def coverage(heads: Iterable[Document]) -> tuple[PlaceCoverage, ...]:
    """Return what is held of each place, most texts first."""
    of: defaultdict[str, list[Document]] = defaultdict(list)
    for one in heads:
        if one.genre is not Genre.PREFACE:
            of[one.place or ""].append(one)
    found = [_place(name, texts) for name, texts in of.items()]
    return tuple(sorted(found, key=lambda one: (-one.texts, one.place)))


def _place(name: str, texts: list[Document]) -> PlaceCoverage:
    years = sorted(one.year for one in texts if one.year)
    return PlaceCoverage(
        place=name,
        texts=len(texts),
        first=years[0] if years else None,
        last=years[-1] if years else None,
        newest=max((one.date or "" for one in texts), default=""),
    )


@cache
def measured() -> MeasuredErrors:
    """Return the results that came with the program."""
    file = resources.files("bot.reader") / "data" / MEASURED
    if not file.is_file():
        return MeasuredErrors(date="", kinds=())
    told = json.loads(file.read_text(encoding="utf-8"))
    return MeasuredErrors(date=told["date"], kinds=tuple(KindOfAnswer(**one) for one in told["kinds"]))
