"""Blocks cut into pieces by whether their words are cited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.reader.printed.layout import bare
from retrieval.text.normalize import is_chinese

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.reader.printed.layout import LayoutBlock

    Span = tuple[int, int]

_BREAK = re.compile(r"(?<!\s)[^\S\n]*+\n\s*")
_NOWHERE = (-1, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """Words that are all alike."""

    text: str
    cited: str = ""  # "first" for the first cited piece of the page, "on" for the others
    around: bool = False  # of the sentence whose clause is cited, and not of that clause
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
    cited: Span = _NOWHERE
    clause: Span | None = None  # of the cited words, those that an answer rests on; None for all of them
    _marked: bool = False

    def cut(self, blocks: Iterable[LayoutBlock]) -> tuple[SpannedBlock, ...]:
        """Return the blocks with their pieces."""
        return tuple(SpannedBlock(block=block, pieces=self._pieces(block)) for block in blocks)

    def _pieces(self, block: LayoutBlock) -> tuple[TextSpan, ...]:
        offset = block.end - len(bare(self.text[block.start : block.end]))
        cuts = {offset, block.end, block.lead, *self.cited, *(self.clause or ())}
        inside = sorted(cut for cut in cuts if offset <= cut <= block.end)
        return tuple(
            self._piece(start, end, strong=end <= block.lead)
            for start, end in pairwise(inside)
            if self.text[start:end].strip()
        )

    def _piece(self, start: int, end: int, *, strong: bool) -> TextSpan:
        first, last = self.clause or self.cited
        is_cited = first <= start and end <= last
        around = not is_cited and self.cited[0] <= start and end <= self.cited[1]
        cited = ("on" if self._marked else "first") if is_cited else ""
        self._marked = self._marked or is_cited
        return TextSpan(
            text=flowing(self.text, start, end),
            cited=cited,
            around=around,
            strong=strong,
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
