"""Search over texts of other kinds, by itself and beside other stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.datasets.material import SourceText
from evaluation.harness import trials
from evaluation.harness.bench import texts_of
from evaluation.harness.peer_stacks import MISSING
from evaluation.quality.answers import all_questions
from evaluation.reporting.metrics import mean, percentile, recall_at, share
from evaluation.reporting.shared_scorer import Scorer
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evaluation.datasets.material import ReportQuestion
    from evaluation.harness.bench import Bench
    from evaluation.harness.homes import FilledHome
    from evaluation.harness.retrievers import BenchRetriever
    from evaluation.harness.trials import RetrievalTrial, TrialResult

CMRC = {1: 0.97, 5: 0.995}
GOV = {1: 0.85, 5: 0.97}


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield how well the right passages are found in the CMRC texts and in the government documents."""
    trial, stand = trials.cmrc(bench.shared.cmrc_queries()), bench.cmrc()
    passages = len(bench.shared.cmrc_texts())
    yield ResultTable(
        key="search-cmrc",
        title=f"CMRC trial, {passages} passages, {len(trial.queries)} questions",
        figures=(*_recalls(bench.run(trial, bench.finder(stand)), CMRC), _index(stand)),
    )
    facts = bench.shared.facts()
    trial, stand = trials.gov(facts), bench.gov()
    finder = bench.finder(stand)
    strict = bench.run(trials.gov(facts, strict=True), finder)
    yield ResultTable(
        key="search-gov",
        title=f"Facts of government reports, {len(trial.queries)} questions over all files of data/gov",
        figures=(
            *_recalls(bench.run(trial, finder), GOV),
            *(Measurement(name=f"R@{k} of the very evidence", value=recall_at(k, strict.ranks)) for k in GOV),
            _absent(facts, finder),
            _index(stand),
        ),
    )


def beside(bench: Bench) -> Iterator[ResultTable]:
    """Yield the same searches beside other stacks with the same embedding model."""
    shared = bench.shared
    cmrc, gov = trials.cmrc(shared.cmrc_queries()), trials.gov(shared.facts())
    seed = trials.seed(all_questions(bench), Scorer.load(shared.scorer))
    seed_texts = (SourceText(name="seed", text=shared.seed_text),)
    yield _compared(bench, cmrc, "CMRC trial: R@k by document", (bench.cmrc(), shared.cmrc_texts()))
    yield _compared(bench, gov, "Government reports: R@k of the answer", (bench.gov(), texts_of(shared.gov)))
    yield _compared(bench, seed, "Seed source: R@k of all facts of a question", (bench.seed(), seed_texts))


def _compared(
    bench: Bench, trial: RetrievalTrial, title: str, material: tuple[FilledHome, tuple[SourceText, ...]]
) -> ResultTable:
    stand, texts = material
    others = bench.peers(trial.key, texts)
    finders = [(bench.finder(stand), stand), *others]
    runs = [bench.run(trial, finder) for finder, _ in finders]
    rows: list[tuple[str, MeasureUnit, Callable[[TrialResult], float]]] = [
        ("R@1", MeasureUnit.SHARE, lambda run: recall_at(1, run.ranks)),
        ("R@5", MeasureUnit.SHARE, lambda run: recall_at(5, run.ranks)),
        (
            f"found in the first {trials.BUDGET} characters",
            MeasureUnit.SHARE,
            lambda run: share(run.in_budget),
        ),
        ("characters of five hits", MeasureUnit.CHARS, lambda run: mean(run.chars)),
        ("query p50", MeasureUnit.MS, lambda run: 1000 * percentile(run.seconds, 0.50)),
        ("query p95", MeasureUnit.MS, lambda run: 1000 * percentile(run.seconds, 0.95)),
    ]
    figures = [_across(name, unit, [measure(run) for run in runs]) for name, unit, measure in rows]
    figures.append(_across("index time", MeasureUnit.SECONDS, [built.seconds for _, built in finders]))
    return ResultTable(
        key=f"peers-{trial.key}",
        title=f"{title}, {len(trial.queries)} questions",
        figures=tuple(figures),
        others=tuple(finder.name for finder, _ in others),
        notes=() if others else (MISSING,),
    )


def _across(name: str, unit: MeasureUnit, values: list[float]) -> Measurement:
    return Measurement(name=name, unit=unit, value=values[0], beside=tuple(values[1:]))


def _recalls(run: TrialResult, targets: dict[int, float]) -> Iterator[Measurement]:
    for k, target in targets.items():
        yield Measurement(name=f"R@{k}", value=recall_at(k, run.ranks), target=target)
    yield Measurement(name="query p50", value=1000 * percentile(run.seconds, 0.50), unit=MeasureUnit.MS)
    yield Measurement(name="query p95", value=1000 * percentile(run.seconds, 0.95), unit=MeasureUnit.MS)


def _index(stand: FilledHome) -> Measurement:
    return Measurement(name="index time", value=stand.seconds, unit=MeasureUnit.SECONDS)


def _absent(facts: tuple[ReportQuestion, ...], finder: BenchRetriever) -> Measurement:
    """Tell on which share of questions about places without a report nothing of another place was found."""
    asked = [one for one in facts if one.kind == "unanswerable_place_absent"]
    kept = [all(hit.place == one.place for hit in finder.find(one.question, k=trials.DEPTH)) for one in asked]
    return Measurement(
        name=f"no hit of another place (of {len(asked)})",
        value=share(kept),
        target=1.0,
        bound=TargetBound.EXACT,
    )
