"""What stands beside a figure, by which it can be told what it counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from answering.question.unit_classes import unit_class
from retrieval.quantities import Figure, Sort, agrees

if TYPE_CHECKING:
    from collections.abc import Sequence

STRONG = re.compile(r"[,;:。!?|]")
_WEAK = re.compile(r"[、/]|以及|和|与|及|并|\band\b")
END = re.compile(f"{STRONG.pattern}|{_WEAK.pattern}")  # where what is said of one thing may end
_ASIDE = re.compile(r"\([^()]{1,12}\)")  # 乡（镇、街）
_TELLING = 4  # characters alike on one side of two figures that show both to stand in the same words
_TELLING_AFTER = 6  # behind it, where many figures are followed by the same verb
_LEAST = 2  # as many do where the clause begins or ends with them
_LONGEST = 16
_COUNTED = ("count", "people")


class Beside(NamedTuple):
    """What stands before and after a figure, up to its neighbours that count the same kind of thing."""

    before: str
    after: str


def beside(figure: Figure, among: Sequence[Figure], folded: str) -> Beside:
    """Return what stands beside a figure; text between two of a kind is parted where its clause ends."""
    rivals = [g for g in among if g.start != figure.start and alike(g, figure)]
    low = max((g.end for g in rivals if g.end <= figure.start), default=0)
    high = min((g.start for g in rivals if g.start >= figure.end), default=len(folded))
    before, after = folded[low : figure.start], folded[figure.end : high]
    if low:
        before = before[_parting(before) :]
    if high < len(folded):
        after = after[: _parting(after)]
    return Beside(before, after)


def alike(one: Figure, other: Figure) -> bool:
    """Tell whether two figures may be taken for each other: shares, sums of money, counts."""
    kinds = _kind(one), _kind(other)
    same = kinds[0] == kinds[1] or (kinds[0] in _COUNTED and kinds[1] in _COUNTED)
    return one.sort is Sort.QUANTITY and same


def flat(text: str) -> str:
    """Blank what stands in short brackets: it tells nothing of where a thing's name ends."""
    return _ASIDE.sub(lambda m: " " * len(m[0]), text)


def _kind(figure: Figure) -> str:
    return "age" if figure.unit.endswith("岁") else unit_class(figure.unit)


def _parting(text: str) -> int:
    """Return where the text between two figures passes from the first to the second."""
    plain = flat(text)
    match = STRONG.search(plain) or _WEAK.search(plain)
    return match.start() if match else 0


def same_words(figure: Figure, text: str, among: Sequence[Figure], source: str) -> int:
    """Tell by the very words on either side whether ``source`` has this figure there (1), or another (-1).

    0 where what stands beside the figure in ``text`` stands beside no figure of the source.
    """
    others = [g for g in among if g.sort is not Sort.DATE]
    for side, enough in ((_common_before, _TELLING), (_common_after, _TELLING_AFTER)):
        least = _least(figure, text, before=side is _common_before)
        lengths = [(side(figure, text, g, source), g) for g in others]
        best = max((length for length, _ in lengths), default=0)
        if best >= least and any(length == best and agrees(figure, g) for length, g in lengths):
            return 1
        if best >= enough:
            return -1
    return 0


def _least(figure: Figure, text: str, *, before: bool) -> int:
    """Return how many characters must be alike: fewer where the clause has no more."""
    side = STRONG.split(text[: figure.start])[-1] if before else STRONG.split(text[figure.end :])[0]
    return max(_LEAST, min(_TELLING, len(side.strip())))


def _common_before(figure: Figure, text: str, other: Figure, source: str) -> int:
    one, two = text[: figure.start].replace(" ", "")[::-1], source[: other.start].replace(" ", "")[::-1]
    return _common(one, two)


def _common_after(figure: Figure, text: str, other: Figure, source: str) -> int:
    return _common(text[figure.end :].replace(" ", ""), source[other.end :].replace(" ", ""))


def _common(one: str, two: str) -> int:
    pairs = zip(one[:_LONGEST], two[:_LONGEST], strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(two), _LONGEST))
