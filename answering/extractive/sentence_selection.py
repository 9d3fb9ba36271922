"""Answer in the document's own sentences: the one that holds a fact, or all that belong to a list."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.extractive.printed_labels import labels
from answering.extractive.subset_figures import counts
from answering.question.unit_classes import fits, same
from retrieval.quantities import Figure, Sort
from retrieval.text.normalize import Span
from retrieval.text.tense import told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from answering.evidence.lines import Line
    from answering.lexicon.relevance import Terms, TermSpot
    from answering.question.intent import ExpectedAnswer

ENOUGH = 0.38  # confidence from which a sentence is taken to speak of what is asked
_FOUND = 0.12  # what a hit that search is sure of adds to the coverage of its sentences
_SHORT = 100  # characters: a sentence this short is shown whole
_LONGEST = 100  # characters of an answer trimmed around a figure
_BARE = 8  # characters: a clause this short says too little by itself
_TELLING = 0.3  # weight of a term that is worth a further clause
_BESIDE = 0.12  # nearness below which a figure of no wanted unit speaks of something else
_TENSE = 0.15  # what agreement on planned or done is worth against coverage
_HEADED = 0.15  # what a heading lacks against a sentence that says the same
_PERIOD = re.compile(
    r"^(截至|截止|目前|今年|去年|近年来|过去|自?(20|19)?\d\d年[^，]{0,8}|[一-龥]{0,4}期间)[^，]{0,6}$"
)
_REST = re.compile(r"^(?:[\d.]+(?:%|个?百分点|[万亿]?[元人户个吨])?[，；、]|[是为]：)+(?=.)")
# What a sentence must bear to answer a question for a kind of thing that is told in words.
_MARKS = {
    "company": re.compile(r"公司|集团|企业|承建|施工"),
    "date": re.compile(r"[\d一二三四五六七八九十今去前]年|\d月"),
    "rank": re.compile(r"前列|首位|第[一二三四五六七八九十\d]|领先|居|榜首|前[一二三五十\d]|\d[位名]"),
    "name": re.compile(r"[“《]"),
    "frequency": re.compile(r"每.{0,4}[年月季周天日]|[季年月]度|半年|日常|年终|定期|常态化?"),
}


@dataclass(frozen=True, slots=True)
class SelectedSentence:
    """A sentence that answers, the part of it to show, and how well it covers the question."""

    line: Line
    span: Span  # offsets into line.text
    coverage: float
    figure: Figure | None = None
    rank: float = 0.0

    @property
    def text(self) -> str:
        """The words to show, without the rest of what was said before them: a figure of no thing, 是：."""
        shown = self.line.text[self.span.start : self.span.end].strip("，；、： \u3000")
        rest = _REST.match(shown)
        at = self.line.text.find(shown, self.span.start)
        if rest is None or (self.figure is not None and self.figure.start < at + rest.end()):
            return shown
        return shown[rest.end() :]


def lookup(
    lines: Sequence[Line], terms: Terms, want: ExpectedAnswer, *, lean: float = 0.0, floor: float = ENOUGH
) -> SelectedSentence | None:
    """Return the sentence that best answers, or None when none speaks of it with the kind of thing wanted.

    ``lean`` is 1 for a question on what is planned, −1 on what is done, 0 where it does not say; a sentence
    that tells of the other is then no answer. ``floor`` is the least confidence.
    """
    fitting = [line for line in lines if _agreement(line, lean) > -_TENSE]
    found = [f for line in fitting if (f := _judge(line, terms, want, floor)) is not None]
    return max(found, key=lambda f: f.rank + _agreement(f.line, lean), default=None)


def _agreement(line: Line, lean: float) -> float:
    """Return what a sentence gains by telling of what is planned, or done, as the question leans."""
    return _TENSE * lean * told(line.passage, line.document) if lean else 0.0


def _judge(line: Line, terms: Terms, want: ExpectedAnswer, floor: float) -> SelectedSentence | None:
    coverage = confidence(line, terms)
    return None if coverage < floor or not holds(line, want) else select(line, terms, want)


def _any(figure: Figure) -> bool:
    del figure
    return True


def select(
    line: Line, terms: Terms, want: ExpectedAnswer, passes: Callable[[Figure], bool] = _any
) -> SelectedSentence | None:
    """Return the part of a sentence that answers; None where it has no figure and one is wanted.

    ``passes`` tells which of its figures may be the one.
    """
    coverage = confidence(line, terms)
    spots = terms.spots(line.folded)
    figure, near = _figure(line, spots, want, passes)
    if want.kind == "figure" and figure is None:
        return None
    shares = [terms.coverage(line.folded[s.start : s.end]) for s in line.clauses]
    span = around_figure(line, figure, spots) if figure is not None else _window(line, shares, want)
    rank = coverage + 0.12 * max(shares, default=0.0) + _bonus(line, figure, near, want)
    return SelectedSentence(line, span, coverage, figure, rank)


def confidence(line: Line, terms: Terms) -> float:
    """Return how surely a sentence speaks of what is asked (about 0…1): its words, then its rank."""
    return terms.coverage(line.folded, line.folded, line.context) + _FOUND * line.score


def holds(line: Line, want: ExpectedAnswer) -> bool:
    """Tell whether a sentence bears the kind of thing wanted: a company, a date, a rank."""
    marks = _MARKS.get(want.kind) if want.kind != "name" else None
    return marks is None or bool(marks.search(line.text))


def _bonus(line: Line, figure: Figure | None, near: float, want: ExpectedAnswer) -> float:
    if line.is_heading:
        return -_HEADED
    if want.kind == "name":
        return 0.08 if re.search("[“《]", line.text) else 0.0
    if figure is None:
        return 0.0
    return (0.1 if same(figure, want) else 0.0) + 0.1 * near


def _figure(
    line: Line, spots: Sequence[TermSpot], want: ExpectedAnswer, passes: Callable[[Figure], bool]
) -> tuple[Figure | None, float]:
    """Return the figure that the sentence gives for what is asked, and its nearness to those words."""
    if want.kind != "figure":
        return None, 0.0
    fitting = [f for f in line.figures if fits(f, want) and counts(f, spots, line) and passes(f)]
    if not fitting and want.named:
        fitting = [f for f in labels(line.text, want.units[0]) if passes(f)]
    if not fitting:
        return None, 0.0
    near = {f.start: _nearness(f, spots, line) for f in fitting}
    best = max(fitting, key=lambda f: (near[f.start] + _favour(f, want), -f.start))
    unsaid = not (spots or want.named)  # the sentence names nothing of it: only those around it do
    if unsaid or (not want.units and _closest(best, spots, line) < _BESIDE):
        return None, 0.0
    return best, near[best.start]


def _favour(figure: Figure, want: ExpectedAnswer) -> float:
    return (0.3 if same(figure, want) else 0.0) - (0.2 if figure.sort is Sort.NAME else 0.0)


def _nearness(figure: Figure, spots: Sequence[TermSpot], line: Line) -> float:
    """Return how near (0…1) the words asked for stand to a figure, each word counting by its weight."""
    best: dict[str, tuple[float, float]] = {}
    for spot in spots:
        word = line.folded[spot.start : spot.end]
        best[word] = max(best.get(word, (0.0, 0.0)), (_closeness(figure, spot, line), spot.weight))
    total = sum(weight for _, weight in best.values())
    return sum(close * weight for close, weight in best.values()) / total if total else 0.0


def _closest(figure: Figure, spots: Sequence[TermSpot], line: Line) -> float:
    return max((_closeness(figure, spot, line) for spot in spots), default=0.0)


def _closeness(figure: Figure, spot: TermSpot, line: Line) -> float:
    """Return how close (0…1) one word stands to a figure; a clause between counts as eight characters."""
    gap = max(0, spot.start - figure.end, figure.start - spot.end)
    between = line.folded[min(figure.end, spot.end) : max(figure.start, spot.start)]
    gap += 8 * sum(between.count(mark) for mark in ",;，；。") + 4 * between.count("、")
    return math.exp(-gap / 10)


def around_figure(line: Line, figure: Figure, spots: Sequence[TermSpot]) -> Span:
    """Return the clause of the figure with the neighbours that hold words asked for and not yet shown."""
    spans = line.clauses
    low = high = next((i for i, s in enumerate(spans) if s.start <= figure.start < s.end), 0)
    shown = _words(line, spots, spans[low])
    near = _subject(line, spots, low)
    if near is not None:
        low, high = min(low, near), max(high, near)
        shown |= _words(line, spots, spans[near])
    for step in (-1, 1, -1, 1):
        at = low + step if step < 0 else high + step
        if not 0 <= at < len(spans):
            continue
        more = _words(line, spots, spans[at]) - shown
        length = abs(spans[max(high, at)].end - spans[min(low, at)].start)
        if more and length <= _LONGEST:
            low, high, shown = min(low, at), max(high, at), shown | more
    if high == low and spans[low].end - spans[low].start < _BARE and low > 0:
        low -= 1
    if low == high:
        return _item(line, figure, spots, spans[low])
    return Span(spans[low].start, spans[high].end)


def _item(line: Line, figure: Figure, spots: Sequence[TermSpot], clause: Span) -> Span:
    """Return the member of an enumeration (236名…、769名…) that a figure heads, if it holds all asked for."""
    if line.text[clause.start : figure.start].strip() and line.text[figure.start - 1] not in "、及和与":
        return clause
    others = [f.start for f in line.figures if figure.end < f.start < clause.end]
    end = next((at for at in others if line.text[at - 1] in "、及和与"), clause.end)
    item = Span(figure.start, end)
    held = _words(line, spots, item)
    if end - figure.start < _BARE or not held or held != _words(line, spots, clause):
        return clause
    cut = line.text[item.start : item.end].rstrip("、以及和与")
    return Span(item.start, item.start + len(cut))


def _subject(line: Line, spots: Sequence[TermSpot], clause: int) -> int | None:
    """Return the nearest clause that names what is asked about, if both can be shown together."""
    spans = line.clauses
    weight = max((spot.weight for spot in spots), default=0.0)
    named = [s.start for s in spots if s.weight == weight >= _TELLING]
    telling = [i for i, span in enumerate(spans) if any(span.start <= at < span.end for at in named)]
    near = min(telling, key=lambda i: (abs(i - clause), i), default=None)
    if near is None:
        return None
    length = spans[max(near, clause)].end - spans[min(near, clause)].start
    return near if length <= _LONGEST else None


def _words(line: Line, spots: Sequence[TermSpot], span: Span) -> set[str]:
    return {
        line.folded[s.start : s.end]
        for s in spots
        if span.start <= s.start < span.end and s.weight >= _TELLING
    }


def _window(line: Line, shares: Sequence[float], want: ExpectedAnswer) -> Span:
    """Return the clauses to show: all of a short sentence, else those with the words asked for."""
    spans = line.clauses
    if len(line.text) <= _SHORT or not spans:
        return Span(0, len(line.text))
    keep = {i for i, share in enumerate(shares) if share >= 0.6 * max(shares) and share > 0} or {0}
    marks = _MARKS.get(want.kind)
    bearing = [i for i, s in enumerate(spans) if marks and marks.search(line.text[s.start : s.end])]
    if bearing and not keep & set(bearing):
        keep.add(min(bearing, key=lambda i: min(abs(i - k) for k in keep)))
    return Span(spans[min(keep)].start, spans[max(keep)].end)


def period(find: SelectedSentence) -> str:
    """Return the time that the sentence opens with and the trimmed answer left behind, or an empty string."""
    first = find.line.clauses[0] if find.line.clauses else Span(0, 0)
    opening = find.line.text[first.start : first.end].strip("，； ")
    return opening if find.span.start >= first.end and _PERIOD.match(opening) else ""
