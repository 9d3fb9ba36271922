"""``python -m evaluation changed-claims HOME``: claims made of figures, and with one slot changed.

A claim is asked as a reader asks it (…，对吗？). Printed: how the true ones are judged, and for each slot how
many of the changed ones are told to be true; none should be.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from answering import Answerer
from retrieval.catalog.fact_query import Ask
from retrieval.embeddings.embedder import open_embedder
from retrieval.facts.fact_state import FactState
from retrieval.facts.models import FigureKind
from retrieval.library import Library
from retrieval.quantities.values import Bound
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.facts.models import FigureRow

_NAMES = (4, 14)  # characters of a thing that is claimed
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WAYS = {"增长": "下降", "下降": "增长", "提高": "降低", "降低": "提高", "增加": "减少", "减少": "增加"}
_UNITS = {
    "亿元": "万元",
    "万元": "亿元",
    "万人": "人",
    "公里": "米",
    "%": "个百分点",
    "万亩": "亩",
    "个": "万个",
    "亿斤": "万斤",
}
_BOUNDS = ("不到", "不足")
_FACTORS = (Decimal("1.4"), Decimal("0.7"), Decimal("1.15"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadersClaim:
    """A claim as a reader puts it, and the slot in which it was made untrue; "" for a true one."""

    kind: str
    text: str


def claims_of(
    row: FigureRow, printed: str, others: Sequence[FigureRow], places: Sequence[str], chance: Random
) -> Iterator[ReadersClaim]:
    """Give the claim that a row makes, and its untrue forms; ``others`` are rows of its document."""
    place, metric = row.place or "全国", fold(row.metric)
    planned = row.state is FactState.PLANNED
    slots = {
        "place": place,
        "year": f"{row.year}年",
        "state": "计划" if planned else "",
        "metric": metric,
        "figure": printed,
    }
    yield ReadersClaim(kind="", text=_said(slots))
    changed: dict[str, tuple[str, str]] = {
        "figure": ("figure", _other_number(printed, chance)),
        "unit": ("figure", _other_end(printed, _UNITS)),
        "bound": ("figure", chance.choice(_BOUNDS) + printed if row.bound is Bound.EXACT else printed),
        "direction": ("metric", _other_end(metric, _WAYS)),
        "place": ("place", chance.choice([one for one in places if one != place] or [place])),
        "year": ("year", f"{(row.year or 0) - chance.choice((2, 3))}年"),
        "state": ("state", "" if planned else "计划"),
    }  # fmt: skip
    alike = [
        one
        for one in others
        if one.unit == row.unit and one.value != row.value and fold(one.metric) != metric
    ]
    if alike:
        changed["metric"] = ("metric", fold(chance.choice(alike).metric))
    for kind, (slot, words) in changed.items():
        if words != slots[slot]:
            yield ReadersClaim(kind=kind, text=_said({**slots, slot: words}))


def _said(slots: dict[str, str]) -> str:
    return "".join(slots[name] for name in ("place", "year", "state", "metric", "figure")) + "，对吗？"


def _other_end(words: str, ends: Mapping[str, str]) -> str:
    return next((words.removesuffix(a) + b for a, b in ends.items() if words.endswith(a)), words)


def _other_number(printed: str, chance: Random) -> str:
    found = _NUMBER.search(printed)
    if found is None:
        return printed
    value = Decimal(found[0]) * chance.choice(_FACTORS)
    told = f"{value:.{len(found[0].partition('.')[2])}f}"
    return printed.replace(found[0], told if told != found[0] else str(int(Decimal(found[0])) + 3), 1)


def drawn(library: Library, *, many: int, seed: int = 5) -> list[ReadersClaim]:
    """Return at most ``many`` claims on the figures of a library, true ones and changed ones together."""
    chance = Random(seed)  # noqa: S311 - a draw that can be repeated
    documents = {one.id: one for one in library.documents()}
    rows = [found.row for found in library.register.figures(Ask()) if _is_plain(found.row)]
    rows = [row for row in rows if documents[row.document].year and row.year]
    chance.shuffle(rows)
    of_text: dict[str, list[FigureRow]] = {}
    for row in rows:
        of_text.setdefault(row.document, []).append(row)
    made: list[ReadersClaim] = []
    for row in rows:
        text = library.document(row.document)
        assert text is not None  # the register's rows are of documents held
        made += claims_of(
            row, text.text[row.start : row.end], of_text[row.document], library.places(), chance
        )
        if len(made) >= many:
            break
    return made[:many]


def _is_plain(row: FigureRow) -> bool:
    kinds = (FigureKind.DONE, FigureKind.TARGET, FigureKind.COMPARISON)
    return (
        row.kind in kinds and bool(row.unit) and not row.scope and _NAMES[0] <= len(row.metric) <= _NAMES[1]
    )


def main(words: Sequence[str]) -> int:
    """Ask the claims and print the shares; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation changed-claims", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--many", type=int, default=2_000)
    parser.add_argument("--show", action="store_true", help="name each changed claim that is told to be true")
    asked = parser.parse_args(words)
    told: Counter[tuple[str, str]] = Counter()
    with Library.open(asked.home, embedder=open_embedder(home=asked.home)) as library:
        answerer = Answerer(library)
        for claim in drawn(library, many=asked.many):
            verdict = answerer.answer_now(claim.text).verdict or "none"
            told[claim.kind, verdict] += 1
            if asked.show and claim.kind and verdict == "true":
                print(f"- {claim.kind}: {claim.text}")
    for kind in sorted({kind for kind, _ in told}):
        of_kind = {verdict: many for (one, verdict), many in told.items() if one == kind}
        total = sum(of_kind.values())
        shares = ", ".join(f"{verdict} {of_kind[verdict] / total:.3f}" for verdict in sorted(of_kind))
        print(f"{kind or 'as printed':<12} {total:>5}  {shares}")
    return 0
