"""What is shown in a terminal, and the plain lines that go into a pipe. Seam: rich."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.presentation.rendering import Block, BlockKind, TextStyle, plain
from bot.terminal import tables as grid
from bot.terminal.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from bot.presentation.rendering import TextRun

WIDEST = 100  # cells; longer lines are hard to read
# A document may hold codes that would move the cursor or change the window's title: none goes to a terminal.
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), 8232, 8233))
_STYLES = {
    TextStyle.PLAIN: "",
    TextStyle.STRONG: "bold",
    TextStyle.FAINT: "bright_black",
    TextStyle.CITED: "bold reverse",
    TextStyle.MARKER: "cyan",
}
_MARGINS = {BlockKind.ITEM: ("• ", "  "), BlockKind.QUOTE: ("  │ ", "  │ ")}


class TerminalOutput(Protocol):
    """Shows blocks to a person or to a program."""

    def show(self, shown: Iterable[Block]) -> None:
        """Show blocks, one under the other."""

    def gap(self) -> None:
        """Leave a line empty."""


class RichOutput:
    """Blocks in colours, wrapped for Chinese, as wide as the window and no wider than is good to read."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.console = Console(file=file, highlight=False, markup=False, emoji=False)

    @property
    def width(self) -> int:
        """The cells that a line may take."""
        return max(8, min(self.console.width, WIDEST))

    @property
    def erases(self) -> bool:
        """Whether lines that stand can be taken back."""
        console = self.console
        return console.is_terminal and not (console.is_dumb_terminal or console.legacy_windows)

    def show(self, shown: Iterable[Block]) -> None:
        """Show blocks in their styles."""
        for one in self.lines(shown):
            self.console.print(one, soft_wrap=True)

    def lines(self, shown: Iterable[Block]) -> list[Text]:
        """Lay blocks out in lines that fit the window."""
        laid: list[Text] = []
        for in_rows, group in groupby(shown, key=lambda block: bool(block.cells)):
            blocks = list(group)
            rows = self._rows(blocks) if in_rows and len(blocks) > 1 else None
            if rows is not None:
                laid += rows
                continue
            for block in blocks:
                laid += [Text("")] if block.apart and laid else []
                laid += self._wrapped(block)
        return laid

    def _rows(self, blocks: Sequence[Block]) -> list[Text] | None:
        cells = [tuple(_text(cell) for cell in block.cells) for block in blocks]
        return grid.rows(cells, self.width)

    def _wrapped(self, block: Block) -> list[Text]:
        first, rest = _MARGINS.get(block.kind, ("", ""))
        text = _text(block.runs)
        pieces = wrap(text.plain, max(8, self.width - len(first)))
        return [
            Text.assemble((rest if at else first, _STYLES[TextStyle.FAINT]), text[start:end])
            for at, (start, end) in enumerate(pieces)
        ]

    def gap(self) -> None:
        """Leave a line empty."""
        self.console.print()


class PlainOutput:
    """Blocks as plain lines."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = file or sys.stdout

    def show(self, shown: Iterable[Block]) -> None:
        """Write blocks without styles, and send them on at once."""
        text = plain(shown)
        if text:
            print(text, file=self._file, flush=True)

    def gap(self) -> None:
        """Leave a line empty."""
        print(file=self._file, flush=True)


def _text(runs: Iterable[TextRun]) -> Text:
    return Text("", end="").join(Text(run.text.translate(_CONTROLS), _STYLES[run.style]) for run in runs)


def screen(file: TextIO | None = None) -> TerminalOutput:
    """Return what fits ``file``, standard output by default: colours for a terminal, plain for a pipe."""
    target = file or sys.stdout
    return RichOutput(target) if target.isatty() else PlainOutput(target)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Show rows under their heads: aligned for a terminal, parted by tabs for a pipe."""
    if not sys.stdout.isatty():
        for row in (heads, *rows):
            print("\t".join(cell.translate(_CONTROLS) for cell in row))
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        shown.add_column(head, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(cell.translate(_CONTROLS)) for cell in row))
    Console(highlight=False).print(shown)
