"""Figures that were annotated by hand in texts that no rule was written on, against the register's rows.

The annotation holds places in the shared texts and what stands there, and none of their words. That of
``HELD`` was made by reading the texts beside the rows and setting right what was wrong, missing or no figure
at all; those of ``UNREAD`` and ``UNSEEN`` by reading three more reports each alone, before any row of theirs
was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evaluation.datasets.material import QUESTIONS, rows
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable
from retrieval.catalog.fact_query import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from evaluation.harness.bench import Bench
    from retrieval.facts.models import FigureRow
    from retrieval.library import Library

HELD = QUESTIONS / "figures-held.jsonl"
UNREAD = QUESTIONS / "figures-unread.jsonl"
UNSEEN = QUESTIONS / "figures-unseen.jsonl"
NAME = "name"


@dataclass
class MatchCounts:
    """How rows and annotation agree; a row is found where its place and value are."""

    gold: int = 0
    found: int = 0
    rows: int = 0
    right: dict[str, list[bool]] = field(
        default_factory=lambda: {n: [] for n in ("unit", "bound", "kind", "year", "metric")}
    )

    def share(self, name: str) -> float:
        """Return the share of what was found that is right in one respect."""
        seen = self.right[name]
        return sum(seen) / len(seen) if seen else 0.0


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield how well the register reads the texts that were annotated."""
    held = tallied(bench.library(bench.gov()), HELD)
    yield _table("register-held", f"{held.gold} figures annotated by hand in reports and rules", held)
    for key, annotation in (("register-unread", UNREAD), ("register-unseen", UNSEEN)):
        tally = tallied(bench.library(bench.learned()), annotation)
        yield _table(key, f"{tally.gold} figures of three reports annotated before a row was seen", tally)


def _table(key: str, title: str, tally: MatchCounts) -> ResultTable:
    return ResultTable(
        key=key,
        title=title,
        figures=(
            Measurement(name="recall", value=tally.found / tally.gold, target=0.95),
            Measurement(name="precision", value=tally.found / tally.rows, target=0.95),
            *(
                Measurement(name=f"{name} right", value=tally.share(name))
                for name, judged in tally.right.items()
                if judged
            ),
            Measurement(name="rows in these texts", value=tally.rows, unit=MeasureUnit.COUNT),
        ),
    )


def tallied(library: Library, annotation: Path) -> MatchCounts:
    """Hold the register's rows against an annotation, each stretch of text by itself."""
    tally = MatchCounts()
    for stretch in rows(annotation):
        head = next(one for one in library.documents() if one.source.endswith(stretch["file"]))
        held = [one.row for one in library.register.figures(Ask(documents=(head.id,)))]
        inside = [row for row in held if stretch["start"] <= row.start < stretch["end"]]
        _count(tally, stretch["rows"], inside)
    return tally


def _count(tally: MatchCounts, gold: Sequence[dict[str, Any]], held: Sequence[FigureRow]) -> None:
    tally.gold += len(gold)
    tally.rows += len(held)
    for one in gold:
        row = next((r for r in held if _same(r, one)), None)
        if row is not None:
            tally.found += 1
            named = one["kind"] == [NAME]
            tally.right["unit"].append(named or row.unit == one["unit"])
            tally.right["bound"].append(named or row.bound.value == one["bound"])
            tally.right["kind"].append(row.kind.value in one["kind"])
            tally.right["year"].append(row.year == one["year"])
            if one.get("metric"):
                tally.right["metric"].append(any(words in row.metric for words in one["metric"]))


def _same(row: FigureRow, one: dict[str, Any]) -> bool:
    overlapping = row.start < one["end"] and one["start"] < row.end
    return overlapping and bool(float(row.value) == one["value"])
