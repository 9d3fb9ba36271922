"""Sentences to groups of about one size: few inside a paragraph's middle, none longer than can be helped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.text.normalize import clauses, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SHORTEST, _LONGEST = 0.4, 1.75  # of the size asked for
_SCRAP = 10  # characters up to which a sentence goes with its neighbour
_SHORT_COST = 0.5
_PARTED_COST = 0.15  # of a cut inside a paragraph


@dataclass(frozen=True, slots=True)
class Atom:
    """A sentence, or a piece of an overlong one; ``closes`` when a paragraph ends with it."""

    start: int
    end: int
    closes: bool


def atoms(text: str, spans: Iterable[tuple[int, int]], *, size: int) -> list[Atom]:
    """Cut paragraphs into sentences, and overlong ones at clauses; scraps stay with their neighbours."""
    longest = int(size * _LONGEST)
    found: list[Atom] = []
    for start, end in spans:
        pieces = [piece for span in _sentences(text, start, end) for piece in _fitting(text, span, longest)]
        for at, (first, last) in enumerate(pieces):
            atom = Atom(first, last, closes=at + 1 == len(pieces))
            if found and _is_scrap(found[-1], atom, longest, inside=at > 0):
                atom = Atom(found.pop().start, atom.end, atom.closes)
            found.append(atom)
    return found


def groups(found: Sequence[Atom], *, size: int) -> list[tuple[int, int]]:
    """Group neighbours so that the groups come as near to the size as they can; give their offsets."""
    longest = size * _LONGEST
    best = [(0.0, 0)]  # for the first n atoms: the least cost, and where the last group begins
    for end in range(1, len(found) + 1):
        options = []
        for start in range(end - 1, -1, -1):
            length = found[end - 1].end - found[start].start
            if length > longest and start < end - 1:
                break
            options.append((best[start][0] + _cost(length, size) + _parting(found, start), start))
        best.append(min(options))
    made: list[tuple[int, int]] = []
    end = len(found)
    while end > 0:
        start = best[end][1]
        made.append((found[start].start, found[end - 1].end))
        end = start
    return made[::-1]


def _cost(length: int, size: int) -> float:
    off = (length - size) / size
    return off * off + (_SHORT_COST if length < size * _SHORTEST else 0.0)


def _parting(found: Sequence[Atom], start: int) -> float:
    return 0.0 if start == 0 or found[start - 1].closes else _PARTED_COST


def _is_scrap(last: Atom, atom: Atom, longest: int, *, inside: bool) -> bool:
    """Return whether one of two neighbours is too short by itself; a paragraph's first goes forward."""
    short = last.end - last.start <= _SCRAP or (inside and atom.end - atom.start <= _SCRAP)
    return short and atom.end - last.start <= longest


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Return the sentences of a paragraph; a line end inside it ends none."""
    for span in sentences(text[start:end].replace("\n", " ")):
        yield from _trimmed(text, start + span.start, start + span.end)


def _fitting(text: str, span: tuple[int, int], longest: int) -> Iterator[tuple[int, int]]:
    """Return a span as it is, or in runs of clauses that fit, or cut anywhere when nothing parts it."""
    start, end = span
    if end - start <= longest:
        yield span
        return
    for clause in clauses(text, start, end):
        if clause.end - start > longest and clause.start > start:
            yield from _trimmed(text, start, clause.start)
            start = clause.start
        while clause.end - start > longest:
            yield from _trimmed(text, start, start + longest)
            start += longest
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    body = piece.strip()
    if body:
        at = start + len(piece) - len(piece.lstrip())
        yield at, at + len(body)
