"""What was understood of texts: documents, sections, points, and passages that hold every character once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.harness.trials import NATION
from evaluation.reporting.metrics import coverage, mean, percentile, share
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.datasets.material import ReportQuestion
    from evaluation.harness.bench import Bench
    from retrieval.library import Library
    from retrieval.values.documents import Document, Passage

SECTIONS = {"吉林市": 4, "台州市": 4, "萍乡市": 4, "延安市": 3}
POINTS = {"吉林市": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """A document as it was understood."""

    document: Document
    passages: tuple[Passage, ...]

    @property
    def parts(self) -> int:
        """How many sections of the first level it has, the opening aside."""
        return sum(one.level == 1 and one.numeral != "0" for one in self.document.sections)

    @property
    def body(self) -> list[tuple[int, int]]:
        """The stretches of its text that are no headings."""
        edges = sorted((one.start, one.body) for one in self.document.sections if one.numeral != "0")
        starts, ends = (
            [0, *(end for _, end in edges)],
            [*(start for start, _ in edges), len(self.document.text)],
        )
        return list(zip(starts, ends, strict=True))

    @property
    def exact(self) -> bool:
        """Whether every passage is the very text at its offsets."""
        return all(self.document.text[one.start : one.end] == one.text for one in self.passages)

    @property
    def crossing(self) -> int:
        """How many passages hold body text on both sides of a section's start or of an end of a point."""
        points = [edge for one in self.document.points for edge in (one.start, one.end)]
        edges = [*(one.start for one in self.document.sections), *points]
        return sum(any(self._parted(one, edge) for edge in edges) for one in self.passages)

    def _parted(self, passage: Passage, edge: int) -> bool:
        # A heading may lead the passage that its first point or article stands in.
        inner = passage.start < edge < passage.end
        return inner and self._tells(passage.start, edge) and self._tells(edge, passage.end)

    def _tells(self, start: int, end: int) -> bool:
        return any(self.document.text[max(start, a) : min(end, b)].strip() for a, b in self.body)


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield what was understood of the seed source, of the government documents and of the shipped texts."""
    seed = bench.library(bench.seed())
    read = list(_read(seed))
    speeches = [one for one in read if one.document.genre is not Genre.PREFACE]
    yield ResultTable(
        key="structure-seed",
        title="Structure of the seed source",
        figures=(
            _exact("documents", len(speeches), 4),
            *(
                _exact(f"sections: {place}", _sum(speeches, place, "parts"), n)
                for place, n in SECTIONS.items()
            ),
            *(_exact(f"points: {place}", _sum(speeches, place, "points"), n) for place, n in POINTS.items()),
            *_whole(read),
            Measurement(
                name="source in some document", value=_kept(bench.shared.seed_text, read), target=1.0
            ),
        ),
    )
    gov = list(_read(bench.library(bench.gov())))
    facts = bench.shared.facts()
    yield ResultTable(
        key="structure-gov",
        title="Structure of the government documents",
        figures=(
            Measurement(
                name="files", value=len({one.document.source for one in gov}), unit=MeasureUnit.COUNT
            ),
            Measurement(name="documents", value=len(gov), unit=MeasureUnit.COUNT),
            _heads(gov, facts),
            *_whole(gov),
        ),
    )


def _read(library: Library) -> Iterator[ParsedDocument]:
    for head in library.documents():
        whole = library.document(head.id)
        if whole is not None:
            yield ParsedDocument(document=whole, passages=library.passages(head.id))


def _exact(name: str, value: int, target: int) -> Measurement:
    return Measurement(name=name, value=value, unit=MeasureUnit.COUNT, target=target, bound=TargetBound.EXACT)


def _sum(read: list[ParsedDocument], place: str, what: str) -> int:
    of = [one for one in read if one.document.place == place]
    return sum(one.parts if what == "parts" else len(one.document.points) for one in of)


def _whole(read: list[ParsedDocument]) -> Iterator[Measurement]:
    texts = [(one, coverage(one.document.text, _spans(one), within=one.body)) for one in read]
    sizes = [len(passage.text) for one in read for passage in one.passages]
    visible = [sum(not char.isspace() for char in one.document.text) for one, _ in texts]
    once = sum(found.once * n for (_, found), n in zip(texts, visible, strict=True)) / max(1, sum(visible))
    all_once = all(found.once == 1.0 for _, found in texts)
    yield Measurement(
        name="body in exactly one passage",
        value=1.0 if all_once else once,
        target=1.0,
        bound=TargetBound.EXACT,
    )
    yield Measurement(
        name="passages that are the text at their offsets",
        value=share(one.exact for one in read),
        target=1.0,
        bound=TargetBound.EXACT,
    )
    yield _exact("passages over an edge of section or point", sum(one.crossing for one in read), 0)
    yield Measurement(name="passages", value=len(sizes), unit=MeasureUnit.COUNT)
    yield Measurement(name="characters a passage, mean", value=mean(sizes), unit=MeasureUnit.CHARS)
    yield Measurement(name="characters a passage, p95", value=percentile(sizes, 0.95), unit=MeasureUnit.CHARS)
    yield Measurement(name="characters of the longest passage", value=max(sizes), unit=MeasureUnit.CHARS)


def _spans(one: ParsedDocument) -> list[tuple[int, int]]:
    return [(passage.start, passage.end) for passage in one.passages]


def _kept(source: str, read: list[ParsedDocument]) -> float:
    """Return the share of a source's visible characters that stand in exactly one document."""
    spans = [(one.document.offset, one.document.offset + len(one.document.text)) for one in read]
    return coverage(source, spans, within=[(0, len(source))]).once


def _heads(read: list[ParsedDocument], facts: tuple[ReportQuestion, ...]) -> Measurement:
    """Tell of which share of the reports that are asked about place and year were read rightly."""
    wanted = {(one.place, one.year) for one in facts if one.title}
    known = {
        (one.document.place or NATION, one.document.year)
        for one in read
        if one.document.genre is not Genre.PREFACE
    }
    return Measurement(
        name=f"place and year of reports (of {len(wanted)})",
        value=share(one in known for one in wanted),
        target=1.0,
        bound=TargetBound.EXACT,
    )
