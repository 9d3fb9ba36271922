"""Blocks cut into pieces: which passage each stands in, and whether its words are cited."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.reader.layout import bare
from retrieval.text.normalize import is_chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.reader.layout import LayoutBlock
    from retrieval.values.documents import Passage

    Span = tuple[int, int]

_BREAK = re.compile(r"(?<!\s)[^\S\n]*+\n\s*")
_NOWHERE = (-1, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """Words that are all of one passage and all alike."""

    text: str
    passage: str = ""  # the id of the passage that begins here; empty where none does
    cited: str = ""  # "first" for the first cited piece of the page, "on" for the others
    strong: bool = False  # a heading that runs into its paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class SpannedBlock:
    """A block with its pieces, ready for a template."""

    block: LayoutBlock
    pieces: tuple[TextSpan, ...]


@dataclass
class SpanSplitter:
    """Cuts the blocks of one page, in order."""

    text: str
    passages: Sequence[Passage]
    cited: Span = _NOWHERE
    _begun: set[str] = field(default_factory=set)
    _marked: bool = False

    def cut(self, blocks: Iterable[LayoutBlock]) -> tuple[SpannedBlock, ...]:
        """Return the blocks with their pieces; each passage begins once."""
        return tuple(SpannedBlock(block=block, pieces=self._pieces(block)) for block in blocks)

    def _pieces(self, block: LayoutBlock) -> tuple[TextSpan, ...]:
        offset = block.end - len(bare(self.text[block.start : block.end]))
        cuts = {offset, block.end, block.lead, *self.cited}
        cuts |= self._starts(block)
        inside = sorted(cut for cut in cuts if offset <= cut <= block.end)
        return tuple(
            self._piece(start, end, strong=end <= block.lead)
            for start, end in pairwise(inside)
            if self.text[start:end].strip()
        )

    def _starts(self, block: LayoutBlock) -> set[int]:
        first = bisect_right(self.passages, block.start, key=lambda one: one.start)
        last = bisect_right(self.passages, block.end, key=lambda one: one.start)
        return {one.start for one in self.passages[first:last]}

    def _piece(self, start: int, end: int, *, strong: bool) -> TextSpan:
        at = bisect_right(self.passages, start, key=lambda one: one.start) - 1
        passage = self.passages[at].id if at >= 0 and start < self.passages[at].end else ""
        begins = passage not in self._begun
        self._begun.add(passage)
        is_cited = self.cited[0] <= start and end <= self.cited[1]
        cited = ("on" if self._marked else "first") if is_cited else ""
        self._marked = self._marked or is_cited
        return TextSpan(
            text=flowing(self.text, start, end), passage=passage if begins else "", cited=cited, strong=strong
        )


def flowing(text: str, start: int, end: int) -> str:
    """Return ``text[start:end]`` with its broken lines put together: no blank between Chinese characters."""

    def joint(found: re.Match[str]) -> str:
        before, after = (
            text[start + found.start() - 1 : start + found.start()],
            text[start + found.end() :][:1],
        )
        return "" if before and after and (_is_wide(before) or _is_wide(after)) else " "

    return _BREAK.sub(joint, text[start:end])


def _is_wide(char: str) -> bool:
    return is_chinese(char) or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef"
