"""Which documents can answer for a year: a text of that year, or a report of the next, looking back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.text.tense import asked
from retrieval.values.documents import Document, Genre

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from answering.evidence.lines import Line

_TITLED = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_NAMED = r"{year}年?(度)?的?.{{0,6}}(报告|讲话|发言|条例|材料|文件)"


def limits(text: str, years: Sequence[int], documents: Iterable[Document]) -> tuple[int, ...]:
    """Return the years of documents, among those given, that can answer ``text`` (folded) for ``years``.

    Empty when none of them can: then the year has to stand in the sentence itself.
    """
    documents = tuple(documents)
    held = {(d.year, d.genre is Genre.REPORT) for d in documents if d.year is not None}
    wanted = {fit for year in years for fit in _fitting(text, year, held)}
    wanted |= {d.year for d in documents if d.year is not None and titled_year(d) in years}
    return tuple(sorted(wanted))


def titled_year(document: Document) -> int | None:
    """Return the one year that a title gives to what its text tells, where that is before the text's own.

    A bulletin on 2024 that is given in 2025 tells of 2024, whatever its genre.
    """
    named = {int(year) for year in _TITLED.findall(document.title)}
    return named.pop() if len(named) == 1 and document.year and max(named) < document.year else None


def _fitting(text: str, year: int, held: set[tuple[int, bool]]) -> list[int]:
    own = [year] if any(y == year for y, _ in held) else []
    next_report = [year + 1] if (year + 1, True) in held else []
    lean = asked(text)
    if own and names_text(text, (year,)):
        return own
    if lean > 0:
        return own or next_report
    if lean < 0:
        return next_report or own
    return own + next_report


def names_text(text: str, years: Sequence[int]) -> bool:
    """Tell whether a question (folded) names a text by its year: 2025年政府工作报告."""
    return any(re.search(_NAMED.format(year=f"(20)?{year % 100:02d}"), text) for year in years)


def timely(line: Line, years: Sequence[int]) -> bool:
    """Tell whether a sentence may answer for each of ``years``."""
    return all(_covers(line, year) for year in years)


def _covers(line: Line, year: int) -> bool:
    document = line.document
    reported = document.genre is Genre.REPORT and document.year == year + 1
    titled = titled_year(document) == year
    return document.year == year or reported or titled or str(year) in line.text or str(year) in line.context
