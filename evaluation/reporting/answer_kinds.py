"""How answers of each kind fare on the train sets, learned from in part; the reader page shows it.

Answers are those of ``chengwen ask --batch`` under ``records`` in the folder of ``--home``, one file a set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.datasets.material import MissingMaterialError, rows
from evaluation.reporting.metrics import share
from evaluation.reporting.saved_results import KINDS
from evaluation.reporting.shared_scorer import Scorer
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.harness.bench import Bench

SETS = {"talks": "train-talks", "rules": "train-rules", "facts": "train-facts", "claims": "train-claims"}


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield what was right and what misled, by kind. Raises MissingMaterialError without records."""
    judge = Scorer.load(bench.shared.path("eval", "score_bench.py")).module.judge
    figures: list[Measurement] = []
    for kind, name in SETS.items():
        records = bench.homes.root / "records" / f"{name}.jsonl"
        if not records.is_file():
            raise MissingMaterialError(f"no answers in {records}; `chengwen ask --batch` makes them")
        answers = {one["id"]: one for one in rows(records)}
        asked = rows(bench.shared.path("eval", "bench", f"{name}.jsonl"))
        judged = [judge(one, answers.get(one["id"], {"abstained": False})) for one in asked]
        figures += [
            Measurement(name=f"{kind}: questions", value=len(judged), unit=MeasureUnit.COUNT),
            Measurement(name=f"{kind}: right", value=share([bool(one["right"]) for one in judged])),
            Measurement(name=f"{kind}: misled", value=share([bool(one["misled"]) for one in judged])),
        ]
    yield ResultTable(
        key=KINDS, title="Answers by kind, on sets learned from in part, no model", figures=tuple(figures)
    )
