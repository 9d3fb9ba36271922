"""One unit of a model's text taken apart: bullet, head, words, and the evidence it names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from answering.generation.citation_markers import split
from answering.verification.honest_limit import told_silent

_BULLET = re.compile(r"(?:[-*•●·+]|\d{1,2}[.、)）]|[（(]\d{1,2}[)）])\s+|[•●·]|[-*](?=[^\s\w*-])")
_HEADING = re.compile(r"#{1,6}\s+")
_BOLD = re.compile(r"\*\*|__")
_LABEL = re.compile(r"(回答|答案|答|answer)\s*[：:]\s*", re.IGNORECASE)
_RULE = re.compile(r"[|\s:\-–—=*_`]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedSentence:
    """What one unit claims: ``text`` without bullet and markers."""

    text: str
    numbers: tuple[int, ...]  # of the evidence that it names
    item: bool  # a member of a list, or a row of a table
    row: bool = False  # a row of a table

    @property
    def silent(self) -> bool:
        """Whether it says that the texts do not tell."""
        return told_silent(self.text) is not None


def utterance(unit: str) -> GeneratedSentence | None:
    """Take a unit apart; None for one that says nothing: a rule, an empty bullet, a label."""
    line = _HEADING.sub("", unit.strip(), count=1)
    bullet = _BULLET.match(line)
    line = _LABEL.sub("", _BOLD.sub("", line[bullet.end() :] if bullet else line), count=1).strip()
    row = line.startswith("|")
    if row:
        line = _joined(line)
    if _RULE.fullmatch(line):
        return None
    text, numbers = split(line)
    if not re.search(r"\w", text):
        return None
    return GeneratedSentence(text=text, numbers=numbers, item=bool(bullet) or row, row=row)


def _joined(row: str) -> str:
    """Return the cells of a table's row as a head and what is said of it."""
    cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
    head, *rest = [cell for cell in cells if cell and not _RULE.fullmatch(cell)] or [""]
    told = [cell for cell in rest if split(cell)[0]]
    marks = "".join(cell for cell in rest if not split(cell)[0])
    return f"{head}：{'，'.join(told)}{marks}" if told else head + marks
