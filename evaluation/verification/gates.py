"""What the gates let through and what they drop: sentences labelled by hand, kept lies, and mutations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

from answering.evidence.lines import of_passage
from answering.generation.sentence_splitter import SentenceStream
from answering.question.parser import Question
from answering.values.answer import Language
from evaluation.datasets.material import ROOT, MissingMaterialError, rows
from evaluation.reporting.metrics import percentile
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from evaluation.verification.mutations import mutants
from evaluation.verification.shipped import ShippedSentences
from retrieval.quantities import Sort
from retrieval.text.normalize import fold
from retrieval.values.documents import Document, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from answering.evidence.lines import Line
    from evaluation.harness.bench import Bench

SENTENCES = ROOT / "evaluation" / "sentences"
REPLAY = ROOT / "tests" / "answering" / "replay"
TRUE = "true_and_well_cited"
_FALSE_REFUSALS, _LET_THROUGH, _ACCEPTED = 0.05, 0.01, 0.005
_OTHERS = ("洛阳市", "苏州市", "桂林市", "成都市", "大连市")
_PASSAGES = 400  # of other reports, drawn for mutations
_SHORTEST = 6  # characters of a clause worth changing


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSentence:
    """One sentence with its label and what the gates made of it."""

    name: str
    half: str
    label: str
    text: str
    kept: bool
    why: str
    seconds: float


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield the tables of the gates."""
    shipped = ShippedSentences.open()
    judged = list(raw(shipped))
    for half in ("calibrate", "held-out"):
        yield _labelled(half, [one for one in judged if one.half == half])
    yield _labelled("both halves", judged)
    yield _replayed(shipped)
    yield _mutated("mutations-shipped", "Mutations of the texts that ship", shipped.lines.values(), shipped)
    try:
        yield _mutated("mutations-reports", "Mutations of other reports", _reports(bench), shipped)
    except MissingMaterialError as error:
        yield ResultTable(
            key="skipped-mutations", title="Mutations of other reports", notes=(f"skipped: {error}",)
        )
    bench.remark(_remark(one) for one in judged if one.kept != (one.label == TRUE))


def raw(shipped: ShippedSentences) -> Iterator[LabelledSentence]:
    """Judge every labelled sentence of raw output."""
    labels = {row["id"]: row for row in rows(SENTENCES / "labels.jsonl")}
    starts = {(line.document.place, line.start): line for line in shipped.lines.values()}
    for row in rows(SENTENCES / "raw.jsonl"):
        given = [starts[one["place"], one["start"]] for one in row["evidence"]]
        for number, unit in enumerate(units(row["raw"]), 1):
            label = labels.get(f"{row['id']}/{number}")
            if label:
                yield _judge(label, unit, row, given, shipped)


def units(text: str) -> list[str]:
    """Return a whole answer cut as it would be while it streams."""
    stream = SentenceStream()
    return [*stream.feed(text), *stream.close()]


def _judge(
    label: dict[str, Any], unit: str, row: dict[str, Any], given: Sequence[Line], shipped: ShippedSentences
) -> LabelledSentence:
    began = perf_counter()
    proof = shipped.prove(unit, row["question"], given)
    return LabelledSentence(
        name=label["id"],
        half=label["half"],
        label=label["label"],
        text=unit.strip(),
        kept=proof.kept,
        why=f"{proof.verdict} {proof.why}",
        seconds=perf_counter() - began,
    )


def _labelled(half: str, judged: Sequence[LabelledSentence]) -> ResultTable:
    true = [one for one in judged if one.label == TRUE]
    rest = [one for one in judged if one.label != TRUE]
    counts = Counter(one.label for one in judged)
    return ResultTable(
        key=f"gates-{half.replace(' ', '-')}",
        title=f"Raw sentences of a model, labelled by hand: {half}",
        figures=(
            _share("false refusals", [not one.kept for one in true], _FALSE_REFUSALS),
            _share("let through", [one.kept for one in rest], _LET_THROUGH),
            Measurement(
                name="time to prove a sentence, p50",
                value=1000 * percentile([one.seconds for one in judged], 0.5),
                unit=MeasureUnit.MS,
                target=2.0,
                bound=TargetBound.MOST,
            ),
        ),
        notes=(
            ", ".join(f"{count} {label}" for label, count in sorted(counts.items())),
            *(_remark(one) for one in judged if one.kept != (one.label == TRUE)),
        ),
    )


def _remark(one: LabelledSentence) -> str:
    return f"{'let through' if one.kept else 'refused'} {one.name} ({one.label}; {one.why}): {one.text}"


def _share(name: str, flags: Sequence[bool], most: float) -> Measurement:
    value = sum(flags) / len(flags) if flags else None
    return Measurement(
        name=f"{name} ({sum(flags)} of {len(flags)})", value=value, target=most, bound=TargetBound.MOST
    )


def _replayed(shipped: ShippedSentences) -> ResultTable:
    """Judge the kept lies by kind, and the kept truths."""
    through: dict[str, list[bool]] = {}
    for row in rows(REPLAY / "lies.jsonl"):
        through.setdefault(row["kind"], []).append(replayed(row, shipped))
    truths = [not replayed(row, shipped) for row in rows(REPLAY / "truths.jsonl")]
    every = [flag for flags in through.values() for flag in flags]
    return ResultTable(
        key="gates-replay",
        title="Sentences made by hand: lies by kind, and true paraphrases",
        figures=(
            _share("true paraphrases refused", truths, _FALSE_REFUSALS),
            _share("lies let through", every, _LET_THROUGH),
            *(_share(f"lies let through: {kind}", flags, _LET_THROUGH) for kind, flags in through.items()),
        ),
    )


def replayed(row: dict[str, Any], shipped: ShippedSentences) -> bool:
    """Tell whether the gates keep a sentence of the replay set."""
    given = [shipped.holding(one["place"], one["holds"]) for one in row["evidence"]]
    return shipped.prove(row["text"], row["question"], given).kept


def _mutated(key: str, title: str, lines: Iterable[Line], shipped: ShippedSentences) -> ResultTable:
    kept: dict[str, list[bool]] = {}
    chance = Random(11)  # noqa: S311 - the same changes each time, no secret
    for line in lines:
        for text in _claims(line):
            kept.setdefault("unchanged", []).append(_keeps(text, line, shipped))
            places = tuple(p for p in _OTHERS if p != line.document.place)
            for one in mutants(text, places, chance):
                if fold(one.text) not in line.folded:
                    kept.setdefault(one.kind, []).append(_keeps(one.text, line, shipped))
    unchanged = kept.pop("unchanged", [])
    changed = [flag for flags in kept.values() for flag in flags]
    return ResultTable(
        key=key,
        title=title,
        figures=(
            _share("unchanged refused", [not flag for flag in unchanged], _FALSE_REFUSALS),
            _share("changed accepted", changed, _ACCEPTED),
            *(_share(f"changed accepted: {kind}", flags, _ACCEPTED) for kind, flags in sorted(kept.items())),
        ),
    )


def _claims(line: Line) -> list[str]:
    """Return a sentence and its clauses, those with a figure."""
    if line.is_heading or not line.figures:
        return []
    spans = [(0, len(line.text)), *((s.start, s.end) for s in line.clauses)]
    counted = [f for f in line.figures if f.sort is Sort.QUANTITY]
    held = [(a, b) for a, b in spans if any(a <= f.start < b for f in counted)]
    texts = [line.text[a:b].strip("，；。、") for a, b in held]
    return [text for text in dict.fromkeys(texts) if len(text) >= _SHORTEST]


def _keeps(text: str, line: Line, shipped: ShippedSentences) -> bool:
    places = (line.document.place,) if line.document.place else ()
    frame = Question(text="", asked="", folded="", language=Language.HANS, places=places)
    return shipped.judge(text, frame, line).kept


def _reports(bench: Bench) -> Iterator[Line]:
    """Give sentences of government reports, read where they stand."""
    found = rows(bench.shared.path("data", "gov_facts_passages.jsonl"))
    Random(5).shuffle(found)  # noqa: S311 - the same draw each time
    for row in found[:_PASSAGES]:
        document = Document(
            id=row["doc_id"],
            source="",
            text=row["text"],
            title=row["title"],
            place=row["place"],
            year=row["year"],
        )
        whole = Passage(
            id=row["id"], document=document.id, ordinal=0, start=0, end=len(row["text"]), text=row["text"]
        )
        yield from of_passage(whole, document)
