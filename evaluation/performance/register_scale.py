"""How fast the register is asked where it holds the figures of 150,000 passages."""

from __future__ import annotations

from itertools import islice
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from evaluation.datasets.scale_texts import scale_files
from evaluation.harness.homes import code_of, stamp_of
from evaluation.performance.speed import load
from evaluation.quality.register import THINGS
from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from retrieval.catalog.fact_query import Ask
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evaluation.harness.bench import Bench
    from retrieval.catalog.fact_repository import Register

_TARGET = 50.0  # milliseconds
_SAMPLED = 150  # names that are asked for as they stand in texts
_PAGE = 400  # rows wanted at once


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield how long questions to the register take over all passages of the scale material."""
    texts = bench.homes.root / "scale-texts"
    files = scale_files(bench.shared, texts)

    def build(home: Path) -> None:
        with Library.open(home, embedder=None, write=True) as library:
            library.ingest(files)

    stamp = stamp_of("register-scale", len(files), files=code_of("retrieval"))
    stand = bench.homes.stand("register-scale", stamp, build)
    with Library.open(stand.folder, embedder=None) as library:
        figures, measures = library.register.count()
        things = _things(library.register)
        waits = [_asked(library.register, Ask(things=(thing,), limit=_PAGE)) for thing in things]
        busy, clock = (list(one) for one in zip(*waits, strict=True))
        passages = sum(source.passages for source in library.sources())
    yield ResultTable(
        key="register-scale",
        title=f"The register over {passages} passages, asked {len(things)} things",
        figures=(
            Measurement(name="figures", value=figures, unit=MeasureUnit.COUNT),
            Measurement(name="measures", value=measures, unit=MeasureUnit.COUNT),
            Measurement(name="p50 a query", value=1000 * percentile(busy, 0.5), unit=MeasureUnit.MS),
            Measurement(
                name="p95 a query",
                value=1000 * percentile(busy, 0.95),
                unit=MeasureUnit.MS,
                target=_TARGET,
                bound=TargetBound.MOST,
            ),
            Measurement(name="slowest", value=1000 * max(busy), unit=MeasureUnit.MS),
            Measurement(name="p95 by the clock", value=1000 * percentile(clock, 0.95), unit=MeasureUnit.MS),
        ),
        notes=("processor time, for others may be at work on this machine", load()),
    )


def _things(register: Register) -> list[str]:
    """Return things to ask for: those of reports, and names as texts have them, one out of many."""
    rows = register.figures(Ask(limit=_SAMPLED * 40))
    return [*THINGS, *islice(dict.fromkeys(one.row.metric for one in rows[::40]), _SAMPLED)]


def _asked(register: Register, ask: Ask) -> tuple[float, float]:
    """Return the seconds of the processor and of the clock that a question takes."""
    began, clock = thread_time(), perf_counter()
    register.figures(ask)
    return thread_time() - began, perf_counter() - clock
