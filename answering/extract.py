"""Answer in the document's own sentences: the one that holds a fact, or all that belong to a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.evidence import Library, Line, block_lines
from answering.units import fits, same
from retrieval.chinese import Span
from retrieval.numerals import Figure, Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.intent import Want
    from answering.matching import Terms

ENOUGH = 0.42  # confidence from which a sentence is taken to speak of what is asked
_FOUND = 0.12  # what a hit that search is sure of adds to the coverage of its sentences
_SHORT = 72  # characters: a sentence this short is shown whole
_LONGEST = 130  # characters of a trimmed answer
_PERIOD = re.compile(
    r"^(截至|截止|目前|今年|去年|近年来|过去|自?(20|19)?\d\d年[^，]{0,8}|[一-龥]{0,4}期间)[^，]{0,6}$"
)
_SPEAKS_OF_FIRM = re.compile(r"公司|集团|企业|承建|施工")
_YEAR = re.compile(r"\d{4}年|\d+年前|[一二三四五六七八九十]+年|\d+年|[今去前]年|\d+月")


@dataclass(frozen=True, slots=True)
class Find:
    """A sentence that answers, the part of it to show, and how well it covers the question."""

    line: Line
    span: Span  # offsets into line.text
    coverage: float
    figure: Figure | None = None
    rank: float = 0.0

    @property
    def text(self) -> str:
        """The words to show."""
        return self.line.text[self.span.start : self.span.end].strip("，；、： \u3000")


def lookup(lines: Sequence[Line], terms: Terms, want: Want) -> Find | None:
    """Return the sentence that best answers, or None when none holds the kind of thing that is wanted."""
    found = [f for line in lines if (f := _judge(line, terms, want)) is not None]
    return max(found, key=lambda f: f.rank, default=None)


def _judge(line: Line, terms: Terms, want: Want) -> Find | None:
    coverage = confidence(line, terms)
    if not _holds(line, want):
        return None
    spans = line.clauses
    shares = [terms.coverage(line.folded[s.start : s.end]) for s in spans]
    figure = _figure(line, spans, shares, want)
    if want.kind == "figure" and figure is None:
        return None
    rank = (
        coverage
        + 0.12 * max(shares, default=0.0)
        + _bonus(line, figure, spans, shares, want)
    )
    return Find(line, _window(line, spans, shares, figure), coverage, figure, rank)


def confidence(line: Line, terms: Terms) -> float:
    """Return how surely a sentence speaks of what is asked, from about 0 to 1: words first, then search's rank."""
    return terms.coverage(line.folded, line.folded, line.context) + _FOUND * line.score


def _holds(line: Line, want: Want) -> bool:
    if want.kind == "company":
        return bool(_SPEAKS_OF_FIRM.search(line.text))
    if want.kind == "date":
        return bool(_YEAR.search(line.text))
    return True


def _bonus(
    line: Line, figure: Figure | None, spans: Sequence[Span], shares: Sequence[float], want: Want
) -> float:
    if want.kind == "name":
        return 0.08 if re.search("[“《]", line.text) else 0.0
    if figure is None:
        return 0.0
    clause = next((i for i, s in enumerate(spans) if s.start <= figure.start < s.end), 0)
    return (0.1 if same(figure, want) else 0.0) + 0.1 * (shares[clause] if shares else 0.0)


def _figure(line: Line, spans: Sequence[Span], shares: Sequence[float], want: Want) -> Figure | None:
    """Return the figure that the sentence gives for what is asked: of a wanted unit, nearest to the words asked for."""
    if want.kind != "figure":
        return None
    fitting = [f for f in line.figures if f.sort is not Sort.DATE and fits(f, want)]
    if not fitting:
        return None
    top = max(range(len(shares)), key=lambda i: shares[i], default=0)

    def worth(figure: Figure) -> tuple[float, float]:
        clause = next((i for i, s in enumerate(spans) if s.start <= figure.start < s.end), 0)
        near = shares[clause] - 0.15 * abs(clause - top)
        named = 0.2 if figure.sort is Sort.NAME else 0.0
        return (near + (0.3 if same(figure, want) else 0.0) - named, -figure.start)

    return max(fitting, key=worth)


def _window(line: Line, spans: Sequence[Span], shares: Sequence[float], figure: Figure | None) -> Span:
    """Return the run of clauses to show: the whole sentence when short, else what holds the figure and the words."""
    if len(line.text) <= _SHORT or not spans:
        return Span(0, len(line.text))
    keep = {i for i, share in enumerate(shares) if share >= 0.6 * max(shares) and share > 0}
    if figure is not None:
        keep |= {i for i, s in enumerate(spans) if s.start <= figure.start < s.end}
    keep = keep or {0}
    low, high = min(keep), max(keep)
    if spans[high].end - spans[low].start > _LONGEST and figure is not None:
        low = high = next(i for i, s in enumerate(spans) if s.start <= figure.start < s.end)
    return Span(spans[low].start, spans[high].end)


def period(find: Find) -> str:
    """Return the time that the sentence opens with and the trimmed answer left behind, or an empty string."""
    first = find.line.clauses[0] if find.line.clauses else Span(0, 0)
    opening = find.line.text[first.start : first.end].strip("，； ")
    return opening if find.span.start >= first.end and _PERIOD.match(opening) else ""


def listing(lines: Sequence[Line], terms: Terms, library: Library) -> list[Find]:
    """Return all sentences that belong to a list answer, in the order of the text.

    The point or paragraph that speaks of it best is taken with all between its first and last telling sentence;
    others join when they cover the question nearly as well.
    """
    scored = [(confidence(x, terms), x) for x in lines]
    if not scored:
        return []
    best = max(scored, key=lambda pair: pair[0])
    if best[0] < ENOUGH:
        return []
    blocks = {best[1].block: best[1]}
    for share, line in sorted(scored, key=lambda pair: -pair[0]):
        if share >= max(ENOUGH, 0.88 * best[0]) and len(blocks) < 3:
            blocks.setdefault(line.block, line)
    return [f for line in blocks.values() for f in _telling(line, terms, library)]


def _telling(line: Line, terms: Terms, library: Library) -> list[Find]:
    members = block_lines(line, library)
    shares = [terms.coverage(x.folded, x.folded) for x in members]
    if not members:
        return [Find(line, Span(0, len(line.text)), 0.0)]
    floor = 0.45 * max(shares)
    told = [i for i, share in enumerate(shares) if share >= floor and share > 0]
    if line.passage.point is not None and sum(len(x.text) for x in members) <= 320:
        told = list(range(len(members)))
    low, high = (min(told), max(told)) if told else (0, len(members) - 1)
    return [
        Find(x, Span(0, len(x.text)), s) for x, s in list(zip(members, shares, strict=True))[low : high + 1]
    ]
