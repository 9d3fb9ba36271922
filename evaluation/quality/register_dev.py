"""The register against the shared annotation of figures, and the questions that are answered from it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from bot.presentation.answer_records import json_line
from bot.presentation.fact_records import DocumentReader, figure_record
from evaluation.harness.homes import code_of, stamp_of
from evaluation.quality.question_sets import QuestionSet, graded
from evaluation.reporting.shared_scorer import Scorer
from evaluation.reporting.tables import Measurement, ResultTable
from retrieval.catalog.fact_query import Ask
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evaluation.harness.bench import Bench

TARGETS = {
    "recall without doubtful": 0.95,
    "precision": 0.95,
    "bound+alt": 0.97,
    "kind+alt": 0.92,
    "period": 0.85,
    "metric<=20": 0.90,
    "names called names": 0.90,
}
_LINE = re.compile(r"^(\S+)\s+([\d.]+)\s", re.MULTILINE)
_SURE = re.compile(r"without doubtful ([\d.]+)")
_NAMES = re.compile(r"names\s+matched (\d+)/\d+, of these called name (\d+)")
_ANSWERED = 0.90
_REPORT = "浙江"  # the province whose report is annotated beside the four speeches


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield the shared scorer's figures, and the shares of questions that are answered rightly."""
    scored = _scored(bench)
    yield ResultTable(
        key="register-dev",
        title="Figures annotated in the four speeches and one report, by the shared scorer",
        figures=tuple(
            Measurement(name=n, value=scored.get(n), target=target) for n, target in TARGETS.items()
        ),
    )
    asked = [one for one in bench.shared.dev_questions() if one.get("type") in ("aggregate", "compare")]
    exam = QuestionSet(key="register-dev", asked=asked, stand=bench.seed(), corpus=bench.shared.seed_text)
    score = graded(exam, bench, Scorer.load(bench.shared.scorer))
    yield ResultTable(
        key="register-questions",
        title=f"Questions over figures, {len(asked)} of the shared ones, no model",
        figures=(
            *(
                Measurement(name=f"right: {kind} (of {count})", value=share, target=_ANSWERED)
                for kind, (share, count) in sorted(score.by_type.items())
            ),
            Measurement(name="number_faith", value=score.figures.get("number_faith"), target=1.0),
        ),
    )


def _scored(bench: Bench) -> dict[str, float]:
    """Return the scorer's figures by name."""
    gold = bench.shared.path("eval", "figures-dev.jsonl")
    report = next(path for path in sorted(bench.shared.gov.rglob("*.txt")) if _REPORT in path.name)

    def build(home: Path) -> None:
        with Library.open(home, embedder=None, write=True) as library:
            library.ingest([bench.shared.seed, report])

    files = code_of("retrieval")
    stand = bench.homes.stand("register-dev", stamp_of("register-dev", report.name, files=files), build)
    kept = stand.folder / "rows.jsonl"
    with Library.open(stand.folder, embedder=None) as library:
        texts = DocumentReader(library)
        found = library.register.figures(Ask())
        lines = (json_line(figure_record(one, texts.of(one.row.document))) for one in found)
        kept.write_text("\n".join(lines), encoding="utf-8")
    script = bench.shared.path("eval", "score_figures.py")
    done = subprocess.run(  # noqa: S603 - this very interpreter, and the shared scorer
        [sys.executable, str(script), str(gold), str(kept)], capture_output=True, text=True, check=True
    )
    return _read(done.stdout)


def _read(told: str) -> dict[str, float]:
    figures = {name: float(value) for name, value in _LINE.findall(told)}
    if sure := _SURE.search(told):
        figures["recall without doubtful"] = float(sure[1])
    if (names := _NAMES.search(told)) and int(names[1]):
        figures["names called names"] = int(names[2]) / int(names[1])
    return figures
