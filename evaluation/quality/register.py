"""The register in figures: rows held, words verbatim at their offsets, and how fast it is asked."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable
from retrieval.catalog.fact_query import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.harness.bench import Bench
    from retrieval.library import Library

THINGS = ("老旧小区改造", "停车泊位", "城镇新增就业", "森林覆盖率", "地区生产总值", "民生实事", "粮食产量")
_TIMES = 10


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield what the register holds of all government documents."""
    library = bench.library(bench.gov())
    figures, measures = library.register.count()
    yield ResultTable(
        key="register",
        title="The register of all government documents",
        figures=(
            Measurement(name="figures", value=figures, unit=MeasureUnit.COUNT),
            Measurement(name="measures", value=measures, unit=MeasureUnit.COUNT),
            Measurement(name="spans inside their passage and clause", value=standing(library), target=1.0),
            Measurement(name="p95 a query", value=slowest(library) * 1000, unit=MeasureUnit.MS),
        ),
    )


def standing(library: Library) -> float:
    """Return the share of figures whose span stands, unbroken, in its clause, sentence and passage."""
    rows = [one.row for one in library.register.figures(Ask())]
    spans = {p.id: (p.start, p.end) for head in library.documents() for p in library.passages(head.id)}
    good = 0
    for row in rows:
        start, end = spans[row.passage]
        within = start <= row.sentence[0] <= row.clause[0] <= row.start
        good += within and row.start < row.end <= row.clause[1] <= row.sentence[1] <= end
    return good / len(rows) if rows else 0.0


def slowest(library: Library) -> float:
    """Return the 95th percentile of the seconds a question for one thing takes."""
    seconds = []
    for thing in THINGS * _TIMES:
        began = perf_counter()
        library.register.figures(Ask(things=(thing,)))
        seconds.append(perf_counter() - began)
    return sorted(seconds)[int(0.95 * len(seconds))]
